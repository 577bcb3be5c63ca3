"""Comparing the stages, and the steps that somebody takes on a page of their own."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.http import UserRequest
from assessment.models import Assessment

from ..access import ReviewMay, get_review, get_step
from ..comparison import get_compared
from ..forms.deciding import StepForm
from ..pages import comparing, stepping
from ..services.steps import NOT_NOW, take_step
from ..workflow import STEPS, Step, steps_from
from .problems import add_problems, has_moved


@require_safe
def compare(request: UserRequest, year: int, code: str) -> HttpResponse:
    assessment, may = get_compared(request.user, year, code)
    return render(request, "review/deciding/compare.html", comparing.compared(assessment, may))


@require_safe
def step_page(request: UserRequest, year: int, code: str, step: str) -> HttpResponse:
    found = _paged(step)
    assessment, may = get_step(request.user, year, code, step)
    form = StepForm(found, initial={"seen": assessment.state})
    return _page(request, assessment, may, found, form)


@require_POST
def step(request: UserRequest, year: int, code: str, step: str) -> HttpResponse:
    found = _paged(step)
    assessment, may = get_review(request.user, year, code)
    if step not in may.steps:
        return _overtaken(request, assessment, may, found)
    form = StepForm(found, request.POST)
    if form.is_valid():
        try:
            take_step(assessment=assessment, name=step, by=request.user, reason=form.text)
        except ValidationError as error:
            if has_moved(error):
                return _moved(request, assessment)
            add_problems(form, error)
        else:
            messages.success(request, f"{found.done}.")
            return redirect("review:compare" if step == "approve" else "assessment:detail", year, code)
    return _page(request, assessment, may, found, form, 422)


def _paged(name: str) -> Step:
    if name not in stepping.PAGED:
        raise Http404
    return STEPS[name]


def _overtaken(request: UserRequest, assessment: Assessment, may: ReviewMay, step: Step) -> HttpResponse:
    """Tell those who could take the step in the state they saw that it moved on; refuse everybody else."""
    seen = request.POST.get("seen", "")
    if seen != assessment.state and not may.base.sample and step.name in steps_from(seen, may.hats):
        return _moved(request, assessment)
    raise PermissionDenied


def _moved(request: UserRequest, assessment: Assessment) -> HttpResponse:
    messages.warning(request, NOT_NOW)
    return redirect(assessment)


def _page(
    request: UserRequest, assessment: Assessment, may: ReviewMay, step: Step, form: StepForm, status: int = 200
) -> HttpResponse:
    context = stepping.step_page(assessment, may, step, form)
    return render(request, "review/deciding/step.html", context, status=status)
