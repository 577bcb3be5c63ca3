"""Handing out all evidence of an assessment at once."""

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from accounts.http import UserRequest
from assessment.access import get_assessment

from ..services.exports import file_name_of, stream_of


@require_safe
def export(request: UserRequest, year: int, code: str) -> HttpResponseBase:
    """Send the ZIP while it is made; for HEAD nothing is read."""
    assessment, _ = get_assessment(request.user, year, code)
    kind = "application/zip"
    response: HttpResponseBase = (
        HttpResponse(content_type=kind)
        if request.method == "HEAD"
        else StreamingHttpResponse(stream_of(assessment), content_type=kind)
    )
    response["Content-Disposition"] = content_disposition_header(True, file_name_of(assessment)) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response
