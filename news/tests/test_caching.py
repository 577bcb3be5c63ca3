"""Public pages may be kept by caches; what is shown to somebody signed in never is."""

import gzip

import pytest
from django.urls import reverse

from accounts.tests.factories import UserFactory
from news.tests.factories import made_picture, post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("instrument")]
PAGES = ("landing", "folder", "units", "posts", "rss", "sitemap", "robots")


@pytest.mark.parametrize("name", PAGES)
def test_visitors_get_what_caches_may_keep_and_ask_again_for(client, name):
    response = client.get(reverse(f"news:{name}"))
    assert response["Cache-Control"] == "public, max-age=60"
    assert "Cookie" in response["Vary"]
    assert not response.cookies
    again = client.get(reverse(f"news:{name}"), headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == response["ETag"]
    assert "Cookie" in again["Vary"]


@pytest.mark.parametrize("name", PAGES)
def test_no_cache_keeps_what_somebody_signed_in_is_shown(client, name):
    client.force_login(UserFactory(first_name="Pengguna Rahasia"))
    response = client.get(reverse(f"news:{name}"), headers={"Accept-Encoding": "gzip"})
    assert response["Cache-Control"] == "private, no-cache"
    assert "Cookie" in response["Vary"]
    assert not response.has_header("Content-Encoding")


def test_a_message_or_an_ended_session_keeps_a_page_out_of_caches(client):
    for name in ("messages", "sessionid"):
        client.cookies[name] = "x"
        assert client.get("/")["Cache-Control"] == "private, no-cache"
        client.cookies.clear()


def test_a_change_is_another_page(client):
    before = client.get("/berita/")
    post(title="Baru")
    after = client.get("/berita/", headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert "Baru" in after.text


def test_visitors_pages_are_compressed_and_still_recognised(client):
    plain = client.get("/")
    packed = client.get("/", headers={"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content).decode() == plain.text
    assert {"Cookie", "Accept-Encoding"} <= {name.strip() for name in packed["Vary"].split(",")}
    headers = {"Accept-Encoding": "gzip", "If-None-Match": packed["ETag"]}
    assert client.get("/", headers=headers).status_code == 304


def test_visitors_pages_hold_no_token(client):
    assert "csrfmiddlewaretoken" not in client.get("/").text


def test_pictures_are_kept_for_a_day(client):
    made = post(picture=made_picture())
    url = reverse("news:picture", args=[made.picture_id, "w400"])
    response = client.get(url, headers={"Accept-Encoding": "gzip"})
    assert response["Cache-Control"] == "public, max-age=86400"
    assert not response.has_header("Content-Encoding")
    assert client.get(url, headers={"If-None-Match": response["ETag"]}).status_code == 304


def test_visitors_cost_no_query_for_a_session(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/robots.txt").status_code == 200
