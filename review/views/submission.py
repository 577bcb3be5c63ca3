"""Checking completeness, the conditions for being proposed, submitting, and the fixed copies."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.http import UserRequest
from assessment.models import Assessment, Snapshot

from ..access import ReviewMay, get_review
from ..conditions import get_condition, get_condition_attachment
from ..copies import get_copy
from ..forms.submission import ConditionForm, ConditionPickForm, SubmitForm
from ..pages import conditions as condition_pages
from ..pages import copies
from ..pages import submission as pages
from ..pages.conditions import Bound
from ..selectors import latest_snapshot
from ..services.conditions import Stale, attach_documents, detach_document, save_condition
from ..services.steps import NOT_NOW, take_step
from ..submitting import submitting_step
from ..workflow import steps_from
from .problems import add_problems, has_moved


@require_safe
def check(request: UserRequest, year: int, code: str) -> HttpResponse:
    assessment, may = get_review(request.user, year, code)
    return render(request, "review/submission/check.html", pages.check(assessment, may))


@require_safe
def conditions(request: UserRequest, year: int, code: str) -> HttpResponse:
    assessment, may = get_review(request.user, year, code)
    return _conditions(request, assessment, may, Bound())


@require_POST
def condition_save(request: UserRequest, year: int, code: str, key: str) -> HttpResponse:
    assessment, may = get_review(request.user, year, code, needs="tick")
    condition = get_condition(assessment, key)
    form = ConditionForm(request.POST)
    if not form.is_valid():
        return _conditions(request, assessment, may, Bound(key, form), 422)
    given = form.cleaned_data
    try:
        save_condition(assessment=assessment, condition=condition, by=request.user, **given)
    except Stale:
        return _conditions(request, assessment, may, Bound(key, form, is_stale=True), 409)
    except ValidationError as error:
        return _refused(request, assessment, error, key)
    messages.success(request, f"Tersimpan: {condition.text}.")
    return redirect(_condition_url(assessment, key))


@require_POST
def condition_attach(request: UserRequest, year: int, code: str, key: str) -> HttpResponse:
    assessment, may = get_review(request.user, year, code, needs="tick")
    condition = get_condition(assessment, key)
    form = ConditionPickForm(request.user, assessment, condition, request.POST)
    if not form.is_valid():
        return _conditions(request, assessment, may, Bound(key, pick=form), 422)
    chosen = form.cleaned_data["documents"]
    try:
        made = attach_documents(assessment=assessment, condition=condition, documents=chosen, by=request.user)
    except ValidationError as error:
        return _refused(request, assessment, error, key)
    messages.success(request, f"{made} dokumen terlampir." if made else "Dokumen itu sudah terlampir.")
    return redirect(_condition_url(assessment, key))


@require_POST
def condition_detach(request: UserRequest, year: int, code: str, key: str, attachment: UUID) -> HttpResponse:
    assessment, _ = get_review(request.user, year, code, needs="tick")
    found = get_condition_attachment(assessment, key, attachment)
    try:
        detach_document(assessment=assessment, attachment=found, by=request.user)
    except ValidationError as error:
        return _refused(request, assessment, error, key)
    messages.success(
        request, f"“{found.document.title}” dilepas dari syarat ini. Dokumennya tetap ada di dokumen unit."
    )
    return redirect(_condition_url(assessment, key))


@require_safe
def submit_page(request: UserRequest, year: int, code: str) -> HttpResponse:
    assessment, may = get_review(request.user, year, code)
    _require_submitting(assessment, may)
    return _submit_page(request, assessment, may, SubmitForm())


@require_POST
def submit(request: UserRequest, year: int, code: str) -> HttpResponse:
    assessment, may = get_review(request.user, year, code)
    seen = request.POST.get("seen", "")
    if _is_overtaken(assessment, may, seen):
        return _moved(request, assessment)
    name = _require_submitting(assessment, may)
    form = SubmitForm(request.POST)
    if form.is_valid():
        try:
            row = take_step(assessment=assessment, name=name, by=request.user)
        except ValidationError as error:
            if has_moved(error):
                return _moved(request, assessment)
            add_problems(form, error)
        else:
            messages.success(request, "Penilaian diajukan. Ini tanda terimanya.")
            return _receipt(row)
    return _submit_page(request, assessment, may, form, 422)


@require_safe
def snapshots(request: UserRequest, year: int, code: str) -> HttpResponse:
    assessment, may = get_review(request.user, year, code)
    return render(request, "review/submission/snapshots.html", copies.snapshots(assessment, may))


@require_safe
def snapshot(request: UserRequest, year: int, code: str, snapshot: UUID) -> HttpResponse:
    assessment, may = get_review(request.user, year, code)
    found = get_copy(assessment, may, snapshot)
    return render(request, "review/submission/snapshot.html", copies.snapshot(assessment, may, found))


def _conditions(
    request: UserRequest, assessment: Assessment, may: ReviewMay, bound: Bound, status: int = 200
) -> HttpResponse:
    look = condition_pages.looked(request.GET)
    context = condition_pages.conditions(assessment, may, request.user, look, bound)
    return render(request, "review/submission/conditions.html", context, status=status)


def _condition_url(assessment: Assessment, key: str) -> str:
    return f"{reverse('review:conditions', args=[assessment.period.year, assessment.unit.code])}#s-{key}"


def _refused(request: UserRequest, assessment: Assessment, error: ValidationError, key: str) -> HttpResponse:
    """Say why a service refused: the conditions were closed meanwhile."""
    messages.error(request, " ".join(error.messages))
    return redirect(_condition_url(assessment, key))


def _require_submitting(assessment: Assessment, may: ReviewMay) -> str:
    """Return the name of the step with which this person hands in now; refuse everybody else."""
    step = submitting_step(assessment.state)
    if step is None or step.name not in may.steps:
        raise PermissionDenied
    return step.name


def _is_overtaken(assessment: Assessment, may: ReviewMay, seen: str) -> bool:
    """Tell whether this person could hand in from the state they saw, and it is no longer that one."""
    step = submitting_step(seen)
    return step is not None and seen != assessment.state and step.name in steps_from(seen, may.hats)


def _moved(request: UserRequest, assessment: Assessment) -> HttpResponse:
    messages.warning(request, NOT_NOW)
    return redirect(assessment)


def _receipt(row: Assessment) -> HttpResponse:
    made = latest_snapshot(row, Snapshot.Kind.SUBMISSION)
    assert made is not None  # noqa: S101  the step made it
    return redirect("review:snapshot", row.period.year, row.unit.code, made.pk)


def _submit_page(
    request: UserRequest, assessment: Assessment, may: ReviewMay, form: SubmitForm, status: int = 200
) -> HttpResponse:
    context = pages.submit_page(assessment, may, request.user, form)
    return render(request, "review/submission/submit.html", context, status=status)
