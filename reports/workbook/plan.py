"""Which row of the sheet `LKE ZI` holds what. Pure: formulas need the rows of what they refer to beforehand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import groupby

from assessment.models import Stage
from assessment.scoring import NOTHING
from assessment.worksheet import Criterion, Node, Quantity, Worksheet

from ..lke import Lke, Side, stage_name

SHEET = "LKE ZI"
HEADER_ROW = 4  # below the title block

CODE, FIRST_MARK, LAST_TEXT = 1, 2, 7  # A, B … G
WEIGHT, GUIDE, KIND, ANSWER, POINTS, SHARE, NOTE, PROVISIONAL, PROVISIONAL_SHARE = range(8, 17)  # H … P
LAST_COLUMN = PROVISIONAL_SHARE


class Kind(StrEnum):
    NODE = "node"
    CRITERION = "criterion"
    GROUP = "group"  # the sum of the counts below it, as the ministry's LHKPN rows have it
    COUNT = "count"
    RATIO = "ratio"  # what a stage set for a zero denominator
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `column` is where its marker stands; the text follows to the right of it."""

    number: int
    kind: Kind
    code: str
    column: int
    text: str
    marker: str = ""
    node: Node | None = None
    criterion: Criterion | None = None
    quantity: Quantity | None = None
    members: tuple[int, ...] = ()  # numbers of the quantities that it shows or sums
    indent: int = 0
    stage: str = ""  # who set a ratio


@dataclass(frozen=True)
class Plan:
    worksheet: Worksheet
    rows: tuple[Row, ...]
    row_of: dict[str, int] = field(default_factory=dict)  # by code of node, criterion and count
    ratio_row_of: dict[tuple[str, str], int] = field(default_factory=dict)  # by criterion and stage

    @property
    def total_row(self) -> int:
        return self.rows[-1].number


def plan_of(lke: Lke) -> Plan:
    """Lay out an LKE's worksheet from the row below the header on."""
    worksheet = lke.result.worksheet
    drafts = [row for root in worksheet.roots for row in _node_rows(root, 0, lke.sides)]
    drafts.append(Row(0, Kind.TOTAL, "", FIRST_MARK, "NILAI TOTAL"))
    rows = tuple(replace(row, number=number) for number, row in enumerate(drafts, start=HEADER_ROW + 1))
    ratios = {(r.criterion.code, r.stage): r.number for r in rows if r.kind == Kind.RATIO and r.criterion}
    return Plan(worksheet, rows, {r.code: r.number for r in rows if r.code}, ratios)


def _node_rows(node: Node, depth: int, sides: Sequence[Side]) -> Iterator[Row]:
    column = min(FIRST_MARK + depth, LAST_TEXT - 1)
    yield Row(0, Kind.NODE, node.code, column, node.title, node.marker, node=node)
    for child in node.children:
        yield from _node_rows(child, depth + 1, sides)
    for criterion in node.criteria:
        yield from _criterion_rows(criterion, depth + 1, sides)


def _criterion_rows(criterion: Criterion, depth: int, sides: Sequence[Side]) -> Iterator[Row]:
    column = min(FIRST_MARK + depth, LAST_TEXT - 1)
    yield Row(0, Kind.CRITERION, criterion.code, column, criterion.title, criterion.marker, criterion=criterion)
    for title, members in groupby(criterion.quantities, _group_title):
        yield from _quantity_rows(criterion, title, tuple(members))
    for side in sides:
        given = side.result.given.get(criterion.code, NOTHING)
        if given.ratio is not None:
            by = stage_name(Stage.TPI if side.stage == Stage.UNIT else side.stage)
            reason = f"Rasio yang ditetapkan {by} untuk penyebut nol. Alasan: {given.reason}"
            yield Row(
                0, Kind.RATIO, "", LAST_TEXT, reason, criterion=criterion, indent=1, stage=side.stage
            )  # fmt: skip


def _quantity_rows(criterion: Criterion, title: str, members: tuple[Quantity, ...]) -> Iterator[Row]:
    grouped = bool(title) and len(members) > 1
    if grouped:
        numbers = tuple(q.number for q in members)
        yield Row(0, Kind.GROUP, "", LAST_TEXT, f"- {title}", criterion=criterion, members=numbers, indent=1)
    for q in members:
        text = q.title.partition(": ")[2] if grouped else q.title
        yield Row(
            0, Kind.COUNT, q.code, LAST_TEXT, f"- {text}",
            criterion=criterion, quantity=q, members=(q.number,), indent=1 + grouped,
        )  # fmt: skip


def _group_title(quantity: Quantity) -> str:
    """Return what several counts have in common: "Jumlah yang harus melaporkan: Lainnya" belongs to the first part."""
    before, colon, _ = quantity.title.partition(": ")
    return before if colon else ""
