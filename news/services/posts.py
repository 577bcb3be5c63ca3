"""Every write to Berita: under lock, against the version the person saw, with its history, in one transaction."""

import uuid
from dataclasses import asdict, dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify

from accounts.models import Unit, User

from ..models import Picture, PictureSize, Post, PostState, PublicEvent
from ..pictures import Made
from .common import Stale, record

SLUG = 80
# What stands below /berita/ already.
TAKEN = frozenset({"gambar", "arsip"})
MOVED = "Langkah ini tidak lagi sesuai dengan status tulisan."


@dataclass(frozen=True, slots=True)
class Text:
    """What people write."""

    title: str
    summary: str
    body: str
    area: str = ""
    picture_alt: str = ""


@dataclass(frozen=True, slots=True)
class PictureChange:
    """A new picture, or that there shall be none; neither leaves what is there."""

    new: Made | None = None
    remove: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A change of state: from which, to which, with which right of `PublicMay`."""

    label: str
    before: frozenset[str]
    after: PostState
    needs: str
    kind: PublicEvent.Kind


STEPS = {
    "ajukan": Step(
        "Ajukan untuk terbit", frozenset({PostState.DRAFT}), PostState.READY, "write", PublicEvent.Kind.READY
    ),
    "kembalikan": Step(
        "Jadikan draf lagi", frozenset({PostState.READY, PostState.DISCARDED}), PostState.DRAFT, "write",
        PublicEvent.Kind.RETURNED,
    ),
    "terbitkan": Step(
        "Terbitkan", frozenset({PostState.DRAFT, PostState.READY}), PostState.PUBLISHED, "publish",
        PublicEvent.Kind.PUBLISHED,
    ),
    "tarik": Step(
        "Tarik dari publik", frozenset({PostState.PUBLISHED}), PostState.DRAFT, "publish", PublicEvent.Kind.WITHDRAWN
    ),
    "buang": Step(
        "Buang", frozenset({PostState.DRAFT, PostState.READY}), PostState.DISCARDED, "write",
        PublicEvent.Kind.DISCARDED,
    ),
}  # fmt: skip


@transaction.atomic
def create_post(*, unit: Unit, text: Text, picture: PictureChange, by: User) -> Post:
    """Add a draft."""
    now = timezone.now()
    post = Post(unit=unit, created_by=by, changed_at=now)
    _write(post, text, picture)
    _save_new(post)
    record(unit=unit, post=post, kind=PublicEvent.Kind.CREATED, by=by, at=now, **_facts(post))
    return post


@transaction.atomic
def edit_post(*, post: Post, text: Text, picture: PictureChange, seen: int, by: User) -> Post:
    """Change what a post says. `post` is as the right to do so was asked of it. Raises Stale."""
    row = _locked(post, seen)
    old = _facts(row)
    _write(row, text, picture)
    if _facts(row) == old:
        return row
    row.changed_at = timezone.now()
    row.version += 1
    row.save()
    record(unit=row.unit, post=row, kind=PublicEvent.Kind.EDITED, by=by, at=row.changed_at, **_facts(row))
    return row


@transaction.atomic
def take_step(*, post: Post, step: str, seen: int, by: User, at: datetime | None = None) -> Post:
    """Move a post to another state; `at` is when it is published, now without it.

    Raises Stale, and ValidationError where the post's state does not allow the step.
    """
    row, wanted, now = _locked(post, seen), STEPS[step], timezone.now()
    if row.state not in wanted.before:
        raise ValidationError(MOVED, code="moved")
    row.state = wanted.after
    row.published_at = (at or now) if wanted.after == PostState.PUBLISHED else None
    row.changed_at = now
    row.version += 1
    row.save()
    when = row.published_at.isoformat() if row.published_at else ""
    record(unit=row.unit, post=row, kind=wanted.kind, by=by, at=now, title=row.title, published_at=when)
    return row


def _locked(post: Post, seen: int) -> Post:
    row = Post.objects.select_for_update(of=("self",)).select_related("unit").get(pk=post.pk)
    if not row.version == post.version == seen:
        raise Stale
    return row


def _write(post: Post, text: Text, picture: PictureChange) -> None:
    for name, value in asdict(text).items():
        setattr(post, name, value)
    if picture.new:
        post.picture = _stored(picture.new)
    elif picture.remove:
        post.picture = None
    if post.picture is None:
        post.picture_alt = ""


def _stored(made: Made) -> Picture:
    picture = Picture.objects.create(width=made.width, height=made.height)
    PictureSize.objects.bulk_create(
        PictureSize(picture=picture, name=size.name, width=size.width, content=size.content) for size in made.sizes
    )
    return picture


def _facts(post: Post) -> dict[str, str]:
    return {
        "title": post.title, "summary": post.summary, "body": post.body, "area": post.area,
        "picture": str(post.picture_id or ""), "picture_alt": post.picture_alt,
    }  # fmt: skip


def _save_new(post: Post) -> None:
    """Save a new post under an address that is its own for good; a taken one gets a few letters more."""
    base = slugify(post.title)[:SLUG].strip("-") or "berita"
    with_letters = f"{base}-{uuid.uuid4().hex[:6]}"
    post.slug = with_letters if base in TAKEN or Post.objects.filter(slug=base).exists() else base
    try:
        with transaction.atomic():
            post.save(force_insert=True)
    except IntegrityError:  # somebody took it a moment ago
        post.slug = with_letters
        post.save(force_insert=True)
