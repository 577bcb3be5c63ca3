"""Pages of the self-assessment: list, overview, one page per area, explanations, history."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_POST

from accounts.http import UserRequest, is_htmx

from . import pages, selectors, services, trace
from .access import May, get_assessment
from .cards import card_of, conflicting
from .forms import AnswerForm
from .models import Assessment, Stage
from .services import Outcome, Recorded
from .worksheet import Node, Worksheet


@require_GET
def index(request: UserRequest) -> HttpResponse:
    rows = Assessment.objects.visible_to(request.user).for_list()
    query = request.GET.get("q", "").replace("\0", "").strip()[:100]  # PostgreSQL takes no NUL
    if query:
        rows = rows.search(query)
    shown = Paginator(rows, 25).get_page(request.GET.get("hal"))
    return render(request, "assessment/index.html", {"page": shown, "query": query})


@require_GET
def detail(request: UserRequest, year: int, code: str) -> HttpResponse:
    assessment, may = get_assessment(request.user, year, code)
    card = selectors.scorecard_of(assessment, Stage.UNIT)
    worksheet = selectors.worksheet_of(assessment.period.instrument)
    return render(request, "assessment/detail.html", pages.overview(assessment, may, worksheet, card))


@require_GET
def page(request: UserRequest, year: int, code: str, page: str) -> HttpResponse:
    assessment, may = get_assessment(request.user, year, code)
    node = _page_or_404(selectors.worksheet_of(assessment.period.instrument), page)
    answers = selectors.answers_of(assessment, Stage.UNIT)
    result = selectors.result_of(assessment, answers)
    return render(request, "assessment/page.html", pages.area(assessment, may, node, result, answers, {}))


@require_POST
def page_save(request: UserRequest, year: int, code: str, page: str) -> HttpResponse:
    """Save every answer of a page at once: how the form works without JavaScript."""
    assessment, may = get_assessment(request.user, year, code, needs="answer")
    worksheet = selectors.worksheet_of(assessment.period.instrument)
    node = _page_or_404(worksheet, page)
    _refuse_other_area(may, worksheet, node)
    open_ones = [c for c in node.all_criteria() if may.answer_criterion(worksheet, c.code)]
    forms = {c.code: AnswerForm(c, request.POST) for c in open_ones}
    posted = {c: f for c, f in forms.items() if f.is_posted}
    invalid = {c for c, f in posted.items() if not f.is_valid()}
    entries = [f.entry for f in posted.values() if f.entry]
    try:
        recorded = services.record_answers(assessment=assessment, entries=entries, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(_page_url(assessment, node.code))
    conflicts = {c for c, o in recorded.outcomes.items() if o == Outcome.CONFLICT}
    pages.tell(request, recorded, len(invalid), len(conflicts))
    if not invalid and not conflicts:
        return redirect(_page_url(assessment, node.code) + pages.anchor(worksheet, request.POST.get("kembali", "")))
    bound = {c: posted[c] for c in invalid | conflicts}
    context = pages.area(assessment, may, node, recorded.result, recorded.answers, bound)
    return render(request, "assessment/page.html", context, status=409 if conflicts else 422)


@require_POST
def answer_save(request: UserRequest, year: int, code: str, criterion: str) -> HttpResponse:
    """Save one answer as it is typed; answers with the fragments of the page that changed."""
    assessment, may = get_assessment(request.user, year, code, needs="answer")
    worksheet = selectors.worksheet_of(assessment.period.instrument)
    if criterion not in worksheet.criteria:
        raise Http404
    if not may.answer_criterion(worksheet, criterion):
        raise PermissionDenied
    node = worksheet.pages[worksheet.page_of[criterion]]
    form = AnswerForm(worksheet.criteria[criterion], request.POST)
    recorded = None
    if form.is_valid() and form.entry:
        try:
            recorded = services.record_answer(assessment=assessment, entry=form.entry, by=request.user)
        except ValidationError as error:
            form.errors["version"] = list(error.messages)
    if not is_htmx(request):
        return redirect(_page_url(assessment, node.code) + f"#k-{form.criterion.slug}")
    return _saved_fragment(request, assessment, may, form, recorded)


def _saved_fragment(
    request: UserRequest, assessment: Assessment, may: May, form: AnswerForm, recorded: Recorded | None
) -> HttpResponse:
    """Draw what one save changed: the card's state and, if it was saved, the figures of its nodes."""
    code = form.criterion.code
    answers = recorded.answers if recorded else selectors.answers_of(assessment, Stage.UNIT)
    result = recorded.result if recorded else selectors.result_of(assessment, answers)
    saved = recorded is not None and recorded.outcomes[code] != Outcome.CONFLICT
    card = card_of(result, form.criterion, answers.get(code), None if saved else form)
    card.is_saved, card.is_open = saved, True
    node = result.worksheet.pages[result.worksheet.page_of[code]]
    context = {"assessment": assessment, "may": may, "node": node, "card": card}
    if saved:
        context |= {"rows": pages.figures_above(result, node, code), "totals": pages.totals(result)}
        return render(request, "assessment/page.html#saved", context)
    if recorded:
        conflicting(card, result, answers.get(code))
    return render(request, "assessment/page.html#card-state", context, status=409 if recorded else 422)


