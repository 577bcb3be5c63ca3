"""Conflicts of interest: they keep a person away at once, until the right one decides."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import Notification, PastMembership, Role
from accounts.tests.factories import MembershipFactory
from assessment.models import Assessment, Conflict, Event, State
from review.conflicts import bench_of, conflicts_of
from review.selectors import people_of
from review.services import conflicts as services
from review.services.conflicts import decide_conflict, declare_conflict
from review.workflow import Group

from .deciding import agency
from .factories import UnitFactory, UserFactory, at_state, member, opened, refreshed, reviewer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("instrument", "media")]

REASON = "Kepala unit ini saudara saya."


def url(name, row, *args):
    return reverse(f"review:{name}", args=[row.period.year, row.unit.code, *args])


def written():
    return Event.objects.count(), Notification.objects.count(), sorted(Conflict.objects.values_list("pk", "state"))


def declared(row, by):
    return declare_conflict(assessment=row, reason=REASON, by=by)


def bench(row, conflict):
    found = bench_of(row, conflict, conflicts_of(row))
    return found.role, {user.pk for user in found.people}


def decide(client, row, conflict, state="dismissed", text="Tidak ada hubungan langsung."):
    prefix = f"b{conflict.pk}"
    data = {f"{prefix}-state": state, f"{prefix}-decision": text}
    return client.post(url("conflict-decide", row, conflict.pk), data)


class Team:
    """A unit in review with its whole team and the agency's admin."""

    def __init__(self):
        top, self.admin = agency()
        self.row = at_state(opened(UnitFactory(parent=top, name="Dinas Satu")), State.REVIEW)
        self.lead = reviewer(self.row, Role.TPI_LEAD)
        self.controller = reviewer(self.row, Role.TPI_CONTROLLER)
        self.member = reviewer(self.row, user=UserFactory(first_name="Anggota Tim"))


@pytest.fixture
def team():
    return Team()


def test_who_declares_is_kept_away_at_once(client, team):
    client.force_login(team.member)
    assert client.get(url("conflict", team.row)).status_code == 200
    response = client.post(url("conflict-declare", team.row), {"reason": REASON})
    assert response.url == reverse("review:desk")
    assert not Assessment.objects.visible_to(team.member).exists()
    for name in ("assessment:detail", "review:conflict", "review:compare"):
        assert client.get(reverse(name, args=[2026, team.row.unit.code])).status_code == 404
    assert client.post(url("conflict-declare", team.row), {"reason": REASON}).status_code == 404
    page = client.get(response.url).text
    assert "Dinas Satu" in page and "Benturan kepentingan. Menunggu keputusan." in page
    assert f"/{team.row.unit.code}/" not in page
    event = team.row.events.latest("number")
    assert (event.kind, event.stage, event.actor) == (Event.Kind.CONFLICT, "tpi", team.member)
    assert event.data["to"] == {"state": "Anggota Tim: Menunggu keputusan"}
    assert event.data["reason"] == REASON


@pytest.mark.parametrize("reason", ["", "  \n ", "x" * 2001, "a\0b"])
def test_a_declaration_needs_a_reason(client, team, reason):
    client.force_login(team.member)
    before = written()
    response = client.post(url("conflict-declare", team.row), {"reason": reason})
    assert response.status_code == 422
    assert 'id="id_reason_error"' in response.text
    assert written() == before


def test_the_one_who_decides_is_told_and_the_declarer_afterwards(client, team):
    conflict = declared(team.row, team.member)
    assert [n.recipient for n in Notification.objects.all()] == [team.lead]
    assert Notification.objects.get().url == url("conflict", team.row)
    client.force_login(team.lead)
    assert decide(client, team.row, conflict).url == url("conflict", team.row)
    told = Notification.objects.get(recipient=team.member)
    assert told.url == reverse("review:desk")  # the unit may be gone for them
    assert "Tidak ada hubungan langsung." in told.text
    conflict.refresh_from_db()
    assert (conflict.state, conflict.decided_by) == ("dismissed", team.lead)
    assert Assessment.objects.visible_to(team.member).exists()
    event = team.row.events.latest("number")
    assert event.data["from"] == {"state": "Anggota Tim: Menunggu keputusan"}
    assert event.data["to"] == {"state": "Anggota Tim: Tidak terbukti: tetap menilai"}


def test_an_upheld_conflict_keeps_the_person_away_for_good(client, team):
    conflict = declared(team.row, team.member)
    client.force_login(team.lead)
    decide(client, team.row, conflict, "upheld", "Hubungan keluarga.")
    assert not Assessment.objects.visible_to(team.member).exists()
    assert "Hubungan keluarga." in client.get(url("conflict", team.row)).text
    # It is decided once.
    before = written()
    response = decide(client, team.row, conflict)
    assert response.status_code == 302 and written() == before


