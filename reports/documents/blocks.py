"""What a document consists of. Both the PDF and the .docx are drawn from these, so that they cannot differ. Pure."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format

from assessment.scoring import shown
from assessment.trace import comma

# What XML, and so both formats, cannot hold.
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
DOTS = "………………………………"


@dataclass(frozen=True, slots=True)
class Heading:
    text: str
    level: int = 1  # 1 for the parts of a document, 2 below


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    kind: str = "body"  # body, right, center, strong, small, code


@dataclass(frozen=True, slots=True)
class Items:
    """A list; numbered from 1 or with dashes."""

    texts: tuple[str, ...]
    is_numbered: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """A table with one heading row; `numeric` are the columns (from 0) set to the right."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()
    widths: tuple[int, ...] = ()  # percent of the width of the page
    strong: frozenset[int] = frozenset()  # rows (from 0) set bold


@dataclass(frozen=True, slots=True)
class Facts:
    """Names with their values."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Signatures:
    """Who signs, side by side: role, name as the portal knows it, number (NIP); "" leaves dots."""

    people: tuple[tuple[str, str, str], ...]
    place: str = ""  # with the day


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The names and the address above a document, with a logo (PNG) or without."""

    lines: tuple[str, ...]
    small: tuple[str, ...] = ()
    logo: bytes = b""


@dataclass(frozen=True, slots=True)
class Seal:
    """What proves a document: a text, the SHA-256, and where to compare them, also as QR code."""

    text: str
    digest: str
    url: str


Block = Heading | Paragraph | Items | Table | Facts | Signatures | Letterhead | Seal


def letterhead(data: dict[str, Any], otherwise: str = "") -> tuple[Block, ...]:
    """Return a document's letterhead from its data; without one the name alone, or nothing."""
    found = data.get("letterhead") or {}
    if not found:
        return (Paragraph(clean(otherwise).upper(), "center"),) if otherwise else ()
    small = tuple(clean(found[name]) for name in ("address", "contact") if found[name])
    return (Letterhead(tuple(clean(line) for line in found["lines"]), small, data.get("logo") or b""),)


def signed_at(place: str, dated: str) -> str:
    """Return place and ISO day as they stand above a signature; "" without a place."""
    return f"{clean(place)}, {day(dated)}" if place else ""


@dataclass(frozen=True, slots=True)
class Document:
    title: str
    blocks: tuple[Block, ...]
    footer: str = ""
    is_letter: bool = False
    made_at: datetime | None = None  # for the properties of the file


def clean(text: object) -> str:
    """Return text without what neither format can hold."""
    return ILLEGAL.sub("", str(text if text is not None else "")).replace("\r\n", "\n").replace("\r", "\n")


def figure(text: str) -> str:
    """Return a stored decimal with two decimals, half up, and a comma; "" stays empty."""
    return comma(Decimal(text)) if text else ""


def percent(text: str) -> str:
    return f"{comma(shown(Decimal(text)))}%" if text else ""


def day(text: str) -> str:
    """Return an ISO date as people write it; "" leaves dots to fill in."""
    return date_format(date.fromisoformat(text), "j F Y") if text else DOTS


def moment(text: str) -> str:
    if not text:
        return ""
    local = timezone.localtime(datetime.fromisoformat(text))
    return f"{date_format(local, 'j F Y H.i')} {local.tzname()}"


def local_day(text: str) -> str:
    """Return the day of a moment where the portal stands, as ISO date."""
    return timezone.localdate(datetime.fromisoformat(text)).isoformat() if text else ""


def when(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
