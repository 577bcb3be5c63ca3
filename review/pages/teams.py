"""What the pages of teams and assignments show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format

from accounts.models import Role, User
from assessment import selectors
from assessment.models import Assignment, Period, Team, TeamMember

from ..assigning import (
    Filter,
    Place,
    Workload,
    assignments_of,
    candidates_of,
    missing_parts,
    roles_of,
    teams_of,
    ties,
    upper_units,
    workload_of,
)
from ..forms.teams import AssignForm, MemberForm, TeamForm


@dataclass(frozen=True, slots=True)
class MemberRow:
    id: str
    name: str
    username: str
    role: str
    is_active: bool
    url: str  # where the person is taken off the team


@dataclass(frozen=True, slots=True)
class TeamRow:
    name: str
    url: str
    members: list[MemberRow]
    missing: str  # what it lacks before a unit can be assigned; "" for nothing
    units: str
    judged: str
    criteria: str
    due_on: str


@dataclass(frozen=True, slots=True)
class UnitRow:
    name: str
    code: str
    url: str
    state: str
    state_label: str
    due_on: str


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A unit in the tree: to be ticked alone, with all below it, or neither."""

    id: str
    name: str
    code: str
    depth: str  # from 0, as the CSS classes have it
    url: str  # "" for a unit without an assessment
    state: str
    state_label: str
    team: str
    due_on: str
    beneath: str  # "" for none
    is_chosen: bool
    is_chosen_below: bool


def day(value: date | None) -> str:
    """Write a day in words; "" for none."""
    return date_format(value, "j F Y") if value else ""


def teams(period: Period, form: TeamForm) -> dict[str, Any]:
    """Build the list of a period's teams with their workload, and the form of a new one."""
    worksheet = selectors.worksheet_of(period.instrument)
    loads = workload_of(period, len(worksheet.criteria))
    rows = [_team_row(period.year, team, loads.get(team.pk, Workload())) for team in teams_of(period)]
    return {"period": period, "form": form, "rows": rows}


def _team_row(year: int, team: Team, load: Workload) -> TeamRow:
    members = _leading_first(team.members.all())
    return TeamRow(
        team.name, reverse("review:team", args=[year, team.pk]), [_member_row(year, m) for m in members],
        " dan ".join(missing_parts(members)), str(load.units), str(load.judged), str(load.criteria), day(load.due_on),
    )  # fmt: skip


def _leading_first(members: Iterable[TeamMember]) -> list[TeamMember]:
    order = [Role.TPI_CONTROLLER, Role.TPI_LEAD, Role.TPI_MEMBER]
    return sorted(members, key=lambda m: (order.index(Role(m.role)), m.user.username))


def _member_row(year: int, member: TeamMember) -> MemberRow:
    url = reverse("review:member-remove", args=[year, member.team_id, member.pk])
    user = member.user
    return MemberRow(str(member.pk), str(user), user.username, member.get_role_display(), user.is_active, url)


def team(found: Team, name_form: TeamForm, member_form: MemberForm, problem: str = "") -> dict[str, Any]:
    """Build the page of one team; who became part of one of its units since is pointed out."""
    members = list(found.members.select_related("user"))
    units = assignments_of(found)
    known = ties([m.user for m in members], [a.assessment.unit for a in units])
    return {
        "team": found,
        "period": found.period,
        "members": [_member_row(found.period.year, m) for m in _leading_first(members)],
        "missing": " dan ".join(missing_parts(members)),
        "units": [_unit_row(row) for row in units],
        "ties": [str(tie) for tie in known],
        "name_form": name_form,
        "member_form": member_form,
        "problem": problem,
    }


def _unit_row(row: Assignment) -> UnitRow:
    assessment = row.assessment
    return UnitRow(
        assessment.unit.name, assessment.unit.code, assessment.get_absolute_url(), assessment.state,
        assessment.get_state_display(), day(row.due_on),
    )  # fmt: skip


def member_form(found: Team, *args: Any) -> MemberForm:
    """Return the form of a new member, whose choices say which TPI roles each person holds."""
    people = list(candidates_of(found))
    roles = roles_of(people)
    form = MemberForm(candidates_of(found), *args)
    texts = [(user.pk, _candidate(user, roles.get(user.pk, set()))) for user in people]
    form.fields["user"].choices = [("", "Pilih pengguna"), *texts]  # type: ignore[attr-defined]
    return form


def _candidate(user: User, roles: set[str]) -> str:
    return f"{user} ({user.username}) · {', '.join(sorted(str(Role(role).label) for role in roles))}"


def assigning(user: User, period: Period, wanted: Filter, form: AssignForm, places: Sequence[Place]) -> dict[str, Any]:
    """Build the tree of units with the form that assigns the ticked ones."""
    units, below = form.chosen
    lacking = [(team.name, missing_parts(team.members.all())) for team in form.teams.values()]
    return {
        "period": period,
        "wanted": wanted,
        "form": form,
        "rows": [_place_row(place, units, below) for place in places],
        "count": str(sum(place.assessment is not None for place in places)),
        "uppers": [(unit.code, f"{'– ' * unit.depth}{unit.name}") for unit in upper_units(user, period)],
        "incomplete": [(name, " dan ".join(missing)) for name, missing in lacking if missing],
        "asks": bool(form.errors.get("confirmed")) or form.data.get("confirmed") == "on",
    }


def _place_row(place: Place, units: set[str], below: set[str]) -> PlaceRow:
    row, given, pk = place.assessment, place.assignment, str(place.unit.pk)
    return PlaceRow(
        pk, place.unit.name, place.unit.code, str(place.unit.depth), _url(place),
        row.state if row else "", row.get_state_display() if row else "", given.team.name if given else "",
        day(given.due_on) if given else "", str(place.beneath) if place.beneath else "", pk in units, pk in below,
    )  # fmt: skip


def _url(place: Place) -> str:
    row = place.assessment
    return reverse("assessment:detail", args=[row.period.year, place.unit.code]) if row else ""
