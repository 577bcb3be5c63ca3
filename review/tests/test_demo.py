"""The demo shows an assessment at every stop of its way, and making it again changes nothing."""

import pytest
from django.core.management import call_command

from assessment import history
from assessment.models import Assessment, Award, Event, Period, State
from review.demo import FAR
from review.models import Proposal
from review.services.snapshots import is_intact

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def made():
    call_command("seed_demo", units=12, year=2026)
    rows = Assessment.objects.for_page().order_by("unit__code")
    return {row.unit.code: row.state for row in rows}, Event.objects.count(), Proposal.objects.count()


def test_the_demo_has_a_unit_in_every_state_and_is_made_once(capsys):
    states, events, letters = made()
    assert states == {f"UNIT-{n:02}": State.DRAFT for n in range(1, 13)} | FAR
    assert set(states.values()) >= set(State) - {State.PRELIM, State.UNFIT}
    assert letters == 1
    assert Award.objects.filter(assessment__unit__code="UNIT-12").count() == 1
    assert Period.objects.get().is_open_for_proposals()
    for row in Assessment.objects.all():
        assert history.problems(row.pk, row.events.order_by("number"), row.event_count, row.event_head) == []
        assert all(is_intact(copy) for copy in row.snapshots.all())
    assert made() == (states, events, letters)
