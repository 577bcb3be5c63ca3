"""What the page "Jalan menuju WBK/WBBM" shows, as plain strings."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from django.urls import reverse

from assessment import advice, selectors
from assessment.advice import Advice, Improvement, criteria_of, points_of
from assessment.models import Assessment, Period, Predicate
from assessment.scoring import NOTHING, SEPARATE, TOGETHER, ZERO, Check, Result
from assessment.trace import answer_text, comma, percent
from assessment.worksheet import INDEX, PCT, Criterion, Worksheet
from review.access import ReviewMay
from review.pages.todos import criterion_url

from . import whatif
from .asked import Asked
from .whatif import Tried

UNANSWERED = "belum dijawab"


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One threshold before and after; `reach` says why nothing clears it, "" otherwise."""

    name: str
    value: str
    after: str
    minimum: str
    gap: str
    passed: bool
    passed_after: bool
    reach: str = ""


@dataclass(frozen=True, slots=True)
class Control:
    """One criterion that may be tried: a list of answers, or a number."""

    code: str
    name: str  # of the field
    slug: str
    title: str
    place: str
    url: str
    now: str
    options: list[tuple[str, str]]  # key and label; none for a number
    unit: str  # what a number is: "%" or "indeks 0–4"
    typed: str
    error: str
    worth: str  # the most that it can still bring, in points; "" at its best


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One improvement of the smallest set."""

    control: Control
    to: str
    steps: str
    points: str
    serves: list[str]
    keep_query: str  # the same page without ever suggesting this


@dataclass(frozen=True, slots=True)
class Other:
    """What the reading of the area minimum that does not decide would take."""

    label: str
    missing: list[CheckRow]
    criteria: str
    blocked: bool
    items: list[tuple[str, str, str]]  # code, to, url


@dataclass(frozen=True)
class Page:
    """Everything one view of the page is made of; the advice is only sought where it is shown."""

    assessment: Assessment
    may: ReviewMay
    asked: Asked
    result: Result  # as it is

    @property
    def worksheet(self) -> Worksheet:
        return self.result.worksheet

    @property
    def address(self) -> str:
        return reverse("dashboards:way", args=[self.assessment.period.year, self.assessment.unit.code])

    def advice_by(self, reading: str) -> Advice:
        """Return the smallest way by one reading of the area minimum."""
        held = selectors.held_by(self.assessment)
        return advice.advise(
            self.result, self.asked.predicate, area_reading=reading, held=held, fixed=self.asked.fixed
        )  # fmt: skip

    @cached_property
    def advice(self) -> Advice:
        return self.advice_by(self.assessment.period.area_reading)

    @cached_property
    def tried(self) -> Tried:
        """What somebody tries; the improvements while they try nothing of their own."""
        if self.asked.is_trying:
            return self.asked.tried
        return whatif.suggested(self.advice.improvements, self.worksheet)

    @cached_property
    def after(self) -> Result:
        """The result with what is tried."""
        reading, held = self.assessment.period.area_reading, selectors.held_by(self.assessment)
        return advice.raised(self.result, self.tried.values, area_reading=reading, held=held)

    @cached_property
    def serving(self) -> list[tuple[str, frozenset[str]]]:
        """Every failing threshold with the criteria that can help it."""
        return [(c.name, criteria_of(self.worksheet, c)) for c in self.advice.missing]


def page_of(assessment: Assessment, may: ReviewMay, asked: Asked) -> Page:
    """Return the page with the stage's answers scored: one query."""
    return Page(assessment, may, asked, selectors.stage_result(assessment, asked.stage))


