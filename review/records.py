"""Reads about what a unit has been awarded: its record."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import Unit, User
from assessment.access import AFTER_PRELIM, DECIDED
from assessment.models import Assessment, Award, Scorecard, SecondScoring, Stage, State

from .access import is_agency_admin, require_agency_admin
from .models import Finding, TpnResult


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of a unit over the years, as far as everybody who sees the unit may know it."""

    unit: Unit
    assessments: list[Assessment]  # newest first
    totals: Mapping[tuple[int, str], Scorecard]  # by assessment and stage
    results: Mapping[int, TpnResult]
    findings: Mapping[int, int]  # not closed, by assessment
    awards: list[Award]
    may_withdraw: bool


def get_record(user: User, code: str) -> Record:
    """Return a unit's record: nine queries; 404 unless the user may see the unit or reviews one of its assessments.

    Who only reviews sees the years that were assigned to them.
    """
    seen = Assessment.objects.visible_to(user).filter(unit__code=code)
    rows = list(seen.select_related("period", "unit__parent").order_by("-period__year"))
    unit = rows[0].unit if rows else Unit.objects.visible_to(user).select_related("parent").filter(code=code).first()
    if unit is None:
        raise Http404
    cards = Scorecard.objects.filter(assessment__in=rows).defer("nodes", "checks", "unanswered")
    results = TpnResult.objects.filter(assessment__in=rows)
    return Record(
        unit=unit,
        assessments=rows,
        totals={(c.assessment_id, c.stage): c for c in cards},
        results={r.assessment_id: r for r in results},
        findings=_pending(user, rows),
        awards=list(unit.awards.order_by("-decree_date", "-pk")),
        may_withdraw=is_agency_admin(user),
    )


def _pending(user: User, rows: list[Assessment]) -> dict[int, int]:
    """Count the findings that nobody closed; those on an assessment are not for its blind second reviewer."""
    blind = SecondScoring.objects.filter(assessment=OuterRef("assessment"), user=user, finished_at=None)
    found = Finding.objects.pending().filter(~Exists(blind), assessment__in=rows)
    return dict(found.values_list("assessment").annotate(count=Count("pk")).order_by())


def published_stages(assessment: Assessment) -> frozenset[Stage]:
    """Return the stages whose result everybody who sees the unit may know in the present state."""
    found = {Stage.UNIT}
    if assessment.state in AFTER_PRELIM:
        found.add(Stage.PRELIM)
    if assessment.state in DECIDED:
        found.add(Stage.TPI)
    if assessment.state == State.RESULT:
        found.add(Stage.TPN)
    return frozenset(found)


def get_award(user: User, code: str, pk: int) -> Award:
    """Return a predicate of a unit; 404 for those who do not see the unit, 403 for all but the agency's admins."""
    unit = get_object_or_404(Unit.objects.visible_to(user), code=code)
    require_agency_admin(user)
    return get_object_or_404(unit.awards.select_related("unit"), pk=pk)
