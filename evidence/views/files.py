"""Handing out content: versions of documents, pages of PDFs as pictures, and what the public may read."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from accounts.http import UserRequest

from .. import pdf, previews
from ..access import get_published, get_version
from ..handing import hand_out, held_back
from ..services.receive import is_servable

RETRY_AFTER = "5"  # seconds until a page that could not be drawn now is worth asking for again


@require_safe
def file(request: UserRequest, code: str, document: UUID, number: int) -> HttpResponseBase:
    """Hand out one version's file; `?unduh` saves it instead of showing it."""
    _, version = get_version(request.user, code, document, number)
    return hand_out(request, version, download="unduh" in request.GET)


@require_safe
def page_image(request: UserRequest, code: str, document: UUID, number: int, page: int) -> HttpResponse:
    """Draw one page of a PDF; `?lebar=` is one of `previews.WIDTHS`."""
    _, version = get_version(request.user, code, document, number)
    blob = version.blob
    if blob is None or not blob.pages or page > blob.pages:
        raise Http404
    if not is_servable(blob):
        return held_back(request, blob)
    width = previews.width_of(request.GET.get("lebar", ""))
    etag = f'"{blob.sha256}-{page}-{width}"'
    response = get_conditional_response(request, etag) or _drawn(blob.sha256, page, width)
    if response.status_code != 503:
        response["ETag"] = etag
        response["Cache-Control"] = "private, no-cache"
    return response


@login_not_required
@require_safe
def public_file(request: HttpRequest, document: UUID) -> HttpResponseBase:
    """Hand out the newest file of a published document to anybody, for as long as it is published."""
    version = get_published(document)
    if version.blob is None or not is_servable(version.blob):
        raise Http404
    return hand_out(request, version, download="unduh" in request.GET, public=True)


def _drawn(sha256: str, page: int, width: int) -> HttpResponse:
    try:
        return HttpResponse(previews.page_image(sha256, page, width), content_type="image/webp")
    except previews.Busy:
        waiting = HttpResponse("Halaman sedang disiapkan. Coba lagi sebentar lagi.", status=503)
        waiting["Content-Type"] = "text/plain; charset=utf-8"
        waiting["Retry-After"] = RETRY_AFTER
        waiting["Cache-Control"] = "no-store"
        return waiting
    except (pdf.NoSuchPage, pdf.Unreadable, FileNotFoundError) as error:
        raise Http404 from error
