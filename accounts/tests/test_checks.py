"""System checks of the accounts."""

import pytest

from accounts.checks import NO_PORTAL_URL, check_portal_url


@pytest.mark.parametrize(
    ("url", "found"),
    [("", [NO_PORTAL_URL]), ("zi.contoh.go.id", [NO_PORTAL_URL]), ("https://zi.contoh.go.id", [])],
)
def test_a_portal_that_does_not_know_its_address_is_reported(settings, url, found):
    settings.PORTAL_URL = url
    assert [message.id for message in check_portal_url()] == found
