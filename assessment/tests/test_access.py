from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from accounts.models import PastMembership, Role, Unit
from accounts.tests.factories import MembershipFactory
from assessment import selectors
from assessment.access import May, get_assessment, may
from assessment.models import Assessment, Conflict, Criterion, Return, ReturnItem, SecondScoring, Stage, State

from .factories import UnitFactory, UserFactory, member, opened, person, reviewer, team_of

pytestmark = pytest.mark.django_db

UNIT, PRELIM, TPI, TPN = Stage.UNIT, Stage.PRELIM, Stage.TPI, Stage.TPN
TEAM = (Role.MEMBER, Role.HEAD)
INSPECTORS = (Role.TPI_MEMBER, Role.TPI_LEAD, Role.TPI_CONTROLLER)
# What a unit reads in each state: nobody's work before it is done.
SEEN_BY_UNIT = {
    State.DRAFT: {UNIT}, State.SUBMITTED: {UNIT}, State.PRELIM: {UNIT}, State.RETURNED: {UNIT},
    State.UNFIT: {UNIT, PRELIM}, State.REVIEW: {UNIT, PRELIM}, State.LEAD_CHECK: {UNIT, PRELIM},
    State.APPROVAL: {UNIT, PRELIM}, State.FULFILS: {UNIT, PRELIM, TPI}, State.NOT_YET: {UNIT, PRELIM, TPI},
    State.PROPOSED: {UNIT, PRELIM, TPI}, State.RESULT: {UNIT, PRELIM, TPI, TPN},
}  # fmt: skip
# Whose stage a reviewer writes, and when.
WRITES = {
    (Role.PRELIM, State.PRELIM): PRELIM, (Role.TPI_MEMBER, State.REVIEW): TPI, (Role.TPI_LEAD, State.REVIEW): TPI,
    (Role.TPI_LEAD, State.LEAD_CHECK): TPI, (Role.ADMIN, State.PROPOSED): TPN,
}  # fmt: skip


def expected(role, state):
    sees = frozenset({UNIT, PRELIM, TPI, TPN})
    if role in TEAM:
        sees = frozenset(SEEN_BY_UNIT[state])
    elif role == Role.PRELIM:
        sees = frozenset(SEEN_BY_UNIT[state] | {PRELIM})
    answers = role in TEAM and state == State.DRAFT  # returned: only with a return, below
    stage = WRITES.get((role, state), "")
    return May(answer=answers, hats=frozenset({role}), sees=sees, stage=stage, agency=role == Role.ADMIN)


# Written out: a role or state that is added must be thought about here.
MATRIX = {
    (role, state): expected(role, state)
    for role in (*TEAM, Role.PRELIM, *INSPECTORS, Role.OBSERVER, Role.ADMIN)
    for state in SEEN_BY_UNIT
}


def test_matrix_names_every_role_and_state():
    assert set(MATRIX) == {(r, s) for r in Role for s in State}


@pytest.mark.parametrize(("role", "state"), MATRIX)
def test_may(instrument, role, state):
    assessment = opened(state=state)
    assert may(person(assessment, role), assessment) == MATRIX[role, state]


def test_only_an_admin_at_the_top_has_the_whole_agency(instrument):
    top = UnitFactory()
    below = UnitFactory(parent=top)
    row = opened(UnitFactory(parent=below))
    for unit, role, whole in (
        (top, Role.ADMIN, True), (top, Role.OBSERVER, False), (below, Role.ADMIN, False), (row.unit, Role.ADMIN, False),
    ):  # fmt: skip
        assert may(member(unit, role), row).agency is whole


@pytest.mark.parametrize(("days", "answer"), [((-2, 2), True), ((1, 2), False), ((-2, -1), False)])
def test_the_window_decides_too(instrument, days, answer):
    opens, closes = (timezone.now() + timedelta(days=d) for d in days)
    assessment = opened(unit_opens=opens, unit_closes=closes)
    assert may(member(assessment.unit), assessment).answer is answer


def see(user):
    return list(Assessment.objects.visible_to(user).order_by("pk"))


def test_a_stranger_is_told_nothing_exists(assessment):
    theirs = opened()
    user = member(assessment.unit)
    assert see(user) == [assessment]
    assert see(UserFactory()) == []
    with pytest.raises(Http404):
        get_assessment(user, 2026, theirs.unit.code)


def test_an_insider_without_the_right_is_refused_not_hidden(assessment):
    with pytest.raises(PermissionDenied):
        get_assessment(member(assessment.unit, Role.OBSERVER), 2026, assessment.unit.code, needs="answer")