@require_GET
def next_unanswered(request: UserRequest, year: int, code: str) -> HttpResponse:
    """Go to the first unanswered criterion after `dari`, from the start again at the end."""
    assessment, _ = get_assessment(request.user, year, code)
    worksheet = selectors.worksheet_of(assessment.period.instrument)
    card = selectors.scorecard_of(assessment, Stage.UNIT)
    target = pages.next_open(worksheet, card.unanswered, request.GET.get("dari", ""))
    if target is None:
        messages.success(request, "Semua kriteria sudah dijawab.")
        return redirect(assessment)
    slug = worksheet.criteria[target].slug
    return redirect(_page_url(assessment, worksheet.page_of[target]) + f"#k-{slug}")


@require_GET
def explain_total(request: UserRequest, year: int, code: str) -> HttpResponse:
    assessment, may = get_assessment(request.user, year, code)
    stage = _stage_or_404(request, may)
    return _trace(request, assessment, stage, trace.explain_total(selectors.stage_result(assessment, stage)))


@require_GET
def explain(request: UserRequest, year: int, code: str, node: str) -> HttpResponse:
    assessment, may = get_assessment(request.user, year, code)
    stage = _stage_or_404(request, may)
    result = selectors.stage_result(assessment, stage)
    if node not in result.worksheet.criteria and node not in result.worksheet.nodes:
        raise Http404
    return _trace(request, assessment, stage, trace.explain(result, node))


def _stage_or_404(request: UserRequest, may: May) -> str:
    """Return the stage asked for by `?tahap=`, the unit's own without it; one that may not be read is not there."""
    stage = request.GET.get("tahap", Stage.UNIT.value)
    if stage not in may.sees:
        raise Http404
    return stage


def _trace(request: UserRequest, assessment: Assessment, stage: str, found: trace.Trace) -> HttpResponse:
    worksheet = selectors.worksheet_of(assessment.period.instrument)
    above = worksheet.ancestors(found.code)[::-1] if found.code else ()
    context = {
        "assessment": assessment,
        "trace": found,
        "stage": "" if stage == Stage.UNIT else Stage(stage).label,
        "ask": "" if stage == Stage.UNIT else f"?tahap={stage}",
        "above": above,
        "page": worksheet.page_of.get(found.code, ""),
        "linked": {**worksheet.nodes, **worksheet.criteria},
    }
    name = "assessment/explain.html" + ("#trace" if is_htmx(request) else "")
    response = render(request, name, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_GET
def history(request: UserRequest, year: int, code: str) -> HttpResponse:
    assessment, may = get_assessment(request.user, year, code)
    worksheet = selectors.worksheet_of(assessment.period.instrument)
    criterion = request.GET.get("kriteria", "")
    if criterion and criterion not in worksheet.criteria:
        raise Http404
    shown = Paginator(selectors.events_of(assessment, may, criterion), 50).get_page(request.GET.get("hal"))
    context: dict[str, Any] = {
        "assessment": assessment,
        "may": may,
        "page": shown,
        "events": pages.event_rows(worksheet, shown.object_list),
        "criterion": worksheet.criteria.get(criterion),
    }
    return render(request, "assessment/history.html", context)


def _page_or_404(worksheet: Worksheet, code: str) -> Node:
    if code not in worksheet.pages:
        raise Http404
    return worksheet.pages[code]


def _refuse_other_area(may: May, worksheet: Worksheet, node: Node) -> None:
    if not may.answer_page(worksheet, node.code):
        raise PermissionDenied


def _page_url(assessment: Assessment, page: str) -> str:
    return reverse("assessment:page", args=[assessment.period.year, assessment.unit.code, page])
