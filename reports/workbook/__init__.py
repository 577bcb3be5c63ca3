"""The LKE as an Excel workbook that scores itself as the portal does. Pure over `Lke`: no query."""

import io

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ..lke import Lke
from .blocks import Columns, columns_of
from .cached import with_values
from .controls import add_controls, protect
from .guide_sheet import write_guide_sheet
from .list_sheets import HEAD_ROW, Listing, listings_of, write_listing
from .lke_sheet import write_lke_sheet
from .notes_sheet import LongNote, long_notes, write_notes_sheet
from .plan import HEADER_ROW, SHEET, Plan, plan_of
from .printing import A3, A4, set_up_page
from .sheet import Sheet
from .styles import NAVY, Styles, set_default_font
from .summary_sheet import SummaryWriter
from .text import clean

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

__all__ = ["CONTENT_TYPE", "build"]


def build(lke: Lke) -> bytes:
    """Return the workbook.

    `LKE ZI`, `Ringkasan`, the lists that the LKE has, `Petunjuk`, and `Catatan panjang` where a note needs it.
    """
    book = Workbook()
    _describe(book, lke)
    styles, plan, columns = Styles(book), plan_of(lke), columns_of(lke)
    main = Sheet(_first_sheet(book), styles)
    _finish_lke(main, lke, plan, columns)
    sheets = [main, _summary(book, styles, lke, plan, columns)]
    sheets += [_list(book, styles, lke, listing) for listing in listings_of(lke)]
    sheets.append(_guide(book, styles, lke))
    notes = long_notes(columns)
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


def _finish_lke(sheet: Sheet, lke: Lke, plan: Plan, columns: Columns) -> None:
    write_lke_sheet(sheet, lke, plan, columns)
    add_controls(sheet.worksheet, plan, columns)
    # Beside other stages the criteria stay in sight too.
    sheet.worksheet.freeze_panes = f"{'H' if columns.others else 'A'}{HEADER_ROW + 1}"
    sheet.worksheet.sheet_view.showGridLines = False
    sheet.worksheet.sheet_properties.tabColor = NAVY
    # The list of evidence is a sheet of its own on paper. Several stages need the wider paper.
    area = f"B1:{get_column_letter(columns.last_of_stages)}{plan.total_row}"
    paper = A3 if columns.others else A4
    set_up_page(sheet.worksheet, lke, area, orientation="landscape", header_row=HEADER_ROW, paper=paper)


def _added(book: Workbook, styles: Styles, title: str) -> Sheet:
    worksheet = book.create_sheet(title)
    worksheet.sheet_view.showGridLines = False
    protect(worksheet)
    return Sheet(worksheet, styles)


def _list(book: Workbook, styles: Styles, lke: Lke, listing: Listing) -> Sheet:
    sheet = _added(book, styles, listing.name)
    last = write_listing(sheet, listing)
    area = f"A1:{get_column_letter(listing.last_column)}{last}"
    set_up_page(sheet.worksheet, lke, area, orientation="landscape", header_row=HEAD_ROW)
    return sheet


def _summary(book: Workbook, styles: Styles, lke: Lke, plan: Plan, columns: Columns) -> Sheet:
    sheet = _added(book, styles, "Ringkasan")
    last = SummaryWriter(sheet, lke, plan, columns).write()
    set_up_page(sheet.worksheet, lke, f"B1:J{last}", orientation="portrait")
    return sheet


def _guide(book: Workbook, styles: Styles, lke: Lke) -> Sheet:
    sheet = _added(book, styles, "Petunjuk")
    last = write_guide_sheet(sheet, lke)
    set_up_page(sheet.worksheet, lke, f"B1:C{last}", orientation="portrait")
    return sheet


def _notes(book: Workbook, styles: Styles, lke: Lke, plan: Plan, notes: list[LongNote]) -> Sheet:
    sheet = _added(book, styles, "Catatan panjang")
    last = write_notes_sheet(sheet, plan, notes)
    set_up_page(sheet.worksheet, lke, f"A1:B{last}", orientation="portrait", header_row=4)
    return sheet
