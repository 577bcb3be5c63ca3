"""Who may open the agency's dashboard, and what it reads besides the recap."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Subquery

from accounts.models import Membership, Role, User
from assessment.access import DECIDED
from assessment.models import Assignment, Period, Scorecard, Stage

OVERSEERS = (Role.ADMIN, Role.OBSERVER)


@dataclass(frozen=True, slots=True)
class TeamLoad:
    """What a TPI team has to do with some units: how many, not decided yet, and how far it is with those."""

    name: str
    units: int
    waiting: int
    judged: int
    criteria: int
    due_on: date | None

    @property
    def percent(self) -> int:
        return self.judged * 100 // self.criteria if self.criteria else 100


def require_overseer(user: User) -> None:
    """Raise PermissionDenied for who is neither admin nor observer anywhere: one query."""
    if not (user.is_superuser or Membership.objects.filter(user=user, role__in=OVERSEERS).exists()):
        raise PermissionDenied


def all_periods() -> list[Period]:
    """Return all periods with their instruments, the newest first: one query."""
    return list(Period.objects.select_related("instrument").order_by("-year"))


def loads_of(assessments: Collection[int], criteria: int) -> list[TeamLoad]:
    """Return the teams that assess some units, the busiest first: one query. `criteria` is the worksheet's number."""
    judged = Scorecard.objects.filter(assessment=OuterRef("assessment"), stage=Stage.TPI).values("answered")[:1]
    rows = Assignment.objects.filter(assessment__in=assessments).annotate(judged=Subquery(judged))
    by_team: dict[tuple[int, str], list[tuple[str, date | None, int]]] = defaultdict(list)
    for pk, name, state, due_on, done in rows.values_list(
        "team", "team__name", "assessment__state", "due_on", "judged"
    ):
        by_team[pk, name].append((state, due_on, done or 0))
    loads = [_load(name, found, criteria) for (_, name), found in by_team.items()]
    return sorted(loads, key=lambda load: (-load.waiting, load.name))


def _load(name: str, found: Collection[tuple[str, date | None, int]], criteria: int) -> TeamLoad:
    waiting = [(due_on, done) for state, due_on, done in found if state not in DECIDED]
    days = [due_on for due_on, _ in waiting if due_on]
    done = sum(done for _, done in waiting)
    return TeamLoad(name, len(found), len(waiting), done, criteria * len(waiting), min(days, default=None))
