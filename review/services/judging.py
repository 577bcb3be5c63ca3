"""Agreeing with the unit, for one criterion or many, and taking that back."""

from collections.abc import Collection, Mapping

from django.db import transaction

from accounts.models import User
from assessment import rules, selectors
from assessment.models import Assessment, Stage
from assessment.scoring import Given
from assessment.services import Entry, Outcome, Recorded, record_answers


@transaction.atomic
def agree(*, assessment: Assessment, stage: str, versions: Mapping[str, int], by: User) -> Recorded:
    """Answer some criteria of a stage as the unit did; `versions` are those that the person saw, by code.

    A note stays where the answer was the same already; one that explained a difference has nothing left to explain.
    Raises ValidationError as `record_answers` does.
    """
    worksheet = selectors.worksheet_of(assessment.period.instrument)
    units = selectors.answers_of(assessment, Stage.UNIT)
    stored = selectors.answers_of(assessment, stage)

    def agreeing(code: str, version: int) -> Entry:
        theirs, ours = selectors.given_of(worksheet, units[code]), stored.get(code)
        is_same = ours is not None and rules.same_answer(selectors.given_of(worksheet, ours), theirs)
        return Entry(code, theirs, ours.note if ours and is_same else "", version, confirms=True)

    entries = [agreeing(code, version) for code, version in versions.items() if code in units]
    return record_answers(assessment=assessment, entries=entries, by=by, stage=stage)


def open_ones(assessment: Assessment, stage: str, codes: Collection[str]) -> dict[str, int]:
    """Return those criteria that the unit answered whole and this stage has not, with their versions: two queries."""
    units = selectors.stage_result(assessment, Stage.UNIT)
    answers = selectors.answers_of(assessment, stage)
    judged = selectors.result_of(assessment, answers)
    return {
        code: answers[code].version if code in answers else 0
        for code in codes if units.values[code].is_answered and not judged.values[code].is_answered
    }  # fmt: skip


@transaction.atomic
def take_back(*, assessment: Assessment, stage: str, versions: Mapping[str, int], by: User) -> dict[str, Outcome]:
    """Empty answers that merely agreed, each only if nobody changed it since; return what became of each."""
    worksheet = selectors.worksheet_of(assessment.period.instrument)
    units = selectors.answers_of(assessment, Stage.UNIT)
    answers = selectors.answers_of(assessment, stage)

    def agrees(code: str) -> bool:
        if code not in answers or code not in units or answers[code].note:
            return False
        pair = [selectors.given_of(worksheet, found[code]) for found in (answers, units)]
        return rules.same_answer(*pair)

    entries = [Entry(code, Given(), "", version) for code, version in versions.items() if agrees(code)]
    recorded = record_answers(assessment=assessment, entries=entries, by=by, stage=stage)
    left = {code: Outcome.CONFLICT for code in versions if code not in recorded.outcomes}
    return {**recorded.outcomes, **left}
