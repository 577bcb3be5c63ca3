"""TPI's teams and what they are to assess: all of an assignment, or nothing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import TPI_ROLES, Membership, User
from accounts.notifications.models import Notification
from assessment import services as assessment_services
from assessment.access import DECIDED
from assessment.models import Assessment, Assignment, Event, Period, Stage, State, Team, TeamMember

from ..assigning import local_date, missing_parts, ties
from ..workflow import Group
from .telling import tell

NAME_TAKEN = "Sudah ada tim dengan nama ini pada periode tersebut."
HAS_UNITS = "Tim yang sudah ditugasi tidak dapat dihapus. Tugaskan unitnya kepada tim lain lebih dahulu."
NOT_TPI = "Hanya pengguna aktif dengan peran TPI yang dapat menjadi anggota tim."
ON_TEAM = "Pengguna ini sudah menjadi anggota tim ini."
NEEDED = "Tim yang sudah ditugasi harus mempunyai ketua tim dan pengendali teknis. Tambahkan penggantinya lebih dahulu."
NO_UNITS = "Pilih paling sedikit satu unit."
IN_THE_PAST = "Tenggat tidak boleh sebelum hari ini."
AFTER_THE_END = "Tenggat tidak boleh sesudah penilaian TPI ditutup, {}."
CONFIRM = "Penilaian sedang berjalan di {}. Centang pernyataan di bawah ini untuk tetap mengganti timnya."
# A review is under way in these: another team takes over what the first one did.
UNDER_WAY = frozenset({State.REVIEW, State.RETURNED, State.LEAD_CHECK, State.APPROVAL})


@transaction.atomic
def add_team(*, period: Period, name: str) -> Team:
    """Make a team without members."""
    return _named(Team(period=period), name)


@transaction.atomic
def rename_team(*, team: Team, name: str) -> Team:
    """Give a team another name; what the history says of it stays."""
    return _named(_lock(team), name)


def _named(team: Team, name: str) -> Team:
    team.name = name
    try:
        with transaction.atomic():
            team.save()
    except IntegrityError as error:
        raise ValidationError({"name": [NAME_TAKEN]}) from error
    return team


@transaction.atomic
def remove_team(*, team: Team) -> None:
    """Delete a team that assesses nothing."""
    row = _lock(team)
    if row.assignments.exists():
        raise ValidationError(HAS_UNITS)
    row.delete()


def _lock(team: Team) -> Team:
    """Return the team, kept from other writers before its units: members and units fit each other at any time."""
    return Team.objects.select_for_update(of=("self",)).select_related("period").get(pk=team.pk)


@transaction.atomic
def add_member(*, team: Team, user: User, role: str, by: User) -> TeamMember:
    """Put a person with a TPI role on a team, and write it into the history of each of its units.

    Raises ValidationError naming every unit of the team that the person is or was part of.
    """
    row = _lock(team)
    rows = _locked_units(team)
    if role not in TeamMember.Part.values or not user.is_active or not _is_tpi(user):
        raise ValidationError({"user": [NOT_TPI]})
    if found := ties([user], [a.unit for a in rows]):
        raise ValidationError({"user": [str(tie) for tie in found]})
    if row.members.filter(user=user).exists():
        raise ValidationError({"user": [ON_TEAM]})
    before = _text(row)
    made = TeamMember.objects.create(team=row, user=user, role=role)
    _note_change(rows, row, before, by)
    for assessment in rows:
        _tell(assessment, row, by, [user])
    return made


@transaction.atomic
def remove_member(*, team: Team, member: TeamMember, by: User) -> None:
    """Take a person off a team; one with units keeps a lead and a controller."""
    row = _lock(team)
    rows = _locked_units(team)
    left = list(row.members.exclude(pk=member.pk).select_related("user"))
    if rows and missing_parts(left):
        raise ValidationError(NEEDED)
    before = _text(row)
    TeamMember.objects.filter(team=row, pk=member.pk).delete()
    _note_change(rows, row, before, by)


def _is_tpi(user: User) -> bool:
    return Membership.objects.filter(user=user, role__in=TPI_ROLES).exists()


def _locked_units(team: Team) -> list[Assessment]:
    """Lock the undecided units of a team in the order of ids, as everybody does."""
    rows = Assessment.objects.for_page().select_for_update(of=("self",)).exclude(state__in=DECIDED)
    return list(rows.filter(assignment__team=team).order_by("pk"))


def _text(team: Team) -> str:
    """Write a team with its people, as the history keeps it."""
    members = team.members.select_related("user").order_by("role", "user__username")
    people = ", ".join(f"{m.user} ({m.get_role_display()})" for m in members)
    return f"{team.name}: {people}" if people else team.name


def _note_change(rows: Sequence[Assessment], team: Team, before: str, by: User) -> None:
    data = {"from": {"team": before}, "to": {"team": _text(team)}}
    for row in rows:
        assessment_services.append_events(row, Event.Kind.ASSIGNED, [("", data)], by=by, stage=Stage.TPI)


@dataclass(frozen=True, slots=True)
class Order:
    """Which team shall assess which units until when; `confirmed` lets it take over a review that is under way."""

    team: Team
    assessments: Collection[Assessment]
    due_on: date | None = None
    confirmed: bool = False


@transaction.atomic
def assign(*, period: Period, order: Order, by: User) -> int:
    """Have a team assess some units until a day; return for how many that is new.

    Raises ValidationError naming everything that is in the way; then nothing is written, for none of them.
    """
    chosen, due_on = _lock(order.team), order.due_on
    rows = _locked(period, order.assessments)
    _refuse(chosen, rows, due_on)
    there = {a.assessment_id: a for a in Assignment.objects.filter(assessment__in=rows).select_related("team")}
    _refuse_taking_over(rows, there, chosen, order.confirmed)
    changed = 0
    for row in rows:
        old = there.get(row.pk)
        if old and (old.team_id, old.due_on) == (chosen.pk, due_on):
            continue
        _write(row, old, chosen, due_on, by)
        changed += 1
    return changed


def _locked(period: Period, assessments: Collection[Assessment]) -> list[Assessment]:
    rows = Assessment.objects.for_page().select_for_update(of=("self",)).filter(period=period)
    return list(rows.filter(pk__in=[a.pk for a in assessments]).order_by("pk"))


def _refuse(team: Team, rows: Sequence[Assessment], due_on: date | None) -> None:
    problems: dict[str, list[str]] = {}
    if not rows:
        problems["units"] = [NO_UNITS]
    if (closes := local_date(team.period.tpi_closes)) and due_on and due_on > closes:
        problems["due_on"] = [AFTER_THE_END.format(closes.strftime("%d/%m/%Y"))]
    if due_on and due_on < timezone.localdate():
        problems["due_on"] = [IN_THE_PAST]
    members = list(team.members.select_related("user"))
    if missing := missing_parts(members):
        problems["team"] = [f"{team.name} belum mempunyai {' dan '.join(missing)}."]
    refused = [f"{row.unit.name} sudah diputuskan; timnya tetap." for row in rows if row.state in DECIDED]
    refused += [str(tie) for tie in ties([m.user for m in members], [row.unit for row in rows])]
    if refused:
        problems.setdefault("units", []).extend(refused)
    if problems:
        raise ValidationError(problems)


def _refuse_taking_over(rows: Sequence[Assessment], there: dict[int, Assignment], team: Team, confirmed: bool) -> None:
    def is_taken(row: Assessment) -> bool:
        return row.state in UNDER_WAY and row.pk in there and there[row.pk].team_id != team.pk

    taken = [row.unit.name for row in rows if is_taken(row)]
    if taken and not confirmed:
        raise ValidationError({"confirmed": [CONFIRM.format(", ".join(taken))]})


def _write(row: Assessment, old: Assignment | None, team: Team, due_on: date | None, by: User) -> None:
    values = {"team": team, "due_on": due_on, "assigned_by": by, "assigned_at": timezone.now()}
    Assignment.objects.update_or_create(assessment=row, defaults=values)
    before = {"team": old.team.name if old else "", "due_on": _day(old.due_on) if old else ""}
    data = {"from": before, "to": {"team": team.name, "due_on": _day(due_on)}}
    assessment_services.append_events(row, Event.Kind.ASSIGNED, [("", data)], by=by, stage=Stage.TPI)
    _tell(row, team, by)


def _day(day: date | None) -> str:
    return day.strftime("%d/%m/%Y") if day else ""


def _tell(row: Assessment, team: Team, by: User, only: Collection[User] | None = None) -> None:
    text = f"Unit ini ditugaskan kepada {team.name}."
    groups = {Group.REVIEWERS} if only is None else set()
    tell(
        row, groups, kind=Notification.Kind.ASSIGNMENT, subject="ditugaskan kepada tim Anda", text=text, by=by,
        also=only or (),
    )  # fmt: skip
