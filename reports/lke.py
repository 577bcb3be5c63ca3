"""What every LKE document is made from: one assessment at one stage, as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from assessment import selectors
from assessment.models import Assessment, Stage
from assessment.scoring import Result


@dataclass(frozen=True, slots=True)
class Lke:
    """One filled LKE. `result` has worksheet, answers, scores, checks; `notes` the notes by criterion code."""

    unit_code: str
    unit_name: str
    parent_name: str  # the unit above, "" at the top
    year: int
    period_name: str
    target: str  # "WBK" or "WBBM"
    target_label: str
    state_label: str
    stage: str
    stage_label: str
    area_reading_label: str
    result: Result
    notes: Mapping[str, str]
    changed_at: datetime | None  # the latest change of an answer
    printed_at: datetime

    @property
    def file_stem(self) -> str:
        """The start of a file name: LKE-2026-UNIT-01."""
        return f"LKE-{self.year}-{self.unit_code}"


def lke_of(assessment: Assessment, stage: str = Stage.UNIT) -> Lke:
    """Collect an assessment's LKE: two queries; the row must come from `for_page`."""
    answers = selectors.answers_of(assessment, stage)
    unit = assessment.unit
    return Lke(
        unit_code=unit.code,
        unit_name=unit.name,
        parent_name=unit.parent.name if unit.parent else "",
        year=assessment.period.year,
        period_name=assessment.period.name,
        target=assessment.target,
        target_label=assessment.get_target_display(),
        state_label=assessment.get_state_display(),
        stage=stage,
        stage_label=Stage(stage).label,
        area_reading_label=assessment.period.get_area_reading_display(),
        result=selectors.result_of(assessment, answers),
        notes={code: answer.note for code, answer in answers.items() if answer.note},
        changed_at=max((a.changed_at for a in answers.values()), default=None),
        printed_at=timezone.now(),
    )
