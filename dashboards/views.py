"""Pages of the dashboards. None of them writes anything."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from accounts.http import UserRequest, is_htmx
from assessment.selectors import worksheet_of
from review.access import get_review

from . import asked, selectors, way_pages


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
