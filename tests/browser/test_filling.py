"""A unit fills its LKE in a real browser, with and without JavaScript."""

import io

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from assessment.models import Answer
from assessment.tests.factories import filled
from assessment.trace import comma

from .conftest import Live, card, choose, field, saved, sign_in, state

NO_SCRIPT = pytest.mark.parametrize("context_options", [{"java_script_enabled": False}], ids=["no-script"])


def fill_reform_area(page: Page) -> None:
    field(page, "A.II.1.i.a", "n1").fill("4")
    field(page, "A.II.1.i.a", "n2").fill("3")
    field(page, "A.II.1.i.b", "n1").fill("3")
    field(page, "A.II.1.i.b", "n2").fill("2")
    choose(page, "A.II.1.ii.a", "B")
    choose(page, "A.II.1.iii.a", "A")


def stored(live: Live) -> dict[str, object]:
    rows = Answer.objects.filter(assessment=live.assessment).select_related("criterion", "choice")
    return {a.criterion.code: a.choice.key if a.choice else a.counts or a.index for a in rows}


EXPECTED = {"A.II.1.i.a": [4, 3], "A.II.1.i.b": [3, 2], "A.II.1.ii.a": "B", "A.II.1.iii.a": "A"}


def test_an_area_is_filled_scores_follow_and_everything_is_there_after_reloading(page: Page, live: Live) -> None:
    sign_in(page, live)
    page.get_by_role("link", name=live.assessment.unit.name, exact=True).click()
    page.get_by_role("link", name="Lanjutkan mengisi").click()
    expect(page).to_have_url(live.address("lembar/A.I.1/#k-A-I-1-i-a"))
    page.goto(live.address("lembar/A.II.1/"))

    fill_reform_area(page)
    for code in EXPECTED:
        saved(page, code)

    assert stored(live) == EXPECTED
    result = live.result()
    expect(page.locator("#t-score")).to_have_text(comma(result.total))
    expect(page.locator("#t-provisional")).to_have_text(comma(result.provisional_total))
    expect(page.locator("#n-A-II-1-i")).to_have_text(comma(result.nodes["A.II.1.i"].score))
    expect(page.locator("#n-A-II-1")).to_have_text(comma(result.nodes["A.II.1"].score))
    expect(page.locator("#p-A-II-1")).to_have_text("4/4")
    expect(page.locator("#d-A-II-1-i-a")).to_have_class("dot done")
    expect(state(page, "A.II.1.i.a")).to_contain_text("75,00%")

    page.reload()
    expect(field(page, "A.II.1.i.a", "n2")).to_have_value("3")
    expect(card(page, "A.II.1.ii.a").locator("input[value=B]")).to_be_checked()
    page.goto(live.address())
    expect(page.locator(".big").first).to_have_text(comma(result.total))


def test_the_index_takes_a_comma_and_refuses_what_is_outside(page: Page, live: Live) -> None:
    sign_in(page, live)
    page.goto(live.address("lembar/B.I/"))
    field(page, "B.I.a", "index").fill("3,60")
    field(page, "B.I.a", "note").click()
    saved(page, "B.I.a")
    expect(page.locator("#n-B-I")).to_have_text("15,75")

    field(page, "B.I.a", "index").fill("4,5")
    field(page, "B.I.a", "note").click()
    expect(state(page, "B.I.a")).to_contain_text("Indeks harus antara 0 dan 4.")
    expect(field(page, "B.I.a", "index")).to_have_attribute("aria-invalid", "true")
    assert str(Answer.objects.get(assessment=live.assessment).index) == "3.60"

    field(page, "B.I.a", "index").fill("3,2")
    field(page, "B.I.a", "note").click()
    saved(page, "B.I.a")
    expect(field(page, "B.I.a", "index")).not_to_have_attribute("aria-invalid", "true")


@NO_SCRIPT
def test_without_javascript_one_button_saves_the_page(page: Page, live: Live) -> None:
    sign_in(page, live)
    page.goto(live.address("lembar/A.II.1/"))
    fill_reform_area(page)
    page.get_by_role("button", name="Simpan jawaban di halaman ini").first.click()
    expect(page.get_by_text("4 jawaban tersimpan.")).to_be_visible()
    assert stored(live) == EXPECTED
    expect(page.locator("#t-score")).to_have_text(comma(live.result().total))
    page.reload()
    expect(field(page, "A.II.1.i.b", "n2")).to_have_value("2")


