"""Reads about conflicts of interest: who declared one, and who decides on it."""

from dataclasses import dataclass

from accounts.models import Role, User
from assessment.models import Assessment, Conflict, TeamMember

from .access import CONFLICT_JUDGES, ReviewMay
from .selectors import of_unit, people_of
from .workflow import Group


@dataclass(frozen=True, slots=True)
class Bench:
    """Who decides on a conflict: the role, and the people who have it now."""

    role: Role
    people: tuple[User, ...]


def bench_of(assessment: Assessment, conflict: Conflict, others: list[Conflict]) -> Bench:
    """Return who decides on a conflict, the next one up where nobody with the role is free: three queries at most.

    Not free are those whom a conflict keeps away, those who belong to the unit itself, and the declarer. `others`
    are all conflicts of the assessment.
    """
    kept_away = {c.user_id for c in others if c.state != Conflict.State.DISMISSED} | {conflict.user_id}
    on_team = TeamMember.objects.filter(team__assignments__assessment=assessment, user__is_active=True)
    members = list(on_team.select_related("user"))
    kept_away |= set(on_team.filter(of_unit(assessment.unit_id)).values_list("user", flat=True))
    role = next((Role(m.role) for m in members if m.user_id == conflict.user_id), Role.TPI_MEMBER)
    while (role := CONFLICT_JUDGES[role]) != Role.ADMIN:
        if found := [m.user for m in members if m.role == role and m.user_id not in kept_away]:
            return Bench(role, tuple(found))
    admins = [user for user in people_of(assessment, {Group.ADMIN}) if user.pk != conflict.user_id]
    return Bench(Role.ADMIN, tuple(admins))


def conflicts_of(assessment: Assessment) -> list[Conflict]:
    """Return all declarations about an assessment, the newest first: one query."""
    rows = Conflict.objects.filter(assessment=assessment).select_related("user", "decided_by")
    return list(rows.order_by("-declared_at", "-pk"))


def may_decide(may: ReviewMay, bench: Bench, user: User) -> bool:
    """Tell whether somebody is the one who decides."""
    return bench.role in may.hats and any(judge.pk == user.pk for judge in bench.people)
