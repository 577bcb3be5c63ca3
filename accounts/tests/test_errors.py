"""The error pages: Indonesian, with a way back, and without English left."""

import pytest
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client

from .factories import UserFactory

pytestmark = pytest.mark.django_db
TITLES = {
    "400.html": "Permintaan tidak dapat dibaca",
    "403.html": "Anda tidak berhak membuka halaman ini",
    "403_csrf.html": "Formulir sudah kedaluwarsa",
    "404.html": "Halaman tidak ditemukan",
    "500.html": "Terjadi kesalahan di portal",
}


@pytest.mark.parametrize(("name", "title"), TITLES.items())
def test_error_page_says_what_happened_and_leads_back(name, title):
    standalone = name in {"400.html", "500.html"}
    text = render_to_string(name) if standalone else render_to_string(name, request=HttpRequest())
    assert title in text
    assert 'lang="id"' in text and 'href="/"' in text
    assert "style=" not in text and "<script>" not in text


def test_unknown_address(client, settings):
    settings.DEBUG = False
    client.force_login(UserFactory())
    response = client.get("/tidak-ada/")
    assert response.status_code == 404
    assert TITLES["404.html"] in response.text


def test_stale_form_is_refused_and_saves_nothing():
    client = Client(enforce_csrf_checks=True)
    user = UserFactory(first_name="Semula")
    client.force_login(user)
    response = client.post("/profil/", {"name": "Lain", "email": ""})
    assert response.status_code == 403
    assert "Tidak ada yang disimpan" in response.text
    user.refresh_from_db()
    assert user.first_name == "Semula"
