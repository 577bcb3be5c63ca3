"""Handing out files to save."""

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils.http import content_disposition_header

if TYPE_CHECKING:
    from .rendered import Drawn

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def download(content: bytes, content_type: str, name: str) -> HttpResponse:
    """Return a file to save, which nobody on the way may keep."""
    headers = {
        "Content-Disposition": content_disposition_header(True, name) or "attachment",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type=content_type, headers=headers)


def drawn_download(drawn: "Drawn", stem: str) -> HttpResponse:
    """Return a drawn document to save, named by the start of its name."""
    return download(drawn.content, drawn.content_type, f"{stem}.{drawn.ending}")
