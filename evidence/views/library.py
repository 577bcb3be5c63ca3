"""The list of a unit's documents: adding to it, and doing something with several at once."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, TooManyFilesSent, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from accounts.http import UserRequest, is_htmx
from accounts.models import Unit

from .. import library_pages
from ..access import LibraryMay, get_library
from ..forms.criterion import LinkForm
from ..forms.library import AttachForm, BulkForm, TickedForm
from ..library_pages import Bound
from ..models import Document
from ..services.attachments import Link, attach
from ..services.documents import Content, add_document, set_public
from ..services.library import room_left
from ..services.together import Taken, add_upload, shown_name
from ..uploads import IncomingHandler, Upload, expect_uploads

NO_FILE = "Pilih dulu berkas yang akan diunggah."
TOO_MANY = "Terlalu banyak berkas sekaligus. Unggah paling banyak 100 berkas sekali kirim."
NOT_OPEN = "Tidak ada penilaian yang dapat Anda isi sekarang, jadi dokumen belum dapat dilampirkan."


@require_safe
def library(request: UserRequest, code: str) -> HttpResponse:
    unit, may = get_library(request.user, code)
    return _page(request, unit, may, Bound())


@csrf_exempt  # the body may only be read after the access check; `_add` checks the token
@require_POST
def add(request: UserRequest, code: str) -> HttpResponse:
    """Add files, or one link, to the unit's documents."""
    unit, may = get_library(request.user, code, needs="edit")
    handler = expect_uploads(request, room=room_left(unit))
    try:
        return _add(request, unit, may, handler)
    except TooManyFilesSent:
        return _page(request, unit, may, Bound(refused=[TOO_MANY]), 422)
    finally:
        handler.discard()


@csrf_protect
def _add(request: UserRequest, unit: Unit, may: LibraryMay, handler: IncomingHandler) -> HttpResponse:
    if "url" in request.POST:  # reads the body
        return _add_link(request, unit, may)
    year = library_pages.default_year(library_pages.assessments_of(request.user, unit))
    taken = [_taken(request, unit, upload, year) for upload in handler.uploads]
    outcomes = [_outcome(each) for each in taken] or [(False, NO_FILE)]
    refused = [text for is_there, text in outcomes if not is_there]
    if is_htmx(request):
        return _page(request, unit, may, Bound(outcomes=outcomes), 422 if refused else 200)
    if len(refused) == len(outcomes):
        return _page(request, unit, may, Bound(refused=refused), 422)
    _tell_added(request, taken, refused)
    return redirect("evidence:library", unit.code)


def _taken(request: UserRequest, unit: Unit, upload: Upload, year: int) -> Taken:
    name = shown_name(upload.name)
    try:
        document, is_new = add_upload(upload=upload, unit=unit, year=year, by=request.user)
    except ValidationError as error:
        return Taken(name, problem=" ".join(error.messages))
    return Taken(name, document, is_new=is_new)


def _add_link(request: UserRequest, unit: Unit, may: LibraryMay) -> HttpResponse:
    form = LinkForm(request.POST)
    if not form.is_valid():
        return _page(request, unit, may, Bound(link=form), 422)
    content = Content(url=form.cleaned_data["url"])
    document, is_new = add_document(unit=unit, content=content, description=form.description, by=request.user)
    _tell_added(request, [Taken(form.description.title, document, is_new=is_new)], [])
    return redirect("evidence:library", unit.code)


def _outcome(taken: Taken) -> tuple[bool, str]:
    """Say what became of one file, and whether it is there now."""
    if taken.document is None:
        return False, f"{taken.name}: {taken.problem}"
    if taken.is_new:
        return True, f"{taken.name}: ditambahkan."
    return True, f"{taken.name}: isi yang sama sudah ada sebagai “{taken.document.title}”."


def _tell_added(request: UserRequest, taken: Sequence[Taken], refused: Sequence[str]) -> None:
    if added := [each.name for each in taken if each.is_new]:
        messages.success(request, f"{len(added)} dokumen ditambahkan: {', '.join(added)}.")
    for each in taken:
        if each.document and not each.is_new:
            messages.info(request, _outcome(each)[1])
    for text in refused:
        messages.error(request, text)


