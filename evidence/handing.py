"""Answering with one version of a document, after the caller has made sure that it may be read."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from .models import Blob, DocumentVersion
from .services.receive import is_servable
from .serving import file_response

INFECTED = (
    "Berkas ini mengandung virus, jadi tidak diberikan kepada siapa pun. Unggah berkas yang bersih sebagai versi baru."
)
WAITING = "Berkas ini menunggu pemindaian virus. Coba buka lagi beberapa saat lagi."


def hand_out(
    request: HttpRequest, version: DocumentVersion, *, download: bool, public: bool = False
) -> HttpResponseBase:
    """Return a version's file; 404 for a link, 403 with the reason for content that is held back."""
    kind, blob = version.file_kind, version.blob
    if kind is None or blob is None:
        raise Http404
    if not is_servable(blob):
        return held_back(request, blob)
    return file_response(
        request,
        sha256=blob.sha256,
        size=blob.size,
        content_type=kind.content_type,
        file_name=version.file_name,
        download=download or kind.preview not in {"image", "video"},
        modified=version.uploaded_at,
        public=public,
    )


def held_back(request: HttpRequest, blob: Blob) -> HttpResponse:
    """Say why the content is not handed out: refused, because asking again as it stands changes nothing."""
    reason = INFECTED if blob.scan == Blob.Scan.INFECTED else WAITING
    response = render(request, "evidence/held_back.html", {"reason": reason}, status=403)
    response["Cache-Control"] = "private, no-store"
    return response
