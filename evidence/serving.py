"""Handing out files to those who may have them. Whether somebody may is asked before, by the view."""

import logging
import re
import unicodedata
from datetime import datetime
from typing import BinaryIO, NamedTuple

from django.conf import settings
from django.core.files.storage import storages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.utils.http import content_disposition_header, http_date, parse_etags, parse_http_date_safe

from . import storage
from .storage import ContentFileStorage

logger = logging.getLogger(__name__)

# Shown by browsers without running anything. All else is downloaded, whatever the caller asks for; PDFs too,
# since browsers do not show them in a sandbox.
INLINE = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif", "video/mp4", "text/plain"})
POLICY = (
    "sandbox{allow}; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; "
    "frame-ancestors 'self'"
)
HEADERS = {
    "X-Frame-Options": "SAMEORIGIN",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Accept-Ranges": "bytes",
}
UNAVAILABLE = (
    "Berkas ini tercatat, tetapi isinya sedang tidak dapat dibaca dari penyimpanan. "
    "Coba lagi nanti; bila tetap gagal, hubungi admin portal."
)
RANGE = re.compile(r"bytes=[ \t]*([0-9]{0,18})-([0-9]{0,18})[ \t]*", re.IGNORECASE)
UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # control, direction and other signs that a name only hides things with


class Span(NamedTuple):
    """Bytes `start` up to, not including, `end`."""

    start: int
    end: int


class Unsatisfiable(Exception):
    """No byte of the file lies in the range asked for."""


class Part:
    """Some bytes of an open file, as a file; closes it."""

    def __init__(self, file: BinaryIO, span: Span) -> None:
        file.seek(span.start)
        self._file, self._left = file, span.end - span.start

    def read(self, size: int = -1) -> bytes:
        wanted = self._left if size < 0 else min(size, self._left)
        chunk = self._file.read(wanted)
        self._left -= len(chunk)
        return chunk

    def close(self) -> None:
        self._file.close()


class Sent(FileResponse):
    block_size = 64 * 1024  # Django's 4 KiB would mean 6,400 reads for a file of 25 MiB


def file_response(
    request: HttpRequest,
    *,
    sha256: str,
    size: int,
    content_type: str,
    file_name: str,
    download: bool,
    modified: datetime | None = None,
    public: bool = False,
) -> HttpResponseBase:
    """Answer an authorised GET or HEAD with a file, a part of it, or 304.

    The browser asks again each time, so a right that was withdrawn ends at once. With EVIDENCE_ACCEL_PREFIX nginx
    sends the bytes; it passes on few of our headers, so its internal location must add them from `$upstream_http_…`.
    Content that is missing or of another size than recorded is logged and answered with 503.
    """
    headers = _headers(sha256, content_type, file_name, download, modified, public)
    if _is_known(request, headers):
        return _finished(HttpResponseNotModified(), headers)
    found = storage.size_of(sha256)
    if found != size:
        logger.error("Evidence %s: %s bytes recorded, %s in the storage", sha256, size, found)
        return _unavailable()
    if _is_accelerated():
        target = settings.EVIDENCE_ACCEL_PREFIX + storage.name_of(sha256)
        return _finished(HttpResponse(), headers | {"X-Accel-Redirect": target})
    try:
        span = span_of(request, size, headers["ETag"])
    except Unsatisfiable:
        return _finished(HttpResponse(status=416), headers | {"Content-Range": f"bytes */{size}"})
    return _sent(request, sha256, size, span, headers)


def _headers(
    sha256: str, content_type: str, file_name: str, download: bool, modified: datetime | None, public: bool
) -> dict[str, str]:
    plain_type = content_type.partition(";")[0].strip().lower()
    inline = not download and plain_type in INLINE
    headers = HEADERS | {
        "Content-Type": content_type,
        "Content-Security-Policy": policy_of(plain_type),
        "Content-Disposition": str(content_disposition_header(not inline, header_name(file_name))),
        "Cache-Control": f"{'public' if public else 'private'}, no-cache",
        "ETag": f'"{sha256}"',
    }
    if modified is not None:
        headers["Last-Modified"] = http_date(modified.timestamp())
    return headers


def policy_of(content_type: str) -> str:
    """Return the Content Security Policy of a file opened by itself: no scripts, no forms, no foreign frame.

    A browser that opens a video asks for it a second time out of the sandbox, and without an origin of its own
    it would do so without the session. Scripts stay off there too.
    """
    allow = " allow-same-origin" if content_type.startswith("video/") else ""
    return POLICY.format(allow=allow)


def header_name(file_name: str) -> str:
    """Return a file name that can stand in a header and looks like what it is."""
    shown = "".join("_" if c in "/\\" or unicodedata.category(c) in UNSEEN else c for c in file_name)
    return shown.strip() or "berkas"


def _is_known(request: HttpRequest, headers: dict[str, str]) -> bool:
    """Say whether the browser has this very content already."""
    if (known := request.headers.get("If-None-Match")) is not None:
        tags = [tag.removeprefix("W/") for tag in parse_etags(known)]
        return headers["ETag"] in tags or "*" in tags
    since = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    changed = parse_http_date_safe(headers.get("Last-Modified", ""))
    return since is not None and changed is not None and changed <= since


def _is_accelerated() -> bool:
    return bool(settings.EVIDENCE_ACCEL_PREFIX) and isinstance(storages["evidence"], ContentFileStorage)


def span_of(request: HttpRequest, size: int, etag: str) -> Span | None:
    """Return the one range a GET asks for; None for the whole file, also where several are asked for.

    Raises Unsatisfiable.
    """
    match = RANGE.fullmatch(request.headers.get("Range", ""))
    if request.method != "GET" or match is None or request.headers.get("If-Range", etag) != etag:
        return None
    first, last = match.groups()
    if first:
        span = Span(int(first), min(int(last) + 1, size) if last else size)
        if last and int(last) < int(first):
            return None  # not a range at all
    elif last:
        span = Span(max(size - int(last), 0), size)
    else:
        return None
    if span.start >= span.end:
        raise Unsatisfiable
    return span


def _sent(request: HttpRequest, sha256: str, size: int, span: Span | None, headers: dict[str, str]) -> HttpResponseBase:
    start, end = span or (0, size)
    headers = headers | {"Content-Length": str(end - start)}
    if request.method == "HEAD":
        return _finished(HttpResponse(), headers)
    try:
        file = storage.open_content(sha256)
    except FileNotFoundError:
        logger.exception("Evidence %s went away", sha256)
        return _unavailable()
    if span is None:
        return _finished(Sent(file), headers)
    headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    return _finished(Sent(Part(file, span), status=206), headers)


def _finished(response: HttpResponseBase, headers: dict[str, str]) -> HttpResponseBase:
    """Set the headers, on every answer alike: what a 304 says replaces what the browser remembers."""
    for name, value in headers.items():
        response[name] = value
    return response


def _unavailable() -> HttpResponse:
    return HttpResponse(
        UNAVAILABLE, status=503, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"}
    )
