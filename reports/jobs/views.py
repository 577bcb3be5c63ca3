"""Asking for long work, seeing how far it is, and having what it made."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.http import UserRequest, is_htmx
from assessment.access import get_assessment
from evidence.bundle import words

from ..recap import collect
from ..recap.choosing import RecapForm
from . import clearing, pages, services, sizes
from .access import get_job, is_open
from .forms import BulkForm
from .models import Job
from .serving import file_response

PAGE_SIZE = 20
NEW = "Permintaan diterima. Halaman ini menunjukkan kemajuannya; Anda boleh menutupnya dan kembali nanti."
SAME = "Permintaan yang sama sudah berjalan. Inilah kemajuannya."


@vary_on_headers("HX-Request")
@require_safe
def jobs(request: UserRequest) -> HttpResponse:
    """List one's own jobs; what is past its days goes away first."""
    clearing.clear_own(request.user)
    page = Paginator(Job.objects.for_list().filter(owner=request.user), PAGE_SIZE).get_page(request.GET.get("hal"))
    found = list(page.object_list)
    context = {"page": page, "cards": pages.cards_of(found), "is_pending": any(job.is_pending for job in found)}
    template = "reports/jobs/jobs.html"
    return render(request, f"{template}#list" if is_htmx(request) else template, context)


@vary_on_headers("HX-Request")
@require_safe
def job(request: UserRequest, job: UUID) -> HttpResponse:
    """Show one job; asked again by the page itself, only its card, with a word where its state is another one."""
    found = get_job(request.user, job)
    is_news = is_htmx(request) and request.GET.get("dari") != found.state
    context = {"job": found, "card": pages.card_of(found), "is_news": is_news}
    template = "reports/jobs/job.html"
    return render(request, f"{template}#progress" if is_htmx(request) else template, context)


@require_POST
def job_cancel(request: UserRequest, job: UUID) -> HttpResponse:
    found = get_job(request.user, job)
    if services.cancel_job(job=found):
        messages.success(request, "Permintaan dibatalkan.")
    else:
        messages.info(request, "Permintaan ini sudah selesai, jadi tidak ada yang dibatalkan.")
    return redirect(found)


@require_POST
def job_again(request: UserRequest, job: UUID) -> HttpResponse:
    """Ask for the same once more; rights are asked when it is made."""
    found = get_job(request.user, job)
    return _requested(request, found.kind, found.title, found.params)


@require_safe
def job_file(request: UserRequest, job: UUID) -> HttpResponseBase:
    """Hand out the file, if its owner may still read all that is in it."""
    found = get_job(request.user, job)
    if found.state != Job.State.DONE:
        raise Http404
    if not is_open(request.user, found.scope):
        return render(request, "reports/jobs/closed.html", {"job": found, "is_gone": False}, status=403)
    try:
        return file_response(request, found)
    except FileNotFoundError:
        return render(request, "reports/jobs/closed.html", {"job": found, "is_gone": True}, status=410)


@require_POST
def job_lke(request: UserRequest, year: int) -> HttpResponse:
    """Ask for the LKE of all units that a recap shows, or of those ticked."""
    found, _ = collect.get_recap(request.user, year)
    chosen = RecapForm(found, request.GET)
    if not chosen.is_valid():
        return redirect("reports:recap", year)
    form = BulkForm(chosen.lines(), request.POST)
    if not form.is_valid():
        context = {"bulk": form, "year": str(year), "look": chosen.query(), "shown": str(len(form.lines))}
        return render(request, "reports/jobs/bulk.html", context, status=422)
    units, shapes = form.units(), form.shapes()
    if not units:
        messages.info(request, "Tidak ada unit yang cocok, jadi tidak ada yang disiapkan.")
        return redirect("reports:recap", year)
    params = {"year": year, "units": [list(unit) for unit in units], "forms": shapes}
    return _requested(request, Job.Kind.LKE, pages.lke_title(year, len(units), shapes), params)


@require_POST
def job_recap(request: UserRequest, year: int) -> HttpResponse:
    """Ask for a recap as PDF, as the query string has it."""
    found, _ = collect.get_recap(request.user, year)
    form = RecapForm(found, request.GET)
    if not form.is_valid():
        return redirect("reports:recap", year)
    title = f"Rekap {year}, {len(form.lines())} unit (PDF)"
    return _requested(request, Job.Kind.RECAP, title, {"year": year, "look": form.look})


@require_safe
def evidence_zip(request: UserRequest, year: int, code: str) -> HttpResponse:
    """Lead to the evidence of an assessment: at once if it is small, else by a job that can be downloaded in parts."""
    assessment, _ = get_assessment(request.user, year, code)
    size = sizes.evidence_size(assessment)
    if size <= sizes.DIRECT_EVIDENCE:
        return redirect("evidence:export", year, code)
    return render(request, "reports/jobs/evidence.html", {"assessment": assessment, "size": words.size(size)})


@require_POST
def job_evidence(request: UserRequest, year: int, code: str) -> HttpResponse:
    assessment, _ = get_assessment(request.user, year, code)
    title = f"Bukti dukung {assessment.unit.name[:180]}, {year} (ZIP)"
    return _requested(request, Job.Kind.EVIDENCE, title, {"assessment": assessment.pk})


def _requested(request: UserRequest, kind: str, title: str, params: dict[str, Any]) -> HttpResponse:
    try:
        made, is_new = services.request_job(owner=request.user, kind=kind, title=title, params=params)
    except services.QuotaReached:
        messages.error(request, "Anda sudah punya beberapa permintaan yang belum selesai. Tunggu atau batalkan satu.")
        return redirect("reports:jobs")
    messages.info(request, NEW if is_new else SAME)
    return redirect(made)
