"""The index as a workbook."""

import io
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet as Sheet

from assessment.worksheet import Worksheet

from . import words
from .links import target_of
from .rows import BundleHead, Packed

TITLE = "Indeks bukti"
COLUMNS = {
    "Kode": 14, "Area": 28, "Kriteria": 48, "Dokumen": 40, "Nomor": 22, "Tanggal": 12, "Tahun": 8, "Halaman": 12,
    "Versi": 7, "Berkas/tautan": 60, "Ukuran (bita)": 14, "SHA-256": 66, "Dokumen yang diharapkan": 40, "Catatan": 36,
}  # fmt: skip
_LINK = list(COLUMNS).index("Berkas/tautan")
_DATE = list(COLUMNS).index("Tanggal")
_CELL_LENGTH = 32_767
_HEAD_FILL = PatternFill("solid", fgColor="1F3864")
_HEAD_FONT = Font(bold=True, color="FFFFFF")
_LINK_FONT = Font(color="0563C1", underline="single")
_WRAP = Alignment(wrap_text=True, vertical="top")


def index_xlsx(rows: Sequence[Packed], head: BundleHead) -> bytes:
    """Return the workbook: one sheet, one row for each file and link. Texts stay texts, whatever they begin with."""
    book = Workbook()
    book.properties.title = words.clean(f"Indeks bukti dukung {head.year}: {head.unit_name}")
    book.properties.creator = "Portal Zona Integritas"
    sheet = book.worksheets[0]
    sheet.title = TITLE
    _set_up(sheet)
    for place, row in enumerate(rows, start=2):
        _write(sheet, place, row, head.worksheet)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(COLUMNS))}{len(rows) + 1}"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _set_up(sheet: Sheet) -> None:
    for column, (name, width) in enumerate(COLUMNS.items(), start=1):
        cell = sheet.cell(1, column, name)
        cell.font, cell.fill = _HEAD_FONT, _HEAD_FILL
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _write(sheet: Sheet, place: int, row: Packed, worksheet: Worksheet) -> None:
    for column, value in enumerate(_values(row, worksheet)):
        if value in ("", None):
            continue
        cell = sheet.cell(place, column + 1)
        assert isinstance(cell, Cell)  # noqa: S101  there are no merged cells here
        cell.value = words.clean(value)[:_CELL_LENGTH] if isinstance(value, str) else value  # type: ignore[assignment]
        cell.alignment = _WRAP
        if isinstance(value, str):
            cell.data_type = "s"
        if column == _DATE:
            cell.number_format = "DD/MM/YYYY"
        if column == _LINK and (target := target_of(row)):
            cell.hyperlink, cell.font = target, _LINK_FONT


def _values(row: Packed, worksheet: Worksheet) -> list[object]:
    proof = row.proof
    criterion = worksheet.criteria.get(proof.code)
    page = worksheet.page_of.get(proof.code)
    return [
        proof.code,
        worksheet.pages[page].name if page else "",
        criterion.title if criterion else "",
        proof.title,
        proof.number,
        proof.dated,
        proof.year,
        proof.page_ref,
        proof.version,
        row.path or row.url or row.name,
        None if row.url else row.size,
        row.sha256,
        proof.expected,
        row.fate.value,
    ]
