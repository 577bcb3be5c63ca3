"""Builders of teams and of assessments that stand somewhere on the way to TPN's result."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Role, User
from assessment import selectors, services
from assessment.models import Assessment, SecondScoring, Stage, State
from assessment.services import Entry
from assessment.tests.factories import UnitFactory, UserFactory, filled, member, opened, person, reviewer, team_of
from review.services import returns, steps


def refreshed(assessment: Assessment) -> Assessment:
    """Return the row as pages load it now."""
    return Assessment.objects.for_page().get(pk=assessment.pk)


def submitted(assessment: Assessment | None = None, *, seed: int = 1, **period: Any) -> Assessment:
    """Return an assessment that was filled whole and submitted by its head through the services."""
    row = assessment or opened(**period)
    filled(row, seed=seed)
    return steps.take_step(assessment=row, name="submit", by=member(row.unit, Role.HEAD))


def in_review(assessment: Assessment | None = None, *, lead: User | None = None, **period: Any) -> Assessment:
    """Return an assessment whose evaluation by TPI has begun."""
    row = submitted(assessment, **period)
    return steps.take_step(assessment=row, name="start_review", by=lead or reviewer(row, Role.TPI_LEAD))


def agreed(assessment: Assessment, by: User, *, stage: str = Stage.TPI) -> services.Recorded:
    """Answer every criterion of a stage as the unit did."""
    worksheet = selectors.worksheet_of(assessment.period.instrument)
    units = selectors.answers_of(assessment, Stage.UNIT)
    there = selectors.answers_of(assessment, stage)
    entries = [
        Entry(code, selectors.given_of(worksheet, units[code]), "", there[code].version if code in there else 0)
        for code in worksheet.criteria
    ]
    return services.record_answers(assessment=assessment, entries=entries, by=by, stage=stage)


def returned(assessment: Assessment, codes: list[str], *, lead: User, days: int = 7) -> Assessment:
    """Return an assessment in review that was sent back for some criteria."""
    for code in codes:
        returns.set_item(assessment=assessment, stage=Stage.TPI, code=code, reason="Perbaiki buktinya.", by=lead)
    until = (timezone.now() + timedelta(days=days)).isoformat()
    return steps.take_step(assessment=assessment, name="return_tpi", by=lead, extra={"until": until})


def approved(assessment: Assessment | None = None, **period: Any) -> Assessment:
    """Return an assessment that TPI agreed with in everything and decided on."""
    row = in_review(assessment, **period)
    lead, controller = reviewer(row, Role.TPI_LEAD), reviewer(row, Role.TPI_CONTROLLER)
    agreed(row, lead)
    for name, by in (("finish", lead), ("pass_on", lead)):
        row = steps.take_step(assessment=row, name=name, by=by)
    return steps.take_step(assessment=row, name="approve", by=controller, reason="Unit ini layak diusulkan.")


def second_of(assessment: Assessment, user: User, codes: list[str]) -> SecondScoring:
    """Make somebody the second reviewer of some criteria."""
    return SecondScoring.objects.create(
        assessment=assessment, user=user, codes=codes, assigned_by=user, assigned_at=timezone.now()
    )


def at_state(assessment: Assessment, state: str) -> Assessment:
    """Put an assessment into a state without the way there; only for tests about rights."""
    Assessment.objects.filter(pk=assessment.pk).update(state=State(state))
    return refreshed(assessment)


__all__ = [
    "UnitFactory", "UserFactory", "agreed", "approved", "at_state", "in_review", "member", "opened", "person",
    "refreshed", "returned", "reviewer", "second_of", "submitted", "team_of",
]  # fmt: skip
