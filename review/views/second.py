"""Blind second scoring."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.http import UserRequest
from accounts.models import TPI_ROLES, Role
from assessment.models import Assessment

from .. import sampling
from ..access import ReviewMay, get_review
from ..forms.teams import SecondForm, SettleForm
from ..pages import seconds as pages
from ..services.seconds import assign_second, finish_second, settle
from .problems import add_problems, has_moved


@require_safe
def second(request: UserRequest, year: int, code: str) -> HttpResponse:
    assessment, may = get_review(request.user, year, code)
    if not may.hats & (TPI_ROLES | {Role.ADMIN, Role.OBSERVER}) or may.base.is_team:
        raise PermissionDenied
    return _page(request, assessment, may)


@require_POST
def second_assign(request: UserRequest, year: int, code: str) -> HttpResponse:
    assessment, may = get_review(request.user, year, code, needs="lead")
    form = SecondForm(sampling.seconds_to_choose(assessment), request.POST)
    if form.is_valid():
        try:
            made = assign_second(assessment=assessment, user=form.person, by=request.user)
        except ValidationError as error:
            if has_moved(error):
                return _moved(request, error, year, code)
            add_problems(form, error)
        else:
            messages.success(request, f"{made.user} menilai {len(made.codes)} kriteria sebagai penilai kedua.")
            return redirect("review:second", year, code)
    return _page(request, assessment, may, form, status=422)


@require_POST
def second_finish(request: UserRequest, year: int, code: str) -> HttpResponse:
    assessment, may = get_review(request.user, year, code, needs="second")
    try:
        finish_second(assessment=assessment, by=request.user)
    except ValidationError as error:
        if has_moved(error):
            return _moved(request, error, year, code)
        return _page(request, assessment, may, problem=" ".join(error.messages), status=422)
    messages.success(request, "Penilaian kedua selesai. Ketua tim memeriksa kesepakatannya.")
    return redirect("review:second", year, code)


@require_POST
def second_settle(request: UserRequest, year: int, code: str, criterion: str) -> HttpResponse:
    assessment, may = get_review(request.user, year, code, needs="lead")
    found = sampling.second_of(assessment)
    if found is None or criterion not in found.codes:
        raise Http404
    form = SettleForm(request.POST, prefix=pages.prefix_of(criterion))
    if form.is_valid():
        try:
            settle(assessment=assessment, code=criterion, decision=form.decision, by=request.user)
        except ValidationError as error:
            if has_moved(error):
                return _moved(request, error, year, code)
            add_problems(form, error)
        else:
            messages.success(request, "Perbedaan diputuskan.")
            return redirect("review:second", year, code)
    return _page(request, assessment, may, settling=form, status=422)


def _moved(request: UserRequest, error: ValidationError, year: int, code: str) -> HttpResponse:
    messages.warning(request, " ".join(error.messages))
    return redirect("review:second", year, code)


def _page(
    request: UserRequest, assessment: Assessment, may: ReviewMay, form: SecondForm | None = None,
    settling: SettleForm | None = None, problem: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = pages.second(assessment, may, form, settling) | {"problem": problem}
    return render(request, "review/teams/second.html", context, status=status)
