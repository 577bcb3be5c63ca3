"""The discussions of a unit, which nobody outside of it sees."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.http import UserRequest
from assessment.models import Assessment
from assessment.selectors import worksheet_of

from ..access import get_message, get_place, get_planning
from ..forms.talk import MessageForm
from ..pages import talk as pages
from ..services import messages as services


@require_safe
def talks(request: UserRequest, year: int, code: str) -> HttpResponse:
    assessment, may = get_planning(request.user, year, code, needs="discuss")
    return render(request, "planning/talk/all.html", pages.every(assessment, may, request.user))


@require_safe
def talk(request: UserRequest, year: int, code: str, criterion: str) -> HttpResponse:
    assessment, may, found = get_place(request.user, year, code, criterion, needs="discuss")
    return render(request, "planning/talk/one.html", pages.one(assessment, may, request.user, found))


@require_POST
def say(request: UserRequest, year: int, code: str, criterion: str) -> HttpResponse:
    assessment, may, found = get_place(request.user, year, code, criterion, needs="talk")
    form = MessageForm(request.POST)
    if form.is_valid():
        services.say(assessment=assessment, code=found.code, text=form.cleaned_data["text"], by=request.user)
        messages.success(request, "Pesan terkirim kepada tim unit.")
        return redirect(_back(request, assessment, found.code))
    context = pages.one(
        assessment, may, request.user, found, typed=request.POST.get("text", "").replace("\0", ""),
        errors=[str(e) for e in form.errors.get("text", [])],
    )  # fmt: skip
    return render(request, "planning/talk/one.html", context, status=422)


@require_POST
def withdraw(request: UserRequest, year: int, code: str, message: UUID) -> HttpResponse:
    assessment, _, row = get_message(request.user, year, code, message)
    try:
        services.withdraw(message=row)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "Pesan ditarik.")
    return redirect(_back(request, assessment, row.criterion.code))


def _back(request: UserRequest, assessment: Assessment, code: str) -> str:
    """Return to the sheet, with the discussion open, if that is where it was written; else to its own page."""
    where = [assessment.period.year, assessment.unit.code]
    worksheet = worksheet_of(assessment.period.instrument)
    if request.POST.get("dari", "") == "lembar":
        page = reverse("assessment:page", args=[*where, worksheet.page_of[code]])
        return f"{page}?diskusi={code}#p-{worksheet.criteria[code].slug}"
    return reverse("planning:talk", args=[*where, code])
