"""The lines of a printed LKE, as plain strings. Pure over `Lke`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from assessment import rules
from assessment.scoring import NOTHING, Check, Given, Result, Rule, Value, percent_of, shown
from assessment.trace import ZERO_UNDECIDED_TEXT, answer_text, comma, percent, plain
from assessment.worksheet import Criterion, Node

from .lke import Lke


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """One line of the LKE table: a heading (`level` names it), a criterion, a count, or the note on a criterion."""

    level: str
    marker: str
    title: str
    weight: str = ""
    answer: str = ""
    meaning: str = ""  # what the answer says: the rubric, the formula with its numbers
    score: str = ""
    percent: str = ""
    progress: str = ""
    remarks: list[str] = field(default_factory=list)

    @property
    def is_heading(self) -> bool:
        return self.level in {"component", "section", "area", "subarea"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether one predicate's thresholds are reached."""

    code: str  # "WBK"
    label: str
    is_target: bool
    passed: bool


@dataclass(frozen=True, slots=True)
class Held:
    """One threshold of one predicate: "60,00%" and "Terpenuhi" or "Kurang 9,67%"; empty where it has none."""

    minimum: str = ""
    outcome: str = ""
    passed: bool = False


@dataclass(frozen=True, slots=True)
class ThresholdLine:
    """One figure held against the thresholds of every predicate, in the order of the verdicts."""

    name: str
    label: str  # the name as it is printed: below its area, a part is only called "Reform"
    value: str
    held: tuple[Held, ...]
    decides: bool

    @property
    def is_part(self) -> bool:
        return self.label != self.name


@dataclass(frozen=True, slots=True)
class SummaryRow:
    title: str
    weight: str
    fulfilment: str  # Pemenuhan, "" where there is none
    reform: str
    score: str
    percent: str
    is_sum: bool


NOTE_LINES = 30

LABELS = {"WBK": "Menuju WBK", "WBBM": "Menuju WBBM"}


def verdicts(lke: Lke) -> list[Verdict]:
    """Return what each predicate's thresholds come to."""
    result = lke.result
    return [
        Verdict(name, LABELS.get(name, name), name == lke.target, result.passed(name))
        for name in result.worksheet.predicates
    ]


def threshold_lines(lke: Lke) -> list[ThresholdLine]:
    """Return the figures that have thresholds, each held against all predicates."""
    by_figure: dict[tuple[str, str, str], dict[str, Check]] = {}
    for check in lke.result.checks:
        by_figure.setdefault((check.measure, check.subject, check.name), {})[check.predicate] = check
    lines = []
    names = {t.name for t in lke.result.worksheet.thresholds}
    for checks in by_figure.values():
        first = next(iter(checks.values()))
        held = tuple(_held(checks.get(name)) for name in lke.result.worksheet.predicates)
        # A part of an area is no threshold of its own: its name is the area's, with the section's in brackets.
        label = first.name if first.name in names else f"{first.name.rpartition('(')[2].removesuffix(')')} saja"
        lines.append(ThresholdLine(first.name, label, figure_of(first, first.value), held, first.decides))
    return lines


def _held(check: Check | None) -> Held:
    if check is None:
        return Held()
    missing = "Belum" if check.measure == "award" else f"Kurang {figure_of(check, check.gap)}"
    return Held(figure_of(check, check.minimum), "Terpenuhi" if check.passed else missing, check.passed)


def figure_of(check: Check, number: Decimal) -> str:
    if check.measure == "award":
        return "Ya" if number else "Belum"
    return comma(number) + ("%" if check.measure == "area" else "")


def summary_rows(lke: Lke) -> list[SummaryRow]:
    """Return the six areas (Pemenuhan, Reform, together), the sections of Hasil and the sums."""
    worksheet = lke.result.worksheet
    rows: list[SummaryRow] = []
    for root in worksheet.roots:
        keys = list(dict.fromkeys(node.area_key for node in root.walk() if node.area_key))
        if keys:
            rows += [_summary(lke, worksheet.areas[key], heading(worksheet.areas[key][0])) for key in keys]
        else:
            rows += [_summary(lke, (section,), heading(section), halves=()) for section in root.children]
        rows.append(_summary(lke, (root,), root.name, halves=root.children if keys else (), is_sum=True))
    rows.append(_summary(lke, worksheet.roots, "Nilai total", halves=(), is_sum=True))
    return rows


def points_of(result: Result, nodes: Sequence[Node]) -> Fraction:
    """Return the points of some nodes together."""
    return sum((result.nodes[n.code].score for n in nodes), Fraction(0))


