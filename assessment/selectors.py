"""Reads that more than one view or service needs."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, replace
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from . import scoring
from .access import May
from .formula import parse_limit, parse_ratio
from .models import Answer, Assessment, Criterion, Event, Instrument, Node, Scorecard, Stage
from .scoring import Given
from .worksheet import Choice, CountLimit, Quantity, Threshold, Worksheet
from .worksheet import Criterion as CriterionData
from .worksheet import Node as NodeData

_frozen_worksheets: dict[int, Worksheet] = {}


def worksheet_of(instrument: Instrument) -> Worksheet:
    """Return the instrument as frozen data: six queries once, none afterwards while it is frozen."""
    if instrument.pk in _frozen_worksheets:
        return _frozen_worksheets[instrument.pk]
    worksheet = _build_worksheet(instrument)
    if instrument.frozen:
        _frozen_worksheets[instrument.pk] = worksheet
    return worksheet


def forget_worksheets(*, keep: str = "") -> None:
    """Empty the cache but for the content with the hash `keep` (tests roll ids back)."""
    for pk in [pk for pk, worksheet in _frozen_worksheets.items() if worksheet.content_hash != keep]:
        del _frozen_worksheets[pk]


def _build_worksheet(instrument: Instrument) -> Worksheet:
    criteria: dict[int, list[CriterionData]] = defaultdict(list)
    rows = instrument.criteria.order_by("order").prefetch_related("choices", "quantities", "expected_documents")
    nodes = list(instrument.nodes.order_by("order"))
    codes = {n.pk: n.code for n in nodes}
    for row in rows:
        criteria[row.node_id].append(_criterion_data(row, codes[row.node_id]))
    children: dict[int | None, list[Node]] = defaultdict(list)
    for node in nodes:
        children[node.parent_id].append(node)

    def build(node: Node) -> NodeData:
        return NodeData(
            node.code, node.title, node.level, node.weight, codes.get(node.parent_id or 0, ""), node.area_key,
            tuple(build(child) for child in children[node.pk]), tuple(criteria[node.pk]),
        )  # fmt: skip

    roots = tuple(build(node) for node in children[None])
    thresholds = tuple(
        Threshold(t.predicate, t.name, t.measure, t.subject, t.minimum) for t in instrument.thresholds.order_by("order")
    )
    digest = hashlib.sha256(_canonical([asdict(_without_keys(r)) for r in roots], thresholds)).hexdigest()
    return Worksheet(instrument.name, roots, thresholds, instrument.legal_basis, digest)


def _canonical(roots: list[dict[str, Any]], thresholds: tuple[Threshold, ...]) -> bytes:
    data = [roots, [asdict(t) for t in thresholds]]
    return json.dumps(data, default=str, sort_keys=True, ensure_ascii=False).encode()


def _without_keys(node: NodeData) -> NodeData:
    """Leave out what differs between two databases with the same instrument."""
    plain = [_without_pk(c) for c in node.criteria]
    return replace(node, criteria=tuple(plain), children=tuple(_without_keys(c) for c in node.children))


def _without_pk(criterion: CriterionData) -> CriterionData:
    choices = tuple(replace(c, pk=0) for c in criterion.choices)
    rules = [criterion.formula and criterion.formula.text, *((x.rule.text, x.message) for x in criterion.limits)]
    return replace(criterion, pk=0, choices=choices, formula=None, limits=(), help=f"{criterion.help}\n{rules}")


def _criterion_data(row: Criterion, parent: str) -> CriterionData:
    return CriterionData(
        code=row.code,
        title=row.title,
        answer_type=row.answer_type,
        weight=row.weight,
        parent=parent,
        choices=tuple(
            Choice(c.key, c.value, c.text, c.pk) for c in sorted(row.choices.all(), key=lambda c: (-c.value, c.key))
        ),
        quantities=tuple(
            Quantity(q.number, f"{row.code}.{q.number}", q.title, q.help, q.soal_id, q.excel_row)
            for q in sorted(row.quantities.all(), key=lambda q: q.number)
        ),
        formula=parse_ratio(row.formula) if row.formula else None,
        zero_rule=row.zero_rule,
        limits=tuple(CountLimit(parse_limit(x["rule"]), x["message"], x["blocks"]) for x in row.limits),
        documents=tuple(d.title for d in sorted(row.expected_documents.all(), key=lambda d: d.order)),
        help=row.help,
        soal_id=row.soal_id,
        excel_row=row.excel_row,
        pk=row.pk,
    )


def given_of(worksheet: Worksheet, answer: Answer) -> Given:
    """Turn a stored answer into what the engine reads; costs no query."""
    criterion = worksheet.criteria[worksheet.code_of[answer.criterion_id]]
    missing = len(criterion.quantities) - len(answer.counts)
    return Given(
        choice=criterion.choice_key(answer.choice_id),
        counts=(*answer.counts, *[None] * missing) if criterion.quantities else (),
        index=answer.index,
        ratio=answer.ratio,
        reason=answer.ratio_reason,
    )


def answers_of(assessment: Assessment, stage: str) -> dict[str, Answer]:
    """Return the stored answers of a stage by criterion code, in one query."""
    code_of = worksheet_of(assessment.period.instrument).code_of
    rows = Answer.objects.filter(assessment=assessment, stage=stage).select_related("changed_by")
    return {code_of[row.criterion_id]: row for row in rows}


def held_by(assessment: Assessment) -> tuple[str, ...]:
    """Return the predicates that the unit holds; the row must come from `for_page`."""
    return tuple(name for name, is_held in (("WBK", assessment.held_wbk), ("WBBM", assessment.held_wbbm)) if is_held)


def result_of(assessment: Assessment, answers: Mapping[str, Answer]) -> scoring.Result:
    """Score answers with the assessment's own instrument and settings; the row must come from `for_page`."""
    worksheet = worksheet_of(assessment.period.instrument)
    given = {code: given_of(worksheet, answer) for code, answer in answers.items()}
    return scoring.score(worksheet, given, area_reading=assessment.period.area_reading, held=held_by(assessment))


