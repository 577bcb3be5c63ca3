import pytest
from django.test import RequestFactory

from accounts.backends import UsernameOrEmailBackend, throttle_name
from accounts.http import client_ip

from .factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["adi", "ADI", " adi ", "adi@contoh.go.id", "Adi@Contoh.Go.Id"])
def test_username_and_address_sign_in_in_any_case(name):
    user = UserFactory(username="adi", password=PASSWORD)
    assert UsernameOrEmailBackend().authenticate(None, name, PASSWORD) == user


@pytest.mark.parametrize(
    ("name", "password"),
    [("adi", "salah"), ("budi", PASSWORD), ("", PASSWORD), ("adi", ""), (None, None), ("%", PASSWORD)],
)
def test_wrong_name_or_password_is_refused(name, password):
    UserFactory(username="adi", password=PASSWORD)
    assert UsernameOrEmailBackend().authenticate(None, name, password) is None


def test_inactive_user_is_refused():
    UserFactory(username="adi", password=PASSWORD, is_active=False)
    assert UsernameOrEmailBackend().authenticate(None, "adi", PASSWORD) is None


def test_users_without_address_are_not_found_by_an_empty_one():
    UserFactory(username="adi", email="", password=PASSWORD)
    assert UsernameOrEmailBackend().authenticate(None, " ", PASSWORD) is None


@pytest.mark.parametrize("name", ["ADI", "adi@contoh.go.id", " Adi "])
def test_failures_count_against_one_name_however_it_is_typed(name):
    UserFactory(username="Adi", email="adi@contoh.go.id")
    assert throttle_name(RequestFactory().post("/masuk/"), {"username": name}) == "adi"


def test_unknown_names_are_throttled_too():
    request = RequestFactory().post("/masuk/", {"username": "Siapa\0"})
    assert throttle_name(request, None) == "siapa"


@pytest.mark.parametrize(
    ("proxies", "header", "address"),
    [
        (0, "6.6.6.6", "10.0.0.1"),
        (1, None, "10.0.0.1"),
        (1, "203.0.113.5", "203.0.113.5"),
        (1, "6.6.6.6, 203.0.113.5", "203.0.113.5"),
        (2, "6.6.6.6, 203.0.113.5, 10.0.0.2", "203.0.113.5"),
        (3, "203.0.113.5", "203.0.113.5"),
    ],
)
def test_client_ip_believes_only_our_own_proxies(settings, proxies, header, address):
    settings.TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": header} if header else {}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR="10.0.0.1")
    assert client_ip(request) == address
