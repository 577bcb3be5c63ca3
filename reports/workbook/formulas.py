"""The formulas of the sheet `LKE ZI`. Pure: text out, from a plan of rows.

They say what `assessment.scoring` says, for whatever a person types as an answer: what the portal would refuse
(a letter that is no choice, text or a fraction as a count, an index of 7) counts as unanswered. A `Block` says which
stage's columns they read; K, L and O below are those of the LKE's own.
"""

from collections.abc import Iterable

from openpyxl.utils import get_column_letter

from assessment.trace import ZERO_UNDECIDED_TEXT
from assessment.worksheet import INDEX, PCT, Choice, Criterion, Node

from .blocks import Block
from .plan import WEIGHT, Plan, Row

H = get_column_letter(WEIGHT)
FINEST, TOTAL, RATIO = 14, 9, 10  # digits after the point, see `noiseless`


def points(plan: Plan, block: Block, criterion: Criterion) -> str:
    """Return column L of a criterion: its value, times its weight if it has one of its own."""
    row = plan.row_of[criterion.code]
    value = _value(criterion, f"{block.k}{row}")
    return f"={value}" if criterion.weight is None else f"={noiseless(f'{value}*{H}{row}', FINEST)}"


def provisional(plan: Plan, block: Block, criterion: Criterion) -> str:
    """Return column O of a criterion: column L, but empty while unanswered, so that averages leave it out."""
    row = plan.row_of[criterion.code]
    if criterion.weight is not None:
        return f"={block.l}{row}"
    return f'=IF({is_answered(criterion, f"{block.k}{row}")},{block.l}{row},"")'


def is_answered(criterion: Criterion, cell: str) -> str:
    """Return the condition that `cell` holds an answer which counts."""
    if criterion.answer_type == PCT:
        return f'{cell}<>""'
    if criterion.answer_type == INDEX:
        return is_index(cell)
    names = [f'UPPER(TRIM({cell}))="{choice.label.upper()}"' for choice in criterion.choices]
    return f"IFERROR(OR({','.join(names)}),FALSE)"


def is_index(cell: str) -> str:
    return f"IF(ISNUMBER({cell}),AND({cell}>=0,{cell}<=4),FALSE)"


def _value(criterion: Criterion, cell: str) -> str:
    if criterion.answer_type == PCT:
        return f"IF(ISNUMBER({cell}),MAX(0,MIN(1,{cell})),0)"
    if criterion.answer_type == INDEX:
        return f"IF({is_index(cell)},{cell}/4,0)"
    return f"IFERROR({_choice_value(criterion.choices, cell)},0)"


def _choice_value(choices: tuple[Choice, ...], cell: str) -> str:
    formula = "0"
    for choice in reversed(choices):
        formula = f'IF(UPPER(TRIM({cell}))="{choice.label.upper()}",{_number(choice)},{formula})'
    return formula


def _number(choice: Choice) -> str:
    return f"{choice.value.normalize():f}"


def ratio(plan: Plan, block: Block, criterion: Criterion) -> str:
    """Return column K of a percentage: empty until all its counts are whole numbers from 0 on."""
    assert criterion.formula is not None  # noqa: S101  a percentage has one
    cells = {q.number: f"{block.k}{plan.row_of[q.code]}" for q in criterion.quantities}
    counts = ",".join(cells.values())
    top, bottom = criterion.formula.render(lambda number: cells[number])
    fractions = ",".join(f"{cell}<>INT({cell})" for cell in cells.values())
    ready = f"IF({bottom}=0,{_zero(plan, block, criterion, top)},({top})/({bottom}))"
    checked = f'IF(OR(MIN({counts})<0,{fractions}),"",{ready})'
    return f'=IF(COUNT({counts})<{len(cells)},"",{checked})'


def _zero(plan: Plan, block: Block, criterion: Criterion, top: str) -> str:
    """Return what a zero denominator gives: the rule of the criterion, else what TPI set, else a remark."""
    if criterion.zero_rule == "full":
        return f"IF({top}<0,0,1)"
    row = plan.ratio_row_of.get((criterion.code, block.side.stage))
    return f"{block.k}{row}" if row else f'"{ZERO_UNDECIDED_TEXT}"'


def group_sum(plan: Plan, block: Block, row: Row) -> str:
    """Return the sum of a group of counts; empty until all are given."""
    assert row.criterion is not None  # noqa: S101  a group belongs to one
    codes = [q.code for q in row.criterion.quantities if q.number in row.members]
    counts = ",".join(f"{block.k}{plan.row_of[code]}" for code in codes)
    return f'=IF(COUNT({counts})<{len(codes)},"",SUM({counts}))'


def node_points(plan: Plan, block: Block, node: Node) -> str:
    """Return column L of a node: the average of its plain criteria times its weight, and its weighted parts."""
    row, plain = plan.row_of[node.code], _plain(node)
    terms = [f"AVERAGE({_cells(plan, block.l, plain)})*{H}{row}"] if plain else []
    return _sum(terms, _cells(plan, block.l, _weighted(node)), digits_of(node))


def node_provisional(plan: Plan, block: Block, node: Node) -> str:
    """Return column O of a node: as column L, over what is answered."""
    row, cells = plan.row_of[node.code], _cells(plan, block.o, _plain(node))
    terms = [f"IF(COUNT({cells})=0,0,AVERAGE({cells})*{H}{row})"] if cells else []
    return _sum(terms, _cells(plan, block.o, _weighted(node)), digits_of(node))


def total(plan: Plan, column: str) -> str:
    cells = _cells(plan, column, [root.code for root in plan.worksheet.roots])
    return f"={noiseless(f'SUM({cells})', TOTAL)}"


def share(row: int, column: str) -> str:
    """Return the part of the row's weight that `column` reaches."""
    return f"={ratio_of(f'{column}{row}', f'{H}{row}')}"


def ratio_of(part: str, whole: str) -> str:
    """Return a formula's text for part ÷ whole, 0 where the whole is 0."""
    return f"IF({whole}=0,0,{noiseless(f'{part}/{whole}', RATIO)})"


def noiseless(formula: str, digits: int) -> str:
    """Take the noise of binary fractions away: 7.574999999999999 would be shown as 7.57 although 7.575 is meant.

    A sum of figures that were rounded themselves must be rounded more coarsely than they were: three thirds that each
    end after 12 digits add up to 5.454999999999 where 5.455 is meant.
    """
    return f"ROUND({formula},{digits})"


def digits_of(node: Node) -> int:
    """Return after how many digits a node's points end: each level of sums one digit earlier."""
    return FINEST - _height(node)


def _height(node: Node) -> int:
    return 1 + max(map(_height, node.children)) if node.children else 0


def _sum(terms: list[str], parts: str, digits: int) -> str:
    whole = "+".join([*terms, *([f"SUM({parts})"] if parts else [])])
    return f"={noiseless(whole or '0', digits)}"


def _plain(node: Node) -> list[str]:
    return [c.code for c in node.criteria if c.weight is None]


def _weighted(node: Node) -> list[str]:
    return [child.code for child in node.children] + [c.code for c in node.criteria if c.weight is not None]


def _cells(plan: Plan, column: str, codes: Iterable[str]) -> str:
    return ",".join(f"{column}{plan.row_of[code]}" for code in codes)
