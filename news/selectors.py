"""Reads of what the public may know. Nothing here ever starts from answers, scorecards or drafts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Case, Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, When, Window
from django.db.models.functions import ExtractMonth, ExtractYear, RowNumber
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from accounts.models import AREA_KEYS, Unit
from assessment.models import Award, Instrument, Period
from assessment.selectors import worksheet_of
from assessment.worksheet import Worksheet
from evidence.models import Attachment, Document
from evidence.models.document import DocumentQuerySet

from .models import PictureSize, Post, PostState, PublishedScore, SiteSettings, UnitProfile

INSTRUMENT = "lke-zi"


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which published documents are asked for: of one unit, of one year; "" and 0 for all."""

    unit: str = ""
    year: int = 0


def site_settings() -> SiteSettings:
    """Return the settings of the public pages, empty ones if nobody entered any: one query."""
    return SiteSettings.objects.first() or SiteSettings()


def agency_name(site: SiteSettings) -> str:
    """Return what the agency is called, "" if nobody said: no query if the settings say so, else one."""
    if site.agency_name:
        return site.agency_name
    return Unit.objects.active().filter(parent=None).order_by("pk").values_list("name", flat=True).first() or ""


def public_worksheet() -> Worksheet | None:
    """Return the worksheet of the newest period, the newest instrument's without any: two queries at most."""
    period = Period.objects.select_related("instrument").order_by("-year").first()
    if period:
        return worksheet_of(period.instrument)
    instrument = Instrument.objects.filter(code=INSTRUMENT).order_by("-version").first()
    return worksheet_of(instrument) if instrument else None


# Documents


def documents(narrowed: Narrowed) -> DocumentQuerySet:
    """Return the published documents asked for, by unit, the newest first."""
    rows = Document.objects.published()
    if narrowed.unit:
        rows = rows.filter(unit__code=narrowed.unit)
    if narrowed.year:
        rows = rows.filter(year=narrowed.year)
    return rows.order_by("unit__name", "-year", "title", "pk")


def _placed(rows: QuerySet[Document]) -> QuerySet[Attachment]:
    return Attachment.objects.live().filter(document__in=rows.order_by().values("pk"))


def under(codes: Iterable[str]) -> Q:
    """Match attachments to the criteria with these codes, or to any below the nodes with them."""
    found = Q(pk__in=[])
    for code in codes:
        found |= Q(criterion__code=code) | Q(criterion__code__startswith=f"{code}.")
    return found


def counts_of(rows: QuerySet[Document], groups: Mapping[str, Iterable[str]]) -> dict[str, int]:
    """Count the documents under each group of nodes or criteria, each once: one query."""
    if not groups:
        return {}
    names = {f"n{place}": key for place, key in enumerate(groups)}
    asked = {name: Count("document", distinct=True, filter=under(groups[key])) for name, key in names.items()}
    found = _placed(rows).aggregate(**asked)
    return {key: found[name] for name, key in names.items()}


def area_counts(rows: QuerySet[Document]) -> dict[str, int]:
    """Count the documents of the six areas, Pemenuhan and Reform together: one query."""
    return counts_of(rows, {key: (f"A.I.{key}", f"A.II.{key}") for key in AREA_KEYS})


def documents_at(rows: QuerySet[Document], code: str) -> QuerySet[Document]:
    """Return those of the documents that prove one criterion."""
    here = Attachment.objects.live().filter(document=OuterRef("pk"), criterion__code=code)
    return rows.filter(Exists(here))


def first_documents(rows: QuerySet[Document], codes: Iterable[str], most: int) -> dict[str, list[Document]]:
    """Return the first documents of each criterion by its code: two queries."""
    order = [F("document__unit__name").asc(), F("document__year").desc(), F("document__title").asc(), F("pk").asc()]
    # A document shown in two years stands there twice, so a few more are read than shown.
    placed = _placed(rows).filter(criterion__code__in=list(codes))
    ranked = placed.annotate(rank=Window(RowNumber(), partition_by=F("criterion__code"), order_by=order))
    pairs = list(ranked.filter(rank__lte=2 * most).order_by("rank").values_list("criterion__code", "document_id"))
    by_pk = {d.pk: d for d in rows.filter(pk__in={pk for _, pk in pairs})}
    found: dict[str, list[Document]] = {}
    for code, pk in pairs:
        shown = found.setdefault(code, [])
        if by_pk[pk] not in shown and len(shown) < most:
            shown.append(by_pk[pk])
    return found


def document_filters() -> tuple[list[tuple[str, str]], list[int]]:
    """Return the units and the years that have published documents: two queries."""
    rows = Document.objects.published().order_by()
    units = rows.values_list("unit__code", "unit__name").distinct().order_by("unit__name")
    years = rows.values_list("year", flat=True).distinct().order_by("-year")
    return list(units), list(years)


# Units


def valid_awards(today: date | None = None) -> QuerySet[Award]:
    """Return the predicates that count on a day, the newest first: neither withdrawn nor run out."""
    lasting = Q(valid_until=None) | Q(valid_until__gte=today or timezone.localdate())
    return Award.objects.filter(lasting, withdrawn_on=None).order_by("-decree_date", "-pk")


