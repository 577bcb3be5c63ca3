"""The sheet `LKE ZI`: the ministry's layout, filled, with a live formula for every figure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils import formats, timezone
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter

from assessment.worksheet import PCT, Criterion

from ..lke import Lke
from . import formulas
from .block_cells import BlockWriter
from .blocks import NOTE_WIDTH, Block, Columns
from .evidence_cells import CellEvidence, evidence_by_criterion
from .plan import (
    CODE,
    FIRST_MARK,
    GUIDE,
    HEADER_ROW,
    KIND,
    LAST_COLUMN,
    LAST_TEXT,
    WEIGHT,
    Kind,
    Plan,
    Row,
)
from .sheet import Sheet
from .styles import NAVY, SIZE
from .text import line_count, row_height
from .values import guide_text, kind_text

WIDTHS = {
    "A": 16.0, "B": 3.0, "C": 3.0, "D": 3.0, "E": 3.4, "F": 3.4, "G": 37.0, "H": 7.6, "I": 50.0, "J": 10.0,
    "K": 12.5, "L": 8.0, "M": 9.8, "N": 32.0, "O": 10.4, "P": 10.4,
}  # fmt: skip
TITLE_SIZE = 13.0
LEFT, RIGHT = (sum(WIDTHS[letter] for letter in letters) for letters in ("BCDEFGHI", "JKLMNOP"))
INDENT = 1.6  # what one step of indentation takes of a column's width


@dataclass(frozen=True)
class Page:
    """What every row of the sheet is written from."""

    sheet: Sheet
    lke: Lke
    plan: Plan
    columns: Columns
    evidence: Mapping[str, CellEvidence] = field(default_factory=dict)


def write_lke_sheet(sheet: Sheet, lke: Lke, plan: Plan, columns: Columns) -> None:
    """Fill the sheet."""
    sheet.widths(WIDTHS | columns.widths())
    sheet.worksheet.column_dimensions["A"].hidden = True
    page = Page(sheet, lke, plan, columns, evidence_by_criterion(lke))
    _write_title(sheet, lke)
    _write_header(page)
    writers = [BlockWriter(sheet, plan, block) for block in columns.blocks]
    for row in plan.rows:
        _write_row(page, writers, row)


def printed_text(lke: Lke) -> str:
    """Return when the workbook was made: "22 November 2026 18.46 WIB"."""
    local = timezone.localtime(lke.printed_at)
    return f"{formats.date_format(local, 'j F Y H.i')} {local:%Z}"


def _write_title(sheet: Sheet, lke: Lke) -> None:
    sheet.plain(1, FIRST_MARK, "LEMBAR KERJA EVALUASI (LKE) ZONA INTEGRITAS", size=TITLE_SIZE, bold=True, color=NAVY)
    sheet.merge(1, FIRST_MARK, LAST_COLUMN)
    parent = f", {lke.parent_name}" if lke.parent_name else ""
    lines = (
        (f"Unit kerja: {lke.unit_name} ({lke.unit_code}){parent}", f"Periode: {lke.period_name}"),
        (
            f"Target predikat: {lke.target_label}. Tahap penilaian: {lke.stage_labels}. Status: {lke.state_label}.",
            f"Dibuat: {printed_text(lke)}",
        ),
    )
    for number, (left, right) in enumerate(lines, start=2):
        for first, last, text in ((FIRST_MARK, GUIDE, left), (KIND, LAST_COLUMN, right)):
            cell = sheet.plain(number, first, text, size=10, bold=number == 2 and first == FIRST_MARK)
            cell.alignment = Alignment(wrap_text=True, vertical="center")
            sheet.merge(number, first, last)
        sheet.height(number, max(line_count(left, LEFT, 10, True), line_count(right, RIGHT, 10)), 10)
    sheet.height(1, 1, 16)


def _write_header(page: Page) -> None:
    heads = page.columns.heads() | {
        CODE: "Kode", FIRST_MARK: "Penilaian", WEIGHT: "Bobot", GUIDE: "Penjelasan", KIND: "Pilihan Jawaban",
    }  # fmt: skip
    for column in range(CODE, page.columns.last + 1):
        page.sheet.text(HEADER_ROW, column, heads.get(column, ""), "head", "middle")
    page.sheet.merge(HEADER_ROW, FIRST_MARK, LAST_TEXT)
    page.sheet.height(HEADER_ROW, 2, SIZE)


def _write_row(page: Page, writers: list[BlockWriter], row: Row) -> None:
    tone, sheet = _tone(row), page.sheet
    sheet.text(row.number, CODE, row.code, tone)
    sheet.blank(row.number, range(FIRST_MARK, LAST_TEXT + 1), tone, "gap")
    sheet.blank(row.number, range(WEIGHT, page.columns.last + 1), tone)
    _write_place(sheet, row, tone)
    _write_weight(page, row, tone)
    if row.kind == Kind.CRITERION and row.criterion is not None:
        _write_criterion(page, row, row.criterion, tone)
    elif row.kind in {Kind.COUNT, Kind.RATIO}:
        sheet.text(row.number, KIND, "Jumlah" if row.kind == Kind.COUNT else "%", tone, "center")
        sheet.text(row.number, GUIDE, row.quantity.help if row.quantity else "", tone)
    elif row.kind == Kind.GROUP:
        sheet.text(row.number, KIND, "Jumlah", tone, "center")
    for writer in writers:
        writer.write(row, tone)
    sheet.worksheet.row_dimensions[row.number].height = _height(page, row)


def _write_weight(page: Page, row: Row, tone: str) -> None:
    owner = row.node or (row.criterion if row.kind == Kind.CRITERION else None)
    if row.kind == Kind.TOTAL:
        weight = float(sum(root.weight for root in page.plan.worksheet.roots))
        page.sheet.formula(row.number, WEIGHT, formulas.total(page.plan, formulas.H), weight, tone, "decimal")
    elif owner is not None and owner.weight is not None:
        page.sheet.number(row.number, WEIGHT, owner.weight, tone, "decimal")


def _tone(row: Row) -> str:
    if row.node is not None:
        return row.node.level
    if row.kind in {Kind.TOTAL, Kind.CRITERION}:
        return row.kind
    return "count"


def _write_place(sheet: Sheet, row: Row, tone: str) -> None:
    """Write marker and text of the hierarchy, each level one column further right."""
    if row.marker:
        sheet.text(row.number, row.column, row.marker, tone, "mark")
    first = row.column + 1 if row.marker else row.column
    sheet.text(row.number, first, row.text, tone, _text_role(row))
    sheet.merge(row.number, first, LAST_TEXT)


def _text_role(row: Row) -> str:
    return f"place{row.indent or ''}"


def _write_criterion(page: Page, row: Row, criterion: Criterion, tone: str) -> None:
    sheet, found = page.sheet, page.evidence.get(criterion.code)
    sheet.text(row.number, GUIDE, guide_text(criterion), tone)
    sheet.text(row.number, KIND, kind_text(criterion), tone, "center")
    if found is not None:
        sheet.link(row.number, page.columns.evidence, found.titles, found.url, tone)
        sheet.text(row.number, page.columns.verdict, found.verdicts, tone)


def _height(page: Page, row: Row) -> float:
    """Return the height that shows every text of the row."""
    letters = [get_column_letter(c) for c in range(row.column + bool(row.marker), LAST_TEXT + 1)]
    bold = row.node is not None or row.kind == Kind.TOTAL
    width = sum(WIDTHS[x] for x in letters) - INDENT * row.indent
    lines = [line_count(row.text, width, SIZE, bold)]
    if row.quantity is not None:
        lines.append(line_count(row.quantity.help, WIDTHS["I"], SIZE))
    elif row.kind == Kind.CRITERION and row.criterion is not None:
        lines.append(line_count(guide_text(row.criterion), WIDTHS["I"], SIZE))
        lines.append(3 if row.criterion.answer_type == PCT else 1)
        lines += [line_count(b.side.notes.get(row.code, ""), note_width(b), SIZE) for b in page.columns.blocks]
        if row.code in page.evidence:
            lines.append(page.evidence[row.code].lines)
    return row_height(max(lines), SIZE)


def note_width(block: Block) -> float:
    """Return the width of a stage's column of notes."""
    return WIDTHS["N"] if block.is_main else NOTE_WIDTH