@pytest.mark.parametrize("role", Role)
def test_roles_that_reach_down_the_tree_and_those_that_do_not(instrument, role):
    above = UnitFactory()
    below = opened(UnitFactory(parent=UnitFactory(parent=above)))
    beside = opened(UnitFactory())
    user = member(above, role)
    reaches = role in {Role.PRELIM, Role.OBSERVER, Role.ADMIN}
    assert see(user) == ([below] if reaches else [])
    assert beside not in see(user)
    assert may(user, below).answer is False


def test_a_unit_whose_path_begins_with_the_same_digits_is_not_below(instrument):
    first = UnitFactory()
    others = [opened(UnitFactory()) for _ in range(12)]
    assert see(member(first, Role.ADMIN)) == []
    assert len(others) == 12


def test_an_inactive_user_sees_nothing_and_a_superuser_reads_everything(assessment):
    former = member(assessment.unit)
    former.is_active = False
    former.save()
    owner = UserFactory(is_superuser=True)
    assert (see(former), see(owner)) == ([], [assessment])
    assert may(owner, assessment) == May(sees=frozenset({UNIT, PRELIM, TPI, TPN}))
    assert may(former, assessment) == May()


def test_a_member_limited_to_areas_answers_only_those(assessment):
    worksheet = selectors.worksheet_of(assessment.period.instrument)
    allowed = may(member(assessment.unit, areas=["1", "5"]), assessment)
    pages = [code for code in worksheet.pages if allowed.answer_page(worksheet, code)]
    assert pages == ["A.I.1", "A.I.5", "A.II.1", "A.II.5"]


def test_two_memberships_add_up(assessment):
    worksheet = selectors.worksheet_of(assessment.period.instrument)
    user = member(assessment.unit, areas=["1"])
    MembershipFactory(user=user, unit=assessment.unit, role=Role.HEAD)
    assert all(may(user, assessment).answer_page(worksheet, page) for page in worksheet.pages)


def test_get_assessment_takes_two_queries(assessment, django_assert_num_queries):
    user = member(assessment.unit)
    with django_assert_num_queries(2):
        found, allowed = get_assessment(user, 2026, assessment.unit.code)
        assert (found.unit.name, found.period.instrument.code, found.held_wbk) == (
            assessment.unit.name, "lke-zi", False,
        )  # fmt: skip
    assert allowed.answer


def returned(assessment, *codes, hours=24, stage="tpi"):
    at = timezone.now()
    row = Return.objects.create(
        assessment=assessment, stage=stage, round=1, sent_at=at, until=at + timedelta(hours=hours)
    )
    for code in codes:
        criterion = Criterion.objects.get(instrument=assessment.period.instrument, code=code)
        ReturnItem.objects.create(of=row, criterion=criterion, reason="Perbaiki", added_by=UserFactory(), added_at=at)
    Assessment.objects.filter(pk=assessment.pk).update(state=State.RETURNED)
    return Assessment.objects.for_page().get(pk=assessment.pk)


def test_a_return_opens_only_its_criteria(assessment):
    row = returned(assessment, "A.I.1.i.a", "A.I.5.i.a")
    worksheet = selectors.worksheet_of(assessment.period.instrument)
    allowed = may(member(row.unit), row)
    assert allowed.answer
    assert {c for c in worksheet.criteria if allowed.answer_criterion(worksheet, c)} == {"A.I.1.i.a", "A.I.5.i.a"}
    assert [p for p in worksheet.pages if allowed.answer_page(worksheet, p)] == ["A.I.1", "A.I.5"]
    limited = may(member(row.unit, areas=["5"]), row)
    assert {c for c in worksheet.criteria if limited.answer_criterion(worksheet, c)} == {"A.I.5.i.a"}


def test_a_return_is_over_when_its_time_is(assessment):
    assert may(member(assessment.unit), returned(assessment, "A.I.1.i.a", hours=-1)).answer is False


def test_a_return_is_open_although_the_window_of_the_period_is_closed(instrument):
    closed = timezone.now() - timedelta(days=1)
    row = returned(opened(unit_closes=closed), "A.I.1.i.a")
    assert may(member(row.unit), row).only == {"A.I.1.i.a"}


