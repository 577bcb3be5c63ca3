"""Every write to an assessment: under lock, with its event and its scorecard, in one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Unit, User

from . import access, history, rules, selectors
from .models import Answer, Assessment, Event, Period, Scorecard, Stage
from .scoring import Given, Result, exact, shown
from .worksheet import Criterion, Worksheet

CLOSED = "Penilaian ini tidak sedang dibuka untuk pengisian; jawaban tidak disimpan."
NOT_RETURNED = "Kriteria ini tidak termasuk yang dikembalikan untuk diperbaiki; jawaban tidak disimpan."
# Stages that are compared with the unit's answers: a difference must be explained.
JUDGING = frozenset({Stage.PRELIM, Stage.TPI, Stage.SECOND})


class Outcome(StrEnum):
    SAVED = "saved"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer as a person gives it; `version` is the one they saw, 0 where there was none.

    `confirms` writes it down even where it says the same: a reviewer looked again at what had changed.
    """

    code: str
    given: Given
    note: str
    version: int
    confirms: bool = False


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a set of entries: the outcome of each, all answers of the stage, the new scores."""

    outcomes: Mapping[str, Outcome]
    answers: Mapping[str, Answer]
    result: Result


@transaction.atomic
def record_answers(*, assessment: Assessment, entries: Sequence[Entry], by: User, stage: str = Stage.UNIT) -> Recorded:
    """Save answers of a stage, each only if its version is still the one the person saw.

    An entry whose answer was changed by somebody else meanwhile is left alone and reported as a conflict.
    Raises ValidationError if the stage is not open or an entry is not acceptable; then nothing is written.
    Whether `by` may write this stage was asked before (`access.may`).
    """
    row = lock(assessment)
    _refuse_closed(row, stage, [entry.code for entry in entries])
    worksheet = selectors.worksheet_of(row.period.instrument)
    answers = selectors.answers_of(row, stage)
    units = selectors.answers_of(row, Stage.UNIT) if stage in JUDGING else {}
    outcomes: dict[str, Outcome] = {}
    events: list[tuple[str, dict[str, Any]]] = []
    created: list[Answer] = []
    changed: list[Answer] = []
    for entry in entries:
        criterion = worksheet.criteria[entry.code]
        _refuse_bad(criterion, entry, _unit_given(worksheet, units, entry.code) if stage in JUDGING else None)
        old = answers.get(entry.code)
        outcomes[entry.code] = _outcome(worksheet, old, entry)
        if outcomes[entry.code] != Outcome.SAVED:
            continue
        new = _changed_answer(row, criterion, old, entry, by, stage)
        events.append((entry.code, {"from": _content(worksheet, old), "to": _content(worksheet, new)}))
        (changed if old else created).append(new)
        answers[entry.code] = new
    _store(created, changed)
    result = selectors.result_of(row, answers)
    if events:
        append_events(row, Event.Kind.ANSWERED, events, by=by, stage=stage)
        write_scorecard(row, stage, result)
    return Recorded(outcomes, answers, result)


def record_answer(*, assessment: Assessment, entry: Entry, by: User, stage: str = Stage.UNIT) -> Recorded:
    """Save one answer; see `record_answers`."""
    return record_answers(assessment=assessment, entries=[entry], by=by, stage=stage)


def _store(created: list[Answer], changed: list[Answer]) -> None:
    Answer.objects.bulk_create(created)
    if changed:
        fields = ["choice", "counts", "index", "ratio", "ratio_reason", "note", "version", "changed_by", "changed_at"]
        Answer.objects.bulk_update(changed, fields)


def _refuse_closed(row: Assessment, stage: str, codes: Sequence[str]) -> None:
    if stage != Stage.UNIT:
        if not access.is_open_for_stage(row, stage):
            raise ValidationError(CLOSED, code="closed")
        return
    opening = access.opening_for_unit(row)
    if opening is None:
        raise ValidationError(CLOSED, code="closed")
    if opening.only is not None and not opening.only.issuperset(codes):
        raise ValidationError(NOT_RETURNED, code="closed")


def _unit_given(worksheet: Worksheet, units: Mapping[str, Answer], code: str) -> Given:
    return selectors.given_of(worksheet, units[code]) if code in units else Given()


@transaction.atomic
def open_assessments(*, period: Period, units: Iterable[Unit], by: User | None, target: str = "WBK") -> int:
    """Create the missing assessments of a period with empty scorecards; return how many were made."""
    existing = set(Assessment.objects.filter(period=period).values_list("unit_id", flat=True))
    made = 0
    for unit in units:
        if unit.pk in existing:
            continue
        pk = Assessment.objects.create(period=period, unit=unit, target=target).pk
        row = _lock_pk(pk)
        append_events(row, Event.Kind.OPENED, [("", {"target": target})], by=by)
        write_scorecard(row, Stage.UNIT, selectors.result_of(row, {}))
        made += 1
    return made


@transaction.atomic
def set_target(*, assessment: Assessment, target: str, by: User | None) -> None:
    """Change the predicate a unit aims at."""
    row = lock(assessment)
    if row.target == target:
        return
    old, row.target = row.target, target
    row.save(update_fields=["target"])
    append_events(row, Event.Kind.TARGET_CHANGED, [("", {"from": old, "to": target})], by=by)


@transaction.atomic
def rescore(*, assessment: Assessment, stage: str = Stage.UNIT) -> Result:
    """Write a stage's scorecard anew from its answers."""
    row = lock(assessment)
    result = selectors.result_of(row, selectors.answers_of(row, stage))
    write_scorecard(row, stage, result)
    return result


