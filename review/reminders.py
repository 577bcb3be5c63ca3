"""What is due soon, for each person: what `send_reminders` tells once a day."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format

from accounts.models import TEAM_ROLES, Membership, Role, User
from accounts.notifications.services import Reminder
from assessment.models import Assessment, Assignment, Conflict, Return, Scorecard, Stage, State, TeamMember

from .assigning import local_date
from .models import Finding

UNIT_DAYS = frozenset({14, 7, 3, 1})
RETURN_DAYS = frozenset({3, 1})
REVIEW_DAYS = frozenset({7, 3, 1})
FINDING_DAYS = frozenset({7, 1})
MOST_LINES = 8  # a notification holds a thousand characters
# Whose work is not finished in which states.
UNFINISHED: Mapping[Role, frozenset[State]] = {
    Role.TPI_MEMBER: frozenset({State.SUBMITTED, State.REVIEW}),
    Role.TPI_LEAD: frozenset({State.SUBMITTED, State.REVIEW, State.LEAD_CHECK}),
    Role.TPI_CONTROLLER: frozenset({State.APPROVAL}),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One deadline of one person; the most urgent ones come first."""

    left: int  # days; negative when it is over
    text: str
    url: str


Lines = dict[int, list[Line]]


def reminders_on(day: date) -> list[Reminder]:
    """Return each active person's deadlines that are told on a day: sixteen queries, however many there are."""
    lines: Lines = defaultdict(list)
    for collect in SOURCES:
        collect(day, lines)
    people = User.objects.filter(pk__in=lines, is_active=True).order_by("pk")
    return [Reminder(user, _shown(lines[user.pk])) for user in people]


def _shown(lines: Iterable[Line]) -> list[tuple[str, str]]:
    ordered = sorted(set(lines), key=lambda line: (line.left, line.text))
    shown = [(line.text, line.url) for line in ordered[:MOST_LINES]]
    rest = len(ordered) - len(shown)
    return [*shown, (f"dan {rest} tenggat lain; lihat portal.", reverse("review:desk"))] if rest else shown


def _units(day: date, lines: Lines) -> None:
    """Units that have not submitted yet, before the period closes for them."""
    rows = _assessments(Q(state=State.DRAFT), "unit_closes", day, UNIT_DAYS)
    cards = Scorecard.objects.filter(assessment__in=rows, stage=Stage.UNIT)
    unanswered = {pk: criteria - answered for pk, criteria, answered in cards.values_list(
        "assessment", "criteria", "answered"
    )}  # fmt: skip
    for row, people in _teams_of(rows):
        missing = unanswered.get(row.pk, 0)
        rest = f"{missing} kriteria belum dijawab" if missing else "semua kriteria sudah dijawab, tetapi belum diajukan"
        _add(lines, people, row, day, local_date(row.period.unit_closes), "pengisian ditutup", rest)


def _returns(day: date, lines: Lines) -> None:
    """Units that are to correct something."""
    rounds = Return.objects.filter(
        _on("until", day, RETURN_DAYS), sent_at__isnull=False, answered_at=None, assessment__state=State.RETURNED,
        assessment__unit__is_active=True,
    ).select_related("assessment__unit", "assessment__period")  # fmt: skip
    until = {r.assessment_id: local_date(r.until) for r in rounds}
    for row, people in _teams_of([r.assessment for r in rounds]):
        _add(lines, people, row, day, until[row.pk], "batas perbaikan", "ajukan kembali sebelum itu", "review:returns")


def _reviews(day: date, lines: Lines) -> None:
    """TPI's people with unfinished work; those whom a conflict or the unit itself keeps away are left out."""
    due = Q(due_on__in=_days(day, REVIEW_DAYS)) | (
        Q(due_on=None) & _on("assessment__period__tpi_closes", day, REVIEW_DAYS)
    )
    states = frozenset().union(*UNFINISHED.values())
    found = Assignment.objects.filter(due, assessment__state__in=states, assessment__unit__is_active=True)
    rows = list(found.select_related("assessment__unit", "assessment__period"))
    members: dict[int, list[TeamMember]] = defaultdict(list)
    for member in TeamMember.objects.filter(team__in=[row.team_id for row in rows]):
        members[member.team_id].append(member)
    away = Conflict.objects.blocking().filter(assessment__in=[row.assessment_id for row in rows])
    kept_away = set(away.values_list("assessment", "user"))
    own = _own([row.assessment for row in rows])
    for given in rows:
        row = given.assessment
        people = [
            m.user_id for m in members[given.team_id]
            if row.state in UNFINISHED[Role(m.role)] and _is_begun(row)
            and (row.pk, m.user_id) not in kept_away and (row.unit_id, m.user_id) not in own
        ]  # fmt: skip
        until = given.due_on or local_date(row.period.tpi_closes)
        _add(lines, people, row, day, until, "tenggat penilaian TPI", "belum selesai")


