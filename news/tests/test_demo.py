"""The demo's public face."""

import pytest
from django.urls import reverse

from accounts.models import Role
from accounts.tests.factories import UnitFactory, UserFactory, member
from assessment.tests.factories import opened
from evidence.models import Document
from evidence.tests.factories import attachment
from news import demo
from news.models import Post, PublicEvent, SiteSettings, UnitProfile

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "instrument")]


@pytest.fixture
def agency():
    UserFactory(username="admin")
    for n in (1, 2, 3):
        member(UnitFactory(code=f"UNIT-0{n}", name=f"Dinas {n}"), Role.HEAD)
    assessment = opened(UnitFactory._meta.model.objects.get(code="UNIT-01"))
    for code in ("A.I.1.i.a", "A.I.1.i.b"):
        attachment(assessment, code)


def test_it_fills_every_public_page_and_nothing_that_is_nobodys(client, agency):
    assert demo.seed(year=2026) == 6
    assert (Post.objects.published().count(), Post.objects.filter(state="ready").count()) == (5, 1)
    assert Document.objects.published().count() == 1
    page = client.get("/").text
    for text in ("menolak korupsi", "WBK", "Maklumat pelayanan baru", "Whistle-Blowing System"):
        assert text in page
    unit = client.get(reverse("news:unit", args=["UNIT-01"])).text
    assert "Ketua Tim Kerja" in unit
    assert "Loket Sekali Datang" in unit


def test_repeating_it_changes_nothing_that_exists(agency):
    demo.seed(year=2026)
    SiteSettings.objects.update(statement="Kata kami")
    UnitProfile.objects.update(about="Kata kami")
    Document.objects.update(is_public=False)
    before = PublicEvent.objects.count()
    assert demo.seed(year=2026) == 0
    assert PublicEvent.objects.count() == before
    assert SiteSettings.objects.get().statement == "Kata kami"
    assert set(UnitProfile.objects.values_list("about", flat=True)) == {"Kata kami"}
    assert not Document.objects.published().exists()


def test_without_a_demo_agency_it_adds_nothing(db):
    assert demo.seed(year=2026) == 0
    assert not SiteSettings.objects.exists()
