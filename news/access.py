"""Who may write for the public, and who may publish it."""

from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, Q, QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import TEAM_ROLES, Membership, Role, Unit, User

from .models import Post, PostState, SiteSettings


@dataclass(frozen=True, slots=True)
class PublicMay:
    """What one user may do with what the public reads of one unit; handed to views and to templates.

    `write` is the unit's team, its head and the admins above; `publish` the admins, and heads where the settings say
    so; `administer` the admins alone.
    """

    write: bool = False
    publish: bool = False
    administer: bool = False

    def edit(self, post: Post) -> bool:
        """Tell whether a post's text may be changed now: once it is out, only by who could publish it."""
        if post.state == PostState.DISCARDED:
            return False
        return self.publish if post.state == PostState.PUBLISHED else self.write


def public_may(user: User, unit: Unit) -> PublicMay:
    """Return the user's permissions: one query, one more for heads."""
    if not user.is_active:
        return PublicMay()
    line = [int(pk) for pk in unit.path.strip("/").split("/") if pk]
    own = Q(unit=unit, role__in=TEAM_ROLES) | Q(unit__in=line, role=Role.ADMIN)
    roles = set(Membership.objects.filter(own, user=user).values_list("role", flat=True))
    administer = Role.ADMIN in roles
    publish = administer or (Role.HEAD in roles and heads_publish())
    return PublicMay(write=bool(roles), publish=publish, administer=administer)


def heads_publish() -> bool:
    """Tell whether the settings let unit heads publish: one query."""
    return SiteSettings.objects.filter(heads_publish=True).exists()


def units_of_writer(user: User) -> QuerySet[Unit]:
    """Return the units for which the user may write: own ones, and for admins those below."""
    if not user.is_active:
        return Unit.objects.none()
    held = Membership.objects.filter(user=user, role__in=[*TEAM_ROLES, Role.ADMIN]).reaching()
    return Unit.objects.active().filter(Exists(held))


def get_unit(user: User, code: str, *, needs: str | None = None) -> tuple[Unit, PublicMay]:
    """Return the unit and the user's permissions: 404 if the user may not know it exists, 403 without `needs`."""
    unit = get_object_or_404(Unit.objects.visible_to(user), code=code)
    may = public_may(user, unit)
    if needs is not None and not getattr(may, needs):
        raise PermissionDenied
    return unit, may


def get_post(user: User, code: str, pk: UUID, *, needs: str = "write") -> tuple[Post, PublicMay]:
    """Return a unit's post, whatever its state, found through its unit; 404 and 403 as above."""
    unit, may = get_unit(user, code, needs=needs)
    return get_object_or_404(Post.objects.select_related("unit", "picture", "created_by"), unit=unit, pk=pk), may
