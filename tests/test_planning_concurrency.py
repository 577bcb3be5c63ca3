"""People of a unit at the same moment, over real connections: no plan and no answer is overwritten."""

import pytest

from assessment import selectors
from assessment.models import Event
from assessment.tests.factories import UserFactory, opened
from planning.models import ActionItem
from planning.services.actions import Stale, change_action, make_actions
from planning.services.suggestions import confirm
from planning.tests.factories import CODE, action, plan, suggestion

from .parallel import in_parallel

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("instrument", "media")]
PEOPLE = 4


def test_of_changes_to_one_action_one_is_kept_and_the_others_are_told():
    row = opened()
    made, people = action(row), [UserFactory() for _ in range(PEOPLE)]

    def job(number):
        try:
            change_action(action=made, plan=plan(activity=f"Kegiatan {number}"), revision=1, by=people[number])
        except Stale:
            return "stale"
        return f"Kegiatan {number}"

    found = in_parallel(job, PEOPLE)
    (kept,) = [text for text in found if text != "stale"]
    stored = ActionItem.objects.get()
    assert (stored.activity, stored.revision, found.count("stale")) == (kept, 2, PEOPLE - 1)
    assert row.events.filter(kind=Event.Kind.ACTION).count() == 2


def test_actions_are_made_once_and_a_suggestion_is_confirmed_once():
    row = opened()
    found, people = suggestion(row, CODE, "Y"), [UserFactory() for _ in range(PEOPLE)]
    target = plan().target

    def job(number):
        done = confirm(assessment=row, versions={found.pk: 0}, by=people[number])
        return len(done.done), make_actions(assessment=row, codes=["A.I.1.i.b"], target=target, by=people[number])

    results = in_parallel(job, PEOPLE)
    assert sorted(done for done, _ in results) == [0, 0, 0, 1]
    assert sorted(made for _, made in results)[:-1] == [0, 0, 0]
    assert ActionItem.objects.count() == max(made for _, made in results) > 0
    assert selectors.answers_of(row, "unit")[CODE].version == 1
