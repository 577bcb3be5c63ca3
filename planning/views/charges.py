"""Who is in charge: assigning, naming the team lead, one's own criteria."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.http import UserRequest
from assessment.selectors import worksheet_of

from ..access import get_planning
from ..forms.talk import ChargeForm, LeaderForm
from ..pages import charges as pages
from ..pages.actions import parts_of
from ..selectors import members_of
from ..services import charges as services


@require_safe
def charges(request: UserRequest, year: int, code: str) -> HttpResponse:
    """Show everybody of the unit who is in charge; those who may, change it."""
    assessment, may = get_planning(request.user, year, code, needs="discuss")
    context = pages.charges(assessment, may, request.GET.get("lembar", ""))
    return render(request, "planning/charges/charges.html", context)


@require_POST
def assign(request: UserRequest, year: int, code: str) -> HttpResponse:
    assessment, may = get_planning(request.user, year, code, needs="assign")
    worksheet, page = worksheet_of(assessment.period.instrument), request.POST.get("lembar", "")
    node = worksheet.pages.get(page)
    places = [key for key, _ in parts_of(worksheet)] + [c.code for c in (node.all_criteria() if node else ())]
    form = ChargeForm(places, {m.user.pk: m.user for m in members_of(assessment.unit)}, request.POST)
    problems, conflicts = list[str](), list[str]()
    if form.is_valid():
        try:
            done = services.assign(assessment=assessment, wishes=form.wishes, by=request.user)
        except ValidationError as error:
            problems = error.messages
        else:
            conflicts = [wish.place for wish in done.conflicts]
            if not conflicts:
                said = f"{done.changed} perubahan tersimpan." if done.changed else "Tidak ada perubahan."
                messages.success(request, said)
                query = f"?lembar={page}" if node else ""
                return redirect(reverse("planning:charges", args=[year, code]) + query)
    problems = problems or [str(e) for e in form.non_field_errors()]
    typed = {key: value for key, value in request.POST.items() if isinstance(value, str)}
    context = pages.charges(assessment, may, page, typed=typed, problems=problems, conflicts=conflicts)
    return render(request, "planning/charges/charges.html", context, status=409 if conflicts else 422)


@require_POST
def leader(request: UserRequest, year: int, code: str) -> HttpResponse:
    assessment, may = get_planning(request.user, year, code, needs="lead")
    form = LeaderForm(assessment, request.POST)
    if form.is_valid():
        services.name_leader(assessment=assessment, user=form.cleaned_data["leader"], by=request.user)
        messages.success(request, "Ketua tim kerja tersimpan.")
        return redirect("planning:charges", year, code)
    problems = [str(e) for found in form.errors.values() for e in found]
    context = pages.charges(assessment, may, "", problems=problems)
    return render(request, "planning/charges/charges.html", context, status=422)


@require_safe
def mine(request: UserRequest, year: int, code: str) -> HttpResponse:
    assessment, may = get_planning(request.user, year, code, needs="discuss")
    context = pages.mine(assessment, may, request.user, is_open_only=request.GET.get("belum", "") == "1")
    return render(request, "planning/charges/mine.html", context)
