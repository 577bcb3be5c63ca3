"""Reads that more than one view or service needs."""

from collections.abc import Collection

from django.db.models import Q

from accounts.models import TEAM_ROLES, Membership, PastMembership, Role, User
from assessment.models import Assessment, Conflict, ProposalCondition, Return, Snapshot, TeamMember

from .workflow import Group

PART_OF = {Group.LEAD: Role.TPI_LEAD, Group.CONTROLLER: Role.TPI_CONTROLLER}


def conditions_of(assessment: Assessment) -> list[ProposalCondition]:
    """Return the conditions of Tabel 5 for the assessment's target and kind of agency: one query."""
    kinds = [ProposalCondition.AppliesTo.ALL, assessment.period.agency_kind]
    rows = ProposalCondition.objects.filter(
        instrument=assessment.period.instrument_id, predicate=assessment.target, applies_to__in=kinds
    )
    return list(rows.order_by("order"))


def return_under_way(assessment: Assessment) -> Return | None:
    """Return the round that is being collected or corrected now."""
    return Return.objects.filter(assessment=assessment, answered_at=None).first()


def latest_snapshot(assessment: Assessment, kind: str) -> Snapshot | None:
    """Return the newest fixed copy of a kind."""
    return assessment.snapshots.filter(kind=kind).order_by("-round").first()


def of_unit(unit: int) -> Q:
    """Ask of team members whether they are or were of a unit's own team: such people never assess it."""
    now = Membership.objects.filter(unit=unit, role__in=TEAM_ROLES)
    before = PastMembership.objects.filter(unit=unit, role__in=TEAM_ROLES)
    return Q(user__in=now.values("user")) | Q(user__in=before.values("user"))


def people_of(assessment: Assessment, groups: Collection[Group]) -> list[User]:
    """Return the active people of some groups, each once: at most two queries."""
    roles: set[str] = set(TEAM_ROLES) if Group.TEAM in groups else set()
    above = {r for g, r in ((Group.PRELIM, Role.PRELIM), (Group.ADMIN, Role.ADMIN)) if g in groups}
    found: dict[int, User] = {}
    if roles or above:
        path = [int(pk) for pk in assessment.unit.path.strip("/").split("/") if pk]
        rows = Membership.objects.filter(unit__in=path, role__in=roles | above, user__is_active=True)
        for row in rows.select_related("user"):
            if row.role in above or row.unit_id == assessment.unit_id:
                found[row.user_id] = row.user
    parts = None if Group.REVIEWERS in groups else [PART_OF[g] for g in groups if g in PART_OF]
    if parts is None or parts:
        kept_away = Conflict.objects.blocking().filter(assessment=assessment).values("user")
        members = TeamMember.objects.filter(team__assignments__assessment=assessment, user__is_active=True)
        members = members.exclude(user__in=kept_away).exclude(of_unit(assessment.unit_id))
        members = members if parts is None else members.filter(role__in=parts)
        found |= {m.user_id: m.user for m in members.select_related("user")}
    return list(found.values())
