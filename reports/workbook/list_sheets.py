"""The sheets that list things: `Bukti dukung`, `Catatan penilai`, `Riwayat`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..lke import EvidenceLine, FindingLine, Lke
from .sheet import Sheet
from .styles import NAVY, SIZE
from .text import clean, line_count

HEAD_ROW = 4


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head, its width, what stands in it and how (`text`, `center`, `date`, `whole`, `link`)."""

    head: str
    width: float
    value: Callable[[Any], Any]
    role: str = "text"


@dataclass(frozen=True, slots=True)
class Listing:
    """One sheet: its name, its title, what is said below the title, its columns and rows."""

    name: str
    title: str
    said: str
    columns: tuple[Column, ...]
    rows: Sequence[Any]
    nothing: str

    @property
    def last_column(self) -> int:
        return len(self.columns)


EVIDENCE = (
    Column("Kode kriteria", 13, lambda e: e.criterion),
    Column("Judul dokumen", 48, lambda e: e.title, "link"),
    Column("Nomor", 22, lambda e: e.number),
    Column("Tanggal", 17, lambda e: e.dated, "date"),
    Column("Tahun", 7, lambda e: e.year, "whole"),
    Column("Versi", 12, lambda e: e.version, "center"),
    Column("Halaman", 11, lambda e: e.page_ref, "center"),
    Column("Hasil pemeriksaan", 22, lambda e: "\n".join(v.text for v in e.verdicts)),
    Column("Alasan", 44, lambda e: _reasons(e)),
)
FINDINGS = (
    Column("Kode kriteria", 13, lambda f: f.criterion),
    Column("Kriteria", 40, lambda f: f.title),
    Column("Tahap", 14, lambda f: f.stage),
    Column("Jenis", 14, lambda f: f.kind),
    Column("Isi", 50, lambda f: f.text),
    Column("Tenggat", 17, lambda f: f.due, "date"),
    Column("Status", 18, lambda f: f.state),
    Column("Ditulis", 26, lambda f: f.written),
    Column("Tindak lanjut", 46, lambda f: f.thread),
)
EVENTS = (
    Column("No.", 7, lambda e: e.number, "whole"),
    Column("Waktu", 25, lambda e: e.at),
    Column("Oleh", 26, lambda e: e.by),
    Column("Peristiwa", 28, lambda e: e.what),
    Column("Tahap", 14, lambda e: e.stage),
    Column("Kode kriteria", 14, lambda e: e.criterion),
    Column("Perubahan", 80, lambda e: e.said),
)


def listings_of(lke: Lke) -> list[Listing]:
    """Return the sheets that an LKE asks for."""
    found = []
    if lke.evidence is not None:
        found.append(_evidence(lke.evidence))
    if lke.findings is not None:
        found.append(_findings(lke.findings))
    if lke.history is not None:
        events, left_out = lke.history.events, lke.history.left_out
        said = "Yang terbaru lebih dahulu."
        said += f" {left_out} peristiwa yang lebih lama tidak dimuat; lihat Riwayat di portal." if left_out else ""
        found.append(Listing("Riwayat", "RIWAYAT PENILAIAN", said, EVENTS, events, "Belum ada peristiwa."))
    return found


def _evidence(rows: Sequence[EvidenceLine]) -> Listing:
    said = "Satu baris untuk setiap dokumen pada setiap kriteria. Judul membuka dokumennya di portal setelah masuk."
    return Listing("Bukti dukung", "BUKTI DUKUNG", said, EVIDENCE, rows, "Belum ada bukti dukung yang dilampirkan.")


def _findings(rows: Sequence[FindingLine]) -> Listing:
    said = "Catatan pada penilaian ini, dan yang belum selesai dari tahun sebelumnya."
    return Listing("Catatan penilai", "CATATAN PENILAI", said, FINDINGS, rows, "Belum ada catatan penilai.")


def _reasons(line: EvidenceLine) -> str:
    return "\n".join(f"{v.who}: {v.reason}" if v.who else v.reason for v in line.verdicts if v.reason)


def write_listing(sheet: Sheet, listing: Listing) -> int:
    """Fill a sheet and return its last row."""
    letters = "ABCDEFGHI"
    sheet.widths({letters[place]: column.width for place, column in enumerate(listing.columns)})
    sheet.plain(1, 1, listing.title, size=13, bold=True, color=NAVY)
    sheet.height(1, 1, 16)
    sheet.plain(2, 1, listing.said, size=SIZE)
    for number, column in enumerate(listing.columns, start=1):
        sheet.text(HEAD_ROW, number, column.head, "head", "middle")
    sheet.height(HEAD_ROW, 2, SIZE)
    for number, row in enumerate(listing.rows, start=HEAD_ROW + 1):
        _write_row(sheet, number, listing.columns, row)
    last = HEAD_ROW + len(listing.rows)
    if not listing.rows:
        last += 1
        sheet.plain(last, 1, listing.nothing, size=SIZE)
    sheet.worksheet.freeze_panes = f"A{HEAD_ROW + 1}"
    if listing.rows:
        sheet.worksheet.auto_filter.ref = f"A{HEAD_ROW}:{letters[listing.last_column - 1]}{last}"
        sheet.worksheet.protection.autoFilter = False  # the filter stays usable on the locked sheet
    return last


def _write_row(sheet: Sheet, number: int, columns: Sequence[Column], row: Any) -> None:
    lines = 1
    for place, column in enumerate(columns, start=1):
        value = column.value(row)
        if column.role == "link":
            sheet.link(number, place, value, row.url, "plain")
        elif isinstance(value, date | int) or value is None:
            sheet.number(number, place, value, "plain", column.role)
        else:
            sheet.text(number, place, value, "plain", column.role)
        if isinstance(value, str):
            lines = max(lines, line_count(clean(value), column.width, SIZE))
    sheet.height(number, lines, SIZE)
