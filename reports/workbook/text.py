"""Text on its way into a workbook: cleaned of what XML cannot hold, measured so that rows are high enough."""

import re
from functools import lru_cache

CELL_LIMIT = 32_767  # characters in one cell of Excel
ROW_LIMIT = 409.0  # points; no row of Excel is higher

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Excel reads _x0041_ in a stored text as the character with that number; its own escape is _x005F_.
_ESCAPE_LIKE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")

# Widths of Arial's characters in thousandths of the font size; digits, most small letters and all others: 556.
_WIDTHS = {
    191: "'", 222: "ijl", 260: "|", 278: " !,./:;I[\\]ft·", 333: "()-`r", 334: "{}", 355: '"', 389: "*",
    469: "^", 500: "Jcksvxyz", 584: "+<=>~", 611: "FTZ", 667: "&ABEKPSVXY", 722: "CDHNRUw", 778: "GOQ",
    833: "Mm", 889: "%", 944: "W", 1000: "…", 1015: "@",
}  # fmt: skip
_WIDTH_OF = {character: width for width, characters in _WIDTHS.items() for character in characters}
_DIGIT = 556
_FOREIGN = 1000  # beyond Latin: as wide as a character may be
_BOLD = 1.07
_PADDING_PX = 8
_SAFETY = 0.96  # programs break lines a little differently


def clean(text: str) -> str:
    """Return `text` as a cell may hold it."""
    text = _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _ESCAPE_LIKE.sub("_x005F_", text)[:CELL_LIMIT]


def starts_like_formula(text: str) -> bool:
    """Tell whether a spreadsheet would take the text for a formula if it were typed."""
    return text[:1] in {"=", "+", "-", "@", "\t", "\r"}


@lru_cache(maxsize=4096)
def line_count(text: str, width: float, size: float, bold: bool = False) -> int:
    """Return how many lines `text` takes in a column of `width` (Excel's unit) in Arial of `size` points."""
    room = (width * 7 - _PADDING_PX) * _SAFETY * 750 / size  # thousandths of the font size
    room = room / _BOLD if bold else room
    return sum(_paragraph_lines(paragraph, room) for paragraph in text.split("\n"))


def _paragraph_lines(text: str, room: float) -> int:
    lines, used = 1, 0.0
    for word in text.split(" "):
        wide = _width(word)
        if used and used + _WIDTH_OF[" "] + wide > room:
            lines, used = lines + 1, 0.0
        used += wide + (_WIDTH_OF[" "] if used else 0)
        if used > room:  # one word wider than the column is broken
            lines, used = lines + int(used // room), used % room
    return lines


def _width(text: str) -> int:
    return sum(_WIDTH_OF.get(c, _DIGIT if c < "\u0250" else _FOREIGN) for c in text)


def row_height(lines: int, size: float) -> float:
    """Return the height in points of a row with `lines` lines of text."""
    return min(lines * size * 1.19 + 4.5, ROW_LIMIT)
