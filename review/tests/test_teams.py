"""TPI's teams: forming them, assigning units, and keeping a unit's own people away."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, Notification, PastMembership, Role
from accounts.tests.factories import MembershipFactory
from assessment import history
from assessment.models import Answer, Assignment, Event, Team, TeamMember
from assessment.tests.factories import PeriodFactory, answer
from review.assigning import ties
from review.services import teams as services
from review.services.teams import Order

from .deciding import agency
from .factories import UnitFactory, UserFactory, at_state, member, opened, refreshed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("instrument", "media")]

TODAY = timezone.localdate


def candidate(role=Role.TPI_MEMBER, **user):
    """Return somebody who may be put on a team."""
    found = UserFactory(**user)
    MembershipFactory(user=found, unit=UnitFactory(name="Inspektorat"), role=role)
    return found


def ready_team(name="Tim A", **period):
    """Return a team with a lead, a controller and a member."""
    team = Team.objects.create(period=PeriodFactory(**period), name=name)
    for role in (Role.TPI_LEAD, Role.TPI_CONTROLLER, Role.TPI_MEMBER):
        TeamMember.objects.create(team=team, user=candidate(role), role=role)
    return team


def url(name, *args):
    return reverse(f"review:{name}", args=[2026, *args])


def written():
    return (
        Event.objects.count(), Notification.objects.count(),
        sorted(Assignment.objects.values_list("assessment", "team", "due_on")),
        sorted(TeamMember.objects.values_list("team", "user", "role")),
        sorted(Team.objects.values_list("name", flat=True)),
    )  # fmt: skip


def chain_problems(row):
    row = refreshed(row)
    return history.problems(row.pk, row.events.order_by("number"), row.event_count, row.event_head)


def assign(team, *rows, by=None, **order):
    return services.assign(period=team.period, order=Order(team, rows, **order), by=by or UserFactory())


def refused(call, *args, **kwargs):
    """Return what a service says when it refuses; nothing may have been written."""
    before = written()
    with pytest.raises(ValidationError) as caught:
        call(*args, **kwargs)
    assert written() == before
    return " ".join(caught.value.messages)


@pytest.fixture
def admin(client):
    top, found = agency()
    client.force_login(found)
    found.top = top
    return found


def unit_of(admin, **unit):
    return opened(UnitFactory(parent=admin.top, **unit))


# Teams and their members


def test_an_admin_makes_renames_and_removes_a_team(client, admin):
    PeriodFactory()
    response = client.post(url("team-add"), {"name": "  Tim   Satu "})
    made = Team.objects.get()
    assert (made.name, made.period.year, response.url) == ("Tim Satu", 2026, url("team", made.pk))
    assert client.post(url("team-rename", made.pk), {"name": "Tim Dua"}).url == url("team", made.pk)
    assert Team.objects.get().name == "Tim Dua"
    assert client.post(url("team-remove", made.pk)).url == url("teams")
    assert not Team.objects.exists()


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "Tim\0", "Tim Satu"])
def test_a_bad_name_is_refused_beside_the_field(client, admin, name):
    team = Team.objects.create(period=PeriodFactory(), name="Tim Satu")
    other = Team.objects.create(period=team.period, name="Tim Dua")
    before = written()
    for address in (url("team-add"), url("team-rename", other.pk)):
        response = client.post(address, {"name": name})
        assert response.status_code == 422
        assert 'id="id_name_error"' in response.text
    assert written() == before


def test_a_team_with_units_is_not_removed(client, admin):
    row, team = unit_of(admin), ready_team()
    assign(team, row)
    before = written()
    response = client.post(url("team-remove", team.pk))
    assert response.status_code == 422
    assert services.HAS_UNITS in response.text
    assert written() == before


def test_only_people_with_a_tpi_role_can_join(client, admin):
    team = Team.objects.create(period=PeriodFactory(), name="Tim A")
    good, gone = candidate(Role.TPI_LEAD), candidate(is_active=False)
    other = member(UnitFactory(), Role.OBSERVER)
    page = client.get(url("team", team.pk)).text
    assert f'value="{good.pk}"' in page
    assert f'value="{gone.pk}"' not in page and f'value="{other.pk}"' not in page
    for user in (gone, other):
        before = written()
        response = client.post(url("member-add", team.pk), {"user": user.pk, "role": Role.TPI_LEAD})
        assert (response.status_code, written()) == (422, before)
        assert services.NOT_TPI in refused(services.add_member, team=team, user=user, role=Role.TPI_LEAD, by=admin)
    assert services.NOT_TPI in refused(services.add_member, team=team, user=good, role=Role.ADMIN, by=admin)
    assert client.post(url("member-add", team.pk), {"user": good.pk, "role": Role.TPI_LEAD}).status_code == 302
    assert [(m.user, m.role) for m in team.members.all()] == [(good, Role.TPI_LEAD)]
    assert services.ON_TEAM in refused(services.add_member, team=team, user=good, role=Role.TPI_MEMBER, by=admin)


def test_a_change_of_members_is_written_into_the_history_of_each_unit(admin):
    team, rows = ready_team(), [opened(), opened()]
    assign(team, *rows)
    joins = candidate(first_name="Penilai Baru")
    made = services.add_member(team=team, user=joins, role=Role.TPI_MEMBER, by=admin)
    for row in rows:
        event = row.events.latest("number")
        assert (event.kind, event.actor, event.stage) == (Event.Kind.ASSIGNED, admin, "tpi")
        assert "Penilai Baru (Anggota)" in event.data["to"]["team"]
        assert "Penilai Baru" not in event.data["from"]["team"]
        assert chain_problems(row) == []
    assert Notification.objects.filter(recipient=joins, kind="assignment").count() == 2
    services.remove_member(team=team, member=made, by=admin)
    assert "Penilai Baru" not in rows[0].events.latest("number").data["to"]["team"]
    assert not team.members.filter(user=joins).exists()


def test_a_team_with_units_keeps_a_lead_and_a_controller(client, admin):
    team = ready_team()
    lead = team.members.get(role=Role.TPI_LEAD)
    assign(team, opened())
    assert services.NEEDED in refused(services.remove_member, team=team, member=lead, by=admin)
    response = client.post(url("member-remove", team.pk, lead.pk))
    assert response.status_code == 422 and services.NEEDED in response.text
    services.add_member(team=team, user=candidate(), role=Role.TPI_LEAD, by=admin)
    assert client.post(url("member-remove", team.pk, lead.pk)).status_code == 302


def test_a_member_of_another_team_is_not_found(client, admin):
    team, other = ready_team(), ready_team("Tim B")
    before = written()
    assert client.post(url("member-remove", team.pk, other.members.first().pk)).status_code == 404
    assert client.get(reverse("review:team", args=[2025, team.pk])).status_code == 404
    assert written() == before


# Who may not assess which unit


def was_member(user, unit):
    MembershipFactory(user=user, unit=unit, role=Role.HEAD).delete()


def answered(user, unit):
    answer(opened(unit, year=2025), "A.I.1.i.a", by=user, choice="Y")


def answered_before_somebody_else(user, unit):
    row = opened(unit)
    answer(row, "A.I.1.i.a", by=user, choice="Y")
    answer(row, "A.I.1.i.a", choice="T")
    assert not Answer.objects.filter(changed_by=user).exists()


TIES = {
    "member": (lambda user, unit: MembershipFactory(user=user, unit=unit), "sekarang Anggota tim unit di unit ini"),
    "head": (lambda user, unit: MembershipFactory(user=user, unit=unit, role=Role.HEAD), "sekarang Kepala unit"),
    "past": (was_member, "pernah menjadi Kepala unit di unit ini"),
    "answered": (answered, "pernah mengisi LKE unit ini"),
    "overwritten": (answered_before_somebody_else, "pernah mengisi LKE unit ini"),
}


@pytest.mark.parametrize("how", TIES)
def test_a_unit_is_not_assigned_to_its_own_people(how, admin):
    tie, text = TIES[how]
    unit, team = UnitFactory(name="Dinas Asal"), ready_team()
    person = team.members.get(role=Role.TPI_MEMBER).user
    tie(person, unit)
    row, other = opened(unit), opened()
    said = refused(assign, team, row, other)
    assert f"{person} tidak dapat menilai Dinas Asal: {text}" in said
    assert other.unit.name not in said
    # The same when the person joins a team that has the unit already.
    second = ready_team("Tim B")
    assign(second, row)
    assert "Dinas Asal" in refused(services.add_member, team=second, user=person, role=Role.TPI_MEMBER, by=admin)
    assign(team, other)


def test_other_roles_and_other_units_tie_nobody():
    unit, user = UnitFactory(), candidate()
    MembershipFactory(user=user, unit=unit, role=Role.OBSERVER)
    MembershipFactory(user=user, unit=UnitFactory())
    PastMembership.objects.create(user=user, unit=unit, role=Role.ADMIN)
    assert ties([user], [unit]) == []


def test_who_becomes_part_of_a_unit_while_assessing_it_is_pointed_out(client, admin):
    row, team = opened(), ready_team()
    assign(team, row)
    assert "Anggota yang terikat" not in client.get(url("team", team.pk)).text
    person = team.members.get(role=Role.TPI_LEAD).user
    Membership.objects.create(user=person, unit=row.unit, role=Role.MEMBER)
    page = client.get(url("team", team.pk)).text
    assert f"{person} tidak dapat menilai {row.unit.name}: sekarang Anggota tim unit di unit ini." in page


# Assigning


def post_assign(client, team, units=(), below=(), **data):
    values = {"team": team.pk, "units": [u.pk for u in units], "below": [u.pk for u in below], "due_on": ""} | data
    return client.post(url("assign"), values)


def test_units_are_assigned_with_a_date_and_the_team_is_told(client, admin):
    rows, team = [unit_of(admin), unit_of(admin)], ready_team()
    due = TODAY() + timedelta(days=20)
    response = post_assign(client, team, [r.unit for r in rows], due_on=due.isoformat())
    assert response.url == url("teams")
    for row in rows:
        given = Assignment.objects.get(assessment=row)
        assert (given.team, given.due_on, given.assigned_by) == (team, due, admin)
        event = row.events.latest("number")
        assert event.kind == Event.Kind.ASSIGNED
        assert event.data == {
            "from": {"team": "", "due_on": ""}, "to": {"team": "Tim A", "due_on": due.strftime("%d/%m/%Y")},
        }  # fmt: skip
    assert Notification.objects.filter(kind="assignment").count() == 6
    # Once more changes nothing and tells nobody.
    before = written()
    post_assign(client, team, [r.unit for r in rows], due_on=due.isoformat())
    assert written() == before


def test_all_units_below_one_are_assigned_at_once(client, admin):
    upper = UnitFactory(parent=admin.top)
    below = [opened(UnitFactory(parent=upper)), opened(UnitFactory(parent=upper))]
    aside, team = unit_of(admin), ready_team()
    page = client.get(url("assign-page")).text
    assert f"Semua 2 unit di bawah {upper.name}" in page
    assert page.index(below[0].unit.name) < page.index(below[1].unit.name) < page.index(aside.unit.name)
    assert post_assign(client, team, below=[upper]).status_code == 302
    assert set(Assignment.objects.values_list("assessment", flat=True)) == {row.pk for row in below}
    assert not Assignment.objects.filter(assessment=aside).exists()


def test_only_what_the_filter_shows_is_assigned(client, admin):
    taken, free, team = unit_of(admin, name="Dinas Satu"), unit_of(admin, name="Dinas Dua"), ready_team()
    first = ready_team("Tim Lama")
    assign(first, taken)
    page = client.get(url("assign-page"), {"belum": "1"}).text
    assert "Dinas Dua" in page and "Dinas Satu" not in page
    assert "Dinas Satu" in client.get(url("assign-page"), {"q": "satu"}).text
    assert "Dinas Dua" not in client.get(url("assign-page"), {"q": "satu"}).text
    assert "Tidak ada unit" in client.get(url("assign-page"), {"di": "TAK-ADA"}).text
    post_assign(client, team, below=[admin.top], belum="1")
    assert Assignment.objects.get(assessment=taken).team == first
    assert Assignment.objects.get(assessment=free).team == team
    # A unit that is not on the page cannot be named.
    before = written()
    assert post_assign(client, team, [taken.unit], belum="1").status_code == 422
    assert written() == before


def test_a_team_without_lead_or_controller_gets_nothing(client, admin):
    row, team = unit_of(admin), Team.objects.create(period=PeriodFactory(), name="Tim A")
    TeamMember.objects.create(team=team, user=candidate(), role=Role.TPI_LEAD)
    assert "Tim A belum dapat ditugasi: belum mempunyai pengendali teknis" in client.get(url("assign-page")).text
    before = written()
    response = post_assign(client, team, [row.unit])
    assert response.status_code == 422
    assert "Tim A belum mempunyai pengendali teknis." in response.text
    assert written() == before


@pytest.mark.parametrize("days", [-1, 31])
def test_the_date_lies_between_today_and_the_end_of_the_review(client, admin, days):
    PeriodFactory(tpi_closes=timezone.now() + timedelta(days=30))
    row, team = unit_of(admin), ready_team()
    before = written()
    response = post_assign(client, team, [row.unit], due_on=(TODAY() + timedelta(days=days)).isoformat())
    assert response.status_code == 422
    assert 'id="id_due_on_error"' in response.text
    assert f'value="{row.unit.pk}" checked' in response.text
    assert written() == before


@pytest.mark.parametrize("state", ["review", "returned", "lead_check", "approval"])
def test_taking_over_a_review_under_way_needs_confirmation(client, admin, state):
    row, old, new = unit_of(admin), ready_team(), ready_team("Tim B")
    assign(old, row)
    at_state(row, state)
    before = written()
    response = post_assign(client, new, [row.unit])
    assert response.status_code == 422
    assert f"Penilaian sedang berjalan di {row.unit.name}" in response.text
    assert written() == before
    assert post_assign(client, new, [row.unit], confirmed="on").status_code == 302
    assert Assignment.objects.get().team == new
    assert row.events.latest("number").data["from"]["team"] == "Tim A"


@pytest.mark.parametrize("state", ["fulfils", "not_yet", "proposed", "result"])
def test_a_decided_unit_keeps_its_team(admin, state):
    row, old, new = opened(), ready_team(), ready_team("Tim B")
    assign(old, row)
    at_state(row, state)
    assert "sudah diputuskan" in refused(assign, new, row, confirmed=True)


@pytest.mark.parametrize(
    "data", [{"team": ""}, {"team": "999"}, {"team": "x"}, {"due_on": "besok"}, {"units": ["x"]}, {"units": []}]
)
def test_bad_input_assigns_nothing(client, admin, data):
    row, team = unit_of(admin), ready_team()
    before = written()
    values = {"team": team.pk, "units": [row.unit.pk], "due_on": ""} | data
    assert client.post(url("assign"), values).status_code == 422
    assert written() == before


def test_units_of_another_agency_are_not_shown(client, admin):
    other = opened()
    unit_of(admin)
    assert other.unit.name not in client.get(url("assign-page")).text
    assert post_assign(client, ready_team(), [other.unit]).status_code == 422


# Rights and queries

PAGES = ["teams", "team", "assign-page"]
POSTS = ["team-add", "team-rename", "team-remove", "member-add", "member-remove", "assign"]


def test_nobody_but_the_agencys_admin_forms_teams(client):
    top, _ = agency()
    row, team = opened(UnitFactory(parent=top)), ready_team()
    assign(team, row)
    people = [
        member(row.unit, Role.ADMIN), member(top, Role.OBSERVER), member(row.unit, Role.HEAD), UserFactory(),
        *(m.user for m in team.members.all()),
    ]  # fmt: skip
    args = {"team": [team.pk], "team-rename": [team.pk], "team-remove": [team.pk], "member-add": [team.pk]}
    args["member-remove"] = [team.pk, team.members.first().pk]
    before = written()
    for user in people:
        client.force_login(user)
        for name in PAGES:
            assert client.get(url(name, *args.get(name, []))).status_code == 403, name
        for name in POSTS:
            assert client.post(url(name, *args.get(name, [])), {"name": "Tim X"}).status_code == 403, name
    assert written() == before


@pytest.mark.parametrize("size", [1, 3])
def test_the_pages_cost_the_same_however_much_there_is(client, admin, size, django_assert_num_queries):
    for number in range(size):
        team = ready_team(f"Tim {number}")
        assign(team, *(unit_of(admin) for _ in range(size)))
    candidate()
    with django_assert_num_queries(8):
        assert client.get(url("teams")).status_code == 200
    with django_assert_num_queries(12):
        assert client.get(url("team", team.pk)).status_code == 200
    with django_assert_num_queries(12):
        assert client.get(url("assign-page")).status_code == 200


def test_the_list_shows_the_workload(client, admin):
    team, rows = ready_team(), [unit_of(admin), unit_of(admin)]
    due = TODAY() + timedelta(days=3)
    assign(team, rows[0], due_on=due)
    assign(team, rows[1], due_on=due + timedelta(days=2))
    at_state(rows[0], "fulfils")
    page = client.get(url("teams")).text
    assert "<dt>Unit</dt><dd>2</dd>" in page
    assert "0 dari 113" in page  # of the one that is not decided yet
    assert refreshed(rows[1]).assignment.due_on == due + timedelta(days=2)
