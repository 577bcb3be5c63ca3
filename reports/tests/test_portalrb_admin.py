"""Making and revoking tokens in the admin site, and looking at the log."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.groups import ADMIN_GROUP
from accounts.tests.factories import UnitFactory, UserFactory
from assessment.models import Period
from assessment.tests.factories import PeriodFactory
from reports.models import AccessEntry, ApiToken

from .portalrb import bearer, token_for
from .test_portalrb_api import WBK

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    user = UserFactory(is_staff=True)
    user.groups.add(Group.objects.get(name=ADMIN_GROUP))
    return user


@pytest.fixture
def admin(client, person):
    client.force_login(person)
    return client


def url(model: str, page: str, *args: object) -> str:
    return reverse(f"admin:reports_{model}_{page}", args=args)


def test_a_token_is_shown_once_and_works(admin, person):
    agency = UnitFactory(name="Pemerintah Daerah Contoh")
    response = admin.post(url("apitoken", "add"), {"name": "PortalRB 2026", "agency": agency.pk})
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    secret = re.search(r">(prb_[\w-]{43})<", response.text)[1]
    row = ApiToken.objects.get()
    assert (row.name, row.agency, row.made_by, row.revoked_at, row.last_used_at) == (
        "PortalRB 2026", agency, person, None, None,
    )  # fmt: skip
    assert "http://testserver/api/portalrb" in response.text
    assert Client().get(WBK, headers=bearer(secret)).status_code == 404  # known, but nothing is proposed
    for page in (url("apitoken", "changelist"), url("apitoken", "change", row.pk), reverse("admin:index")):
        text = admin.get(page).text
        assert secret not in text
    assert row.prefix in admin.get(url("apitoken", "changelist")).text
    assert secret not in str(LogEntry.objects.values()) + str(dict(admin.session))


def test_only_the_top_of_an_agency_gets_a_token(admin):
    below = UnitFactory(parent=UnitFactory())
    response = admin.post(url("apitoken", "add"), {"name": "PortalRB", "agency": below.pk})
    assert "Pilih pilihan yang valid" in response.text or "errorlist" in response.text
    assert not ApiToken.objects.exists()


def test_a_token_needs_a_name(admin):
    response = admin.post(url("apitoken", "add"), {"name": "a", "agency": UnitFactory().pk})
    assert "errorlist" in response.text
    assert not ApiToken.objects.exists()


def revoke(admin, *rows):
    data = {"action": "revoke", "_selected_action": [row.pk for row in rows]}
    return admin.post(url("apitoken", "changelist"), data, follow=True)


def test_tokens_are_revoked_by_an_action(admin, person):
    (one, secret), (two, other) = token_for(UnitFactory()), token_for(UnitFactory(), "Kedua")
    assert "1 token dicabut." in revoke(admin, one).text
    one.refresh_from_db()
    assert (one.revoked_by, one.is_revoked) == (person, True)
    assert Client().get(WBK, headers=bearer(secret)).status_code == 401
    assert Client().get(WBK, headers=bearer(other)).status_code == 404
    assert LogEntry.objects.get().object_id == str(one.pk)
    before = one.revoked_at
    assert "sudah dicabut sebelumnya" in revoke(admin, one).text
    one.refresh_from_db()
    assert one.revoked_at == before
    two.refresh_from_db()
    assert two.revoked_at is None


def test_a_token_is_never_changed_or_deleted(admin):
    row, _ = token_for(UnitFactory())
    page = admin.get(url("apitoken", "change", row.pk))
    assert page.status_code == 200
    assert row.prefix in page.text
    assert row.digest not in page.text
    assert admin.post(url("apitoken", "change", row.pk), {"name": "Lain", "agency": row.agency_id}).status_code == 403
    assert admin.post(url("apitoken", "delete", row.pk), {"post": "yes"}).status_code == 403
    assert ApiToken.objects.get().name == row.name


def test_the_log_is_only_looked_at(admin):
    entry = AccessEntry.objects.create(at=timezone.now(), what="answers", status=200, address="192.0.2.1")
    assert "192.0.2.1" in admin.get(url("accessentry", "changelist")).text
    assert admin.get(url("accessentry", "change", entry.pk)).status_code == 200
    assert admin.post(url("accessentry", "change", entry.pk), {"status": "404"}).status_code == 403
    assert admin.get(url("accessentry", "add")).status_code == 403
    assert admin.post(url("accessentry", "delete", entry.pk), {"post": "yes"}).status_code == 403
    assert AccessEntry.objects.get().status == 200


def test_staff_without_the_right_sees_neither(client):
    client.force_login(UserFactory(is_staff=True))
    for model in ("apitoken", "accessentry"):
        assert client.get(url(model, "changelist")).status_code == 403
    assert client.post(url("apitoken", "add"), {"name": "PortalRB", "agency": UnitFactory().pk}).status_code == 403
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("count", [1, 4])
def test_lists_take_the_same_queries_for_any_number_of_rows(admin, django_assert_max_num_queries, count):
    for _ in range(count):
        row, _ = token_for(UnitFactory())
        AccessEntry.objects.create(at=timezone.now(), what="units-wbk", status=200, token=row)
    with django_assert_max_num_queries(8):
        assert admin.get(url("apitoken", "changelist")).text.count("field-shown_prefix") == count
    with django_assert_max_num_queries(11):
        assert admin.get(url("accessentry", "changelist")).status_code == 200


def test_a_revoked_token_says_by_whom():
    row, _ = token_for(UnitFactory())
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiToken.objects.filter(pk=row.pk).update(revoked_at=timezone.now())


def test_one_period_at_most_is_read_and_says_until_when(instrument):
    one, two = PeriodFactory(year=2026), PeriodFactory(year=2027)
    one.is_proposing = True
    with pytest.raises(ValidationError, match="Isi waktu pengusulan ditutup"):
        one.full_clean()
    one.proposal_closes = timezone.now() + timedelta(days=1)
    one.proposal_opens = one.proposal_closes
    with pytest.raises(ValidationError, match="Pengusulan harus dibuka sebelum ditutup"):
        one.full_clean()
    one.proposal_opens = None
    one.full_clean()
    one.save()
    two.is_proposing, two.proposal_closes = True, one.proposal_closes
    with pytest.raises(ValidationError, match="Periode lain sudah dibaca PortalRB"):
        two.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        two.save()
    two.is_proposing = False
    two.save()


def test_the_window_ends_to_the_second(instrument):
    now = timezone.now()
    period = Period(is_proposing=True, proposal_opens=now - timedelta(days=1), proposal_closes=now)
    assert period.is_open_for_proposals(now - timedelta(seconds=1))
    assert not period.is_open_for_proposals(now)
    assert period.is_open_for_proposals(period.proposal_opens)
    assert not period.is_open_for_proposals(period.proposal_opens - timedelta(seconds=1))
    period.is_proposing = False
    assert not period.is_open_for_proposals(now - timedelta(seconds=1))


def test_the_period_is_marked_in_the_admin_site(admin, instrument):
    period = PeriodFactory(year=2026)
    page = admin.get(reverse("admin:assessment_period_change", args=[period.pk]))
    assert "Pengusulan lewat PortalRB" in page.text
    assert 'name="is_proposing"' in page.text
    assert 'name="proposal_closes_0"' in page.text
