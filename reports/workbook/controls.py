"""What guides a person who fills the sheet: dropdowns, limits, marks on entries that do not count, protection."""

from collections import defaultdict

from openpyxl.formatting.rule import FormulaRule, Rule
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from assessment.rules import COUNT_MAXIMUM
from assessment.worksheet import INDEX, PCT

from . import formulas
from .blocks import Block, Columns
from .plan import Kind, Plan, Row
from .styles import AMBER_FILL, RED, RED_FILL

COUNT = "COUNT"
NOTE_LIMIT = 5000


def add_controls(sheet: Worksheet, plan: Plan, columns: Columns) -> None:
    """Add a validation and a mark for every kind of answer, and protect everything that is not an input.

    Where another stage's answer is not the unit's, it is marked too.
    """
    for block in columns.blocks:
        if block.side.is_open:
            _guide(sheet, plan, block)
        if not block.is_main:
            _mark_differences(sheet, plan, columns.main, block)
    protect(sheet)


def _guide(sheet: Worksheet, plan: Plan, block: Block) -> None:
    for rows in _inputs(plan).values():
        cells = " ".join(f"{block.k}{row.number}" for row in rows)
        validation = _validation(rows[0])
        sheet.add_data_validation(validation)
        for row in rows:
            validation.add(f"{block.k}{row.number}")
        sheet.conditional_formatting.add(cells, _mark(block, rows[0]))
    _limit_notes(sheet, plan, block)


def _mark_differences(sheet: Worksheet, plan: Plan, main: Block, block: Block) -> None:
    rows = [row.number for row in plan.rows if row.kind in {Kind.CRITERION, Kind.COUNT}]
    theirs, ours = f"{block.k}{rows[0]}", f"{main.k}{rows[0]}"
    fill = PatternFill("solid", start_color=AMBER_FILL, end_color=AMBER_FILL)
    rule = FormulaRule([f'AND({theirs}<>"",{theirs}<>{ours})'], font=Font(bold=True), fill=fill)
    sheet.conditional_formatting.add(" ".join(f"{block.k}{number}" for number in rows), rule)


def protect(sheet: Worksheet) -> None:
    """Lock the sheet against accidents: no password, rows and columns may still be resized."""
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False
    sheet.protection.formatRows = False


def _inputs(plan: Plan) -> dict[object, list[Row]]:
    """Return the rows with an input by what may be entered there."""
    found: dict[object, list[Row]] = defaultdict(list)
    for row in plan.rows:
        if row.kind == Kind.COUNT:
            found[COUNT].append(row)
        elif row.kind == Kind.CRITERION and row.criterion and row.criterion.answer_type != PCT:
            found[_labels(row) or INDEX].append(row)
    return found


def _labels(row: Row) -> tuple[str, ...]:
    return tuple(choice.label for choice in row.criterion.choices) if row.criterion else ()


def _validation(row: Row) -> DataValidation:
    if row.kind == Kind.COUNT:
        rule = DataValidation("whole", "0", str(COUNT_MAXIMUM), operator="between")
        message = "Isi dengan bilangan bulat, 0 atau lebih."
    elif row.criterion and row.criterion.answer_type == INDEX:
        rule = DataValidation("decimal", "0", "4", operator="between")
        message = "Isi dengan indeks antara 0 dan 4."
    else:
        labels = _labels(row)
        rule = DataValidation("list", f'"{",".join(labels)}"')
        message = f"Pilih salah satu: {', '.join(labels)}."
    rule.allow_blank = True
    rule.showErrorMessage = True
    rule.errorTitle = "Jawaban tidak dapat dipakai"
    rule.error = message
    return rule


def _mark(block: Block, row: Row) -> Rule:
    """Mark an entry that counts as unanswered although something stands there."""
    cell = f"{block.k}{row.number}"
    if row.kind == Kind.COUNT:
        counts = f"IF(ISNUMBER({cell}),AND({cell}>=0,{cell}=INT({cell})),FALSE)"
    else:
        assert row.criterion is not None  # noqa: S101
        counts = formulas.is_answered(row.criterion, cell)
    fill = PatternFill("solid", start_color=RED_FILL, end_color=RED_FILL)
    return FormulaRule([f"AND(NOT(ISBLANK({cell})),NOT({counts}))"], font=Font(color=RED), fill=fill)


def _limit_notes(sheet: Worksheet, plan: Plan, block: Block) -> None:
    rule = DataValidation("textLength", str(NOTE_LIMIT), operator="lessThanOrEqual", allow_blank=True)
    rule.showErrorMessage = True
    rule.errorTitle = "Catatan terlalu panjang"
    rule.error = f"Catatan paling panjang {NOTE_LIMIT} karakter."
    for row in plan.rows:
        if row.kind == Kind.CRITERION:
            rule.add(f"{block.n}{row.number}")
    sheet.add_data_validation(rule)
