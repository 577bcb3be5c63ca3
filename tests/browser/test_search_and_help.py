"""Search, help and glossary in the browser: at three widths, in the panel, by keyboard and without scripts."""

import re

import pytest
from playwright.sync_api import Page, expect

from evidence.tests.factories import document

from .conftest import Live, sign_in
from .test_every_page import SIZES, check


@SIZES
def test_pages_of_search_and_help(page: Page, live: Live) -> None:
    document(live.assessment.unit, title="Rencana kerja " + "panjang-sekali" * 10, url="https://contoh.go.id/1")
    sign_in(page, live)
    for path in (
        "/cari/",
        "/cari/?q=kerja+a",
        "/cari/?q=kerja&jenis=dokumen",
        "/cari/?q=zzqqx",
        f"/cari/?q={'x' * 101}",
    ):
        page.goto(live.url + path)
        check(page)
    for path in (
        "/bantuan/",
        "/bantuan/tim-unit/",
        "/bantuan/istilah/",
        "/bantuan/istilah/ipak/",
        "/bantuan/istilah/?q=a",
    ):
        page.goto(live.url + path)
        check(page)


def test_a_question_mark_opens_the_panel_and_returns_the_focus(page: Page, live: Live) -> None:
    sign_in(page, live)
    page.goto(live.address())
    mark = page.get_by_role("link", name="Apa itu Nilai bila dikirim?")
    mark.focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("dialog", name="Istilah")
    expect(panel.get_by_role("heading", name="Nilai bila dikirim")).to_be_visible()
    check(page)
    panel.get_by_role("link", name="Nilai sementara").click()
    expect(panel.get_by_role("heading", name="Nilai sementara")).to_be_focused()
    page.keyboard.press("Escape")
    expect(mark).to_be_focused()
    page.get_by_role("link", name=re.compile("mengapa nilai ini", re.IGNORECASE)).first.click()
    expect(page.get_by_role("dialog", name="Mengapa nilai ini?")).to_be_visible()


@pytest.mark.parametrize("context_options", [{"java_script_enabled": False}], ids=["no-script"])
def test_without_scripts_searching_and_asking_lead_to_pages(page: Page, live: Live) -> None:
    sign_in(page, live)
    page.get_by_label("Telusuri portal").fill(live.assessment.unit.name)
    page.keyboard.press("Enter")
    page.get_by_role("main").get_by_role("link", name=live.assessment.unit.name).first.click()
    page.get_by_role("link", name="Apa itu Ambang batas?").click()
    expect(page).to_have_url(live.url + "/bantuan/istilah/#ambang")
