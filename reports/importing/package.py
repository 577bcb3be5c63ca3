"""The workbook as a file: what it may be, and its parts as streams. Nothing here trusts the file.

The package is checked as evidence is (`evidence.content`): strict ZIP, no macros, no document types, nothing fetched
from elsewhere. Only then are parts parsed, with an expat parser that knows no entities, and only as many as are needed.
"""

import posixpath
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import BinaryIO
from xml.parsers import expat

from evidence.content import Refused, xml
from evidence.content.office import ON_OWN_DRIVE, OfficePackage, refuse_ole
from evidence.content.source import Source
from evidence.content.zips import Budget, Package

MIB = 1024 * 1024
MAX_BYTES = 10 * MIB
MAX_UNPACKED = 80 * MIB
MAX_PART = 48 * MIB
ZIP, OLE = b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1")

DAMAGED = "Berkas rusak atau bukan buku kerja Excel (.xlsx). Buka di Excel, simpan ulang sebagai .xlsx, lalu coba lagi."
WRONG_TYPE = "Berkas ini bukan buku kerja Excel (.xlsx). Simpan LKE sebagai .xlsx, lalu coba lagi."
TOO_LARGE = f"Berkas lebih besar dari {MAX_BYTES // MIB} MB. Hapus gambar dan lembar yang tidak perlu, lalu coba lagi."
BOMB = "Isi berkas mengembang terlalu besar saat dibuka. Hapus gambar dan lembar yang tidak perlu, lalu simpan ulang."
LINKED = (
    "Berkas ini mengambil isi dari alamat lain di jaringan. Di Excel, pilih Data → Edit Tautan → Putuskan Tautan, "
    "simpan, lalu coba lagi."
)
REASONS: Mapping[str, str] = {
    "empty": "Berkas ini kosong (0 bita).",
    "archive": WRONG_TYPE,
    "unknown": WRONG_TYPE,
    "macro": "Berkas berisi makro. Simpan ulang sebagai .xlsx (bukan .xlsm), lalu coba lagi.",
    "active-content": "Berkas berisi kontrol ActiveX. Hapus kontrolnya atau salin lembarnya ke buku kerja baru.",
    "password": "Berkas terkunci kata sandi. Hapus kata sandinya, simpan ulang, lalu coba lagi.",
    "legacy-office": "Berkas berformat Excel lama (.xls). Simpan ulang sebagai .xlsx, lalu coba lagi.",
    "doctype": "Berkas berisi deklarasi XML yang tidak diizinkan. Simpan ulang dengan Excel atau LibreOffice.",
    "bomb": BOMB,
    "external-content": LINKED,
    "embedded-program": "Di dalam berkas tertanam program. Hapus, simpan ulang, lalu coba lagi.",
    "embedded-file": "Di dalam berkas tertanam berkas lain. Hapus, simpan ulang, lalu coba lagi.",
}

OnStart = Callable[[str, Mapping[str, str]], None]


class Unusable(Exception):
    """The workbook cannot be used; its text says why, for the person who sent it."""


class Book:
    """An open, checked workbook: its parts by name."""

    def __init__(self, file: BinaryIO) -> None:
        source = Source(file)
        _refuse_by_start(source)
        with refusals():
            self._package = Package(source, Budget())
            if sum(entry.size for entry in self._package.entries.values()) > MAX_UNPACKED:
                raise Unusable(BOMB)
            office = OfficePackage(source)
            if office.kind != "xlsx":
                raise Unusable(WRONG_TYPE)
            office.check()
        for name in self._package.entries:
            if name.startswith("xl/externalLinks/") and name.endswith(".rels"):
                self._refuse_network(name)

    def has(self, name: str) -> bool:
        return name in self._package.entries

    def stream(self, name: str) -> Iterator[bytes]:
        entry = self._package.entries.get(name)
        if entry is None:
            raise Unusable(DAMAGED)
        if entry.size > MAX_PART:
            raise Unusable(BOMB)
        return self._package.stream(entry)

    def each(self, name: str, on_start: OnStart) -> None:
        """Call `on_start` for every element of a part, with local names."""
        with refusals():
            xml.each_element(self.stream(name), on_start)

    def relations(self, part: str) -> dict[str, tuple[str, str, bool]]:
        """Return a part's relations by id: kind, target (a part's name unless external), whether it is external."""
        folder, base = posixpath.split(part)
        name = posixpath.join(folder, "_rels", f"{base}.rels")
        found: dict[str, tuple[str, str, bool]] = {}

        def look(element: str, attributes: Mapping[str, str]) -> None:
            if element != "Relationship":
                return
            kind, target = attributes.get("Type", "").rpartition("/")[2], attributes.get("Target", "")
            is_external = attributes.get("TargetMode", "").lower() == "external"
            if not is_external:
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            found[attributes.get("Id", "")] = (kind, target, is_external)

        if self.has(name):
            self.each(name, look)
        return found

    def _refuse_network(self, name: str) -> None:
        """Refuse a link to a workbook elsewhere; one to the author's own drive is left over and never followed."""

        def look(element: str, attributes: Mapping[str, str]) -> None:
            target = attributes.get("Target", "").strip()
            if attributes.get("TargetMode", "").lower() == "external" and not ON_OWN_DRIVE.match(target):
                raise Unusable(LINKED)

        self.each(name, look)


@contextmanager
def refusals() -> Iterator[None]:
    """Turn what the checks of evidence refuse, and what a parser makes of a hostile part, into `Unusable`."""
    try:
        yield
    except Refused as error:
        raise Unusable(REASONS.get(error.code, DAMAGED)) from error
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise Unusable(DAMAGED) from error


def _refuse_by_start(source: Source) -> None:
    if not source.size:
        raise Unusable(REASONS["empty"])
    if source.size > MAX_BYTES:
        raise Unusable(TOO_LARGE)
    start = source.head(8)
    if start.startswith(OLE):
        with refusals():
            refuse_ole(source)
    if not start.startswith(ZIP):
        raise Unusable(WRONG_TYPE)
