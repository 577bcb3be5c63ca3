"""What the pages show of answers that came from the period before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from assessment import selectors as assessment_selectors
from assessment import trace
from assessment.models import Answer, Assessment, Stage
from assessment.worksheet import Criterion, Worksheet

from ..access import PlanMay
from ..models import Carry, Suggestion
from ..services.carrying import has_content
from ..services.suggestions import given_of


@dataclass(frozen=True, slots=True)
class SuggestionRow:
    """One answer of the period before, to be confirmed."""

    id: str
    code: str
    title: str
    year: str
    answer: str  # "B", "Ya", "5 / 8"
    rubric: str
    note: str
    pick: str  # names it with the version of the answer that is shown beside it
    url: str  # the criterion's card
    can_decide: bool


def open_ones(assessment: Assessment) -> Any:
    """Return the suggestions that nobody has decided about, in worksheet order."""
    rows = assessment.suggestions.filter(state=Suggestion.State.OPEN)
    return rows.select_related("source__assessment__period").order_by("criterion__order")


def row_of(
    assessment: Assessment, criterion: Criterion, page: str, suggestion: Suggestion, version: int, *, can_decide: bool
) -> SuggestionRow:
    """Build a suggestion's row (from `open_ones`): no query."""
    given = given_of(criterion, suggestion)
    choice = criterion.choice(given.choice)
    url = reverse("assessment:page", args=[assessment.period.year, assessment.unit.code, page])
    return SuggestionRow(
        id=str(suggestion.pk),
        code=criterion.code,
        title=criterion.title,
        year=str(suggestion.source.assessment.period.year),
        answer=trace.answer_text(criterion, given),
        rubric=choice.text if choice else "",
        note=suggestion.note,
        pick=f"{suggestion.pk}:{version}",
        url=f"{url}#k-{criterion.slug}",
        can_decide=can_decide,
    )


@dataclass(frozen=True, slots=True)
class Group:
    """The open suggestions of one sub-area."""

    slug: str
    title: str
    rows: list[SuggestionRow]
    can_decide: bool


def listing(assessment: Assessment, may: PlanMay) -> dict[str, Any]:
    """Build all open suggestions by sub-area: three queries."""
    worksheet = assessment_selectors.worksheet_of(assessment.period.instrument)
    answers = assessment_selectors.answers_of(assessment, Stage.UNIT)
    rows = live_rows(assessment, may, worksheet, open_ones(assessment), answers)
    groups: dict[str, Group] = {}
    for row in rows.values():
        node = worksheet.nodes[worksheet.criteria[row.code].parent]
        above = " › ".join(n.name for n in worksheet.ancestors(node.code)[::-1][1:])
        title = f"{above} › {node.name}" if above else node.name
        groups.setdefault(node.code, Group(node.slug, title, [], may.confirm)).rows.append(row)
    carry = Carry.objects.filter(assessment=assessment).select_related("source__period").first()
    return {
        "assessment": assessment,
        "may": may,
        "groups": [_decidable(group) for group in groups.values()],
        "total": len(rows),
        "left": carry.summary.get("left", []) if carry else [],
        "from_year": str(carry.source.period.year) if carry else "",
    }


def _decidable(group: Group) -> Group:
    return Group(group.slug, group.title, group.rows, any(row.can_decide for row in group.rows))


def live_rows(
    assessment: Assessment, may: PlanMay, worksheet: Worksheet, suggestions: Iterable[Suggestion],
    answers: Mapping[str, Answer],
) -> dict[str, SuggestionRow]:  # fmt: skip
    """Build the rows of those whose criterion nobody has answered otherwise, by code: no query."""
    found = {}
    for suggestion in suggestions:
        code = worksheet.code_of[suggestion.criterion_id]
        answer = answers.get(code)
        if answer is not None and has_content(answer):
            continue
        can_decide = may.confirm and may.base.answer_criterion(worksheet, code)
        page, version = worksheet.page_of[code], answer.version if answer else 0
        found[code] = row_of(
            assessment, worksheet.criteria[code], page, suggestion, version, can_decide=can_decide
        )  # fmt: skip
    return found