def test_everybodys_conflict_is_decided_by_the_next_one_up(team):
    row = team.row
    mine = declared(row, team.member)
    assert bench(row, mine) == (Role.TPI_LEAD, {team.lead.pk})
    of_lead = declared(row, team.lead)
    assert bench(row, of_lead) == (Role.TPI_CONTROLLER, {team.controller.pk})
    # The lead is away: the controller decides on the member too.
    assert bench(row, mine) == (Role.TPI_CONTROLLER, {team.controller.pk})
    of_controller = declared(row, team.controller)
    for conflict in (mine, of_lead, of_controller):
        assert bench(row, conflict) == (Role.ADMIN, {team.admin.pk})
    # A second lead is free to decide; a dismissed conflict keeps nobody away.
    second = reviewer(row, Role.TPI_LEAD)
    assert bench(row, mine) == (Role.TPI_LEAD, {second.pk})
    decide_conflict(assessment=row, conflict=of_lead, is_upheld=False, decision="Tidak terbukti.", by=team.admin)
    assert bench(row, mine) == (Role.TPI_LEAD, {team.lead.pk, second.pk})


def test_a_lead_who_belongs_to_the_unit_now_does_not_decide(team):
    MembershipFactory(user=team.lead, unit=team.row.unit)
    assert bench(team.row, declared(team.row, team.member)) == (Role.TPI_CONTROLLER, {team.controller.pk})


def test_an_admin_who_declared_does_not_decide_on_themselves(team):
    reviewer(team.row, Role.TPI_CONTROLLER, user=team.admin)
    other = member(team.row.unit.parent, Role.ADMIN)
    conflict = declared(team.row, team.admin)
    assert bench(team.row, conflict) == (Role.ADMIN, {other.pk})
    with pytest.raises(ValidationError, match=services.NOT_YOURS):
        decide_conflict(assessment=team.row, conflict=conflict, is_upheld=False, decision="x", by=team.admin)


def test_nobody_else_decides(client, team):
    conflict = declared(team.row, team.member)
    observer = member(team.row.unit.parent, Role.OBSERVER)
    before = written()
    for user in (team.controller, team.admin, observer, reviewer(team.row)):
        client.force_login(user)
        page = client.get(url("conflict", team.row))
        assert page.status_code == 200 and "Simpan keputusan" not in page.text
        assert decide(client, team.row, conflict).status_code == 403
        with pytest.raises(ValidationError, match=services.NOT_YOURS):
            decide_conflict(assessment=team.row, conflict=conflict, is_upheld=True, decision="x", by=user)
    for user in (member(team.row.unit), member(team.row.unit, Role.HEAD), member(team.row.unit, Role.PRELIM)):
        client.force_login(user)
        assert client.get(url("conflict", team.row)).status_code == 403
        assert decide(client, team.row, conflict).status_code == 403
        assert client.post(url("conflict-declare", team.row), {"reason": REASON}).status_code == 403
    for user in (UserFactory(), team.member):
        client.force_login(user)
        assert client.get(url("conflict", team.row)).status_code == 404
        assert decide(client, team.row, conflict).status_code == 404
    assert written() == before


@pytest.mark.parametrize(("state", "text"), [("", "x"), ("open", "x"), ("upheld", ""), ("upheld", "x" * 2001)])
def test_a_decision_needs_a_choice_and_its_reasons(client, team, state, text):
    conflict = declared(team.row, team.member)
    client.force_login(team.lead)
    before = written()
    response = decide(client, team.row, conflict, state, text)
    assert response.status_code == 422
    assert "field-error" in response.text
    assert written() == before


def test_a_conflict_of_another_unit_is_not_found(client, team):
    other = at_state(opened(), State.REVIEW)
    conflict = declared(other, reviewer(other))
    client.force_login(team.lead)
    assert decide(client, team.row, conflict).status_code == 404
    assert Conflict.objects.get().state == "open"


@pytest.mark.parametrize("state", ["fulfils", "not_yet", "proposed", "result"])
def test_nothing_is_declared_after_the_decision(client, team, state):
    row = at_state(team.row, state)
    client.force_login(team.member)
    assert client.post(url("conflict-declare", row), {"reason": REASON}).status_code == 403
    with pytest.raises(ValidationError, match="sebelum hasilnya diputuskan"):
        declared(refreshed(row), team.member)
    assert not Conflict.objects.exists()


def test_a_dismissed_conflict_can_be_declared_again(team):
    first = declared(team.row, team.member)
    decide_conflict(assessment=team.row, conflict=first, is_upheld=False, decision="Tidak terbukti.", by=team.lead)
    again = declared(team.row, team.member)
    assert again.pk != first.pk
    assert not Assessment.objects.visible_to(team.member).exists()


def test_who_left_the_unit_neither_decides_nor_is_told(instrument):
    row = at_state(opened(), State.REVIEW)
    lead, controller, declarer = reviewer(row, Role.TPI_LEAD), reviewer(row, Role.TPI_CONTROLLER), reviewer(row)
    PastMembership.objects.create(user=lead, unit=row.unit, role=Role.HEAD)
    declare_conflict(assessment=row, reason="Kerabat", by=declarer)
    assert [n.recipient for n in Notification.objects.all()] == [controller]
    assert people_of(row, {Group.REVIEWERS}) == [controller]
    assert people_of(row, {Group.LEAD}) == []
