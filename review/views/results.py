"""What TPN decided about a proposed unit."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.http import UserRequest
from assessment.models import Assessment, State

from ..access import ReviewMay, get_review
from ..forms.deciding import ResultForm
from ..pages import predicates as pages
from ..services.results import record_result
from ..services.steps import NOT_NOW
from .problems import add_problems, has_moved


@require_safe
def result_page(request: UserRequest, year: int, code: str) -> HttpResponse:
    assessment, may = get_review(request.user, year, code, needs="administer")
    return _page(request, assessment, may, ResultForm(initial={"predicate": assessment.target}))


@require_POST
def result(request: UserRequest, year: int, code: str) -> HttpResponse:
    assessment, may = get_review(request.user, year, code, needs="administer")
    if "record_result" not in may.steps:
        return _overtaken(request, assessment)
    form = ResultForm(request.POST)
    if form.is_valid():
        try:
            record_result(assessment=assessment, outcome=form.outcome, by=request.user)
        except ValidationError as error:
            if has_moved(error):
                return _overtaken(request, assessment)
            add_problems(form, error)
        else:
            messages.success(request, "Hasil TPN dicatat.")
            return redirect("review:record", code)
    return _page(request, assessment, may, form, 422)


def _overtaken(request: UserRequest, assessment: Assessment) -> HttpResponse:
    """Tell an administrator who still saw the unit as proposed that it moved on; refuse anybody else."""
    if request.POST.get("seen", "") != State.PROPOSED:
        raise PermissionDenied
    messages.warning(request, NOT_NOW)
    return redirect(assessment)


def _page(
    request: UserRequest, assessment: Assessment, may: ReviewMay, form: ResultForm, status: int = 200
) -> HttpResponse:
    context = pages.result(assessment, may, form)
    return render(request, "review/deciding/result.html", context, status=status)
