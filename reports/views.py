"""Downloads of one assessment."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from accounts.http import UserRequest
from assessment.access import get_assessment

from . import workbook
from .lke import lke_of


@require_safe
def lke_xlsx(request: UserRequest, year: int, code: str) -> HttpResponse:
    assessment, _ = get_assessment(request.user, year, code)
    lke = lke_of(assessment)
    return _download(workbook.build(lke), workbook.CONTENT_TYPE, f"{lke.file_stem}.xlsx")


@require_safe
def lke_pdf(request: UserRequest, year: int, code: str) -> HttpResponse:
    from . import pdf  # its libraries take long to load and are not needed otherwise

    assessment, _ = get_assessment(request.user, year, code)
    lke = lke_of(assessment)
    return _download(pdf.render(lke), "application/pdf", f"{lke.file_stem}.pdf")


def _download(content: bytes, content_type: str, name: str) -> HttpResponse:
    """Return a file to save, which nobody on the way may keep."""
    headers = {
        "Content-Disposition": content_disposition_header(True, name) or "attachment",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type=content_type, headers=headers)
