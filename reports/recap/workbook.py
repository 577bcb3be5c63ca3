"""The recap as an Excel workbook, written row by row: numbers are numbers, text never becomes a formula."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, NamedStyle, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from ..workbook.sheet import put_text
from ..workbook.styles import DECIMAL, FONT, NAVY, PAPER, POINTS_PERCENT, SIZE, WHOLE, set_default_font
from .choosing import Line
from .figures import Measure
from .pages import outcome_of, stage_name
from .shown import Shown

HEAD_HEIGHT = 62  # points: five lines
SHEET, ABOUT = "Rekap", "Keterangan"
HEAD, TEXT, POINTS, PERCENT, COUNT = "Rekap kepala", "Rekap teks", "Rekap nilai", "Rekap persen", "Rekap jumlah"
FORMATS = {TEXT: "@", POINTS: DECIMAL, PERCENT: POINTS_PERCENT, COUNT: WHOLE}
# Sheets that are written row by row have no useful types in openpyxl's stubs: they are `Any` below.


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head, its width in Excel's unit, the look of its cells and what stands in them."""

    head: str
    width: float
    look: str
    value: Callable[[Line], Any]


def build(shown: Shown) -> bytes:
    """Return the workbook: `Rekap` with one row for each unit, `Keterangan` with what was asked for."""
    book = Workbook(write_only=True)
    set_default_font(book)
    book.properties.title = shown.title
    book.properties.creator = "Portal Zona Integritas"
    book.properties.language = "id-ID"
    for style in _styles():
        book.add_named_style(style)
    _write_units(book.create_sheet(SHEET), columns_of(shown), shown)
    _write_about(book.create_sheet(ABOUT), shown)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _styles() -> Iterator[NamedStyle]:
    white = Font(name=FONT, size=SIZE, bold=True, color=PAPER)
    top = Alignment(horizontal="left", vertical="top", wrap_text=True)
    yield NamedStyle(HEAD, font=white, fill=PatternFill("solid", start_color=NAVY), alignment=top)
    for name, number_format in FORMATS.items():
        place = top if name == TEXT else Alignment(horizontal="right", vertical="top")
        yield NamedStyle(name, font=Font(name=FONT, size=SIZE), alignment=place, number_format=number_format)


def columns_of(shown: Shown) -> list[Column]:
    """Return the columns in their order; what the target does not ask for, or nobody scored, stays empty."""
    return [
        Column("Kode unit", 14, TEXT, lambda line: line.subject.code),
        Column("Unit kerja", 40, TEXT, lambda line: line.subject.name),
        Column("Target", 9, TEXT, lambda line: line.subject.target),
        Column("Status", 22, TEXT, lambda line: line.subject.state_label),
        Column("Nilai tahap", 13, TEXT, lambda line: stage_name(line.card)),
        Column("Kriteria terjawab", 10, COUNT, lambda line: line.card and line.card.answered),
        Column("Jumlah kriteria", 10, COUNT, lambda line: line.card and line.card.criteria),
        *(column for measure in shown.recap.measures for column in _measured(measure)),
        Column("Nilai total sementara", 11, POINTS, lambda line: line.card and line.card.provisional),
        *(_threshold(key, name) for key, name in shown.recap.thresholds.items()),
        Column("Ambang tercapai", 10, COUNT, lambda line: _checked(line, passed=True)),
        Column("Ambang yang kurang", 10, COUNT, lambda line: _checked(line, passed=False)),
        Column("Memenuhi ambang WBK", 12, TEXT, lambda line: _passes(line, "WBK")),
        Column("Memenuhi ambang WBBM", 12, TEXT, lambda line: _passes(line, "WBBM")),
        Column("Hasil TPN", 22, TEXT, outcome_of),
        Column("Bukti dukung (%)", 10, COUNT, lambda line: line.subject.evidence),
        Column("Dokumen ada", 10, COUNT, lambda line: line.subject.found),
        Column("Dokumen diharapkan", 11, COUNT, lambda line: line.subject.expected),
        Column("Catatan terbuka", 10, COUNT, lambda line: line.subject.findings),
    ]


def _measured(measure: Measure) -> Iterator[Column]:
    if measure.is_area:
        head = f"{measure.label} (%)"
        yield Column(head, 14, PERCENT, lambda line: line.card and line.card.percents.get(measure.key))
    yield Column(measure.label, 14, POINTS, lambda line: line.card and line.card.points.get(measure.key))


def _threshold(key: str, name: str) -> Column:
    words = {True: "Tercapai", False: "Kurang", None: ""}
    return Column(f"Ambang: {name}", 14, TEXT, lambda line: words[line.card.reached(key) if line.card else None])


def _checked(line: Line, *, passed: bool) -> int | None:
    if line.card is None or not line.card.checks:
        return None
    return sum(check.passed is passed for check in line.card.checks)


def _passes(line: Line, predicate: str) -> str:
    passes = line.card.passes.get(predicate) if line.card else None
    return "" if passes is None else "Ya" if passes else "Belum"


def _write_units(sheet: Any, columns: list[Column], shown: Shown) -> None:
    for number, column in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(shown.lines) + 1}"
    # Too many columns for one page: each further page repeats the head and the unit.
    sheet.print_title_rows, sheet.print_title_cols = "1:1", "A:B"
    _set_page(sheet)
    sheet.row_dimensions[1].height = HEAD_HEIGHT
    sheet.append([_cell(sheet, HEAD, column.head) for column in columns])
    for line in shown.lines:
        sheet.append([_cell(sheet, column.look, column.value(line)) for column in columns])


def _write_about(sheet: Any, shown: Shown) -> None:
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 32, 70
    _set_page(sheet)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.append([_cell(sheet, HEAD, shown.title), _cell(sheet, HEAD, "")])
    for label, text in [("Instansi", shown.recap.agency or "–"), *shown.facts()]:
        sheet.append([_cell(sheet, TEXT, label), _cell(sheet, TEXT, text)])


def _set_page(sheet: Any) -> None:
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.orientation = "landscape"


def _cell(sheet: Any, look: str, value: Any) -> Any:
    cell = WriteOnlyCell(sheet)
    cell.style = look
    if isinstance(value, str):
        put_text(cell, value)
    else:
        cell.value = value
    return cell
