"""How many requests are served in a minute, counted where all workers see it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client

from accounts.tests.factories import UnitFactory
from reports.portalrb import rates
from reports.portalrb.models import AccessEntry, RateWindow
from reports.portalrb.rates import KEEP_LOG, address_key, spend

from .portalrb import bearer, token_for
from .test_portalrb_api import WBK, is_error

NOON = datetime(2026, 4, 1, 12, 0, 20, tzinfo=UTC)


@pytest.fixture
def clock(monkeypatch):
    """Stop the clock; return a function that moves it on."""
    now = [NOON]
    monkeypatch.setattr(rates.timezone, "now", lambda: now[0])
    return lambda **by: now.__setitem__(0, now[0] + timedelta(**by))


@pytest.mark.django_db
def test_the_limit_holds_until_the_minute_is_over(clock):
    assert [spend("a", 3).is_within for _ in range(5)] == [True, True, True, False, False]
    assert spend("b", 3).is_within
    assert spend("a", 3).seconds_left == 40
    clock(seconds=39)
    assert not spend("a", 3).is_within
    clock(seconds=1)
    assert [spend("a", 3).is_within for _ in range(4)] == [True, True, True, False]


@pytest.mark.django_db
def test_only_the_first_refusal_in_a_minute_is_marked(clock):
    assert [spend("a", 1).is_first_refusal for _ in range(4)] == [False, True, False, False]
    assert RateWindow.objects.get().used == 2


@pytest.mark.django_db
def test_a_worker_whose_clock_is_behind_counts_in_the_minute_that_runs(clock):
    clock(minutes=1)
    spend("a", 2)
    clock(minutes=-1)
    assert [spend("a", 2).is_within for _ in range(2)] == [True, False]


@pytest.mark.django_db
def test_what_nobody_needs_is_cleared_away(clock):
    spend("old", 3)
    AccessEntry.objects.create(at=NOON - KEEP_LOG - timedelta(seconds=1), what="other", status=404)
    kept = AccessEntry.objects.create(at=NOON - KEEP_LOG + timedelta(hours=3), what="other", status=404)
    clock(minutes=60)
    spend("new", 3)
    assert set(RateWindow.objects.values_list("key", flat=True)) == {"old", "new"}
    clock(minutes=1)
    spend("newer", 3)
    assert set(RateWindow.objects.values_list("key", flat=True)) == {"new", "newer"}
    assert list(AccessEntry.objects.all()) == [kept]


@pytest.mark.django_db
def test_who_comes_second_in_a_new_count_is_within_it_too(clock, monkeypatch):
    def somebody_else(key, minute, now):
        RateWindow.objects.create(key=key, minute=minute, used=1)
        return False

    monkeypatch.setattr(rates, "_began", somebody_else)
    assert spend("a", 2).is_within
    assert RateWindow.objects.get().used == 2


@pytest.mark.django_db(transaction=True)
def test_workers_share_one_count():
    def work(_):
        try:
            return spend("a", 10).is_within
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(work, range(24))) == 10


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.7", "address:192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "address:2001:0db8:0001:0002"),
        ("2001:db8:1:2:ffff::", "address:2001:0db8:0001:0002"),
        ("unknown", "address:?"),
        ("", "address:?"),
    ],
)
def test_callers_are_told_apart_by_address_or_network(address, key):
    assert address_key(address) == key


@pytest.mark.django_db
def test_a_token_used_too_often_waits(settings, clock):
    settings.PORTALRB_TOKEN_PER_MINUTE = 2
    row, secret = token_for(UnitFactory())
    _, other = token_for(row.agency, "Lain")
    answers = [Client().get(WBK, headers=bearer(secret)) for _ in range(4)]
    assert [r.status_code for r in answers] == [404, 404, 429, 429]
    assert is_error(answers[2], 429, "RATE_LIMIT_EXCEEDED")
    assert answers[2]["Retry-After"] == "40"
    assert Client().get(WBK, headers=bearer(other)).status_code == 404
    assert list(AccessEntry.objects.order_by("pk").values_list("status", flat=True)) == [404, 404, 429, 404]


@pytest.mark.django_db
def test_an_address_that_guesses_waits_and_fills_no_log(settings, clock):
    settings.PORTALRB_ADDRESS_PER_MINUTE = 2
    _, secret = token_for(UnitFactory())
    answers = [Client().get(WBK, headers=bearer("salah")).status_code for _ in range(4)]
    assert answers == [401, 401, 429, 429]
    assert is_error(Client().get(WBK, headers=bearer(secret)), 429, "RATE_LIMIT_EXCEEDED")
    assert Client(REMOTE_ADDR="192.0.2.9").get(WBK, headers=bearer(secret)).status_code == 404
    assert list(AccessEntry.objects.order_by("pk").values_list("status", flat=True)) == [401, 401, 429, 404]


@pytest.mark.django_db
def test_behind_a_proxy_the_callers_own_address_counts(settings, clock):
    settings.PORTALRB_ADDRESS_PER_MINUTE, settings.TRUSTED_PROXIES = 1, 1

    def status(forwarded):
        return Client().get(WBK, headers={"X-Forwarded-For": forwarded}).status_code

    assert [status("192.0.2.1"), status("192.0.2.2"), status("10.0.0.1, 192.0.2.1")] == [401, 401, 429]
    assert status("bukan alamat") == 401
    assert AccessEntry.objects.filter(address=None).count() == 1
