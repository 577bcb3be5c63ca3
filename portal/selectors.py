"""Which roles a person has, and which assessments are nearest to them."""

from collections.abc import Collection

from django.db.models import Case, Exists, IntegerField, OuterRef, Value, When

from accounts.models import TEAM_ROLES, TPI_ROLES, Membership, Role, User
from assessment.models import Assessment, TeamMember

# How near an assessment is: of one's own unit, assessed in a team, assessed before it, only read.
OWN, TEAM, PRELIM, OTHER = range(4)


def nearness_of(role: str) -> int:
    """Return how near the assessments of a role are."""
    if role in TEAM_ROLES:
        return OWN
    return TEAM if role in TPI_ROLES else PRELIM if role == Role.PRELIM else OTHER


def nearest(user: User, most: int, only: Collection[int] = (OWN, TEAM, PRELIM, OTHER)) -> list[Assessment]:
    """Return the nearest of the assessments that a person may see, each with its `near`: one query."""
    own = Membership.objects.filter(user=user, role__in=TEAM_ROLES, unit=OuterRef("unit"))
    team = TeamMember.objects.filter(user=user, team__assignments__assessment=OuterRef("pk"))
    prelim = Membership.objects.filter(user=user, role=Role.PRELIM).reaching("unit")
    ranks = [When(Exists(rows), Value(rank)) for rank, rows in ((OWN, own), (TEAM, team), (PRELIM, prelim))]
    near = Case(*ranks, default=Value(OTHER), output_field=IntegerField())
    rows = Assessment.objects.visible_to(user).annotate(near=near).filter(near__in=only)
    return list(
        rows.select_related("unit", "period__instrument").order_by("near", "-period__year", "unit__code")[:most]
    )


def roles_of(user: User) -> set[str]:
    """Return a person's roles, in units and in TPI teams: two queries."""
    held = set(Membership.objects.filter(user=user).values_list("role", flat=True))
    return held | set(TeamMember.objects.filter(user=user).values_list("role", flat=True))