def public_units() -> QuerySet[Unit]:
    """Return the units that the public is shown: those that are assessed, and any that holds a predicate."""
    held = valid_awards().filter(unit=OuterRef("pk")).order_by()
    return Unit.objects.active().filter(Q(kind=Unit.Kind.UNIT) | Exists(held))


def units_listed(text: str = "", *, awarded: bool = False) -> QuerySet[Unit]:
    """Return the public units with their valid predicates, awarded ones first: two queries."""
    held = valid_awards().filter(unit=OuterRef("pk")).order_by()
    shown = Prefetch("awards", valid_awards(), to_attr="valid_awards")
    rows = public_units().annotate(is_awarded=Exists(held)).prefetch_related(shown)
    if awarded:
        rows = rows.filter(is_awarded=True)
    if text:
        rows = rows.filter(Q(name__icontains=text) | Exists(held.filter(decree_number__icontains=text)))
    return rows.order_by("-is_awarded", "name", "pk")


def awards_of(unit: Unit) -> list[Award]:
    """Return all predicates that a unit ever received, the newest first: one query."""
    return list(unit.awards.order_by("-decree_date", "-pk"))


def profile_of(unit: Unit) -> UnitProfile | None:
    """Return what a unit tells about itself, with its team and innovations: three queries at most."""
    return UnitProfile.objects.filter(unit=unit).prefetch_related("team", "innovations").first()


def scores_of(unit: Unit) -> list[PublishedScore]:
    """Return the final scores of a unit that the admin published, the newest first: one query."""
    rows = PublishedScore.objects.filter(assessment__unit=unit).select_related("assessment__period")
    return list(rows.order_by("-assessment__period__year"))


# Posts


def posts(text: str = "", *, area: str = "", unit: str = "", year: int = 0, month: int = 0) -> QuerySet[Post]:
    """Return the published posts asked for, the newest first, without their text."""
    rows = Post.objects.published().defer("body")
    if area:
        rows = rows.filter(area=area)
    if unit:
        rows = rows.filter(unit__code=unit)
    if year:
        rows = rows.filter(published_at__year=year)
    if month:
        rows = rows.filter(published_at__month=month)
    return rows.search(text) if text else rows


def archive() -> list[tuple[int, int, int]]:
    """Return year, month and number of posts of each month that has any, the newest first: one query."""
    rows = Post.objects.published().select_related(None).order_by()
    months = rows.annotate(y=ExtractYear("published_at"), m=ExtractMonth("published_at")).values_list("y", "m")
    return [(y, m, n) for y, m, n in months.annotate(n=Count("pk")).order_by("-y", "-m")]


def post_filters() -> list[tuple[str, str]]:
    """Return the units that have published posts: one query."""
    rows = Post.objects.published().select_related(None)
    return list(rows.values_list("unit__code", "unit__name").distinct().order_by("unit__name"))


def published_post(slug: str) -> Post:
    """Return one published post with its text: one query; 404 for any other."""
    return get_object_or_404(Post.objects.published(), slug=slug)


def published_picture(picture: UUID, name: str) -> PictureSize:
    """Return a picture that stands on a published post now: one query; 404 for any other."""
    shown = Post.objects.published().order_by().filter(picture=OuterRef("picture"))
    return get_object_or_404(PictureSize.objects.filter(Exists(shown)), picture=picture, name=name)


def public_addresses(most_posts: int) -> list[tuple[str, datetime | None]]:
    """Return the paths of all public pages with the moment of their last change where it is known: four queries."""
    found: list[tuple[str, datetime | None]] = [
        (reverse(f"news:{name}"), None) for name in ("landing", "folder", "units", "posts")
    ]
    worksheet = public_worksheet()
    if worksheet:
        groups = [node.code for node in worksheet.nodes.values() if node.criteria]
        places = [*(key for key in AREA_KEYS if key in worksheet.areas), *groups, *worksheet.criteria]
        found += [(reverse("news:place", args=[code]), None) for code in places]
    changed = {p.unit_id: p.changed_at for p in UnitProfile.objects.all()}
    units = public_units().order_by("code").values_list("pk", "code")
    found += [(reverse("news:unit", args=[code]), changed.get(pk)) for pk, code in units]
    rows = Post.objects.published().select_related(None).values_list("slug", "published_at", "changed_at")
    return found + [(reverse("news:post", args=[s]), max(at or later, later)) for s, at, later in rows[:most_posts]]


def posts_of_units(units: Iterable[Unit], state: str = "", text: str = "") -> QuerySet[Post]:
    """Return the posts of units in any state, those that wait for publication first; discarded ones when asked for.

    For the pages of those who write: the units are the ones they may write for.
    """
    rows = Post.objects.filter(unit__in=list(units)).select_related("unit").defer("body")
    rows = rows.filter(state=state) if state else rows.exclude(state=PostState.DISCARDED)
    rows = rows.annotate(waits=Case(When(state=PostState.READY, then=0), default=1)).order_by("waits", "-changed_at")
    return rows.search(text) if text else rows


def picture_size(picture: UUID, name: str) -> PictureSize:
    """Return one size of a picture; whether it may be seen is asked before."""
    return get_object_or_404(PictureSize.objects.all(), picture=picture, name=name)
