"""Figures, dates and texts in the index, in Indonesian."""

import unicodedata
from datetime import date, datetime

_MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip


def day(value: date | None) -> str:
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}" if value else ""


def moment(value: datetime) -> str:
    return f"{day(value)} pukul {value:%H.%M} {value.tzname() or ''}".rstrip()


def number(value: int) -> str:
    return f"{value:,}".replace(",", ".")


def size(value: int) -> str:
    """Return "820 bita", "12,3 KiB", "4,0 MiB"."""
    if value < 1024:
        return f"{value} bita"
    amount, unit = value / 1024, "KiB"
    for larger in ("MiB", "GiB", "TiB"):
        if amount < 1024:
            break
        amount, unit = amount / 1024, larger
    return f"{amount:.1f} {unit}".replace(".", ",")


def clean(text: str) -> str:
    """Return what any document may hold: one line without controls, lone surrogates and unassigned signs."""
    kept = (" " if c in "\t\r\n" else c for c in text)
    return "".join(c for c in kept if unicodedata.category(c) not in {"Cc", "Cs", "Cn"})
