"""The lines of an LKE that shows several stages side by side, as plain strings. Pure over `Lke`."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from assessment import rules
from assessment.models import Stage
from assessment.scoring import NOTHING, Check, Given, Score
from assessment.trace import answer_text, comma
from assessment.worksheet import Criterion, Node

from .lke import Lke, Side
from .rows import LABELS, answer_of, figure_of, heading, meaning_of, note_of, points_of, remarks_of

MEANINGS = 2  # with more stages the column is too narrow for what answers mean
MET, MISSED = "✓", "✗"


@dataclass(frozen=True, slots=True)
class Cell:
    """What one stage has in a line; `differs` marks a reviewer's answer that is not the unit's."""

    answer: str = ""
    score: str = ""
    differs: bool = False
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class BesideRow:
    level: str
    marker: str
    title: str
    weight: str = ""
    cells: list[Cell] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    @property
    def is_heading(self) -> bool:
        return self.level in {"component", "section", "area", "subarea"}


@dataclass(frozen=True, slots=True)
class Total:
    """One stage's total, as the cover and the last line show it."""

    name: str
    total: str
    answered: str
    differs: str  # how many criteria are answered otherwise than by the unit; "" for the unit


@dataclass(frozen=True, slots=True)
class SumRow:
    title: str
    weight: str
    points: list[tuple[str, str]]  # of each stage: points and percent
    difference: str
    is_sum: bool


@dataclass(frozen=True, slots=True)
class LimitRow:
    """One threshold of one predicate, held against every stage: figure and mark."""

    label: str
    minimum: str
    held: list[tuple[str, str]]
    decides: bool


@dataclass(frozen=True, slots=True)
class Limits:
    label: str
    is_target: bool
    outcomes: list[tuple[str, bool]]  # stage and whether it fulfils everything
    rows: list[LimitRow]


def totals_of(lke: Lke) -> list[Total]:
    return [_total(lke, side) for side in lke.sides]


def _total(lke: Lke, side: Side) -> Total:
    result = side.result
    differs = [code for code in result.values if is_different(lke, side, code)]
    said = "" if side.stage == lke.stage else f"{len(differs)} kriteria berbeda dari {lke.sides[0].name.lower()}"
    return Total(side.name, comma(result.total), f"{result.answered} dari {len(result.values)} terjawab", said)


def is_different(lke: Lke, side: Side, code: str) -> bool:
    """Tell whether a stage answers a criterion, and otherwise than the LKE's own."""
    theirs = side.result.given.get(code)
    if side.stage == lke.stage or theirs is None or not rules.is_given(theirs):
        return False
    return not rules.same_answer(lke.result.given.get(code, NOTHING), theirs)


def sum_rows(lke: Lke) -> list[SumRow]:
    """Return components, sections, the six areas with both halves together, and the total."""
    worksheet = lke.result.worksheet
    rows = [
        _sum(lke, (node,), node.name, is_sum=node.level == "component")
        for root in worksheet.roots
        for node in (root, *(n for n in root.children if n.level == "section"))
    ]
    rows += [_sum(lke, parts, heading(parts[0])) for parts in worksheet.areas.values()]
    return [*rows, _sum(lke, worksheet.roots, "Nilai total", is_sum=True)]


def _sum(lke: Lke, nodes: tuple[Node, ...], title: str, *, is_sum: bool = False) -> SumRow:
    weight = sum((Fraction(n.weight) for n in nodes), Fraction(0))
    scores = [points_of(side.result, nodes) for side in lke.sides]
    points = [(comma(score), f"{comma(score / weight * 100 if weight else weight)}%") for score in scores]
    gap = scores[-1] - scores[0]
    sign = "+" if gap > 0 else "−" if gap < 0 else ""
    return SumRow(title, comma(weight), points, f"{sign}{comma(abs(gap))}", is_sum)


