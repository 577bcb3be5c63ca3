"""Opening a period from the one before; the agency's admins alone."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.http import UserRequest
from assessment.models import Assessment, Period
from review.access import require_agency_admin
from review.proposing import get_period

from ..forms.carrying import CarryForm
from ..pages import carrying as pages
from ..services import carrying as services


@require_safe
def carry(request: UserRequest, year: int) -> HttpResponse:
    require_agency_admin(request.user)
    period = get_period(year)
    context = pages.form_page(period, pages.sources_of(request.user, period), None)
    return render(request, "planning/carrying/form.html", context)


@require_POST
def carry_preview(request: UserRequest, year: int) -> HttpResponse:
    """Show what would be made; nothing is written."""
    require_agency_admin(request.user)
    period, sources, form = _asked(request, year)
    if not form.is_valid():
        return _again(request, period, sources, form)
    return render(request, "planning/carrying/preview.html", pages.preview(period, sources, form))


@require_POST
def carry_apply(request: UserRequest, year: int) -> HttpResponse:
    """Make the period and carry the units, each by itself: what was done stays done, repeating goes on from there."""
    require_agency_admin(request.user)
    period, sources, form = _asked(request, year)
    if not form.is_valid():
        return _again(request, period, sources, form)
    try:
        target = services.open_period(period=form.period)
    except ValidationError as error:
        form.add_error(None, ValidationError(error.messages))
        return _again(request, period, sources, form)
    wanted = [s for s in sources if s.unit.code in form.cleaned_data["unit"]]
    done = services.carry_period(sources=wanted, period=target, by=request.user)
    text = f"{len(done)} unit dilanjutkan ke {target.name}." if done else f"Semua unit sudah ada pada {target.name}."
    messages.success(request, text)
    return redirect("planning:carry", target.year)


def _asked(request: UserRequest, year: int) -> tuple[Period, list[Assessment], CarryForm]:
    period = get_period(year)
    sources = pages.sources_of(request.user, period)
    return period, sources, CarryForm(period, [(s.unit.code, s.unit.name) for s in sources], request.POST)


def _again(request: UserRequest, period: Period, sources: list[Assessment], form: CarryForm) -> HttpResponse:
    context = pages.form_page(period, sources, form, request.POST.getlist("unit"))
    return render(request, "planning/carrying/form.html", context, status=422)
