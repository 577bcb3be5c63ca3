"""The reviewers' desk: whose turn it is, how far it is, and what it does not tell."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from accounts.tests.factories import MembershipFactory
from assessment.models import Assignment, Return, Stage, State
from review.desks import WORK, tasks_of
from review.pages.desk import WAITING, left_text
from review.services.conflicts import declare_conflict

from .deciding import agency
from .factories import (
    UnitFactory,
    UserFactory,
    agreed,
    at_state,
    in_review,
    member,
    opened,
    returned,
    reviewer,
    second_of,
    submitted,
    team_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("instrument", "media")]

DESK = "/tugas/"


def shown(client, user, **query):
    client.force_login(user)
    response = client.get(DESK, query)
    assert response.status_code == 200
    return response.text


def due(row, days):
    Assignment.objects.filter(assessment=row).update(due_on=timezone.localdate() + timedelta(days=days))


def joined(user, *rows, role=Role.TPI_MEMBER):
    for row in rows:
        reviewer(row, role, user=user)
    return user


def test_the_desk_is_empty_for_others(client):
    row = opened()
    for user in (UserFactory(), member(row.unit), member(row.unit, Role.ADMIN)):
        page = shown(client, user)
        assert "Belum ada unit yang ditugaskan kepada Anda." in page
        assert row.unit.name not in page


def test_progress_deadline_and_the_next_action(client):
    row = in_review()
    user = joined(UserFactory(), row)
    due(row, 2)
    page = shown(client, user)
    assert "0 dari 113 kriteria" in page and "(2 hari lagi)" in page and "is-urgent" in page
    assert "Lanjutkan penilaian" in page
    agreed(row, user)
    page = shown(client, user)
    assert "113 dari 113 kriteria" in page
    assert reverse("review:step-page", args=[2026, row.unit.code, "finish"]) in page


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("role", [Role.TPI_MEMBER, Role.TPI_LEAD, Role.TPI_CONTROLLER])
def test_every_state_offers_work_to_those_whose_turn_it_is(client, role, state):
    row = at_state(opened(), state)
    page = shown(client, joined(UserFactory(), row, role=role))
    offered = (role, state) in WORK
    assert ("btn btn-primary" in page) == offered
    assert (WAITING.get(state, "\0") in page) == (not offered and state in WAITING)


def test_the_end_of_the_review_counts_where_no_date_was_given(client):
    row = in_review(tpi_closes=timezone.now() + timedelta(days=5))
    assert "(5 hari lagi)" in shown(client, joined(UserFactory(), row))


@pytest.mark.parametrize(
    ("left", "text"), [(None, ""), (-2, "terlambat 2 hari"), (0, "hari ini"), (1, "1 hari lagi"), (30, "30 hari lagi")]
)
def test_days_left(left, text):
    assert left_text(left) == text


def test_the_most_urgent_comes_first(client):
    rows = [submitted(opened(UnitFactory(name=f"Dinas {name}"))) for name in ("Nanti", "Segera", "Lain")]
    user = joined(UserFactory(), *rows)
    for row, days in zip(rows, (9, 1, 0), strict=True):
        due(row, days)
    at_state(rows[2], State.LEAD_CHECK)  # somebody else's turn
    page = shown(client, user)
    assert page.index("Dinas Segera") < page.index("Dinas Nanti") < page.index("Dinas Lain")


def test_what_changed_since_the_return_is_counted(client):
    row = in_review()
    lead = joined(UserFactory(), row, role=Role.TPI_LEAD)
    returned(row, ["A.I.1.i.a", "A.I.1.i.b"], lead=lead)
    assert "Menunggu perbaikan unit." in shown(client, lead)
    Return.objects.update(answered_at=timezone.now(), changed=["A.I.1.i.a", "A.I.1.i.b"])
    at_state(row, State.REVIEW)
    assert "2 kriteria berubah sejak pengembalian terakhir." in shown(client, lead)


def test_a_blind_second_reviewer_is_told_of_no_return(client):
    row = in_review()
    blind = joined(UserFactory(), row)
    second_of(row, blind, ["A.I.1.i.a"])
    Return.objects.create(
        assessment=row, stage=Stage.TPI, round=1, sent_at=timezone.now(), until=timezone.now(),
        answered_at=timezone.now(), changed=["A.I.1.i.b"],
    )  # fmt: skip
    page = shown(client, blind)
    assert "0 dari 1 kriteria sampel" in page
    assert "pengembalian terakhir" not in page


def test_a_conflict_leaves_the_name_without_a_link(client):
    row, other = in_review(opened(UnitFactory(name="Dinas Satu"))), in_review(opened(UnitFactory(name="Dinas Dua")))
    user = joined(UserFactory(), row, other)
    declare_conflict(assessment=row, reason="Saudara.", by=user)
    page = shown(client, user)
    assert "Dinas Satu" in page and f"/{row.unit.code}/" not in page
    assert f"/{other.unit.code}/" in page
    assert page.index("Dinas Dua") < page.index("Dinas Satu")


def test_who_joined_the_unit_itself_is_not_sent_to_review_it(client):
    row = in_review()
    user = joined(UserFactory(), row)
    MembershipFactory(user=user, unit=row.unit)
    page = shown(client, user)
    assert "Anda anggota unit ini" in page and "Lanjutkan penilaian" not in page


def test_the_filter_shows_one_state(client):
    rows = [at_state(opened(UnitFactory(name="Dinas Satu")), "review"), at_state(opened(), "submitted")]
    user = joined(UserFactory(), *rows)
    page = shown(client, user, status="review")
    assert "Dinas Satu" in page and rows[1].unit.code not in page
    assert "Tidak ada unit dengan status ini." in shown(client, user, status="draft")
    assert "Dinas Satu" in shown(client, user, status="\0x")


def test_preliminary_assessors_see_the_units_below_that_wait(client):
    top, _ = agency()
    waiting = submitted(opened(UnitFactory(parent=top), needs_prelim=True))
    under_way = at_state(opened(UnitFactory(parent=top)), State.PRELIM)
    asked_by_tpi = at_state(opened(UnitFactory(parent=top)), State.RETURNED)
    corrected = at_state(opened(UnitFactory(parent=top)), State.RETURNED)
    Return.objects.create(assessment=asked_by_tpi, stage=Stage.TPI, round=1)
    Return.objects.create(assessment=corrected, stage=Stage.PRELIM, round=1)
    elsewhere = at_state(opened(), State.PRELIM)
    page = shown(client, member(top, Role.PRELIM))
    for row, is_there in ((waiting, 1), (under_way, 1), (corrected, 1), (asked_by_tpi, 0), (elsewhere, 0)):
        assert (f"/{row.unit.code}/" in page) == bool(is_there), row.unit
    assert "Mulai penilaian pendahuluan" in page
    # TPI waits until it is through.
    page = shown(client, joined(UserFactory(), waiting))
    assert "Menunggu penilaian dimulai." in page and "btn btn-primary" not in page


def test_preliminary_assessors_see_nothing_where_the_period_has_none(client):
    top, _ = agency()
    row = submitted(opened(UnitFactory(parent=top)))
    assert row.unit.name not in shown(client, member(top, Role.PRELIM))


def test_the_way_to_the_desk_and_from_it_to_the_teams(client):
    top, admin = agency()
    row = opened(UnitFactory(parent=top))
    client.force_login(member(row.unit))
    assert DESK in client.get(reverse("assessment:index")).text
    assert reverse("review:teams", args=[2026]) in shown(client, admin)
    assert reverse("review:teams", args=[2026]) not in shown(client, member(top, Role.OBSERVER))


def test_long_desks_come_in_pages(client):
    user = UserFactory()
    rows = [opened() for _ in range(26)]
    joined(user, rows[0])
    for row in rows[1:]:
        Assignment.objects.create(assessment=row, team=team_of(rows[0]), assigned_at=timezone.now())
    assert "Halaman 1 dari 2" in shown(client, user)
    assert "Halaman 2 dari 2" in shown(client, user, hal="2")


@pytest.mark.parametrize("size", [1, 3])
def test_the_desk_costs_the_same_however_full_it_is(client, size, django_assert_num_queries):
    top, _ = agency()
    user = member(top, Role.PRELIM)
    for _ in range(size):
        row = in_review()
        joined(user, row)
        at_state(opened(UnitFactory(parent=top), year=2027, needs_prelim=True), State.PRELIM)
    client.force_login(user)
    with django_assert_num_queries(14):
        assert client.get(DESK).status_code == 200
    assert len(tasks_of(user)) == 2 * size
