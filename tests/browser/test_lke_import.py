"""Importing a filled workbook in the browser: an unclear row, agreeing, the sheet afterwards; three widths."""

import pytest
from playwright.sync_api import Page, expect

from reports.tests.ministry import Lke, ministry

from .conftest import Live, field, sign_in
from .test_every_page import SIZES, check

pytestmark = pytest.mark.usefixtures("media")

A, B, NOTED = "A.I.1.i.a", "A.I.1.i.b", "A.I.1.ii.a"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook() -> Lke:
    """Return a small filled LKE with a row nobody can place, a value that is refused, a note and a link."""
    lke = ministry().fill({A: "ya", B: "c", NOTED: "Ya", "A.II.1.i.a.1": "=2+2", "A.II.1.i.a.2": 3})
    lke.headings |= {"P": "Nama Dokumen", "Q": "Link"}
    lke[B].title = "Data dukung ada di lemari arsip"
    lke[NOTED]["O"], lke[NOTED]["P"] = "Rencana kerja ditetapkan Februari.", "Rencana kerja"
    lke[NOTED]["Q"] = "https://drive.example.go.id/rencana"
    return lke


def send(page: Page, live: Live) -> Lke:
    lke = workbook()
    page.goto(live.address())
    page.locator(".actions summary", has_text="Impor").click()
    page.get_by_role("link", name="Impor LKE").click()
    payload = {"name": "LKE RSUD.xlsx", "mimeType": KIND, "buffer": lke.bytes()}
    page.get_by_label("Pilih satu berkas .xlsx").set_input_files(payload)
    page.get_by_role("button", name="Unggah dan periksa").click()
    expect(page.get_by_role("heading", name="Periksa impor LKE")).to_be_visible()
    return lke


def test_a_row_is_given_its_place_and_the_answers_stand_on_the_sheet(page: Page, live: Live) -> None:
    sign_in(page, live)
    lke = send(page, live)
    expect(page.get_by_text("Rumus, bukan jawaban")).to_be_visible()
    page.get_by_label(f"Kriteria untuk baris {lke.number(B)}").select_option(B)
    page.get_by_role("button", name="Perbarui perbandingan").click()
    expect(page.get_by_role("checkbox", name=B)).to_be_checked()
    assert live.result().answered == 0
    page.get_by_role("button", name="Simpan yang dicentang").click()
    expect(page.get_by_text("Impor selesai: 3 kriteria disimpan, 1 tautan dilampirkan.")).to_be_visible()
    page.goto(live.address("lembar/A.I.1/"))
    assert live.result().answered == 3
    expect(page.locator("#k-A-I-1-i-a input[value=Y]")).to_be_checked()
    expect(page.locator("#k-A-I-1-i-b input[value=C]")).to_be_checked()
    expect(field(page, NOTED, "note")).to_have_value("Rencana kerja ditetapkan Februari.")


@SIZES
def test_the_pages_of_an_import(page: Page, live: Live) -> None:
    sign_in(page, live)
    page.goto(live.address("impor-lke/"))
    check(page)
    send(page, live)
    check(page)
    page.get_by_role("button", name="Batalkan impor").click()
    check(page)
