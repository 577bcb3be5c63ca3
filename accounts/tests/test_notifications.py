from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.notifications import sending, services
from accounts.notifications.models import Kind, Mail, Notification, Preference
from accounts.notifications.sending import prune, send_due
from accounts.notifications.services import Reminder, notify, remind

from .factories import UserFactory

pytestmark = pytest.mark.django_db


class Broken(EmailBackend):
    """A mail server that takes nothing."""

    def send_messages(self, messages):
        raise OSError("451 mailbox\nunavailable")


@pytest.fixture
def broken(settings):
    settings.EMAIL_BACKEND = f"{__name__}.Broken"


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def tell(*people, **more):
    data = {"kind": Kind.TRANSITION, "subject": "Diajukan", "text": "Status berubah.", "url": "/penilaian/"} | more
    return notify(recipients=people, **data)


def unread(user):
    return User.objects.get(pk=user.pk).unread_notifications


def test_people_are_told_in_the_portal_and_by_mail_after_the_commit(committed, settings):
    settings.PORTAL_URL = "https://zi.contoh.go.id/"
    user = UserFactory(email="a@contoh.go.id")
    with committed():
        assert tell(user, user) == 1
        assert mail.outbox == []
    row = Notification.objects.get()
    assert (row.recipient, row.kind, row.subject, row.url, row.read_at) == (
        user,
        "transition",
        "Diajukan",
        "/penilaian/",
        None,
    )
    (message,) = mail.outbox
    assert (message.to, message.subject) == (["a@contoh.go.id"], "[Portal ZI] Diajukan")
    assert "https://zi.contoh.go.id/penilaian/" in message.body
    assert "Status berubah." in message.body
    assert Mail.objects.get().sent_at is not None
    assert unread(user) == 1


def test_a_rolled_back_change_tells_nobody(committed):
    user = UserFactory(email="a@contoh.go.id")
    with committed(), pytest.raises(RuntimeError), transaction.atomic():
        tell(user)
        raise RuntimeError
    assert (Notification.objects.count(), Mail.objects.count(), len(mail.outbox), unread(user)) == (0, 0, 0, 0)


def test_inactive_people_and_people_without_an_address(committed):
    with committed():
        assert tell(UserFactory(is_active=False), UserFactory(email="")) == 1
    assert (Notification.objects.count(), Mail.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    ("portal", "email", "shown", "mailed"),
    [(True, True, 1, 1), (True, False, 1, 0), (False, True, 0, 1), (False, False, 0, 0)],
)
def test_each_person_chooses(committed, portal, email, shown, mailed):
    user = UserFactory(email="a@contoh.go.id")
    services.choose(user=user, wishes={Kind.TRANSITION: (portal, email)})
    with committed():
        assert tell(user) == (shown or mailed)
        tell(user, kind=Kind.RETURN)
    assert Notification.objects.count() == 1 + (shown or mailed)
    assert unread(user) == shown + 1
    assert len(mail.outbox) == mailed + 1


def test_a_key_is_told_once(committed):
    one, two = UserFactory(), UserFactory()
    assert tell(one, key="a") == 1
    assert tell(one, two, key="a") == 1
    assert tell(one, key="b") == 1
    assert tell(one) == tell(one) == 1
    assert Notification.objects.filter(recipient=one).count() == 4


@pytest.mark.parametrize("url", ["https://jahat.example/", "//jahat.example", "javascript:alert(1)", "penilaian/"])
def test_a_link_out_of_the_portal_is_refused(url):
    with pytest.raises(ValidationError):
        tell(UserFactory(), url=url)
    assert not Notification.objects.exists()


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValidationError):
        tell(UserFactory(), kind="lain")


def test_a_subject_never_becomes_a_header(committed):
    with committed():
        tell(UserFactory(email="a@contoh.go.id"), subject="Halo\r\nBcc: b@contoh.go.id")
    assert mail.outbox[0].subject == "[Portal ZI] Halo Bcc: b@contoh.go.id"
    assert mail.outbox[0].recipients() == ["a@contoh.go.id"]