def _is_begun(row: Assessment) -> bool:
    """Tell whether it is TPI's turn: a submitted unit may wait for the preliminary assessment first."""
    return row.state != State.SUBMITTED or not row.period.needs_prelim


def _prelims(day: date, lines: Lines) -> None:
    """Preliminary assessors with units that wait for them."""
    waiting = Q(state__in=[State.SUBMITTED, State.PRELIM], period__needs_prelim=True)
    rows = _assessments(waiting, "prelim_closes", day, REVIEW_DAYS)
    memberships = Membership.objects.filter(role=Role.PRELIM).values_list("user", "unit__path")
    assessors = list(memberships) if rows else []
    own = _own(rows)
    for row in rows:
        people = [u for u, path in assessors if row.unit.path.startswith(path) and (row.unit_id, u) not in own]
        until = local_date(row.period.prelim_closes)
        _add(lines, people, row, day, until, "tenggat penilaian pendahuluan", "belum selesai")


def _findings(day: date, lines: Lines) -> None:
    """Units with open findings, before they are due and then every week."""
    due = Finding.objects.filter(state=Finding.State.OPEN, due_on__isnull=False, assessment__unit__is_active=True)
    soon = due.filter(Q(due_on__in=_days(day, FINDING_DAYS)) | Q(due_on__lt=day))
    counts: dict[int, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for pk, due_on in soon.values_list("assessment", "due_on"):
        if due_on and (due_on > day or (day - due_on).days % 7 == 1):
            counts[pk][due_on] += 1
    rows = Assessment.objects.filter(pk__in=counts).select_related("unit", "period")
    for row, people in _teams_of(list(rows)):
        for due_on, count in counts[row.pk].items():
            rest = f"{count} catatan belum ditindaklanjuti"
            _add(lines, people, row, day, due_on, "tenggat tindak lanjut", rest, "review:findings")


def _assessments(states: Q, closes: str, day: date, wanted: Collection[int]) -> list[Assessment]:
    rows = Assessment.objects.filter(states, _on(f"period__{closes}", day, wanted), unit__is_active=True)
    return list(rows.select_related("unit", "period"))


def _days(day: date, wanted: Collection[int]) -> list[date]:
    return [day + timedelta(days=n) for n in sorted(wanted)]


def _on(field: str, day: date, wanted: Collection[int]) -> Q:
    """Ask for moments on one of some days from now, where the portal is."""
    found = Q(pk__in=[])
    for one in _days(day, wanted):
        found |= Q(**{f"{field}__date": one})
    return found


def _teams_of(rows: Collection[Assessment]) -> Iterable[tuple[Assessment, list[int]]]:
    """Yield each assessment with the ids of the unit's own people: one query."""
    people: dict[int, list[int]] = defaultdict(list)
    for unit, user in sorted(_own(rows)):
        people[unit].append(user)
    for row in rows:
        yield row, people[row.unit_id]


def _own(rows: Collection[Assessment]) -> set[tuple[int, int]]:
    """Return (unit, user) of the people who belong to the units themselves: one query."""
    found = Membership.objects.filter(unit__in={row.unit_id for row in rows}, role__in=TEAM_ROLES)
    return set(found.values_list("unit", "user"))


def _add(
    lines: Lines, people: Iterable[int], row: Assessment, day: date, until: date | None, what: str, rest: str,
    route: str = "assessment:detail",
) -> None:  # fmt: skip
    if until is None:
        return
    left = (until - day).days
    when = f"{left} hari lagi" if left > 0 else f"terlambat {-left} hari" if left else "hari ini"
    text = f"{row.unit.name} {row.period.year}: {what} {date_format(until, 'j F Y')} ({when}); {rest}."
    line = Line(left, text, reverse(route, args=[row.period.year, row.unit.code]))
    for user in people:
        lines[user].append(line)


SOURCES: tuple[Callable[[date, Lines], None], ...] = (_units, _returns, _reviews, _prelims, _findings)
