"""People are told and mails are sent at the same moment, over real connections: each once, none lost, no error."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from threading import Barrier

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.db import connection, transaction

from accounts.models import User
from accounts.notifications import services
from accounts.notifications.models import Kind, Mail, Notification

from .factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS = 4
ROUNDS = 20


@pytest.fixture(autouse=True)
def only_send_mail_sends(settings):
    settings.NOTIFY_INLINE_MAILS = 0


def in_parallel(job):
    barrier = Barrier(WORKERS)

    def closing(number):
        try:
            barrier.wait(10)
            return job(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(closing, range(WORKERS)))


def tell(people, **more):
    data = {"kind": Kind.TRANSITION, "subject": "Diajukan", "text": "", "url": "/penilaian/"} | more
    return services.notify(recipients=people, **data)


def test_senders_at_the_same_time_send_each_mail_once():
    addresses = {f"x{n}@contoh.go.id" for n in range(30)}
    tell([UserFactory(email=address) for address in addresses])

    def job(_):
        out = StringIO()
        call_command("send_mail", stdout=out)
        return int(out.getvalue().split()[0])

    assert sum(in_parallel(job)) == 30
    assert Counter(address for message in mail.outbox for address in message.to) == dict.fromkeys(addresses, 1)
    assert set(Mail.objects.values_list("attempts", flat=True)) == {1}
    assert not Mail.objects.unsent().exists()


def test_of_tellings_with_one_key_at_the_same_time_one_counts_and_none_fails():
    people = [UserFactory() for _ in range(5)]
    for key in ("a", "b", "c"):
        told = in_parallel(lambda number, key=key: tell(people[::-1] if number % 2 else people, key=key))
        assert sorted(told) == [0, 0, 0, 5]
    assert Notification.objects.count() == Mail.objects.count() == 15
    assert set(User.objects.values_list("unread_notifications", flat=True)) == {3}


def test_the_count_is_exact_when_some_tell_while_others_read():
    user = UserFactory()

    def job(number):
        if number % 2:
            return tell([user])
        return services.mark_read(user=user)

    for _ in range(ROUNDS):
        in_parallel(job)
        row = Notification.objects.unread().filter(recipient=user).first()
        assert row is None or services.mark_read(user=user, notification=row) == 1
        unread = Notification.objects.unread().filter(recipient=user).count()
        assert User.objects.get().unread_notifications == unread
    assert Notification.objects.count() == ROUNDS * WORKERS // 2


class Broken(EmailBackend):
    def send_messages(self, messages):
        raise OSError("451")


def test_a_change_stands_although_its_mail_cannot_be_sent(settings):
    settings.NOTIFY_INLINE_MAILS = 5
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    user = UserFactory()
    with transaction.atomic():
        tell([user])
        User.objects.filter(pk=user.pk).update(first_name="Nama baru")
    assert User.objects.get().first_name == "Nama baru"
    assert (Notification.objects.count(), Mail.objects.get().attempts, Mail.objects.get().sent_at) == (1, 1, None)


def test_a_transaction_that_is_undone_sends_nothing(settings):
    settings.NOTIFY_INLINE_MAILS = 5
    user = UserFactory()
    with pytest.raises(RuntimeError), transaction.atomic():
        tell([user])
        raise RuntimeError
    assert (Notification.objects.count(), Mail.objects.count(), mail.outbox) == (0, 0, [])
    tell([user])
    assert len(mail.outbox) == 1
