"""The page of one document: description, versions, uses, history, publishing, deleting, the check of a link."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from assessment.models import Assessment, Event
from assessment.tests.factories import UnitFactory, UserFactory, member, opened, person
from evidence import links
from evidence.links import LinkResult
from evidence.models import Attachment, Document, DocumentEvent, DocumentVersion
from evidence.services.attachments import detach, pin_versions
from evidence.services.documents import Content, Description, describe, replace_content, set_public
from evidence.storage.incoming import incoming_dir

from .factories import attachment, document, small_pdf, stored

pytestmark = pytest.mark.django_db
WRITES = {"describe": "edit", "replace": "edit", "delete": "edit", "check-link": "edit", "publish": "publish"}
ABOUT = {"title": "SK Tim Kerja Baru", "number": "800/9", "dated": "2026-03-01", "year": "2026", "revision": "1"}
LINK = "https://contoh.go.id/a"


def url(name, found, unit=None):
    return reverse(f"evidence:{name}", args=[(unit or found.unit).code, found.pk])


def page(client, found):
    response = client.get(url("document", found))
    assert response.status_code == 200
    return response.text


def post(client, name, found, follow=True, **data):
    return client.post(url(name, found), data, follow=follow)


def pdf_file(text="Isi baru", name="SK baru.pdf"):
    return SimpleUploadedFile(name, small_pdf(text))


def told(response):
    return [str(message) for message in response.context["messages"]]


def happened():
    return list(DocumentEvent.objects.order_by("pk").values_list("kind", flat=True))


@pytest.fixture
def found(assessment):
    return document(assessment.unit, content=small_pdf("Isi lama"))


@pytest.fixture
def team(client, assessment):
    user = member(assessment.unit)
    client.force_login(user)
    return user


@pytest.fixture
def head(client, assessment):
    user = member(assessment.unit, Role.HEAD)
    client.force_login(user)
    return user


# Who


@pytest.mark.parametrize(("role", "part"), [(Role.MEMBER, "Kepala unit yang dapat"), (Role.HEAD, "Jadikan publik")])
def test_the_team_has_the_forms_and_the_head_publishes(client, found, role, part):
    client.force_login(member(found.unit, role))
    text = page(client, found)
    for name in ("describe", "replace", "delete"):
        assert f'action="{url(name, found)}"' in text
    assert f"{reverse('evidence:bulk-attach', args=[found.unit.code])}?documents={found.pk}" in text
    assert part in text
    assert (f'action="{url("publish", found)}"' in text) is (role == Role.HEAD)


@pytest.mark.parametrize("role", [Role.TPI_MEMBER, Role.OBSERVER])
def test_a_reader_sees_an_attached_document_and_no_forms(client, assessment, found, role):
    client.force_login(person(assessment, role))
    assert client.get(url("document", found)).status_code == 404
    held = attachment(assessment, doc=found)
    text = page(client, found)
    assert "<dt>Tahun yang dibuktikan</dt><dd>2026</dd>" in text
    assert text.count("<form") == 3  # searching, signing out, closing the panel
    for name in WRITES:
        assert url(name, found) not in text.replace(url("document", found) + "versi/1/", "")
    detach(assessment=assessment, attachment=held, by=UserFactory())
    assert client.get(url("document", found)).status_code == 404


@pytest.mark.parametrize("role", [Role.MEMBER, Role.HEAD, Role.TPI_LEAD])
def test_a_stranger_finds_nothing(client, assessment, found, role):
    attachment(assessment, doc=found)
    stranger = member(UnitFactory(), role)
    client.force_login(stranger)
    for unit in (found.unit, stranger.memberships.get().unit):
        assert client.get(url("document", found, unit)).status_code == 404
        assert {client.post(url(name, found, unit), ABOUT).status_code for name in WRITES} == {404}


@pytest.mark.parametrize("role", [Role.MEMBER, Role.TPI_MEMBER, Role.OBSERVER, Role.ADMIN])
def test_who_may_not_write_is_refused(client, assessment, found, role):
    attachment(assessment, doc=found)
    client.force_login(person(assessment, role))
    names = ["publish"] if role == Role.MEMBER else WRITES
    for name in names:
        assert post(client, name, found, follow=False, file=pdf_file(), seen="1", **ABOUT).status_code == 403
    assert happened() == ["added"]
    assert (Document.objects.get().title, DocumentVersion.objects.count()) == (found.title, 1)


def test_writes_are_posts_with_the_token(found):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(member(found.unit, Role.HEAD))
    for name in WRITES:
        assert strict.get(url(name, found)).status_code == 405
        assert (
            strict.post(url(name, found), ABOUT | {"seen": "1", "file": pdf_file(), "public": "1"}).status_code == 403
        )
    assert (happened(), list(incoming_dir().iterdir())) == (["added"], [])


def test_the_page_takes_the_same_queries_for_1_and_10_versions(client, team, assessment, found):
    attachment(assessment, doc=found)

    def queries():
        with CaptureQueriesContext(connection) as seen:
            page(client, found)
        return len(seen)

    one = queries()
    for number in range(1, 10):
        replace_content(document=found, content=Content(stored()), seen=number, by=UserFactory())
    # session, user, document, membership, versions, uses, pins, events counted, events
    assert (one, queries(), found.versions.count()) == (10, 10, 10)


# Description


def test_describing(client, team, found):
    response = post(client, "describe", found, **ABOUT)
    assert told(response) == ["Keterangan dokumen tersimpan."]
    row = Document.objects.get()
    assert (row.title, row.number, row.dated, row.revision) == ("SK Tim Kerja Baru", "800/9", date(2026, 3, 1), 2)
    assert happened() == ["added", "described"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", ""), ("title", "x" * 201), ("dated", "kemarin"), ("year", "1999"), ("year", "x"), ("revision", ""),
     ("revision", "9" * 30), ("number", "\0")],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(client, team, found, field, value):
    response = post(client, "describe", found, **(ABOUT | {"number": "800/9/2026"} | {field: value}))
    assert response.status_code == 422
    assert "Belum tersimpan." in response.text
    if field != "title":
        assert 'value="SK Tim Kerja Baru"' in response.text
    assert (happened(), Document.objects.get().revision) == (["added"], 1)


def test_of_two_descriptions_the_second_sees_both(client, team, found):
    other = UserFactory(first_name="Rekan Satu")
    stored_now = Description("Judul rekan", "7", date(2026, 1, 2), 2025)
    describe(document=found, description=stored_now, revision=1, by=other)
    response = post(client, "describe", found, **ABOUT)
    assert response.status_code == 409
    for part in ("Rekan Satu", "Judul rekan", "2 Januari 2026", 'value="SK Tim Kerja Baru"', 'value="800/9"'):
        assert part in response.text
    assert Document.objects.get().title == "Judul rekan"
    # What the page offers: my text over the stored one, knowingly.
    assert '<button class="btn btn-primary btn-sm" name="revision" value="2">' in response.text
    assert 'type="hidden" name="revision"' not in response.text
    post(client, "describe", found, **(ABOUT | {"revision": "2"}))
    assert Document.objects.get().title == "SK Tim Kerja Baru"


# Versions


def test_a_new_version_by_a_file(client, team, assessment, found):
    attachment(assessment, doc=found)
    response = post(client, "replace", found, file=pdf_file(), seen="1")
    assert told(response) == [
        "Versi 2 tersimpan; versi lama tetap dapat dibuka. Bukti di 1 kriteria sekarang menunjuk ke versi ini."
    ]
    versions = found.versions.order_by("number")
    assert [(v.number, v.file_name, v.uploaded_by == team) for v in versions] == [
        (1, "SK Tim Kerja.pdf", False), (2, "SK baru.pdf", True),
    ]  # fmt: skip
    text = response.text
    assert text.index("Versi 2</strong>") < text.index("Versi 1</strong>")
    for number in (1, 2):
        assert reverse("evidence:file", args=[found.unit.code, found.pk, number]) in text
    assert happened() == ["added", "replaced"]
    assert list(incoming_dir().iterdir()) == []


def test_a_new_version_by_a_link(client, team, found):
    post(client, "replace", found, url=LINK, seen="1")
    found.refresh_from_db()
    assert (found.current.number, found.current.url) == (2, LINK)
    assert f'href="{LINK}" target="_blank" rel="noopener noreferrer"' in page(client, found)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"seen": "1"}, "Pilih berkas, atau isi alamat tautan."),
        ({"seen": "1", "file": pdf_file(), "url": LINK}, "Pilih salah satu saja"),
        ({"seen": "1", "file": [pdf_file("a"), pdf_file("b")]}, "Pilih satu berkas saja."),
        ({"seen": "1", "url": "javascript:alert(1)"}, "http"),
        ({"seen": "1", "file": SimpleUploadedFile("a.pdf", b"<html>")}, "field-error"),
        ({"seen": "1", "file": SimpleUploadedFile("a.txt", b"x" * 5000)}, "lebih besar dari"),
        ({"seen": "x", "url": LINK}, "Halaman ini sudah usang"),
        ({"seen": "1", "file": pdf_file("Isi lama")}, "Isinya sama"),
    ],
)
def test_what_is_no_new_version_is_refused(client, team, found, settings, data, reason):
    settings.EVIDENCE_MAX_FILE = 4000
    for value in data.values():
        for file in value if isinstance(value, list) else [value]:
            if isinstance(file, SimpleUploadedFile):
                file.seek(0)
    response = post(client, "replace", found, **data)
    assert response.status_code == 422
    assert reason in response.text
    assert (happened(), list(incoming_dir().iterdir())) == (["added"], [])


def test_of_two_new_versions_the_second_is_told(client, team, found):
    other = UserFactory(first_name="Rekan Satu")
    replace_content(document=found, content=Content(stored(name="Versi rekan.pdf")), seen=1, by=other)
    response = post(client, "replace", found, url=LINK, seen="1")
    assert response.status_code == 409
    for part in ("Rekan Satu", "Versi rekan.pdf", f'value="{LINK}"', 'name="seen" value="2"'):
        assert part in response.text
    assert found.versions.count() == 2


def test_the_quota_holds_for_versions(client, team, found, settings):
    settings.EVIDENCE_UNIT_QUOTA = found.current.blob.size + 10
    response = post(client, "replace", found, file=pdf_file(), seen="1")
    assert (response.status_code, "Kuota dokumen" in response.text) == (422, True)
    assert found.versions.count() == 1


# Uses and history


def test_uses_show_page_year_verdict_and_what_was_submitted(client, team, assessment):
    found = document(assessment.unit, year=2025)
    held = attachment(assessment, doc=found, page_ref="12–14")
    Attachment.objects.filter(pk=held.pk).update(verdict=Attachment.Verdict.UNFIT)
    pin_versions(assessment=assessment, at=timezone.now())
    replace_content(document=found, content=Content(stored()), seen=1, by=team)
    text = page(client, found)
    for part in ("A.I.1.i.a", "halaman 12–14", "tahun berbeda", "Tidak relevan", "sudah ada versi lebih baru"):
        assert part in text
    assert f"?lihat={held.pk}" in text
    detach(assessment=assessment, attachment=held, by=team)
    assert "sudah dilepas" in page(client, found)


def test_uses_in_assessments_that_a_person_may_not_look_at_stay_hidden(client, team, assessment, found, monkeypatch):
    attachment(assessment, doc=found)
    attachment(opened(found.unit, year=2025), "A.I.1.i.b", found)
    pages = (url("document", found), reverse("evidence:library", args=[found.unit.code]))
    assert ["A.I.1.i.b" in client.get(address).text for address in pages] == [True, True]
    only_2026 = lambda rows, user: rows.filter(period__year=2026)  # noqa: E731
    monkeypatch.setattr(type(Assessment.objects.all()), "visible_to", only_2026)
    assert ["A.I.1.i.b" in client.get(address).text for address in pages] == [False, False]
    assert ["A.I.1.i.a" in client.get(address).text for address in pages] == [True, True]


def test_history_tells_what_changed_page_by_page(client, team, found):
    for n in range(1, 25):
        describe(document=found, description=Description(f"Judul {n}", "", None, 2026), revision=n, by=team)
    text = page(client, found)
    assert "<del>Judul 23</del>" in text
    assert "<ins>Judul 24</ins>" in text
    assert "Dokumen ditambahkan" not in text
    assert f'href="{url("document", found)}?hal=2"' in text
    text = client.get(url("document", found), {"hal": "2"}).text
    assert "Dokumen ditambahkan" in text
    assert "<dt>Berkas</dt><dd><ins>SK Tim Kerja.pdf</ins></dd>" in text
    for odd in ("x", "\0", "0", "9" * 40):
        assert client.get(url("document", found), {"hal": odd}).status_code == 200


def test_what_people_write_is_shown_as_text(client, team, found):
    post(client, "describe", found, **(ABOUT | {"title": '"><script>alert(1)</script>'}))
    text = page(client, found)
    assert "<script>alert" not in text


# Publishing


def test_publishing_and_withdrawing(client, head, found):
    address = reverse("evidence:public-file", args=[found.pk])
    anybody = Client()
    response = post(client, "publish", found, public="1")
    assert told(response) == ["Dokumen ini sekarang dapat dibaca publik."]
    assert f'href="{address}"' in response.text
    assert anybody.head(address).status_code == 200
    response = post(client, "publish", found, public="0")
    assert told(response) == ["Dokumen ini tidak lagi dapat dibaca publik."]
    assert anybody.head(address).status_code == 404
    assert happened() == ["added", "published", "withdrawn"]


def test_a_new_version_of_a_public_document_waits_for_the_head(client, team, found):
    assert "menariknya dari publik" not in page(client, found)
    set_public(unit=found.unit, documents=[found.pk], public=True, by=UserFactory())
    assert "versi baru menariknya dari publik sampai kepala unit" in page(client, found)
    address = reverse("evidence:public-file", args=[found.pk])
    assert Client().head(address).status_code == 200
    response = post(client, "replace", found, seen="1", berkas=SimpleUploadedFile("baru.txt", b"Versi baru.\n"))
    assert "Dokumen ini tidak lagi publik" in " ".join(told(response))
    assert Client().head(address).status_code == 404
    assert happened() == ["added", "published", "replaced", "withdrawn"]


# Deleting


def test_deleting_what_proves_nothing(client, team, found):
    response = post(client, "delete", found)
    assert response.redirect_chain == [(reverse("evidence:library", args=[found.unit.code]), 302)]
    assert told(response) == [f"Dokumen “{found.title}” dihapus."]
    assert (Document.objects.count(), happened()) == (0, ["added", "deleted"])
    assert client.get(url("document", found)).status_code == 404


def test_what_proves_something_stays_and_the_page_says_why(client, team, assessment, found):
    held = attachment(assessment, doc=found)
    assert "masih terlampir" in page(client, found)
    assert url("delete", found) not in page(client, found)
    response = post(client, "delete", found)
    assert (response.status_code, "masih terlampir" in response.text) == (422, True)
    pin_versions(assessment=assessment, at=timezone.now())
    detach(assessment=assessment, attachment=held, by=team)
    assert "sudah diajukan" in page(client, found)
    assert post(client, "delete", found).status_code == 422
    assert Document.objects.get() == found
    assert Event.objects.filter(kind="evidence_attached").count() == 1


# Links


def test_a_link_is_checked_only_where_the_portal_may(client, team, assessment, settings, monkeypatch):
    asked = []
    monkeypatch.setattr(
        links, "check", lambda address: asked.append(address) or LinkResult(False, 404, "Tidak terbuka.")
    )
    found = document(assessment.unit, url=LINK)
    settings.EVIDENCE_LINK_CHECK = False
    assert url("check-link", found) not in page(client, found)
    assert told(post(client, "check-link", found)) == ["Pemeriksaan tautan tidak diaktifkan di portal ini."]
    assert asked == []
    settings.EVIDENCE_LINK_CHECK = True
    assert url("check-link", found) in page(client, found)
    response = post(client, "check-link", found)
    assert (told(response), asked) == (["Tidak terbuka."], [LINK])
    assert "Tidak terbuka. (diperiksa " in response.text


def test_a_file_is_no_link_to_check(client, team, found, settings):
    settings.EVIDENCE_LINK_CHECK = True
    assert url("check-link", found) not in page(client, found)
    assert told(post(client, "check-link", found)) == ["Dokumen ini bukan tautan."]


# Held back


def test_the_page_says_that_content_waits_and_offers_no_way_to_it(client, team, found):
    found.current.blob.scan = "pending"
    found.current.blob.save()
    text = page(client, found)
    assert "belum dapat dibuka: menunggu pemindaian virus" in text
    assert reverse("evidence:file", args=[found.unit.code, found.pk, 1]) not in text
    assert reverse("evidence:page-image", args=[found.unit.code, found.pk, 1, 1]) not in text
