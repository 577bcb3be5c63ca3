"""What is said in a unit's discussions, and taking it back."""

import re
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.notifications.models import Notification
from accounts.notifications.services import notify
from assessment import selectors as assessment_selectors
from assessment.models import Assessment

from .. import access, selectors
from ..models import Message, Withdrawal

OVER = "Periode ini sudah berakhir; diskusinya hanya dapat dibaca."
# A username may hold these too, so that what follows a name in a sentence has to be told from it.
NAME = re.compile(r"(?<![\w@])@([A-Za-z0-9.@+_-]+)")
TRAILING = ".@+-_"
MOST_NAMED = 20


@transaction.atomic
def say(*, assessment: Assessment, code: str, text: str, by: User) -> Message:
    """Write a message beside a criterion and tell the colleagues whom it names; nobody else is told or named.

    The notification carries no text: what is taken back is then nowhere to be read.
    """
    if access.is_over(assessment.period):
        raise ValidationError(OVER, code="over")
    team = [m.user for m in selectors.members_of(assessment.unit)]
    named = named_in(text, team)
    criterion = assessment_selectors.worksheet_of(assessment.period.instrument).criteria[code]
    made = Message.objects.create(
        assessment=assessment, criterion_id=criterion.pk, by=by, at=timezone.now(), text=text,
        mentions=[user.username for user in named],
    )  # fmt: skip
    notify(
        recipients=[user for user in named if user != by], kind=Notification.Kind.MENTION,
        subject=f"{assessment.unit.name} {assessment.period.year}: {by} menyebut Anda ({code})",
        text=f"Dalam diskusi tim tentang kriteria {code} {criterion.title}.",
        url=reverse("planning:talk", args=[assessment.period.year, assessment.unit.code, code]),
    )  # fmt: skip
    return made


def withdraw(*, message: Message) -> None:
    """Take a message back; doing it twice is doing it once."""
    if access.is_over(message.assessment.period):
        raise ValidationError(OVER, code="over")
    try:
        with transaction.atomic():
            Withdrawal.objects.create(message=message, at=timezone.now())
    except IntegrityError:
        if not Withdrawal.objects.filter(message=message).exists():
            raise


def named_in(text: str, team: Sequence[User]) -> list[User]:
    """Return the people of a team whom a text names by @username, each once, in order."""
    known = {user.username.lower(): user for user in team}
    found: dict[int, User] = {}
    for word in NAME.findall(text):
        name = word.lower()
        while name and name not in known and name[-1] in TRAILING:
            name = name[:-1]
        if user := known.get(name):
            found.setdefault(user.pk, user)
    return list(found.values())[:MOST_NAMED]
