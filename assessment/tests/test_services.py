from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Role
from assessment import history, selectors, services
from assessment.models import Answer, Assessment, Event, Scorecard, State
from assessment.models.history import HistoryIsFixed
from assessment.services import Outcome

from .factories import PeriodFactory, UnitFactory, UserFactory, answer, entry, filled, member, opened

pytestmark = pytest.mark.django_db


def record(assessment, *entries, by=None):
    return services.record_answers(assessment=assessment, entries=entries, by=by or UserFactory())


def rows(assessment):
    return list(Answer.objects.filter(assessment=assessment).order_by("criterion__order"))


def test_an_answer_is_saved_with_its_event_and_its_scorecard(assessment):
    user = UserFactory()
    recorded = record(assessment, entry("A.I.1.i.a", "ada SK", choice="Y"), by=user)

    (stored,) = rows(assessment)
    assert (stored.choice.key, stored.note, stored.version, stored.changed_by) == ("Y", "ada SK", 1, user)
    event = assessment.events.get(kind=Event.Kind.ANSWERED)
    assert (event.actor, event.criterion) == (user, "A.I.1.i.a")
    empty = {"choice": "", "counts": [], "index": "", "note": ""}
    assert event.data == {"from": empty, "to": empty | {"choice": "Y", "note": "ada SK"}}
    card = Scorecard.objects.get(assessment=assessment)
    assert (card.total, card.provisional_total, card.answered, card.criteria) == (D("0.25"), D("0.50"), 1, 113)
    assert card.nodes["A.I.1.i"]["score"] == "0.25"
    assert recorded.outcomes == {"A.I.1.i.a": Outcome.SAVED}


def test_counts_and_index_come_back_as_they_were_given(assessment):
    record(assessment, entry("A.II.4.i.a", counts=(8, 5)), entry("B.I.a", index=D("3.60")))
    result = selectors.stage_result(assessment)
    assert result.given["A.II.4.i.a"].counts == (8, 5)
    assert result.given["B.I.a"].index == D("3.60")


def test_saving_the_same_again_changes_nothing(assessment):
    record(assessment, entry("A.I.1.i.a", choice="Y"))
    before = Event.objects.count()
    again = record(assessment, entry("A.I.1.i.a", choice="Y", version=1))
    stale_but_same = record(assessment, entry("A.I.1.i.a", choice="Y", version=0))
    assert {*again.outcomes.values(), *stale_but_same.outcomes.values()} == {Outcome.UNCHANGED}
    assert (rows(assessment)[0].version, Event.objects.count()) == (1, before)


@pytest.mark.parametrize("version", [0, 1, 3, 99])
def test_a_stale_version_changes_nothing_and_is_reported(assessment, version):
    first, second = UserFactory(), UserFactory()
    record(assessment, entry("A.I.1.i.b", choice="A"), by=first)
    record(assessment, entry("A.I.1.i.b", choice="B", version=1), by=second)
    before = list(Event.objects.values_list("digest", flat=True))

    recorded = record(assessment, entry("A.I.1.i.b", "lain", choice="C", version=version), by=first)

    assert recorded.outcomes == {"A.I.1.i.b": Outcome.CONFLICT}
    (stored,) = rows(assessment)
    assert (stored.choice.key, stored.note, stored.version, stored.changed_by) == ("B", "", 2, second)
    assert list(Event.objects.values_list("digest", flat=True)) == before
    assert recorded.answers["A.I.1.i.b"].changed_by == second


def test_a_conflict_does_not_hold_back_the_other_answers(assessment):
    record(assessment, entry("A.I.1.i.b", choice="A"))
    recorded = record(assessment, entry("A.I.1.i.a", choice="Y"), entry("A.I.1.i.b", choice="C"))
    assert recorded.outcomes == {"A.I.1.i.a": Outcome.SAVED, "A.I.1.i.b": Outcome.CONFLICT}
    assert [a.choice.key for a in rows(assessment)] == ["Y", "A"]


@pytest.mark.parametrize(
    "bad",
    [
        entry("A.I.1.i.b", choice="Z"),
        entry("A.I.1.i.a", choice="A"),
        entry("A.II.4.i.a", counts=(5, 8)),
        entry("A.II.4.i.a", counts=(-1, 0)),
        entry("A.II.1.i.b", counts=(2, 3)),
        entry("A.II.5.ii.a", counts=(4, 0, 5)),
        entry("A.II.5.iii.i.a", counts=(1, 1, 1, 4)),
        entry("A.II.5.iii.ii.a", counts=(1, 1, 1, 4)),
        entry("A.II.6.i.b", counts=(2, 3)),
        entry("B.I.a", index=D("4.01")),
        entry("B.II.a", index=D("-0.01")),
    ],
)
def test_an_unacceptable_answer_is_refused_and_nothing_is_written(assessment, bad):
    with pytest.raises(ValidationError):
        record(assessment, entry("A.I.1.ii.a", choice="Y"), bad)
    assert rows(assessment) == []
    assert list(assessment.events.values_list("kind", flat=True)) == [Event.Kind.OPENED]


@pytest.mark.parametrize("state", [s for s in State if s != State.DRAFT])
def test_only_a_draft_takes_answers(instrument, state):
    assessment = opened(state=state)
    with pytest.raises(ValidationError):
        record(assessment, entry("A.I.1.i.a", choice="Y"))
    assert rows(assessment) == []


@pytest.mark.parametrize(("opens", "closes"), [(1, 2), (-2, -1)])
def test_outside_the_window_nothing_is_saved(instrument, opens, closes):
    now = timezone.now()
    window = {"unit_opens": now + timedelta(days=opens), "unit_closes": now + timedelta(days=closes)}
    assessment = opened(**window)
    with pytest.raises(ValidationError):
        record(assessment, entry("A.I.1.i.a", choice="Y"))
    assert rows(assessment) == []


