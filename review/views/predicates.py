"""A unit's record over the years, the withdrawal of a predicate, and where the public reads of predicates."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.http import UserRequest

from ..forms.deciding import WithdrawForm
from ..pages import predicates as pages
from ..records import get_award, get_record
from ..services.results import WITHDRAWN, withdraw_award
from .problems import add_problems, has_moved


@require_safe
def record(request: UserRequest, code: str) -> HttpResponse:
    found = get_record(request.user, code)
    return render(request, "review/deciding/record.html", pages.record(found))


@require_safe
def award_withdraw_page(request: UserRequest, code: str, award: int) -> HttpResponse:
    found = get_award(request.user, code, award)
    if found.withdrawn_on:
        messages.info(request, WITHDRAWN)
        return redirect("review:record", code)
    form = WithdrawForm(initial={"on": timezone.localdate()})
    return render(request, "review/deciding/withdraw.html", pages.withdrawal(found, form))


@require_POST
def award_withdraw(request: UserRequest, code: str, award: int) -> HttpResponse:
    found = get_award(request.user, code, award)
    form = WithdrawForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            withdraw_award(award=found, on=given["on"], reason=given["reason"], by=request.user)
        except ValidationError as error:
            if has_moved(error):
                messages.warning(request, WITHDRAWN)
                return redirect("review:record", code)
            add_problems(form, error)
        else:
            messages.success(request, "Predikat dicabut.")
            return redirect("review:record", code)
    return render(request, "review/deciding/withdraw.html", pages.withdrawal(found, form), status=422)


@login_not_required
@require_safe
def predicates(request: HttpRequest) -> HttpResponse:
    """Lead to the public list of units, which shows their predicates; this address was known before there was one."""
    return redirect(f"{reverse('news:units')}?predikat=ya", permanent=True)
