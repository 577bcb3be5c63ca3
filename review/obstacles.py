"""What is still missing before a step may be taken, each with the criteria it is about."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from assessment import rules, selectors
from assessment.models import Answer, Assessment, Conflict, Return, SecondScoring, Stage
from assessment.scoring import Given
from assessment.worksheet import Worksheet

from .models import ConditionAnswer
from .selectors import conditions_of
from .workflow import Check, Step


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing that keeps a step from being taken."""

    check: Check
    text: str
    codes: tuple[str, ...] = ()  # criteria, in worksheet order


def obstacles_of(assessment: Assessment, step: Step) -> list[Obstacle]:
    """Return what keeps a step from being taken now; the row must come from `for_page`."""
    found = [OBSTACLES[check](assessment, step) for check in step.checks]
    return [obstacle for obstacle in found if obstacle]


def _unanswered(assessment: Assessment, step: Step) -> Obstacle | None:
    if assessment.period.allows_unanswered:
        return None
    codes = selectors.stage_result(assessment, Stage.UNIT).unanswered
    return Obstacle(Check.ANSWERED, f"{len(codes)} kriteria belum dijawab.", tuple(codes)) if codes else None


def unjudged(assessment: Assessment, stage: str) -> tuple[str, ...]:
    """Return the criteria that a stage has not answered yet: one query."""
    return tuple(selectors.stage_result(assessment, stage).unanswered)


def _unjudged(assessment: Assessment, step: Step) -> Obstacle | None:
    codes = unjudged(assessment, step.stage)
    return Obstacle(Check.JUDGED, f"{len(codes)} kriteria belum dinilai.", codes) if codes else None


def to_recheck(assessment: Assessment, stage: str, answers: Mapping[str, Answer]) -> tuple[str, ...]:
    """Return the criteria that came back different and were not looked at again since: one query."""
    worksheet = selectors.worksheet_of(assessment.period.instrument)
    rounds = Return.objects.filter(assessment=assessment, stage=stage, answered_at__isnull=False)
    came_back = {code: row.answered_at for row in rounds.order_by("round") for code in row.changed}

    def is_older(code: str) -> bool:
        answer, at = answers.get(code), came_back.get(code)
        return at is not None and answer is not None and answer.changed_at < at

    return tuple(code for code in worksheet.criteria if code in came_back and is_older(code))


def _unchecked(assessment: Assessment, step: Step) -> Obstacle | None:
    codes = to_recheck(assessment, step.stage, selectors.answers_of(assessment, step.stage))
    text = f"{len(codes)} kriteria berubah sejak dikembalikan dan belum diperiksa lagi."
    return Obstacle(Check.RECHECKED, text, codes) if codes else None


def _no_return(assessment: Assessment, step: Step) -> Obstacle | None:
    draft = Return.objects.filter(assessment=assessment, sent_at=None, stage=step.stage)
    if draft.filter(items__isnull=False).exists():
        return None
    return Obstacle(Check.RETURN_LISTED, "Belum ada kriteria dalam daftar perbaikan.")


def _unsent_return(assessment: Assessment, step: Step) -> Obstacle | None:
    draft = Return.objects.filter(assessment=assessment, sent_at=None, items__isnull=False)
    if not draft.exists():
        return None
    text = "Daftar perbaikan belum dikirim. Kirim kepada unit, atau kosongkan daftarnya."
    return Obstacle(Check.RETURN_SENT_OR_EMPTY, text)


def differing(assessment: Assessment, second: SecondScoring) -> tuple[str, ...]:
    """Return the criteria of a sample that the two reviewers answered differently: two queries."""
    worksheet = selectors.worksheet_of(assessment.period.instrument)
    first = selectors.answers_of(assessment, Stage.TPI)
    other = selectors.answers_of(assessment, Stage.SECOND)

    def given(answers: Mapping[str, Answer], code: str) -> Given:
        return selectors.given_of(worksheet, answers[code]) if code in answers else Given()

    def differs(code: str) -> bool:
        one, two = given(first, code), given(other, code)
        return not rules.same_answer(one, two) or one.ratio != two.ratio

    return tuple(code for code in second.codes if differs(code))


