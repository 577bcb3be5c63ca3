"""The page of one document: its description, versions, uses and history; publishing and deleting it."""

from dataclasses import replace as changed
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from accounts.http import UserRequest

from .. import document_pages
from ..access import LibraryMay, get_document
from ..document_pages import Bound
from ..forms.documents import DescribeForm, ReplaceForm
from ..models import Document
from ..services import documents, links
from ..services.documents import Stale
from ..services.library import room_left
from ..uploads import IncomingHandler, expect_uploads

WITHDRAWN = "Dokumen ini tidak lagi publik, karena versi barunya belum disetujui kepala unit untuk publik."


@require_safe
def document(request: UserRequest, code: str, document: UUID) -> HttpResponse:
    found, may = get_document(request.user, code, document)
    return _page(request, found, may, Bound())


@require_POST
def describe(request: UserRequest, code: str, document: UUID) -> HttpResponse:
    found, may = get_document(request.user, code, document, needs="edit")
    form = DescribeForm(request.POST)
    if not form.is_valid():
        return _page(request, found, may, Bound(describe=form), status=422)
    revision = form.cleaned_data["revision"]
    try:
        documents.describe(document=found, description=form.description, revision=revision, by=request.user)
    except Stale:
        found, may = get_document(request.user, code, document, needs="edit")
        return _page(request, found, may, Bound(describe=form, is_stale=True), status=409)
    messages.success(request, "Keterangan dokumen tersimpan.")
    return redirect(found)


@csrf_exempt
@require_POST
def replace(request: UserRequest, code: str, document: UUID) -> HttpResponse:
    """Add a version; the file is read before the form's token is checked, within its limits."""
    found, may = get_document(request.user, code, document, needs="edit")
    handler = expect_uploads(request, room=room_left(found.unit))
    try:
        return _replace(request, found, may, handler)
    finally:
        handler.discard()


@csrf_protect
def _replace(request: UserRequest, found: Document, may: LibraryMay, handler: IncomingHandler) -> HttpResponse:
    form = ReplaceForm(request.POST, handler.uploads)
    bound = Bound(replace=form)
    if not form.is_valid():
        return _page(request, found, may, bound, status=422)
    try:
        row = documents.replace_content(
            document=found, content=form.content(), seen=form.cleaned_data["seen"], by=request.user,
            may_publish=may.publish,
        )  # fmt: skip
    except Stale:
        found, may = get_document(request.user, found.unit.code, found.pk, needs="edit")
        return _page(request, found, may, changed(bound, is_stale=True), status=409)
    except ValidationError as error:
        form.add_error(None, error)
        return _page(request, found, may, bound, status=422)
    messages.success(request, document_pages.replaced_text(row))
    if found.is_public and not row.is_public:
        messages.warning(request, WITHDRAWN)
    return redirect(found)


@require_POST
def publish(request: UserRequest, code: str, document: UUID) -> HttpResponse:
    """Show a document to the public (`public` is 1) or withdraw it."""
    found, _ = get_document(request.user, code, document, needs="publish")
    public = request.POST.get("public") == "1"
    documents.set_public(unit=found.unit, documents=[found.pk], public=public, by=request.user)
    said = "Dokumen ini sekarang dapat dibaca publik." if public else "Dokumen ini tidak lagi dapat dibaca publik."
    messages.success(request, said)
    return redirect(found)


@require_POST
def delete(request: UserRequest, code: str, document: UUID) -> HttpResponse:
    found, may = get_document(request.user, code, document, needs="edit")
    try:
        documents.delete_document(document=found, by=request.user)
    except ValidationError as error:
        return _page(request, found, may, Bound(delete_problem=" ".join(error.messages)), status=422)
    messages.success(request, f"Dokumen “{found.title}” dihapus.")
    return redirect("evidence:library", found.unit.code)


@require_POST
def check_link(request: UserRequest, code: str, document: UUID) -> HttpResponse:
    found, _ = get_document(request.user, code, document, needs="edit")
    try:
        result = links.check_link(version=document_pages.current_of(found))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        (messages.success if result.ok else messages.warning)(request, result.message)
    return redirect(found)


def _page(request: UserRequest, found: Document, may: LibraryMay, bound: Bound, *, status: int = 200) -> HttpResponse:
    context = document_pages.document_page(request.user, found, may, request.GET.get("hal", ""), bound)
    return render(request, "evidence/document.html", context, status=status)
