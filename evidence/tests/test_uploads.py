"""Limits hold while a body streams in: what is over them is never on the disk."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest
from django.test import RequestFactory

from evidence.storage.incoming import incoming_dir
from evidence.uploads import expect_uploads

LIMIT = 1000


def read(files, *, room=10_000, limit=LIMIT):
    """Post files through the handler; return it."""
    request: HttpRequest = RequestFactory().post("/", {"berkas": files})
    handler = expect_uploads(request, room=room, file_limit=limit)
    assert list(request.FILES) == []
    return handler


def on_disk():
    return sorted(path.stat().st_size for path in incoming_dir().iterdir())


def file(size, name="a.txt"):
    return SimpleUploadedFile(name, b"x" * size)


@pytest.mark.parametrize(("size", "is_kept"), [(0, True), (LIMIT - 1, True), (LIMIT, True), (LIMIT + 1, False)])
def test_the_limit_of_a_file_is_exact(size, is_kept):
    handler = read([file(size)])
    assert [u.incoming is not None for u in handler.uploads] == [is_kept]
    assert on_disk() == ([size] if is_kept else [])
    handler.discard()
    assert on_disk() == []


def test_one_file_over_the_limit_does_not_stop_the_others():
    handler = read([file(10, "a.txt"), file(LIMIT * 400, "b.txt"), file(20, "c.txt")], room=LIMIT)
    assert [u.name for u in handler.uploads] == ["a.txt", "b.txt", "c.txt"]
    assert [u.incoming.size if u.incoming else None for u in handler.uploads] == [10, None, 20]
    assert "lebih besar dari" in handler.uploads[1].refusal
    handler.discard()


def test_room_is_used_up_by_files_that_are_kept():
    handler = read([file(600), file(600), file(300)], room=1000)
    assert [u.incoming.size if u.incoming else None for u in handler.uploads] == [600, None, 300]
    assert "Kuota dokumen" in handler.uploads[1].refusal
    handler.discard()


def test_a_body_that_breaks_off_leaves_nothing():
    whole = RequestFactory().post("/", {"berkas": [file(900)]})
    body = whole.body[:600]
    environ = {**whole.META, "CONTENT_LENGTH": str(len(whole.body))}
    request = WSGIRequest({**environ, "wsgi.input": BytesIO(body)})
    handler = expect_uploads(request, room=10_000, file_limit=LIMIT)
    assert list(request.POST) == []
    handler.discard()
    assert on_disk() == []


def test_the_memory_of_the_request_holds_no_file():
    handler = read([file(LIMIT)])
    assert handler.uploads[0].incoming.path.stat().st_size == LIMIT
    handler.discard()
