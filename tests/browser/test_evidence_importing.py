"""Importing in the browser: a ZIP in the layouts that units use, a folder, and the same without scripts."""

import io
import itertools
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from assessment import selectors
from evidence.models import Attachment, Document, ImportBatch
from evidence.tests.layout_styles import STYLES
from evidence.tests.samples import pdf, png, txt

from .conftest import Live, sign_in
from .test_every_page import SIZES, check

pytestmark = pytest.mark.usefixtures("media")

FILES = 60
MAKERS = {".pdf": pdf, ".png": png, ".txt": txt}
WITHOUT_JS = pytest.mark.parametrize("context_options", [{"java_script_enabled": False}])
# What is written there says the place beyond doubt; the other styles are tried, place by place, in test_layout.
LAYOUTS = [
    "own", "wrapped", "code_folder", "code_prefix", "code_folder_titled", "arabic_for_roman", "roman_for_arabic",
    "titles_only", "lower_underscores", "shouting",
]  # fmt: skip


def archive_of(live: Live, files: int = FILES) -> tuple[bytes, dict[str, str]]:
    """Return a ZIP with criteria spread over the worksheet in turn of layouts, and the criterion of each path."""
    worksheet = selectors.worksheet_of(live.assessment.period.instrument)
    codes = list(worksheet.criteria)
    chosen = [codes[n * len(codes) // files] for n in range(files)]
    places: dict[str, str] = {}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for code, layout, (extension, make) in zip(
            chosen, itertools.cycle(LAYOUTS), itertools.cycle(MAKERS.items()), strict=False
        ):
            path = str(Path(STYLES[layout](worksheet, code)).with_suffix(extension))
            path = path if path not in places else f"lagi/{path}"
            target.writestr(path, make(code))
            places[path] = code
    return out.getvalue(), places


def choose_zip(page: Page, live: Live, content: bytes) -> None:
    page.goto(live.address("impor-bukti/"))
    payload = {"name": "Bukti LKE 2026.zip", "mimeType": "application/zip", "buffer": content}
    page.get_by_label("Pilih satu berkas ZIP").set_input_files(payload)
    page.get_by_role("button", name="Unggah dan periksa").click()


def attached(live: Live) -> set[str]:
    rows = Attachment.objects.live().filter(assessment=live.assessment)
    return set(rows.values_list("criterion__code", flat=True))


def test_a_zip_of_sixty_files_in_the_layouts_of_units_is_matched_right(page: Page, live: Live) -> None:
    content, places = archive_of(live)
    sign_in(page, live)
    choose_zip(page, live, content)
    expect(page.get_by_text(f"{FILES} dari {FILES} yang dapat dipakai sudah ada kriterianya")).to_be_visible(
        timeout=120_000
    )
    batch = ImportBatch.objects.get()
    assert dict(batch.items.values_list("path", "code")) == places
    page.get_by_role("button", name="Lampirkan semua yang berkriteria").click()
    expect(page.get_by_text(f"Impor selesai: {FILES} bukti terlampir, {FILES} dokumen baru.")).to_be_visible()
    assert attached(live) == set(places.values())
    assert Document.objects.count() == FILES


def test_a_file_without_a_place_is_given_one(page: Page, live: Live) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        target.writestr("Foto kegiatan.png", png("foto"))
        target.writestr("program.exe", b"MZ" + bytes(200))
    sign_in(page, live)
    choose_zip(page, live, out.getvalue())
    expect(page.get_by_text("Tidak dapat dipakai")).to_be_visible()
    page.get_by_label("Kriteria untuk Foto kegiatan.png").fill("tidak ada")
    page.get_by_role("button", name="Lampirkan semua yang berkriteria").click()
    expect(page.get_by_role("heading", name="Belum ada yang dilampirkan")).to_be_visible()
    page.get_by_label("Kriteria untuk Foto kegiatan.png").fill("A.I.1.i.a")
    page.get_by_role("button", name="Lampirkan semua yang berkriteria").click()
    expect(page.get_by_text("1 bukti terlampir, 1 dokumen baru")).to_be_visible()
    assert attached(live) == {"A.I.1.i.a"}


def test_a_folder_is_sent_file_by_file(page: Page, live: Live, tmp_path: Path) -> None:
    worksheet = selectors.worksheet_of(live.assessment.period.instrument)
    codes = ["A.I.1.i.a", "A.I.2.i.a", "B.I.a"]
    for code in codes:
        path = tmp_path / "LKE" / Path(STYLES["own"](worksheet, code)).with_suffix(".txt")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(txt(code))
    (tmp_path / "LKE" / "Thumbs.db").write_bytes(b"x")
    sign_in(page, live)
    page.goto(live.address("impor-bukti/"))
    page.get_by_label("Pilih folder").set_input_files(tmp_path / "LKE")
    expect(page.get_by_text("3 dari 3 yang dapat dipakai")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Lampirkan semua yang berkriteria").click()
    expect(page.get_by_text("Impor selesai: 3 bukti terlampir")).to_be_visible()
    assert attached(live) == set(codes)


@WITHOUT_JS
def test_a_zip_without_scripts(page: Page, live: Live) -> None:
    content, places = archive_of(live, 3)
    sign_in(page, live)
    choose_zip(page, live, content)
    expect(page.get_by_text("3 dari 3 yang dapat dipakai")).to_be_visible()
    page.get_by_role("button", name="Lampirkan semua yang berkriteria").click()
    expect(page.get_by_text("3 bukti terlampir")).to_be_visible()
    assert attached(live) == set(places.values())


@SIZES
def test_the_pages_of_an_import(page: Page, live: Live) -> None:
    content, _ = archive_of(live, 8)
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a") as target:
        target.writestr("Dokumen yang panjang namanya tanpa tempat/" + "sangat_panjang_" * 8 + ".txt", txt("x"))
        target.writestr("skrip.html", b"<html></html>")
    sign_in(page, live)
    page.goto(live.address("impor-bukti/"))
    check(page)
    choose_zip(page, live, out.getvalue())
    expect(page.get_by_role("heading", name="Periksa impor")).to_be_visible()
    expect(page.get_by_role("button", name="Lampirkan semua yang berkriteria")).to_be_visible()
    for group in page.locator(".imp-group:not([open]) > summary").all():
        group.click()
    check(page)
    page.goto(live.address("impor-bukti/"))
    expect(page.get_by_text("Impor yang belum selesai")).to_be_visible()
    check(page)
