"""Looks of the workbook as named styles: assigning a name costs a third of assigning fonts and fills."""

from copy import copy
from dataclasses import dataclass
from typing import Any

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.workbook import Workbook

FONT = "Arial"  # everywhere, or with a twin of the same widths
SIZE = 9.0

# 421 is Indonesian: programs that heed it show a decimal comma whatever their own language is.
# "_-" leaves the width of a dash free at the right edge.
DECIMAL = "[$-421]0.00_-"
SIGNED = "[$-421]+0.00_-;[$-421]-0.00_-;[$-421]0.00_-"
PERCENT = "[$-421]0.00%_-"
POINTS_PERCENT = '[$-421]0.00"%"_-'
WHOLE = "0_-"
YES_NO = '"Ya"_-;"Ya"_-;"Belum"_-'

INK, PAPER, LINE = "1F2933", "FFFFFF", "B8C2CC"
NAVY, BLUE, SKY, MIST, INPUT, SOFT = "1B365D", "3A5F8F", "C9D8EA", "E8EFF7", "FFF6D6", "F5F7F9"
GREEN, GREEN_FILL, RED, RED_FILL = "1E6B3A", "DFF2E3", "A11D1D", "FBE3E1"
LINK, AMBER_FILL = "0B4F8A", "FFE2A8"


@dataclass(frozen=True, slots=True)
class Tone:
    """Colours and weight of one kind of row."""

    fill: str = PAPER
    ink: str = INK
    bold: bool = False


TONES = {
    "component": Tone(NAVY, PAPER, True),
    "section": Tone(BLUE, PAPER, True),
    "area": Tone(SKY, INK, True),
    "subarea": Tone(MIST, INK, True),
    "criterion": Tone(),
    "count": Tone(SOFT),
    "total": Tone(NAVY, PAPER, True),
    "head": Tone(NAVY, PAPER, True),
    "plain": Tone(),
    "strong": Tone(bold=True),
}


@dataclass(frozen=True, slots=True)
class Role:
    """How a cell's content is set."""

    number_format: str = "General"
    horizontal: str = "left"
    vertical: str = "top"
    indent: int = 0
    is_input: bool = False
    wrap: bool = True
    sides: str = "lr"  # which vertical rules it has
    is_link: bool = False


ROLES = {
    "text": Role(),
    "link": Role(is_link=True),
    "date": Role("[$-421]d mmmm yyyy", wrap=False),
    "place": Role(sides="r"),  # the text beside a marker
    "place1": Role(indent=1, sides="r"),
    "place2": Role(indent=2, sides="r"),
    "mark": Role(horizontal="center", wrap=False, sides=""),
    "gap": Role(sides=""),  # the columns left of a marker
    "center": Role(horizontal="center"),
    "middle": Role(horizontal="center", vertical="center"),
    "decimal": Role(DECIMAL, "right", wrap=False),
    "signed": Role(SIGNED, "right", wrap=False),
    "percent": Role(PERCENT, "right", wrap=False),
    "points_percent": Role(POINTS_PERCENT, "right", wrap=False),
    "yes_no": Role(YES_NO, "right", wrap=False),
    "whole": Role(WHOLE, "right", wrap=False),
    "ratio": Role(PERCENT, "right"),  # wraps: it may hold a remark
    "in_choice": Role("@", "center", is_input=True, wrap=False),
    "in_index": Role(DECIMAL, "right", is_input=True, wrap=False),
    "in_count": Role(WHOLE, "right", is_input=True, wrap=False),
    "in_note": Role("@", is_input=True),
}


def set_default_font(book: Workbook) -> None:
    """Make Arial 10 the workbook's first font: it is the measure of every column's width."""
    font = Font(name=FONT, size=10, family=2)
    book._fonts = IndexedList([font])  # type: ignore[attr-defined]
    book._named_styles["Normal"].font = font  # type: ignore[attr-defined]


class Styles:
    """The named styles of one workbook, made when first asked for."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._ready: dict[tuple[str, str], Any] = {}

    def dress(self, cell: Cell, tone: str, role: str) -> None:
        """Give `cell` the look of a role in a tone."""
        look = self._ready.get((tone, role))
        if look is None:
            self._book.add_named_style(_named_style(tone, role))
            cell.style = f"LKE {tone} {role}"
            self._ready[tone, role] = copy(cell._style)  # type: ignore[attr-defined]
        else:
            cell._style = copy(look)  # type: ignore[attr-defined]


def _named_style(tone_name: str, role_name: str) -> NamedStyle:
    tone, role = TONES[tone_name], ROLES[role_name]
    rule = Side(style="thin", color=LINE)
    left, right = (rule if side in role.sides else Side() for side in "lr")
    return NamedStyle(
        name=f"LKE {tone_name} {role_name}",
        font=Font(
            name=FONT,
            size=SIZE,
            bold=tone.bold,
            color=LINK if role.is_link else tone.ink,
            underline="single" if role.is_link else None,
        ),
        fill=PatternFill("solid", start_color=INPUT if role.is_input else tone.fill),
        border=Border(left=left, right=right, top=rule, bottom=rule),
        alignment=Alignment(
            horizontal=role.horizontal, vertical=role.vertical, indent=role.indent, wrap_text=role.wrap
        ),
        number_format=role.number_format,
        protection=Protection(locked=not role.is_input),
    )
