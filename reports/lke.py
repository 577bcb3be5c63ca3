"""What every LKE document is made from: one assessment, one stage or several side by side, as plain data.

`lke_of` gives one stage; `reports.collecting` adds the other stages, the evidence, the findings and the history.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from assessment import selectors
from assessment.models import Answer, Assessment, Stage
from assessment.scoring import Result

# What stands in heads of columns and sections.
STAGE_NAMES = {Stage.UNIT: "Unit", Stage.PRELIM: "Pendahuluan", Stage.TPI: "TPI", Stage.TPN: "TPN"}


def stage_name(stage: str) -> str:
    """Return a stage's short name: "Unit", "TPI"."""
    return STAGE_NAMES.get(Stage(stage), Stage(stage).label)


@dataclass(frozen=True, slots=True)
class Side:
    """One stage of an LKE. `is_open` says whether whoever gets the document may write this stage now."""

    stage: str
    result: Result
    notes: Mapping[str, str]
    changed_at: datetime | None = None
    is_open: bool = False

    @property
    def name(self) -> str:
        return stage_name(self.stage)


@dataclass(frozen=True, slots=True)
class VerdictLine:
    """What one stage found in a document; `who` is "" where only the published verdict may be known."""

    who: str
    verdict: str  # key of `Attachment.Verdict`
    label: str
    reason: str = ""

    @property
    def text(self) -> str:
        return f"{self.who}: {self.label}" if self.who else self.label


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One attached document. Addresses are whole, or "" where the portal does not know its own."""

    criterion: str
    title: str
    url: str  # the document's page
    criterion_url: str  # the page with all evidence of the criterion
    number: str
    dated: date | None
    year: int
    version: str
    page_ref: str
    verdicts: tuple[VerdictLine, ...] = ()


@dataclass(frozen=True, slots=True)
class FindingLine:
    criterion: str
    title: str
    stage: str
    kind: str
    text: str
    due: date | None
    state: str
    written: str  # when and by whom
    thread: str  # what followed, one entry a line


@dataclass(frozen=True, slots=True)
class EventLine:
    number: int
    at: str
    by: str
    what: str
    stage: str
    criterion: str
    said: str


@dataclass(frozen=True, slots=True)
class History:
    """The latest events, newest first, and how many older ones were left out."""

    events: tuple[EventLine, ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Checked:
    """How often a stage gave each verdict, in the order of `Attachment.Verdict`, of how many documents."""

    name: str
    counts: tuple[str, ...]
    attached: str


@dataclass(frozen=True, slots=True)
class Fixed:
    """The fixed copy that an LKE shows, and where its receipt can be compared.

    `sides` says for each stage which copy it is from: name, description, digest.
    """

    id: str
    digest: str
    url: str
    at: datetime
    by: str
    sides: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Lke:
    """One filled LKE. `result` has worksheet, answers, scores, checks; `notes` the notes by criterion code.

    `others` are further stages to stand beside it. `evidence`, `findings`, `history` are None where they were not
    asked for. Without `fixed` everything is live and may change.
    """

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
    others: tuple[Side, ...] = ()
    evidence: tuple[EvidenceLine, ...] | None = None
    findings: tuple[FindingLine, ...] | None = None
    history: History | None = None
    checked: tuple[Checked, ...] = ()
    letterhead: Mapping[str, Any] = field(default_factory=dict)
    logo: bytes = b""
    signers: tuple[tuple[str, str], ...] = ()  # role and name of who answers for the last stage shown
    fixed: Fixed | None = None

    @property
    def file_stem(self) -> str:
        """The start of a file name: LKE-2026-UNIT-01, LKE-TPI-2026-UNIT-01."""
        who = "" if self.stage == Stage.UNIT else f"-{stage_name(self.stage).replace(',', '').replace(' ', '-')}"
        return f"LKE{who}-{self.year}-{self.unit_code}"

    @property
    def sides(self) -> tuple[Side, ...]:
        """All stages, the LKE's own first."""
        return (Side(self.stage, self.result, self.notes, self.changed_at, True), *self.others)

    @property
    def stage_labels(self) -> str:
        """The stages as a title names them: "Mandiri, TPI"."""
        return ", ".join([self.stage_label, *(Stage(side.stage).label for side in self.others)])


def lke_of(assessment: Assessment, stage: str = Stage.UNIT, **more: Any) -> Lke:
    """Collect one stage of an assessment: two queries; the row must come from `for_page`."""
    answers = selectors.answers_of(assessment, stage)
    return made_lke(assessment, stage, selectors.result_of(assessment, answers), answers, **more)


def made_lke(assessment: Assessment, stage: str, result: Result, answers: Mapping[str, Answer], **more: Any) -> Lke:
    """Return an LKE of answers that were read already; `more` are further fields. One query at most."""
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
        result=result,
        notes=notes_of(answers),
        changed_at=changed_of(answers),
        printed_at=timezone.now(),
        **more,
    )


def notes_of(answers: Mapping[str, Answer]) -> dict[str, str]:
    return {code: answer.note for code, answer in answers.items() if answer.note}


def changed_of(answers: Mapping[str, Answer]) -> datetime | None:
    return max((a.changed_at for a in answers.values()), default=None)
