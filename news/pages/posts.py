"""What lists and pages of Berita show."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.formats import date_format
from django.utils.safestring import SafeString

from accounts.models import AREAS

from .. import selectors
from ..http import absolute
from ..markdown import rendered
from ..models import Picture, Post
from ..pictures import SHARED, WIDTHS

RELATED = 3
LATEST_IN_FEED = 20


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture as the browser chooses its size; `src` "" for none."""

    src: str = ""
    srcset: str = ""
    width: int = 0
    height: int = 0
    alt: str = ""


@dataclass(frozen=True, slots=True)
class PostRow:
    title: str
    url: str
    summary: str
    unit: str
    area: str
    area_key: str
    day: str
    iso: str
    picture: Shown


@dataclass(frozen=True, slots=True)
class Asked:
    """Which posts a visitor asks for."""

    text: str = ""
    area: str = ""
    unit: str = ""
    year: int = 0
    month: int = 0

    @property
    def is_narrowed(self) -> bool:
        return bool(self.text or self.area or self.unit or self.year)

    @property
    def month_name(self) -> str:
        return str(MONTHS[self.month]) if self.month else ""


def widths_of(picture: Picture) -> list[int]:
    """Return the widths a picture was drawn in: those it is large enough for, and its own."""
    return sorted({w for w in WIDTHS if w < picture.width} | {picture.width})


def picture_of(post: Post, route: str = "news:picture", *before: object) -> Shown:
    """Return a post's picture for a page; no query where the picture was loaded with the post."""
    picture = post.picture
    if picture is None:
        return Shown()
    address = {w: reverse(route, args=[*before, picture.pk, f"w{w}"]) for w in widths_of(picture)}
    srcset = ", ".join(f"{url} {w}w" for w, url in address.items())
    return Shown(address[min(address)], srcset, picture.width, picture.height, post.picture_alt)


def row(post: Post) -> PostRow:
    """Return a published post as lists show it."""
    at = _local(post)
    return PostRow(
        post.title, post.get_absolute_url(), post.summary, post.unit.name, AREAS.get(post.area, ""), post.area,
        date_format(at, "j F Y"), at.isoformat(), picture_of(post),
    )  # fmt: skip


def _local(post: Post) -> datetime:
    return timezone.localtime(post.published_at or post.changed_at)


def listed(page: "Page[Post]", asked: Asked, units: list[tuple[str, str]]) -> dict[str, Any]:
    """Build the list of Berita: one query for the archive."""
    return {
        "page": page,
        "rows": [row(post) for post in page.object_list],
        "asked": asked,
        "areas": list(AREAS.items()),
        "units": units,
        "archive": [(y, m, str(MONTHS[m]), n) for y, m, n in selectors.archive()],
    }


def post(request: HttpRequest, found: Post) -> dict[str, Any]:
    """Build the page of one post: one query for what else there is to read."""
    others = selectors.posts().exclude(pk=found.pk)[:RELATED]
    return {
        "post": found,
        "row": row(found),
        "body": body_of(found),
        "others": [row(each) for each in others],
        "share": sharing(request, found),
    }


def body_of(found: Post) -> SafeString:
    return rendered(found.body)


def sharing(request: HttpRequest, found: Post) -> dict[str, str]:
    """Return what networks and messengers show of a post whose address is passed on."""
    picture = absolute(request, reverse("news:picture", args=[found.picture_id, SHARED])) if found.picture_id else ""
    return {
        "title": found.title,
        "description": found.summary,
        "url": absolute(request, found.get_absolute_url()),
        "image": picture,
        "image_alt": found.picture_alt,
        "published": _local(found).isoformat(),
        "type": "article",
    }
