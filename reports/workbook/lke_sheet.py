"""The sheet `LKE ZI`: the ministry's layout, filled, with a live formula for every figure."""

from django.utils import formats, timezone
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter

from assessment.scoring import NOTHING, Given, Score, Value
from assessment.worksheet import INDEX, PCT, Criterion

from ..lke import Lke
from . import formulas
from .plan import (
    ANSWER,
    CODE,
    FIRST_MARK,
    GUIDE,
    HEADER_ROW,
    KIND,
    LAST_COLUMN,
    LAST_TEXT,
    NOTE,
    POINTS,
    PROVISIONAL,
    PROVISIONAL_SHARE,
    SHARE,
    WEIGHT,
    Kind,
    Plan,
    Row,
)
from .sheet import Cached, Sheet
from .styles import NAVY, SIZE
from .text import line_count, row_height
from .values import cached_ratio, guide_text, kind_text

WIDTHS = {
    "A": 16.0, "B": 3.0, "C": 3.0, "D": 3.0, "E": 3.4, "F": 3.4, "G": 37.0, "H": 7.6, "I": 50.0, "J": 10.0,
    "K": 11.5, "L": 8.0, "M": 9.8, "N": 32.0, "O": 10.4, "P": 10.4,
}  # fmt: skip
TITLE_SIZE = 13.0
LEFT, RIGHT = (sum(WIDTHS[letter] for letter in letters) for letters in ("BCDEFGHI", "JKLMNOP"))
INDENT = 1.6  # what one step of indentation takes of a column's width


def write_lke_sheet(sheet: Sheet, lke: Lke, plan: Plan) -> None:
    """Fill the sheet."""
    sheet.widths(WIDTHS)
    sheet.worksheet.column_dimensions["A"].hidden = True
    _write_title(sheet, lke)
    _write_header(sheet, lke)
    for row in plan.rows:
        _write_row(sheet, lke, plan, row)


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
            f"Target predikat: {lke.target_label}. Tahap penilaian: {lke.stage_label}. Status: {lke.state_label}.",
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


def _write_header(sheet: Sheet, lke: Lke) -> None:
    who = "Unit" if lke.stage == "unit" else lke.stage_label
    heads = {
        CODE: "Kode", FIRST_MARK: "Penilaian", WEIGHT: "Bobot", GUIDE: "Penjelasan", KIND: "Pilihan Jawaban",
        ANSWER: f"Jawaban {who}", POINTS: "Nilai", SHARE: "%", NOTE: "Catatan", PROVISIONAL: "Nilai sementara",
        PROVISIONAL_SHARE: "% sementara",
    }  # fmt: skip
    for column in range(CODE, LAST_COLUMN + 1):
        sheet.text(HEADER_ROW, column, heads.get(column, ""), "head", "middle")
    sheet.merge(HEADER_ROW, FIRST_MARK, LAST_TEXT)
    sheet.height(HEADER_ROW, 2, SIZE)


def _write_row(sheet: Sheet, lke: Lke, plan: Plan, row: Row) -> None:
    tone = _tone(row)
    sheet.text(row.number, CODE, row.code, tone)
    sheet.blank(row.number, range(FIRST_MARK, LAST_TEXT + 1), tone, "gap")
    sheet.blank(row.number, range(WEIGHT, LAST_COLUMN + 1), tone)
    _write_place(sheet, row, tone)
    if row.node is not None:
        _write_node(sheet, lke, plan, row, tone)
    elif row.kind == Kind.TOTAL:
        _write_total(sheet, lke, plan, row, tone)
    elif row.kind == Kind.CRITERION:
        _write_criterion(sheet, lke, plan, row, tone)
    else:
        _write_count(sheet, lke, plan, row, tone)
    sheet.worksheet.row_dimensions[row.number].height = _height(lke, row)


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


def _write_node(sheet: Sheet, lke: Lke, plan: Plan, row: Row, tone: str) -> None:
    assert row.node is not None  # noqa: S101
    sheet.number(row.number, WEIGHT, row.node.weight, tone, "decimal")
    live = formulas.node_points(plan, row.node), formulas.node_provisional(plan, row.node)
    _write_scores(sheet, row.number, live, lke.result.nodes[row.code], tone)


def _write_total(sheet: Sheet, lke: Lke, plan: Plan, row: Row, tone: str) -> None:
    result = lke.result
    weight = sum(root.weight for root in plan.worksheet.roots)
    sheet.formula(row.number, WEIGHT, formulas.total(plan, formulas.H), float(weight), tone, "decimal")
    live = formulas.total(plan, formulas.L), formulas.total(plan, formulas.O)
    whole = Score("", weight, result.total, result.provisional_total, 0, 0)  # type: ignore[arg-type]
    _write_scores(sheet, row.number, live, whole, tone)


