"""Evidence in the administration is there to look up; of all of it only a unit's quota can be set."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.groups import ADMIN_GROUP
from assessment.tests.factories import UserFactory, opened
from evidence.models import Attachment, Blob, Document, DocumentEvent, Library
from evidence.services.library import chain_problems, quota_of

from .factories import attachment, document

pytestmark = pytest.mark.django_db
MODELS = [Library, Document, Attachment, Blob, DocumentEvent]
FINDS = {
    Library: lambda row: row.unit.code,
    Document: lambda row: row.title,
    Attachment: lambda row: row.document.title,
    Blob: lambda row: row.sha256[5:25],
    DocumentEvent: lambda row: str(row.document),
}


def url(model, page="changelist", *args):
    return reverse(f"admin:evidence_{model._meta.model_name}_{page}", args=args)


@pytest.fixture
def admin(client):
    user = UserFactory(username="pengelola", is_staff=True)
    user.groups.add(Group.objects.get(name=ADMIN_GROUP))
    client.force_login(user)
    return client


@pytest.fixture
def held(assessment):
    document(assessment.unit, title="Tautan", url="https://contoh.go.id/a")
    return attachment(assessment)


def state():
    return [list(model.objects.order_by("pk").values()) for model in MODELS]


@pytest.mark.parametrize("model", MODELS)
def test_rows_are_listed_found_and_shown_in_indonesian(admin, held, model):
    row = model.objects.first()
    link = url(model, "change", row.pk)
    assert link in admin.get(url(model), {"q": FINDS[model](row)}).text
    assert link not in admin.get(url(model), {"q": "tidak-ada-sama-sekali"}).text
    shown = admin.get(url(model, "change", row.pk))
    assert shown.status_code == 200
    assert model._meta.verbose_name in shown.text.lower()


@pytest.mark.parametrize("model", MODELS)
def test_nothing_is_added_or_deleted(admin, held, model):
    row, before = model.objects.first(), state()
    assert admin.get(url(model, "add")).status_code == 403
    assert admin.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    data = {"action": "delete_selected", "_selected_action": [str(row.pk)], "post": "yes"}
    admin.post(url(model), data)
    assert state() == before


@pytest.mark.parametrize("model", [Document, Attachment, Blob, DocumentEvent])
def test_nothing_is_changed_by_anyone(admin, client, held, model):
    row, before = model.objects.first(), state()
    for user in (None, UserFactory(is_staff=True, is_superuser=True)):
        if user:
            client.force_login(user)
        assert 'name="_save"' not in client.get(url(model, "change", row.pk)).text
        assert client.post(url(model, "change", row.pk), {"title": "Lain", "verdict": "unfit"}).status_code == 403
    assert state() == before


def test_a_quota_is_set_and_nothing_else(admin, held):
    unit = held.assessment.unit
    before = Library.objects.get(pk=unit.pk)
    response = admin.post(
        url(Library, "change", unit.pk), {"quota_mib": "7", "event_count": "0", "event_head": "", "unit": "99"}
    )
    assert response.status_code == 302
    after = Library.objects.get(pk=unit.pk)
    assert quota_of(after) == 7 * 1024 * 1024
    assert (after.event_count, after.event_head) == (before.event_count, before.event_head)
    assert chain_problems(after) == []
    admin.post(url(Library, "change", unit.pk), {"quota_mib": ""})
    assert Library.objects.get(pk=unit.pk).quota_mib is None


def test_a_wrong_quota_is_refused(admin, held):
    for wrong in ("-1", "x", "9" * 30):
        response = admin.post(url(Library, "change", held.assessment.unit_id), {"quota_mib": wrong})
        assert response.status_code == 200, wrong
    assert Library.objects.get().quota_mib is None


def test_documents_added_while_the_form_was_open_stay_in_the_chain(admin, held):
    from evidence.admin import LibraryAdmin

    stale = Library.objects.get()
    document(held.assessment.unit)
    stale.quota_mib = 3
    LibraryAdmin(Library, None).save_model(None, stale, None, True)
    after = Library.objects.get()
    assert (after.quota_mib, after.event_count, chain_problems(after)) == (3, DocumentEvent.objects.count(), [])


@pytest.mark.parametrize("model", MODELS)
def test_lists_take_the_same_queries_for_few_and_many(admin, held, model):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            assert admin.get(url(model)).status_code == 200
        return len(seen)

    few = queries()
    for _ in range(3):
        attachment(opened())
    assert queries() == few


@pytest.mark.parametrize("model", MODELS)
def test_a_person_without_the_group_sees_nothing(client, held, model):
    client.force_login(UserFactory(is_staff=True))
    assert client.get(url(model)).status_code == 403
