"""Writes about people: profile, links to set a password, activity, locks."""

import logging
from collections.abc import Iterable
from typing import Any

from axes.models import AccessAttempt
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from ..models import Unit, User

logger = logging.getLogger(__name__)


def update_profile(*, user: User, name: str, email: str) -> None:
    """Save a person's own name and address; raise ValidationError if the address belongs to someone else.

    The former address is told of the change, so that a stolen session cannot take the account unseen.
    """
    with transaction.atomic():
        row = User.objects.select_for_update().get(pk=user.pk)
        former, row.first_name, row.email = row.email, name, email
        if problem := row.email_problem():
            raise ValidationError({"email": problem})
        try:
            with transaction.atomic():
                row.save(update_fields=["first_name", "email"])
        except IntegrityError as error:  # taken between the check and the save
            raise ValidationError({"email": "Surel ini sudah dipakai pengguna lain."}) from error
        if former and former.lower() != email.lower():
            transaction.on_commit(lambda: _tell_former_address(row, former))


def _tell_former_address(user: User, former: str) -> None:
    body = render_to_string("accounts/mail/email_changed.txt", {"user": user})
    try:
        send_mail("Surel akun Portal ZI diganti", body, None, [former])
    except OSError:
        logger.exception("Could not tell the former address of user %s", user.pk)


def send_reset_link(*, email: str, origin: str) -> None:
    """Mail a link to the active user with this address, if there is one; never say which."""
    for user in User.objects.filter(email__iexact=email, is_active=True).exclude(email=""):
        try:
            send_link(user=user, origin=origin)
        except OSError:
            logger.exception("Could not mail the password link of user %s", user.pk)


def send_link(*, user: User, origin: str) -> None:
    """Mail a link with which to set a password; raise OSError if the mail server refuses.

    The link works once and for PASSWORD_RESET_TIMEOUT seconds, also for users without a password yet.
    """
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    path = reverse("password_reset_confirm", args=[uid, default_token_generator.make_token(user)])
    context = {"user": user, "link": f"{origin}{path}", "is_first": not user.has_usable_password()}
    subject = "Atur kata sandi Portal ZI" if context["is_first"] else "Atur ulang kata sandi Portal ZI"
    send_mail(subject, render_to_string("accounts/mail/password_link.txt", context), None, [user.email])


@transaction.atomic
def set_users_active(*, users: QuerySet[User], active: bool, by: User) -> int:
    """Switch accounts on or off, note it in the admin log, and return how many changed.

    Nobody switches off their own account, and only superusers touch a superuser's.
    """
    allowed = users.exclude(pk=by.pk)
    return _set_active(allowed if by.is_superuser else allowed.exclude(is_superuser=True), active, by)


@transaction.atomic
def set_units_active(*, units: QuerySet[Unit], active: bool, by: User) -> int:
    """Switch units on or off, note it in the admin log, and return how many changed."""
    return _set_active(units, active, by)


def _set_active(rows: QuerySet[Any], active: bool, by: User) -> int:
    # Evaluated first: after the update the filter would no longer find the rows for the log.
    keys = list(rows.filter(is_active=not active).order_by("pk").values_list("pk", flat=True))
    changed = rows.model._default_manager.filter(pk__in=keys)
    changed.update(is_active=active)
    if keys:
        LogEntry.objects.log_actions(by.pk, changed, CHANGE, "Diaktifkan." if active else "Dinonaktifkan.")
    return len(keys)


def unlock_sign_in(*, users: Iterable[User]) -> int:
    """Forget failed sign-ins of these users; return how many records there were."""
    names = [user.username.lower() for user in users]
    return AccessAttempt.objects.filter(username__in=names).delete()[0]
