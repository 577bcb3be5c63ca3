"""The plan of action as a workbook."""

import io
from collections.abc import Sequence
from datetime import date

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet as Sheet

from assessment.worksheet import Worksheet

from .models import ActionItem
from .pages.actions import parts_of
from .selectors import place_of

TITLE = "Rencana aksi"
COLUMNS = {
    "No.": 6, "Kode": 14, "Area": 26, "Kriteria": 44, "Kegiatan": 48, "Keluaran": 32, "Penanggung jawab": 26,
    "Bulan target": 14, "Status": 14, "Terlambat": 10, "Tanggal realisasi": 16, "Bukti pelaksanaan": 36,
}  # fmt: skip
MONTH, DAY = "mmmm yyyy", "d mmmm yyyy"
_HEAD_ROW = 4
_FILL = PatternFill("solid", fgColor="0B5563")
_WRAP = Alignment(wrap_text=True, vertical="top")
_LATE = Font(bold=True, color="A33A12")


def actions_xlsx(unit: str, period: str, worksheet: Worksheet, actions: Sequence[ActionItem]) -> bytes:
    """Return the workbook: one row for each action (from `for_list`). Texts stay texts, whatever they begin with."""
    book = Workbook()
    book.properties.title = _clean(f"{TITLE} {unit}")
    book.properties.creator = "Portal Zona Integritas"
    sheet = book.worksheets[0]
    sheet.title = TITLE
    _write(sheet, 1, 1, f"{TITLE}: {unit}")
    sheet["A1"].font = Font(bold=True, size=14)
    _write(sheet, 2, 1, period)
    _head(sheet)
    parts = dict(parts_of(worksheet))
    for number, action in enumerate(actions, start=1):
        _row(sheet, number, worksheet, parts, action)
    sheet.auto_filter.ref = f"A{_HEAD_ROW}:{get_column_letter(len(COLUMNS))}{_HEAD_ROW + max(len(actions), 1)}"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _head(sheet: Sheet) -> None:
    for column, (name, width) in enumerate(COLUMNS.items(), start=1):
        cell = sheet.cell(_HEAD_ROW, column, name)
        cell.font, cell.fill, cell.alignment = Font(bold=True, color="FFFFFF"), _FILL, _WRAP
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = f"E{_HEAD_ROW + 1}"
    sheet.print_title_rows = f"{_HEAD_ROW}:{_HEAD_ROW}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _row(sheet: Sheet, number: int, worksheet: Worksheet, parts: dict[str, str], action: ActionItem) -> None:
    criterion = worksheet.criteria[action.criterion.code]
    is_late = action.is_overdue()
    values = [
        number, criterion.code, parts.get(place_of(worksheet, criterion.code), ""), criterion.title, action.activity,
        action.output, str(action.in_charge or ""), action.target, action.get_status_display(),
        "Ya" if is_late else "", action.realised_on, action.proof.title if action.proof else "",
    ]  # fmt: skip
    for column, value in enumerate(values, start=1):
        _write(sheet, _HEAD_ROW + number, column, value)
    if is_late:
        sheet.cell(_HEAD_ROW + number, list(COLUMNS).index("Terlambat") + 1).font = _LATE


def _write(sheet: Sheet, row: int, column: int, value: object) -> None:
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        cell.value = _clean(value)
        cell.data_type = "s"  # never a formula, whatever somebody typed
    else:
        cell.value = value  # type: ignore[assignment]
        if isinstance(value, date):
            cell.number_format = DAY if list(COLUMNS)[column - 1] == "Tanggal realisasi" else MONTH
    if row > _HEAD_ROW:
        cell.alignment = _WRAP


def _clean(text: str) -> str:
    return ILLEGAL_CHARACTERS_RE.sub("", text)
