"""The pages that everybody reads: front page, folder, units, Berita."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.models import AREA_KEYS

from .. import asked, selectors
from ..http import public
from ..pages import folder as folder_pages
from ..pages import landing as landing_pages
from ..pages import posts as post_pages
from ..pages import units as unit_pages
from ..pages.folder import Filters
from ..pages.posts import Asked

DOCUMENTS, UNITS, POSTS = 25, 24, 9


def _shown(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    site = context.get("site") or selectors.site_settings()
    return render(request, f"news/{name}.html", {"site": site, **context})


def _page(request: HttpRequest, rows: Any, size: int) -> Any:
    return Paginator(rows, size).get_page(request.GET.get("hal"))


@public
def landing(request: HttpRequest) -> HttpResponse:
    return _shown(request, "landing", landing_pages.landing(request, selectors.site_settings()))


@public
def folder(request: HttpRequest) -> HttpResponse:
    """Show the six areas, or what a search found."""
    filters = _filters(request)
    worksheet = selectors.public_worksheet()
    if not filters.text:
        return _shown(request, "folder/front", folder_pages.front(worksheet, filters))
    found = selectors.documents(filters.narrowed).search(filters.text)
    context = folder_pages.searched(worksheet, _page(request, found, DOCUMENTS), filters)
    return _shown(request, "folder/search", context)


@public
def place(request: HttpRequest, place: str) -> HttpResponse:
    """Show an area ("1" to "6"), a sub-area or a criterion."""
    worksheet, filters = selectors.public_worksheet(), _filters(request)
    if worksheet is None:
        raise Http404
    if place in AREA_KEYS and place in worksheet.areas:
        return _shown(request, "folder/area", folder_pages.area(worksheet, place, filters))
    if place in worksheet.criteria:
        rows = selectors.documents_at(selectors.documents(filters.narrowed), place)
        context = folder_pages.criterion(worksheet, place, _page(request, rows, DOCUMENTS), filters)
        return _shown(request, "folder/criterion", context)
    found = worksheet.nodes.get(place)
    if found is None or not (found.level == "subarea" or (found.level == "section" and place in worksheet.pages)):
        raise Http404
    return _shown(request, "folder/node", folder_pages.node(worksheet, place, filters))


def _filters(request: HttpRequest) -> Filters:
    units, years = selectors.document_filters()
    unit = asked.one_of(request.GET, "unit", [code for code, _ in units])
    year = asked.number(request.GET, "tahun", 2000, 2100)
    return Filters(units, years, unit, year if year in years else 0, asked.text(request.GET, "q"))


@public
def units(request: HttpRequest) -> HttpResponse:
    """List the units, those with a predicate first; `?predikat=ya` leaves the others out."""
    text, awarded = asked.text(request.GET, "q"), request.GET.get("predikat") == "ya"
    page = _page(request, selectors.units_listed(text, awarded=awarded), UNITS)
    return _shown(request, "units", unit_pages.listed(page, text, awarded))


@public
def unit(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(selectors.public_units(), code=code)
    rows = selectors.documents(selectors.Narrowed(code)).order_by("-year", "title", "pk")
    return _shown(request, "unit", unit_pages.unit(found, _page(request, rows, DOCUMENTS)))


@public
def posts(request: HttpRequest) -> HttpResponse:
    """List the posts, newest first: all, of an area, of a unit, of a month, or those that a search finds."""
    given, units = request.GET, selectors.post_filters()
    year = asked.number(given, "tahun", 2000, 2100)
    ask = Asked(
        asked.text(given, "q"),
        asked.one_of(given, "area", AREA_KEYS),
        asked.one_of(given, "unit", [code for code, _ in units]),
        year,
        asked.number(given, "bulan", 1, 12) if year else 0,
    )
    rows = selectors.posts(ask.text, area=ask.area, unit=ask.unit, year=ask.year, month=ask.month)
    return _shown(request, "posts", post_pages.listed(_page(request, rows, POSTS), ask, units))


@public
def post(request: HttpRequest, slug: str) -> HttpResponse:
    found = selectors.published_post(slug)
    return _shown(request, "post", post_pages.post(request, found))