def test_the_state_is_read_under_the_lock_not_from_the_callers_copy(assessment):
    Assessment.objects.filter(pk=assessment.pk).update(state=State.SUBMITTED)
    assert assessment.state == State.DRAFT
    with pytest.raises(ValidationError):
        record(assessment, entry("A.I.1.i.a", choice="Y"))


def test_a_ratio_set_by_tpi_survives_a_change_of_the_counts(assessment):
    record(assessment, entry("A.II.4.i.a", counts=(0, 0)))
    Answer.objects.filter(assessment=assessment).update(ratio=D("0.5"), ratio_reason="tidak ada sasaran")
    record(assessment, entry("A.II.4.i.a", "catatan", counts=(0, 0), version=1))
    (stored,) = rows(assessment)
    assert (stored.ratio, stored.ratio_reason, stored.note) == (D("0.5"), "tidak ada sasaran", "catatan")


def test_the_scorecard_always_equals_the_scores_of_the_stored_answers(assessment):
    filled(assessment, seed=7, share=0.7)
    answer(assessment, "A.I.1.i.a", choice="T")
    answer(assessment, "B.II.a", index=D("3.33"))
    result = selectors.stage_result(assessment)
    expected = services.scorecard_values(result) | {"computed_at": None}
    card = Scorecard.objects.get(assessment=assessment)
    assert {name: getattr(card, name) if name != "computed_at" else None for name in expected} == expected


def test_saving_one_answer_takes_few_queries_however_full_the_worksheet_is(assessment, django_assert_max_num_queries):
    user = member(assessment.unit)
    record(assessment, entry("A.I.1.i.a", choice="Y"), by=user)
    # lock, answers, write, event, head of the history, scorecard and the savepoint around them
    with django_assert_max_num_queries(8):
        record(assessment, entry("A.I.1.i.a", choice="T", version=1), by=user)
    filled(assessment, share=1.0)
    answer_version = selectors.answers_of(assessment, "unit")["A.I.1.i.b"].version
    with django_assert_max_num_queries(8):
        record(assessment, entry("A.I.1.i.b", "x", choice="B", version=answer_version), by=user)


def test_opening_makes_each_assessment_once_with_an_empty_scorecard(instrument):
    period, units = PeriodFactory(), UnitFactory.create_batch(2)
    assert services.open_assessments(period=period, units=units, by=None) == 2
    assert services.open_assessments(period=period, units=[*units, UnitFactory()], by=None) == 1
    assert Assessment.objects.filter(period=period).count() == 3
    assert list(Scorecard.objects.values_list("total", "answered")) == [(D(0), 0)] * 3


def test_changing_the_target_is_history_too(assessment):
    user = UserFactory()
    services.set_target(assessment=assessment, target="WBBM", by=user)
    services.set_target(assessment=assessment, target="WBBM", by=user)
    assert Assessment.objects.get(pk=assessment.pk).target == "WBBM"
    events = assessment.events.filter(kind=Event.Kind.TARGET_CHANGED)
    assert [(e.actor, e.data) for e in events] == [(user, {"from": "WBK", "to": "WBBM"})]


def chain(assessment):
    row = Assessment.objects.get(pk=assessment.pk)
    return history.problems(row.pk, row.events.order_by("number"), row.event_count, row.event_head)


def tampered(assessment, number, **changes):
    """Change a row behind the model's back, as somebody with the database could."""
    from django.db import connection

    column, value = next(iter(changes.items()))
    with connection.cursor() as cursor:
        sql = f"UPDATE assessment_event SET {column} = %s WHERE assessment_id = %s AND number = %s"  # noqa: S608
        cursor.execute(sql, [value, assessment.pk, number])


def test_history_is_whole_after_ordinary_use(assessment):
    filled(assessment, share=0.1)
    answer(assessment, "A.I.1.i.a", choice="T")
    assert chain(assessment) == []
    assert Assessment.objects.get(pk=assessment.pk).event_count == assessment.events.count() == 13


@pytest.mark.parametrize("change", [{"data": '{"to": 1}'}, {"criterion": "B.I.a"}, {"actor_id": None}, {"kind": "x"}])
def test_a_changed_row_of_history_is_found(assessment, change):
    filled(assessment, share=0.05)
    tampered(assessment, 3, **change)
    assert chain(assessment) == ["row 3 does not match its digest"]


def test_a_row_cut_off_the_end_of_history_is_found(assessment):
    filled(assessment, share=0.05)
    last = assessment.events.order_by("-number").first()
    Event.objects.filter(pk=last.pk)._raw_delete("default")
    assert chain(assessment) == ["7 rows expected, 6 found"]


def test_events_can_be_neither_changed_nor_deleted(assessment):
    event = assessment.events.get()
    event.kind = "x"
    for attempt in (
        event.save,
        event.delete,
        Event.objects.all().delete,
        lambda: Event.objects.update(kind="x"),
        lambda: Event.objects.bulk_update([event], ["kind"]),
    ):
        with pytest.raises(HistoryIsFixed):
            attempt()
    assert assessment.events.get().kind == Event.Kind.OPENED


def test_deleting_a_unit_or_a_person_never_deletes_answers(assessment):
    user = member(assessment.unit, Role.MEMBER)
    record(assessment, entry("A.I.1.i.a", choice="Y"), by=user)
    from django.db.models import ProtectedError

    for row in (assessment.unit, user, assessment.period, assessment):
        with pytest.raises(ProtectedError):
            row.delete()
    assert len(rows(assessment)) == 1
