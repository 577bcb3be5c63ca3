"""Reads about TPI's teams: who is on them, what they are to assess, and who may not assess which unit."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts.models import TEAM_ROLES, TPI_ROLES, Membership, PastMembership, Role, Unit, User
from assessment.access import DECIDED
from assessment.models import Answer, Assessment, Assignment, Event, Period, Scorecard, Stage, Team, TeamMember

from .access import is_agency_admin

ANSWERED_FOR = "pernah mengisi LKE unit ini"


@dataclass(frozen=True, slots=True)
class Tie:
    """Why a person may not assess a unit: they are or were part of it."""

    user: User
    unit: Unit
    how: str

    def __str__(self) -> str:
        return f"{self.user} tidak dapat menilai {self.unit.name}: {self.how}."


@dataclass(frozen=True, slots=True)
class Workload:
    """What a team has to do: units, the criteria of those that are not decided yet, and how many are judged."""

    units: int = 0
    criteria: int = 0
    judged: int = 0
    due_on: date | None = None  # the nearest of those not decided yet


def get_team(year: int, pk: int) -> Team:
    """Return a team of a year with its members: two queries, 404 for any other; who may see it was asked before."""
    return get_object_or_404(Team.objects.select_related("period"), period__year=year, pk=pk)


def teams_of(period: Period) -> list[Team]:
    """Return the teams of a period with their members: two queries."""
    rows = Team.objects.filter(period=period).order_by("name").prefetch_related("members__user")
    return list(rows)


def candidates_of(team: Team) -> QuerySet[User]:
    """Return who may join a team: people with a TPI role anywhere who are not on it yet."""
    people = User.objects.filter(is_active=True, memberships__role__in=TPI_ROLES).exclude(team_members__team=team)
    return people.distinct().order_by("first_name", "username")


def roles_of(users: Collection[User]) -> dict[int, set[str]]:
    """Return the TPI roles that people hold by user: one query."""
    found: dict[int, set[str]] = defaultdict(set)
    rows = Membership.objects.filter(user__in=users, role__in=TPI_ROLES)
    for user, role in rows.values_list("user", "role"):
        found[user].add(role)
    return found


def missing_parts(members: Iterable[TeamMember]) -> list[str]:
    """Return what a team lacks before a unit can be assigned to it, in words."""
    roles = {m.role for m in members if m.user.is_active}
    wanted = {Role.TPI_LEAD: "ketua tim", Role.TPI_CONTROLLER: "pengendali teknis"}
    return [name for role, name in wanted.items() if role not in roles]


def ties(users: Collection[User], units: Collection[Unit]) -> list[Tie]:
    """Return which of the people may not assess which of the units, each pair once: four queries."""
    if not users or not units:
        return []
    people, places = {u.pk: u for u in users}, {u.pk: u for u in units}
    found: dict[tuple[int, int], str] = {}
    for user, unit, how in [*_roles(Membership, users, units), *_roles(PastMembership, users, units)]:
        found.setdefault((user, unit), how)
    for pair in _writers(users, units):
        found.setdefault(pair, ANSWERED_FOR)
    rows = [Tie(people[user], places[unit], how) for (user, unit), how in found.items()]
    return sorted(rows, key=lambda tie: (tie.unit.code, str(tie.user)))


def _roles(
    model: type[Membership] | type[PastMembership], users: Collection[User], units: Collection[Unit]
) -> list[tuple[int, int, str]]:
    words = "sekarang {} di unit ini" if model is Membership else "pernah menjadi {} di unit ini"
    rows = model._default_manager.filter(user__in=users, unit__in=units, role__in=TEAM_ROLES)
    found = rows.order_by("pk").values_list("user", "unit", "role")
    return [(user, unit, words.format(Role(role).label)) for user, unit, role in found]


def _writers(users: Collection[User], units: Collection[Unit]) -> set[tuple[int, int]]:
    answers = Answer.objects.filter(stage=Stage.UNIT, changed_by__in=users, assessment__unit__in=units)
    events = Event.objects.filter(
        stage=Stage.UNIT, kind=Event.Kind.ANSWERED, actor__in=users, assessment__unit__in=units
    )
    found = set(answers.order_by().values_list("changed_by", "assessment__unit").distinct())
    found |= set(events.order_by().values_list("actor", "assessment__unit").distinct())
    return {(user, unit) for user, unit in found if user is not None}


def assignments_of(team: Team) -> list[Assignment]:
    """Return what is assigned to a team, by unit code: one query."""
    rows = Assignment.objects.filter(team=team).select_related("assessment__unit", "assessment__period")
    return list(rows.order_by("assessment__unit__code"))


def workload_of(period: Period, criteria: int) -> Mapping[int, Workload]:
    """Return each team's workload by its id: one query. `criteria` is how many the worksheet has."""
    judged = Scorecard.objects.filter(assessment=OuterRef("assessment"), stage=Stage.TPI).values("answered")[:1]
    rows = Assignment.objects.filter(team__period=period).annotate(judged=Subquery(judged))
    found: dict[int, Workload] = {}
    for team, state, due_on, done in rows.values_list("team", "assessment__state", "due_on", "judged"):
        old = found.get(team, Workload())
        is_open = state not in DECIDED
        dates = [d for d in (old.due_on, due_on if is_open else None) if d]
        found[team] = Workload(
            old.units + 1,
            old.criteria + criteria * is_open,
            old.judged + (done or 0) * is_open,
            min(dates, default=None),
        )
    return found


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list of units to assign shows."""

    query: str = ""
    is_free: bool = False  # only those without a team
    below: str = ""  # the code of a unit


@dataclass(frozen=True, slots=True)
class Place:
    """A unit in the tree: with its assessment, or only above units that have one."""

    unit: Unit
    assessment: Assessment | None
    assignment: Assignment | None
    beneath: int  # how many of the shown assessments stand below it


def places_of(user: User, period: Period, wanted: Filter) -> list[Place]:
    """Return the period's units in tree order with the units above them: four queries however many there are."""
    rows = Assessment.objects.visible_to(user).filter(period=period).select_related("unit", "period")
    if wanted.query:
        rows = rows.filter(Q(unit__name__icontains=wanted.query) | Q(unit__code__icontains=wanted.query))
    if wanted.is_free:
        rows = rows.filter(assignment=None)
    if wanted.below:
        top = Unit.objects.filter(code=wanted.below).values_list("path", flat=True).first()
        rows = rows.filter(unit__path__startswith=top) if top else rows.none()
    found = {row.unit_id: row for row in rows}
    above: dict[int, int] = defaultdict(int)
    for row in found.values():
        for pk in _steps(row.unit)[:-1]:
            above[pk] += 1
    units = Unit.objects.filter(pk__in=[*found, *above]).in_tree_order()
    teams = Assignment.objects.filter(assessment__in=found.values()).select_related("team")
    by_assessment = {row.assessment_id: row for row in teams}
    return [_place(unit, found.get(unit.pk), by_assessment, above[unit.pk]) for unit in units]


def _steps(unit: Unit) -> list[int]:
    return [int(pk) for pk in unit.path.strip("/").split("/") if pk]


def _place(unit: Unit, row: Assessment | None, by_assessment: Mapping[int, Assignment], beneath: int) -> Place:
    return Place(unit, row, by_assessment.get(row.pk) if row else None, beneath)


def upper_units(user: User, period: Period) -> list[Unit]:
    """Return the units that stand above any of the period's units, in tree order: two queries."""
    rows = Assessment.objects.visible_to(user).filter(period=period).values_list("unit__path", flat=True)
    above = {int(pk) for path in rows for pk in path.strip("/").split("/")[:-1]}
    return list(Unit.objects.filter(pk__in=above).in_tree_order())


def local_date(moment: datetime | None) -> date | None:
    """Return the day of a moment where the portal is; None for none."""
    return timezone.localtime(moment).date() if moment else None


def year_of_teams(user: User) -> int | None:
    """Return the newest period's year for those who form its teams, None for others: two queries at most."""
    if not is_agency_admin(user):
        return None
    return Period.objects.order_by("-year").values_list("year", flat=True).first()
