"""Findings with their follow-up, the register of all, and returns for correction."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.http import UserRequest
from accounts.notifications.services import is_portal_path
from assessment import selectors
from assessment.models import Assessment
from evidence.services.receive import is_servable
from evidence.serving import file_response

from ..access import ReviewMay, get_finding, get_review
from ..forms.findings import FindingForm, FollowUpForm, ReasonForm, SendForm
from ..models import Finding, FollowUp
from ..pages import findings as pages
from ..pages import returns as return_pages
from ..services import findings as services
from ..services import returns as return_services
from ..services.steps import take_step
from .problems import has_moved


@require_safe
def findings(request: UserRequest, year: int, code: str) -> HttpResponse:
    assessment, may = _seeing(request, year, code)
    criterion = request.GET.get("kriteria", "")
    if criterion and criterion not in selectors.worksheet_of(assessment.period.instrument).criteria:
        raise Http404
    return render(request, "review/findings/list.html", pages.of_assessment(assessment, may, criterion, None))


@require_POST
def finding_add(request: UserRequest, year: int, code: str) -> HttpResponse:
    assessment, may = get_review(request.user, year, code, needs="judge")
    form = FindingForm(selectors.worksheet_of(assessment.period.instrument), request.POST)
    if form.is_valid():
        try:
            made = services.write_finding(
                assessment=assessment, stage=may.base.stage, draft=form.draft, by=request.user
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "Catatan tersimpan dan unit diberi tahu.")
            return redirect("review:finding", year, code, made.pk)
    context = pages.of_assessment(assessment, may, "", form)
    return render(request, "review/findings/list.html", context, status=422)


@require_safe
def finding(request: UserRequest, year: int, code: str, finding: UUID) -> HttpResponse:
    assessment, may, row = _finding(request, year, code, finding)
    context = pages.one(assessment, may, row, None, "", request.GET)
    return render(request, "review/findings/finding.html", context)


@require_POST
def follow_up(request: UserRequest, year: int, code: str, finding: UUID) -> HttpResponse:
    assessment, may, row = _finding(request, year, code, finding, needs="follow_up")
    if may.base.areas and not _is_in_areas(may, row):
        raise PermissionDenied
    return _act(request, assessment, may, row, FollowUp.Kind.ANSWER, "Tindak lanjut terkirim kepada penilai.")


@require_POST
def finding_close(request: UserRequest, year: int, code: str, finding: UUID) -> HttpResponse:
    assessment, may, row = _finding(request, year, code, finding, needs="close")
    return _act(request, assessment, may, row, FollowUp.Kind.CLOSE, "Catatan dinyatakan selesai.")


@require_POST
def finding_reopen(request: UserRequest, year: int, code: str, finding: UUID) -> HttpResponse:
    assessment, may, row = _finding(request, year, code, finding, needs="close")
    return _act(request, assessment, may, row, FollowUp.Kind.REOPEN, "Catatan dibuka kembali.")


@require_safe
def finding_file(request: UserRequest, year: int, code: str, finding: UUID, version: int) -> HttpResponseBase:
    """Hand out a document shown with a follow-up to whoever sees the finding, as a download."""
    _, _, row = _finding(request, year, code, finding)
    shown = row.follow_ups.filter(shown__version=version).values_list("shown__version", flat=True)
    steps = row.follow_ups.filter(documents__in=list(shown[:1])).first()
    found = get_object_or_404(steps.documents.select_related("blob"), pk=version) if steps else None
    if found is None or found.blob is None or found.file_kind is None or not is_servable(found.blob):
        raise Http404
    return file_response(
        request, sha256=found.blob.sha256, size=found.blob.size, content_type=found.file_kind.content_type,
        file_name=found.file_name, download=True, modified=found.uploaded_at,
    )  # fmt: skip


@require_safe
def register(request: UserRequest) -> HttpResponse:
    look = pages.asked(request.GET)
    context = pages.register(request.user, look, request.GET.get("hal"))
    return render(request, "review/findings/register.html", context)


@require_safe
def returns(request: UserRequest, year: int, code: str) -> HttpResponse:
    assessment, may = _seeing(request, year, code)
    return render(request, "review/findings/returns.html", return_pages.returns(assessment, may))


@require_POST
def return_item(request: UserRequest, year: int, code: str, criterion: str) -> HttpResponse:
    assessment, may = get_review(request.user, year, code, needs="judge")
    if criterion not in selectors.worksheet_of(assessment.period.instrument).criteria:
        raise Http404
    form = ReasonForm(request.POST)
    typed = return_pages.Typed(criterion, request.POST.get("reason", ""))
    if not form.is_valid():
        problems = [str(e) for found in form.errors.values() for e in found]
        return _returns(request, assessment, may, 422, problems=problems, typed=typed)
    reason = form.cleaned_data["reason"]
    try:
        return_services.set_item(
            assessment=assessment, stage=may.base.stage, code=criterion, reason=reason, by=request.user,
            seen=form.cleaned_data["seen"],
        )  # fmt: skip
    except return_services.StaleItem as error:
        return _returns(request, assessment, may, 409, typed=replace(typed, stored=error.stored, is_stale=True))
    except ValidationError as error:
        return _returns(request, assessment, may, 422, problems=error.messages, typed=typed)
    said = f"{criterion} masuk daftar perbaikan." if reason else f"{criterion} tidak lagi dalam daftar perbaikan."
    messages.success(request, said)
    back = request.POST.get("kembali", "")
    return redirect(back) if back and is_portal_path(back) else redirect("review:returns", year, code)


@require_POST
def return_send(request: UserRequest, year: int, code: str) -> HttpResponse:
    assessment, may = get_review(request.user, year, code)
    name = next((s for s in ("return_prelim", "return_tpi") if s in may.steps), "")
    if not name:
        raise PermissionDenied
    form = SendForm(return_pages.closing_of(assessment), request.POST)
    problems: list[str] = []
    if form.is_valid():
        given = form.cleaned_data
        extra = {"until": given["until"].isoformat(), "message": given["message"]}
        try:
            take_step(assessment=assessment, name=name, by=request.user, extra=extra)
        except ValidationError as error:
            if has_moved(error):
                messages.warning(request, " ".join(error.messages))
                return redirect(assessment)
            problems = list(error.messages)
        else:
            messages.success(request, "Daftar perbaikan terkirim. Unit dapat memperbaiki kriteria yang disebut.")
            return redirect("review:returns", year, code)
    return _returns(request, assessment, may, 422, form=form, problems=problems)


def _returns(request: UserRequest, assessment: Assessment, may: ReviewMay, status: int, **more: Any) -> HttpResponse:
    context = return_pages.returns(assessment, may, **more)
    return render(request, "review/findings/returns.html", context, status=status)


def _seeing(request: UserRequest, year: int, code: str) -> tuple[Assessment, ReviewMay]:
    """Return the assessment unless the user is a second reviewer, who must not see what the first one found."""
    assessment, may = get_review(request.user, year, code)
    if may.base.sample:
        raise PermissionDenied
    return assessment, may


def _finding(
    request: UserRequest, year: int, code: str, pk: UUID, *, needs: str | None = None
) -> tuple[Assessment, ReviewMay, Finding]:
    assessment, may, row = get_finding(request.user, year, code, pk, needs=needs)
    if may.base.sample:
        raise PermissionDenied
    return assessment, may, row


def _is_in_areas(may: ReviewMay, row: Finding) -> bool:
    worksheet = selectors.worksheet_of(row.assessment.period.instrument)  # an earlier one may have other criteria
    return worksheet.pages[worksheet.page_of[row.criterion.code]].area_key in may.base.areas


def _act(
    request: UserRequest, assessment: Assessment, may: ReviewMay, row: Finding, kind: str, done: str
) -> HttpResponse:
    form = FollowUpForm(assessment, request.POST)
    problem, status = "", 422
    if form.is_valid():
        given = form.cleaned_data
        documents = list(given["documents"]) if kind == FollowUp.Kind.ANSWER else []
        try:
            services.follow_up(
                finding=row, kind=kind, text=given["text"], revision=given["seen"], by=request.user,
                documents=documents,
            )  # fmt: skip
        except services.Stale as error:
            row.refresh_from_db()
            problem, status = error.messages[0], 409
        except ValidationError as error:
            problem = error.messages[0]
        else:
            messages.success(request, done)
            return redirect("review:finding", assessment.period.year, assessment.unit.code, row.pk)
    problem = problem or " ".join(str(e) for found in form.errors.values() for e in found)
    context = pages.one(assessment, may, row, form, problem, request.GET)
    return render(request, "review/findings/finding.html", context, status=status)
