"""What is still to be done before a step, with links to where it is done."""

from dataclasses import dataclass

from django.urls import reverse

from assessment import selectors
from assessment.models import Assessment
from assessment.worksheet import Worksheet

from ..access import ReviewMay
from ..obstacles import Obstacle, obstacles_of
from ..services.steps import CLOSED, is_window_open
from ..workflow import REASON, Check, Step

# The steps that have a page here; the others have pages of their own.
PAGED = frozenset({
    "start_prelim", "declare_fit", "declare_unfit", "reopen", "start_review", "take_back", "finish", "send_back",
    "pass_on", "hand_back", "approve", "unpropose",
})  # fmt: skip
# Where each thing is done; those with criteria lead to each of them besides.
PLACES = {
    Check.ANSWERED: "review:check",
    Check.JUDGED: "review:judge",
    Check.RECHECKED: "review:judge",
    Check.RETURN_LISTED: "review:returns",
    Check.RETURN_SENT_OR_EMPTY: "review:returns",
    Check.SECOND_FINISHED: "review:second",
    Check.SECOND_SETTLED: "review:second",
    Check.CONFLICTS_DECIDED: "review:conflict",
    Check.CONDITIONS_MET: "review:conditions",
}


@dataclass(frozen=True, slots=True)
class Todo:
    """What is missing before a step, with links to where it is done."""

    text: str
    url: str
    links: list[tuple[str, str, str]]  # code, title, url


@dataclass(frozen=True, slots=True)
class NextStep:
    name: str
    label: str
    url: str
    closed: str  # why its window is not open; "" if it is
    todos: list[Todo]
    is_back: bool  # gives the work back instead of bringing it on


def next_step(assessment: Assessment, may: ReviewMay, step: Step) -> NextStep:
    """Return a step with what keeps it from being taken now."""
    where = [assessment.period.year, assessment.unit.code]
    closed = "" if is_window_open(assessment, step) else CLOSED[step.window]
    todos = [_todo(assessment, may, o) for o in obstacles_of(assessment, step)]
    url = reverse("review:step-page", args=[*where, step.name])
    return NextStep(step.name, step.label, url, closed, todos, is_back=step.reason == REASON)


def _todo(assessment: Assessment, may: ReviewMay, obstacle: Obstacle) -> Todo:
    name = PLACES.get(obstacle.check, "")
    url = reverse(name, args=[assessment.period.year, assessment.unit.code]) if name else ""
    worksheet = selectors.worksheet_of(assessment.period.instrument)
    links = [
        (code, worksheet.criteria[code].title, criterion_url(assessment, may, worksheet, code))
        for code in obstacle.codes
    ]
    return Todo(obstacle.text, url, links)


def criterion_url(assessment: Assessment, may: ReviewMay, worksheet: Worksheet, code: str) -> str:
    """Return where the user sees one criterion: on the reviewers' page, or on the unit's sheet."""
    name = "review:judge-page" if may.review else "assessment:page"
    where = [assessment.period.year, assessment.unit.code, worksheet.page_of[code]]
    return f"{reverse(name, args=where)}#k-{worksheet.criteria[code].slug}"
