"""Many assessments are read as one would be: `stages_read` says what `may` says."""

import pytest
from django.utils import timezone

from accounts.models import Role
from accounts.tests.factories import MembershipFactory
from assessment.access import may, stages_read
from assessment.models import Assessment, Conflict, SecondScoring

from .factories import UnitFactory, UserFactory, member, opened, person, reviewer
from .test_access import MATRIX

pytestmark = pytest.mark.django_db


def agree(user):
    """Compare both ways over everything that the user sees; return what they say by unit."""
    rows = list(Assessment.objects.visible_to(user).for_page())
    found = stages_read(user, rows)
    assert found == {row.pk: may(user, row).sees for row in rows}
    return {row.unit.code: found[row.pk] for row in rows}


@pytest.mark.parametrize(("role", "state"), MATRIX)
def test_every_role_in_every_state(instrument, role, state):
    row = opened(state=state)
    assert agree(person(row, role)) == {row.unit.code: MATRIX[role, state].sees}


def test_roles_far_above_reach_down_and_those_of_units_do_not(instrument):
    top = UnitFactory()
    upper = UnitFactory(parent=top)
    low = opened(UnitFactory(parent=upper), state="review")
    opened(upper, state="review")
    assert set(agree(member(top, Role.OBSERVER))) == {low.unit.code, upper.code}
    prelim = agree(member(top, Role.PRELIM))
    assert prelim[low.unit.code] == {"unit", "prelim"}
    assert set(agree(member(upper, Role.HEAD))) == {upper.code}


def test_who_heads_a_unit_above_may_still_assess_the_one_below(instrument):
    upper = UnitFactory()
    row = opened(UnitFactory(parent=upper), state="review")
    user = reviewer(row, Role.TPI_LEAD)
    MembershipFactory(user=user, unit=upper, role=Role.HEAD)
    assert "tpi" in agree(user)[row.unit.code]


def test_who_belongs_to_the_unit_reviews_it_in_no_other_role(instrument):
    top = UnitFactory()
    row = opened(UnitFactory(parent=top), state="prelim")
    user = member(row.unit)
    MembershipFactory(user=user, unit=top, role=Role.PRELIM)
    reviewer(row, Role.TPI_LEAD, user)
    assert agree(user) == {row.unit.code: {"unit"}}
    MembershipFactory(user=user, unit=top, role=Role.OBSERVER)
    assert "tpi" in agree(user)[row.unit.code]


def test_a_second_reviewer_is_blind_only_while_the_sample_lasts(instrument):
    row = opened(state="review")
    user = reviewer(row)
    sample = SecondScoring.objects.create(
        assessment=row, user=user, codes=["A.I.1.i.a"], assigned_by=user, assigned_at=timezone.now()
    )
    assert agree(user)[row.unit.code] == {"unit", "prelim", "second"}
    SecondScoring.objects.filter(pk=sample.pk).update(codes=[])
    assert "tpi" in agree(user)[row.unit.code]
    SecondScoring.objects.filter(pk=sample.pk).update(codes=["A.I.1.i.a"], finished_at=timezone.now())
    assert "tpi" in agree(user)[row.unit.code]


def test_a_conflict_leaves_what_another_role_lets_them_read(instrument):
    row, other = opened(state="review"), opened(state="review")
    user = reviewer(row)
    reviewer(other, Role.TPI_LEAD, user)
    MembershipFactory(user=user, unit=row.unit, role=Role.PRELIM)
    Conflict.objects.create(assessment=row, user=user, reason="Kerabat", declared_at=timezone.now())
    found = agree(user)
    assert found[row.unit.code] == {"unit", "prelim"}
    assert "tpi" in found[other.unit.code]


def test_who_left_the_unit_does_not_assess_it(instrument):
    row = opened(state="review")
    user = reviewer(row, Role.TPI_LEAD, member(row.unit))
    user.memberships.get().delete()
    (found,) = stages_read(user, [row]).values()
    assert found == may(user, row).sees == {"unit", "prelim"}


def test_a_superuser_reads_all_but_in_their_own_unit(instrument):
    row, other = opened(state="review"), opened(state="review")
    user = UserFactory(is_superuser=True)
    MembershipFactory(user=user, unit=row.unit)
    found = agree(user)
    assert "tpi" not in found[row.unit.code]
    assert "tpi" in found[other.unit.code]


def test_four_queries_however_many(instrument, django_assert_num_queries):
    top = UnitFactory()
    user = member(top, Role.ADMIN)
    for count in (2, 6):
        for _ in range(count):
            opened(UnitFactory(parent=top))
        rows = list(Assessment.objects.visible_to(user).for_page())
        with django_assert_num_queries(4):
            stages_read(user, rows)
