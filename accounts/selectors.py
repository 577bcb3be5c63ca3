"""Reads that more than one page needs, or that join several tables."""

from django.db.models import QuerySet

from .models import Membership, Unit, User


def memberships_of(user: User) -> QuerySet[Membership]:
    """Return the user's roles in active and inactive units alike, with the unit loaded."""
    return Membership.objects.filter(user=user).select_related("unit").order_by("unit__code", "role")


def unit_names(user: User) -> str:
    """List the units of a user whose memberships and units are prefetched."""
    units: dict[int, Unit] = {m.unit_id: m.unit for m in user.memberships.all()}
    return ", ".join(sorted(unit.name for unit in units.values()))