def context_of(page: Page) -> dict[str, Any]:
    """Build the whole page."""
    suggestions = [_suggestion(page, each) for each in page.advice.improvements]
    shown = {s.control.code for s in suggestions}
    return outcome_of(page) | {
        "may": page.may,
        "label_lower": predicate_label(page.asked.predicate)[:1].lower() + predicate_label(page.asked.predicate)[1:],
        "suggestions": suggestions,
        "missing": [_missing_row(page, c) for c in page.advice.missing],
        "blocked": bool(page.advice.unreachable),
        "is_smallest": page.advice.is_smallest,
        "after_all": comma(page.advice.after.total),
        "steps": str(page.advice.steps),
        "predicates": [_predicate_link(page, p) for p in page.worksheet.predicates],
        "stages": page.asked.stage_links,
        "stage_label": page.asked.stage_label,
        "kept": [_kept(page, code) for code in page.asked.fixed],
        "hidden": page.asked.hidden,
        "groups": _groups(page, shown),
        "other": _other(page),
        "reading": page.assessment.period.get_area_reading_display(),
        "unanswered": str(len(page.result.unanswered)) if page.result.unanswered else "",
        "problems": page.asked.problems,
    }


def outcome_of(page: Page) -> dict[str, Any]:
    """Build the part that changes while somebody tries: what would come out."""
    rows = [_check_row(now, _same(page.after, now)) for now in _deciding(page.result, page.asked.predicate)]
    return {
        "assessment": page.assessment,
        "address": page.address,
        "predicate": page.asked.predicate,
        "label": predicate_label(page.asked.predicate),
        "total": comma(page.result.total),
        "total_after": comma(page.after.total),
        "change": _signed(page.after.total - page.result.total),
        "rows": rows,
        "reached": str(sum(r.passed_after for r in rows)),
        "asked_count": str(len(rows)),
        "passes": bool(rows) and all(r.passed_after for r in rows),
        "tried_count": str(len(page.tried.values)),
        "is_suggested": not page.asked.is_trying,
        "share": f"{page.address}?{page.asked.query(**whatif.query_of(page.tried), coba='1')}",
        "reset": f"{page.address}?{page.asked.query()}",
        "clear": f"{page.address}?{page.asked.query(coba='1')}",
        "wrong": [(page.worksheet.criteria[c], error) for c, error in page.tried.errors.items()],
    }


def predicate_label(code: str) -> str:
    """Return what a predicate is called: "Menuju WBK"."""
    return str(dict(Predicate.choices).get(code, code))


def _deciding(result: Result, predicate: str) -> list[Check]:
    return [c for c in result.checks_of(predicate) if c.decides]


def _check_row(now: Check, then: Check, reach: str = "") -> CheckRow:
    if now.measure == "award":
        held = {True: "Ya", False: "Belum"}
        return CheckRow(now.name, held[now.passed], held[then.passed], "Ya", "", now.passed, then.passed, reach)
    sign = "%" if now.measure == "area" else ""
    return CheckRow(
        now.name, comma(now.value) + sign, comma(then.value) + sign, comma(now.minimum) + sign,
        comma(now.gap) + sign, now.passed, then.passed, reach,
    )  # fmt: skip


def _missing_row(page: Page, check: Check) -> CheckRow:
    """Show one failing threshold, what comes of it with the improvements, and why nothing clears it if so."""
    then = _same(page.advice.after, check)
    return _check_row(check, then, _reach(page, check) if check in page.advice.unreachable else "")


def _reach(page: Page, check: Check) -> str:
    if check.measure == "award":
        return f"Unit belum menyandang predikat {check.subject}; nilai tidak dapat menggantikannya."
    sign = "%" if check.measure == "area" else ""
    most = comma(_same(page.advice.best, check).value) + sign
    which = "kriteria yang boleh berubah" if page.asked.fixed else "kriteria"
    return f"Tidak dapat dicapai: dengan semua {which} bernilai tertinggi pun hanya {most}."


def _same(result: Result, check: Check) -> Check:
    """Return the same threshold as another result has it."""
    key = (check.predicate, check.name, check.subject, check.part)
    return next(c for c in result.checks if (c.predicate, c.name, c.subject, c.part) == key)