def heading(node: Node) -> str:
    return f"{node.marker}. {node.name}"


def _summary(
    lke: Lke, nodes: Sequence[Node], title: str, *, halves: Sequence[Node] | None = None, is_sum: bool = False
) -> SummaryRow:
    """Sum some nodes into one line; `halves` are shown as Pemenuhan and Reform, the nodes themselves if None."""
    scores = [lke.result.nodes[n.code] for n in nodes]
    points = points_of(lke.result, nodes)
    weight = sum((Fraction(s.weight) for s in scores), Fraction(0))
    shares = [comma(lke.result.nodes[n.code].score) for n in (nodes if halves is None else halves)]
    fulfilment, reform = [*shares, "", ""][:2]
    share = comma(percent_of(scores))
    return SummaryRow(title, comma(weight), fulfilment, reform, comma(points), f"{share}%", is_sum)


def table_rows(lke: Lke) -> list[PrintedRow]:
    """Return the whole worksheet, line by line."""
    return [row for root in lke.result.worksheet.roots for row in _node_rows(lke, root)]


def _node_rows(lke: Lke, node: Node) -> Iterator[PrintedRow]:
    scored = lke.result.nodes[node.code]
    yield PrintedRow(
        node.level,
        node.marker,
        node.title,
        weight=comma(scored.weight),
        score=comma(scored.score),
        percent=f"{comma(scored.percent)}%",
        progress=f"{scored.answered} dari {scored.total} terjawab · sementara {comma(scored.provisional)}",
    )
    for child in node.children:
        yield from _node_rows(lke, child)
    for criterion in node.criteria:
        yield from _criterion_rows(lke, criterion)


def _criterion_rows(lke: Lke, criterion: Criterion) -> Iterator[PrintedRow]:
    result = lke.result
    given = result.given.get(criterion.code, NOTHING)
    value = result.values[criterion.code]
    weighted = result.nodes.get(criterion.code)
    yield PrintedRow(
        "criterion",
        criterion.marker,
        criterion.title,
        weight=comma(criterion.weight) if criterion.weight is not None else "",
        answer=answer_of(criterion, value, answer_text(criterion, given)),
        meaning=meaning_of(criterion, given.choice, value),
        score=(comma(weighted.score) if weighted else comma(value.value or Fraction(0))) if value.is_answered else "",
        percent=percent(value.value) if value.value is not None else "",
        remarks=remarks_of(criterion, given, value),
    )
    for quantity, count in zip(
        criterion.quantities, (*given.counts, *[None] * len(criterion.quantities)), strict=False
    ):
        yield PrintedRow("count", "–", quantity.title, answer="" if count is None else str(count))
    if note := note_of(lke.notes.get(criterion.code, "")):
        yield PrintedRow("note", "", note)


def note_of(text: str) -> str:
    """Leave out empty lines; run the lines together where they would fill pages."""
    lines = [line for raw in text.splitlines() if (line := _printable(raw))]
    return ("\n" if len(lines) <= NOTE_LINES else " · ").join(lines)


def _printable(text: str) -> str:
    """Leave out what has no shape of its own, such as marks that turn the direction of what follows."""
    return "".join(c if c.isprintable() else " " if c.isspace() else "" for c in text).strip()


def answer_of(criterion: Criterion, value: Value, text: str) -> str:
    if criterion.quantities:
        return percent(value.value) if value.value is not None else "belum lengkap"
    return text or "belum dijawab"


def meaning_of(criterion: Criterion, choice: str, value: Value) -> str:
    if criterion.formula is not None:
        clipped = value.raw is not None and value.raw != value.value
        limit = f"; hasil {plain(shown(value.raw * 100))}% dibatasi" if clipped and value.raw is not None else ""
        return f"Rumus {criterion.formula.text}, n1 = jumlah pertama{limit}"
    found = criterion.choice(choice)
    return found.text if found else ""


def remarks_of(criterion: Criterion, given: Given, value: Value) -> list[str]:
    """Return what is to be looked at in an answer, and the ratio that was set by hand."""
    return [*rules.remarks(criterion, given), *_set_ratio(value, given.reason)]


def _set_ratio(value: Value, reason: str) -> list[str]:
    if value.rule != Rule.RATIO_SET or value.value is None:
        return []
    return [f"{ZERO_UNDECIDED_TEXT}. Ditetapkan {percent(value.value)}: {_printable(reason)}"]
