"""Pages and files of the recap. Everybody may open them; each shows the units that its reader may see."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.http import UserRequest
from accounts.models import User

from .. import rendered
from ..downloads import download, drawn_download
from ..jobs.sizes import DIRECT_RECAP
from ..workbook import CONTENT_TYPE
from . import collect, comparing_pages, pages, workbook
from .choosing import CompareForm, RankForm, RecapForm
from .collect import Recap
from .figures import Subject
from .shown import Shown, shown_of


@require_safe
def recap_home(request: UserRequest) -> HttpResponse:
    """Go to the newest period in which the user sees anything."""
    periods = collect.periods_of(request.user)
    if periods:
        return redirect("reports:recap", periods[0].year)
    return render(request, "reports/recap/empty.html")


@require_safe
def recap(request: UserRequest, year: int) -> HttpResponse:
    found, periods = collect.get_recap(request.user, year)
    form = RecapForm(found, request.GET)
    lines = form.lines() if form.is_valid() else []
    page = Paginator(lines, comparing_pages.PAGE_SIZE).get_page(request.GET.get("hal"))
    context = pages.recap(found, periods, form, page, lines)
    return render(request, "reports/recap/recap.html", context, status=200 if form.is_valid() else 422)


@require_safe
def recap_xlsx(request: UserRequest, year: int) -> HttpResponse:
    shown = _asked(request, year)
    if isinstance(shown, HttpResponse):
        return shown
    return download(workbook.build(shown), CONTENT_TYPE, f"{shown.file_stem}.xlsx")


@require_safe
def recap_pdf(request: UserRequest, year: int) -> HttpResponse:
    """Send the PDF if it is there or soon drawn; offer to make a long one in the background otherwise."""
    shown = _asked(request, year)
    if isinstance(shown, HttpResponse):
        return shown
    drawn = rendered.kept_recap_pdf(shown)
    if drawn is None and len(shown.lines) > DIRECT_RECAP:
        context = {"year": str(year), "look": request.GET.urlencode(), "units": str(len(shown.lines))}
        return render(request, "reports/jobs/recap.html", context)
    return drawn_download(drawn or rendered.recap_pdf(shown), shown.file_stem)


def _asked(request: UserRequest, year: int) -> Shown | HttpResponse:
    """Return what the query string asks for, or the page that says what is wrong with it."""
    found, _ = collect.get_recap(request.user, year)
    form = RecapForm(found, request.GET)
    return shown_of(found, form) if form.is_valid() else recap(request, year)


@require_safe
def recap_rank(request: UserRequest, year: int) -> HttpResponse:
    found, periods = collect.get_recap(request.user, year)
    form = RankForm(found, request.GET)
    if not form.is_valid():
        return render(request, "reports/recap/rank.html", pages.frame(found, periods, form), status=422)
    placed = comparing_pages.ranked(form)
    page = Paginator(placed, comparing_pages.PAGE_SIZE).get_page(request.GET.get("hal"))
    return render(request, "reports/recap/rank.html", comparing_pages.rank(found, periods, form, page, placed))


@require_safe
def recap_compare(request: UserRequest, year: int) -> HttpResponse:
    """Compare two stages of a year, or a year with another one."""
    found, periods = collect.get_recap(request.user, year)
    form = CompareForm(found, [p.year for p in periods], request.GET)
    if not form.is_valid():
        return render(request, "reports/recap/compare.html", pages.frame(found, periods, form), status=422)
    sides, totals = _sides(request.user, found, form), collect.latest_totals(request.user)
    context = comparing_pages.compare(found, periods, form, sides, totals, request.GET.get("hal"))
    return render(request, "reports/recap/compare.html", context)


def _sides(user: User, found: Recap, form: CompareForm) -> tuple[list[Subject], list[Subject]]:
    """Return the units asked for as they are on either side, in another year too; each year is read once."""
    codes = {subject.code for subject in form.subjects()}
    there = {found.period.year: found}
    for year in {form.side("dari")[0], form.side("ke")[0]} - there.keys():
        there[year], _ = collect.get_recap(user, year)
    before, after = (there[form.side(name)[0]].subjects for name in ("dari", "ke"))
    return [s for s in before if s.code in codes], [s for s in after if s.code in codes]


@require_safe
def recap_unit(request: UserRequest, code: str) -> HttpResponse:
    """Show one unit over the years."""
    return render(request, "reports/recap/unit.html", comparing_pages.unit(collect.get_unit(request.user, code)))
