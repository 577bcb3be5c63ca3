"""The help: a guide for every role, links that open, pictures that exist and say what they show."""

import re
from html import unescape

import pytest
from django.conf import settings
from django.urls import reverse
from PIL import Image

from accounts.models import TPI_ROLES, Role
from accounts.tests.factories import UserFactory, member
from assessment.tests.factories import UnitFactory, opened, person
from portal.help import reading
from portal.help.context import TOPIC_OF_ROUTE
from portal.help.guides import GUIDE_OF, GUIDES, TOPICS
from portal.help.pictures import PICTURES
from tests.test_every_route import ROUTES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "instrument")]
TEXTS = settings.BASE_DIR / "templates" / "portal" / "help" / "topics"
SHOWN = settings.BASE_DIR / "static" / "help"
MOST_BYTES = 60_000


def hrefs(text):
    body = text.partition('<main id="isi"')[2].partition("</main>")[0]
    return {unescape(href) for href in re.findall(r'href="([^"]+)"', body)}


def reader(role, assessment):
    """Return somebody with a role; an admin may open the administration site too."""
    user = person(assessment, role)
    if role == Role.ADMIN:
        user.is_staff = True
        user.save()
    return user


def test_every_role_has_one_guide_with_subjects_that_exist():
    assert set(GUIDE_OF) == set(Role)
    assert len(GUIDES) == len(Role)
    for guide in GUIDES.values():
        assert set(guide.topics) <= set(TOPICS) and len(guide.topics) == len(set(guide.topics))
    assert {slug for guide in GUIDES.values() for slug in guide.topics} == set(TOPICS)
    assert {path.stem for path in TEXTS.glob("*.html")} == set(TOPICS)


@pytest.mark.parametrize("role", Role)
def test_every_link_in_every_guide_opens_for_everybody(client, role):
    """One's own guide leads to one's own pages; a guide of others names pages without leading there."""
    assessment = opened(state="review" if role in TPI_ROLES else "draft")
    client.force_login(reader(role, assessment))
    links = {reverse("portal:help"), reverse("portal:glossary")}
    for guide in GUIDES:
        links |= hrefs(client.get(reverse("portal:guide", args=[guide])).text)
    links |= hrefs(client.get(reverse("portal:help")).text)
    for link in sorted(links - {"#"}):
        path, _, anchor = link.partition("#")
        if not path:
            continue
        response = client.get(path, follow=True)
        assert response.status_code == 200, link
        assert not anchor or f'id="{anchor}"' in response.text, link


@pytest.mark.parametrize("role", Role)
def test_ones_own_guide_leads_to_ones_own_assessment(client, role):
    assessment = opened(state="review")
    opened(UnitFactory(code="A-LAIN"))
    client.force_login(reader(role, assessment))
    own = hrefs(client.get(reverse("portal:guide", args=[GUIDE_OF[role].slug])).text)
    assert any(f"/penilaian/2026/{assessment.unit.code}/" in href for href in own), role
    other = next(guide for guide in GUIDES.values() if guide.role != role)
    assert not any("/penilaian/2026/" in h for h in hrefs(client.get(reverse("portal:guide", args=[other.slug])).text))


def test_anchors_of_the_contents_are_on_the_page(client):
    client.force_login(UserFactory())
    for guide in GUIDES.values():
        text = client.get(reverse("portal:guide", args=[guide.slug])).text
        anchors = {href[1:] for href in hrefs(text) if href.startswith("#")}
        assert anchors == {topic.slug for topic in reading.topics_of(guide)}
        assert all(f'id="{anchor}"' in text for anchor in anchors)


def test_every_picture_exists_small_enough_is_used_and_says_what_it_shows():
    used = [name for path in TEXTS.glob("*.html") for name in re.findall(r'help_picture "([^"]+)"', path.read_text())]
    assert sorted(used) == sorted(PICTURES)
    assert {path.name for path in SHOWN.iterdir()} == {f"{name}.webp" for name in PICTURES}
    for name, picture in PICTURES.items():
        path = SHOWN / f"{name}.webp"
        assert path.stat().st_size < MOST_BYTES, name
        with Image.open(path) as image:
            assert (image.format, image.size) == ("WEBP", (picture.width, picture.height)), name
        assert 30 <= len(picture.alt) <= 160 and picture.alt.endswith("."), name
    assert len({picture.alt for picture in PICTURES.values()}) == len(PICTURES)


