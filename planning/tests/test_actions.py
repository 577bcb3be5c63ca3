"""Writing the plan of action: what is kept, what is refused, what the history says."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError
from django.utils import timezone

from accounts.models import Role
from accounts.notifications.models import Notification
from assessment.models import Assessment, Event
from assessment.tests.factories import UserFactory, answer, member, opened
from evidence.services.documents import delete_document
from evidence.tests.factories import attachment, document
from planning.models import ActionItem
from planning.services.actions import Stale, add_action, change_action, make_actions, set_status

from .factories import CODE, action, over, plan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
MAY = date(2026, 5, 1)


def events_of(row):
    return list(row.events.filter(kind=Event.Kind.ACTION).order_by("number"))


def test_an_action_is_kept_with_its_event_and_who_is_in_charge_is_told(assessment):
    head, person = member(assessment.unit, Role.HEAD), member(assessment.unit)
    made = action(assessment, by=head, in_charge=person, target=date(2026, 5, 17))
    assert (made.target, made.last_day, made.status, made.revision) == (MAY, date(2026, 5, 31), "planned", 1)
    (event,) = events_of(assessment)
    assert (event.criterion, event.actor, event.data["action"]) == (CODE, head, str(made.pk))
    assert event.data["to"]["month"] == "2026-05"
    (told,) = Notification.objects.all()
    assert (told.recipient, told.kind, told.url) == (person, "assignment", made.get_absolute_url())
    action(assessment, by=head, in_charge=head)
    assert Notification.objects.count() == 1


def test_a_change_says_what_changed_and_tells_a_new_person(assessment):
    head, person = member(assessment.unit, Role.HEAD), member(assessment.unit)
    made = action(assessment, by=head)
    changed = change_action(action=made, plan=plan(activity="Rapat", in_charge=person), revision=1, by=head)
    assert (changed.activity, changed.revision) == ("Rapat", 2)
    data = events_of(assessment)[-1].data
    assert (data["from"]["activity"], data["to"]["activity"]) == ("Menyusun SK tim", "Rapat")
    assert [n.recipient for n in Notification.objects.all()] == [person]
    change_action(action=made, plan=plan(activity="Rapat", in_charge=person), revision=1, by=head)  # says the same
    assert (ActionItem.objects.get().revision, len(events_of(assessment))) == (2, 2)


def test_a_stale_change_is_refused_and_changes_nothing(assessment):
    made = action(assessment)
    change_action(action=made, plan=plan(activity="Rapat pertama"), revision=1, by=UserFactory())
    for late in (
        lambda: change_action(action=made, plan=plan(activity="Rapat kedua"), revision=1, by=UserFactory()),
        lambda: set_status(action=made, status="running", revision=1, by=UserFactory()),
    ):
        with pytest.raises(Stale):
            late()
    stored = ActionItem.objects.get()
    assert (stored.activity, stored.status, stored.revision) == ("Rapat pertama", "planned", 2)


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"status": "done"}, "realised_on"),
        ({"status": "done", "realised_on": date(2100, 1, 1)}, "realised_on"),
        ({"in_charge": "stranger"}, "in_charge"),
        ({"proof": "foreign"}, "proof"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(assessment, bad, field):
    named = {"stranger": UserFactory, "foreign": lambda: document(opened().unit)}
    given = {key: named[value]() if value in named else value for key, value in bad.items()}
    with pytest.raises(ValidationError) as found:
        add_action(assessment=assessment, code=CODE, plan=plan(**given), by=UserFactory())
    assert set(found.value.message_dict) == {field}
    assert not ActionItem.objects.exists()


def test_a_person_who_left_stays_named_until_somebody_else_is(assessment):
    head, gone = member(assessment.unit, Role.HEAD), member(assessment.unit)
    made = action(assessment, by=head, in_charge=gone)
    gone.memberships.all().delete()
    assert (
        change_action(action=made, plan=plan(activity="Rapat", in_charge=gone), revision=1, by=head).in_charge == gone
    )
    with pytest.raises(ValidationError):
        change_action(action=made, plan=plan(in_charge=UserFactory()), revision=2, by=head)


def test_done_today_and_opened_again(assessment):
    made, by = action(assessment), UserFactory()
    done = set_status(action=made, status="done", revision=1, by=by)
    assert (done.status, done.realised_on) == ("done", timezone.localdate())
    again = set_status(action=made, status="running", revision=2, by=by)
    assert (again.status, again.realised_on) == ("running", None)
    assert [e.data["to"]["status"] for e in events_of(assessment)] == ["Direncanakan", "Selesai", "Berjalan"]


def test_the_database_keeps_a_date_to_what_is_done(assessment):
    made = action(assessment)
    with pytest.raises(IntegrityError):
        ActionItem.objects.filter(pk=made.pk).update(status="done")


def test_an_action_is_late_from_the_first_day_after_its_month(assessment):
    made = action(assessment, target=MAY)
    last, late = date(2026, 5, 31), date(2026, 6, 1)
    assert (made.is_overdue(last), made.is_overdue(late)) == (False, True)
    assert [list(ActionItem.objects.overdue(day)) for day in (last, late)] == [[], [made]]
    set_status(action=made, status="cancelled", revision=1, by=UserFactory())
    assert list(ActionItem.objects.overdue(late)) == []


def test_a_document_that_proves_an_action_is_not_deleted(assessment):
    proof, by = document(assessment.unit), UserFactory()
    action(assessment, proof=proof)
    with pytest.raises(ValidationError):
        delete_document(document=proof, by=by)


def test_actions_are_made_for_what_is_missing_and_never_twice(assessment):
    by = member(assessment.unit, Role.HEAD)
    codes = ["A.I.1.i.a", "A.I.1.i.b", "A.I.2.i.a"]
    attachment(assessment, "A.I.1.i.a", expected=1)
    answer(assessment, "A.I.1.i.b", choice="A")
    made = make_actions(assessment=assessment, codes=codes, target=MAY, by=by)
    rows = list(ActionItem.objects.for_list())
    assert made == len(rows) == len(events_of(assessment))
    assert {a.criterion.code for a in rows} == {"A.I.1.i.a", "A.I.2.i.a"}
    first = next(a for a in rows if a.criterion.code == "A.I.1.i.a").criterion
    titles = [d.title for d in first.expected_documents.order_by("order")]
    assert sorted(a.output for a in rows if a.criterion.code == "A.I.1.i.a") == sorted(titles[1:])
    assert make_actions(assessment=assessment, codes=codes, target=MAY, by=by) == 0
    set_status(action=rows[0], status="cancelled", revision=1, by=by)
    assert make_actions(assessment=assessment, codes=codes, target=MAY, by=by) == 0


def test_making_takes_the_same_queries_however_many(assessment, django_assert_num_queries):
    by = member(assessment.unit, Role.HEAD)
    codes = [c.code for c in assessment.period.instrument.criteria.order_by("order")]
    for some in (codes[:1], codes[1:11]):
        with django_assert_num_queries(11):
            assert make_actions(assessment=assessment, codes=some, target=MAY, by=by) > 0


def test_nothing_is_planned_once_the_period_is_over(assessment):
    made = action(assessment)
    row = over(assessment)
    made = ActionItem.objects.for_list().get(pk=made.pk)
    for late in (
        lambda: add_action(assessment=row, code=CODE, plan=plan(), by=UserFactory()),
        lambda: change_action(action=made, plan=plan(activity="x"), revision=1, by=UserFactory()),
        lambda: set_status(action=made, status="done", revision=1, by=UserFactory()),
        lambda: make_actions(assessment=row, codes=[CODE], target=MAY, by=UserFactory()),
    ):
        with pytest.raises(ValidationError, match="sudah berakhir"):
            late()


def test_the_history_stays_whole(assessment, capsys):
    made = action(assessment)
    set_status(action=made, status="done", revision=1, by=UserFactory())
    make_actions(assessment=assessment, codes=["A.I.1.i.b"], target=MAY, by=UserFactory())
    call_command("verify_history")
    assert "is whole" in capsys.readouterr().out
    assert Assessment.objects.get().event_count == 1 + 2 + ActionItem.objects.exclude(expected=None).count()


def test_planning_changes_no_score(assessment):
    before = list(assessment.scorecards.values_list("total", "answered", "computed_at"))
    set_status(action=action(assessment), status="done", revision=1, by=UserFactory())
    assert list(assessment.scorecards.values_list("total", "answered", "computed_at")) == before


def test_a_month_of_last_year_is_late_now(assessment):
    made = action(assessment, target=timezone.localdate() - timedelta(days=400))
    assert made.is_overdue() is True
