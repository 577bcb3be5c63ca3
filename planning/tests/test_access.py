"""Who may do what in a unit's planning: every role in every state, written out, and on every route."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from accounts.tests.factories import MembershipFactory
from assessment.access import may
from assessment.models import Assessment, SecondScoring, State
from assessment.tests.factories import UserFactory, member, opened, person, reviewer
from assessment.tests.test_access import TEAM
from planning.access import PlanMay, is_over, plan_may
from planning.models import Leader

from . import routes
from .factories import action, over

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

EVERY = frozenset(State)
ROLES = tuple(Role)
# Which right each role has, and in which states.
RIGHTS: dict[str, dict[Role, frozenset[State]]] = {
    "read": dict.fromkeys(ROLES, EVERY),
    "plan": dict.fromkeys(TEAM, EVERY),
    "discuss": dict.fromkeys(TEAM, EVERY),
    "talk": dict.fromkeys(TEAM, EVERY),
    "assign": {Role.HEAD: EVERY},
    "lead": {Role.HEAD: EVERY},
    "confirm": dict.fromkeys(TEAM, frozenset({State.DRAFT})),
}


def has_right(right, role, state):
    return state in RIGHTS[right].get(Role(role), ())


def at_state(row, state):
    Assessment.objects.filter(pk=row.pk).update(state=state)
    return Assessment.objects.for_page().get(pk=row.pk)


def rights_of(user, row):
    return plan_may(user, row, may(user, row))


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("role", Role)
def test_rights(instrument, role, state):
    row = at_state(opened(), state)
    found = rights_of(person(row, role), row)
    assert {right: getattr(found, right) for right in RIGHTS} == {r: has_right(r, role, state) for r in RIGHTS}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("role", Role)
def test_every_route_asks_for_its_right(client, instrument, role, state):
    row = opened()
    user, values = routes.somebody(row, role)
    values |= {"year": 2026, "code": row.unit.code, "criterion": "A.I.1.i.a"}
    row = at_state(row, state)
    client.force_login(user)
    for name, right in sorted((routes.READS | routes.WRITES).items()):
        before, url = routes.stored_rows(), routes.url_of(name, values)
        response = client.get(url) if name in routes.READS else client.post(url)
        allowed = has_right(right, role, state)
        assert (response.status_code != 403) is allowed, (name, response.status_code)
        assert allowed or routes.stored_rows() == before, name
        at_state(row, state)


def test_a_superuser_reads_the_plan_and_is_no_member(assessment):
    found = rights_of(UserFactory(is_superuser=True), assessment)
    assert (found.read, found.plan, found.discuss, found.talk, found.confirm) == (True, False, False, False, False)


def test_a_blind_second_reviewer_reads_no_plan(assessment, client):
    user = reviewer(assessment)
    row = at_state(assessment, State.REVIEW)
    SecondScoring.objects.create(
        assessment=row, user=user, codes=["A.I.1.i.a"], assigned_by=user, assigned_at=timezone.now()
    )
    assert rights_of(user, row) == PlanMay(base=may(user, row))
    client.force_login(user)
    assert client.get(reverse("planning:actions", args=[2026, row.unit.code])).status_code == 403


def test_a_reviewer_who_is_of_the_unit_too_is_of_the_unit(assessment):
    user = reviewer(assessment, Role.TPI_LEAD, member(assessment.unit))
    found = rights_of(user, at_state(assessment, State.REVIEW))
    assert (found.plan, found.discuss, found.talk) == (True, True, True)


def test_the_unit_above_and_the_agencys_admin_take_part_only_as_members(assessment):
    for role in (Role.PRELIM, Role.OBSERVER, Role.ADMIN):
        user = member(assessment.unit, role)
        assert rights_of(user, assessment).discuss is False
        MembershipFactory(user=user, unit=assessment.unit, role=Role.MEMBER)
        assert rights_of(user, assessment).discuss is True


def test_a_named_team_lead_assigns_like_the_head_but_names_nobody(assessment):
    user = member(assessment.unit)
    Leader.objects.create(assessment=assessment, user=user, by=user, at=timezone.now())
    found = rights_of(user, assessment)
    assert (found.assign, found.lead) == (True, False)
    stranger = UserFactory()
    Leader.objects.update(user=stranger)
    assert rights_of(stranger, assessment).assign is False


def test_a_period_is_over_when_its_year_and_all_its_windows_are(instrument):
    row = opened(year=2020)
    now, day = timezone.now(), timedelta(days=1)
    row.period.unit_closes = now - day
    assert is_over(row.period) is True
    row.period.proposal_closes = now + day
    assert is_over(row.period) is False
    row.period.proposal_closes, row.period.year = None, timezone.localdate().year
    assert is_over(row.period) is False


def test_nothing_is_written_once_the_period_is_over(instrument, client):
    row = opened()
    user = member(row.unit, Role.HEAD)
    values = routes.rows_of(row)
    row = over(row)
    values |= {"year": row.period.year, "code": row.unit.code, "criterion": "A.I.1.i.a"}
    client.force_login(user)
    before = routes.stored_rows()
    for name in sorted(routes.WRITES):
        assert client.post(routes.url_of(name, values)).status_code == 403, name
    assert routes.stored_rows() == before
    assert client.get(reverse("planning:actions", args=[row.period.year, row.unit.code])).status_code == 200


def test_a_member_writes_only_inside_their_areas(assessment, client):
    made = action(assessment)
    client.force_login(member(assessment.unit, areas=["2"]))
    where = [2026, assessment.unit.code]
    for name in ("planning:action-save", "planning:action-status"):
        assert client.post(reverse(name, args=[*where, made.pk])).status_code == 403
    data = {"code": "A.I.1.i.a", "activity": "Rapat", "target": "2026-05", "status": "planned"}
    response = client.post(reverse("planning:action-add", args=where), data)
    assert (response.status_code, "Pilih kriterianya." in response.text) == (422, True)
    assert client.post(reverse("planning:action-add", args=where), data | {"code": "A.I.2.i.a"}).status_code == 302
    assert [a.criterion.code for a in assessment.actions.for_list()] == ["A.I.1.i.a", "A.I.2.i.a"]
