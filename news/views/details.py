"""The page on which a unit says who it is, and an admin publishes its final score."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.http import UserRequest
from accounts.models import Unit

from .. import selectors
from ..access import PublicMay, get_unit
from ..forms.units import DetailsForms
from ..pages import writing as pages
from ..services.common import Stale
from ..services.units import publish_score, save_details, withdraw_score


@require_safe
def details(request: UserRequest, code: str) -> HttpResponse:
    unit, may = get_unit(request.user, code, needs="write")
    return _page(request, unit, may, DetailsForms(selectors.profile_of(unit)))


@require_POST
def details_save(request: UserRequest, code: str) -> HttpResponse:
    """Save all details at once; what somebody else changed meanwhile is shown beside it, never overwritten."""
    unit, may = get_unit(request.user, code, needs="write")
    forms = DetailsForms(selectors.profile_of(unit), request.POST)
    if not forms.is_valid():
        return _page(request, unit, may, forms, status=422)
    try:
        save_details(unit=unit, details=forms.details, seen=forms.seen, by=request.user)
    except Stale:
        stored = selectors.profile_of(unit)
        return _page(request, unit, may, forms, stored=stored, version=stored.version if stored else 0, status=409)
    messages.success(request, "Profil publik disimpan.")
    return redirect("news:details", unit.code)


@require_POST
def score_publish(request: UserRequest, code: str, year: int) -> HttpResponse:
    return _score(request, code, year, publish_score, "Nilai akhir diterbitkan.")


@require_POST
def score_withdraw(request: UserRequest, code: str, year: int) -> HttpResponse:
    return _score(request, code, year, withdraw_score, "Nilai akhir ditarik dari publik.")


def _score(request: UserRequest, code: str, year: int, write: Callable[..., Any], done: str) -> HttpResponse:
    unit, _ = get_unit(request.user, code, needs="administer")
    try:
        write(unit=unit, year=year, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, done)
    return redirect("news:details", unit.code)


def _page(
    request: UserRequest, unit: Unit, may: PublicMay, forms: DetailsForms, *, status: int = 200, **more: Any
) -> HttpResponse:
    return render(request, "news/writing/details.html", pages.details(unit, may, forms, **more), status=status)