def _write_scores(sheet: Sheet, row: int, live: tuple[str, str], score: Score, tone: str) -> None:
    """Write points and shares of something weighted, in both readings."""
    for points_column, share_column, formula, value in (
        (POINTS, SHARE, live[0], score.score),
        (PROVISIONAL, PROVISIONAL_SHARE, live[1], score.provisional),
    ):
        sheet.formula(row, points_column, formula, value, tone, "decimal")
        share = float(value) / float(score.weight) if score.weight else 0.0
        live_share = formulas.share(row, get_column_letter(points_column))
        sheet.formula(row, share_column, live_share, share, tone, "percent")


def _write_criterion(sheet: Sheet, lke: Lke, plan: Plan, row: Row, tone: str) -> None:
    criterion = row.criterion
    assert criterion is not None  # noqa: S101
    sheet.text(row.number, GUIDE, guide_text(criterion), tone)
    sheet.text(row.number, KIND, kind_text(criterion), tone, "center")
    _write_answer(sheet, lke, plan, row, criterion)
    sheet.text(row.number, NOTE, lke.notes.get(criterion.code, ""), tone, "in_note")
    live = formulas.points(plan, criterion), formulas.provisional(plan, criterion)
    if criterion.weight is not None:
        sheet.number(row.number, WEIGHT, criterion.weight, tone, "decimal")
        _write_scores(sheet, row.number, live, lke.result.nodes[criterion.code], tone)
    else:
        _write_values(sheet, row.number, live, lke.result.values[criterion.code], tone)


def _write_values(sheet: Sheet, row: int, live: tuple[str, str], value: Value, tone: str) -> None:
    """Write the value of a criterion that is averaged: 0 to 1, empty in the second reading while unanswered."""
    open_value: Cached = float(value.value) if value.value is not None else ""
    sheet.formula(row, POINTS, live[0], open_value or 0.0, tone, "decimal")
    sheet.formula(row, SHARE, f"={formulas.L}{row}", open_value or 0.0, tone, "percent")
    sheet.formula(row, PROVISIONAL, live[1], open_value, tone, "decimal")
    sheet.formula(row, PROVISIONAL_SHARE, f"={formulas.O}{row}", open_value, tone, "percent")


def _write_answer(sheet: Sheet, lke: Lke, plan: Plan, row: Row, criterion: Criterion) -> None:
    given = lke.result.given.get(criterion.code, NOTHING)
    if criterion.answer_type == PCT:
        value = cached_ratio(given, lke.result.values[criterion.code])
        sheet.formula(row.number, ANSWER, formulas.ratio(plan, criterion), value, "criterion", "ratio")
    elif criterion.answer_type == INDEX:
        sheet.number(row.number, ANSWER, given.index, "criterion", "in_index")
    else:
        choice = criterion.choice(given.choice)
        sheet.text(row.number, ANSWER, choice.label if choice else "", "criterion", "in_choice")


def _write_count(sheet: Sheet, lke: Lke, plan: Plan, row: Row, tone: str) -> None:
    assert row.criterion is not None  # noqa: S101
    given = lke.result.given.get(row.criterion.code, NOTHING)
    if row.kind == Kind.RATIO:
        sheet.text(row.number, KIND, "%", tone, "center")
        sheet.number(row.number, ANSWER, given.ratio, tone, "percent")
        return
    sheet.text(row.number, KIND, "Jumlah", tone, "center")
    counts = [_count(given, number) for number in row.members]
    if row.kind == Kind.GROUP:
        whole = [n for n in counts if n is not None]
        value: Cached = float(sum(whole)) if len(whole) == len(counts) else ""
        sheet.formula(row.number, ANSWER, formulas.group_sum(plan, row), value, tone, "whole")
    elif row.quantity is not None:
        sheet.text(row.number, GUIDE, row.quantity.help, tone)
        sheet.number(row.number, ANSWER, counts[0], tone, "in_count")


def _count(given: Given, number: int) -> int | None:
    return given.counts[number - 1] if number <= len(given.counts) else None


def _height(lke: Lke, row: Row) -> float:
    """Return the height that shows every text of the row."""
    letters = [get_column_letter(c) for c in range(row.column + bool(row.marker), LAST_TEXT + 1)]
    bold = row.node is not None or row.kind == Kind.TOTAL
    width = sum(WIDTHS[x] for x in letters) - INDENT * row.indent
    lines = [line_count(row.text, width, SIZE, bold)]
    if row.quantity is not None:
        lines.append(line_count(row.quantity.help, WIDTHS["I"], SIZE))
    elif row.kind == Kind.CRITERION and row.criterion is not None:
        lines.append(line_count(guide_text(row.criterion), WIDTHS["I"], SIZE))
        lines.append(line_count(lke.notes.get(row.code, ""), WIDTHS["N"], SIZE))
        lines.append(3 if row.criterion.answer_type == PCT else 1)
    return row_height(max(lines), SIZE)
