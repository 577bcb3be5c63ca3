"""Reminders: who is told of which deadline on which day, and once."""

from datetime import date, datetime, time, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Membership, Notification, Role
from accounts.tests.factories import MembershipFactory
from assessment.models import Assignment, Return, Stage, State
from assessment.tests.factories import filled
from review.models import Finding
from review.reminders import MOST_LINES, reminders_on
from review.services.conflicts import declare_conflict

from .deciding import agency
from .factories import UnitFactory, UserFactory, at_state, member, opened, reviewer, second_of, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("instrument", "media")]

END = date(2026, 6, 30)


def moment(day, hour=23, minute=59):
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


PERIOD = {"unit_opens": moment(date(2026, 1, 1)), "unit_closes": moment(END)}


def told(day):
    """Return the texts that each person is told on a day."""
    return {reminder.user: [text for text, _ in reminder.lines] for reminder in reminders_on(day)}


def before(days, end=END):
    return end - timedelta(days=days)


def days_told(user, end=END):
    """Return how many days before (or, negative, after) the end a person is told something."""
    return [n for n in range(20, -23, -1) if user in told(before(n, end))]


def test_a_unit_is_told_before_the_period_closes():
    row = opened(**PERIOD)
    head, own = member(row.unit, Role.HEAD), member(row.unit)
    others = [member(row.unit, role) for role in (Role.ADMIN, Role.OBSERVER, Role.PRELIM)]
    other_unit, gone = member(UnitFactory()), MembershipFactory(unit=row.unit, user=UserFactory(is_active=False)).user
    assert days_told(own) == days_told(head) == [14, 7, 3, 1]
    assert told(before(7))[own] == [
        f"{row.unit.name} 2026: pengisian ditutup 30 Juni 2026 (7 hari lagi); 113 kriteria belum dijawab."
    ]
    assert not {*others, other_unit, gone} & told(before(7)).keys()


def test_a_complete_unit_is_told_to_submit_and_a_submitted_one_nothing():
    # The services look at the clock; only the reminders are asked about another day.
    row = opened()
    own, end = member(row.unit), timezone.localdate() + timedelta(days=30)
    filled(row)
    assert "semua kriteria sudah dijawab, tetapi belum diajukan" in told(before(3, end))[own][0]
    submitted(row)
    assert days_told(own, end) == []


def test_an_inactive_unit_is_told_nothing():
    row = opened(UnitFactory(is_active=False), **PERIOD)
    member(row.unit)
    assert told(before(7)) == {}


def test_a_return_is_told_in_its_last_days():
    row = at_state(opened(**PERIOD), State.RETURNED)
    own, lead = member(row.unit), reviewer(row, Role.TPI_LEAD)
    made = Return.objects.create(
        assessment=row, stage=Stage.TPI, round=1, sent_at=moment(before(9)), until=moment(END), sent_by=lead
    )
    assert days_told(own) == [3, 1]
    assert days_told(lead) == []
    assert "batas perbaikan 30 Juni 2026 (3 hari lagi)" in told(before(3))[own][0]
    made.answered_at = moment(before(5))
    made.save()
    assert days_told(own) == []


@pytest.mark.parametrize(
    ("role", "states"),
    [
        (Role.TPI_MEMBER, {"submitted", "review"}),
        (Role.TPI_LEAD, {"submitted", "review", "lead_check"}),
        (Role.TPI_CONTROLLER, {"approval"}),
    ],
)
def test_reviewers_are_told_while_it_is_their_turn(role, states):
    row = opened()
    user = reviewer(row, role)
    Assignment.objects.update(due_on=END)
    for state in State:
        at_state(row, state)
        assert days_told(user) == ([7, 3, 1] if state in states else []), state


def test_without_a_date_of_its_own_the_end_of_the_review_counts():
    row = at_state(opened(tpi_closes=moment(END)), State.REVIEW)
    user = reviewer(row)
    assert days_told(user) == [7, 3, 1]
    Assignment.objects.update(due_on=END - timedelta(days=30))
    assert days_told(user) == []


def test_reviewers_who_are_kept_away_or_not_on_yet_are_told_nothing():
    row = at_state(opened(), State.REVIEW)
    away, own, blind = reviewer(row), reviewer(row), reviewer(row)
    Assignment.objects.update(due_on=END)
    declare_conflict(assessment=row, reason="Saudara.", by=away)
    MembershipFactory(user=own, unit=row.unit)
    second_of(row, blind, ["A.I.1.i.a"])
    assert set(told(before(3))) == {blind}
    assert "kriteria" not in told(before(3))[blind][0]  # how far the first is stays hidden
    waits = at_state(opened(year=2027, needs_prelim=True), State.SUBMITTED)
    user = reviewer(waits)
    Assignment.objects.update(due_on=END)
    assert days_told(user) == []


