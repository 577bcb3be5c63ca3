"""The evidence of one criterion: seeing it, adding files, links and documents, describing, taking away."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import TooManyFilesSent, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from accounts.http import UserRequest, is_htmx
from assessment.access import May
from assessment.models import Assessment
from assessment.worksheet import Criterion

from .. import pages, rows, selectors
from ..access import get_attachment, get_criterion
from ..asked import asked
from ..forms.criterion import ChangeForm, LinkForm, PickForm
from ..pages import Bound
from ..services import together
from ..services.attachments import Link, attach
from ..services.attachments import detach as detach_attachment
from ..services.documents import Stale
from ..services.library import room_left
from ..services.together import Taken
from ..uploads import IncomingHandler, expect_uploads

NO_FILE = "Pilih dulu berkas yang akan diunggah."
TOO_MANY = "Terlalu banyak berkas sekaligus. Unggah paling banyak 100 berkas sekali kirim."
Notices = Sequence[tuple[str, str]]


@require_safe
def criterion(request: UserRequest, year: int, code: str, criterion: str) -> HttpResponse:
    assessment, may, found = get_criterion(request.user, year, code, criterion)
    return _page(request, assessment, may, found, Bound())


@csrf_exempt  # the body may only be read after the access check; `_upload` checks the token
@require_POST
def upload(request: UserRequest, year: int, code: str, criterion: str) -> HttpResponse:
    assessment, may, found = get_criterion(request.user, year, code, criterion, needs="answer")
    handler = expect_uploads(request, room=room_left(assessment.unit))
    try:
        return _upload(request, assessment, may, found, handler)
    except TooManyFilesSent:
        return _page(request, assessment, may, found, Bound(refused=[TOO_MANY]), status=422)
    finally:
        handler.discard()


@csrf_protect
def _upload(
    request: UserRequest, assessment: Assessment, may: May, found: Criterion, handler: IncomingHandler
) -> HttpResponse:
    is_card = "kartu" in request.POST  # reads the body
    uploads = handler.uploads
    taken = together.attach_uploads(assessment=assessment, code=found.code, uploads=uploads, by=request.user)
    outcomes = [_outcome(item) for item in taken]
    refused = [text for is_attached, text in outcomes if not is_attached] if taken else [NO_FILE]
    if is_htmx(request):
        bound = Bound(outcomes=outcomes or [(False, NO_FILE)])
        status = 422 if refused else 200
        return (_card if is_card else _page)(request, assessment, may, found, bound, status=status, new=_new(taken))
    if len(refused) == max(len(taken), 1):
        return _page(request, assessment, may, found, Bound(refused=refused), status=422)
    return _done(request, assessment, may, found, _told(taken, refused), new=_new(taken))


@require_POST
def link(request: UserRequest, year: int, code: str, criterion: str) -> HttpResponse:
    assessment, may, found = get_criterion(request.user, year, code, criterion, needs="answer")
    form = LinkForm(request.POST)
    if not form.is_valid():
        return _page(request, assessment, may, found, Bound(link=form), status=422)
    url, description = form.cleaned_data["url"], form.description
    try:
        taken = together.attach_link(
            assessment=assessment, code=found.code, url=url, description=description, by=request.user
        )
    except ValidationError as error:
        return _refused(request, assessment, may, found, error)
    return _done(request, assessment, may, found, _told([taken], []), new=_new([taken]))


@require_POST
def pick(request: UserRequest, year: int, code: str, criterion: str) -> HttpResponse:
    assessment, may, found = get_criterion(request.user, year, code, criterion, needs="answer")
    form = PickForm(assessment, found.code, request.POST)
    if not form.is_valid():
        return _page(request, assessment, may, found, Bound(pick=form), status=422)
    chosen = [Link(found.code, document) for document in form.cleaned_data["documents"]]
    try:
        made = attach(assessment=assessment, links=chosen, by=request.user)
    except ValidationError as error:
        return _refused(request, assessment, may, found, error)
    told = f"{len(made)} dokumen terlampir." if made else "Dokumen itu sudah terlampir."
    return _done(request, assessment, may, found, [("success", told)], new=[str(row.pk) for row in made])


@require_POST
def change(request: UserRequest, year: int, code: str, criterion: str, attachment: UUID) -> HttpResponse:
    assessment, may, found, row = get_attachment(request.user, year, code, criterion, attachment, needs="answer")
    form = ChangeForm(found, request.POST)
    bound = Bound(change=form, changed=str(row.pk))
    if not form.is_valid():
        return _page(request, assessment, may, found, bound, status=422)
    try:
        together.change_evidence(assessment=assessment, attachment=row, change=form.change, by=request.user)
    except Stale:
        return _page(request, assessment, may, found, replace(bound, is_stale=True), status=409)
    except ValidationError as error:
        return _refused(request, assessment, may, found, error)
    told = f"Keterangan “{form.description.title}” tersimpan."
    return _done(request, assessment, may, found, [("success", told)], anchor=f"#b-{row.pk}")


@require_POST
def detach(request: UserRequest, year: int, code: str, criterion: str, attachment: UUID) -> HttpResponse:
    assessment, may, found, row = get_attachment(request.user, year, code, criterion, attachment, needs="answer")
    try:
        detach_attachment(assessment=assessment, attachment=row, by=request.user)
    except ValidationError as error:
        return _refused(request, assessment, may, found, error)
    told = f"“{row.document.title}” dilepas dari kriteria ini. Dokumennya tetap ada di dokumen unit."
    return _done(request, assessment, may, found, [("success", told)])


def _page(
    request: UserRequest, assessment: Assessment, may: May, found: Criterion, bound: Bound,
    *, status: int = 200, new: Iterable[str] = (),
) -> HttpResponse:  # fmt: skip
    """Draw the page, or for htmx its main part, from what is stored now."""
    look = asked(request.GET)
    look = replace(look, new=look.new | frozenset(new))
    context = pages.criterion_page(assessment, may, found, look, bound)
    name = "evidence/criterion.html" + ("#main" if is_htmx(request) else "")
    response = render(request, name, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _card(
    request: UserRequest, assessment: Assessment, may: May, found: Criterion, bound: Bound,
    *, status: int, new: Iterable[str],
) -> HttpResponse:  # fmt: skip
    """Draw the evidence inside the criterion's card of the worksheet."""
    attachments = selectors.attachments_of(assessment, [found.code])[found.code]
    evidence = rows.evidence_of(assessment, found, attachments)
    context = {"ev": evidence, "bound": bound, "new": set(new)}
    return render(request, "evidence/section.html#answer", context, status=status)


