"""Answers of the period before: seeing, confirming, dismissing them."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.http import UserRequest
from accounts.notifications.services import is_portal_path
from assessment.selectors import worksheet_of

from ..access import PlanMay, get_planning, get_suggestion
from ..forms.talk import number
from ..pages import suggestions as pages
from ..services import suggestions as services


@require_safe
def suggestions(request: UserRequest, year: int, code: str) -> HttpResponse:
    assessment, may = get_planning(request.user, year, code, needs="discuss")
    return render(request, "planning/carrying/suggestions.html", pages.listing(assessment, may))


@require_POST
def confirm(request: UserRequest, year: int, code: str) -> HttpResponse:
    """Confirm the suggestions that were shown: one from its card, or those of a sub-area."""
    assessment, may = get_planning(request.user, year, code, needs="confirm")
    worksheet = worksheet_of(assessment.period.instrument)
    picked = picks(request.POST.getlist("pilih"))
    rows = assessment.suggestions.filter(pk__in=picked).values_list("pk", "criterion")
    mine = {pk for pk, c in rows if may.base.answer_criterion(worksheet, worksheet.code_of[c])}
    try:
        done = services.confirm(
            assessment=assessment, versions={pk: v for pk, v in picked.items() if pk in mine}, by=request.user
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        _tell(request, done, len(picked))
    return redirect(_back(request, year, code, may))


@require_POST
def dismiss(request: UserRequest, year: int, code: str, suggestion: UUID) -> HttpResponse:
    _, may, row = get_suggestion(request.user, year, code, suggestion)
    if services.dismiss(suggestion=row, by=request.user):
        messages.success(request, f"Jawaban periode lalu pada {row.criterion.code} diabaikan.")
    else:
        messages.warning(request, "Jawaban ini sudah diputuskan sebelumnya.")
    return redirect(_back(request, year, code, may))


def picks(values: list[str]) -> dict[UUID, int]:
    """Read which suggestions were shown, with the version of the answer seen beside each; the rest is left out."""
    found = {}
    for value in values[:200]:
        name, _, version = value.partition(":")
        seen = number(version)
        try:
            pk = UUID(name)
        except ValueError:
            continue
        if seen is not None:
            found[pk] = seen
    return found


def _tell(request: UserRequest, done: services.Confirmed, asked: int) -> None:
    if done.done:
        messages.success(request, f"{len(done.done)} jawaban dikonfirmasi dan tersimpan.")
    if done.conflicts:
        texts = ", ".join(done.conflicts)
        messages.warning(request, f"Sudah dijawab orang lain sementara Anda melihatnya, tidak diubah: {texts}.")
    for text in done.refused:
        messages.error(request, text)
    if not done.done and not done.conflicts and not done.refused:
        messages.warning(request, "Tidak ada yang dikonfirmasi." if asked else "Pilih jawaban yang dikonfirmasi.")


def _back(request: UserRequest, year: int, code: str, may: PlanMay) -> str:
    back = request.POST.get("kembali", "")
    return back if back and is_portal_path(back) else reverse("planning:suggestions", args=[year, code])
