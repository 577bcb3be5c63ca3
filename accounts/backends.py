"""Sign-in by username or by e-mail address, upper and lower case alike."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db.models import Q
from django.http import HttpRequest

from .models import User


class UsernameOrEmailBackend(ModelBackend):
    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        """Return the active user whose username or e-mail is `username`, if the password fits."""
        if not username or not password:
            return None
        user = named(username)
        if user is None:
            User().set_password(password)  # the same work as for a known name: timing tells nothing
            return None
        return user if user.check_password(password) and self.user_can_authenticate(user) else None


def named(name: str) -> User | None:
    """Return the user whose username is `name`, else the one whose e-mail it is."""
    name = name.strip()
    if not name:  # the address of everybody who has none
        return None
    found = list(User.objects.filter(Q(username__iexact=name) | Q(email__iexact=name))[:2])
    return next((user for user in found if user.username.lower() == name.lower()), found[0] if found else None)


def throttle_name(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """Name the account that failed sign-ins count against, however its name was typed.

    Called by django-axes. Without it each spelling (upper case, e-mail) would bring a fresh set of attempts.
    """
    typed = str((credentials or request.POST).get("username") or "").replace("\0", "").strip()
    user = named(typed)
    return (user.username if user else typed).lower()[:255]
