"""The letters that propose units to TPN."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.http import UserRequest
from assessment.models import Period

from ..access import require_agency_admin
from ..forms.deciding import ProposalForm
from ..pages import proposing as pages
from ..proposing import get_period, get_proposal, letter_start
from ..services.proposals import make_proposal
from .problems import add_problems


@require_safe
def proposals(request: UserRequest, year: int) -> HttpResponse:
    require_agency_admin(request.user)
    period = get_period(year)
    initial = {"dated": timezone.localdate()} | letter_start(request.user)
    return _page(request, period, ProposalForm(request.user, period, initial=initial))


@require_POST
def proposal_add(request: UserRequest, year: int) -> HttpResponse:
    require_agency_admin(request.user)
    period = get_period(year)
    form = ProposalForm(request.user, period, request.POST)
    if form.is_valid():
        try:
            made = make_proposal(
                period=period, assessments=form.cleaned_data["units"], letter=form.letter, by=request.user
            )
        except ValidationError as error:
            add_problems(form, error)
        else:
            messages.success(request, f"Surat dibuat; {len(made.data['units'])} unit diusulkan kepada TPN.")
            return redirect("review:proposal", year, made.pk)
    return _page(request, period, form, 422)


@require_safe
def proposal(request: UserRequest, year: int, proposal: UUID) -> HttpResponse:
    require_agency_admin(request.user)
    found = get_proposal(request.user, year, proposal)
    return render(request, "review/deciding/proposal.html", pages.letter(request.user, found))


def _page(request: UserRequest, period: Period, form: ProposalForm, status: int = 200) -> HttpResponse:
    context = pages.letters(request.user, period, form)
    return render(request, "review/deciding/proposals.html", context, status=status)
