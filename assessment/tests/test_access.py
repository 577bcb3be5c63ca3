from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from accounts.models import Role
from assessment import selectors
from assessment.access import May, get_assessment, may
from assessment.models import Assessment, State

from .factories import UnitFactory, UserFactory, member, opened

pytestmark = pytest.mark.django_db

WRITERS = {Role.MEMBER, Role.HEAD}
# Written out: a role or state that is added must be thought about here.
MATRIX = {
    (role, state): May(answer=role in WRITERS and state == State.DRAFT)
    for role in (
        Role.MEMBER, Role.HEAD, Role.PRELIM, Role.TPI_MEMBER, Role.TPI_LEAD, Role.TPI_CONTROLLER, Role.OBSERVER,
        Role.ADMIN,
    )
    for state in (
        State.DRAFT, State.SUBMITTED, State.PRELIM, State.REVIEW, State.RETURNED, State.LEAD_CHECK, State.APPROVAL,
        State.FULFILS, State.NOT_YET, State.PROPOSED, State.RESULT,
    )
}  # fmt: skip


def test_matrix_names_every_role_and_state():
    assert set(MATRIX) == {(r, s) for r in Role for s in State}


@pytest.mark.parametrize(("role", "state"), MATRIX)
def test_may(instrument, role, state):
    assessment = opened(state=state)
    assert may(member(assessment.unit, role), assessment) == MATRIX[role, state]


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
    assert may(owner, assessment) == May()


def test_a_member_limited_to_areas_answers_only_those(assessment):
    worksheet = selectors.worksheet_of(assessment.period.instrument)
    allowed = may(member(assessment.unit, areas=["1", "5"]), assessment)
    pages = [code for code in worksheet.pages if allowed.answer_page(worksheet, code)]
    assert pages == ["A.I.1", "A.I.5", "A.II.1", "A.II.5"]


def test_two_memberships_add_up(assessment):
    worksheet = selectors.worksheet_of(assessment.period.instrument)
    user = member(assessment.unit, areas=["1"])
    from accounts.tests.factories import MembershipFactory

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