def _done(
    request: UserRequest, assessment: Assessment, may: May, found: Criterion, notices: Notices,
    *, anchor: str = "", new: Sequence[str] = (),
) -> HttpResponse:  # fmt: skip
    """Say what was done: in the fragment, or on the page that the redirect leads to."""
    if is_htmx(request):
        return _page(request, assessment, may, found, Bound(notices=notices), new=new)
    for level, text in notices:
        messages.add_message(request, messages.constants.DEFAULT_LEVELS[level.upper()], text)
    look = replace(asked(request.GET), new=frozenset(new))
    return redirect(rows.criterion_url(assessment, found.code) + look.keep + anchor)


def _refused(
    request: UserRequest, assessment: Assessment, may: May, found: Criterion, error: ValidationError
) -> HttpResponse:
    """Say why a service refused: the assessment was closed meanwhile, or the unit has no room left."""
    notices = [("error", " ".join(error.messages))]
    if is_htmx(request):
        return _page(request, assessment, may, found, Bound(notices=notices), status=422)
    return _done(request, assessment, may, found, notices)


def _outcome(taken: Taken) -> tuple[bool, str]:
    """Say what became of one file; whether it is attached now."""
    if taken.document is None:
        return False, f"{taken.name}: {taken.problem}"
    title = taken.document.title
    if taken.is_new:
        return True, f"{taken.name}: terlampir."
    if taken.attachment:
        return True, f"{taken.name}: isi yang sama sudah ada sebagai “{title}”; dilampirkan dari sana."
    return True, f"{taken.name}: isi yang sama sudah terlampir di kriteria ini sebagai “{title}”."


def _told(taken: Sequence[Taken], refused: Sequence[str]) -> Notices:
    added = [item.name for item in taken if item.is_new]
    known = [_outcome(item)[1] for item in taken if item.document and not item.is_new]
    done = [("success", f"{len(added)} bukti terlampir: {', '.join(added)}.")] if added else []
    return [*done, *(("info", text) for text in known), *(("error", text) for text in refused)]


def _new(taken: Iterable[Taken]) -> list[str]:
    return [str(item.attachment.pk) for item in taken if item.attachment]
