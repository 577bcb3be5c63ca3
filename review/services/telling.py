"""Telling people: in the portal and by e-mail, after the transaction, never to the one who did it."""

from collections.abc import Collection, Iterable

from django.urls import reverse

from accounts.models import User
from accounts.notifications.services import notify
from assessment.models import Assessment

from ..selectors import people_of
from ..workflow import Group

TEXT_SHOWN = 400


def tell(
    assessment: Assessment, groups: Collection[Group], *, kind: str, subject: str, text: str, by: User | None,
    url: str = "", also: Iterable[User] = (),
) -> int:  # fmt: skip
    """Notify some groups and `also` some people about an assessment; return how many were told.

    `kind` is one of `accounts.notifications.models.Notification.Kind`; `url` is the overview's where not given.
    """
    wanted = set(groups)
    if not assessment.period.needs_prelim:
        wanted.discard(Group.PRELIM)
    people = {user.pk: user for user in [*people_of(assessment, wanted), *also]}
    if by is not None:
        people.pop(by.pk, None)
    where = f"{assessment.unit.name} {assessment.period.year}"
    address = url or reverse("assessment:detail", args=[assessment.period.year, assessment.unit.code])
    return notify(
        recipients=people.values(), kind=kind, subject=f"{where}: {subject}"[:150], text=text[:1000], url=address
    )
