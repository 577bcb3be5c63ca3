"""Taking the workflow's steps: one lock, everything that must hold checked under it, everything written at once."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.notifications.models import Notification
from assessment import selectors as assessment_selectors
from assessment import services as assessment_services
from assessment.access import may
from assessment.models import Assessment, Event, Snapshot, Stage, State
from evidence.services.attachments import pin_versions
from evidence.services.library import lock_library

from .. import sptjm
from ..access import review_may
from ..lhe import lhe_data
from ..models import ProposalItem
from ..obstacles import Obstacle, obstacles_of
from ..selectors import return_under_way
from ..workflow import STEPS, Step, Window
from . import returns, verdicts
from .snapshots import make_snapshot
from .telling import tell

NOT_NOW = "Langkah ini tidak tersedia lagi: status penilaian sudah berubah. Muat ulang halaman ini."
CLOSED = {
    Window.UNIT: "Waktu pengisian unit sudah lewat atau belum dibuka.",
    Window.RETURN: "Batas waktu perbaikan sudah lewat.",
    Window.PRELIM: "Waktu penilaian pendahuluan sudah lewat atau belum dibuka.",
    Window.TPI: "Waktu penilaian TPI sudah lewat atau belum dibuka.",
}
REASON_LIMIT = 5000
# Steps inside the TPI team: what is said with them is not for the unit.
INNER = frozenset({"finish", "send_back", "pass_on", "hand_back"})


class Blocked(ValidationError):
    """Something must be done before the step; `obstacles` says what."""

    def __init__(self, obstacles: list[Obstacle]) -> None:
        super().__init__([o.text for o in obstacles], code="blocked")
        self.obstacles = obstacles


@transaction.atomic
def take_step(
    *, assessment: Assessment, name: str, by: User, reason: str = "", extra: Mapping[str, Any] | None = None
) -> Assessment:
    """Take a step of the workflow; return the assessment as it is then.

    Raises ValidationError, and writes nothing, if the step is not there from the present state, not this person's,
    outside its window or without the text it asks for; Blocked if something must be done first. `extra` goes into
    the history and, where the step makes one, into the fixed copy.
    """
    step = STEPS[name]
    if step.snapshot == Snapshot.Kind.SUBMISSION:
        lock_library(assessment.unit)  # before the assessment, as everywhere
    row = assessment_services.lock(assessment)
    _refuse(row, step, by, reason)
    now = timezone.now()
    before = State(row.state)
    target = step.target or _target_of(row, step)
    data: dict[str, Any] = {
        "step": name,
        "from": before.value,
        "to": target.value,
        "reason": reason,
        "open": name not in INNER,
        **(extra or {}),
    }
    BEFORE.get(name, _nothing)(row, by, now, data)
    if step.snapshot:
        made = _snapshot(row, step, step.snapshot, by, now, data, target)
        data |= {"snapshot": str(made.pk), "digest": made.digest}
    row.state = target
    Assessment.objects.filter(pk=row.pk).update(state=target)
    assessment_services.append_events(row, Event.Kind.MOVED, [("", data)], by=by, stage=step.stage)
    _tell(row, step, by, reason)
    return row


def _refuse(row: Assessment, step: Step, by: User, reason: str) -> None:
    if row.state not in step.source or step.name not in review_may(row, may(by, row)).steps:
        raise ValidationError(NOT_NOW, code="moved")
    if not is_window_open(row, step):
        raise ValidationError(CLOSED[step.window], code="closed")
    if step.reason and not reason.strip():
        raise ValidationError({"reason": [f"{step.reason} wajib diisi."]})
    if len(reason) > REASON_LIMIT or "\0" in reason:
        raise ValidationError({"reason": [f"Paling panjang {REASON_LIMIT} karakter."]})
    if obstacles := obstacles_of(row, step):
        raise Blocked(obstacles)


def is_window_open(row: Assessment, step: Step) -> bool:
    """Tell whether the window that a step needs is open now: one query for a return's."""
    if step.window == Window.RETURN:
        under_way = return_under_way(row)
        return under_way is not None and under_way.is_open()
    return {
        Window.NONE: lambda: True,
        Window.UNIT: row.period.is_open_for_units,
        Window.PRELIM: row.period.is_open_for_prelim,
        Window.TPI: row.period.is_open_for_tpi,
    }[step.window]()


