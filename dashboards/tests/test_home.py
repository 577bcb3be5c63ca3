"""Beranda: what needs each person, and nothing of anybody else's."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from accounts.notifications.services import notify
from accounts.tests.factories import MembershipFactory
from assessment.models import Conflict, Criterion
from assessment.tests.factories import UnitFactory, UserFactory, answer, filled, member, opened, reviewer
from evidence.models import ImportBatch
from reports.models import LkeImport
from review.models import Finding
from review.tests.factories import at_state, in_review, returned, second_of

pytestmark = pytest.mark.django_db
HOME = reverse("dashboards:home")


def needs_of(client, user) -> dict[str, str]:
    """Return what somebody is told to do, with where each leads."""
    client.force_login(user)
    response = client.get(HOME)
    assert response.status_code == 200
    return {need.text: need.url for need in response.context["needs"]}


def finding(assessment, state="open", **fields) -> Finding:
    criterion = Criterion.objects.get(instrument=assessment.period.instrument, code="A.I.1.i.a")
    return Finding.objects.create(
        assessment=assessment, criterion=criterion, stage="tpi", text="Lengkapi", state=state,
        created_by=UserFactory(), created_at=timezone.now(), **fields,
    )  # fmt: skip


def test_somebody_without_a_unit_is_told_so(client, instrument):
    opened()
    client.force_login(UserFactory())
    assert "Belum ada penilaian yang dapat Anda lihat." in client.get(HOME).text


def test_a_team_fills_until_the_head_submits(client, instrument):
    row = opened()
    name, where = row.unit.name, [2026, row.unit.code]
    team, head = member(row.unit), member(row.unit, Role.HEAD)
    missing = {f"Isi 113 kriteria lagi: {name}": reverse("assessment:next-unanswered", args=where)}
    assert needs_of(client, team) == needs_of(client, head) == missing
    filled(row)
    assert needs_of(client, team) == {f"Periksa kelengkapan: {name}": reverse("review:check", args=where)}
    assert needs_of(client, head) == {f"Ajukan penilaian mandiri: {name}": reverse("review:submit-page", args=where)}


def test_what_came_back_says_how_much_and_until_when(client, instrument):
    row = in_review()
    row = returned(row, ["A.I.1.i.a", "B.I.a"], lead=reviewer(row, Role.TPI_LEAD), days=3)
    team = member(row.unit)
    where = reverse("review:returns", args=[2026, row.unit.code])
    assert needs_of(client, team) == {f"Perbaiki 2 kriteria: {row.unit.name}": where}
    assert "3 hari lagi" in client.get(HOME).text


def test_open_findings_and_ones_own_imports_wait(client, instrument):
    row = at_state(opened(), "review")
    finding(row, due_on=timezone.localdate() + timedelta(days=2))
    finding(row, state="closed")
    team, other = member(row.unit), member(row.unit)
    batch = ImportBatch.objects.create(assessment=row, source="bukti.zip", by=team, state="ready")
    told = f"Tindak lanjuti 1 catatan penilai: {row.unit.name}"
    assert needs_of(client, team) == {
        told: reverse("review:findings", args=[2026, row.unit.code]),
        "Impor belum selesai: bukti.zip": batch.get_absolute_url(),
    }
    assert set(needs_of(client, other)) == {told}


def workbook(row, **fields) -> LkeImport:
    values = {"source": "LKE.xlsx", "by": UserFactory(), "expires_at": timezone.now() + timedelta(days=1)}
    return LkeImport.objects.create(assessment=row, **{**values, **fields})


def test_a_workbook_waits_for_everybody_who_may_answer(client, instrument):
    row, other = opened(), opened()
    told, lke = "Periksa impor LKE: LKE.xlsx", workbook(row)
    for role in (Role.MEMBER, Role.HEAD):
        assert needs_of(client, member(row.unit, role))[told] == lke.get_absolute_url()
    for stranger in (member(other.unit), member(row.unit, Role.OBSERVER), reviewer(row)):
        assert told not in needs_of(client, stranger)


def test_a_workbook_that_nobody_can_decide_about_any_more_is_not_shown(client, instrument):
    row = opened()
    user, told = member(row.unit), "Periksa impor LKE: LKE.xlsx"
    workbook(row, expires_at=timezone.now() - timedelta(seconds=1))
    for state in ("applied", "discarded"):
        workbook(row, state=state)
    assert told not in needs_of(client, user)
    workbook(row)
    assert told in needs_of(client, user)
    row.period.unit_closes = timezone.now() - timedelta(seconds=1)
    row.period.save()
    assert told not in needs_of(client, user)


def test_a_workbook_waits_while_what_came_back_may_be_corrected(client, instrument):
    row = in_review()
    row = returned(row, ["A.I.1.i.a"], lead=reviewer(row, Role.TPI_LEAD), days=3)
    workbook(row)
    user, told = member(row.unit), "Periksa impor LKE: LKE.xlsx"
    assert told in needs_of(client, user)
    row.returns.update(until=timezone.now() - timedelta(seconds=1))
    assert told not in needs_of(client, user)


def test_the_most_urgent_comes_first(client, instrument):
    late, soon = opened(), opened()
    user = member(late.unit)
    MembershipFactory(unit=soon.unit, user=user)
    for row, days in ((late, 9), (soon, 1)):
        finding(at_state(row, "review"), due_on=timezone.localdate() + timedelta(days=days))
    assert list(needs_of(client, user)) == [
        f"Tindak lanjuti 1 catatan penilai: {row.unit.name}" for row in (soon, late)
    ]


@pytest.mark.parametrize("role", [Role.TPI_MEMBER, Role.TPI_LEAD, Role.TPI_CONTROLLER])
def test_reviewers_see_their_steps(client, instrument, role):
    row, other = opened(), opened()
    user = reviewer(row, role)
    states = {Role.TPI_MEMBER: "review", Role.TPI_LEAD: "lead_check", Role.TPI_CONTROLLER: "approval"}
    at_state(row, states[role])
    at_state(other, states[role])
    client.force_login(user)
    assert [task.unit for task in client.get(HOME).context["tasks"]] == [row.unit.name]
    at_state(row, "draft")
    response = client.get(HOME)
    assert response.context["tasks"] == []
    assert "Tidak ada yang menunggu Anda sekarang." in response.text


def test_a_preliminary_assessor_sees_the_units_below(client, instrument):
    upper = UnitFactory()
    row = at_state(opened(UnitFactory(parent=upper), needs_prelim=True), "submitted")
    client.force_login(member(upper, Role.PRELIM))
    assert [task.unit for task in client.get(HOME).context["tasks"]] == [row.unit.name]


def test_answered_findings_wait_for_reviewers_but_not_for_a_blind_one(client, instrument):
    row = in_review()
    finding(row, state="answered")
    user = reviewer(row)
    told = "Periksa 1 tindak lanjut unit"
    assert needs_of(client, user)[told].endswith("?status=answered")
    second_of(row, user, ["A.I.1.i.a"])
    assert told not in needs_of(client, user)


@pytest.mark.parametrize(
    ("declarer", "judge"),
    [(Role.TPI_MEMBER, Role.TPI_LEAD), (Role.TPI_LEAD, Role.TPI_CONTROLLER), (Role.TPI_CONTROLLER, Role.ADMIN)],
)
def test_a_conflict_of_interest_waits_for_who_decides(client, instrument, declarer, judge):
    row = in_review()
    people = {role: reviewer(row, role) for role in (Role.TPI_MEMBER, Role.TPI_LEAD, Role.TPI_CONTROLLER)}
    people[Role.ADMIN] = member(row.unit, Role.ADMIN)
    Conflict.objects.create(assessment=row, user=people[declarer], reason="Kerabat", declared_at=timezone.now())
    told = f"Putuskan benturan kepentingan: {row.unit.name}"
    assert {role for role, user in people.items() if told in needs_of(client, user)} == {judge}


def test_an_admin_of_the_agency_is_told_the_next_steps(client, instrument):
    top = UnitFactory()
    rows = [opened(UnitFactory(parent=top)) for _ in range(4)]
    for row, state in zip(rows, ("submitted", "fulfils", "proposed", "unfit"), strict=True):
        at_state(row, state)
    recap = reverse("reports:recap", args=[2026])
    assert needs_of(client, member(top, Role.ADMIN)) == {
        "Tugaskan tim TPI bagi 1 unit": reverse("review:assign-page", args=[2026]),
        "Usulkan 1 unit kepada TPN": reverse("review:proposals", args=[2026]),
        "Catat hasil TPN bagi 1 unit": f"{recap}?status=proposed",
        "1 unit dinyatakan belum layak": f"{recap}?status=unfit",
    }
    assert needs_of(client, member(top, Role.OBSERVER)) == {}


def test_admins_and_observers_see_their_units_by_state(client, instrument):
    top, other = UnitFactory(), UnitFactory()
    for unit in (top, top, other):
        opened(UnitFactory(parent=unit))
    for role in (Role.ADMIN, Role.OBSERVER):
        client.force_login(member(top, role))
        response = client.get(HOME)
        assert [row[:3] for row in response.context["states"]] == [("draft", "Draf", "2")]
        assert reverse("dashboards:agency", args=[2026]) in response.text


def test_work_goes_on_where_it_stopped(client, instrument):
    row = opened()
    user = member(row.unit)
    answer(row, "A.I.1.i.a", by=user, choice="Y")
    answer(row, "A.II.5.ii.a", by=UserFactory(), counts=(5, 1, 4))
    client.force_login(user)
    resume = client.get(HOME).context["resume"]
    assert resume.url == reverse("assessment:page", args=[2026, row.unit.code, "A.I.1"]) + "#k-A-I-1-i-a"
    user.memberships.all().delete()
    assert client.get(HOME).context["resume"] is None


def test_what_was_not_read_yet_is_shown(client, instrument):
    row = opened()
    user = member(row.unit)
    notify(recipients=[user], kind="finding", subject="Catatan baru", text="", url="/")
    notify(recipients=[UserFactory()], kind="finding", subject="Untuk orang lain", text="", url="/")
    client.force_login(user)
    text = client.get(HOME).text
    assert "Catatan baru" in text
    assert "Untuk orang lain" not in text


@pytest.mark.parametrize("role", Role)
def test_it_costs_the_same_queries_with_one_unit_and_with_many(client, instrument, role, django_assert_num_queries):
    top = UnitFactory()
    user = UserFactory()

    def add(count: int) -> None:
        for n in range(count):
            row = opened(UnitFactory(parent=top))
            finding(row)
            workbook(row)
            if role in {Role.MEMBER, Role.HEAD}:
                MembershipFactory(unit=row.unit, role=role, user=user)
            elif str(role).startswith("tpi"):
                reviewer(row, role, user)
            at_state(row, "submitted" if n % 2 else "draft")

    add(2)
    if role in {Role.PRELIM, Role.OBSERVER, Role.ADMIN}:
        MembershipFactory(unit=top, role=role, user=user)
    client.force_login(user)
    client.get(HOME)
    with CaptureQueriesContext(connection) as few:
        client.get(HOME)
    add(4)
    with django_assert_num_queries(len(few)):
        client.get(HOME)
