"""Downloads of one assessment."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.http import UserRequest
from accounts.letterheads.selectors import logo_png
from assessment import history
from assessment.access import May, get_assessment
from assessment.models import Snapshot
from review.access import require_agency_admin
from review.proposing import get_proposal

from . import rendered
from .collecting import full_lke_of, printed_lke_of
from .downloads import drawn_download
from .fixed import NotWhole, fixed_lke_of
from .portalrb.links import origin_of_portal

NOT_WHOLE = "LKE tidak dapat dibuat: salinan tetap ini, atau salinan yang dinilainya, tidak utuh lagi."
ALL = "semua"  # `tahap`: every stage that the reader may see, side by side


@require_safe
def lke_xlsx(request: UserRequest, year: int, code: str) -> HttpResponse:
    assessment, may = get_assessment(request.user, year, code)
    origin = origin_of_portal(f"{request.scheme}://{request.get_host()}")
    lke = full_lke_of(assessment, may, origin=origin, stage=_stage_asked(request, may))
    return drawn_download(rendered.lke(lke, "xlsx"), lke.file_stem)


@require_safe
def lke_pdf(request: UserRequest, year: int, code: str) -> HttpResponse:
    assessment, may = get_assessment(request.user, year, code)
    lke = printed_lke_of(assessment, may, _stage_asked(request, may))
    return drawn_download(rendered.lke(lke, "pdf"), lke.file_stem)


@require_safe
def fixed_lke_pdf(request: UserRequest, year: int, code: str, snapshot: UUID) -> HttpResponse:
    assessment, may = get_assessment(request.user, year, code)
    copy: Snapshot = get_object_or_404(assessment.snapshots.filter(stage__in=may.sees), pk=snapshot)
    url = request.build_absolute_uri(reverse("review:snapshot", args=[year, code, snapshot]))
    try:
        lke = fixed_lke_of(assessment, copy, url)
    except NotWhole:
        messages.error(request, NOT_WHOLE)
        return redirect("review:snapshot", year, code, snapshot)
    if lke is None:
        raise Http404
    return drawn_download(rendered.lke(lke, "pdf"), f"{lke.file_stem}-salinan-{copy.get_kind_display()}-{copy.round}")


def _stage_asked(request: UserRequest, may: May) -> str:
    """Return the one stage that `tahap` names, "" for all side by side; 404 for what this reader may not see."""
    stage = request.GET.get("tahap", "") or ALL
    if stage != ALL and stage not in may.sees:
        raise Http404
    return "" if stage == ALL else stage


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