def stage_result(assessment: Assessment, stage: str = Stage.UNIT) -> scoring.Result:
    """Score one stage from its stored answers: one query, none for the instrument."""
    return result_of(assessment, answers_of(assessment, stage))


def scorecard_of(assessment: Assessment, stage: str) -> Scorecard:
    """Return the stored scores of a stage; every opened assessment has those of the unit's."""
    return Scorecard.objects.get(assessment=assessment, stage=stage)


# Told to everybody who sees the assessment, whatever stage they belong to.
OPEN_KINDS = [Event.Kind.FINDING, Event.Kind.FINDING_STATE, Event.Kind.ASSIGNED, Event.Kind.AWARD]
# Between the reviewers and those who run the assessment, even after the decision.
INNER_KINDS = [Event.Kind.CONFLICT, Event.Kind.SECOND]


def events_of(assessment: Assessment, may: May, criterion: str = "") -> QuerySet[Event]:
    """Return the history as far as somebody may read it, newest first, of everything or of one criterion.

    Status changes say by `data["open"]` whether everybody may read them; the rest goes by its stage.
    """
    rows = assessment.events.select_related("actor").order_by("-number")
    is_open = Q(kind__in=OPEN_KINDS) | Q(kind=Event.Kind.MOVED, data__open=True)
    if not may.sample:
        rows = rows.filter(is_open | Q(stage__in=may.sees - {Stage.SECOND}))
    else:  # blind: findings would tell what the first reviewer thought
        rows = rows.filter(Q(kind=Event.Kind.MOVED, data__open=True) | Q(stage__in=may.sees))
    if may.is_team or not may.sees >= {Stage.TPI}:
        rows = rows.exclude(kind__in=INNER_KINDS).exclude(kind=Event.Kind.MOVED, data__open=False)
    return rows.filter(criterion=criterion) if criterion else rows


def score_data(assessment: Assessment, stage: str, result: scoring.Result) -> dict[str, Any]:
    """Return scores as the JSON of `lke_score`: decimals as strings, unrounded."""
    return {
        "unit": assessment.unit.code,
        "year": assessment.period.year,
        "stage": stage,
        "total": _text(result.total),
        "provisional_total": _text(result.provisional_total),
        "nodes": {
            code: {"score": _text(s.score), "provisional": _text(s.provisional), "weight": _text(s.weight)}
            for code, s in result.nodes.items()
        },
        "predicates": {
            name: {
                "passed": result.passed(name),
                "checks": [
                    {"name": c.name, "value": str(c.value), "minimum": str(c.minimum), "passed": c.passed}
                    for c in result.checks_of(name)
                    if c.decides
                ],
            }
            for name in result.worksheet.predicates
        },
    }


def _text(number: Any) -> str:
    return f"{scoring.exact(Decimal(number) if isinstance(number, Decimal) else number):f}"
