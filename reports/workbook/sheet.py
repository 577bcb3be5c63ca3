"""One sheet being written: puts texts, numbers and formulas into cells and remembers each formula's value."""

from fractions import Fraction
from typing import Any

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from .styles import FONT, INK, Styles
from .text import clean, row_height, starts_like_formula

Cached = float | str
URL_LIMIT = 2079  # characters that Excel takes as an address


class Sheet:
    """A sheet, its styles, and by coordinate the values that its formulas have now."""

    def __init__(self, worksheet: Worksheet, styles: Styles) -> None:
        self.worksheet = worksheet
        self.styles = styles
        self.cached: dict[str, Cached] = {}

    def text(self, row: int, column: int, text: str, tone: str, role: str = "text") -> None:
        """Write text that never becomes a formula, an error value or a number."""
        cell = self._cell(row, column, tone, role)
        put_text(cell, text)

    def link(self, row: int, column: int, text: str, url: str, tone: str) -> None:
        """Write text that leads to an address; without one plain text."""
        if not text or not url or len(url) > URL_LIMIT:
            self.text(row, column, text, tone)
            return
        cell = self._cell(row, column, tone, "link")
        put_text(cell, text)
        cell.hyperlink = url

    def number(self, row: int, column: int, number: Any, tone: str, role: str) -> None:
        """Write a number, or an empty cell for None."""
        self._cell(row, column, tone, role).value = number

    def formula(self, row: int, column: int, formula: str, value: Fraction | Cached, tone: str, role: str) -> None:
        """Write a formula and the value it has now."""
        cell = self._cell(row, column, tone, role)
        cell.value = formula
        self.cached[cell.coordinate] = value if isinstance(value, str) else float(value)

    def blank(self, row: int, columns: range, tone: str, role: str = "text") -> None:
        """Dress cells that stay empty."""
        for column in columns:
            self._cell(row, column, tone, role)

    def merge(self, row: int, first: int, last: int) -> None:
        if last > first:
            self.worksheet.merge_cells(start_row=row, end_row=row, start_column=first, end_column=last)

    def plain(self, row: int, column: int, text: str, *, size: float = 9, bold: bool = False, color: str = INK) -> Cell:
        """Write text outside the tables: no border, no fill."""
        cell = unmerged(self.worksheet.cell(row, column))
        put_text(cell, text)
        cell.font = Font(name=FONT, size=size, bold=bold, color=color)
        return cell

    def height(self, row: int, lines: int, size: float) -> None:
        self.worksheet.row_dimensions[row].height = row_height(lines, size)

    def widths(self, widths: dict[str, float]) -> None:
        for letter, width in widths.items():
            self.worksheet.column_dimensions[letter].width = width

    def _cell(self, row: int, column: int, tone: str, role: str) -> Cell:
        cell = unmerged(self.worksheet.cell(row, column))
        self.styles.dress(cell, tone, role)
        return cell


def unmerged(cell: Cell | MergedCell) -> Cell:
    """Return a cell that can be written; one hidden under a merged range cannot."""
    if isinstance(cell, MergedCell):
        raise TypeError(f"{cell.coordinate} lies under a merged range.")
    return cell


def put_text(cell: Cell, text: str) -> None:
    """Write text as text: openpyxl would take "=1" for a formula and "#N/A" for an error."""
    cleaned = clean(text)
    if not cleaned:
        return
    cell.value = cleaned
    cell.data_type = "s"
    if starts_like_formula(cleaned):
        cell.quotePrefix = True  # so that editing the cell does not turn it into a formula either