def limits_of(lke: Lke) -> list[Limits]:
    """Return the thresholds of each predicate, the target's first."""
    names = sorted(lke.result.worksheet.predicates, key=lambda name: name != lke.target)
    return [
        Limits(
            LABELS.get(name, name),
            name == lke.target,
            [(side.name, side.result.passed(name)) for side in lke.sides],
            list(_limit_rows(lke, name)),
        )
        for name in names
    ]


def _limit_rows(lke: Lke, predicate: str) -> Iterator[LimitRow]:
    for checks in zip(*(side.result.checks_of(predicate) for side in lke.sides), strict=True):
        first = checks[0]
        yield LimitRow(first.name, figure_of(first, first.minimum), [_held(c) for c in checks], first.decides)


def _held(check: Check) -> tuple[str, str]:
    return figure_of(check, check.value), MET if check.passed else MISSED


def beside_rows(lke: Lke) -> list[BesideRow]:
    """Return the whole worksheet, line by line."""
    return [row for root in lke.result.worksheet.roots for row in _node_rows(lke, root)]


def _node_rows(lke: Lke, node: Node) -> Iterator[BesideRow]:
    cells = [_scored(side.result.nodes[node.code]) for side in lke.sides]
    yield BesideRow(node.level, node.marker, node.title, comma(node.weight), cells)
    for child in node.children:
        yield from _node_rows(lke, child)
    for criterion in node.criteria:
        yield from _criterion_rows(lke, criterion)


def _scored(score: Score) -> Cell:
    return Cell(f"{comma(score.percent)}%", comma(score.score))


def _criterion_rows(lke: Lke, criterion: Criterion) -> Iterator[BesideRow]:
    code, weight = criterion.code, criterion.weight
    cells = [_cell(lke, side, criterion) for side in lke.sides]
    yield BesideRow(
        "criterion", criterion.marker, criterion.title, comma(weight) if weight is not None else "", cells,
        list(_said(lke, criterion)),
    )  # fmt: skip
    for quantity in criterion.quantities:
        counts = [_count(side.result.given.get(code, NOTHING), quantity.number) for side in lke.sides]
        own = counts[0]
        yield BesideRow("count", "–", quantity.title, cells=[Cell(c, differs=bool(c) and c != own) for c in counts])
    for side in lke.sides:
        if note := note_of(side.notes.get(code, "")):
            yield BesideRow("note", f"Catatan {side.name}:", note)


def _count(given: Given, number: int) -> str:
    count = given.counts[number - 1] if number <= len(given.counts) else None
    return "" if count is None else str(count)


def _cell(lke: Lke, side: Side, criterion: Criterion) -> Cell:
    result = side.result
    value, given = result.values[criterion.code], result.given.get(criterion.code, NOTHING)
    weighted = result.nodes.get(criterion.code)
    if not value.is_answered:
        return Cell(answer_of(criterion, value, answer_text(criterion, given)), is_open=True)
    score = weighted.score if weighted else value.value or Fraction(0)
    text = answer_of(criterion, value, answer_text(criterion, given))
    return Cell(text, comma(score), is_different(lke, side, criterion.code))


def _said(lke: Lke, criterion: Criterion) -> Iterator[str]:
    """Say what the answers mean; of the other stages only where they differ."""
    for side in lke.sides:
        given, value = side.result.given.get(criterion.code, NOTHING), side.result.values[criterion.code]
        own = side.stage == lke.stage
        if len(lke.sides) > MEANINGS:  # no room
            pass
        elif own or is_different(lke, side, criterion.code):
            text = meaning_of(criterion, given.choice, value)
            yield from [text if own else f"{side.name}: {text}"] if text else []
        yield from (f"{side.name}: {remark}" for remark in remarks_of(criterion, given, value))


def judge_of(lke: Lke) -> str:
    """Return the last stage inside the agency that judged what is shown, "" where it is the unit's alone."""
    judges = [side.stage for side in lke.sides if side.stage in {Stage.PRELIM, Stage.TPI}]
    return judges[-1] if judges else ""


def weight_of(lke: Lke) -> Decimal:
    return sum((root.weight for root in lke.result.worksheet.roots), Decimal(0))
