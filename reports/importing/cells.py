"""What one cell says, as plain data that can be kept as JSON. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

LIMIT = 32_767  # characters in one cell of Excel
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NUMBER = re.compile(r"[+-]?(\d{1,30}(\.\d{0,30})?|\.\d{1,30})([eE][+-]?\d{1,3})?")
_EXPONENT = 300
# Excel keeps 15 digits: what comes after them is noise of binary fractions.
_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. `kind`: "" blank, text, number, bool, error, date, formula; `link` is the address behind it."""

    text: str = ""
    kind: str = ""
    link: str = ""

    @property
    def is_blank(self) -> bool:
        return not self.text and not self.link and self.kind in {"", "text"}

    def as_json(self) -> list[str]:
        return [self.text, self.kind, self.link]


BLANK = Cell()
Cells = Mapping[int, Cell]  # by column, 1 for A


def cell_from(stored: Any) -> Cell:
    """Return a cell from its JSON."""
    return Cell(*stored)


def unescaped(text: str) -> str:
    """Return a stored text as Excel shows it; what no cell can show is left out."""
    plain = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
    plain = plain.replace("\r\n", "\n").replace("\r", "\n")[:LIMIT]
    return "".join(c for c in plain if c in "\n\t" or (c >= " " and not "\ud800" <= c <= "\udfff"))


def number_text(raw: str) -> str:
    """Return a stored number as digits with a point, without the noise of binary fractions; "" if it is none."""
    if not _NUMBER.fullmatch(raw.strip()):
        return ""
    try:
        number = Decimal(raw.strip())
    except InvalidOperation:
        return ""
    if number.is_zero():
        return "0"
    if abs(number.adjusted()) > _EXPONENT:
        return ""
    rounded = round(number, _DIGITS - 1 - number.adjusted()) if number.adjusted() < _DIGITS else number
    text = f"{rounded:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def plain(text: str) -> str:
    """Return a text on one line, blanks tidied."""
    return " ".join(text.split())
