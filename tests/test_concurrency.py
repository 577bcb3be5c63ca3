"""Several people save at the same moment, over real connections: nothing is lost, nothing overwritten, no error."""

import itertools
from collections import Counter

import pytest

from accounts.tests.factories import UserFactory
from assessment import history, selectors, services
from assessment.models import Answer, Assessment, Event, Scorecard, Stage
from assessment.scoring import Given
from assessment.services import Entry, Outcome
from assessment.tests.factories import opened

from .parallel import in_parallel

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 6
ROUNDS = 5


def assert_whole(assessment, stage=Stage.UNIT):
    row = Assessment.objects.for_page().get(pk=assessment.pk)
    assert history.problems(row.pk, row.events.order_by("number"), row.event_count, row.event_head) == []
    expected = services.scorecard_values(selectors.stage_result(row, stage))
    card = Scorecard.objects.get(assessment=row, stage=stage)
    assert (card.total, card.nodes) == (expected["total"], expected["nodes"])


def test_people_on_different_criteria_all_get_their_answers_in(instrument):
    assessment, users = opened(), UserFactory.create_batch(PEOPLE)
    codes = list(selectors.worksheet_of(instrument).pages["A.I.3"].walk())
    criteria = [c.code for node in codes for c in node.criteria][: PEOPLE * 2]

    def job(number):
        return [
            services.record_answer(
                assessment=assessment, entry=Entry(code, Given(), f"oleh {number}", 0), by=users[number]
            ).outcomes[code]
            for code in criteria[number * 2 : number * 2 + 2]
        ]

    outcomes = [o for found in in_parallel(job, PEOPLE) for o in found]
    assert outcomes == [Outcome.SAVED] * PEOPLE * 2
    notes = Answer.objects.filter(assessment=assessment).values_list("criterion__code", "note")
    assert dict(notes) == {code: f"oleh {place // 2}" for place, code in enumerate(criteria)}
    assert_whole(assessment)


def test_of_people_on_one_criterion_one_wins_each_round_and_the_others_are_told(instrument):
    assessment, users = opened(), UserFactory.create_batch(PEOPLE)

    def job(number):
        outcomes = Counter()
        for turn in range(ROUNDS):
            entry = Entry("A.I.1.i.b", Given(choice="A"), f"{number} pada giliran {turn}", turn)
            recorded = services.record_answer(assessment=assessment, entry=entry, by=users[number])
            outcomes[recorded.outcomes["A.I.1.i.b"]] += 1
        return outcomes

    outcomes = sum(in_parallel(job, PEOPLE), Counter())
    stored = Answer.objects.get(assessment=assessment)
    events = Event.objects.filter(assessment=assessment, kind=Event.Kind.ANSWERED).order_by("number")
    assert outcomes[Outcome.SAVED] == stored.version == events.count()
    assert outcomes[Outcome.SAVED] + outcomes[Outcome.CONFLICT] == PEOPLE * ROUNDS
    assert events.last().data["to"]["note"] == stored.note
    chain = list(events)
    assert all(later.data["from"] == earlier.data["to"] for earlier, later in itertools.pairwise(chain))
    assert_whole(assessment)
