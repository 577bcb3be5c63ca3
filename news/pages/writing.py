"""What the pages show on which units write."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.paginator import Page
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString

from accounts.models import AREAS, Unit
from assessment.access import DECIDED
from assessment.models import Snapshot
from assessment.scoring import shown
from assessment.trace import comma

from .. import selectors
from ..access import PublicMay
from ..forms.posts import PostForm, StepForm
from ..forms.units import DetailsForms
from ..models import Post, PostState, PublicEvent
from ..services.posts import STEPS
from .posts import Shown, picture_of

EVENTS = 30
TONES = {PostState.DRAFT: "", PostState.READY: "is-ready", PostState.PUBLISHED: "is-out", PostState.DISCARDED: "is-off"}


@dataclass(frozen=True, slots=True)
class WrittenRow:
    """A post in the list of those who write."""

    title: str
    url: str
    unit: str
    state: str
    tone: str
    when: str
    changed: str


@dataclass(frozen=True, slots=True)
class StepRow:
    name: str
    label: str
    asks_when: bool


def _moment(at: Any) -> str:
    return date_format(timezone.localtime(at), "j F Y H.i") if at else ""


def state_of(post: Post) -> str:
    return "Terjadwal" if post.is_scheduled else post.get_state_display()


def desk(page: "Page[Post]", units: Collection[Unit], state: str, text: str) -> dict[str, Any]:
    """Build the list of all posts somebody may work on."""
    rows = [
        WrittenRow(
            p.title, reverse("news:post-edit", args=[p.unit.code, p.pk]), p.unit.name, state_of(p),
            TONES[PostState(p.state)], _moment(p.published_at), _moment(p.changed_at),
        )
        for p in page.object_list
    ]  # fmt: skip
    return {
        "page": page, "rows": rows, "units": units, "state": state, "text": text,
        "states": PostState.choices, "is_narrowed": bool(state or text),
    }  # fmt: skip


def filled(post: Post) -> PostForm:
    """Return the form with what is stored."""
    initial = {
        "version": post.version, "title": post.title, "summary": post.summary, "area": post.area, "body": post.body,
        "picture_alt": post.picture_alt,
    }  # fmt: skip
    return PostForm(initial=initial, has_picture=post.picture_id is not None)


def editor(
    unit: Unit, may: PublicMay, form: PostForm, post: Post | None, *, preview: SafeString | str = "", **more: Any
) -> dict[str, Any]:
    """Build the editor: of a new post, or of one that is there, with its steps and its history."""
    return {
        "unit": unit,
        "may": may,
        "form": form,
        "post": post,
        "preview": preview,
        "preview_title": form["title"].value() or "",
        "picture": _own_picture(unit, post),
        "can_edit": post is None or may.edit(post),
        "state": state_of(post) if post else "",
        "tone": TONES[PostState(post.state)] if post else "",
        "when": _moment(post.published_at) if post else "",
        "area": AREAS.get(post.area, "") if post else "",
        "steps": _steps(post, may) if post else [],
        "step_form": StepForm(initial={"version": post.version}, auto_id="langkah_%s") if post else None,
        "events": _events(post) if post else [],
        **more,
    }


def _own_picture(unit: Unit, post: Post | None) -> Shown:
    return picture_of(post, "news:post-picture", unit.code, post.pk) if post else Shown()


def _steps(post: Post, may: PublicMay) -> list[StepRow]:
    allowed = [(name, s) for name, s in STEPS.items() if post.state in s.before and getattr(may, s.needs)]
    return [StepRow(name, s.label, s.after == PostState.PUBLISHED) for name, s in allowed]


def _events(post: Post) -> list[tuple[str, str, str]]:
    """Return what was done to a post, the newest first: moment, person, what."""
    rows = PublicEvent.objects.filter(post=post).select_related("actor").order_by("-at", "-pk")[:EVENTS]
    return [(_moment(e.at), str(e.actor or "Portal"), e.get_kind_display()) for e in rows]


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """A decided year, and whether its total is public."""

    year: int
    total: str
    is_public: bool
    is_current: bool  # what is public is the newest decision
    published: str  # the public figure, by whom and when; "" for none


def details(unit: Unit, may: PublicMay, forms: DetailsForms, **more: Any) -> dict[str, Any]:
    """Build the page of a unit's public details."""
    events = PublicEvent.objects.filter(unit=unit, post=None).select_related("actor").order_by("-at", "-pk")[:EVENTS]
    return {
        "unit": unit,
        "may": may,
        "forms": forms,
        "has_page": selectors.public_units().filter(pk=unit.pk).exists(),
        "scores": _scores(unit) if may.administer else [],
        "events": [(_moment(e.at), str(e.actor or "Portal"), e.get_kind_display()) for e in events],
        **more,
    }


def _scores(unit: Unit) -> list[ScoreRow]:
    copies = Snapshot.objects.filter(
        assessment__unit=unit, assessment__state__in=DECIDED, kind=Snapshot.Kind.DECISION
    ).order_by("-assessment__period__year", "-round")
    public = {s.assessment_id: s for s in selectors.scores_of(unit)}
    found: dict[int, ScoreRow] = {}
    for copy, year in [(c, c.assessment.period.year) for c in copies.select_related("assessment__period")]:
        if year in found:
            continue
        out = public.get(copy.assessment_id)
        said = f"{comma(out.total)}, {_moment(out.published_at)}" if out else ""
        total = comma(shown(Decimal(copy.data["scores"]["total"])))
        found[year] = ScoreRow(year, total, out is not None, out is not None and out.snapshot_id == copy.pk, said)
    return list(found.values())
