"""The settings of the public pages: one row, changed by admins; what was published is only looked at."""

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.groups import ADMIN_GROUP
from accounts.tests.factories import UserFactory
from news.models import SiteSettings
from news.tests.factories import post

pytestmark = pytest.mark.django_db
SETTINGS = {"agency_name": "Instansi Contoh", "statement": "Kami jujur"}


@pytest.fixture
def admin(client):
    user = UserFactory(is_staff=True)
    user.groups.add(Group.objects.get(name=ADMIN_GROUP))
    client.force_login(user)
    return client


def test_the_one_row_is_made_and_changed(admin):
    listed = reverse("admin:news_sitesettings_changelist")
    assert admin.get(listed).url == reverse("admin:news_sitesettings_add")
    assert admin.post(reverse("admin:news_sitesettings_add"), SETTINGS).status_code == 302
    change = reverse("admin:news_sitesettings_change", args=[1])
    assert admin.get(listed).url == change
    assert admin.post(change, SETTINGS | {"lapor_url": "https://www.lapor.go.id/"}).status_code == 302
    assert [row.lapor_url for row in SiteSettings.objects.all()] == ["https://www.lapor.go.id/"]
    assert admin.get(reverse("admin:news_sitesettings_add")).status_code == 403
    assert admin.post(reverse("admin:news_sitesettings_delete", args=[1])).status_code == 403


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://x.go.id/", "bukan alamat", "//x.go.id"])
def test_a_link_that_is_no_web_address_is_refused(admin, url):
    response = admin.post(reverse("admin:news_sitesettings_add"), SETTINGS | {"wbs_url": url})
    assert "Isi alamat yang diawali" in response.text
    assert not SiteSettings.objects.exists()


def test_there_is_never_a_second_row():
    SiteSettings.objects.create(agency_name="Satu")
    with pytest.raises(IntegrityError), transaction.atomic():
        SiteSettings.objects.bulk_create([SiteSettings(pk=2)])


def test_what_was_published_is_only_looked_at(admin):
    made = post()
    for name in ("post", "publicevent", "publishedscore", "unitprofile"):
        assert admin.get(reverse(f"admin:news_{name}_changelist")).status_code == 200
        assert admin.get(reverse(f"admin:news_{name}_add")).status_code == 403
    change = reverse("admin:news_post_change", args=[made.pk])
    assert admin.get(change).status_code == 200
    assert admin.post(change, {"title": "x"}).status_code == 403
    assert admin.post(reverse("admin:news_post_delete", args=[made.pk])).status_code == 403
