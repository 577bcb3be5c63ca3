"""Handing out content: only to those who may see the document, as long as they may, and never what is held back."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from assessment.tests.factories import UnitFactory, UserFactory, member, person, reviewer
from evidence import pdf, previews, storage
from evidence.models import Blob, Document, DocumentVersion
from evidence.services.attachments import detach, pin_versions
from evidence.services.documents import Content, replace_content, set_public

from .factories import attachment, document, small_pdf, stored

pytestmark = pytest.mark.django_db
PNG = "image/png"


def file_url(found, number=1):
    return reverse("evidence:file", args=[found.unit.code, found.pk, number])


def page_url(found, page=1, number=1):
    return reverse("evidence:page-image", args=[found.unit.code, found.pk, number, page])


def public_url(found):
    return reverse("evidence:public-file", args=[found.pk])


def get(client, url, **headers):
    """Get and read to the end, which closes the file; the bytes are in `body`."""
    response = client.get(url, headers={name.replace("_", "-"): value for name, value in headers.items()})
    response.body = b"".join(response.streaming_content) if response.streaming else response.content
    return response


def held(found, scan):
    Blob.objects.filter(pk=found.current.blob_id).update(scan=scan)


@pytest.fixture
def found(assessment):
    return document(assessment.unit, content=small_pdf("Isi bukti"))


@pytest.fixture
def team(client, assessment):
    user = member(assessment.unit)
    client.force_login(user)
    return user


@pytest.fixture
def drawn(monkeypatch):
    """Count drawings instead of starting a process for each."""
    calls = []

    def render(path, page, width):
        calls.append((page, width))
        return b"RIFF gambar"

    monkeypatch.setattr(pdf, "render", render)
    return calls


# Who


def test_the_team_reads_every_version(client, team, found):
    replace_content(document=found, content=Content(stored(small_pdf("Isi baru"))), seen=1, by=team)
    for number, text in ((1, b"Isi bukti"), (2, b"Isi baru")):
        response = get(client, file_url(found, number))
        assert response.status_code == 200
        assert text in response.body
        assert response["Content-Type"] == "application/pdf"
    assert get(client, file_url(found, 3)).status_code == 404


@pytest.mark.parametrize("role", [Role.TPI_MEMBER, Role.OBSERVER, Role.PRELIM])
def test_a_reader_reads_what_is_attached_and_nothing_else(client, assessment, found, role, drawn):
    client.force_login(person(assessment, role))
    addresses = (file_url(found), page_url(found))
    assert [get(client, url).status_code for url in addresses] == [404, 404]
    held_by = attachment(assessment, doc=found)
    assert [get(client, url).status_code for url in addresses] == [200, 200]
    detach(assessment=assessment, attachment=held_by, by=UserFactory())
    assert [get(client, url).status_code for url in addresses] == [404, 404]


def test_a_reader_still_reads_what_was_submitted_after_it_is_detached(client, assessment, found):
    client.force_login(reviewer(assessment, Role.TPI_MEMBER))
    held_by = attachment(assessment, doc=found)
    pin_versions(assessment=assessment, at=timezone.now())
    detach(assessment=assessment, attachment=held_by, by=UserFactory())
    assert get(client, file_url(found)).status_code == 200


@pytest.mark.parametrize("role", [Role.MEMBER, Role.HEAD, Role.TPI_LEAD])
def test_a_stranger_finds_nothing(client, assessment, found, role, drawn):
    attachment(assessment, doc=found)
    stranger = member(UnitFactory(), role)
    client.force_login(stranger)
    own = stranger.memberships.get().unit.code
    for name, args in (("file", [1]), ("page-image", [1, 1])):
        for code in (found.unit.code, own):
            assert get(client, reverse(f"evidence:{name}", args=[code, found.pk, *args])).status_code == 404
    assert drawn == []


def test_nobody_reads_without_signing_in(client, found):
    for url in (file_url(found), page_url(found)):
        assert get(client, url).url.startswith("/masuk/")
    assert get(client, public_url(found)).status_code == 404


# How


def test_images_and_videos_are_shown_and_all_else_is_saved(client, team, assessment):
    from .samples import good

    for kind, name, disposition in (
        ("png", "Foto.png", "inline"), ("mp4", "Rekaman.mp4", "inline"), ("pdf", "SK.pdf", "attachment"),
        ("docx", "SK.docx", "attachment"), ("txt", "Catatan.txt", "attachment"),
    ):  # fmt: skip
        found = document(assessment.unit, content=good(kind), name=name)
        response = get(client, file_url(found))
        assert response["Content-Disposition"] == f'{disposition}; filename="{name}"'
        assert get(client, file_url(found) + "?unduh")["Content-Disposition"].startswith("attachment;")


def test_a_file_is_handed_out_privately_and_harmlessly(client, team, found):
    response = get(client, file_url(found))
    assert response["Cache-Control"] == "private, no-cache"
    assert response["ETag"] == f'"{found.current.blob_id}"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert get(client, file_url(found), If_None_Match=response["ETag"]).status_code == 304


def test_head_and_ranges_through_the_view(client, team, found):
    whole = get(client, file_url(found)).body
    head = client.head(file_url(found))
    assert (head.status_code, head["Content-Length"], head.content) == (200, str(len(whole)), b"")
    part = get(client, file_url(found), Range="bytes=5-9")
    assert (part.status_code, part.body, part["Content-Range"]) == (206, whole[5:10], f"bytes 5-9/{len(whole)}")
    assert get(client, file_url(found), Range=f"bytes={len(whole)}-").status_code == 416
    assert client.post(file_url(found)).status_code == 405


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ('SK "Tim".pdf', 'attachment; filename="SK \\"Tim\\".pdf"'),
        ("SK\r\nSet-Cookie: a=b.pdf", 'attachment; filename="SK__Set-Cookie: a=b.pdf"'),
        ("SK\u202efdp.exe.pdf", 'attachment; filename="SK_fdp.exe.pdf"'),
        ("Surat – é.pdf", "attachment; filename*=utf-8''Surat%20%E2%80%93%20%C3%A9.pdf"),
    ],
)
def test_names_cannot_break_the_header_or_pretend(client, team, found, name, header):
    DocumentVersion.objects.filter(pk=found.current_id).update(file_name=name)
    response = get(client, file_url(found))
    assert response["Content-Disposition"] == header
    assert "Set-Cookie" not in response.headers


def test_a_link_has_no_file(client, team, assessment):
    link = document(assessment.unit, url="https://contoh.go.id/a", public=True)
    for url in (file_url(link), page_url(link), public_url(link)):
        assert get(client, url).status_code == 404


def test_a_file_that_is_gone_from_the_disk_is_said_to_be(client, team, found):
    (storage.content.content_storage()).delete(storage.name_of(found.current.blob_id))
    response = get(client, file_url(found))
    assert response.status_code == 503
    assert "hubungi admin portal" in response.body.decode()
    assert get(client, page_url(found)).status_code == 404


# Held back


@pytest.mark.parametrize(
    ("scan", "scanner", "is_shown"),
    [
        ("unscanned", "", True), ("clean", "", True), ("clean", "unix:/x", True),
        ("unscanned", "unix:/x", False), ("pending", "unix:/x", False), ("pending", "", False),
        ("infected", "", False),
    ],
)  # fmt: skip
def test_content_is_held_back_until_it_is_clean(client, team, found, settings, drawn, scan, scanner, is_shown):
    settings.CLAMD = scanner
    held(found, scan)
    set_public(unit=found.unit, documents=[found.pk], public=True, by=team)
    codes = [get(client, url).status_code for url in (file_url(found), page_url(found), public_url(found))]
    assert codes == ([200, 200, 200] if is_shown else [403, 403, 404])
    response = get(client, file_url(found))
    if not is_shown:
        assert b"Isi bukti" not in response.body
        assert ("mengandung virus" if scan == "infected" else "menunggu pemindaian virus") in response.body.decode()
        assert response["Cache-Control"] == "private, no-store"
        assert drawn == []


# Pages


def test_a_page_is_a_picture(client, team, found, drawn):
    response = get(client, page_url(found))
    assert (response.status_code, response["Content-Type"], response.content) == (200, "image/webp", b"RIFF gambar")
    assert response["Cache-Control"] == "private, no-cache"
    assert response["ETag"] == f'"{found.current.blob_id}-1-900"'
    assert response["X-Content-Type-Options"] == "nosniff"
    get(client, page_url(found) + "?lebar=300")
    get(client, page_url(found) + "?lebar=12345")
    assert drawn == [(1, 900), (1, 300)]


def test_a_page_the_browser_has_is_not_drawn_again(client, team, found, drawn):
    etag = f'"{found.current.blob_id}-1-900"'
    assert get(client, page_url(found), If_None_Match=etag).status_code == 304
    assert drawn == []
    Blob.objects.filter(pk=found.current.blob_id).update(scan=Blob.Scan.INFECTED)
    assert get(client, page_url(found), If_None_Match=etag).status_code == 403


def test_a_page_that_is_not_there_is_not_drawn(client, team, found, assessment, drawn):
    Blob.objects.filter(pk=found.current.blob_id).update(pages=3)
    assert [get(client, page_url(found, page)).status_code for page in (3, 4, 999999)] == [200, 404, 404]
    Blob.objects.filter(pk=found.current.blob_id).update(pages=None)
    assert get(client, page_url(found)).status_code == 404
    assert drawn == [(3, 900)]


@pytest.mark.parametrize("error", [pdf.Unreadable("rusak"), pdf.NoSuchPage(1), FileNotFoundError()])
def test_a_page_that_cannot_be_read_is_not_found(client, team, found, monkeypatch, error):
    def fail(*args):
        raise error

    monkeypatch.setattr(pdf, "render", fail)
    response = get(client, page_url(found))
    assert (response.status_code, response.get("ETag")) == (404, None)


def test_while_too_many_pages_are_drawn_the_browser_is_asked_to_wait(client, team, found, monkeypatch):
    def busy(*args, **kwargs):
        raise previews.Busy

    monkeypatch.setattr(previews, "page_image", busy)
    response = get(client, page_url(found))
    assert (response.status_code, response["Retry-After"], response["Cache-Control"]) == (503, "5", "no-store")
    assert "ETag" not in response.headers


# The public


def test_the_public_reads_the_newest_version_of_what_is_published(client, found, django_assert_num_queries):
    team = UserFactory()
    assert get(client, public_url(found)).status_code == 404
    set_public(unit=found.unit, documents=[found.pk], public=True, by=team)
    with django_assert_num_queries(1):
        response = get(client, public_url(found))
    assert b"Isi bukti" in response.body
    assert response["Cache-Control"] == "public, no-cache"
    assert "Set-Cookie" not in response.headers
    newer = Content(stored(small_pdf("Isi baru")))
    replace_content(document=found, content=newer, seen=1, by=team, may_publish=True)
    assert b"Isi baru" in get(client, public_url(found)).body


def test_withdrawing_works_at_once(client, found):
    head = UserFactory()
    set_public(unit=found.unit, documents=[found.pk], public=True, by=head)
    etag = get(client, public_url(found))["ETag"]
    assert get(client, public_url(found), If_None_Match=etag).status_code == 304
    set_public(unit=found.unit, documents=[found.pk], public=False, by=head)
    response = get(client, public_url(found), If_None_Match=etag)
    assert (response.status_code, response.get("ETag")) == (404, None)


def test_a_unit_that_is_closed_publishes_nothing(client, found):
    set_public(unit=found.unit, documents=[found.pk], public=True, by=UserFactory())
    found.unit.is_active = False
    found.unit.save()
    assert get(client, public_url(found)).status_code == 404


def test_publishing_opens_nothing_else(client, found):
    set_public(unit=found.unit, documents=[found.pk], public=True, by=UserFactory())
    assert get(client, file_url(found)).status_code == 302
    assert client.post(public_url(found)).status_code == 405
    assert Document.objects.get().is_public
