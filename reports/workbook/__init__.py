"""The LKE as an Excel workbook that scores itself as the portal does. Pure over `Lke`: no query."""

import io

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from ..lke import Lke
from .cached import with_values
from .controls import add_controls, protect
from .guide_sheet import write_guide_sheet
from .lke_sheet import write_lke_sheet
from .notes_sheet import long_notes, write_notes_sheet
from .plan import HEADER_ROW, SHEET, Plan, plan_of
from .printing import set_up_page
from .sheet import Sheet
from .styles import NAVY, Styles, set_default_font
from .summary_sheet import SummaryWriter
from .text import clean

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

__all__ = ["CONTENT_TYPE", "build"]


def build(lke: Lke) -> bytes:
    """Return the workbook: `LKE ZI`, `Ringkasan`, `Petunjuk`, and `Catatan panjang` where a note needs it."""
    book = Workbook()
    _describe(book, lke)
    styles, plan = Styles(book), plan_of(lke.result)
    main = Sheet(_first_sheet(book), styles)
    _finish_lke(main, lke, plan)
    sheets = [main, _summary(book, styles, lke, plan), _guide(book, styles, lke)]
    notes = long_notes(lke)
    if notes:
        sheets.append(_notes(book, styles, lke, plan, notes))
    out = io.BytesIO()
    book.save(out)
    return with_values(out.getvalue(), [sheet.cached for sheet in sheets])


def _describe(book: Workbook, lke: Lke) -> None:
    about = book.properties
    about.title = clean(f"LKE Zona Integritas {lke.year}: {lke.unit_name}")
    about.creator = "Portal Zona Integritas"
    about.language = "id-ID"
    book.calculation.fullCalcOnLoad = True
    set_default_font(book)


def _first_sheet(book: Workbook) -> Worksheet:
    sheet = book.worksheets[0]
    sheet.title = SHEET
    return sheet


def _finish_lke(sheet: Sheet, lke: Lke, plan: Plan) -> None:
    write_lke_sheet(sheet, lke, plan)
    add_controls(sheet.worksheet, plan)
    sheet.worksheet.freeze_panes = f"A{HEADER_ROW + 1}"
    sheet.worksheet.sheet_view.showGridLines = False
    sheet.worksheet.sheet_properties.tabColor = NAVY
    area = f"B1:P{plan.total_row}"
    set_up_page(sheet.worksheet, lke, area, orientation="landscape", header_row=HEADER_ROW)


def _added(book: Workbook, styles: Styles, title: str) -> Sheet:
    worksheet = book.create_sheet(title)
    worksheet.sheet_view.showGridLines = False
    protect(worksheet)
    return Sheet(worksheet, styles)


def _summary(book: Workbook, styles: Styles, lke: Lke, plan: Plan) -> Sheet:
    sheet = _added(book, styles, "Ringkasan")
    last = SummaryWriter(sheet, lke, plan).write()
    set_up_page(sheet.worksheet, lke, f"B1:J{last}", orientation="portrait")
    return sheet


def _guide(book: Workbook, styles: Styles, lke: Lke) -> Sheet:
    sheet = _added(book, styles, "Petunjuk")
    last = write_guide_sheet(sheet, lke)
    set_up_page(sheet.worksheet, lke, f"B1:C{last}", orientation="portrait")
    return sheet


def _notes(book: Workbook, styles: Styles, lke: Lke, plan: Plan, notes: dict[str, str]) -> Sheet:
    sheet = _added(book, styles, "Catatan panjang")
    last = write_notes_sheet(sheet, plan, notes)
    set_up_page(sheet.worksheet, lke, f"A1:B{last}", orientation="portrait", header_row=4)
    return sheet
