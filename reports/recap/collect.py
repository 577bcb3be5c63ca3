"""Reads of the recap: a period's units as somebody may see them, in a number of queries that never grows."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.http import Http404

from accounts.models import Unit, User
from assessment.access import ALL_STAGES, stages_read
from assessment.models import Assessment, Period, Predicate, Scorecard, Stage
from assessment.scoring import shown
from assessment.selectors import worksheet_of
from assessment.worksheet import Worksheet
from evidence.selectors import coverage_of
from review.models import Finding, TpnResult

from .figures import STAGES, TOTAL, Card, Check, Measure, Subject, latest_of, measures_of

AREAS = tuple(f"area_{key}" for key in "123456")
RELATED = ("unit", "period__instrument")  # what the rows need that are read below


@dataclass(frozen=True, slots=True)
class Recap:
    """A period with everything about it that its reader may know; `uppers` are the units above any of its units."""

    period: Period
    measures: tuple[Measure, ...]
    thresholds: Mapping[str, str]  # name by the key of a check
    subjects: tuple[Subject, ...]  # by unit code
    uppers: tuple[Unit, ...]  # in tree order
    agency: str  # the name of the unit above all others, "" where they have none in common

    def measure(self, key: str) -> Measure:
        return next(m for m in self.measures if m.key == key)


def periods_of(user: User) -> list[Period]:
    """Return the periods in which somebody may see an assessment, the newest first: one query."""
    seen = Assessment.objects.visible_to(user).values("period")
    return list(Period.objects.filter(pk__in=seen).select_related("instrument").order_by("-year"))


def get_recap(user: User, year: int) -> tuple[Recap, list[Period]]:
    """Return a period's recap for somebody, and all their periods; 404 for one in which they see nothing."""
    periods = periods_of(user)
    for period in periods:
        if period.year == year:
            return recap_of(period, user), periods
    raise Http404


def recap_of(period: Period, user: User | None) -> Recap:
    """Return a period's recap as `user` may see it, or whole for None (commands): at most thirteen queries."""
    shown_to = Assessment.objects.all() if user is None else Assessment.objects.visible_to(user)
    rows = list(shown_to.filter(period=period).select_related(*RELATED).order_by("unit__code"))
    worksheet = worksheet_of(period.instrument)
    measures = measures_of(worksheet)
    uppers = _uppers(rows)
    roots = {row.unit.path.strip("/").split("/")[0] for row in rows}
    tops = {unit.name for unit in (*uppers, *(row.unit for row in rows)) if unit.parent_id is None}
    return Recap(
        period, measures, {key_of(t.measure, t.subject): t.name for t in worksheet.thresholds},
        tuple(subjects_of(rows, user)), tuple(uppers), tops.pop() if len(roots) == 1 else "",
    )  # fmt: skip


def key_of(measure: str, subject: str) -> str:
    """Return the key of what a threshold is about."""
    return f"area-{subject}" if measure == "area" else subject if measure == "node" else measure


def _uppers(rows: Sequence[Assessment]) -> list[Unit]:
    """Return the units that stand above any of the rows', in tree order: one query."""
    above = {int(pk) for row in rows for pk in row.unit.path.strip("/").split("/")[:-1]}
    return list(Unit.objects.filter(pk__in=above).in_tree_order())


def subjects_of(rows: Sequence[Assessment], user: User | None) -> list[Subject]:
    """Return rows (with `RELATED`) of any periods as their reader may know them: at most nine queries."""
    known, coverage, findings = _known(rows, user, _cards(rows)), coverage_of(rows), _findings(rows)
    return [
        Subject(
            row.pk, row.unit.code, row.unit.name, row.unit.path, row.period.year, row.target, row.get_target_display(),
            row.state, row.get_state_display(), known[row.pk].cards, coverage[row.pk].percent, coverage[row.pk].found,
            coverage[row.pk].expected, None if known[row.pk].is_blind else findings.get(row.pk, 0),
            known[row.pk].granted,
        )
        for row in rows
    ]  # fmt: skip


def get_unit(user: User, code: str) -> list[tuple[Subject, tuple[Measure, ...]]]:
    """Return all years of a unit, the newest first, with their measures: at most ten queries; 404 for no such unit."""
    rows = Assessment.objects.visible_to(user).filter(unit__code=code).select_related(*RELATED)
    found = list(rows.order_by("-period__year"))
    if not found:
        raise Http404
    measures = [measures_of(worksheet_of(row.period.instrument)) for row in found]
    return list(zip(subjects_of(found, user), measures, strict=True))


def latest_totals(user: User) -> dict[int, list[Decimal]]:
    """Return by year, the oldest first, the latest total of every unit that is seen and finished: seven queries."""
    rows = list(Assessment.objects.visible_to(user).select_related("unit", "period").order_by("period__year"))
    known = _known(rows, user, _totals(rows))
    found: dict[int, list[Decimal]] = {}
    for row in rows:
        card = latest_of(known[row.pk].cards)
        found.setdefault(row.period.year, []).extend([card.points[TOTAL]] if card and card.is_finished else [])
    return found


