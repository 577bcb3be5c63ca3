"""Conflicts of interest: declaring one's own, deciding on others'."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.http import UserRequest
from accounts.models import TPI_ROLES, Role
from assessment.models import Assessment, Conflict

from ..access import ReviewMay, get_review
from ..conflicts import bench_of, conflicts_of, may_decide
from ..forms.teams import ConflictForm, DecisionForm
from ..pages import conflicts as pages
from ..services.conflicts import decide_conflict, declare_conflict
from .problems import add_problems, has_moved


@require_safe
def conflict(request: UserRequest, year: int, code: str) -> HttpResponse:
    assessment, may = _get(request, year, code)
    return _page(request, assessment, may, ConflictForm() if may.declare else None)


@require_POST
def conflict_declare(request: UserRequest, year: int, code: str) -> HttpResponse:
    assessment, may = get_review(request.user, year, code, needs="declare")
    form = ConflictForm(request.POST)
    if form.is_valid():
        try:
            declare_conflict(assessment=assessment, reason=form.cleaned_data["reason"], by=request.user)
        except ValidationError as error:
            add_problems(form, error)
        else:
            messages.success(request, "Benturan kepentingan dinyatakan. Unit ini tidak lagi dapat Anda buka.")
            return redirect("review:desk")
    return _page(request, assessment, may, form, status=422)


@require_POST
def conflict_decide(request: UserRequest, year: int, code: str, conflict: int) -> HttpResponse:
    assessment, may = _get(request, year, code)
    found = _to_decide(request, assessment, may, conflict)
    form = DecisionForm(request.POST, prefix=pages.prefix_of(found))
    if not form.is_valid():
        return _page(request, assessment, may, ConflictForm() if may.declare else None, form, 422)
    upheld, decision = form.cleaned_data["state"] == Conflict.State.UPHELD, form.cleaned_data["decision"]
    try:
        decide_conflict(assessment=assessment, conflict=found, is_upheld=upheld, decision=decision, by=request.user)
    except ValidationError as error:
        if not has_moved(error):
            raise
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, "Keputusan disimpan.")
    return redirect("review:conflict", year, code)


def _to_decide(request: UserRequest, assessment: Assessment, may: ReviewMay, pk: int) -> Conflict:
    """Return a conflict of the assessment: 404 for any other, 403 for whom it does not wait for."""
    found = get_object_or_404(assessment.conflicts.select_related("user"), pk=pk)
    is_open = found.state == Conflict.State.OPEN
    if is_open and not may_decide(may, bench_of(assessment, found, conflicts_of(assessment)), request.user):
        raise PermissionDenied
    return found


def _get(request: UserRequest, year: int, code: str) -> tuple[Assessment, ReviewMay]:
    """Return the assessment for the inspectorate's own and those who run it; 403 for the unit and its assessors."""
    assessment, may = get_review(request.user, year, code)
    if not may.hats & (TPI_ROLES | {Role.ADMIN, Role.OBSERVER}) or may.base.is_team:
        raise PermissionDenied
    return assessment, may


def _page(
    request: UserRequest, assessment: Assessment, may: ReviewMay, form: ConflictForm | None,
    deciding: DecisionForm | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = pages.conflicts(request.user, assessment, may, form, deciding)
    return render(request, "review/teams/conflict.html", context, status=status)
