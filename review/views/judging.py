"""The reviewers' pages: both sides of every criterion, verdicts on documents, agreeing."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.http import UserRequest, is_htmx
from assessment import selectors
from assessment.models import Assessment, Stage
from assessment.scoring import NOTHING, Given
from assessment.services import JUDGING, Outcome, record_answers
from assessment.worksheet import Node, Worksheet, slug_of

from ..access import ReviewMay, get_review
from ..forms.judging import JudgeForm, VerdictForm, versions_in
from ..pages.judging import agreeing, sheet
from ..pages.judging import start as start_page
from ..pages.judging.look import Bound, asked
from ..services import judging, verdicts


@require_safe
def judge(request: UserRequest, year: int, code: str) -> HttpResponse:
    assessment, may = get_review(request.user, year, code, needs="review")
    return render(request, "review/judging/start.html", start_page.start(assessment, may))


@require_safe
def judge_page(request: UserRequest, year: int, code: str, page: str) -> HttpResponse:
    assessment, may = get_review(request.user, year, code, needs="review")
    node = _page_or_404(assessment, page)
    return _page(request, assessment, may, node, Bound())


@require_POST
def judge_page_save(request: UserRequest, year: int, code: str, page: str) -> HttpResponse:
    """Save every answer of a page at once: how the form works without JavaScript."""
    assessment, may = _writing(request, year, code)
    node = _page_or_404(assessment, page)
    mine = [c for c in node.all_criteria() if may.base.judge_criterion(c.code)]
    units = _units(assessment, may)
    posted = {c.code: f for c in mine if (f := JudgeForm(c, request.POST, units(c.code))).is_posted}
    invalid = {c for c, f in posted.items() if not f.is_valid()}
    entries = [f.entry for f in posted.values() if f.entry]
    try:
        recorded = record_answers(assessment=assessment, entries=entries, by=request.user, stage=may.base.stage)
    except ValidationError as error:
        for form in posted.values():
            form.errors.setdefault("version", []).extend(error.messages)
        return _page(request, assessment, may, node, Bound(posted), 422)
    conflicts = {c for c, o in recorded.outcomes.items() if o == Outcome.CONFLICT}
    _tell(request, sum(o == Outcome.SAVED for o in recorded.outcomes.values()), len(invalid), len(conflicts))
    if not invalid and not conflicts:
        return redirect(_page_url(assessment, node.code) + asked(request.GET).keep + _anchor(node, _pressed(request)))
    bound = Bound({c: posted[c] for c in invalid | conflicts})
    return _page(request, assessment, may, node, bound, 409 if conflicts else 422)


@require_POST
def judge_save(request: UserRequest, year: int, code: str, criterion: str) -> HttpResponse:
    """Save one answer as it is typed; answers with what changed on the page."""
    assessment, may = _writing(request, year, code, criterion)
    worksheet = selectors.worksheet_of(assessment.period.instrument)
    form = JudgeForm(worksheet.criteria[criterion], request.POST, _units(assessment, may)(criterion))
    outcome = None
    if form.is_valid() and form.entry:
        try:
            recorded = record_answers(
                assessment=assessment, entries=[form.entry], by=request.user, stage=may.base.stage
            )
            outcome = recorded.outcomes[criterion]
        except ValidationError as error:
            form.errors["version"] = list(error.messages)
    is_saved = outcome is not None and outcome != Outcome.CONFLICT
    if not is_htmx(request):
        if is_saved:
            return redirect(_page_url(assessment, worksheet.page_of[criterion]) + f"#k-{form.criterion.slug}")
        node = worksheet.pages[worksheet.page_of[criterion]]
        return _page(request, assessment, may, node, Bound({criterion: form}), 409 if outcome else 422)
    context = sheet.saved(assessment, may, worksheet, criterion, None if is_saved else form)
    context["card"].is_saved = is_saved
    if is_saved:
        return render(request, "review/judging/page.html#saved", context)
    return render(request, "review/judging/page.html#card-state", context, status=409 if outcome else 422)


@require_POST
def agree(request: UserRequest, year: int, code: str, criterion: str) -> HttpResponse:
    assessment, may = _writing(request, year, code, criterion)
    worksheet = selectors.worksheet_of(assessment.period.instrument)
    seen = request.POST.get("version", "")
    version = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else -1
    outcome = Outcome.CONFLICT
    try:
        recorded = judging.agree(
            assessment=assessment, stage=may.base.stage, versions={criterion: version}, by=request.user
        )
        outcome = recorded.outcomes.get(criterion, Outcome.CONFLICT)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    if outcome == Outcome.CONFLICT:
        messages.warning(request, "Belum tersimpan: kriteria ini berubah sementara Anda melihatnya. Periksa lagi.")
    else:
        messages.success(request, f"Setuju dengan unit pada {criterion}.")
    return redirect(_page_url(assessment, worksheet.page_of[criterion]) + f"#k-{worksheet.criteria[criterion].slug}")


@require_safe
def agree_rest_page(request: UserRequest, year: int, code: str, node: str) -> HttpResponse:
    assessment, may = _writing(request, year, code)
    found = _node_or_404(assessment, node)
    versions = judging.open_ones(assessment, may.base.stage, _codes(may, found))
    return render(request, "review/judging/agree_rest.html", agreeing.confirming(assessment, may, found, versions))


@require_POST
def agree_rest(request: UserRequest, year: int, code: str, node: str) -> HttpResponse:
    """Agree with the unit on the criteria that were listed, as far as nobody answered them meanwhile."""
    assessment, may = _writing(request, year, code)
    found = _node_or_404(assessment, node)
    mine = set(_codes(may, found))
    versions = {c: v for c, v in versions_in(request.POST.getlist("kriteria")).items() if c in mine}
    try:
        recorded = judging.agree(assessment=assessment, stage=may.base.stage, versions=versions, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(_place_url(assessment, found))
    done = {c: recorded.answers[c].version for c, o in recorded.outcomes.items() if o == Outcome.SAVED}
    return render(request, "review/judging/agreed.html", agreeing.agreed(assessment, may, found, done, len(versions)))


@require_POST
def agree_undo(request: UserRequest, year: int, code: str, node: str) -> HttpResponse:
    assessment, may = _writing(request, year, code)
    found = _node_or_404(assessment, node)
    mine = set(_codes(may, found))
    versions = {c: v for c, v in versions_in(request.POST.getlist("kriteria")).items() if c in mine}
    try:
        outcomes = judging.take_back(assessment=assessment, stage=may.base.stage, versions=versions, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(_place_url(assessment, found))
    undone = sum(o == Outcome.SAVED for o in outcomes.values())
    messages.success(request, f"{undone} persetujuan dibatalkan.")
    if undone < len(versions):
        messages.warning(request, f"{len(versions) - undone} sudah diubah lagi sesudahnya dan dibiarkan.")
    return redirect(_place_url(assessment, found))


@require_POST
def verdict(request: UserRequest, year: int, code: str, criterion: str, attachment: UUID) -> HttpResponse:
    assessment, may = get_review(request.user, year, code, needs="judge")
    worksheet = selectors.worksheet_of(assessment.period.instrument)
    if criterion not in worksheet.criteria:
        raise Http404
    place = worksheet.criteria[criterion].pk
    row = get_object_or_404(assessment.attachments.live().for_page(), criterion=place, pk=attachment)
    form = VerdictForm(request.POST)
    bound = Bound(verdict=form, attachment=str(row.pk))
    status = 422
    if form.is_valid():
        given = form.cleaned_data
        try:
            verdicts.give_verdict(
                assessment=assessment, attachment=row, stage=may.base.stage, verdict=given["verdict"],
                reason=given["reason"], revision=given["seen"], by=request.user,
            )  # fmt: skip
        except verdicts.Stale as error:
            bound.stored, status = error.stored, 409
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "Hasil pemeriksaan bukti tersimpan.")
            look = asked(request.GET)
            return redirect(_page_url(assessment, worksheet.page_of[criterion]) + look.again + f"#b-{row.pk}")
    return _page(request, assessment, may, worksheet.pages[worksheet.page_of[criterion]], bound, status)


def _writing(request: UserRequest, year: int, code: str, criterion: str = "") -> tuple[Assessment, ReviewMay]:
    """Return the assessment if the user may write a reviewer's stage now, and this criterion of it."""
    assessment, may = get_review(request.user, year, code)
    if not may.base.stage:
        raise PermissionDenied
    if criterion:
        if criterion not in selectors.worksheet_of(assessment.period.instrument).criteria:
            raise Http404
        if not may.base.judge_criterion(criterion):
            raise PermissionDenied
    return assessment, may


