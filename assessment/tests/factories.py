"""Builders of periods and assessments, and of answers that a page would accept."""

import random
from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone

from accounts.models import Unit, User
from accounts.tests.factories import UnitFactory, UserFactory, member
from assessment import demo, selectors, services
from assessment.models import Assessment, Instrument, Period
from assessment.scoring import Given
from assessment.services import Entry

__all__ = ["PeriodFactory", "UnitFactory", "UserFactory", "answer", "entry", "filled", "member", "opened"]


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
