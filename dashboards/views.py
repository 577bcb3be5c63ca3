"""Pages of the dashboards. None of them writes anything."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from accounts.http import UserRequest, is_htmx
from assessment.selectors import worksheet_of
from reports.recap import collect
from review.access import get_review

from . import agency_pages, agency_reads, asked, home_pages, selectors, unit_pages, way_pages


@require_safe
def home(request: UserRequest) -> HttpResponse:
    """Show what needs this person now, and where they left off."""
    return render(request, "dashboards/home.html", home_pages.context_of(request.user))


@require_safe
def way(request: UserRequest, year: int, code: str) -> HttpResponse:
    """Show the smallest way to a predicate, and what would come of whatever is tried."""
    assessment, may = get_review(request.user, year, code)
    worksheet = worksheet_of(assessment.period.instrument)
    scored = selectors.scored_stages(assessment)
    question = asked.read(request.GET, assessment, may.base, worksheet, scored)
    page = way_pages.page_of(assessment, may, question)
    is_valid = not question.problems and not question.tried.errors
    is_part = is_htmx(request)
    context = way_pages.outcome_of(page) if is_part else way_pages.context_of(page)
    name = "outcome_part" if is_part else "way"
    response = render(request, f"dashboards/{name}.html", context, status=200 if is_valid else 422)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
def unit(request: UserRequest, year: int, code: str) -> HttpResponse:
    """Show one unit's figures, areas, progress and years."""
    assessment, may = get_review(request.user, year, code)
    return render(request, "dashboards/unit.html", unit_pages.context_of(assessment, may, request.user))


@require_safe
def agency_home(request: UserRequest) -> HttpResponse:
    """Go to the newest period."""
    agency_reads.require_overseer(request.user)
    periods = agency_reads.all_periods()
    if periods:
        return redirect("dashboards:agency", periods[0].year)
    return render(request, "dashboards/no_period.html")


@require_safe
def agency(request: UserRequest, year: int) -> HttpResponse:
    """Show all units that an admin or observer may see; `tampilan=tv` for a screen on the wall."""
    agency_reads.require_overseer(request.user)
    periods = agency_reads.all_periods()
    period = next((p for p in periods if p.year == year), None)
    if period is None:
        raise Http404
    recap = collect.recap_of(period, request.user)
    criteria = len(worksheet_of(period.instrument).criteria)
    loads = agency_reads.loads_of([s.pk for s in recap.subjects], criteria)
    if request.GET.get("tampilan") == "tv":
        return render(request, "dashboards/wall.html", agency_pages.wall_of(recap, periods, loads))
    context = agency_pages.context_of(recap, periods, loads, request.GET.get("hal"))
    return render(request, "dashboards/agency.html", context)