def _target_of(row: Assessment, step: Step) -> State:
    if step.name == "approve":
        passed = assessment_selectors.stage_result(row, Stage.TPI).passed(row.target)
        return State.FULFILS if passed else State.NOT_YET
    under_way = return_under_way(row)
    return State.PRELIM if under_way and under_way.stage == Stage.PRELIM else State.REVIEW


def _snapshot(
    row: Assessment, step: Step, kind: str, by: User, now: datetime, data: dict[str, Any], target: State
) -> Snapshot:
    """Make the fixed copy that a step asks for, with the document that is drawn from it."""
    extra: dict[str, Any] = {"step": step.name, "reason": data["reason"], "target_state": target.value}
    if step.name in {"submit", "resubmit"}:
        extra["sptjm"] = sptjm.sptjm_data(row, by, now)
    if step.name == "approve":
        extra["lhe"] = lhe_data(row, by=by, at=now, conclusion=data["reason"])
    if step.name == "record_result":
        extra["result"] = data.get("result", {})
    return make_snapshot(row, kind=kind, stage=_copied_stage(step), by=by, at=now, extra=extra)


def _copied_stage(step: Step) -> str:
    return Stage.UNIT if step.snapshot == Snapshot.Kind.SUBMISSION else step.stage


def _pin(row: Assessment, by: User, now: datetime, data: dict[str, Any]) -> None:
    pin_versions(assessment=row, at=now)
    if return_under_way(row):  # it was opened again as a whole
        data["round"] = returns.close(row, at=now)


def _reopen(row: Assessment, by: User, now: datetime, data: dict[str, Any]) -> None:
    data["round"] = returns.open_whole(row, by=by, at=now, message=data["reason"])


def _answer_return(row: Assessment, by: User, now: datetime, data: dict[str, Any]) -> None:
    pin_versions(assessment=row, at=now)
    data["round"] = returns.close(row, at=now)


def _send_return(row: Assessment, by: User, now: datetime, data: dict[str, Any]) -> None:
    data |= returns.send(row, by=by, at=now, data=data)
    verdicts.publish(row, stage=Stage.PRELIM if data["step"] == "return_prelim" else Stage.TPI)


def _publish_verdicts(row: Assessment, by: User, now: datetime, data: dict[str, Any]) -> None:
    verdicts.publish(row, stage=Stage.TPI if data["step"] == "approve" else Stage.PRELIM)


def _withdraw_item(row: Assessment, by: User, now: datetime, data: dict[str, Any]) -> None:
    ProposalItem.objects.filter(assessment=row, withdrawn_at=None).update(withdrawn_at=now)


def _nothing(row: Assessment, by: User, now: datetime, data: dict[str, Any]) -> None:
    """Do nothing more than the table says."""


# What a step does besides changing the state, before its fixed copy is made.
BEFORE: Mapping[str, Callable[[Assessment, User, datetime, dict[str, Any]], None]] = {
    "submit": _pin,
    "reopen": _reopen,
    "resubmit": _answer_return,
    "take_back": _answer_return,
    "return_prelim": _send_return,
    "return_tpi": _send_return,
    "declare_fit": _publish_verdicts,
    "declare_unfit": _publish_verdicts,
    "approve": _publish_verdicts,
    "unpropose": _withdraw_item,
}


def _tell(row: Assessment, step: Step, by: User, reason: str) -> None:
    is_return = step.name in {"return_prelim", "return_tpi"}
    kind = Notification.Kind.RETURN if is_return else Notification.Kind.TRANSITION
    text = f"{step.done}. Status sekarang: {State(row.state).label}."
    if reason and step.name != "approve":
        text += f"\n\n{reason}"
    tell(row, step.tells, kind=kind, subject=step.done, text=text, by=by)
