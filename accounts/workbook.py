"""Open an uploaded .xlsx without trusting it.

Everything is checked on the ZIP container before a parser sees it: size on disk, size unpacked,
encryption, macros, document type declarations (the door to entity expansion).
"""

import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from openpyxl import Workbook, load_workbook

MIB = 1024 * 1024
MAX_MEMBERS = 500
LAST_ROW = 1_048_576  # of a worksheet in Excel; a higher number is forged
OLE_SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")  # encrypted .xlsx and the old .xls
# Only UTF-8 is let through to the parser, so searching the bytes finds every declaration there is.
ENCODING = re.compile(rb"""\A(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding\s*=\s*["']([^"']*)""")

DAMAGED = "Berkas rusak atau bukan berkas Excel (.xlsx). Buka di Excel, simpan ulang sebagai .xlsx, lalu unggah lagi."

MACROS = "Berkas berisi makro. Simpan ulang sebagai .xlsx (bukan .xlsm)."


class WorkbookRefused(Exception):
    """The file cannot be used; its text says why, for the person who sent it."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its value as the file holds it, and whether it was a formula, an error value or a date."""

    value: Any = None
    kind: str = "n"  # openpyxl's data types: s, n, b, d (date), e (error), f (formula)


def open_workbook(file: IO[bytes], *, max_bytes: int, max_unpacked: int) -> Workbook:
    """Return the workbook read-only; raise WorkbookRefused with the reason in Indonesian.

    `max_unpacked` bounds the sum of all members in bytes; it is what parsing costs memory for.
    """
    _check_container(file, max_bytes, max_unpacked)
    file.seek(0)
    try:
        with warnings.catch_warnings(action="ignore"):  # openpyxl narrates the extensions it leaves out
            return load_workbook(file, read_only=True, keep_links=False)
    except Exception as error:  # whatever a parser makes of a hostile file, it is the file's fault
        raise WorkbookRefused(DAMAGED) from error


def sheet_rows(sheet: Any, *, columns: int) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    """Yield number and first `columns` cells of each row that is not blank; raise WorkbookRefused if unreadable.

    `sheet` is one of a workbook opened here; its class is private to openpyxl.
    """
    sheet.reset_dimensions()  # the file's own claim about its size may be wrong
    rows = sheet.iter_rows(max_col=columns)
    number = 0
    while True:
        try:
            with warnings.catch_warnings(action="ignore"):
                row = next(rows, None)
        except Exception as error:
            raise WorkbookRefused(DAMAGED) from error
        if row is None:
            return
        number += 1
        if number > LAST_ROW:
            raise WorkbookRefused(DAMAGED)
        if any(cell.value is not None for cell in row):
            yield number, tuple(Cell(cell.value, cell.data_type) for cell in row)


def _check_container(file: IO[bytes], max_bytes: int, max_unpacked: int) -> None:
    file.seek(0, 2)
    if file.tell() > max_bytes:
        raise WorkbookRefused(f"Berkas lebih besar dari {max_bytes // MIB} MB.")
    file.seek(0)
    if file.read(8) == OLE_SIGNATURE:
        raise WorkbookRefused(
            "Berkas terkunci kata sandi atau berformat .xls lama. Simpan ulang sebagai .xlsx tanpa kata sandi."
        )
    try:
        with zipfile.ZipFile(file) as archive:
            _check_members(archive, max_unpacked)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        raise WorkbookRefused(DAMAGED) from error


def _check_members(archive: zipfile.ZipFile, max_unpacked: int) -> None:
    members = archive.infolist()
    names = {member.filename for member in members}
    if any(member.flag_bits & 1 for member in members):
        raise WorkbookRefused("Berkas terkunci kata sandi. Simpan ulang tanpa kata sandi.")
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > max_unpacked:
        raise WorkbookRefused("Isi berkas terlalu besar setelah dibuka. Hapus gambar dan lembar yang tidak perlu.")
    if len(names) < len(members) or "[Content_Types].xml" not in names:
        raise WorkbookRefused(DAMAGED)
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise WorkbookRefused(MACROS)
    for member in members:
        data = archive.read(member)
        # By content, not by name: the container's own index says which members are parsed.
        if data[:8].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0").startswith(b"<"):
            _check_xml(data, is_types=member.filename == "[Content_Types].xml")


def _check_xml(data: bytes, *, is_types: bool) -> None:
    encoding = ENCODING.match(data)
    if b"\0" in data[:64] or (encoding and encoding[1].lower() not in {b"utf-8", b"utf8", b"us-ascii"}):
        raise WorkbookRefused(DAMAGED)
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise WorkbookRefused(
            "Berkas berisi deklarasi yang tidak diizinkan. Simpan ulang dengan Excel atau LibreOffice."
        )
    if is_types and b"macroEnabled" in data:
        raise WorkbookRefused(MACROS)
    if is_types and b"spreadsheetml.sheet.main+xml" not in data:
        raise WorkbookRefused(DAMAGED)
