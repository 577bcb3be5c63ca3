"""Builders of actions, charges, messages and suggestions."""

from typing import Any

from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import UserFactory
from assessment.models import Answer, Assessment, Criterion, Period
from assessment.tests.factories import PeriodFactory
from planning.models import ActionItem, Suggestion
from planning.services.actions import Plan, add_action

CODE = "A.I.1.i.a"


def plan(**given: Any) -> Plan:
    """Return a plan as the form gives it."""
    values = {"activity": "Menyusun SK tim", "output": "SK", "in_charge": None, "target": timezone.localdate()} | given
    return Plan(**values)


def action(assessment: Assessment, code: str = CODE, by: User | None = None, **given: Any) -> ActionItem:
    """Add an action through the service; return it as lists load it."""
    made = add_action(assessment=assessment, code=code, plan=plan(**given), by=by or UserFactory())
    return ActionItem.objects.for_list().get(pk=made.pk)


def criterion(assessment: Assessment, code: str = CODE) -> Criterion:
    return Criterion.objects.get(instrument=assessment.period.instrument, code=code)


def suggestion(assessment: Assessment, code: str = CODE, choice: str = "A", **given: Any) -> Suggestion:
    """Return an open suggestion from an answer of the year before."""
    before = Period.objects.filter(year=assessment.period.year - 1).first() or PeriodFactory(
        year=assessment.period.year - 1, instrument=assessment.period.instrument
    )
    source, _ = Assessment.objects.get_or_create(unit=assessment.unit, period=before)
    row = criterion(assessment, code)
    answer, _ = Answer.objects.get_or_create(
        assessment=source, criterion=row, stage="unit", defaults={"changed_at": timezone.now()}
    )
    return Suggestion.objects.create(assessment=assessment, criterion=row, source=answer, choice=choice, **given)


def over(assessment: Assessment) -> Assessment:
    """Let the period of an assessment be over; return the row as pages load it."""
    past = timezone.now().replace(year=timezone.now().year - 2)
    Period.objects.filter(pk=assessment.period_id).update(
        year=past.year, unit_opens=past.replace(month=1, day=1), unit_closes=past.replace(month=3, day=1)
    )
    return Assessment.objects.for_page().get(pk=assessment.pk)
