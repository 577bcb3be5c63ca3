"""The stages of one assessment side by side: read once, for the pages on which people decide."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count

from accounts.models import User
from assessment import rules, selectors
from assessment.models import Answer, Assessment, Snapshot, Stage
from assessment.scoring import Given, Result
from assessment.worksheet import Worksheet
from evidence.models import Attachment

from .access import ReviewMay, get_review
from .models import Finding, Verdict

SHOWN = (Stage.UNIT, Stage.PRELIM, Stage.TPI, Stage.TPN)
JUDGES = (Stage.PRELIM, Stage.TPI, Stage.TPN)


@dataclass(frozen=True, slots=True)
class Side:
    """One stage: its answers and what follows from them."""

    stage: Stage
    answers: Mapping[str, Answer]
    result: Result

    def given(self, code: str) -> Given | None:
        return self.result.given.get(code)


@dataclass(frozen=True, slots=True)
class Difference:
    """A criterion that some reviewers answered otherwise than the unit; by stage, None where not answered."""

    code: str
    given: Mapping[Stage, Given | None]
    notes: Mapping[Stage, str]
    differs: frozenset[Stage]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The stages that somebody may see, the unit's first; `decision` is TPI's fixed copy where there is one."""

    worksheet: Worksheet
    sides: tuple[Side, ...]
    decision: Snapshot | None

    @property
    def unit(self) -> Side:
        return self.sides[0]

    @property
    def judge(self) -> Side | None:
        """Return the last stage that judged the unit inside the agency."""
        return next((s for s in reversed(self.sides) if s.stage in {Stage.PRELIM, Stage.TPI}), None)

    def side(self, stage: str) -> Side | None:
        return next((s for s in self.sides if s.stage == stage), None)

    def differences(self) -> list[Difference]:
        """Return the criteria on which a reviewer differs from the unit, in worksheet order."""
        judges = [s for s in self.sides if s.stage in JUDGES]
        found = [self._difference(code, judges) for code in self.worksheet.criteria]
        return [d for d in found if d.differs]

    def _difference(self, code: str, judges: list[Side]) -> Difference:
        own = self.unit.given(code) or Given()
        given = {s.stage: s.given(code) for s in self.sides}
        differs = frozenset(
            s.stage for s in judges if (theirs := given[s.stage]) is not None and not rules.same_answer(own, theirs)
        )
        notes = {s.stage: s.answers[code].note for s in judges if code in s.answers}
        return Difference(code, given, notes, differs)

    def ratios(self) -> list[tuple[str, Side]]:
        """Return the criteria whose ratio a reviewer set by hand, with who did."""
        return [
            (code, side)
            for code in self.worksheet.criteria
            for side in self.sides
            if (given := side.given(code)) is not None and given.ratio is not None
        ]

    def frozen_checks(self) -> dict[str, Mapping[str, Any]]:
        """Return the thresholds by name as they stood when TPI's result was decided on."""
        lhe: Mapping[str, Any] = self.decision.data.get("lhe", {}) if self.decision else {}
        return {check["name"]: check for check in lhe.get("thresholds", [])}


def get_compared(user: User, year: int, code: str) -> tuple[Assessment, ReviewMay]:
    """Return the assessment and the permissions of somebody who may compare its stages.

    403 for those who see the unit's answers alone, and for second reviewers who must not know the first ones.
    """
    assessment, may = get_review(user, year, code)
    if may.base.sample or not may.base.sees - {Stage.UNIT}:
        raise PermissionDenied
    return assessment, may


def compare(assessment: Assessment, sees: Collection[str]) -> Comparison:
    """Return the stages in `sees` that anybody wrote, the unit's always: two queries; the row from `for_page`."""
    worksheet = selectors.worksheet_of(assessment.period.instrument)
    stages = [stage for stage in SHOWN if stage in sees]
    by_stage: dict[Stage, dict[str, Answer]] = {stage: {} for stage in stages}
    rows = Answer.objects.filter(assessment=assessment, stage__in=stages)
    for row in rows:
        by_stage[Stage(row.stage)][worksheet.code_of[row.criterion_id]] = row
    sides = tuple(
        Side(stage, answers, selectors.result_of(assessment, answers))
        for stage, answers in by_stage.items()
        if answers or stage == Stage.UNIT
    )
    copies = assessment.snapshots.filter(kind=Snapshot.Kind.DECISION).order_by("-round")
    return Comparison(worksheet, sides, copies.first() if Stage.TPI in stages else None)


def verdict_counts(assessment: Assessment, stages: Collection[str]) -> dict[str, dict[str, int]]:
    """Return how often each verdict was given on documents that are attached, by stage: one query."""
    rows = Verdict.objects.filter(
        attachment__assessment=assessment, attachment__detached_at=None, stage__in=stages
    )  # fmt: skip
    found: dict[str, dict[str, int]] = {}
    for stage, verdict, count in rows.values_list("stage", "verdict").annotate(count=Count("pk")).order_by():
        found.setdefault(stage, {})[verdict] = count
    return found


def attached_count(assessment: Assessment) -> int:
    """Return how many documents are attached to criteria: one query."""
    return Attachment.objects.filter(assessment=assessment, detached_at=None, criterion__isnull=False).count()


def finding_counts(assessment: Assessment) -> dict[tuple[str, str], int]:
    """Return how many findings there are by kind and state: one query."""
    rows = Finding.objects.filter(assessment=assessment).values_list("kind", "state")
    return {(kind, state): count for kind, state, count in rows.annotate(count=Count("pk")).order_by()}