def test_a_mail_server_that_is_away_breaks_nothing_and_is_tried_again(committed, broken, settings):
    user = UserFactory(email="a@contoh.go.id")
    with committed():
        assert tell(user) == 1
    row = Mail.objects.get()
    assert (row.sent_at, row.attempts, row.last_error) == (None, 1, "OSError: 451 mailbox unavailable")
    assert row.next_try_at > timezone.now()
    assert send_due() == 0  # not due yet
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert send_due(now=timezone.now() + timedelta(minutes=2)) == 1
    assert len(mail.outbox) == 1
    assert send_due(now=timezone.now() + timedelta(days=1)) == 0


def test_waits_grow_and_end_after_a_week(broken):
    user = UserFactory(email="a@contoh.go.id")
    tell(user)
    start = now = Mail.objects.get().created_at
    waits = []
    while not Mail.objects.get().given_up_at:
        send_due(now=now)
        waits.append(Mail.objects.get().next_try_at - now)
        now = Mail.objects.get().next_try_at
        assert now - start < timedelta(days=9)
    assert [int(w.total_seconds() // 60) for w in waits[:7]] == [1, 5, 15, 60, 240, 1440, 1440]
    assert send_due(now=now + timedelta(days=30)) == 0


def test_one_bad_address_does_not_hold_up_the_others(settings):
    settings.EMAIL_BACKEND = f"{__name__}.Picky"
    for address in ("buruk@contoh.go.id", "baik@contoh.go.id"):
        tell(UserFactory(email=address))
    assert send_due() == 1
    assert [m.to for m in mail.outbox] == [["baik@contoh.go.id"]]


class Picky(EmailBackend):
    def send_messages(self, messages):
        if "buruk@contoh.go.id" in messages[0].to:
            raise OSError("550")
        return super().send_messages(messages)


def test_many_people_are_told_with_as_few_queries_as_one(django_assert_num_queries, committed):
    counts = []
    for many in (1, 30):
        people = [UserFactory(email=f"x{many}-{n}@contoh.go.id") for n in range(many)]
        with django_assert_num_queries(6):  # savepoint, choices, two inserts, the bell, savepoint
            counts.append(tell(*people))
    assert counts == [1, 30]


def test_only_some_mails_are_tried_at_once(committed, settings):
    settings.NOTIFY_INLINE_MAILS = 2
    with committed():
        tell(*[UserFactory(email=f"x{n}@contoh.go.id") for n in range(5)])
    assert len(mail.outbox) == 2
    call_command("send_mail")
    assert len(mail.outbox) == 5


def test_a_mail_is_claimed_before_it_is_sent(monkeypatch):
    """A second sender that read the same row before the first one moved it does not have it."""
    tell(UserFactory(email="a@contoh.go.id"))
    row = Mail.objects.get()
    now = timezone.now()
    assert sending._claim(row, now) is True
    assert sending._claim(row, now) is False


class Away(EmailBackend):
    """A mail server that nobody reaches."""

    calls = 0

    def open(self):
        type(self).calls += 1
        raise ConnectionRefusedError("no route")


@pytest.fixture
def away(settings, monkeypatch):
    monkeypatch.setattr(Away, "calls", 0)
    settings.EMAIL_BACKEND = f"{__name__}.Away"
    return Away


def test_a_server_that_is_away_is_asked_once_and_the_other_mails_keep_their_turn(committed, away, settings):
    people = [UserFactory() for _ in range(4)]
    with committed():
        tell(*people)
    assert away.calls == 1
    assert sorted(Mail.objects.values_list("attempts", flat=True)) == [0, 0, 0, 1]
    assert Mail.objects.get(attempts=1).last_error == f"{sending.UNREACHABLE}: ConnectionRefusedError: no route"
    with committed():
        tell(*people)
    assert away.calls == 1  # nobody waits for it again so soon
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert send_due(now=timezone.now() + timedelta(minutes=2)) == 8


class Dropping(EmailBackend):
    """A mail server that breaks the connection at the first mail."""

    connections = 0
    is_broken = False

    def open(self):
        type(self).connections += not self.is_open
        self.is_open = True

    def close(self):
        self.is_open, self.is_broken = False, False

    is_open = False

    def send_messages(self, messages):
        if type(self).connections == 1:
            self.is_broken = True
        if self.is_broken:
            raise OSError("connection lost")
        return super().send_messages(messages)


def test_a_connection_that_broke_is_opened_anew(settings, monkeypatch):
    monkeypatch.setattr(Dropping, "connections", 0)
    settings.EMAIL_BACKEND = f"{__name__}.Dropping"
    tell(*[UserFactory() for _ in range(3)])
    assert send_due() == 2
    assert Dropping.connections == 2


def test_many_calls_in_one_transaction_try_only_some_mails_together(committed):
    with committed():
        for _ in range(12):
            tell(UserFactory())
    assert len(mail.outbox) == 5
    with committed():
        tell(UserFactory())
    assert len(mail.outbox) == 6


def test_a_slow_server_holds_nobody_up_for_long(committed, monkeypatch):
    ticks = iter(range(0, 1000, 3))
    monkeypatch.setattr(sending, "monotonic", lambda: next(ticks))
    with committed():
        tell(*[UserFactory() for _ in range(3)])
        tell(*[UserFactory() for _ in range(3)])
    assert len(mail.outbox) == 1
    assert Mail.objects.filter(attempts=0, sent_at=None).count() == 5


@pytest.mark.parametrize("most", [0, -1])
def test_no_mail_is_tried_at_once_where_the_installation_says_so(committed, settings, most):
    settings.NOTIFY_INLINE_MAILS = most
    with committed():
        tell(UserFactory(), UserFactory())
    assert (len(mail.outbox), send_due(), len(mail.outbox)) == (0, 2, 2)


def test_even_a_wrong_setting_breaks_no_change(committed, settings):
    settings.EMAIL_BACKEND = "tidak.ada.Backend"
    with committed():
        assert tell(UserFactory()) == 1
    assert Mail.objects.unsent().count() == 1


def test_a_mail_that_is_sent_again_is_known_by_its_id(settings):
    settings.DEFAULT_FROM_EMAIL = "Portal ZI <zi@contoh.go.id>"
    tell(UserFactory())
    send_due()
    Mail.objects.update(sent_at=None, next_try_at=timezone.now())
    send_due()
    ids = {message.extra_headers["Message-ID"] for message in mail.outbox}
    assert (len(mail.outbox), len(ids)) == (2, 1)
    assert ids.pop().endswith("@contoh.go.id>")
    assert mail.outbox[0].extra_headers["Auto-Submitted"] == "auto-generated"


def test_who_became_inactive_or_changed_the_address_meanwhile_is_read_afresh():
    left, moved = UserFactory(), UserFactory()
    User.objects.filter(pk=left.pk).update(is_active=False)
    User.objects.filter(pk=moved.pk).update(email="baru@contoh.go.id")
    assert tell(left, moved) == 1
    assert Mail.objects.get().to == "baru@contoh.go.id"


@pytest.mark.parametrize("more", [{"url": "/" + "x" * 300}, {"key": "k" * 121}])
def test_what_a_row_cannot_hold_is_refused(more):
    with pytest.raises(ValidationError):
        tell(UserFactory(), **more)
    assert not Notification.objects.exists()


def test_long_words_are_cut():
    tell(UserFactory(), subject="s" * 200, text="t" * 2000)
    row = Notification.objects.get()
    assert (len(row.subject), len(row.text)) == (150, 1000)


def test_reminders_come_once_a_day():
    user = UserFactory(email="a@contoh.go.id")
    items = [Reminder(user, [("3 hari lagi", "/penilaian/"), ("1 hari lagi", "/tugas/")]), Reminder(UserFactory(), [])]
    assert [remind(items=items, today=day) for day in ("2026-05-28", "2026-05-28", "2026-05-29")] == [1, 0, 1]
    assert Notification.objects.first().text == "- 3 hari lagi\n- 1 hari lagi"
    assert remind(items=items) == 1
    assert Notification.objects.filter(key=f"digest:{timezone.localdate().isoformat()}").count() == 1


def test_a_digest_lists_every_line_with_its_link(committed, settings):
    settings.PORTAL_URL = "https://zi.contoh.go.id"
    lines = [("Unit A & B: 3 hari lagi", "/penilaian/2026/A/"), ("Lewat 2 hari", "/temuan/7/")]
    with committed():
        remind(items=[Reminder(UserFactory(first_name="Ketua tim"), lines)])
    body = mail.outbox[0].body
    assert body.startswith("Yth. Ketua tim,\n")
    for text, url in lines:
        assert f"- {text}\n  https://zi.contoh.go.id{url}\n" in body
    assert "https://zi.contoh.go.id/pemberitahuan/pilihan/" in body


def test_a_long_digest_is_whole_in_the_mail_and_counted_in_the_portal():
    lines = [(f"Tenggat nomor {n} dari unit kerja yang namanya panjang", "/penilaian/") for n in range(40)]
    remind(items=[Reminder(UserFactory(), lines)])
    row = Notification.objects.get()
    shown = row.text.splitlines()
    assert shown[-1] == f"dan {40 - len(shown) + 1} tenggat lain"
    assert shown[-2] == f"- Tenggat nomor {len(shown) - 2} dari unit kerja yang namanya panjang"
    assert 900 < len(row.text) <= 1000
    assert Mail.objects.get().body.count("Tenggat nomor") == 40


def test_reminders_with_a_link_out_of_the_portal_are_refused_before_anybody_is_told():
    items = [
        Reminder(UserFactory(), [("Baik", "/penilaian/")]),
        Reminder(UserFactory(), [("Baik", "/penilaian/"), ("Buruk", "//jahat.example")]),
    ]
    with pytest.raises(ValidationError):
        remind(items=items)
    assert not Notification.objects.exists()


# Pages


@pytest.fixture
def user(client):
    found = UserFactory(email="a@contoh.go.id")
    client.force_login(found)
    return found


def test_the_list_shows_what_is_new_and_opening_marks_it_read(client, user):
    tell(user, subject="Pertama")
    tell(user, subject="Kedua")
    text = client.get(reverse("notifications")).text
    assert text.index("Kedua") < text.index("Pertama")
    assert text.count(">Baru<") == 2
    first = Notification.objects.get(subject="Pertama")
    response = client.post(reverse("notification-read", args=[first.pk]))
    assert response.url == "/penilaian/"
    assert unread(user) == 1
    client.post(reverse("notification-read", args=[first.pk]))
    assert unread(user) == 1
    client.post(reverse("notifications-read-all"))
    assert unread(user) == 0
    assert not Notification.objects.filter(read_at=None).exists()


def test_somebody_elses_notification_is_not_there(client, user):
    other = UserFactory()
    tell(other)
    row = Notification.objects.get()
    assert client.post(reverse("notification-read", args=[row.pk])).status_code == 404
    client.post(reverse("notifications-read-all"))
    assert unread(other) == 1


def test_a_stored_link_out_of_the_portal_is_not_followed(client, user):
    tell(user)
    Notification.objects.update(url="//jahat.example")
    response = client.post(reverse("notification-read", args=[Notification.objects.get().pk]))
    assert response.url == reverse("notifications")


def test_the_bell_counts_without_a_query(client, user, django_assert_num_queries):
    for many in (1, 24):
        for _ in range(many):
            tell(user)
        client.get(reverse("notifications"))
        with django_assert_num_queries(5):  # session, user, unread, count, rows
            text = client.get(reverse("notifications")).text
    assert '>25<span class="visually-hidden"> belum dibaca' in text


def test_the_list_puts_a_wrong_count_right(client, user):
    tell(user)
    for wrong in (0, 7):
        User.objects.filter(pk=user.pk).update(unread_notifications=wrong)
        assert '>1<span class="visually-hidden"> belum dibaca' in client.get(reverse("notifications")).text
        assert unread(user) == 1


def test_what_was_told_by_mail_alone_is_not_in_the_list(client, user):
    services.choose(user=user, wishes={Kind.TRANSITION: (False, True)})
    tell(user)
    assert "Belum ada pemberitahuan." in client.get(reverse("notifications")).text
    row = Notification.objects.get()
    assert client.post(reverse("notification-read", args=[row.pk])).status_code == 404


def test_reading_writes_nothing(client, user):
    tell(user)
    row = Notification.objects.get()
    assert client.get(reverse("notification-read", args=[row.pk])).status_code == 405
    for name in ("notifications", "notification-choices"):
        assert client.get(reverse(name)).status_code == 200
    row.refresh_from_db()
    assert (row.read_at, unread(user), Preference.objects.count()) == (None, 1, 0)


def test_the_list_has_pages(client, user):
    for n in range(26):
        tell(user, subject=f"Hal ke-{n}.")
    first, second = (client.get(reverse("notifications"), {"hal": hal}).text for hal in (1, 2))
    assert ("Hal ke-25." in first, "Hal ke-0." in first, "Hal ke-0." in second) == (True, False, True)


def test_what_people_wrote_is_shown_as_text(client, user):
    tell(user, subject="<b>tebal</b>", text="<script>x</script>")
    text = client.get(reverse("notifications")).text
    assert "&lt;b&gt;tebal&lt;/b&gt;" in text
    assert "<script>x" not in text


def test_choices_are_kept(client, user):
    page = client.get(reverse("notification-choices")).text
    assert page.count(" checked") == 2 * len(Kind)
    response = client.post(reverse("notification-choices-save"), {"return-portal": "on", "finding-surel": "on"})
    assert response.status_code == 302
    stored = {p.kind: (p.portal, p.email) for p in Preference.objects.filter(user=user)}
    assert stored == {kind: (kind == "return", kind == "finding") for kind in Kind.values}
    assert client.get(reverse("notification-choices")).text.count(" checked") == 2
    client.post(reverse("notification-choices-save"), {"return-surel": "on"})
    row = Preference.objects.get(user=user, kind="return")
    assert (row.portal, row.email, Preference.objects.count()) == (False, True, len(Kind))


def test_a_person_written_back_whole_does_not_bring_an_old_count_back():
    user = UserFactory()
    before = User.objects.get(pk=user.pk)
    notify(recipients=[user], kind=Kind.TRANSITION, subject="Diajukan", text="", url="/penilaian/")
    before.first_name = "Nama baru"
    before.save()
    stored = User.objects.get(pk=user.pk)
    assert (stored.first_name, stored.unread_notifications) == ("Nama baru", 1)
    partly = User.objects.defer("email").get(pk=user.pk)
    partly.first_name = "Sekali lagi"
    partly.save()
    assert User.objects.get(pk=user.pk).first_name == "Sekali lagi"


def test_mails_that_are_done_are_cleared_after_a_while_and_the_others_stay():
    now = timezone.now()
    user = UserFactory(email="a@contoh.go.id")
    for days in (1, 91):
        for _ in range(3):
            notify(recipients=[user], kind=Kind.TRANSITION, subject=f"{days} hari", text="", url="/penilaian/")
        sent, given_up, waiting = Mail.objects.filter(subject__contains=f"{days} hari").order_by("pk")
        then = now - timedelta(days=days)
        Mail.objects.filter(pk=sent.pk).update(sent_at=then)
        Mail.objects.filter(pk=given_up.pk).update(given_up_at=then)
        Mail.objects.filter(pk=waiting.pk).update(created_at=then)
    assert prune(now=now) == 2
    assert Mail.objects.filter(subject__contains="91 hari").get().sent_at is None
    assert Mail.objects.count() == 4
    assert Notification.objects.count() == 6