@dataclass(frozen=True, slots=True)
class _Known:
    """What of one assessment its reader may know."""

    cards: Mapping[str, Card]
    granted: bool | None
    is_blind: bool  # of what first reviewers wrote


Cards = dict[int, dict[str, Card]]  # by assessment and stage


def _known(rows: Sequence[Assessment], user: User | None, cards: Cards) -> dict[int, _Known]:
    """Leave out what the reader may not read: at most five queries."""
    sees = {row.pk: ALL_STAGES for row in rows} if user is None else stages_read(user, rows)
    results = {r.assessment_id: r for r in TpnResult.objects.filter(assessment__in=[row.pk for row in rows])}
    found = {}
    for row in rows:
        readable = {s: c for s, c in cards.get(row.pk, {}).items() if s in sees[row.pk] and s != Stage.TPN}
        told = results.get(row.pk) if Stage.TPN in sees[row.pk] else None
        if told:
            readable[Stage.TPN] = _tpn(told, cards[row.pk].get(Stage.TPN))
        found[row.pk] = _Known(readable, told.granted if told else None, Stage.SECOND in sees[row.pk])
    return found


def _tpn(result: TpnResult, own: Card | None) -> Card:
    """Return what TPN says: its own total, and figures per criterion only where all of them were handed over."""
    whole = own if own and own.is_finished else None
    points = {key: number for key, number in whole.points.items() if key != TOTAL} if whole else {}
    if result.total is not None:
        points[TOTAL] = result.total
    return Card(
        Stage.TPN, points, whole.percents if whole else {}, (), {}, None, own.answered if own else 0,
        own.criteria if own else 0, result.total is not None,
    )  # fmt: skip


def _findings(rows: Sequence[Assessment]) -> dict[int, int]:
    found = Finding.objects.pending().filter(assessment__in=[row.pk for row in rows])
    return dict(found.values_list("assessment").annotate(count=Count("pk")).order_by())


def _totals(rows: Sequence[Assessment]) -> Cards:
    """Return the totals alone: one query without any JSON."""
    cards = Scorecard.objects.filter(assessment__in=[row.pk for row in rows], stage__in=STAGES)
    found: Cards = defaultdict(dict)
    for pk, stage, total, answered, criteria in cards.values_list(
        "assessment", "stage", "total", "answered", "criteria"
    ):
        done = answered == criteria
        found[pk][stage] = Card(Stage(stage), {TOTAL: total}, {}, (), {}, None, answered, criteria, done)
    return found


def _cards(rows: Sequence[Assessment]) -> Cards:
    """Return all stored figures: one query, without the JSON of all nodes."""
    instruments = {row.period.instrument_id: row.period.instrument for row in rows}
    worksheets = {pk: worksheet_of(instrument) for pk, instrument in instruments.items()}
    measures = {m.key: m for worksheet in worksheets.values() for m in measures_of(worksheet)}
    inner = [m.key for m in measures.values() if m.key != TOTAL and not m.is_area]
    names = {f"node_{n}": KeyTextTransform("score", KeyTransform(code, "nodes")) for n, code in enumerate(inner)}
    by_pk = {row.pk: row for row in rows}
    cards = Scorecard.objects.filter(assessment__in=by_pk, stage__in=STAGES).defer("nodes", "unanswered")
    found: Cards = defaultdict(dict)
    for row in cards.annotate(**names):
        nodes = {code: getattr(row, f"node_{n}") for n, code in enumerate(inner)}
        points = {code: shown(Decimal(text)) for code, text in nodes.items() if text is not None}
        of = by_pk[row.assessment_id]
        found[of.pk][row.stage] = _card(row, points, of.target, worksheets[of.period.instrument_id])
    return found


def _card(row: Scorecard, nodes: Mapping[str, Decimal], target: str, worksheet: Worksheet) -> Card:
    points = {TOTAL: row.total} | {f"area-{name[-1]}": getattr(row, name) for name in AREAS} | dict(nodes)
    whole = {t.name for t in worksheet.thresholds}  # Pemenuhan and Reform of an area alone have longer names
    areas = [c for c in row.checks if c["measure"] == "area" and c["name"] in whole]
    return Card(
        Stage(row.stage), points, {f"area-{c['subject']}": Decimal(c["value"]) for c in areas},
        tuple(_check(c) for c in row.checks if c["predicate"] == target and c["decides"]),
        {Predicate.WBK: row.wbk, Predicate.WBBM: row.wbbm}, row.provisional_total, row.answered, row.criteria,
        row.answered == row.criteria,
    )  # fmt: skip


def _check(data: Mapping[str, Any]) -> Check:
    key = key_of(data["measure"], data["subject"])
    return Check(key, data["name"], data["measure"], Decimal(data["value"]), Decimal(data["minimum"]))
