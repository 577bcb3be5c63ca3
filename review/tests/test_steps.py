"""Taking the workflow's steps through the service."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Role
from assessment import selectors
from assessment.models import (
    Assessment,
    Award,
    Conflict,
    Event,
    ProposalCondition,
    Return,
    ReturnItem,
    Scorecard,
    Snapshot,
    Stage,
    State,
)
from assessment.tests.factories import answer, best_entries, entry, filled, judge
from evidence.models import Attachment, Pin
from evidence.services.attachments import Link, attach
from evidence.tests.factories import attachment, document
from review.models import ConditionAnswer
from review.obstacles import Obstacle
from review.services import returns
from review.services.snapshots import is_intact
from review.services.steps import NOT_NOW, Blocked, take_step
from review.workflow import STEPS, Check

from .factories import (
    UserFactory,
    agreed,
    approved,
    at_state,
    in_review,
    member,
    opened,
    person,
    refreshed,
    returned,
    reviewer,
    second_of,
    submitted,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("instrument", "media")]


def counted():
    """Return what a refused step must leave as it was."""
    return (
        Event.objects.count(), Snapshot.objects.count(), Pin.objects.count(),
        sorted(Assessment.objects.values_list("pk", "state")),
        sorted(Return.objects.values_list("pk", "sent_at", "answered_at")),
    )  # fmt: skip


def refused(assessment, name, by, **more):
    """Return what a step is refused with, having checked that nothing was written."""
    before = counted()
    with pytest.raises(ValidationError) as caught:
        take_step(assessment=assessment, name=name, by=by, **more)
    assert counted() == before
    return caught.value


# Submitting


def test_the_head_submits_and_everything_is_fixed():
    row = opened()
    filled(row)
    held = attachment(row)
    head = member(row.unit, Role.HEAD)
    done = take_step(assessment=row, name="submit", by=head)
    assert (done.state, refreshed(row).state) == (State.SUBMITTED, State.SUBMITTED)
    snapshot = Snapshot.objects.get()
    assert (snapshot.kind, snapshot.stage, snapshot.round, snapshot.by) == ("submission", "unit", 1, head)
    assert is_intact(snapshot)
    event = Event.objects.latest("number")
    assert (event.kind, event.actor, event.data["step"]) == ("moved", head, "submit")
    assert (event.data["from"], event.data["to"]) == ("draft", "submitted")
    assert (event.data["snapshot"], event.data["digest"]) == (str(snapshot.pk), snapshot.digest)
    assert Pin.objects.get().attachment == held
    data = snapshot.data
    assert data["scores"] == selectors.score_data(row, "unit", selectors.stage_result(row))
    assert len(data["answers"]) == 113
    version = held.document.versions.get()
    (item,) = data["evidence"]
    assert (item["criterion"], item["version"], item["sha256"]) == (held.criterion.code, 1, version.blob_id)
    statement = data["sptjm"]
    assert (statement["signed_by"], statement["documents"], statement["answered"]) == (str(head), 1, 113)
    assert statement["total"] == data["scores"]["total"]


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.HEAD}))
def test_nobody_but_the_head_submits(role):
    row = opened()
    filled(row)
    assert "status penilaian sudah berubah" in str(refused(row, "submit", person(row, role)))


def test_the_head_of_another_unit_submits_nothing():
    row = opened()
    filled(row)
    refused(row, "submit", member(opened().unit, Role.HEAD))


def test_unanswered_criteria_keep_it_back_unless_the_period_allows_them():
    row = opened()
    filled(row)
    head = member(row.unit, Role.HEAD)
    answer(row, "A.I.1.i.a", choice="")
    error = refused(row, "submit", head)
    assert isinstance(error, Blocked)
    assert error.obstacles == [Obstacle(Check.ANSWERED, "1 kriteria belum dijawab.", ("A.I.1.i.a",))]
    type(row.period).objects.update(allows_unanswered=True)
    assert take_step(assessment=row, name="submit", by=head).state == State.SUBMITTED


def test_the_window_of_the_unit_holds_at_submission():
    row = opened()
    filled(row)
    head = member(row.unit, Role.HEAD)
    type(row.period).objects.update(unit_closes=timezone.now() - timedelta(minutes=1))
    assert "Waktu pengisian unit" in str(refused(refreshed(row), "submit", head))


def test_nothing_of_the_unit_is_written_after_submission():
    row = submitted()
    with pytest.raises(ValidationError):
        answer(row, "A.I.1.i.a", choice="T")
    with pytest.raises(ValidationError):
        attach(assessment=row, links=[Link("A.I.1.i.a", document(row.unit))], by=UserFactory())


def test_submitting_twice_is_refused():
    row = opened()
    filled(row)
    head = member(row.unit, Role.HEAD)
    take_step(assessment=row, name="submit", by=head)
    refused(row, "submit", head)  # `row` still says draft, as a page opened before does


# Preliminary assessment


def test_the_unit_above_declares_fit_or_unfit():
    for name, state in (("declare_fit", State.REVIEW), ("declare_unfit", State.UNFIT)):
        row = submitted(needs_prelim=True)
        above = member(row.unit, Role.PRELIM)
        assert "pendahuluan harus menyatakan" in str(refused(row, "start_review", reviewer(row)))
        take_step(assessment=row, name="start_prelim", by=above)
        assert "113 kriteria belum dinilai." in str(refused(row, name, above, reason="Cukup."))
        agreed(refreshed(row), above, stage=Stage.PRELIM)
        assert "Simpulan wajib diisi" in str(refused(row, name, above))
        assert take_step(assessment=row, name=name, by=above, reason="Cukup.").state == state
        assert row.snapshots.get(kind="prelim").data["reason"] == "Cukup."
        assert Scorecard.objects.get(assessment=row, stage="prelim").answered == 113


def test_an_unfit_unit_is_opened_again_by_the_admin():
    row = at_state(opened(), State.UNFIT)
    refused(row, "reopen", member(row.unit, Role.HEAD), reason="Perbaikan")
    done = take_step(assessment=row, name="reopen", by=member(row.unit, Role.ADMIN), reason="Perbaikan")
    assert done.state == State.DRAFT


def test_what_changed_after_it_was_opened_again_is_looked_at_again():
    row = submitted(needs_prelim=True)
    above, head = member(row.unit, Role.PRELIM), member(row.unit, Role.HEAD)
    take_step(assessment=row, name="start_prelim", by=above)
    agreed(refreshed(row), above, stage=Stage.PRELIM)
    take_step(assessment=row, name="declare_unfit", by=above, reason="Belum.")
    take_step(assessment=row, name="reopen", by=member(row.unit, Role.ADMIN), reason="Perbaiki")
    answer(row, "A.I.1.i.a", choice="T")
    take_step(assessment=row, name="submit", by=head)
    take_step(assessment=row, name="start_prelim", by=above)
    error = refused(row, "declare_fit", above, reason="Layak.")
    assert [(o.check, o.codes) for o in error.obstacles] == [(Check.RECHECKED, ("A.I.1.i.a",))]


def test_there_is_no_preliminary_assessment_where_the_period_has_none():
    row = submitted()
    assert "tidak memakai penilaian pendahuluan" in str(refused(row, "start_prelim", member(row.unit, Role.PRELIM)))


# Returns


def test_a_return_opens_the_named_criteria_and_comes_back_to_who_asked():
    row = in_review()
    lead = reviewer(row, Role.TPI_LEAD)
    assert "Belum ada kriteria" in str(refused(row, "return_tpi", lead, extra={"until": "2099-01-01T00:00:00+07:00"}))
    row = returned(row, ["A.I.1.i.a", "A.I.5.i.a"], lead=lead)
    assert row.state == State.RETURNED
    assert Event.objects.latest("number").data["items"] == {
        "A.I.1.i.a": "Perbaiki buktinya.", "A.I.5.i.a": "Perbaiki buktinya.",
    }  # fmt: skip
    answer(row, "A.I.1.i.a", choice="T", note="Sudah diperbaiki")
    with pytest.raises(ValidationError, match="tidak termasuk yang dikembalikan"):
        answer(row, "A.I.1.i.b", choice="T")
    with pytest.raises(ValidationError, match="tidak termasuk yang dikembalikan"):
        attach(assessment=row, links=[Link("A.I.1.i.b", document(row.unit))], by=UserFactory())
    attach(assessment=row, links=[Link("A.I.5.i.a", document(row.unit))], by=UserFactory())
    done = take_step(assessment=row, name="resubmit", by=member(row.unit, Role.HEAD))
    assert done.state == State.REVIEW
    under_way = Return.objects.get()
    assert under_way.answered_at is not None
    assert under_way.changed == ["A.I.1.i.a", "A.I.5.i.a"]
    assert Snapshot.objects.filter(kind="submission").count() == 2


def test_what_came_back_different_is_looked_at_again():
    row = in_review()
    lead = reviewer(row, Role.TPI_LEAD)
    agreed(row, lead)
    row = returned(row, ["A.I.1.i.a", "A.I.1.i.b"], lead=lead)
    answer(row, "A.I.1.i.a", choice="T")
    row = take_step(assessment=row, name="resubmit", by=member(row.unit, Role.HEAD))
    error = refused(row, "finish", lead)
    assert [o.codes for o in error.obstacles] == [("A.I.1.i.a",)]
    judge(row, Stage.TPI, entry("A.I.1.i.a", version=1, choice="T"), by=lead)
    assert take_step(assessment=row, name="finish", by=lead).state == State.LEAD_CHECK


@pytest.mark.parametrize("until", ["", "besok", "2026-01-01T00:00:00+07:00", "2099-01-01T00:00:00"])
def test_a_return_says_until_when(until):
    row = in_review()
    lead = reviewer(row, Role.TPI_LEAD)
    returns.set_item(assessment=row, stage=Stage.TPI, code="A.I.1.i.a", reason="Lengkapi", by=lead)
    error = refused(row, "return_tpi", lead, extra={"until": until})
    assert error.message_dict == {"until": [returns.NO_UNTIL]}


def test_a_return_that_is_over_time_is_taken_back_by_who_sent_it():
    row = in_review()
    lead = reviewer(row, Role.TPI_LEAD)
    row = returned(row, ["A.I.1.i.a"], lead=lead)
    Return.objects.update(until=timezone.now() - timedelta(hours=1))
    head = member(row.unit, Role.HEAD)
    assert "Batas waktu perbaikan" in str(refused(row, "resubmit", head))
    refused(row, "take_back", member(row.unit, Role.PRELIM), reason="Lewat")
    done = take_step(assessment=row, name="take_back", by=lead, reason="Batas waktu lewat.")
    assert (done.state, Return.objects.get().changed) == (State.REVIEW, [])


def test_a_prelim_return_comes_back_to_the_unit_above():
    row = submitted(needs_prelim=True)
    above = member(row.unit, Role.PRELIM)
    take_step(assessment=row, name="start_prelim", by=above)
    returns.set_item(assessment=row, stage=Stage.PRELIM, code="A.I.1.i.a", reason="Lengkapi", by=above)
    until = (timezone.now() + timedelta(days=3)).isoformat()
    take_step(assessment=row, name="return_prelim", by=above, extra={"until": until})
    done = take_step(assessment=row, name="resubmit", by=member(row.unit, Role.HEAD))
    assert done.state == State.PRELIM


def test_the_list_of_corrections_is_kept_with_its_history():
    row = in_review()
    lead = reviewer(row, Role.TPI_LEAD)
    for reason in ("Lengkapi", "Lengkapi", "Ganti", ""):
        returns.set_item(assessment=row, stage=Stage.TPI, code="A.I.1.i.a", reason=reason, by=lead)
    assert not ReturnItem.objects.exists()
    found = Event.objects.filter(kind="return_item").order_by("number")
    assert [(e.data["from"]["return"], e.data["to"]["return"]) for e in found] == [
        ("", "Lengkapi"), ("Lengkapi", "Ganti"), ("Ganti", ""),
    ]  # fmt: skip


# Deciding


def test_approval_decides_by_the_thresholds_and_fixes_the_report():
    row = approved()
    result = selectors.stage_result(row, Stage.TPI)
    assert row.state == (State.FULFILS if result.passed("WBK") else State.NOT_YET)
    snapshot = row.snapshots.get(kind="decision")
    assert is_intact(snapshot)
    report = snapshot.data["lhe"]
    assert report["conclusion"] == "Unit ini layak diusulkan."
    assert report["passed"] is (row.state == State.FULFILS)
    assert report["tpi_total"] == snapshot.data["scores"]["total"]


@pytest.mark.parametrize(("index", "state"), [("4.00", State.FULFILS), ("3.59", State.NOT_YET)])
def test_one_threshold_decides(index, state):
    row = best(in_review(), index)
    lead, controller = reviewer(row, Role.TPI_LEAD), reviewer(row, Role.TPI_CONTROLLER)
    for name in ("finish", "pass_on"):
        row = take_step(assessment=row, name=name, by=lead)
    assert take_step(assessment=row, name="approve", by=controller, reason="Sesuai.").state == state


def best(row, index):
    """Let TPI answer everything as well as can be, and B.I.a with an index."""
    judge(row, Stage.TPI, *best_entries(row, index=index), by=UserFactory())
    return row


def test_what_is_unfinished_keeps_the_approval_back():
    row = in_review()
    lead, controller, other = (reviewer(row, r) for r in (Role.TPI_LEAD, Role.TPI_CONTROLLER, Role.TPI_MEMBER))
    assert "113 kriteria belum dinilai." in str(refused(row, "finish", other))
    agreed(row, other)
    take_step(assessment=row, name="finish", by=other)
    Conflict.objects.create(assessment=row, user=other, reason="Kerabat", declared_at=timezone.now())
    returns.set_item(assessment=row, stage=Stage.TPI, code="A.I.1.i.a", reason="Lengkapi", by=lead)
    checks = [o.check for o in refused(row, "pass_on", lead).obstacles]
    assert checks == [Check.RETURN_SENT_OR_EMPTY, Check.CONFLICTS_DECIDED]
    returns.set_item(assessment=row, stage=Stage.TPI, code="A.I.1.i.a", reason="", by=lead)
    Conflict.objects.update(state=Conflict.State.DISMISSED)
    take_step(assessment=row, name="pass_on", by=lead)
    refused(row, "approve", lead, reason="x")
    refused(row, "approve", controller)


def test_lead_and_controller_hand_back_with_a_reason():
    row = in_review()
    lead, controller = reviewer(row, Role.TPI_LEAD), reviewer(row, Role.TPI_CONTROLLER)
    agreed(row, lead)
    take_step(assessment=row, name="finish", by=lead)
    refused(row, "send_back", lead, reason="  ")
    assert take_step(assessment=row, name="send_back", by=lead, reason="Periksa lagi").state == State.REVIEW
    for name in ("finish", "pass_on"):
        take_step(assessment=row, name=name, by=lead)
    assert take_step(assessment=row, name="hand_back", by=controller, reason="Lengkapi").state == State.LEAD_CHECK


def test_a_second_scoring_is_done_and_settled_before_the_approval():
    row = in_review(second_share=10)
    lead, other = reviewer(row, Role.TPI_LEAD), reviewer(row)
    agreed(row, lead)
    assert "belum ditunjuk" in str(refused(row, "finish", lead))
    second = second_of(row, other, ["A.I.1.i.a", "A.I.1.i.b"])
    assert NOT_NOW in str(refused(row, "finish", other))  # blind people take no step
    assert "belum selesai" in str(refused(row, "finish", lead))
    unit = selectors.answers_of(row, Stage.UNIT)["A.I.1.i.a"].choice.key
    judge(row, Stage.SECOND, entry("A.I.1.i.a", "Lain", choice="T" if unit == "Y" else "Y"), by=other)
    type(second).objects.update(finished_at=timezone.now())
    take_step(assessment=row, name="finish", by=lead)
    (obstacle,) = refused(row, "pass_on", lead).obstacles
    assert (obstacle.check, obstacle.codes) == (Check.SECOND_SETTLED, ("A.I.1.i.a", "A.I.1.i.b"))
    type(second).objects.update(settled={"A.I.1.i.a": {"choice": "first"}, "A.I.1.i.b": {"choice": "first"}})
    assert take_step(assessment=row, name="pass_on", by=lead).state == State.APPROVAL


def test_unmet_conditions_keep_the_proposal_back_except_of_affirmative_units():
    admin = UserFactory()
    for affirmative, kind, early in (("", "local", False), ("hospital", "local", True), ("hospital", "central", False)):
        row = at_state(opened(), State.FULFILS)
        type(row.unit).objects.filter(pk=row.unit_id).update(affirmative=affirmative)
        type(row.period).objects.update(agency_kind=kind)
        admin = member(row.unit, Role.ADMIN)
        if early:
            assert take_step(assessment=row, name="propose", by=admin).state == State.PROPOSED
            continue
        assert "syarat pengusulan belum terpenuhi" in str(refused(row, "propose", admin))
        for condition in ProposalCondition.objects.filter(predicate="WBK"):
            ConditionAnswer.objects.create(
                assessment=row, condition=condition, met="ya", changed_by=admin, changed_at=timezone.now()
            )
        assert take_step(assessment=row, name="propose", by=admin).state == State.PROPOSED


@pytest.mark.parametrize(
    ("field", "state", "name", "role"),
    [
        ("prelim", State.SUBMITTED, "start_prelim", Role.PRELIM),
        ("tpi", State.SUBMITTED, "start_review", Role.TPI_LEAD),
        ("tpi", State.LEAD_CHECK, "send_back", Role.TPI_LEAD),
        ("tpi", State.APPROVAL, "hand_back", Role.TPI_CONTROLLER),
    ],
)
def test_reviewers_act_inside_their_window(field, state, name, role):
    now, day = timezone.now(), timedelta(days=1)
    for opens, closes, is_open in ((1, 2, False), (-2, -1, False), (-1, 1, True)):
        row = at_state(opened(needs_prelim=field == "prelim"), state)
        type(row.period).objects.update(**{f"{field}_opens": now + opens * day, f"{field}_closes": now + closes * day})
        row, by = refreshed(row), person(row, role)
        if is_open:
            assert take_step(assessment=row, name=name, by=by, reason="x").state != state
        else:
            assert "sudah lewat atau belum dibuka" in str(refused(row, name, by, reason="x"))


# Everything at once


def test_every_step_is_taken_only_by_its_roles_from_its_states():
    """Each role in each state against each step: a step that is not in the table is refused before anything else."""
    for state in State:
        row = at_state(opened(), state)
        if state == State.RETURNED:
            now = timezone.now()
            Return.objects.create(assessment=row, stage="tpi", round=1, sent_at=now, until=now + timedelta(days=1))
        people = {role: person(row, role) for role in Role}
        for name, step in STEPS.items():
            for role, by in people.items():
                allowed = state in step.source and role in step.hats
                if name == "take_back":
                    allowed = allowed and role == Role.TPI_LEAD  # no return of the unit above is under way
                try:
                    with_rollback(row, name, by)
                except ValidationError as error:
                    is_moved = getattr(error, "code", "") == "moved"
                else:
                    is_moved = False
                assert is_moved is not allowed, (name, state, role)


def with_rollback(row, name, by):
    with transaction.atomic():
        take_step(assessment=row, name=name, by=by, reason="Alasan", extra={"until": "2099-01-01T00:00:00+07:00"})
        transaction.set_rollback(True)


def test_texts_have_their_limit():
    row = at_state(opened(), State.UNFIT)
    error = refused(row, "reopen", member(row.unit, Role.ADMIN), reason="x" * 5001)
    assert error.message_dict == {"reason": ["Paling panjang 5000 karakter."]}
    refused(row, "reopen", member(row.unit, Role.ADMIN), reason="x\0")


def test_a_step_takes_as_many_queries_for_much_evidence_as_for_little(django_assert_max_num_queries):
    counts = []
    for many in (1, 12):
        row = opened()
        filled(row)
        for number in range(many):
            attachment(row, doc=document(row.unit, title=f"Dokumen {number}"))
        head = member(row.unit, Role.HEAD)
        with django_assert_max_num_queries(60) as found:
            take_step(assessment=row, name="submit", by=head)
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_awards_do_not_change_what_was_decided():
    row = approved()
    before = row.snapshots.get(kind="decision").digest
    Award.objects.create(unit=row.unit, predicate="WBK", decree_number="1", decree_date=timezone.localdate())
    assert is_intact(row.snapshots.get(kind="decision"))
    assert row.snapshots.get(kind="decision").digest == before
    assert Attachment.objects.filter(assessment=row).count() == 0
