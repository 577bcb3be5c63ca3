"""What programs read keeps to its format."""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from accounts.tests.factories import UnitFactory
from news.tests.factories import post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("instrument")]
ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
HOST = "https://zi.instansi.go.id"


@pytest.fixture(autouse=True)
def address(settings):
    settings.PORTAL_URL = HOST


def parsed(client, path, content_type):
    response = client.get(path)
    assert response["Content-Type"] == f"{content_type}; charset=utf-8"
    return ElementTree.fromstring(response.content)  # noqa: S314  our own


def test_rss_has_what_rss_asks_for(client):
    made = post(title="Kabar & <b>", body="**Isi** <script>x</script>", area="5")
    post(state="draft", title="Draf")
    channel = parsed(client, "/berita/rss.xml", "application/rss+xml").find("channel")
    assert all(channel.findtext(name) for name in ("title", "link", "description", "language"))
    (item,) = channel.findall("item")
    assert item.findtext("title") == "Kabar & <b>"
    assert item.findtext("link") == f"{HOST}/berita/{made.slug}/"
    assert (item.find("guid").get("isPermaLink"), item.findtext("guid")) == ("false", f"urn:uuid:{made.pk}")
    assert parsedate_to_datetime(item.findtext("pubDate")) == made.published_at.replace(microsecond=0)
    assert item.findtext("category") == "Penguatan Pengawasan"


def test_atom_has_what_atom_asks_for(client):
    made = post(title="Kabar & <b>", body="**Isi** <script>x</script>")
    feed = parsed(client, "/berita/atom.xml", "application/atom+xml")
    assert all(feed.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated"))
    assert f"{HOST}/berita/atom.xml" in [link.get("href") for link in feed.findall(f"{ATOM}link")]
    (entry,) = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == f"urn:uuid:{made.pk}"
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == made.unit.name
    assert datetime.fromisoformat(entry.findtext(f"{ATOM}updated")).tzinfo
    summary = entry.find(f"{ATOM}summary")
    assert (summary.get("type"), summary.text) == ("html", made.summary)


@pytest.mark.parametrize("path", ["/berita/rss.xml", "/berita/atom.xml"])
def test_feeds_hold_the_newest_twenty_and_are_valid_when_empty(client, path):
    assert len(ElementTree.fromstring(client.get(path).content)) > 0  # noqa: S314
    unit, now = UnitFactory(), timezone.now()
    for n in range(21):
        post(unit, title=f"Kabar nomor {n:02}", at=now - timedelta(days=n + 1))
    text = client.get(path).text
    assert "Kabar nomor 19" in text
    assert "Kabar nomor 20" not in text


def test_the_sitemap_names_every_public_page_and_each_opens(client):
    made = post(UnitFactory(code="U-1"))
    post(state="draft", title="Draf")
    root = parsed(client, "/sitemap.xml", "application/xml")
    assert root.tag == f"{MAP}urlset"
    addresses = [url.findtext(f"{MAP}loc") for url in root.findall(f"{MAP}url")]
    assert len(addresses) == len(set(addresses))
    assert {f"{HOST}/", f"{HOST}/folder/6/", f"{HOST}/unit-kerja/U-1/", f"{HOST}/berita/{made.slug}/"} <= set(addresses)
    assert sum("/folder/" in a for a in addresses) == 1 + 6 + 45 + 113
    assert all(datetime.fromisoformat(m.text).tzinfo for m in root.iter(f"{MAP}lastmod"))
    for found in (*addresses[:12], *addresses[-4:]):
        assert client.get(found.removeprefix(HOST)).status_code == 200, found


def test_robots_are_let_into_the_public_pages_and_nowhere_else(client):
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert f"Sitemap: {HOST}/sitemap.xml" in response.text.splitlines()
    rules = RobotFileParser()
    rules.parse(response.text.splitlines())
    for path in ("/", "/folder/A.I.1.i/", "/unit-kerja/U-1/", "/berita/x/", "/publik/dokumen/1/"):
        assert rules.can_fetch("*", path), path
    for path in ("/admin/", "/penilaian/2026/U-1/", "/unit/U-1/dokumen/", "/redaksi/", "/masuk/"):
        assert not rules.can_fetch("*", path), path