def _second_open(assessment: Assessment, step: Step) -> Obstacle | None:
    second = SecondScoring.objects.filter(assessment=assessment).first()
    if second is None:
        missing = assessment.period.second_share > 0
        return Obstacle(Check.SECOND_FINISHED, "Penilai kedua belum ditunjuk ketua tim.") if missing else None
    if second.finished_at is None:
        return Obstacle(Check.SECOND_FINISHED, "Penilaian kedua belum selesai.")
    return None


def _second_unsettled(assessment: Assessment, step: Step) -> Obstacle | None:
    unfinished = _second_open(assessment, step)
    second = SecondScoring.objects.filter(assessment=assessment).first()
    if unfinished or second is None:
        return unfinished
    codes = tuple(code for code in differing(assessment, second) if code not in second.settled)
    text = f"{len(codes)} perbedaan dengan penilai kedua belum diputuskan ketua tim."
    return Obstacle(Check.SECOND_SETTLED, text, codes) if codes else None


def _open_conflicts(assessment: Assessment, step: Step) -> Obstacle | None:
    found = Conflict.objects.filter(assessment=assessment, state=Conflict.State.OPEN).count()
    if not found:
        return None
    return Obstacle(Check.CONFLICTS_DECIDED, f"{found} pernyataan benturan kepentingan belum diputuskan.")


def _prelim_used(assessment: Assessment, step: Step) -> Obstacle | None:
    if assessment.period.needs_prelim:
        return None
    return Obstacle(Check.PRELIM_USED, "Periode ini tidak memakai penilaian pendahuluan.")


def _prelim_unused(assessment: Assessment, step: Step) -> Obstacle | None:
    if not assessment.period.needs_prelim:
        return None
    return Obstacle(Check.PRELIM_UNUSED, "Penilaian pendahuluan harus menyatakan unit ini layak lebih dahulu.")


def unmet_conditions(assessment: Assessment) -> list[str]:
    """Return the texts of the conditions of Tabel 5 that the unit does not fulfil yet: two queries."""
    conditions = conditions_of(assessment)
    rows = ConditionAnswer.objects.filter(assessment=assessment, met=ConditionAnswer.Met.YES)
    met = set(rows.values_list("condition_id", flat=True))
    return [condition.text for condition in conditions if condition.pk not in met]


def may_be_proposed_early(assessment: Assessment) -> bool:
    """Tell whether PermenPANRB 5/2024 lets the unit be proposed while it still fulfils the conditions of Tabel 5."""
    return assessment.period.agency_kind == "local" and bool(assessment.unit.affirmative)


def _unmet(assessment: Assessment, step: Step) -> Obstacle | None:
    if may_be_proposed_early(assessment):
        return None
    unmet = unmet_conditions(assessment)
    text = f"{len(unmet)} syarat pengusulan belum terpenuhi: {'; '.join(unmet)}."
    return Obstacle(Check.CONDITIONS_MET, text) if unmet else None


OBSTACLES: Mapping[Check, Callable[[Assessment, Step], Obstacle | None]] = {
    Check.ANSWERED: _unanswered,
    Check.PRELIM_USED: _prelim_used,
    Check.PRELIM_UNUSED: _prelim_unused,
    Check.JUDGED: _unjudged,
    Check.RECHECKED: _unchecked,
    Check.RETURN_LISTED: _no_return,
    Check.RETURN_SENT_OR_EMPTY: _unsent_return,
    Check.SECOND_FINISHED: _second_open,
    Check.SECOND_SETTLED: _second_unsettled,
    Check.CONFLICTS_DECIDED: _open_conflicts,
    Check.CONDITIONS_MET: _unmet,
}


def in_order(worksheet: Worksheet, codes: Collection[str]) -> tuple[str, ...]:
    """Return criteria in worksheet order."""
    return tuple(code for code in worksheet.criteria if code in codes)
