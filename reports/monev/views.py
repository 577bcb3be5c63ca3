"""Monitoring letters: made by the agency's admins, read by everybody who sees the unit."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.http import UserRequest
from accounts.letterheads.selectors import logo_png
from assessment import history
from review.proposing import letter_start
from review.records import get_award
from review.views.problems import add_problems, has_moved

from ..downloads import DOCX, PDF, download
from . import pages
from .forms import MonitoringForm
from .models import MonitoringLetter
from .selectors import get_letter, next_due
from .services import WITHDRAWN, make_letter


@require_safe
def monev_start(request: UserRequest, code: str, award: int) -> HttpResponse:
    found = get_award(request.user, code, award)
    if found.withdrawn_on:
        messages.info(request, WITHDRAWN)
        return redirect("review:record", code)
    today = timezone.localdate()
    form = MonitoringForm(initial={"dated": today, "due_on": next_due(today)} | letter_start(request.user))
    return render(request, "reports/monev/start.html", pages.start(found, form))


@require_POST
def monev_add(request: UserRequest, code: str, award: int) -> HttpResponse:
    found = get_award(request.user, code, award)
    form = MonitoringForm(request.POST)
    if form.is_valid():
        try:
            made = make_letter(award=found, letter=form.letter, by=request.user)
        except ValidationError as error:
            if has_moved(error):
                messages.warning(request, WITHDRAWN)
                return redirect("review:record", code)
            add_problems(form, error)
        else:
            messages.success(request, "Surat monev dibuat.")
            return redirect("reports:monev-letter", code, made.pk)
    return render(request, "reports/monev/start.html", pages.start(found, form), status=422)


@require_safe
def monev_letter(request: UserRequest, code: str, monitoring: UUID) -> HttpResponse:
    found = get_letter(request.user, code, monitoring)
    return render(request, "reports/monev/letter.html", pages.letter(found))


@require_safe
def monev_pdf(request: UserRequest, code: str, monitoring: UUID) -> HttpResponse:
    from .. import documents  # its libraries take long to load and are not needed otherwise

    found = get_letter(request.user, code, monitoring)
    return download(documents.monev_pdf(_drawn(request, code, found)), PDF, f"{_stem(found)}.pdf")


@require_safe
def monev_docx(request: UserRequest, code: str, monitoring: UUID) -> HttpResponse:
    from .. import documents

    found = get_letter(request.user, code, monitoring)
    return download(documents.monev_docx(_drawn(request, code, found)), DOCX, f"{_stem(found)}.docx")


def _stem(found: MonitoringLetter) -> str:
    """Return the start of a file name: Surat-Monev-2028-UNIT-01."""
    return f"Surat-Monev-{found.dated.year}-{found.data['unit_code']}"


def _drawn(request: UserRequest, code: str, found: MonitoringLetter) -> dict[str, Any]:
    """Return what a letter says, with its logo, the SHA-256 over it and where it can be looked at."""
    return found.data | {
        "logo": logo_png((found.data["letterhead"] or {}).get("logo", "")),
        "digest": history.digest("", found.data),
        "receipt_url": request.build_absolute_uri(reverse("reports:monev-letter", args=[code, found.pk])),
    }
