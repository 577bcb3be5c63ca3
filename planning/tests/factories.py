"""Builders of actions, charges, messages and suggestions."""

from typing import Any

from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import UserFactory
from assessment.models import Assessment, Criterion, Period
from planning.models import ActionItem
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


def over(assessment: Assessment) -> Assessment:
    """Let the period of an assessment be over; return the row as pages load it."""
    past = timezone.now().replace(year=timezone.now().year - 2)
    Period.objects.filter(pk=assessment.period_id).update(
        year=past.year, unit_opens=past.replace(month=1, day=1), unit_closes=past.replace(month=3, day=1)
    )
    return Assessment.objects.for_page().get(pk=assessment.pk)
