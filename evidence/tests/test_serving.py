import gc
import hashlib
import logging
from datetime import UTC, datetime

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import storages
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import RequestFactory
from django.urls import path

from evidence import serving, storage
from evidence.tests.storing import descriptors, kept


@pytest.fixture(autouse=True)
def connections_left_alone():
    """Keep the ends of requests from looking after connections that other tests left open: none is used here."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


CONTENT = bytes(range(100))
SHA256 = hashlib.sha256(CONTENT).hexdigest()
ETAG = f'"{SHA256}"'
MODIFIED = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
SANDBOX = (
    "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
)


@pytest.fixture(autouse=True)
def stored(media):
    kept(CONTENT)


def ask(method="get", *, headers=None, **options):
    """Ask for CONTENT; return the answer and its body, everything closed."""
    given = {
        "sha256": SHA256,
        "size": len(CONTENT),
        "content_type": "image/png",
        "file_name": "foto.png",
        "download": False,
        "modified": MODIFIED,
    }
    request = getattr(RequestFactory(), method)("/", headers=headers)
    response = serving.file_response(request, **(given | options))
    body = b"".join(response)
    response.close()
    return response, body


@login_not_required
def view(request):
    return serving.file_response(
        request, sha256=SHA256, size=100, content_type="image/png", file_name="foto.png", download=False
    )


urlpatterns = [path("berkas", view)]


def test_a_file_comes_whole_with_headers_that_keep_it_harmless():
    before = descriptors()
    response, body = ask()
    assert (response.status_code, body) == (200, CONTENT)
    assert dict(response.headers) == {
        "Content-Type": "image/png",
        "Content-Length": "100",
        "Content-Disposition": 'inline; filename="foto.png"',
        "Content-Security-Policy": SANDBOX,
        "X-Frame-Options": "SAMEORIGIN",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-cache",
        "ETag": ETAG,
        "Last-Modified": "Mon, 05 Jan 2026 03:00:00 GMT",
    }
    assert descriptors() == before


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 200), ({"If-None-Match": ETAG}, 304), ({"Range": "bytes=0-0"}, 206), ({"Range": "bytes=100-"}, 416)],
)
def test_no_middleware_overwrites_them(client, headers, status):
    response = client.get("/berkas", headers=headers)
    assert response.status_code == status
    assert response["Content-Security-Policy"] == SANDBOX
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["Cache-Control"] == "private, no-cache"
    b"".join(response)  # the file is closed at its end


@pytest.mark.parametrize(
    ("content_type", "inline"),
    [
        ("image/png", True),
        ("image/jpeg", True),
        ("image/webp", True),
        ("video/mp4", True),
        ("text/plain; charset=utf-8", True),
        ("application/pdf", False),
        ("text/csv", False),
        ("text/html", False),
        ("image/svg+xml", False),
        ("application/xhtml+xml", False),
        ("application/octet-stream", False),
    ],
)
def test_only_what_a_browser_shows_without_running_anything_is_shown(content_type, inline):
    response, _ = ask(content_type=content_type)
    assert response["Content-Disposition"].partition(";")[0] == ("inline" if inline else "attachment")
    assert response["Content-Type"] == content_type
    assert ask(content_type=content_type, download=True)[0]["Content-Disposition"].startswith("attachment;")


def test_a_video_keeps_its_session_and_still_runs_no_script():
    policy = ask(content_type="video/mp4")[0]["Content-Security-Policy"]
    assert policy == SANDBOX.replace("sandbox;", "sandbox allow-same-origin;")


@pytest.mark.parametrize(
    ("name", "disposition"),
    [
        ("SK Tim 2026.pdf", 'filename="SK Tim 2026.pdf"'),
        ('a"b.pdf', 'filename="a\\"b.pdf"'),
        ("a\\b/c.pdf", 'filename="a_b_c.pdf"'),
        ("a\r\nSet-Cookie: x=1.pdf", 'filename="a__Set-Cookie: x=1.pdf"'),
        ("a.pdf\n", 'filename="a.pdf_"'),
        ("a\x00b\x7f.pdf", 'filename="a_b_.pdf"'),
        ("laporan\u202efdp.exe", 'filename="laporan_fdp.exe"'),
        ("\u2066x\u2069.pdf", 'filename="_x_.pdf"'),
        ("sk–tim.pdf", "filename*=utf-8''sk%E2%80%93tim.pdf"),
        ("تقرير.pdf", "filename*=utf-8''%D8%AA%D9%82%D8%B1%D9%8A%D8%B1.pdf"),
        ("a\ud800.pdf", 'filename="a_.pdf"'),
        ("", 'filename="berkas"'),
        ("   ", 'filename="berkas"'),
        ("x" * 300 + ".pdf", f'filename="{"x" * 300}.pdf"'),
    ],
)
def test_names_are_encoded_and_hide_nothing(name, disposition):
    assert ask(file_name=name)[0]["Content-Disposition"] == f"inline; {disposition}"


@pytest.mark.parametrize(
    "headers",
    [
        {"If-None-Match": ETAG},
        {"If-None-Match": f"W/{ETAG}"},
        {"If-None-Match": f'"lain", {ETAG}'},
        {"If-None-Match": "*"},
        {"If-None-Match": ETAG, "Range": "bytes=0-9"},
        {"If-Modified-Since": "Mon, 05 Jan 2026 03:00:00 GMT"},
    ],
)
def test_what_the_browser_has_is_not_sent_again_but_its_headers_are(headers):
    before = descriptors()
    response, body = ask(headers=headers)
    assert (response.status_code, body) == (304, b"")
    assert response["Content-Security-Policy"] == SANDBOX
    assert (response["ETag"], response["Cache-Control"]) == (ETAG, "private, no-cache")
    assert descriptors() == before


@pytest.mark.parametrize(
    "headers",
    [
        {"If-None-Match": '"lain"'},
        {"If-None-Match": "tanpa kutip"},
        {"If-None-Match": '"lain"', "If-Modified-Since": "Mon, 05 Jan 2026 03:00:00 GMT"},
        {"If-Modified-Since": "Mon, 05 Jan 2026 02:59:59 GMT"},
        {"If-Modified-Since": "kemarin"},
    ],
)
def test_what_the_browser_does_not_have_is_sent(headers):
    response, body = ask(headers=headers)
    assert (response.status_code, body) == (200, CONTENT)


def test_without_a_date_only_the_hash_counts():
    response, body = ask(modified=None, headers={"If-Modified-Since": "Mon, 05 Jan 2026 03:00:00 GMT"})
    assert (response.status_code, body) == (200, CONTENT)
    assert "Last-Modified" not in response


def test_a_public_file_may_be_remembered_by_others_and_is_asked_for_again():
    assert ask(public=True)[0]["Cache-Control"] == "public, no-cache"


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=10-19", 10, 20),
        ("bytes=90-", 90, 100),
        ("bytes=90-500", 90, 100),
        ("bytes=-10", 90, 100),
        ("bytes=-500", 0, 100),
        ("bytes=0-", 0, 100),
        ("Bytes= 10-19 ", 10, 20),
    ],
)
def test_one_range_comes_as_a_part(asked, start, end):
    before = descriptors()
    response, body = ask(headers={"Range": asked})
    assert (response.status_code, body) == (206, CONTENT[start:end])
    assert response["Content-Range"] == f"bytes {start}-{end - 1}/100"
    assert response["Content-Length"] == str(end - start)
    assert descriptors() == before


@pytest.mark.parametrize("asked", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_a_range_outside_the_file_is_refused_with_its_size(asked):
    response, body = ask(headers={"Range": asked})
    assert (response.status_code, body) == (416, b"")
    assert response["Content-Range"] == "bytes */100"


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=0-1,5-6",
        "bytes=9-2",
        "bytes=-",
        "bytes=a-b",
        "bytes=٣-٤",
        "bytes 0-1",
        "items=0-1",
        "bytes=0-" + "9" * 99,
    ],
)
def test_several_ranges_or_none_that_can_be_read_get_the_whole_file(asked):
    response, body = ask(headers={"Range": asked})
    assert (response.status_code, body) == (200, CONTENT)
    assert "Content-Range" not in response


@pytest.mark.parametrize(
    ("condition", "status"),
    [(ETAG, 206), (f"W/{ETAG}", 200), ('"lain"', 200), ("Mon, 05 Jan 2026 03:00:00 GMT", 200)],
)
def test_a_part_is_only_sent_of_the_content_the_browser_began_with(condition, status):
    assert ask(headers={"Range": "bytes=0-9", "If-Range": condition})[0].status_code == status


def test_an_empty_file_is_whole_and_has_no_parts():
    sha256 = kept(b"")
    response, body = ask(sha256=sha256, size=0)
    assert (response.status_code, body, response["Content-Length"]) == (200, b"", "0")
    assert ask(sha256=sha256, size=0, headers={"Range": "bytes=0-"})[0].status_code == 416


@pytest.mark.parametrize("headers", [{}, {"Range": "bytes=0-9"}])
def test_head_tells_the_same_of_the_whole_without_opening_it(monkeypatch, headers):
    monkeypatch.setattr(storage, "open_content", pytest.fail)
    response, body = ask("head", headers=headers)
    assert (response.status_code, body, response["Content-Length"]) == (200, b"", "100")
    assert response["ETag"] == ETAG


@pytest.mark.parametrize("headers", [{}, {"Range": "bytes=10-"}])
def test_an_answer_nobody_reads_leaves_nothing_open(headers):
    before = descriptors()
    response = serving.file_response(
        RequestFactory().get("/", headers=headers),
        sha256=SHA256, size=100, content_type="image/png", file_name="a.png", download=False,
    )  # fmt: skip
    assert len(descriptors()) == len(before) + 1
    response.close()
    gc.collect()
    assert descriptors() == before


def test_a_large_file_is_read_in_pieces():
    content = bytes(1_000_000)
    kept(content)
    request = RequestFactory().get("/", headers={"Range": "bytes=1-"})
    response = serving.file_response(
        request, sha256=hashlib.sha256(content).hexdigest(), size=len(content),
        content_type="video/mp4", file_name="a.mp4", download=False,
    )  # fmt: skip
    sizes = [len(chunk) for chunk in response]
    response.close()
    assert sum(sizes) == 999_999
    assert max(sizes) < 100_000


def gone(media):
    (media / storage.name_of(SHA256)).unlink()


def cut(media):
    path = media / storage.name_of(SHA256)
    path.chmod(0o640)
    path.write_bytes(CONTENT[:-1])


@pytest.mark.parametrize("harm", [gone, cut])
@pytest.mark.parametrize("prefix", ["", "/internal/"])
def test_missing_or_cut_content_is_said_in_words_and_logged(settings, media, caplog, harm, prefix):
    settings.EVIDENCE_ACCEL_PREFIX = prefix
    harm(media)
    response, body = ask()
    assert (response.status_code, body.decode()) == (503, serving.UNAVAILABLE)
    assert response["Cache-Control"] == "no-store"
    assert "ETag" not in response
    assert [(record.levelno, SHA256 in record.message) for record in caplog.records] == [(logging.ERROR, True)]


def test_content_that_goes_away_in_between_is_said_in_words(monkeypatch, caplog):
    def gone(sha256):
        raise FileNotFoundError(sha256)

    monkeypatch.setattr(storage, "open_content", gone)
    response, body = ask()
    assert (response.status_code, body.decode()) == (503, serving.UNAVAILABLE)
    assert len(caplog.records) == 1


@pytest.mark.parametrize("headers", [{}, {"Range": "bytes=0-9"}])
def test_nginx_sends_the_bytes_where_it_may(settings, monkeypatch, headers):
    settings.EVIDENCE_ACCEL_PREFIX = "/internal/evidence/"
    monkeypatch.setattr(storage, "open_content", pytest.fail)
    response, body = ask(headers=headers)
    assert (response.status_code, body) == (200, b"")
    assert response["X-Accel-Redirect"] == f"/internal/evidence/{SHA256[:2]}/{SHA256[2:4]}/{SHA256}"
    assert response["Content-Security-Policy"] == SANDBOX
    assert response["Content-Disposition"] == 'inline; filename="foto.png"'
    assert "Content-Length" not in response
    assert ask(headers={"If-None-Match": ETAG})[0].status_code == 304


def test_nginx_is_not_asked_for_what_lies_in_a_remote_storage(settings):
    settings.EVIDENCE_ACCEL_PREFIX = "/internal/evidence/"
    settings.STORAGES = settings.STORAGES | {"evidence": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
    kept(CONTENT)
    assert type(storages["evidence"]).__name__ == "InMemoryStorage"
    response, body = ask()
    assert (response.status_code, body) == (200, CONTENT)
    assert "X-Accel-Redirect" not in response
