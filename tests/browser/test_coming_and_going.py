"""Leaving a page, coming back and looking at explanations while something is not yet saved."""

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from assessment.models import Answer
from assessment.tests.factories import answer, filled

from .conftest import Live, card, choose, field, saved, sign_in, state, team_member

SAVING = "**/jawaban/**"
EXPLAINING = "**/mengapa/**"
NO_SCRIPT = pytest.mark.parametrize("context_options", [{"java_script_enabled": False}], ids=["no-script"])


def note_of(live: Live, code: str) -> str:
    return Answer.objects.get(assessment=live.assessment, criterion__code=code).note


@pytest.fixture
def dialogs(page: Page) -> list[str]:
    """Collect the questions that the browser asks; each is answered with staying."""
    asked: list[str] = []

    def stay(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    return asked


def test_a_link_waits_for_the_saves_before_it_leads_away(page: Page, live: Live, dialogs: list[str]) -> None:
    sign_in(page, live)
    page.goto(live.address("lembar/A.I.1/"))

    def slowly(route: Route) -> None:
        page.wait_for_timeout(500)
        route.continue_()

    page.route(SAVING, slowly)
    field(page, "A.I.1.i.a", "note").fill("diketik tepat sebelum pindah")
    choose(page, "A.I.1.i.b", "A")
    page.get_by_role("link", name="Penataan Tatalaksana").last.click()
    expect(page).to_have_url(live.address("lembar/A.I.2/"))
    assert dialogs == []
    assert note_of(live, "A.I.1.i.a") == "diketik tepat sebelum pindah"
    assert Answer.objects.get(criterion__code="A.I.1.i.b").choice is not None


def test_a_link_stays_when_its_saves_fail_and_shows_where(page: Page, live: Live, dialogs: list[str]) -> None:
    sign_in(page, live)
    page.goto(live.address("lembar/A.II.1/"))
    field(page, "A.II.1.i.a", "n1").fill("satu")
    page.get_by_role("link", name="Penataan Tatalaksana").last.click()
    expect(state(page, "A.II.1.i.a")).to_contain_text("Isi dengan bilangan bulat")
    expect(card(page, "A.II.1.i.a")).to_be_in_viewport()
    page.wait_for_timeout(300)
    assert page.url == live.address("lembar/A.II.1/")
    assert dialogs == []
    # The second time the person means it, so the browser asks.
    page.get_by_role("link", name="Penataan Tatalaksana").last.click()
    page.wait_for_timeout(300)
    assert dialogs == ["beforeunload"]


def test_an_ended_session_says_so_even_when_every_cookie_is_gone(page: Page, live: Live) -> None:
    sign_in(page, live)
    page.goto(live.address("lembar/A.I.1/"))
    page.context.clear_cookies()
    field(page, "A.I.1.i.b", "note").fill("semua kuki terhapus")
    expect(state(page, "A.I.1.i.b")).to_contain_text("Sesi Anda berakhir.")
    other = page.context.new_page()
    sign_in(other, live)
    other.close()
    state(page, "A.I.1.i.b").get_by_role("button", name="Coba lagi").click()
    saved(page, "A.I.1.i.b")
    assert note_of(live, "A.I.1.i.b") == "semua kuki terhapus"


def test_an_explanation_that_cannot_be_fetched_says_so_or_leads_to_signing_in(page: Page, live: Live) -> None:
    filled(live.assessment, by=live.user)
    sign_in(page, live)
    page.goto(live.address("lembar/A.I.1/"))
    link = page.get_by_role("link", name="Mengapa nilai ini?").first
    page.route(EXPLAINING, lambda route: route.abort())
    link.click()
    expect(page.get_by_role("dialog")).to_contain_text("Server tidak terjangkau")
    page.keyboard.press("Escape")
    page.unroute(EXPLAINING)
    page.context.clear_cookies(name="sessionid")
    link.click()
    expect(page.get_by_role("heading", name="Masuk")).to_be_visible()


def test_walking_through_explanations_keeps_the_focus_inside(page: Page, live: Live) -> None:
    filled(live.assessment, by=live.user)
    sign_in(page, live)
    page.goto(live.address())
    page.locator(".big a").click()
    panel = page.get_by_role("dialog")
    for name in ("Pengungkit", "Pemenuhan", "Manajemen Perubahan"):
        panel.get_by_role("link", name=name).last.click()
        expect(panel.locator(".trace h2")).to_contain_text(name)
        expect(panel.locator(".trace h2")).to_be_focused()
    panel.get_by_role("link", name="Nilai total").click()
    expect(panel.locator(".trace h2")).to_contain_text("Nilai total")


def test_taking_what_is_stored_works_again_and_again(page: Page, live: Live) -> None:
    colleague = team_member(live.assessment, "rekan")
    sign_in(page, live)
    page.goto(live.address("lembar/A.I.1/"))
    for number in ("pertama", "kedua"):
        answer(live.assessment, "A.I.1.i.b", by=colleague, note=f"rekan, {number}")
        field(page, "A.I.1.i.b", "note").fill(f"operator, {number}")
        box = state(page, "A.I.1.i.b")
        expect(box).to_contain_text(f"rekan, {number}")
        box.get_by_role("link", name="Pakai yang tersimpan").click()
        expect(field(page, "A.I.1.i.b", "note")).to_have_value(f"rekan, {number}")
    assert note_of(live, "A.I.1.i.b") == "rekan, kedua"


@NO_SCRIPT
def test_without_javascript_one_takes_what_is_stored(page: Page, live: Live) -> None:
    sign_in(page, live)
    page.goto(live.address("lembar/A.I.1/"))
    answer(live.assessment, "A.I.1.i.b", by=team_member(live.assessment, "rekan"), note="punya rekan")
    field(page, "A.I.1.i.b", "note").fill("punya operator")
    page.get_by_role("button", name="Simpan", exact=True).nth(1).click()
    expect(state(page, "A.I.1.i.b")).to_contain_text("punya rekan")
    expect(field(page, "A.I.1.i.b", "note")).to_have_value("punya operator")
    # Saving again is no choice yet.
    page.get_by_role("button", name="Simpan", exact=True).nth(1).click()
    expect(state(page, "A.I.1.i.b")).to_contain_text("punya rekan")
    assert note_of(live, "A.I.1.i.b") == "punya rekan"
    state(page, "A.I.1.i.b").get_by_role("link", name="Pakai yang tersimpan").click()
    expect(field(page, "A.I.1.i.b", "note")).to_have_value("punya rekan")
    assert note_of(live, "A.I.1.i.b") == "punya rekan"


def test_the_contents_show_where_one_is(page: Page, live: Live) -> None:
    sign_in(page, live)
    page.set_viewport_size({"width": 1440, "height": 500})
    page.goto(live.address("lembar/B.II/"))
    expect(page.locator(".side .here > a")).to_be_in_viewport()


def test_focus_is_always_to_be_seen(page: Page, live: Live) -> None:
    """Walk through everything that takes the focus on a page: each shows an outline or a ring."""
    sign_in(page, live)
    page.goto(live.address("lembar/A.II.1/"))
    seen, hidden = 0, []
    for _ in range(80):
        page.keyboard.press("Tab")
        name, shown = page.evaluate(
            """() => { const e = document.activeElement, s = getComputedStyle(e.closest('.choice') || e);
                 const ring = (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2) || s.boxShadow !== 'none';
                 return [e.outerHTML.slice(0, 90), ring && e.checkVisibility()]; }"""
        )
        seen += 1
        if not shown and not name.startswith("<body"):
            hidden.append(name)
    assert hidden == []
    assert seen == 80
