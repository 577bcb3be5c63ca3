"""Reads about submitting: which step the state asks for, what is missing, what was corrected."""

from assessment.models import Assessment, Snapshot, State
from assessment.scoring import Result
from assessment.worksheet import Worksheet

from . import completeness
from .completeness import Condition, Paper, Report
from .conditions import held_of
from .models import ConditionAnswer
from .obstacles import in_order
from .selectors import latest_snapshot, return_under_way
from .services.returns import changed_since
from .workflow import STEPS, Step

SUBMITTING = {State.DRAFT.value: STEPS["submit"], State.RETURNED.value: STEPS["resubmit"]}


def submitting_step(state: str) -> Step | None:
    """Return the step with which a unit hands in from a state, None where it has handed in already."""
    return SUBMITTING.get(state)


def report_of(assessment: Assessment, result: Result) -> Report:
    """Return what is missing or looks odd in the unit's answers: four queries; the row from `for_page`."""
    code_of = result.worksheet.code_of
    live = assessment.attachments.live().with_place()
    rows = live.values_list(
        "criterion_id", "expected_place", "document__title", "document__year"  # type: ignore[misc]
    )  # fmt: skip
    papers = [Paper(code_of[criterion], place or 0, title, year) for criterion, place, title, year in rows]
    conditions = [
        Condition(h.condition.key, h.condition.text, h.met, len(h.attachments)) for h in held_of(assessment)
    ]  # fmt: skip
    return completeness.report(
        result, year=assessment.period.year, target=assessment.target, papers=papers, conditions=conditions,
        met=ConditionAnswer.Met.YES,
    )  # fmt: skip


def still_unchanged(assessment: Assessment, worksheet: Worksheet) -> tuple[int, tuple[str, ...]]:
    """Return how many criteria were sent back, and which of them are as they were: five queries."""
    under_way = return_under_way(assessment)
    if under_way is None:
        return 0, ()
    asked = set(under_way.items.values_list("criterion__code", flat=True))
    changed = set(changed_since(assessment, latest_snapshot(assessment, Snapshot.Kind.SUBMISSION)))
    return len(asked), in_order(worksheet, asked - changed)
