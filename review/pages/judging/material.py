"""What every reviewers' page is made from: both sides' answers and scores, and which criteria one is to judge."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format

from assessment import rules, scoring, selectors, trace
from assessment.models import Answer, Assessment, Stage
from assessment.scoring import Result

from ...access import ReviewMay
from ...obstacles import to_recheck


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that the cards of some criteria are made from."""

    stage: str
    units: Mapping[str, Answer]
    answers: Mapping[str, Answer]
    unit_result: Result
    result: Result
    prelim: Result | None
    back: Collection[str]


def material_of(assessment: Assessment, may: ReviewMay) -> Material:
    """Read both sides: four queries, one more with a preliminary stage."""
    stage = may.stage
    units = selectors.answers_of(assessment, Stage.UNIT)
    answers = selectors.answers_of(assessment, stage)
    wants_prelim = stage not in {Stage.PRELIM, Stage.TPN} and Stage.PRELIM in may.base.sees
    prelim = (
        selectors.stage_result(assessment, Stage.PRELIM) if wants_prelim and assessment.period.needs_prelim else None
    )
    unit_result = selectors.result_of(assessment, units)
    back = to_recheck(assessment, stage, answers) if stage in {Stage.PRELIM, Stage.TPI} else ()
    return Material(stage, units, answers, unit_result, selectors.result_of(assessment, answers), prelim, back)


def is_shown(may: ReviewMay, code: str) -> bool:
    return not may.base.sample or code in may.base.sample


def differs_from_unit(found: Material, code: str) -> bool:
    if not found.result.values[code].is_answered:
        return False
    ours = found.result.given.get(code, scoring.NOTHING)
    return not rules.same_answer(ours, found.unit_result.given.get(code, scoring.NOTHING))


def totals(found: Material, may: ReviewMay) -> dict[str, str]:
    """Return the figures in the head of every page; a sample has a progress of its own and no total."""
    codes = [code for code in found.result.values if is_shown(may, code)]
    return {
        "unit": trace.comma(found.unit_result.total),
        "ours": "" if may.base.sample else trace.comma(found.result.total),
        "judged": str(sum(found.result.values[code].is_answered for code in codes)),
        "criteria": str(len(codes)),
    }


def said(by: Any, at: Any) -> str:
    return f"{by or '—'}, {date_format(timezone.localtime(at), 'j M Y H.i')}"
