"""The workbook that PortalRB takes instead of the API: each answer in the row of its question. Pure."""

import io
from collections.abc import Sequence
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Font, NamedStyle, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from ..workbook import CONTENT_TYPE
from ..workbook.sheet import put_text, unmerged
from ..workbook.styles import FONT, NAVY, set_default_font
from .answers import Row

__all__ = ["CONTENT_TYPE", "upload_workbook"]

SHEET = "Jawaban"
UNIT, UNIT_NOTE, EVIDENCE, TPI, TPI_NOTE = "K", "L", "M", "N", "Q"
# PortalRB reads these five alone; code and question are for the people who look at the file before.
CODE, QUESTION = "B", "C"
HEADINGS = {
    CODE: "Kode", QUESTION: "Pertanyaan", UNIT: "Jawaban unit", UNIT_NOTE: "Catatan unit", EVIDENCE: "Bukti dukung",
    TPI: "Jawaban TPI", TPI_NOTE: "Catatan TPI",
}  # fmt: skip
WIDTHS = {CODE: 16, QUESTION: 60, UNIT: 13, UNIT_NOTE: 45, EVIDENCE: 45, TPI: 13, TPI_NOTE: 45}
UNUSED = "ADEFGHIJOP"


def upload_workbook(rows: Sequence[Row]) -> bytes:
    """Return the workbook; answers without a row in PortalRB's file have no place in it."""
    placed = {row.excel_row: row for row in rows if row.excel_row is not None}
    book = Workbook()
    set_default_font(book)
    book.properties.creator = "Portal Zona Integritas"
    book.properties.language = "id-ID"
    heading, text = _styles(book)
    sheet = book.worksheets[0]
    sheet.title = SHEET
    first = min(placed, default=2)
    for column, title in HEADINGS.items():
        cell = _cell(sheet, column, first - 1)
        cell.value, cell.style = title, heading
    for number, row in placed.items():
        _write(sheet, number, row, text)
    _dress(sheet, first)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write(sheet: Worksheet, number: int, row: Row, style: str) -> None:
    texts = {
        CODE: row.shown_code, QUESTION: row.title, UNIT_NOTE: row.unit_note, EVIDENCE: row.evidence,
        TPI_NOTE: row.tpi_note,
    }  # fmt: skip
    for column, found in texts.items():
        cell = _cell(sheet, column, number)
        cell.style = style
        put_text(cell, found or "")
    for column, answer in ((UNIT, row.unit), (TPI, row.tpi)):
        cell = _cell(sheet, column, number)
        cell.style = style
        _put_answer(cell, answer)


def _put_answer(cell: Cell, answer: str | None) -> None:
    """Write counts and survey indexes as numbers, everything else as text."""
    if answer is None:
        return
    if answer.isdigit():
        cell.value = int(answer)
    elif answer[:1].isdigit():
        cell.value, cell.number_format = Decimal(answer), "0.00"
    else:
        put_text(cell, answer)


def _styles(book: Workbook) -> tuple[str, str]:
    heading = NamedStyle(
        "Judul", font=Font(name=FONT, size=9, bold=True, color="FFFFFF"), fill=PatternFill("solid", fgColor=NAVY),
        alignment=Alignment(vertical="center", wrap_text=True),
    )  # fmt: skip
    text = NamedStyle("Isi", font=Font(name=FONT, size=9), alignment=Alignment(vertical="top", wrap_text=True))
    for style in (heading, text):
        book.add_named_style(style)
    return heading.name, text.name


def _dress(sheet: Worksheet, first: int) -> None:
    for column, width in WIDTHS.items():
        sheet.column_dimensions[column].width = width
    for column in UNUSED:
        sheet.column_dimensions[column].width = 3
    sheet.freeze_panes = f"D{first}"


def _cell(sheet: Worksheet, column: str, row: int) -> Cell:
    found: Cell | MergedCell = sheet[f"{column}{row}"]
    return unmerged(found)
