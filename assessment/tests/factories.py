"""Builders of periods and assessments, and of answers that a page would accept."""

import itertools
import random
from datetime import timedelta
from decimal import Decimal
from typing import Any

import factory
from django.utils import timezone

from accounts.models import TPI_ROLES, Role, Unit, User
from accounts.tests.factories import UnitFactory, UserFactory, member
from assessment import demo, rules, selectors, services
from assessment.models import Assessment, Assignment, Instrument, Period, Team, TeamMember
from assessment.scoring import Given, value_of
from assessment.services import Entry
from assessment.worksheet import INDEX, Criterion

__all__ = [
    "PeriodFactory", "UnitFactory", "UserFactory", "answer", "entry", "filled", "member", "opened", "person",
    "reviewer", "team_of",
]  # fmt: skip


class PeriodFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Period
        django_get_or_create = ("year",)

    year = 2026
    name = factory.LazyAttribute(lambda p: f"Penilaian ZI {p.year}")
    instrument = factory.LazyFunction(lambda: Instrument.objects.get(code="lke-zi", version=1))
    unit_opens = factory.LazyFunction(lambda: timezone.now() - timedelta(days=30))
    unit_closes = factory.LazyFunction(lambda: timezone.now() + timedelta(days=30))


def opened(unit: Unit | None = None, *, year: int = 2026, state: str = "draft", **period: Any) -> Assessment:
    """Return an assessment as `for_page` loads it, opened through the service."""
    row = unit or UnitFactory()
    found = PeriodFactory(year=year, **period)
    services.open_assessments(period=found, units=[row], by=None)
    assessments = Assessment.objects.filter(unit=row, period=found)
    if state != "draft":
        assessments.update(state=state)
    return assessments.for_page().get()


def entry(code: str, note: str = "", version: int = 0, **given: Any) -> Entry:
    return Entry(code, Given(**given), note, version)


def answer(assessment: Assessment, code: str, by: User | None = None, **given: Any) -> services.Recorded:
    """Save one answer over whatever is stored."""
    stored = selectors.answers_of(assessment, "unit").get(code)
    note = given.pop("note", "")
    made = Entry(code, Given(**given), note, stored.version if stored else 0)
    return services.record_answer(assessment=assessment, entry=made, by=by or UserFactory())


def filled(assessment: Assessment, *, seed: int = 1, share: float = 1.0, by: User | None = None) -> services.Recorded:
    """Answer a `share` of the worksheet with drawn answers."""
    worksheet = selectors.worksheet_of(assessment.period.instrument)
    entries = demo.entries_for(worksheet, random.Random(seed), share, quality=0.8)
    return services.record_answers(assessment=assessment, entries=entries, by=by or UserFactory())


def team_of(assessment: Assessment) -> Team:
    """Return the TPI team that is assigned to an assessment, made and assigned if there is none."""
    found = Assignment.objects.filter(assessment=assessment).select_related("team").first()
    if found:
        return found.team
    team = Team.objects.create(period=assessment.period, name=f"Tim {assessment.unit.code}")
    Assignment.objects.create(assessment=assessment, team=team, assigned_at=timezone.now())
    return team


def reviewer(assessment: Assessment, role: str = Role.TPI_MEMBER, user: User | None = None) -> User:
    """Return somebody with a part in the team that assesses an assessment."""
    row = user or UserFactory()
    TeamMember.objects.create(team=team_of(assessment), user=row, role=role)
    return row


def person(assessment: Assessment, role: str) -> User:
    """Return somebody with a role before an assessment: in its TPI team, or in its unit (or above, for tree roles)."""
    return reviewer(assessment, role) if role in TPI_ROLES else member(assessment.unit, role)


def judge(assessment: Assessment, stage: str, *entries: Entry, by: User | None = None) -> services.Recorded:
    """Record a reviewer's answers."""
    return services.record_answers(assessment=assessment, entries=entries, by=by or UserFactory(), stage=stage)


def best_entries(assessment: Assessment, *, index: str = "4.00", note: str = "Sesuai bukti.") -> list[Entry]:
    """Return the best answer to every criterion; B.I.a has an index of its own."""
    worksheet = selectors.worksheet_of(assessment.period.instrument)
    return [Entry(c.code, _best(c, index), note, 0) for c in worksheet.criteria.values()]


def _best(criterion: Criterion, index: str) -> Given:
    if criterion.choices:
        return Given(choice=criterion.choices[0].key)
    if criterion.answer_type == INDEX:
        return Given(index=Decimal(index if criterion.code == "B.I.a" else "4.00"))
    drawn = (Given(counts=c) for c in itertools.product((10, 0), repeat=len(criterion.quantities)))
    return next(g for g in drawn if not rules.refusals(criterion, g) and value_of(criterion, g).value == 1)