def _units(assessment: Assessment, may: ReviewMay) -> Callable[[str], Given | None]:
    """Return what gives the unit's answer to a criterion, None at stages that are not compared with it."""
    if may.base.stage not in JUDGING:
        return lambda code: None
    given = selectors.stage_result(assessment, Stage.UNIT).given
    return lambda code: given.get(code, NOTHING)


def _codes(may: ReviewMay, node: Node) -> list[str]:
    return [c.code for c in node.all_criteria() if may.base.judge_criterion(c.code)]


def _page_or_404(assessment: Assessment, page: str) -> Node:
    worksheet = selectors.worksheet_of(assessment.period.instrument)
    if page not in worksheet.pages:
        raise Http404
    return worksheet.pages[page]


def _node_or_404(assessment: Assessment, code: str) -> Node:
    worksheet: Worksheet = selectors.worksheet_of(assessment.period.instrument)
    if code not in worksheet.nodes or code not in worksheet.page_of:
        raise Http404
    return worksheet.nodes[code]


def _page_url(assessment: Assessment, page: str) -> str:
    return reverse("review:judge-page", args=[assessment.period.year, assessment.unit.code, page])


def _place_url(assessment: Assessment, node: Node) -> str:
    worksheet = selectors.worksheet_of(assessment.period.instrument)
    return f"{_page_url(assessment, worksheet.page_of[node.code])}#s-{node.slug}"


def _pressed(request: UserRequest) -> str:
    """Return the slug of the place whose button was pressed: one that saves, or one that confirms an answer."""
    confirmed = (slug_of(name.removesuffix("-confirm")) for name in request.POST if name.endswith("-confirm"))
    return request.POST.get("kembali", "") or next(confirmed, "")


def _anchor(node: Node, slug: str) -> str:
    if any(slug == c.slug for c in node.all_criteria()):
        return f"#k-{slug}"
    return f"#s-{slug}" if any(slug == n.slug for n in node.walk()) else ""


def _tell(request: UserRequest, saved: int, invalid: int, conflicts: int) -> None:
    if saved:
        messages.success(request, f"{saved} jawaban tersimpan.")
    elif not invalid and not conflicts:
        messages.info(request, "Tidak ada perubahan; semua jawaban sudah tersimpan.")
    if invalid:
        messages.error(request, f"{invalid} jawaban belum tersimpan. Perbaiki yang ditandai di bawah ini.")
    if conflicts:
        messages.warning(request, f"{conflicts} jawaban diubah orang lain sementara Anda menilai. Pilih yang dipakai.")


def _page(
    request: UserRequest, assessment: Assessment, may: ReviewMay, node: Node, bound: Bound, status: int = 200
) -> HttpResponse:
    context = sheet.page(assessment, may, node, asked(request.GET), bound)
    return render(request, "review/judging/page.html", context, status=status)
