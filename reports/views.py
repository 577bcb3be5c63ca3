"""Downloads of one assessment."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.http import UserRequest
from accounts.letterheads.selectors import logo_png
from assessment import history
from assessment.access import get_assessment
from assessment.models import Snapshot
from review.access import require_agency_admin
from review.proposing import get_proposal

from . import rendered
from .downloads import drawn_download
from .lke import lke_of


@require_safe
def lke_xlsx(request: UserRequest, year: int, code: str) -> HttpResponse:
    assessment, _ = get_assessment(request.user, year, code)
    lke = lke_of(assessment)
    return drawn_download(rendered.lke(lke, "xlsx"), lke.file_stem)


@require_safe
def lke_pdf(request: UserRequest, year: int, code: str) -> HttpResponse:
    assessment, _ = get_assessment(request.user, year, code)
    lke = lke_of(assessment)
    return drawn_download(rendered.lke(lke, "pdf"), lke.file_stem)


@require_safe
def sptjm_pdf(request: UserRequest, year: int, code: str, snapshot: UUID) -> HttpResponse:
    data = _copied(request, year, code, snapshot, "sptjm")
    return drawn_download(rendered.sptjm(data), _stem("SPTJM", data))


@require_safe
def lhe_pdf(request: UserRequest, year: int, code: str, snapshot: UUID) -> HttpResponse:
    data = _copied(request, year, code, snapshot, "lhe")
    return drawn_download(rendered.lhe(data, "pdf"), _stem("LHE", data))


@require_safe
def lhe_docx(request: UserRequest, year: int, code: str, snapshot: UUID) -> HttpResponse:
    data = _copied(request, year, code, snapshot, "lhe")
    return drawn_download(rendered.lhe(data, "docx"), _stem("LHE", data))


@require_safe
def letter_pdf(request: UserRequest, year: int, proposal: UUID) -> HttpResponse:
    require_agency_admin(request.user)
    data = _letter(request, year, proposal)
    return drawn_download(rendered.letter(data, "pdf"), f"Surat-Pengajuan-{year}")


@require_safe
def letter_docx(request: UserRequest, year: int, proposal: UUID) -> HttpResponse:
    require_agency_admin(request.user)
    data = _letter(request, year, proposal)
    return drawn_download(rendered.letter(data, "docx"), f"Surat-Pengajuan-{year}")


def _stem(name: str, data: dict[str, Any]) -> str:
    """Return the start of a file name: LHE-2026-UNIT-01."""
    return f"{name}-{data['head']['year']}-{data['head']['unit_code']}"


def _copied(request: UserRequest, year: int, code: str, pk: UUID, document: str) -> dict[str, Any]:
    """Return what a document says, from a fixed copy of a stage that the user may see; 404 where it has none."""
    assessment, may = get_assessment(request.user, year, code)
    snapshot: Snapshot = get_object_or_404(assessment.snapshots.filter(stage__in=may.sees), pk=pk)
    if document not in snapshot.data:
        raise Http404
    receipt = reverse("review:snapshot", args=[year, code, pk])
    found = snapshot.data[document]
    return found | {
        "logo": _logo(found),
        "head": snapshot.data["head"],
        "digest": snapshot.digest,
        "id": str(snapshot.pk),
        "round": snapshot.round,
        "receipt_url": request.build_absolute_uri(receipt),
    }


def _letter(request: UserRequest, year: int, pk: UUID) -> dict[str, Any]:
    """Return what a letter says, with the SHA-256 over it and where it can be looked at; 404 if there is none."""
    data = get_proposal(request.user, year, pk).data
    return data | {
        "logo": _logo(data),
        "digest": history.digest("", data),
        "receipt_url": request.build_absolute_uri(reverse("review:proposal", args=[year, pk])),
    }


def _logo(data: dict[str, Any]) -> bytes:
    return logo_png((data.get("letterhead") or {}).get("logo", ""))