@require_POST
def bulk(request: UserRequest, code: str) -> HttpResponse:
    """Do one thing with the ticked documents: go on to choose criteria, attach, publish or withdraw."""
    unit, may = get_library(request.user, code, needs="edit")
    form = BulkForm(library_pages.documents_of(request.user, unit), request.POST)
    if not form.is_valid():
        return _not_ticked(request, unit, may, form)
    documents, action = list(form.cleaned_data["documents"]), form.cleaned_data["action"]
    if action == "attach":
        return _attach(request, unit, documents)
    if action == "choose":
        query = urlencode([("documents", d.pk) for d in documents])
        return redirect(f"{reverse('evidence:bulk-attach', args=[unit.code])}?{query}")
    if not may.publish:
        raise PermissionDenied
    _publish(request, unit, documents, public=action == "publish")
    return redirect("evidence:library", unit.code)


def _publish(request: UserRequest, unit: Unit, documents: Sequence[Document], *, public: bool) -> None:
    changed = set_public(unit=unit, documents=[d.pk for d in documents], public=public, by=request.user)
    done, before = ("dijadikan publik", "sudah publik") if public else ("ditarik dari publik", "sudah tidak publik")
    same = len(documents) - changed
    messages.success(request, f"{changed} dokumen {done}" + (f"; {same} {before} sebelumnya." if same else "."))


@require_safe
def bulk_attach(request: UserRequest, code: str) -> HttpResponse:
    """Choose the criteria that ticked documents shall prove; `?year=` names the assessment, else the newest open."""
    unit, may = get_library(request.user, code, needs="edit")
    form = TickedForm(library_pages.documents_of(request.user, unit), request.GET)
    if not form.is_valid():
        return _not_ticked(request, unit, may, form)
    return _attach_page(request, unit, list(form.cleaned_data["documents"]), request.GET.get("year", ""))


def _attach_page(
    request: UserRequest, unit: Unit, documents: Sequence[Document], year: str, **bound: Any
) -> HttpResponse:
    choices = library_pages.open_for(request.user, library_pages.assessments_of(request.user, unit))
    if not choices:
        messages.warning(request, NOT_OPEN)
        return redirect("evidence:library", unit.code)
    wanted = next((found for found in choices if str(found) == year), max(choices))
    context = library_pages.attach_page(unit, documents, choices, choices[wanted][0], **bound)
    return render(request, "evidence/library_attach.html", context, status=422 if bound else 200)


def _attach(request: UserRequest, unit: Unit, documents: Sequence[Document]) -> HttpResponse:
    """Attach every document to every chosen criterion that the person may answer."""
    year = request.POST.get("year", "")
    choices = library_pages.open_for(request.user, library_pages.assessments_of(request.user, unit))
    wanted = next((found for found in choices if str(found) == year), None)
    if wanted is None:
        messages.warning(request, NOT_OPEN)
        return redirect("evidence:library", unit.code)
    assessment, allowed = choices[wanted]
    codes = [c.code for node in library_pages.answerable(assessment, allowed) for c in node.all_criteria()]
    form = AttachForm(library_pages.documents_of(request.user, unit), codes, request.POST)
    if not form.is_valid():
        chosen = set(request.POST.getlist("criteria"))
        return _attach_page(request, unit, documents, year, chosen=chosen, problems=_messages(form))
    links = [Link(code, document) for code in form.cleaned_data["criteria"] for document in documents]
    try:
        made = len(attach(assessment=assessment, links=links, by=request.user))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        there = len(links) - made
        said = f"{len(documents)} dokumen pada {len(links) // len(documents)} kriteria: {made} lampiran dibuat"
        messages.success(request, said + (f", {there} sudah terlampir sebelumnya." if there else "."))
    return redirect("evidence:library", unit.code)


def _messages(form: TickedForm) -> list[str]:
    return [str(message) for found in form.errors.values() for message in found]


def _not_ticked(request: UserRequest, unit: Unit, may: LibraryMay, form: TickedForm) -> HttpResponse:
    chosen = set(form.data.getlist("documents"))  # type: ignore[attr-defined]
    return _page(request, unit, may, Bound(problem=" ".join(_messages(form)), chosen=chosen), 422)


def _page(request: UserRequest, unit: Unit, may: LibraryMay, bound: Bound, status: int = 200) -> HttpResponse:
    """Draw the page, or for a script that sent a file what became of it and the list."""
    context = library_pages.library_page(request.user, unit, may, request.GET, bound)
    name = "evidence/library.html" + ("#sent" if is_htmx(request) else "")
    response = render(request, name, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
