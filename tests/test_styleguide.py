"""The style guide is there for developers, and only for them."""

import importlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, clear_url_caches, reverse
from pytest_django import DjangoAssertNumQueries, Settings

import zi_portal.urls
from tests.browser.test_every_page import WIDTHS, check


def reload_urls() -> None:
    importlib.reload(zi_portal.urls)
    clear_url_caches()


@pytest.fixture
def debug(settings: Settings) -> Iterator[None]:
    """Route what DEBUG routes."""
    settings.DEBUG = True
    reload_urls()
    yield
    settings.DEBUG = False
    reload_urls()


@pytest.mark.django_db
def test_styleguide_shows_every_state_of_a_card_without_a_query(
    client: Client, debug: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        response = client.get(reverse("styleguide"))
    assert response.status_code == 200
    text = response.text
    assert text.count('<article class="criterion') == 10
    for state in (
        "Tersimpan.",
        "Pilihan ini tidak ada pada kriteria ini.",
        "baru saja diubah Rekan kerja",
        "62,50%",
        "Penyebut nol: perlu penetapan TPI.",
        "tidak boleh lebih banyak",
        "Indeks harus antara 0 dan 4.",
        "Halaman 2 dari 3",
    ):
        assert state in text, state
    assert "style=" not in text


@pytest.mark.django_db
def test_styleguide_does_not_exist_outside_debug(client: Client) -> None:
    assert client.get("/styleguide/").status_code == 404
    with pytest.raises(NoReverseMatch):
        reverse("styleguide")


def test_every_component_is_accessible_at_every_width(live_server: Any, page: Any, debug: None) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(live_server.url + reverse("styleguide"))
        check(page)
