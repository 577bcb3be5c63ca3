"""The files about the files in a ZIP: an index as a workbook, and the hashes as `sha256sum -c` reads them. Pure."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from evidence.bundle import words

INDEX, MANIFEST = "00_INDEKS.xlsx", "MANIFEST-SHA256.txt"
COLUMNS = {"Kode unit": 14, "Unit kerja": 44, "Status": 22, "Nilai bila dikirim": 16, "Berkas": 44, "Keterangan": 52}


@dataclass(frozen=True, slots=True)
class IndexRow:
    """One unit: its total as text, the paths of its files, and why it has none."""

    code: str
    name: str = ""
    state: str = ""
    total: str = ""
    paths: tuple[str, ...] = ()
    remark: str = ""


def index_of(title: str, rows: Sequence[IndexRow]) -> bytes:
    """Return the index as .xlsx; all cells are texts, whatever they begin with."""
    book = Workbook(write_only=True)
    book.properties.title, book.properties.creator = title, "Portal Zona Integritas"
    sheet: Any = book.create_sheet("Indeks")  # sheets that are written row by row have no useful types
    for number, width in enumerate(COLUMNS.values(), 1):
        sheet.column_dimensions["ABCDEF"[number - 1]].width = width
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, name, is_head=True) for name in COLUMNS])
    for row in rows:
        values = (row.code, row.name, row.state, row.total, "; ".join(row.paths), row.remark)
        sheet.append([_cell(sheet, value) for value in values])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, text: str, *, is_head: bool = False) -> Any:
    cell = WriteOnlyCell(sheet, words.clean(text))
    cell.data_type = "s"
    if is_head:
        cell.font = Font(bold=True)
    return cell


def manifest_of(hashes: Mapping[str, str]) -> str:
    head = "# Periksa dengan: sha256sum -c MANIFEST-SHA256.txt\n"
    return head + "".join(f"{digest}  {path}\n" for path, digest in hashes.items())
