"""Builders of units that TPI decided on, for the tests about deciding and proposing."""

from datetime import date
from typing import Any

from django.utils import timezone

from accounts.models import Role, Unit, User
from assessment import services
from assessment.models import Assessment, State
from assessment.tests.factories import best_entries
from review.models import ConditionAnswer, Proposal
from review.proposing import get_period
from review.selectors import conditions_of
from review.services.proposals import Letter, make_proposal

from .factories import UnitFactory, UserFactory, approved, member, opened, refreshed

LETTER = Letter("700/12/2026", date(2024, 7, 1), "Jakarta", "Sekretaris Daerah", ("Inspektorat",))


def fulfilling(unit: Unit | None = None, *, met: bool = True, **period: Any) -> Assessment:
    """Return an assessment whose unit reaches every threshold of WBK, decided on; by default with Tabel 5 met."""
    row = opened(unit, **period)
    services.record_answers(assessment=row, entries=best_entries(row), by=UserFactory())
    row = approved(row)
    assert row.state == State.FULFILS
    if met:
        meet_conditions(row)
    return refreshed(row)


def meet_conditions(row: Assessment) -> None:
    by = UserFactory()
    ConditionAnswer.objects.bulk_create(
        ConditionAnswer(assessment=row, condition=c, met="ya", changed_by=by, changed_at=timezone.now())
        for c in conditions_of(row)
    )


def agency() -> tuple[Unit, User]:
    """Return the unit at the top of an agency, and its admin."""
    top = UnitFactory(name="Pemerintah Daerah Contoh")
    return top, member(top, Role.ADMIN)


def proposed(unit: Unit | None = None) -> tuple[Assessment, User, Proposal]:
    """Return a unit proposed by a letter, with the agency's admin."""
    top, admin = agency()
    row = fulfilling(unit or UnitFactory(parent=top))
    made = make_proposal(period=get_period(2026), assessments=[row], letter=LETTER, by=admin)
    return refreshed(row), admin, made
