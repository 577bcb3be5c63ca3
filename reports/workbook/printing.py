"""Print set-up shared by the sheets: A4 or A3, fitted to the page's width, numbered, the unit named."""

from typing import Literal

from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from ..lke import Lke

A3, A4 = 8, 9  # as workbooks number paper
_NAME_LIMIT = 90  # header and footer together hold 255 characters, and every "&" counts twice


def set_up_page(
    sheet: Worksheet,
    lke: Lke,
    area: str,
    *,
    orientation: Literal["landscape", "portrait"],
    header_row: int = 0,
    paper: int = A4,
) -> None:
    """Set page, print area and footer; `header_row` is repeated on every page."""
    sheet.print_area = area
    sheet.page_setup.paperSize = paper
    sheet.page_setup.orientation = orientation
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_options.horizontalCentered = True
    margins = sheet.page_margins
    margins.left = margins.right = 0.4
    margins.top, margins.bottom, margins.header, margins.footer = 0.5, 0.6, 0.25, 0.3
    if header_row:
        sheet.print_title_rows = f"{header_row}:{header_row}"
    _set_footer(sheet, lke)


def _set_footer(sheet: Worksheet, lke: Lke) -> None:
    what = f"LKE {lke.year}" if lke.others else f"LKE {lke.year}, {lke.stage_label}"
    sheet.oddFooter = HeaderFooterItem(
        left=_HeaderFooterPart(footer_text(f"{lke.unit_name} ({lke.unit_code})"), size=8),
        center=_HeaderFooterPart(footer_text(what), size=8),
        right=_HeaderFooterPart("Halaman &P dari &N", size=8),
    )


def footer_text(text: str) -> str:
    """Return a name as a footer may hold it: "&" begins a code there."""
    short = text if len(text) <= _NAME_LIMIT else text[: _NAME_LIMIT - 1] + "…"
    return " ".join(short.split()).replace("&", "&&")
