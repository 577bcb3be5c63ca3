"""Importing a filled workbook: sending it, deciding about unclear rows, agreeing to the whole."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import TooManyFilesSent, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from accounts.http import UserRequest
from assessment.access import May, get_assessment
from assessment.models import Assessment
from evidence.services.together import shown_name
from evidence.uploads import CUT_OFF, IncomingHandler, expect_uploads

from .. import pages, services
from ..access import get_import
from ..forms import DecisionForm
from ..models import LkeImport
from ..package import MAX_BYTES, TOO_LARGE
from ..pages import SILENCE, Said
from ..previewing import Preview, allowed_for

NO_FILE = "Pilih dulu berkas LKE (.xlsx) yang akan diimpor."
CHOSEN = "Pilihan Anda diterapkan, tetapi belum ada yang disimpan. Periksa perubahannya, lalu simpan."


@require_safe
def lke_import_start(request: UserRequest, year: int, code: str) -> HttpResponse:
    assessment, may = get_assessment(request.user, year, code, needs="answer")
    return render(request, "reports/importing/start.html", pages.start_page(assessment, may))


@csrf_exempt  # the body may only be read after the access check; `_take` checks the token
@require_POST
def lke_import_upload(request: UserRequest, year: int, code: str) -> HttpResponse:
    assessment, may = get_assessment(request.user, year, code, needs="answer")
    handler = expect_uploads(request, room=MAX_BYTES, file_limit=MAX_BYTES)
    try:
        return _take(request, assessment, may, handler)
    except TooManyFilesSent:
        return _start_again(request, assessment, may, NO_FILE)
    finally:
        handler.discard()


@csrf_protect
def _take(request: UserRequest, assessment: Assessment, may: May, handler: IncomingHandler) -> HttpResponse:
    request.POST  # noqa: B018  reads the body
    upload = next(iter(handler.uploads), None)
    if upload is None:
        return _start_again(request, assessment, may, NO_FILE)
    if upload.incoming is None:
        return _start_again(request, assessment, may, CUT_OFF if upload.refusal == CUT_OFF else TOO_LARGE)
    try:
        with upload.incoming.open() as file:
            pending = services.begin_import(
                assessment=assessment, source=shown_name(upload.name), file=file, by=request.user
            )
    except ValidationError as error:
        return _start_again(request, assessment, may, " ".join(error.messages))
    return redirect(pending)


@require_safe
def lke_import(request: UserRequest, year: int, code: str, lke: UUID) -> HttpResponse:
    assessment, may, pending = get_import(request.user, year, code, lke)
    if not pending.is_open:
        return render(request, "reports/importing/preview.html", pages.closed_page(assessment, may, pending))
    preview = _preview(request, assessment, may, pending)
    return _page(request, assessment, may, pending, preview)


@require_POST
def lke_import_choose(request: UserRequest, year: int, code: str, lke: UUID) -> HttpResponse:
    """Keep where unclear rows belong and what is not to be changed; writes no answer."""
    assessment, may, pending = get_import(request.user, year, code, lke)
    if not pending.is_open:
        return redirect(pending)
    preview = _preview(request, assessment, may, pending)
    form = DecisionForm(preview, request.POST)
    if not form.is_valid():
        return _page(request, assessment, may, pending, preview, Said(form.typed, form.errors), 422)
    return _choose(request, pending, form)


@require_POST
def lke_import_apply(request: UserRequest, year: int, code: str, lke: UUID) -> HttpResponse:
    """Write what was on the page, unless a choice on it was not in its comparison yet or answers changed since."""
    assessment, may, pending = get_import(request.user, year, code, lke)
    if not pending.is_open:
        messages.info(request, services.FINISHED)
        return redirect(pending)
    preview = _preview(request, assessment, may, pending)
    form = DecisionForm(preview, request.POST)
    if not form.is_valid():
        return _page(request, assessment, may, pending, preview, Said(form.typed, form.errors), 422)
    if _is_news(pending, preview, form):
        return _choose(request, pending, form)
    try:
        applied = services.apply_import(
            pending=pending, seen=form.seen, skipped=form.skipped, allowed=allowed_for(assessment, may),
            by=request.user, hosts=[request.get_host()],
        )  # fmt: skip
    except services.Changed as error:
        fresh = _preview(request, assessment, may, pending)
        return _page(request, assessment, may, pending, fresh, Said(changed=error.codes), 409)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(pending)
    messages.success(request, _told(applied))
    return redirect(assessment)


@require_POST
def lke_import_discard(request: UserRequest, year: int, code: str, lke: UUID) -> HttpResponse:
    assessment, _, pending = get_import(request.user, year, code, lke)
    if services.discard_import(pending=pending):
        messages.info(request, f"Impor “{pending.source}” dibatalkan; tidak ada yang disimpan.")
    else:
        messages.info(request, services.FINISHED)
    return redirect("reports:lke-import-start", assessment.period.year, assessment.unit.code)


def _preview(request: UserRequest, assessment: Assessment, may: May, pending: LkeImport) -> Preview:
    allowed = allowed_for(assessment, may)
    return services.preview_import(pending, assessment, allowed=allowed, hosts=[request.get_host()])


def _page(
    request: UserRequest, assessment: Assessment, may: May, pending: LkeImport, preview: Preview,
    said: Said = SILENCE, status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = pages.preview_page(assessment, may, pending, preview, said)
    return render(request, "reports/importing/preview.html", context, status=status)


def _choose(request: UserRequest, pending: LkeImport, form: DecisionForm) -> HttpResponse:
    try:
        services.choose(pending=pending, choices=form.choices, skipped=form.skipped)
    except ValidationError as error:
        messages.info(request, " ".join(error.messages))
    else:
        messages.info(request, CHOSEN)
    return redirect(pending)


def _is_news(pending: LkeImport, preview: Preview, form: DecisionForm) -> bool:
    """Tell whether the page was sent with a choice that its comparison did not show yet."""
    kept = {doubt.row: pending.choices.get(str(doubt.row), "") for doubt in preview.doubts}
    return form.choices != kept


def _told(applied: services.Applied) -> str:
    parts = [f"{applied.answers} kriteria disimpan", *([f"{applied.links} tautan dilampirkan"] * bool(applied.links))]
    return f"Impor selesai: {', '.join(parts)}."


def _start_again(request: UserRequest, assessment: Assessment, may: May, problem: str) -> HttpResponse:
    context = pages.start_page(assessment, may, problem)
    return render(request, "reports/importing/start.html", context, status=422)
