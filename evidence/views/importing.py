"""Importing a ZIP or a folder: receiving its files, deciding where they go, attaching them."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import TooManyFilesSent, ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from accounts.http import UserRequest
from assessment.access import May, get_assessment
from assessment.models import Assessment
from assessment.selectors import worksheet_of

from .. import importing_pages
from ..access import get_batch
from ..forms.importing import ChoicesForm
from ..importing_pages import Said
from ..models import ImportBatch
from ..rows import size_text
from ..services import importing
from ..services.together import shown_name
from ..uploads import CUT_OFF, IncomingHandler, expect_uploads

NO_FILE = "Pilih dulu berkas ZIP yang akan diimpor."
NO_CONTENT = "Tidak ada berkas yang diterima."
TOO_LARGE = "ZIP ini lebih besar dari batas {limit}. Bagi menjadi beberapa ZIP, lalu impor satu per satu."
STEP = 8  # seconds of receiving for each request: well inside any proxy's patience


@require_safe
def import_start(request: UserRequest, year: int, code: str) -> HttpResponse:
    assessment, may = get_assessment(request.user, year, code, needs="answer")
    return render(request, "evidence/importing_start.html", importing_pages.start_page(assessment, may))


@csrf_exempt  # the body may only be read after the access check; `_take_zip` checks the token
@require_POST
def import_zip(request: UserRequest, year: int, code: str) -> HttpResponse:
    assessment, may = get_assessment(request.user, year, code, needs="answer")
    limit = settings.EVIDENCE_MAX_IMPORT
    handler = expect_uploads(request, room=limit, file_limit=limit)
    try:
        return _take_zip(request, assessment, may, handler)
    except TooManyFilesSent:
        return _start_again(request, assessment, may, NO_FILE)
    finally:
        handler.discard()


@csrf_protect
def _take_zip(request: UserRequest, assessment: Assessment, may: May, handler: IncomingHandler) -> HttpResponse:
    request.POST  # noqa: B018  reads the body
    upload = next(iter(handler.uploads), None)
    if upload is None:
        return _start_again(request, assessment, may, NO_FILE)
    if upload.incoming is None:
        too_large = TOO_LARGE.format(limit=size_text(settings.EVIDENCE_MAX_IMPORT))
        return _start_again(request, assessment, may, CUT_OFF if upload.refusal == CUT_OFF else too_large)
    try:
        batch = importing.begin_archive(
            assessment=assessment, source=shown_name(upload.name), incoming=upload.incoming, by=request.user
        )
        importing.go_on(batch=batch, seconds=STEP)
    except ValidationError as error:
        return _start_again(request, assessment, may, " ".join(error.messages))
    return _to_import(assessment, batch)


@require_POST
def import_begin(request: UserRequest, year: int, code: str) -> HttpResponse:
    """Open an import for a folder that the browser sends file by file; answers with where to send them."""
    assessment, _ = get_assessment(request.user, year, code, needs="answer")
    name = shown_name(request.POST.get("nama", ""))
    try:
        batch = importing.begin_import(assessment=assessment, source=name, by=request.user)
    except ValidationError as error:
        return JsonResponse({"masalah": " ".join(error.messages)}, status=422)
    places = [assessment.period.year, assessment.unit.code, batch.pk]
    page, file = reverse("evidence:import", args=places), reverse("evidence:import-file", args=places)
    return JsonResponse({"berkas": file, "halaman": page})


@csrf_exempt  # the body may only be read after the access check; `_take_file` checks the token
@require_POST
def import_file(request: UserRequest, year: int, code: str, batch: UUID) -> HttpResponse:
    """Receive one file of a folder; answers with what is wrong with it, if anything."""
    assessment, _, found = get_batch(request.user, year, code, batch)
    handler = expect_uploads(request, room=importing.room_for_imports(assessment.unit))
    try:
        return _take_file(request, found, handler)
    except TooManyFilesSent:
        return JsonResponse({"masalah": NO_CONTENT}, status=422)
    finally:
        handler.discard()


@csrf_protect
def _take_file(request: UserRequest, batch: ImportBatch, handler: IncomingHandler) -> HttpResponse:
    path = "".join(c for c in request.POST.get("jalur", "") if c.isprintable()).strip()  # reads the body
    upload = next(iter(handler.uploads), None)
    if upload is None or upload.incoming is None:
        return JsonResponse({"masalah": upload.refusal if upload else NO_CONTENT}, status=422)
    try:
        item = importing.add_file(batch=batch, path=path or upload.name, incoming=upload.incoming)
    except ValidationError as error:
        return JsonResponse({"masalah": " ".join(error.messages)}, status=422)
    return JsonResponse({"masalah": item.problem}, status=422 if item.problem else 200)


@require_POST
def import_step(request: UserRequest, year: int, code: str, batch: UUID) -> HttpResponse:
    """Receive some more files of a ZIP."""
    assessment, _, found = get_batch(request.user, year, code, batch)
    if found.state == ImportBatch.State.RECEIVING:
        try:
            importing.go_on(batch=found, seconds=STEP)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
    return _to_import(assessment, found)


@require_safe
def import_preview(request: UserRequest, year: int, code: str, batch: UUID) -> HttpResponse:
    assessment, may, found = get_batch(request.user, year, code, batch)
    return render(request, "evidence/importing.html", importing_pages.import_page(assessment, may, found))


@require_POST
def import_apply(request: UserRequest, year: int, code: str, batch: UUID) -> HttpResponse:
    assessment, may, found = get_batch(request.user, year, code, batch)
    worksheet = worksheet_of(assessment.period.instrument)
    items = list(found.items.filter(blob__isnull=False))
    form = ChoicesForm(worksheet, importing_pages.allowed_codes(worksheet, may), items, request.POST)
    if not form.is_valid():
        said = Said(form.typed, frozenset(form.skipped), form.errors)
        context = importing_pages.import_page(assessment, may, found, said)
        return render(request, "evidence/importing.html", context, status=422)
    try:
        applied = importing.apply_import(batch=found, choices=form.choices, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return _to_import(assessment, found)
    _tell(request, applied, left_out=len(items) - len(form.choices))
    return redirect(assessment)


@require_POST
def import_discard(request: UserRequest, year: int, code: str, batch: UUID) -> HttpResponse:
    assessment, _, found = get_batch(request.user, year, code, batch)
    if importing.discard_import(batch=found):
        messages.info(request, f"Impor “{found.source}” dibatalkan; tidak ada yang dilampirkan.")
    else:
        messages.info(request, importing.FINISHED)
    return redirect("evidence:import-start", assessment.period.year, assessment.unit.code)


def _tell(request: UserRequest, applied: importing.Applied, *, left_out: int) -> None:
    told = [f"{applied.attached} bukti terlampir", f"{applied.documents} dokumen baru"]
    if applied.there:
        told.append(f"{applied.there} sudah terlampir sebelumnya")
    if left_out:
        told.append(f"{left_out} berkas tidak dilampirkan")
    messages.success(request, f"Impor selesai: {', '.join(told)}.")


def _start_again(request: UserRequest, assessment: Assessment, may: May, problem: str) -> HttpResponse:
    context = importing_pages.start_page(assessment, may, problem)
    return render(request, "evidence/importing_start.html", context, status=422)


def _to_import(assessment: Assessment, batch: ImportBatch) -> HttpResponse:
    return redirect("evidence:import", assessment.period.year, assessment.unit.code, batch.pk)
