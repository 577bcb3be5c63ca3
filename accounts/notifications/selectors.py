"""Reads of notifications."""

from django.db.models import QuerySet

from accounts.models import User

from .models import Kind, Notification, Preference


def notifications_of(user: User) -> QuerySet[Notification]:
    """Return what a person was told in the portal, newest first."""
    return Notification.objects.filter(recipient=user, in_portal=True)


def unread_of(user: User) -> int:
    """Count what a person was told in the portal and has not opened."""
    return Notification.objects.unread().filter(recipient=user).count()


def choices_of(user: User) -> list[tuple[str, str, bool, bool]]:
    """Return (kind, label, in the portal, by e-mail) for every kind: one query."""
    stored = {p.kind: p for p in Preference.objects.filter(user=user)}
    return [
        (kind, label, stored[kind].portal if kind in stored else True, stored[kind].email if kind in stored else True)
        for kind, label in Kind.choices
    ]
