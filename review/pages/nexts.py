"""What the overview says about the way on: where the assessment stands, who acts now, until when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from assessment import selectors
from assessment.models import Assessment, Return, ReturnItem, Stage, State

from ..access import ReviewMay
from ..workflow import STEPS

# Steps with a page of their own; all others share one.
PAGES = {
    "submit": "review:submit-page",
    "resubmit": "review:submit-page",
    "return_prelim": "review:returns",
    "return_tpi": "review:returns",
    "record_result": "review:result-page",
}
WHO = {
    State.DRAFT: "Tim unit mengisi lembar, lalu kepala unit mengajukannya.",
    State.PRELIM: "Penilai pendahuluan menilai isian unit.",
    State.UNFIT: "Admin dapat membuka kembali penilaian ini bagi unit.",
    State.REVIEW: "Tim TPI menilai isian unit.",
    State.RETURNED: "Tim unit memperbaiki kriteria yang dikembalikan, lalu kepala unit mengajukannya kembali.",
    State.LEAD_CHECK: "Ketua tim TPI memeriksa hasil penilaian.",
    State.APPROVAL: "Pengendali teknis TPI menyetujui hasil penilaian.",
    State.FULFILS: "Admin dapat mengusulkan unit ini kepada TPN.",
    State.NOT_YET: "Penilaian tahun ini selesai.",
    State.PROPOSED: "TPN menilai; admin mencatat hasilnya.",
    State.RESULT: "Penilaian tahun ini selesai.",
}


@dataclass(frozen=True, slots=True)
class Button:
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class ReturnedCriterion:
    code: str
    title: str
    reason: str
    url: str


@dataclass(frozen=True, slots=True)
class Returned:
    """What was sent back to the unit: which criteria, why, until when."""

    round: str
    until: str
    is_open: bool
    message: str
    by: str  # who asked for it: a stage
    reasons: Mapping[str, str]
    criteria: list[ReturnedCriterion]


@dataclass(frozen=True, slots=True)
class Next:
    """The way on."""

    state: str
    who: str
    until: str
    is_late: bool
    buttons: list[Button]
    has_check: bool
    returned: Returned | None


def next_of(assessment: Assessment, may: ReviewMay) -> Next:
    """Return the way on: no query, two where the assessment is returned."""
    returned = None if may.base.sample else returned_of(assessment)
    until = None if assessment.state == State.RETURNED else _until(assessment)
    is_late = until is not None and until <= timezone.now()
    return Next(
        state=assessment.get_state_display(),
        who=_who(assessment),
        until=returned.until if returned else _moment(until),
        is_late=is_late or (returned is not None and not returned.is_open),
        buttons=_buttons(assessment, may),
        has_check=assessment.state in {State.DRAFT, State.RETURNED},
        returned=returned,
    )


def _who(assessment: Assessment) -> str:
    if assessment.state != State.SUBMITTED:
        return WHO[State(assessment.state)]
    who = "Penilai pendahuluan" if assessment.period.needs_prelim else "Tim TPI"
    return f"{who} memulai penilaian."


def _until(assessment: Assessment) -> datetime | None:
    """Return until when somebody must act; the window of the stage that the state belongs to."""
    period, state = assessment.period, assessment.state
    if state == State.DRAFT:
        return period.unit_closes
    if state == State.PRELIM or (state == State.SUBMITTED and period.needs_prelim):
        return period.prelim_closes
    if state in {State.SUBMITTED, State.REVIEW, State.LEAD_CHECK, State.APPROVAL}:
        return period.tpi_closes
    return None


def _buttons(assessment: Assessment, may: ReviewMay) -> list[Button]:
    year = assessment.period.year
    where = [year, assessment.unit.code]
    buttons = []
    for name, step in STEPS.items():
        if name not in may.steps:
            continue
        if name == "propose":
            url = reverse("review:proposals", args=[year])
        elif name in PAGES:
            url = reverse(PAGES[name], args=where)
        else:
            url = reverse("review:step-page", args=[*where, name])
        buttons.append(Button(step.label, url))
    return buttons


def returned_of(assessment: Assessment) -> Returned | None:
    """Return what was sent back and is being corrected: two queries, none unless the state is that one."""
    if assessment.state != State.RETURNED:
        return None
    under_way = Return.objects.filter(assessment=assessment, answered_at=None, sent_at__isnull=False).first()
    if under_way is None:
        return None
    items = ReturnItem.objects.filter(of=under_way).order_by("criterion__order")
    criteria = [_criterion(assessment, pk, reason) for pk, reason in items.values_list("criterion_id", "reason")]
    return Returned(
        round=str(under_way.round),
        until=_moment(under_way.until),
        is_open=under_way.is_open(),
        message=under_way.message,
        by="penilai pendahuluan" if under_way.stage == Stage.PRELIM else "TPI",
        reasons={c.code: c.reason for c in criteria},
        criteria=criteria,
    )


def _criterion(assessment: Assessment, pk: int, reason: str) -> ReturnedCriterion:
    worksheet = selectors.worksheet_of(assessment.period.instrument)
    criterion = worksheet.criteria[worksheet.code_of[pk]]
    where = [assessment.period.year, assessment.unit.code, worksheet.page_of[criterion.code]]
    return ReturnedCriterion(
        criterion.code, criterion.title, reason, f"{reverse('assessment:page', args=where)}#k-{criterion.slug}"
    )  # fmt: skip


def _moment(at: datetime | None) -> str:
    return date_format(timezone.localtime(at), "j F Y H.i") if at else ""
