"""Telling people, and what they do with what they were told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, FilteredRelation, Q
from django.db.models.functions import Greatest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.models import User

from .models import Kind, Mail, Notification, Preference
from .selectors import unread_of
from .sending import send_after_commit

Line = tuple[str, str]  # text, path of the portal

REFUSED = "Pemberitahuan tidak dapat dibuat: jenis atau alamatnya tidak dikenal."
DIGEST_SUBJECT = "Pengingat tenggat Zona Integritas"
SUBJECT_LENGTH, TEXT_LENGTH, URL_LENGTH, KEY_LENGTH = 150, 1000, 300, 120


@dataclass(frozen=True, slots=True)
class Reminder:
    """What one person is reminded of, most urgent first: lines of text, each with a path of the portal."""

    user: User
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class News:
    """What is told, cut to what a row holds; `lines` is what an e-mail lists with a link each."""

    kind: str
    subject: str
    text: str
    url: str
    key: str = ""
    lines: Sequence[Line] = ()

    def __post_init__(self) -> None:
        is_told_well = self.kind in Kind.values and len(self.key) <= KEY_LENGTH
        if not is_told_well or not all(is_portal_path(url) for url in (self.url, *(u for _, u in self.lines)) if url):
            raise ValidationError(REFUSED)


def is_portal_path(url: str) -> bool:
    """Tell whether a link stays inside the portal."""
    return url.startswith("/") and len(url) <= URL_LENGTH and url_has_allowed_host_and_scheme(url, allowed_hosts=None)


def one_line(text: str) -> str:
    """Return text without line ends: a subject must not become a header."""
    return " ".join(text.split())


def notify(*, recipients: Iterable[User], kind: str, subject: str, text: str, url: str, key: str = "") -> int:
    """Tell some people something, each once and as they chose; return how many were told.

    Rows are written in the caller's transaction, e-mail goes out after it and never breaks it. With `key`, a person
    who was told it already is not told again. The number of queries does not grow with the people. Raises
    ValidationError for an unknown kind or a link that leaves the portal.
    """
    news = News(kind, one_line(subject)[:SUBJECT_LENGTH], text[:TEXT_LENGTH], url, key)
    return _tell({user.pk for user in recipients}, news)


def remind(*, items: Iterable[Reminder], today: str = "") -> int:
    """Send each person one digest a day of what is due; return how many were told.

    `today` is an ISO date, the portal's own where not given. A person in several items should come as one: the first
    is the day's digest. Nothing is told if a link of any item leaves the portal.
    """
    key = f"digest:{today or timezone.localdate().isoformat()}"
    digests = [
        (item.user, News(Kind.DEADLINE, DIGEST_SUBJECT, _in_short(item.lines), item.lines[0][1], key, item.lines))
        for item in items if item.lines
    ]  # fmt: skip
    return sum(_tell({user.pk}, news) for user, news in digests)


def _in_short(lines: Sequence[Line]) -> str:
    """Return as many whole lines as a notification holds, and how many there are beyond."""
    shown: list[str] = []
    for text, _ in lines:
        row = f"- {one_line(text)}"
        if len("\n".join([*shown, row])) > TEXT_LENGTH - 40:
            break
        shown.append(row)
    rest = len(lines) - len(shown)
    return "\n".join([*shown, f"dan {rest} tenggat lain"] if rest else shown)


@transaction.atomic
def _tell(pks: set[int], news: News) -> int:
    people = _locked(pks, news) if pks else []
    if not people:
        return 0
    now = timezone.now()
    rows = [
        Notification(
            recipient=user, kind=news.kind, subject=news.subject, text=news.text, url=news.url, key=news.key, at=now,
            in_portal=in_portal,
        )
        for user, in_portal, _ in people
    ]  # fmt: skip
    Notification.objects.bulk_create(rows)
    shown = [row.recipient_id for row in rows if row.in_portal]
    User.objects.filter(pk__in=shown).update(unread_notifications=F("unread_notifications") + 1)
    by_mail = [row for row, (user, _, by_mail) in zip(rows, people, strict=True) if by_mail and user.email]
    mails = Mail.objects.bulk_create([_mail(row, news, now) for row in by_mail])
    send_after_commit([mail.pk for mail in mails])
    return len(rows)


def _locked(pks: set[int], news: News) -> Sequence[tuple[User, bool, bool]]:
    """Lock those who are to be told; return them with whether they want it in the portal and by e-mail.

    In one order, so that two changes that tell the same people do not wait for each other; before looking for the
    key, so that of two at once the second one finds it.
    """
    wish = FilteredRelation("notification_choices", condition=Q(notification_choices__kind=news.kind))
    found = (
        User.objects.filter(pk__in=pks, is_active=True)
        .annotate(wish=wish, by_portal=F("wish__portal"), by_mail=F("wish__email"))
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )
    people = [(user, user.by_portal is not False, user.by_mail is not False) for user in found]  # None: not chosen
    people = [person for person in people if any(person[1:])]
    if not news.key:
        return people
    told = Notification.objects.filter(key=news.key, recipient__in=pks).values_list("recipient", flat=True)
    already = set(told)
    return [person for person in people if person[0].pk not in already]


def _mail(row: Notification, news: News, now: datetime) -> Mail:
    context = {
        "notification": row,
        "link": absolute(row.url),
        "lines": [(one_line(text), absolute(url)) for text, url in news.lines],
        "choices": absolute(reverse("notification-choices")),
    }
    template = "digest" if news.lines else "notification"
    body = render_to_string(f"accounts/mail/{template}.txt", context)
    return Mail(
        notification=row, to=row.recipient.email, subject=f"[Portal ZI] {row.subject}", body=body, created_at=now,
        next_try_at=now,
    )  # fmt: skip


def absolute(path: str) -> str:
    """Return a path of the portal with its address, as far as the installation knows it."""
    return f"{getattr(settings, 'PORTAL_URL', '').rstrip('/')}{path}" if path else ""


@transaction.atomic
def mark_read(*, user: User, notification: Notification | None = None) -> int:
    """Mark one notification of a person, or all, as read; return how many were unread."""
    _lock(user)
    rows = Notification.objects.unread().filter(recipient=user)
    done = (rows.filter(pk=notification.pk) if notification else rows).update(read_at=timezone.now())
    left = Greatest(F("unread_notifications") - done, 0) if notification else 0
    User.objects.filter(pk=user.pk).update(unread_notifications=left)
    return done


@transaction.atomic
def recount(*, user: User) -> int:
    """Put the count beside the bell right, in the database and on `user`; return it."""
    _lock(user)
    user.unread_notifications = unread_of(user)
    User.objects.filter(pk=user.pk).update(unread_notifications=user.unread_notifications)
    return user.unread_notifications


def hold(users: Iterable[int]) -> None:
    """Let nobody else tell these people something until the transaction ends.

    Whoever tells different people one after the other holds all of them first: always in one order, so that two
    such transactions wait for each other's end and never for each other.
    """
    rows = User.objects.filter(pk__in=set(users)).select_for_update(no_key=True)
    list(rows.order_by("pk").values_list("pk"))


def _lock(user: User) -> None:
    """Let nobody tell this person something while their count changes."""
    hold([user.pk])


def choose(*, user: User, wishes: dict[str, tuple[bool, bool]]) -> None:
    """Keep what a person wants of each kind: in the portal, by e-mail."""
    Preference.objects.bulk_create(
        [Preference(user=user, kind=kind, portal=portal, email=email) for kind, (portal, email) in wishes.items()],
        update_conflicts=True,
        unique_fields=["user", "kind"],
        update_fields=["portal", "email"],
    )
