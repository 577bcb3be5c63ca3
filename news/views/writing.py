"""The pages on which units write Berita and those who may publish it do."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.http import UserRequest
from accounts.models import Unit

from .. import asked, selectors
from ..access import PublicMay, get_post, get_unit, units_of_writer
from ..forms.posts import OUTDATED, PostForm, StepForm
from ..markdown import rendered
from ..models import Post, PostState
from ..pages import writing as pages
from ..services.common import Stale
from ..services.posts import STEPS, create_post, edit_post, take_step
from .feeds import picture_response

PER_PAGE = 25
CHANGED = "Tulisan ini berubah sejak halaman dibuka, jadi langkah tadi tidak dilakukan. Periksa isinya, lalu ulangi."
CHOOSE_AGAIN = "Pratinjau belum menyimpan apa pun. Pilih gambarnya sekali lagi sebelum menyimpan."
DONE = {
    "ajukan": "Tulisan diajukan untuk terbit.", "kembalikan": "Tulisan menjadi draf lagi.",
    "terbitkan": "Tulisan diterbitkan.", "tarik": "Tulisan ditarik dari publik.", "buang": "Tulisan dibuang.",
}  # fmt: skip


@require_safe
def desk(request: UserRequest) -> HttpResponse:
    """List all posts that the person may work on, those waiting for publication first."""
    units = list(units_of_writer(request.user).order_by("name"))
    state, text = asked.one_of(request.GET, "status", PostState.values), asked.text(request.GET, "q")
    rows = selectors.posts_of_units(units, state, text)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("hal"))
    return render(request, "news/writing/desk.html", pages.desk(page, units, state, text))


@require_safe
def post_new(request: UserRequest, code: str) -> HttpResponse:
    unit, may = get_unit(request.user, code, needs="write")
    return _editor(request, unit, may, PostForm(initial={"version": 0}), None)


@require_POST
def post_create(request: UserRequest, code: str) -> HttpResponse:
    """Add a draft, or with `pratinjau` only show what it would look like."""
    unit, may = get_unit(request.user, code, needs="write")
    form = PostForm(request.POST, request.FILES)
    if "pratinjau" in request.POST:
        return _preview(request, unit, may, form, None)
    if not form.is_valid():
        return _editor(request, unit, may, form, None, status=422)
    post = create_post(unit=unit, text=form.text, picture=form.change, by=request.user)
    messages.success(request, "Draf disimpan.")
    return redirect("news:post-edit", unit.code, post.pk)


@require_safe
def post_edit(request: UserRequest, code: str, post: UUID) -> HttpResponse:
    found, may = get_post(request.user, code, post)
    return _editor(request, found.unit, may, pages.filled(found), found, preview=rendered(found.body))


@require_POST
def post_save(request: UserRequest, code: str, post: UUID) -> HttpResponse:
    """Save what was written; a version that somebody else changed meanwhile is shown, never overwritten."""
    found, may = get_post(request.user, code, post)
    if not may.edit(found):
        raise PermissionDenied
    form = PostForm(request.POST, request.FILES, has_picture=found.picture_id is not None)
    if "pratinjau" in request.POST:
        return _preview(request, found.unit, may, form, found)
    if not form.is_valid():
        return _editor(request, found.unit, may, form, found, status=422)
    try:
        edit_post(post=found, text=form.text, picture=form.change, seen=_seen(request, form), by=request.user)
    except Stale:
        return _editor(request, found.unit, may, form, get_post(request.user, code, post)[0], stale=True, status=409)
    messages.success(request, "Perubahan disimpan.")
    return redirect("news:post-edit", code, found.pk)


def _seen(request: UserRequest, form: PostForm) -> int:
    """Return the version that the person saw: of two texts side by side they may have chosen their own."""
    chosen = request.POST.get("ganti", "")
    is_number = chosen.isascii() and chosen.isdigit() and len(chosen) < 10
    return int(chosen) if is_number else int(form.cleaned_data["version"])


@require_POST
def post_step(request: UserRequest, code: str, post: UUID, step: str) -> HttpResponse:
    """Propose, publish, withdraw, return or discard a post."""
    if step not in STEPS:
        raise Http404
    found, may = get_post(request.user, code, post)
    if not getattr(may, STEPS[step].needs):
        raise PermissionDenied
    form = StepForm(request.POST, auto_id="langkah_%s")
    if not form.is_valid():
        return _refused_step(request, found, may, form)
    given = form.cleaned_data
    try:
        take_step(post=found, step=step, seen=given["version"], by=request.user, at=given["at"])
    except Stale:
        messages.warning(request, CHANGED)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, DONE[step])
    return redirect("news:post-edit", code, found.pk)


def _refused_step(request: UserRequest, post: Post, may: PublicMay, form: StepForm) -> HttpResponse:
    problem = OUTDATED if "version" in form.errors else ""
    preview = rendered(post.body)
    return _editor(
        request, post.unit, may, pages.filled(post), post, step_form=form, problem=problem, preview=preview, status=422
    )


@require_safe
def post_picture(request: UserRequest, code: str, post: UUID, picture: UUID, size: str) -> HttpResponse:
    """Hand out the picture of a post to those who write, whether it is public or not."""
    found, _ = get_post(request.user, code, post)
    if found.picture_id != picture:
        raise Http404
    return picture_response(selectors.picture_size(picture, size), "private, max-age=3600")


def _preview(request: UserRequest, unit: Unit, may: PublicMay, form: PostForm, post: Post | None) -> HttpResponse:
    """Show the editor with what was typed, and below it how it will look; nothing is saved."""
    if "picture" in request.FILES:
        messages.info(request, CHOOSE_AGAIN)
    text = str(request.POST.get("body", ""))[: PostForm.base_fields["body"].max_length]  # type: ignore[attr-defined]
    status = 200 if form.is_valid() else 422
    return _editor(request, unit, may, form, post, preview=rendered(text), is_preview=True, status=status)


def _editor(
    request: UserRequest, unit: Unit, may: PublicMay, form: PostForm, post: Post | None, *, status: int = 200,
    **more: Any,
) -> HttpResponse:  # fmt: skip
    return render(request, "news/writing/editor.html", pages.editor(unit, may, form, post, **more), status=status)