def _suggestion(page: Page, each: Improvement) -> Suggestion:
    criterion = page.worksheet.criteria[each.code]
    serves = [name for name, codes in page.serving if each.code in codes]
    kept = [*page.asked.fixed, each.code]
    return Suggestion(
        _control(page, criterion), level_text(criterion, each), _steps_text(criterion, each.steps),
        comma(each.points), serves, page.asked.query(tetap=kept),
    )  # fmt: skip


def level_text(criterion: Criterion, each: Improvement) -> str:
    """Say what a criterion is to be raised to: "B", "paling sedikit 80%", "paling sedikit 3,60"."""
    if criterion.answer_type == PCT:
        return f"paling sedikit {whatif.number_of(criterion, each.level.value)}%"
    if criterion.answer_type == INDEX:
        return f"paling sedikit {comma(each.level.value * 4)}"
    choice = criterion.choice(each.level.choice)
    return choice.label if choice else ""


def _steps_text(criterion: Criterion, steps: int) -> str:
    if criterion.answer_type == PCT:
        return f"{steps} × 10%"
    return f"{steps} × 0,10" if criterion.answer_type == INDEX else f"{steps} huruf"


def _control(page: Page, criterion: Criterion) -> Control:
    worksheet, code = page.worksheet, criterion.code
    value = page.result.values[code].value or ZERO
    left = points_of(worksheet, code) * (1 - value)
    node = worksheet.pages[worksheet.page_of[code]]
    unit = {PCT: "%", INDEX: "indeks 0–4"}.get(criterion.answer_type, "")
    return Control(
        code, whatif.PREFIX + code, criterion.slug, criterion.title,
        f"{worksheet.nodes[node.parent].name} · {node.name}", criterion_url(page.assessment, page.may, worksheet, code),
        now_text(page.result, criterion), [(c.key, c.label) for c in criterion.choices], unit,
        page.tried.typed.get(code, ""), page.tried.errors.get(code, ""), comma(left) if left else "",
    )  # fmt: skip


def now_text(result: Result, criterion: Criterion) -> str:
    """Say what is answered now: "B", "5 / 8 (62,50%)"."""
    value = result.values[criterion.code]
    text = answer_text(criterion, result.given.get(criterion.code, NOTHING))
    if value.value is None:
        return UNANSWERED
    return f"{text} ({percent(value.value)})" if criterion.answer_type == PCT else text


def _groups(page: Page, shown: Iterable[str]) -> list[tuple[str, list[Control], str]]:
    """Return all other criteria by page of the worksheet, and how many of each are tried."""
    left_out = set(shown)
    groups = []
    for node in page.worksheet.pages.values():
        controls = [_control(page, c) for c in node.all_criteria() if c.code not in left_out]
        tried = sum(bool(c.typed) for c in controls)
        if controls:
            title = f"{page.worksheet.nodes[node.parent].name}: {node.name}"
            groups.append((title, controls, str(tried) if tried else ""))
    return groups


def _kept(page: Page, code: str) -> tuple[Criterion, str]:
    """Return a criterion that is not to be suggested, and the query that lets it be suggested again."""
    return page.worksheet.criteria[code], page.asked.query(tetap=[c for c in page.asked.fixed if c != code])


def _predicate_link(page: Page, predicate: str) -> tuple[str, str, bool]:
    return (
        predicate_label(predicate),
        page.asked.query(predikat=predicate),
        predicate == page.asked.predicate,
    )


def _other(page: Page) -> Other:
    """Return what the other reading of the area minimum would take."""
    reading = SEPARATE if page.assessment.period.area_reading == TOGETHER else TOGETHER
    found = page.advice_by(reading)
    items = [
        (each.code, level_text(page.worksheet.criteria[each.code], each),
         criterion_url(page.assessment, page.may, page.worksheet, each.code))
        for each in found.improvements
    ]  # fmt: skip
    missing = [_check_row(c, _same(found.after, c)) for c in found.missing]
    return Other(str(Period.AreaReading(reading).label), missing, str(len(items)), bool(found.unreachable), items)


def _signed(number: Fraction) -> str:
    if not number:
        return "tetap"
    return f"{'+' if number > 0 else '−'}{comma(abs(number))}"