@pytest.mark.parametrize("role", INSPECTORS)
def test_inspectors_see_only_what_is_assigned_to_their_team(assessment, role):
    other = opened()
    user = reviewer(assessment, role)
    MembershipFactory(user=user, unit=other.unit, role=role)  # says who may be put on a team, no more
    assert see(user) == [assessment]
    assert may(user, other) == May()
    assert not Unit.objects.visible_to(user).exists()


def test_a_conflict_of_interest_keeps_away_until_it_is_dismissed(assessment):
    user, other = reviewer(assessment), reviewer(assessment)
    assert may(user, assessment).sees == {UNIT, PRELIM, TPI, TPN}
    row = Conflict.objects.create(assessment=assessment, user=user, reason="Kerabat", declared_at=timezone.now())
    for state, there in (("open", []), ("upheld", []), ("dismissed", [assessment])):
        Conflict.objects.filter(pk=row.pk).update(state=state)
        assert see(user) == there
        assert may(user, assessment).is_reviewer is bool(there)
    assert see(other) == [assessment]


def test_a_member_of_the_unit_reviews_nothing_of_it_whatever_team_they_are_on(assessment):
    user = reviewer(assessment, Role.TPI_LEAD, member(assessment.unit))
    Assessment.objects.filter(pk=assessment.pk).update(state=State.REVIEW)
    row = Assessment.objects.for_page().get(pk=assessment.pk)
    assert may(user, row) == May(hats=frozenset({Role.MEMBER}), sees=frozenset({UNIT, PRELIM}))


def test_who_left_the_unit_reviews_nothing_of_it_although_still_on_the_team(assessment):
    user = reviewer(assessment, Role.TPI_LEAD, member(assessment.unit))
    user.memberships.get().delete()
    assert see(user) == []
    assert may(user, assessment) == May()
    gone = reviewer(assessment)
    for unit, role in ((assessment.unit, Role.ADMIN), (opened().unit, Role.HEAD)):  # neither is the unit's own team
        PastMembership.objects.create(user=gone, unit=unit, role=role)
    assert see(gone) == [assessment]
    assert may(gone, assessment).is_reviewer


def test_somebody_of_the_unit_above_who_is_in_the_unit_too_does_not_assess_it(assessment):
    user = member(assessment.unit)
    MembershipFactory(user=user, unit=assessment.unit, role=Role.PRELIM)
    Assessment.objects.filter(pk=assessment.pk).update(state=State.PRELIM)
    found = may(user, Assessment.objects.for_page().get(pk=assessment.pk))
    assert (found.stage, found.hats, found.sees) == ("", {Role.MEMBER}, {UNIT})


def test_a_second_reviewer_is_blind_until_the_sample_is_done(assessment):
    user = reviewer(assessment)
    Assessment.objects.filter(pk=assessment.pk).update(state=State.REVIEW)
    row = Assessment.objects.for_page().get(pk=assessment.pk)
    second = SecondScoring.objects.create(
        assessment=row, user=user, codes=["A.I.1.i.a"], assigned_by=user, assigned_at=timezone.now()
    )
    found = may(user, row)
    assert (found.stage, found.sample) == (Stage.SECOND, {"A.I.1.i.a"})
    assert TPI not in found.sees
    assert [found.judge_criterion(c) for c in ("A.I.1.i.a", "A.I.1.i.b")] == [True, False]
    SecondScoring.objects.filter(pk=second.pk).update(finished_at=timezone.now())
    assert may(user, row).stage == TPI
    assert may(reviewer(row), row).stage == TPI


@pytest.mark.parametrize(("stage", "state", "field"), [(PRELIM, State.PRELIM, "prelim"), (TPI, State.REVIEW, "tpi")])
def test_reviewers_write_inside_their_window(instrument, stage, state, field):
    role = {PRELIM: Role.PRELIM, TPI: Role.TPI_MEMBER}[stage]
    now, day = timezone.now(), timedelta(days=1)
    for opens, closes, writes in ((-2, 2, True), (1, 2, False), (-2, -1, False), (None, None, True)):
        row = opened(state=state)
        limits = [None if n is None else now + n * day for n in (opens, closes)]
        setattr(row.period, f"{field}_opens", limits[0])
        setattr(row.period, f"{field}_closes", limits[1])
        assert may(person(row, role), row).stage == (stage if writes else "")


def test_permissions_of_reviewers_take_two_queries(assessment, django_assert_num_queries):
    user = reviewer(assessment)
    for _ in range(3):
        team_of(assessment).members.create(user=UserFactory(), role=Role.TPI_MEMBER)
    with django_assert_num_queries(3):
        get_assessment(user, 2026, assessment.unit.code)
