"""The plan of action: list, board and calendar, its files, one action, making many."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.http import UserRequest
from accounts.notifications.services import is_portal_path
from assessment.models import Assessment
from assessment.selectors import worksheet_of

from ..access import get_action, get_planning
from ..files import ics_of
from ..forms.actions import ChangeForm, MakeForm, NewActionForm, StatusForm
from ..pages import action as page
from ..pages import actions as pages
from ..services import actions as services
from ..xlsx import actions_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def actions(request: UserRequest, year: int, code: str) -> HttpResponse:
    assessment, may = get_planning(request.user, year, code, needs="read")
    look = pages.asked(request.GET, worksheet_of(assessment.period.instrument))
    context = pages.listing(assessment, may, request.user, look, request.GET.get("hal"))
    return render(request, "planning/actions/list.html", context)


@require_safe
def actions_xlsx_file(request: UserRequest, year: int, code: str) -> HttpResponse:
    """Hand out the actions that the address asks for as a workbook."""
    assessment, _ = get_planning(request.user, year, code, needs="read")
    worksheet = worksheet_of(assessment.period.instrument)
    found = list(pages.found_actions(assessment, pages.asked(request.GET, worksheet), request.user))
    content = actions_xlsx(assessment.unit.name, assessment.period.name, worksheet, found)
    return _file(assessment, content, XLSX, "xlsx")


@require_safe
def actions_ics_file(request: UserRequest, year: int, code: str) -> HttpResponse:
    """Hand out the actions that the address asks for as calendar days, as tasks with `?bentuk=tugas`."""
    assessment, _ = get_planning(request.user, year, code, needs="read")
    look = pages.asked(request.GET, worksheet_of(assessment.period.instrument))
    found = list(pages.found_actions(assessment, look, request.user))
    is_tasks = request.GET.get("bentuk", "") == "tugas"
    return _file(assessment, ics_of(assessment, found, is_tasks=is_tasks), "text/calendar; charset=utf-8", "ics")


@require_safe
def action_new(request: UserRequest, year: int, code: str) -> HttpResponse:
    assessment, may = get_planning(request.user, year, code, needs="plan")
    form = NewActionForm(assessment, may)
    return render(
        request, "planning/actions/new.html", page.new(assessment, may, form, request.GET.get("kriteria", ""))
    )


@require_POST
def action_add(request: UserRequest, year: int, code: str) -> HttpResponse:
    assessment, may = get_planning(request.user, year, code, needs="plan")
    form = NewActionForm(assessment, may, request.POST)
    if form.is_valid():
        try:
            made = services.add_action(
                assessment=assessment, code=form.cleaned_data["code"], plan=form.plan, by=request.user
            )
        except ValidationError as error:
            _add(form, error)
        else:
            messages.success(request, "Rencana aksi ditambahkan.")
            return redirect("planning:action", year, code, made.pk)
    return render(request, "planning/actions/new.html", page.new(assessment, may, form), status=422)


@require_safe
def action(request: UserRequest, year: int, code: str, action: UUID) -> HttpResponse:
    assessment, may, row = get_action(request.user, year, code, action, needs="read")
    return render(request, "planning/actions/action.html", page.one(assessment, may, request.user, row))


@require_POST
def action_save(request: UserRequest, year: int, code: str, action: UUID) -> HttpResponse:
    assessment, may, row = get_action(request.user, year, code, action, needs="plan")
    form, is_stale = ChangeForm(assessment, row, request.POST), False
    if form.is_valid():
        try:
            services.change_action(
                action=row, plan=form.plan, revision=form.cleaned_data["seen"], by=request.user
            )  # fmt: skip
        except services.Stale:
            is_stale = True
        except ValidationError as error:
            _add(form, error)
        else:
            messages.success(request, "Perubahan tersimpan.")
            return redirect("planning:action", year, code, row.pk)
    _, _, row = get_action(request.user, year, code, action, needs="plan")  # as it is stored
    context = page.one(assessment, may, request.user, row, form, is_stale=is_stale)
    return render(request, "planning/actions/action.html", context, status=409 if is_stale else 422)


@require_POST
def action_status(request: UserRequest, year: int, code: str, action: UUID) -> HttpResponse:
    """Move an action on the board, one button each."""
    _, _, row = get_action(request.user, year, code, action, needs="plan")
    form = StatusForm(request.POST)
    try:
        if not form.is_valid():
            raise ValidationError([str(e) for found in form.errors.values() for e in found])
        given = form.cleaned_data
        changed = services.set_status(action=row, status=given["status"], revision=given["seen"], by=request.user)
        messages.success(request, f"“{changed.activity[:80]}” sekarang {changed.get_status_display().lower()}.")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    back = request.POST.get("kembali", "")
    return redirect(back) if back and is_portal_path(back) else redirect("planning:action", year, code, row.pk)


@require_safe
def make(request: UserRequest, year: int, code: str) -> HttpResponse:
    """Show what would be made from the expected documents of unanswered criteria."""
    assessment, may = get_planning(request.user, year, code, needs="plan")
    return render(request, "planning/actions/make.html", page.making(assessment, may, None, []))


@require_POST
def make_apply(request: UserRequest, year: int, code: str) -> HttpResponse:
    assessment, may = get_planning(request.user, year, code, needs="plan")
    worksheet = worksheet_of(assessment.period.instrument)
    form = MakeForm(assessment.period.year, pages.parts_of(worksheet), request.POST)
    if not form.is_valid():
        context = page.making(assessment, may, form, request.POST.getlist("part") or ["-"])
        return render(request, "planning/actions/make.html", context, status=422)
    codes = page.codes_in(worksheet, page.open_criteria(assessment, may, worksheet), form.cleaned_data["part"])
    try:
        made = services.make_actions(
            assessment=assessment, codes=codes, target=form.cleaned_data["target"], by=request.user
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"{made} rencana aksi dibuat." if made else "Tidak ada lagi yang perlu dibuat.")
    return redirect("planning:actions", year, code)


def _add(form: Form, error: ValidationError) -> None:
    """Put what a service refuses beside its field."""
    known: dict[str, Any] = error.message_dict if hasattr(error, "error_dict") else {}
    for name, found in known.items():
        form.add_error(name, found)
    if not known:
        form.add_error(None, error)


def _file(assessment: Assessment, content: bytes, kind: str, ending: str) -> HttpResponse:
    name = f"rencana-aksi-{assessment.unit.code}-{assessment.period.year}.{ending}"
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