def lock(assessment: Assessment) -> Assessment:
    """Return the row as `for_page` loads it, kept from other writers until the transaction ends."""
    return _lock_pk(assessment.pk)


def _lock_pk(pk: int) -> Assessment:
    return Assessment.objects.for_page().select_for_update(of=("self",)).get(pk=pk)


def _refuse_bad(criterion: Criterion, entry: Entry, unit: Given | None) -> None:
    problems = rules.refusals(criterion, entry.given)
    if unit is not None:
        problems += rules.judge_refusals(criterion, entry.given, entry.note, unit)
    if problems:
        raise ValidationError([f"{criterion.code}: {p.message}" for p in problems])


def _outcome(worksheet: Worksheet, old: Answer | None, entry: Entry) -> Outcome:
    same = _content(worksheet, old) == _content_of(entry.given, entry.note)
    if same and not (entry.confirms and old):
        return Outcome.UNCHANGED
    return Outcome.SAVED if entry.version == (old.version if old else 0) else Outcome.CONFLICT


def _changed_answer(
    row: Assessment, criterion: Criterion, old: Answer | None, entry: Entry, by: User, stage: str
) -> Answer:
    """Build the new row; the one read before stays as it was."""
    choice = criterion.choice(entry.given.choice)
    return Answer(
        pk=old.pk if old else None,
        assessment=row,
        criterion_id=criterion.pk,
        stage=stage,
        choice_id=choice.pk if choice else None,
        counts=list(entry.given.counts),
        index=entry.given.index,
        # Only a reviewer sets a ratio; in the unit's form there is no such field, whatever is posted.
        ratio=None if stage == Stage.UNIT else entry.given.ratio,
        ratio_reason="" if stage == Stage.UNIT else entry.given.reason,
        note=entry.note,
        version=old.version + 1 if old else 1,
        changed_by=by,
        changed_at=timezone.now(),
    )


def _content(worksheet: Worksheet, answer: Answer | None) -> dict[str, Any]:
    if answer is None:
        return _content_of(Given(), "")
    return _content_of(selectors.given_of(worksheet, answer), answer.note)


def _content_of(given: Given, note: str) -> dict[str, Any]:
    """Return what a person gave, in a form that compares and goes into the history."""
    ratio = {"ratio": f"{given.ratio:.6f}", "reason": given.reason} if given.ratio is not None else {}
    return {
        "choice": given.choice,
        "counts": list(given.counts) if any(n is not None for n in given.counts) else [],
        "index": f"{given.index:.2f}" if given.index is not None else "",
        "note": note,
        **ratio,
    }


def append_events(
    row: Assessment, kind: str, items: Sequence[tuple[str, dict[str, Any]]], *, by: User | None, stage: str = Stage.UNIT
) -> None:
    """Add (criterion code, data) items to the history of a locked assessment: two queries."""
    now = timezone.now()
    events = []
    for code, data in items:
        row.event_count += 1
        event = Event(
            assessment=row, number=row.event_count, at=now, actor=by, kind=kind, stage=stage,
            criterion=code, data=data, previous=row.event_head,
        )  # fmt: skip
        event.digest = row.event_head = history.digest(event.previous, history.fields_of(row.pk, event))
        events.append(event)
    Event.objects.bulk_create(events)
    Assessment.objects.filter(pk=row.pk).update(event_count=row.event_count, event_head=row.event_head)


def write_scorecard(row: Assessment, stage: str, result: Result) -> None:
    """Rewrite a stage's scorecard: one query, two the first time. A second reviewer's sample has none."""
    if stage == Stage.SECOND:
        return
    values = scorecard_values(result)
    if not Scorecard.objects.filter(assessment=row, stage=stage).update(**values):
        Scorecard.objects.create(assessment=row, stage=stage, **values)


def scorecard_values(result: Result) -> dict[str, Any]:
    """Return a scorecard's columns."""
    nodes, worksheet = result.nodes, result.worksheet
    areas = {
        f"area_{key}": shown(sum((nodes[n.code].score for n in worksheet.areas.get(key, ())), start=0 * result.total))
        for key in "123456"
    }
    return {
        "total": shown(result.total),
        "provisional_total": shown(result.provisional_total),
        "pengungkit": shown(nodes["A"].score),
        "hasil": shown(nodes["B"].score),
        **areas,
        "wbk": result.passed("WBK"),
        "wbbm": result.passed("WBBM"),
        "answered": result.answered,
        "criteria": len(result.values),
        "nodes": {
            code: {
                "score": f"{exact(s.score):f}",
                "provisional": f"{exact(s.provisional):f}",
                "weight": f"{exact(s.weight):f}",
                "answered": s.answered,
                "total": s.total,
            }
            for code, s in nodes.items()
        },
        "checks": [
            {
                "predicate": c.predicate, "name": c.name, "measure": c.measure, "subject": c.subject,
                "value": str(c.value), "minimum": str(c.minimum), "decides": c.decides,
            }
            for c in result.checks
        ],
        "unanswered": list(result.unanswered),
        "computed_at": timezone.now(),
    }  # fmt: skip