@NO_SCRIPT
def test_without_javascript_a_bad_count_keeps_what_was_typed_and_saves_the_rest(page: Page, live: Live) -> None:
    sign_in(page, live)
    page.goto(live.address("lembar/A.II.1/"))
    fill_reform_area(page)
    field(page, "A.II.1.i.b", "n2").fill("9")
    page.get_by_role("button", name="Simpan jawaban di halaman ini").first.click()
    expect(state(page, "A.II.1.i.b")).to_contain_text("tidak boleh lebih banyak")
    expect(field(page, "A.II.1.i.b", "n2")).to_have_value("9")
    expect(field(page, "A.II.1.i.b", "n2")).to_have_attribute("aria-invalid", "true")
    assert stored(live) == {code: value for code, value in EXPECTED.items() if code != "A.II.1.i.b"}
    field(page, "A.II.1.i.b", "n2").fill("2")
    page.get_by_role("button", name="Simpan jawaban di halaman ini").first.click()
    expect(page.get_by_text("1 jawaban tersimpan.")).to_be_visible()
    assert stored(live) == EXPECTED


def test_enter_in_a_count_saves_the_card_and_stays(page: Page, live: Live) -> None:
    sign_in(page, live)
    page.goto(live.address("lembar/A.II.4/"))
    page.evaluate("window.stays = true")
    field(page, "A.II.4.i.a", "n1").fill("8")
    field(page, "A.II.4.i.a", "n2").fill("4")
    page.keyboard.press("Enter")
    saved(page, "A.II.4.i.a")
    assert page.evaluate("window.stays") is True
    assert stored(live) == {"A.II.4.i.a": [8, 4]}


def test_the_keyboard_alone_is_enough(page: Page, live: Live) -> None:
    sign_in(page, live)
    page.goto(live.address("lembar/A.I.1/"))
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    first = card(page, "A.I.1.i.b").locator("input[type=radio]").last
    first.focus()
    page.keyboard.press("ArrowUp")  # from "Belum dijawab" up to C
    saved(page, "A.I.1.i.b")
    outline = page.evaluate("getComputedStyle(document.activeElement.closest('.choice')).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Tab")
    expect(field(page, "A.I.1.i.b", "note")).to_be_focused()
    page.keyboard.type("diketik")
    page.keyboard.press("Tab")
    saved(page, "A.I.1.i.b")
    row = Answer.objects.get(assessment=live.assessment)
    assert (row.choice.key if row.choice else "", row.note) == ("C", "diketik")


def test_any_figure_opens_its_explanation_and_gives_the_focus_back(page: Page, live: Live) -> None:
    filled(live.assessment, by=live.user)
    sign_in(page, live)
    page.goto(live.address("lembar/A.I.1/"))
    link = state(page, "A.I.1.i.b").get_by_role("link", name="Mengapa nilai ini?")
    link.click()
    panel = page.get_by_role("dialog")
    expect(panel).to_contain_text("Perhitungan")
    panel.get_by_role("link", name="1. Manajemen Perubahan").click()
    expect(panel.locator(".trace h2")).to_contain_text("Manajemen Perubahan")
    expect(panel.locator("dd").first).to_have_text(comma(live.result().nodes["A.I.1"].score))
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(link).to_be_focused()


@NO_SCRIPT
def test_without_javascript_the_explanation_is_a_page(page: Page, live: Live) -> None:
    filled(live.assessment, by=live.user)
    sign_in(page, live)
    page.goto(live.address())
    page.locator(".big a").click()
    expect(page.get_by_role("heading", name="Mengapa nilai ini?")).to_be_visible()
    expect(page.locator(".trace dd").first).to_have_text(comma(live.result().total))


def test_next_unanswered_leads_to_the_gap(page: Page, live: Live) -> None:
    sign_in(page, live)
    page.goto(live.address("lembar/A.I.1/"))
    choose(page, "A.I.1.i.a", "Y")
    saved(page, "A.I.1.i.a")
    page.get_by_role("link", name="Berikutnya yang belum dijawab").first.click()
    expect(page).to_have_url(live.address("lembar/A.I.1/#k-A-I-1-i-b"))
    expect(card(page, "A.I.1.i.b")).to_be_in_viewport()


def test_the_workbook_and_the_pdf_come_out_of_the_page(page: Page, live: Live) -> None:
    filled(live.assessment, share=0.5, by=live.user)
    sign_in(page, live)
    page.goto(live.address())
    content = {}
    for name in ("Unduh Excel", "Unduh PDF"):
        with page.expect_download(timeout=60_000) as download:
            page.locator(".actions summary", has_text="Unduh").click()
            page.get_by_role("link", name=name).click()
        page.keyboard.press("Escape")
        content[name] = download.value.path().read_bytes()
        assert download.value.suggested_filename.startswith(f"LKE-2026-{live.assessment.unit.code}.")
    sheet = load_workbook(io.BytesIO(content["Unduh Excel"]), data_only=True)["LKE ZI"]
    figures = {sheet.cell(row, 1).value: sheet.cell(row, 12).value for row in range(1, sheet.max_row + 1)}
    assert figures["A"] == pytest.approx(float(live.result().nodes["A"].score))
    assert content["Unduh PDF"].startswith(b"%PDF")
