"""What the comparison shows: the stages side by side, as plain strings."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assessment import charts, trace
from assessment.models import Assessment, Stage
from assessment.scoring import Check as Threshold
from assessment.scoring import shown
from evidence.models import Attachment

from .. import comparison
from ..access import ReviewMay
from ..comparison import Comparison, Difference, Side
from ..models import Finding
from ..workflow import STEPS
from .todos import PAGED, criterion_url, next_step

STAGE_NAMES = {Stage.UNIT: "Unit", Stage.PRELIM: "Pendahuluan", Stage.TPI: "TPI", Stage.TPN: "TPN"}


@dataclass(frozen=True, slots=True)
class NodeRow:
    """One component, section or area with its score at each stage."""

    code: str
    marker: str
    title: str
    level: str
    weight: str
    scores: list[tuple[str, str]]  # stage's name, points
    gap: str  # last reviewer's minus the unit's, with its sign; "" where it is none
    is_lower: bool


@dataclass(frozen=True, slots=True)
class CheckCell:
    stage: str
    value: str
    passed: bool


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One threshold of the target."""

    name: str
    minimum: str
    cells: list[CheckCell]


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    code: str
    title: str
    area: str
    url: str
    cells: list[tuple[str, str, bool]]  # stage's name, answer, whether it differs from the unit's
    notes: list[tuple[str, str]]


def compared(assessment: Assessment, may: ReviewMay) -> dict[str, Any]:
    """Build the comparison: every stage that the user may see, and what is unfinished for their next steps."""
    found = comparison.compare(assessment, may.base.sees)
    return summary(assessment, found) | {
        "assessment": assessment,
        "may": may,
        "rows": _node_rows(found),
        "charts": _charts(found),
        "differences": [_difference_row(assessment, may, found, d) for d in found.differences()],
        "ratios": _ratios(found),
        "verdicts": _verdicts(assessment, found),
        "findings": _findings(assessment),
        "decision": found.decision,
        "conclusion": _conclusion(found),
        "next_steps": sorted(
            (next_step(assessment, may, STEPS[name]) for name in STEPS if name in may.steps & PAGED),
            key=lambda step: step.is_back,
        ),
    }


def summary(assessment: Assessment, found: Comparison) -> dict[str, Any]:
    """Return totals and thresholds of the target by stage."""
    return {
        "stages": [STAGE_NAMES[s.stage] for s in found.sides],
        "totals": [
            (STAGE_NAMES[s.stage], trace.comma(s.result.total), str(s.result.answered), str(len(s.result.values)))
            for s in found.sides
        ],
        "checks": _check_rows(assessment, found),
        "check_stages": [STAGE_NAMES[s.stage] for s in found.sides if s.stage != Stage.TPN],
    }


def _check_rows(assessment: Assessment, found: Comparison) -> list[CheckRow]:
    """Return the target's thresholds; TPI's as they were decided on, whatever the unit won or lost since."""
    sides = [s for s in found.sides if s.stage != Stage.TPN]
    checks = {s.stage: {c.name: c for c in s.result.checks_of(assessment.target) if c.decides} for s in sides}
    frozen = found.frozen_checks()
    rows = []
    for name, check in checks[Stage.UNIT].items():
        cells = []
        for side in sides:
            held = checks[side.stage][name]
            is_frozen = name in frozen and (side.stage == Stage.TPI or check.measure == "award")
            passed = frozen[name]["passed"] if is_frozen else held.passed
            cells.append(CheckCell(STAGE_NAMES[side.stage], _check_value(held, passed), passed))
        minimum = "Ya" if check.measure == "award" else trace.comma(check.minimum) + sign_of(check)
        rows.append(CheckRow(name, minimum, cells))
    return rows


def _check_value(check: Threshold, passed: bool) -> str:
    if check.measure == "award":
        return "Ya" if passed else "Belum"
    return trace.comma(check.value) + sign_of(check)


def sign_of(check: Threshold) -> str:
    """Return what stands behind a threshold's figures."""
    return "%" if check.measure == "area" else ""


