"""Sending the e-mails that notifications promised: a few right after the commit, the others by `manage.py send_mail`.

A mail is claimed by an update before it is sent, so of two senders at once only one has it. A sender that is killed
between sending and noting it sends it again later: a mail twice is better than none, and both carry one Message-ID.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from math import inf
from time import monotonic

from django.conf import settings
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from .models import Mail

log = logging.getLogger(__name__)
# After the first attempt; the last wait repeats until a week has passed.
WAITS = [timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 24 * 60)]
KEEP_TRYING = timedelta(days=7)
# What was sent or given up is of use to an admin for a while; the notification itself stays with its person.
KEEP_DONE = timedelta(days=90)
# A sender that dies holding a mail gives it back after this long; sending one takes seconds.
CLAIM = timedelta(minutes=10)
MOST = 500  # a run; the next one goes on
# All that the request behind a change waits for the mail server.
INLINE_SECONDS = 5.0
UNREACHABLE = "Peladen surel tidak terjangkau"


@dataclass(slots=True)
class Share:
    """What the callbacks of one transaction may still use together."""

    mails: int
    seconds: float = INLINE_SECONDS


@dataclass(slots=True)
class AfterCommit:
    """Try some mails once the transaction is through, as far as its share goes."""

    pks: Sequence[int]
    share: Share
    is_done: bool = False

    def __call__(self) -> None:
        self.is_done = True  # what is told from now on belongs to another commit
        started = monotonic()
        pks = self.pks[: self.share.mails] if self.share.seconds > 0 else []
        self.share.mails -= len(pks)
        send_now(pks, seconds=self.share.seconds)
        self.share.seconds -= monotonic() - started


def send_after_commit(pks: Sequence[int]) -> None:
    """Try the first few mails of this transaction after its commit, however many calls it was told in."""
    most = getattr(settings, "NOTIFY_INLINE_MAILS", 5)
    if not pks or most <= 0:
        return
    registered = (call for _, call, _ in transaction.get_connection().run_on_commit)
    waiting = (call for call in registered if isinstance(call, AfterCommit) and not call.is_done)
    share = next((call.share for call in waiting), None)
    transaction.on_commit(AfterCommit(pks, share or Share(most)))


def send_now(pks: Sequence[int], *, seconds: float = INLINE_SECONDS) -> int:
    """Try some mails at once; whatever goes wrong, they stay for `send_mail`. Return how many were taken."""
    try:
        return send_due(only=pks, seconds=seconds) if pks and not _is_server_away() else 0
    except Exception:
        log.exception("E-mail could not be tried right after the commit; it stays in the queue.")
        return 0


def send_due(
    *, only: Sequence[int] | None = None, now: datetime | None = None, most: int = MOST, seconds: float = inf
) -> int:
    """Send the mails that are due through one connection; return how many were taken by the mail server.

    `seconds` bounds the wait, give or take one mail. When the server is away the run ends after one mail: the others
    keep their turn.
    """
    due = Mail.objects.unsent().filter(next_try_at__lte=now or timezone.now())
    rows = (due if only is None else due.filter(pk__in=only)).order_by("next_try_at", "pk")[:most]
    connection = mail.get_connection(timeout=max(1.0, min(seconds, settings.EMAIL_TIMEOUT or 60)))
    sent, until = 0, monotonic() + seconds
    try:
        for row in rows:
            if monotonic() >= until:
                break
            if not _claim(row, now or timezone.now()):
                continue
            if not _reached(connection, row, now):
                break
            sent += _send(connection, row, now)
    finally:
        _close(connection)
    return sent


def prune(*, now: datetime | None = None) -> int:
    """Delete mails that were sent or given up long ago; return how many."""
    before = (now or timezone.now()) - KEEP_DONE
    done = Mail.objects.filter(Q(sent_at__lt=before) | Q(given_up_at__lt=before))
    return done.delete()[0]


def _is_server_away() -> bool:
    """Tell whether the server was away a moment ago: people need not wait for it again and again."""
    return Mail.objects.unsent().filter(next_try_at__gt=timezone.now(), last_error__startswith=UNREACHABLE).exists()


def _claim(row: Mail, at: datetime) -> bool:
    """Move a mail's next attempt away; False if somebody else did since it was read."""
    waiting = Mail.objects.unsent().filter(pk=row.pk, next_try_at=row.next_try_at)
    return bool(waiting.update(next_try_at=at + CLAIM, attempts=F("attempts") + 1))


def _reached(connection: BaseEmailBackend, row: Mail, now: datetime | None) -> bool:
    try:
        connection.open()
    except Exception as error:
        _failed(row, now or timezone.now(), f"{UNREACHABLE}: {_words(error)}")
        return False
    return True


def _send(connection: BaseEmailBackend, row: Mail, now: datetime | None) -> int:
    try:
        _message(row, connection).send()
    except Exception as error:
        _failed(row, now or timezone.now(), _words(error))
        _close(connection)  # a connection that broke would fail the next mail too
        return 0
    return Mail.objects.filter(pk=row.pk).update(sent_at=timezone.now(), last_error="")


def _message(row: Mail, connection: BaseEmailBackend) -> mail.EmailMessage:
    """Build the message; the same Message-ID at every attempt, and a sign to answering machines."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    headers = {
        "Message-ID": f"<{row.created_at:%Y%m%d%H%M%S%f}.{row.pk}@{domain}>",
        "Auto-Submitted": "auto-generated",
    }
    return mail.EmailMessage(
        row.subject, row.body, settings.DEFAULT_FROM_EMAIL, [row.to], connection=connection, headers=headers
    )


def _failed(row: Mail, at: datetime, words: str) -> None:
    attempts = row.attempts + 1  # as claimed
    wait = WAITS[min(attempts, len(WAITS)) - 1]
    is_over = at - row.created_at > KEEP_TRYING
    Mail.objects.filter(pk=row.pk, sent_at=None).update(
        next_try_at=at + wait, last_error=words[:300], given_up_at=at if is_over else None
    )
    log.warning("E-mail %s was not taken (attempt %s): %s", row.pk, attempts, words)


def _words(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())


def _close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except Exception:
        log.warning("The connection to the mail server did not close cleanly.", exc_info=True)