def test_a_guide_shows_its_pictures_with_their_texts(client):
    client.force_login(UserFactory())
    text = client.get(reverse("portal:guide", args=["tim-unit"])).text
    images = re.findall(r"<img [^>]+>", text)
    assert images
    assert all(re.search(r'alt="[^"]{30,}"', image) and "width=" in image for image in images)
    assert 'src="/static/help/lembar-isian.webp"' in text


def test_the_start_shows_ones_own_guides_first(client):
    assessment = opened()
    user = person(assessment, Role.TPI_LEAD)
    client.force_login(user)
    text = client.get(reverse("portal:help")).text
    assert text.count("Panduan Anda: ") == 1 and "Panduan Anda: Ketua tim TPI" in text
    client.force_login(UserFactory())
    text = client.get(reverse("portal:help")).text
    assert "Panduan Anda" not in text and "Anda belum mempunyai peran" in text
    assert all(reverse("portal:guide", args=[slug]) in text for slug in GUIDES)


@pytest.mark.parametrize("name", ["guide", "topic", "term"])
@pytest.mark.parametrize("slug", ["tidak-ada", "x" * 300])
def test_unknown_help_is_not_found(client, name, slug):
    client.force_login(UserFactory())
    assert client.get(reverse(f"portal:{name}", args=[slug])).status_code == 404


def test_a_subject_leads_to_the_guide_of_ones_own_role(client):
    assessment = opened()
    for role, guide in ((Role.TPI_LEAD, "ketua-tim-tpi"), (Role.PRELIM, "penilai-pendahuluan")):
        client.force_login(person(assessment, role))
        response = client.get(reverse("portal:topic", args=["menilai"]))
        assert response.url == reverse("portal:guide", args=[guide]) + "#menilai"


def test_subjects_of_features_that_are_not_installed_are_left_out(client, monkeypatch):
    monkeypatch.setattr(reading, "has_route", lambda name: False)
    client.force_login(member(opened().unit))
    text = client.get(reverse("portal:guide", args=["tim-unit"])).text
    assert 'id="mengisi"' in text and 'id="rencana-aksi"' not in text
    assert client.get(reverse("portal:topic", args=["rencana-aksi"])).status_code == 404
    found = client.get(reverse("portal:search"), {"q": "rencana aksi penanggung jawab", "jenis": "bantuan"})
    assert not any("rencana-aksi" in hit.url for hit in found.context["shown"][0].hits)


def test_subjects_of_features_that_are_installed_appear(client, monkeypatch):
    monkeypatch.setattr(reading, "has_route", lambda name: True)
    client.force_login(member(opened().unit))
    assert 'id="rencana-aksi"' in client.get(reverse("portal:guide", args=["tim-unit"])).text


def test_every_subject_exists_here():
    """A route that is renamed would hide its subject silently."""
    assert [topic.slug for topic in TOPICS.values() if not reading.exists(topic)] == []


def test_routes_are_known_by_their_names():
    assert reading.has_route("portal:help")
    assert not reading.has_route("portal:tidak-ada") and not reading.has_route("tidak-ada:help")


def test_every_page_that_names_a_subject_of_the_help_exists(client):
    assert set(TOPIC_OF_ROUTE) <= set(ROUTES)
    assert set(TOPIC_OF_ROUTE.values()) <= set(TOPICS)
    assessment = opened()
    client.force_login(member(assessment.unit))
    text = client.get(assessment.get_absolute_url()).text
    assert f'href="{reverse("portal:topic", args=["membaca-nilai"])}">Bantuan tentang halaman ini' in text
    assert "Bantuan tentang halaman ini" not in client.get(reverse("portal:help")).text


def test_guides_cost_the_same_queries_however_many_units_there_are(client, django_assert_num_queries):
    above = UnitFactory()
    client.force_login(member(above, Role.ADMIN))
    for _ in range(2):
        opened(UnitFactory(parent=above))
        with django_assert_num_queries(6):
            client.get(reverse("portal:guide", args=["admin"]))


def test_the_search_finds_help_by_title_and_by_text(client):
    client.force_login(UserFactory())
    section = client.get(reverse("portal:search"), {"q": "SPTJM", "jenis": "bantuan"}).context["shown"][0]
    assert section.hits[0].url == reverse("portal:glossary") + "#sptjm"
    assert any(hit.url.endswith("#mengajukan") for hit in section.hits)
    assert not any("<" in str(hit.excerpt).replace("<mark>", "").replace("</mark>", "") for hit in section.hits)
