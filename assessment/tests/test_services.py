from dataclasses import replace
from datetime import timedelta
from decimal import Decimal as D
from fractions import Fraction

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


def judged(assessment, stage, *entries, state=None):
    """Record a reviewer's answers in the state in which that stage is written."""
    states = {"prelim": "prelim", "tpi": "review", "second": "review", "tpn": "proposed"}
    Assessment.objects.filter(pk=assessment.pk).update(state=state or states[stage])
    return services.record_answers(assessment=assessment, entries=entries, by=UserFactory(), stage=stage)


def test_a_unit_never_sets_a_ratio(assessment):
    record(assessment, entry("A.II.4.i.a", counts=(0, 0), ratio=D("0.5"), reason="begitu"))
    (stored,) = rows(assessment)
    assert (stored.ratio, stored.ratio_reason) == (None, "")


@pytest.mark.parametrize("stage", ["prelim", "tpi", "second", "tpn"])
def test_a_reviewer_sets_the_ratio_of_a_zero_denominator_with_a_reason(assessment, stage):
    record(assessment, entry("A.II.4.i.a", counts=(0, 0)))
    given = {"counts": (0, 0), "ratio": D("0.5"), "reason": "tidak ada sasaran"}
    found = judged(assessment, stage, entry("A.II.4.i.a", **given))
    stored = found.answers["A.II.4.i.a"]
    assert (stored.stage, stored.ratio, stored.ratio_reason) == (stage, D("0.5"), "tidak ada sasaran")
    assert found.result.values["A.II.4.i.a"].value == Fraction(1, 2)
    last = Event.objects.latest("number")
    assert (last.stage, last.data["to"]["ratio"], last.data["to"]["reason"]) == (stage, "0.500000", "tidak ada sasaran")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"counts": (2, 1), "ratio": D("0.5"), "reason": "x"}, "bila penyebutnya nol"),
        ({"counts": (0, 0), "ratio": D("1.1"), "reason": "x"}, "antara 0 dan 100"),
        ({"counts": (0, 0), "ratio": D("0.5")}, "alasan penetapan"),
        ({"counts": (0, 0), "reason": "x"}, "Isi nilainya"),
    ],
)
def test_a_ratio_that_is_not_due_is_refused(assessment, given, said):
    record(assessment, entry("A.II.4.i.a", counts=given["counts"]))
    with pytest.raises(ValidationError, match=said):
        judged(assessment, "tpi", entry("A.II.4.i.a", **given))
    assert rows(assessment)[0].stage == "unit"
    assert len(rows(assessment)) == 1


@pytest.mark.parametrize("stage", ["prelim", "tpi", "second"])
def test_a_difference_from_the_units_answer_needs_a_note(assessment, stage):
    record(assessment, entry("A.I.1.i.a", choice="Y"))
    with pytest.raises(ValidationError, match="berbeda dari jawaban unit"):
        judged(assessment, stage, entry("A.I.1.i.a", choice="T"))
    found = judged(assessment, stage, entry("A.I.1.i.a", "Tidak ada SK.", choice="T"))
    assert found.outcomes == {"A.I.1.i.a": "saved"}
    assert judged(assessment, stage, entry("A.I.1.i.a", version=1, choice="Y")).outcomes == {"A.I.1.i.a": "saved"}
    assert selectors.answers_of(assessment, "unit")["A.I.1.i.a"].version == 1


def test_tpn_needs_no_note(assessment):
    record(assessment, entry("A.I.1.i.a", choice="Y"))
    assert judged(assessment, "tpn", entry("A.I.1.i.a", choice="T")).outcomes == {"A.I.1.i.a": "saved"}


@pytest.mark.parametrize("stage", ["prelim", "tpi", "second", "tpn"])
@pytest.mark.parametrize("state", State)
def test_a_stage_is_written_only_in_its_state(assessment, stage, state):
    open_in = {"prelim": {"prelim"}, "tpi": {"review", "lead_check"}, "second": {"review"}, "tpn": {"proposed"}}
    if state in open_in[stage]:
        judged(assessment, stage, entry("A.I.1.i.a", "x", choice="Y"), state=state)
        assert len(rows(assessment)) == 1
        return
    with pytest.raises(ValidationError, match="tidak sedang dibuka"):
        judged(assessment, stage, entry("A.I.1.i.a", "x", choice="Y"), state=state)
    assert rows(assessment) == []


def test_each_stage_has_its_own_answers_events_and_scorecard(assessment):
    record(assessment, entry("A.I.1.i.a", choice="Y"))
    before = Scorecard.objects.get(assessment=assessment, stage="unit").total
    judged(assessment, "tpi", entry("A.I.1.i.a", "Belum.", choice="T"))
    cards = {c.stage: (c.total, c.answered) for c in Scorecard.objects.filter(assessment=assessment)}
    assert cards == {"unit": (before, 1), "tpi": (D("0.00"), 1)}
    assert before > 0
    assert list(Event.objects.filter(kind="answered").order_by("number").values_list("stage", flat=True)) == [
        "unit",
        "tpi",
    ]


def test_a_second_reviewers_sample_has_no_scorecard(assessment):
    judged(assessment, "second", entry("A.I.1.i.a", "x", choice="Y"))
    assert set(Scorecard.objects.values_list("stage", flat=True)) == {"unit"}


def test_confirming_writes_down_that_somebody_looked_again(assessment):
    record(assessment, entry("A.I.1.i.a", choice="Y"))
    judged(assessment, "tpi", entry("A.I.1.i.a", choice="Y"))
    again = replace(entry("A.I.1.i.a", version=1, choice="Y"), confirms=True)
    assert judged(assessment, "tpi", again).answers["A.I.1.i.a"].version == 2
    assert judged(assessment, "tpi", again).outcomes == {"A.I.1.i.a": "conflict"}
    assert judged(assessment, "tpi", entry("A.I.1.i.a", version=2, choice="Y")).outcomes == {"A.I.1.i.a": "unchanged"}


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