def test_preliminary_assessors_are_told_of_the_units_below():
    top, _ = agency()
    period = {"needs_prelim": True, "prelim_closes": moment(END)}
    row = at_state(opened(UnitFactory(parent=top), **period), State.SUBMITTED)
    at_state(opened(UnitFactory(parent=top)), State.REVIEW)
    at_state(opened(), State.PRELIM)
    above, elsewhere = member(top, Role.PRELIM), member(UnitFactory(), Role.PRELIM)
    assert days_told(above) == [7, 3, 1]
    assert days_told(elsewhere) == []
    assert [row.unit.name in text for text in told(before(1))[above]] == [True]
    MembershipFactory(user=above, unit=row.unit)
    assert days_told(above) == []


def finding(row, due_on, **values):
    code = row.period.instrument.criteria.first()
    return Finding.objects.create(
        assessment=row, criterion=code, stage=Stage.TPI, text="Lengkapi notulen.", due_on=due_on,
        created_by=UserFactory(), created_at=timezone.now(), **values,
    )  # fmt: skip


def test_findings_are_told_before_they_are_due_and_then_every_week():
    row = at_state(opened(), State.FULFILS)
    own = member(row.unit)
    made = [finding(row, END), finding(row, END), finding(row, None)]
    finding(row, END, state=Finding.State.ANSWERED)
    finding(row, END, state=Finding.State.CLOSED)
    assert days_told(own) == [7, 1, -1, -8, -15, -22]
    assert told(before(7))[own][0].endswith("(7 hari lagi); 2 catatan belum ditindaklanjuti.")
    assert "(terlambat 8 hari)" in told(before(-8))[own][0]
    Finding.objects.filter(pk__in=[f.pk for f in made]).update(state=Finding.State.CLOSED)
    assert days_told(own) == []


def test_the_most_urgent_comes_first_and_the_rest_is_counted():
    user = UserFactory()
    for number in range(MOST_LINES + 2):
        row = at_state(opened(UnitFactory(name=f"Dinas {number:02}")), State.REVIEW)
        reviewer(row, user=user)
        Assignment.objects.filter(assessment=row).update(due_on=END - timedelta(days=6 if number == 5 else 0))
    texts = told(before(7))[user]
    assert len(texts) == MOST_LINES + 1
    assert texts[0].startswith("Dinas 05 2026: tenggat penilaian TPI 24 Juni 2026 (1 hari lagi)")
    assert texts[-1] == "dan 2 tenggat lain; lihat portal."


def test_the_command_tells_each_person_once_a_day(capsys):
    row = opened(**PERIOD)
    own = member(row.unit)
    for said in ("1 people reminded.", "0 people reminded."):
        call_command("send_reminders", date=before(7))
        assert capsys.readouterr().out.strip() == said
    call_command("send_reminders", "--date=2026-06-27")
    assert Notification.objects.filter(recipient=own, kind="deadline").count() == 2
    assert Notification.objects.latest("pk").url == f"/penilaian/2026/{row.unit.code}/"
    Membership.objects.filter(user=own).delete()
    call_command("send_reminders", "--date=2026-06-29")
    assert Notification.objects.count() == 2


def test_the_command_refuses_what_is_no_day():
    with pytest.raises(CommandError, match="is not a day"):
        call_command("send_reminders", "--date=30/06/2026")


@pytest.mark.parametrize("size", [1, 3])
def test_collecting_costs_the_same_however_many_there_are(size, django_assert_num_queries):
    top, _ = agency()
    member(top, Role.PRELIM)
    for _ in range(size):
        for year, state in ((2026, "draft"), (2026, "returned"), (2026, "review"), (2026, "prelim"), (2026, "fulfils")):
            period = {"needs_prelim": True, "prelim_closes": moment(END)}
            row = at_state(opened(UnitFactory(parent=top), year=year, **PERIOD, **period), state)
            member(row.unit)
            reviewer(row)
            if state == "returned":
                made = Return(assessment=row, stage=Stage.TPI, round=1, until=moment(END))
                made.sent_at, made.sent_by = moment(before(9)), UserFactory()
                made.save()
            finding(row, END + timedelta(days=6))
    Assignment.objects.update(due_on=END)
    with django_assert_num_queries(16):
        found = reminders_on(before(1))
    assert len(found) == 6 * size + 1
