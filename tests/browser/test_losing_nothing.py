"""Slow and broken networks, ended sessions and colleagues lose nobody's words."""

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from assessment.models import Answer

from .conftest import Live, choose, field, saved, sign_in, state, team_member

SAVING = "**/jawaban/**"


def answer_of(live: Live, code: str) -> Answer:
    return Answer.objects.select_related("choice").get(assessment=live.assessment, criterion__code=code)


def on_page(page: Page, live: Live, path: str = "lembar/A.I.1/") -> Page:
    sign_in(page, live)
    page.goto(live.address(path))
    return page


def test_what_is_typed_while_a_save_is_under_way_is_saved_too(page: Page, live: Live) -> None:
    on_page(page, live)

    def slowly(route: Route) -> None:
        page.wait_for_timeout(700)
        route.continue_()

    page.route(SAVING, slowly)
    choose(page, "A.I.1.i.b", "A")
    note = field(page, "A.I.1.i.b", "note")
    note.press_sequentially("Kalimat pertama yang diketik segera. ", delay=15)
    page.wait_for_timeout(1300)  # the first note is on its way now
    note.press_sequentially("Kalimat kedua menyusul di tengah jalan.", delay=15)
    expect(note).to_have_value("Kalimat pertama yang diketik segera. Kalimat kedua menyusul di tengah jalan.")
    saved(page, "A.I.1.i.b")
    row = answer_of(live, "A.I.1.i.b")
    assert row.choice is not None
    assert (row.choice.key, row.note) == (
        "A", "Kalimat pertama yang diketik segera. Kalimat kedua menyusul di tengah jalan.",
    )  # fmt: skip


def test_a_save_that_comes_due_while_another_is_under_way_follows_it(page: Page, live: Live) -> None:
    on_page(page, live)

    def slowly(route: Route) -> None:
        page.wait_for_timeout(2000)  # longer than the pause after typing
        route.continue_()

    page.route(SAVING, slowly)
    choose(page, "A.I.1.i.b", "A")
    field(page, "A.I.1.i.b", "note").press_sequentially("menyusul")
    saved(page, "A.I.1.i.b")
    row = answer_of(live, "A.I.1.i.b")
    assert row.choice is not None
    assert (row.choice.key, row.note, row.version) == ("A", "menyusul", 2)


def test_when_the_network_is_away_the_text_stays_and_is_saved_later(page: Page, live: Live) -> None:
    on_page(page, live)
    page.route(SAVING, lambda route: route.abort())
    field(page, "A.I.1.i.b", "note").fill("ditulis di tempat tanpa sinyal")
    expect(state(page, "A.I.1.i.b")).to_contain_text("Belum tersimpan: server tidak terjangkau.")
    assert not Answer.objects.exists()
    asked: list[str] = []

    def stay(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    page.get_by_role("link", name="Penilaian", exact=True).first.click()
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]

    page.unroute(SAVING)
    state(page, "A.I.1.i.b").get_by_role("button", name="Coba lagi").click()
    saved(page, "A.I.1.i.b")
    assert answer_of(live, "A.I.1.i.b").note == "ditulis di tempat tanpa sinyal"


def test_after_the_session_ended_one_signs_in_elsewhere_and_saves(page: Page, live: Live) -> None:
    on_page(page, live)
    page.context.clear_cookies(name="sessionid")
    field(page, "A.I.1.i.b", "note").fill("sesi sudah berakhir")
    expect(state(page, "A.I.1.i.b")).to_contain_text("Sesi Anda berakhir.")
    assert not Answer.objects.exists()
    other = page.context.new_page()
    sign_in(other, live)
    other.close()
    state(page, "A.I.1.i.b").get_by_role("button", name="Coba lagi").click()
    saved(page, "A.I.1.i.b")
    assert answer_of(live, "A.I.1.i.b").note == "sesi sudah berakhir"


@pytest.fixture
def colleague(browser: Any, live: Live) -> Any:
    """A second person with a browser of her own."""
    context = browser.new_context(locale="id-ID")
    opened = context.new_page()
    sign_in(opened, live, team_member(live.assessment, "rekan"))
    yield opened
    context.close()


def test_two_people_on_one_criterion_see_both_answers_and_choose(page: Page, live: Live, colleague: Page) -> None:
    on_page(page, live)
    colleague.goto(live.address("lembar/A.I.1/"))
    choose(colleague, "A.I.1.i.b", "A")
    saved(colleague, "A.I.1.i.b")

    field(page, "A.I.1.i.b", "note").fill("punya operator")
    box = state(page, "A.I.1.i.b")
    expect(box).to_contain_text("baru saja diubah Rekan")
    expect(field(page, "A.I.1.i.b", "note")).to_have_value("punya operator")
    # Typing on must not win by itself.
    field(page, "A.I.1.i.b", "note").press_sequentially(" lagi")
    page.wait_for_timeout(1800)
    assert answer_of(live, "A.I.1.i.b").note == ""
    box.get_by_role("button", name="Pakai isian saya").click()
    saved(page, "A.I.1.i.b")
    row = answer_of(live, "A.I.1.i.b")
    assert (row.choice, row.note, row.version) == (None, "punya operator lagi", 2)

    field(colleague, "A.I.1.i.b", "note").fill("punya rekan")
    expect(state(colleague, "A.I.1.i.b")).to_contain_text("punya operator lagi")
    state(colleague, "A.I.1.i.b").get_by_role("link", name="Pakai yang tersimpan").click()
    expect(field(colleague, "A.I.1.i.b", "note")).to_have_value("punya operator lagi")
    assert answer_of(live, "A.I.1.i.b").version == 2


@pytest.mark.parametrize("context_options", [{"java_script_enabled": False}], ids=["no-script"])
def test_without_javascript_both_answers_are_shown_too(page: Page, live: Live, colleague: Page) -> None:
    on_page(page, live)
    colleague.goto(live.address("lembar/A.I.1/"))
    choose(colleague, "A.I.1.i.b", "A")
    saved(colleague, "A.I.1.i.b")
    choose(page, "A.I.1.i.b", "C")
    page.get_by_role("button", name="Simpan jawaban di halaman ini").first.click()
    expect(state(page, "A.I.1.i.b")).to_contain_text("baru saja diubah Rekan")
    row = answer_of(live, "A.I.1.i.b")
    assert row.choice is not None
    assert row.choice.key == "A"
    state(page, "A.I.1.i.b").get_by_role("button", name="Pakai isian saya").click()
    expect(page.get_by_text("1 jawaban tersimpan.")).to_be_visible()
    row = answer_of(live, "A.I.1.i.b")
    assert row.choice is not None
    assert row.choice.key == "C"
