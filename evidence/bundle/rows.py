"""What goes into a bundle: its head, its files and links, and what became of each file."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import BinaryIO

from assessment.worksheet import Worksheet


class Fate(StrEnum):
    """How a file came out; the value is what the index says."""

    GOOD = ""
    DAMAGED = "isi tidak sama dengan saat diunggah"
    MISSING = "berkas tidak ditemukan di penyimpanan"
    HELD = "tidak disertakan karena belum dinyatakan bebas virus"


class HeldBack(OSError):
    """What `BundleFile.open` raises for content that is there but may not be handed out."""


@dataclass(frozen=True, slots=True)
class BundleHead:
    """What the bundle is about; `made_at` in the zone in which it shall be shown."""

    unit_code: str
    unit_name: str
    year: int
    made_at: datetime
    worksheet: Worksheet


@dataclass(frozen=True, slots=True)
class Proof:
    """What the index says of an attached document; "" and None where nothing is known."""

    code: str  # of the criterion
    title: str
    number: str = ""
    dated: date | None = None
    year: int | None = None
    page_ref: str = ""
    expected: str = ""  # the title of the expected document
    version: int = 1


@dataclass(frozen=True, slots=True)
class BundleFile:
    """A file to be packed. `open` may raise OSError: the file is then listed as missing, or as held back.

    `size` and `sha256` (hexadecimal) are those of the upload; the content is held against them.
    """

    proof: Proof
    folder: tuple[str, ...]
    name: str
    open: Callable[[], BinaryIO]
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class BundleLink:
    """A document that is an address: listed in the index, not fetched."""

    proof: Proof
    url: str


@dataclass(frozen=True, slots=True)
class Packed:
    """A file or link as the index lists it; `size` and `sha256` are of what was really packed."""

    proof: Proof
    path: str = ""  # inside the ZIP; "" for links and missing files
    url: str = ""
    size: int = 0
    sha256: str = ""
    fate: Fate = Fate.GOOD
    name: str = ""