def _node_rows(found: Comparison) -> list[NodeRow]:
    rows = []
    for code, node in found.worksheet.nodes.items():
        if node.level == "subarea":
            continue
        scores = [(STAGE_NAMES[s.stage], trace.comma(s.result.nodes[code].score)) for s in found.sides]
        gap = _gap(found, code)
        rows.append(
            NodeRow(
                code, node.marker, node.name, node.level, trace.comma(node.weight), scores, gap, gap.startswith("−")
            )
        )
    return rows


def _gap(found: Comparison, code: str) -> str:
    """Return by how much the reviewers' figure, as it is shown, differs from the unit's."""
    if found.judge is None:
        return ""
    difference = shown(found.judge.result.nodes[code].score) - shown(found.unit.result.nodes[code].score)
    if not difference:
        return ""
    return ("−" if difference < 0 else "+") + trace.comma(abs(difference))


def _charts(found: Comparison) -> list[tuple[str, Any]]:
    sides = [found.unit, *([found.judge] if found.judge else [])]
    return [
        (STAGE_NAMES[s.stage], charts.area_chart(charts.areas_of(s.result), f"grafik-{s.stage}")) for s in sides
    ]  # fmt: skip


def _difference_row(assessment: Assessment, may: ReviewMay, found: Comparison, row: Difference) -> DifferenceRow:
    criterion = found.worksheet.criteria[row.code]
    page = found.worksheet.pages[found.worksheet.page_of[row.code]]
    return DifferenceRow(
        row.code,
        criterion.title,
        f"{found.worksheet.nodes[page.parent].name}: {page.name}",
        criterion_url(assessment, may, found.worksheet, row.code),
        [
            (STAGE_NAMES[stage], trace.answer_text(criterion, given) if given else "", stage in row.differs)
            for stage, given in row.given.items()
        ],
        [(STAGE_NAMES[stage], note) for stage, note in row.notes.items() if note],
    )


def _ratios(found: Comparison) -> list[dict[str, str]]:
    return [
        {
            "code": code,
            "title": found.worksheet.criteria[code].title,
            "stage": STAGE_NAMES[side.stage],
            "ratio": _ratio_text(side, code),
            "reason": side.answers[code].ratio_reason,
        }
        for code, side in found.ratios()
    ]


def _ratio_text(side: Side, code: str) -> str:
    ratio = side.answers[code].ratio
    return f"{trace.plain(ratio * 100)}%" if ratio is not None else ""


def _verdicts(assessment: Assessment, found: Comparison) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what was found in the documents by each stage that looks at them."""
    stages = [s.stage for s in found.sides if s.stage in {Stage.PRELIM, Stage.TPI}]
    counts, total = comparison.verdict_counts(assessment, stages), comparison.attached_count(assessment)
    rows = []
    for stage in stages:
        own = counts.get(stage, {})
        given = {v: own.get(v, 0) for v in Attachment.Verdict if v != Attachment.Verdict.UNCHECKED}
        rest = max(total - sum(given.values()), 0)
        cells = [(str(verdict.label), str(count)) for verdict, count in given.items()]
        rows.append((STAGE_NAMES[stage], [*cells, (str(Attachment.Verdict.UNCHECKED.label), str(rest))]))
    return rows


def _findings(assessment: Assessment) -> list[tuple[str, str, str, str]]:
    """Return for each kind of finding how many there are, open, and closed."""
    counts = comparison.finding_counts(assessment)
    rows = []
    for kind in Finding.Kind:
        total = sum(n for (k, _), n in counts.items() if k == kind)
        closed = counts.get((kind, Finding.State.CLOSED), 0)
        if total:
            rows.append((str(kind.label), str(total), str(total - closed), str(closed)))
    return rows


def _conclusion(found: Comparison) -> dict[str, str]:
    lhe: Mapping[str, Any] = found.decision.data.get("lhe", {}) if found.decision else {}
    return {key: str(lhe[key]) for key in ("outcome", "conclusion", "approved_by") if key in lhe}
