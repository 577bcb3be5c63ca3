"""Read the two sheets of an import file into rows of plain text, noting each cell that cannot be one."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO

from openpyxl import Workbook

from ..workbook import MIB, Cell, WorkbookRefused, open_workbook, sheet_rows

MAX_BYTES = 2 * MIB
MAX_UNPACKED = 24 * MIB
MAX_ROWS = 5_000
MAX_SHOWN = 80
UNIT_SHEET, USER_SHEET = "Unit", "Pengguna"
COLUMNS: dict[str, tuple[str, ...]] = {
    UNIT_SHEET: ("Kode", "Nama", "Jenis", "Unit atasan", "Afirmasi"),
    USER_SHEET: ("Nama pengguna", "Nama", "Surel", "Unit", "Peran", "Area"),
}
WIDTH = 20  # columns looked at, should someone have added their own between


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong and where; `row` 0 stands for the sheet as a whole."""

    sheet: str
    row: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the sheet and its text by column; blank cells are ""."""

    sheet: str
    number: int
    cells: Mapping[str, str]

    def problem(self, column: str, reason: str) -> Problem:
        return Problem(self.sheet, self.number, column, shown(self.cells.get(column, "")), reason)


@dataclass(slots=True)
class Rows:
    """What a file says, and what in it could not be read."""

    units: list[Row] = field(default_factory=list)
    users: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def shown(text: str) -> str:
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"


def read_import(file: IO[bytes]) -> Rows:
    """Return the rows of an import file; raise WorkbookRefused if it cannot be used at all."""
    workbook = open_workbook(file, max_bytes=MAX_BYTES, max_unpacked=MAX_UNPACKED)
    try:
        return _read(workbook)
    finally:
        workbook.close()


def _read(workbook: Workbook) -> Rows:
    rows = Rows()
    names = {sheet.title.strip().casefold(): sheet for sheet in workbook.worksheets}
    if not names.keys() & {name.casefold() for name in COLUMNS}:
        raise WorkbookRefused(
            f"Lembar “{UNIT_SHEET}” dan “{USER_SHEET}” tidak ditemukan. Pakai templat yang disediakan."
        )
    left = MAX_ROWS
    for name, target in ((UNIT_SHEET, rows.units), (USER_SHEET, rows.users)):
        sheet = names.get(name.casefold())
        if sheet is None:
            continue
        for row in _sheet(name, sheet_rows(sheet, columns=WIDTH), rows.problems):
            left -= 1
            if left < 0:
                raise WorkbookRefused("Berkas berisi lebih dari 5.000 baris. Bagi menjadi beberapa berkas.")
            target.append(row)
    if not rows.units and not rows.users and not rows.problems:
        raise WorkbookRefused("Berkas tidak berisi satu baris pun di bawah judul kolom.")
    return rows


def _sheet(name: str, lines: Iterator[tuple[int, tuple[Cell, ...]]], problems: list[Problem]) -> Iterator[Row]:
    """Yield the rows under the heading, which is the first row that is not blank."""
    first = next(lines, None)
    if first is None:
        return
    places = _places(first[1])
    missing = [column for column in COLUMNS[name] if column not in places]
    if missing:
        reason = "Kolom tidak ditemukan. Judul kolom harus seperti di templat."
        problems.extend(Problem(name, first[0], column, "", reason) for column in missing)
        return
    for number, cells in lines:
        texts = {}
        for column, place in places.items():
            try:
                texts[column] = text_of(cells[place])
            except ValueError as error:
                texts[column] = ""
                problems.append(Problem(name, number, column, shown(str(cells[place].value)), str(error)))
        if any(texts.values()):
            yield Row(name, number, texts)


def _places(heading: tuple[Cell, ...]) -> dict[str, int]:
    """Find the known columns; what stands in brackets after a heading is only for the reader."""
    known = {column.casefold(): column for columns in COLUMNS.values() for column in columns}
    places: dict[str, int] = {}
    for place, cell in enumerate(heading):
        title = re.sub(r"\(.*", "", str(cell.value or "")).strip().casefold()
        if title in known:
            places.setdefault(known[title], place)
    return places


def text_of(cell: Cell) -> str:
    """Return the text of a cell, blanks tidied; raise ValueError with the reason if it is not plain text."""
    if cell.value is None:
        return ""
    if cell.kind == "f":
        raise ValueError("Sel berisi rumus. Ganti dengan nilainya.")
    if cell.kind == "e":
        raise ValueError("Sel berisi nilai kesalahan Excel.")
    if isinstance(cell.value, bool) or cell.kind == "b":
        raise ValueError("Sel berisi nilai benar/salah. Ubah format sel menjadi Teks.")
    if isinstance(cell.value, (int, float)):
        return _number(cell.value)
    if not isinstance(cell.value, str):
        raise ValueError("Sel berisi tanggal atau waktu. Ubah format sel menjadi Teks.")
    text = " ".join(cell.value.split())
    if text.startswith("="):
        raise ValueError("Isi sel diawali tanda =. Ganti dengan nilainya.")
    if not text.isprintable():
        raise ValueError("Sel berisi karakter yang tidak tampak. Ketik ulang isinya.")
    return text


def _number(value: int | float) -> str:
    # Excel keeps 15 digits: the rest of an 18-digit employee number is already lost.
    if abs(value) >= 10**15:
        raise ValueError(
            "Angka lebih dari 15 digit tidak tersimpan utuh. Ubah format sel menjadi Teks, lalu ketik ulang."
        )
    if value != int(value):
        raise ValueError("Sel berisi angka desimal. Ubah format sel menjadi Teks, lalu ketik ulang.")
    return str(int(value))
