"""What TPN decided, the predicates that follow from it, and their withdrawal."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import TEAM_ROLES, Unit, User
from accounts.notifications.models import Notification
from accounts.notifications.services import notify
from assessment import services as assessment_services
from assessment.models import Assessment, Award, Event, Predicate, Scorecard, Stage

from ..models import TpnResult
from .steps import take_step

NO_NUMBER = "Isi nomor keputusan."
NO_DATE = "Isi tanggal keputusan."
NOT_YET_DECIDED = "Tanggal keputusan tidak boleh sesudah hari ini."
OVER_BEFORE_IT_BEGAN = "Masa berlaku harus sesudah tanggal keputusan."
NOT_GRANTED = "Dikosongkan bila predikat tidak diberikan."
OUT_OF_RANGE = "Nilai harus antara 0 dan 100, paling banyak dua desimal."
NO_REASON = "Tulis alasan pencabutan."
IN_THE_FUTURE = "Tanggal pencabutan tidak boleh sesudah hari ini."
BEFORE_THE_DECREE = "Tanggal pencabutan tidak boleh sebelum tanggal keputusan."
WITHDRAWN = "Predikat ini sudah dicabut."
NOTE_LIMIT = 2000


@dataclass(frozen=True, slots=True)
class Outcome:
    """TPN's decision about one unit; `total` has two decimals."""

    granted: bool
    predicate: str
    total: Decimal | None = None
    decree_number: str = ""
    decree_date: date | None = None
    valid_until: date | None = None
    note: str = ""

    @property
    def data(self) -> dict[str, Any]:
        """Return it as the history and the fixed copy keep it."""
        return {
            "granted": self.granted,
            "predicate": self.predicate,
            "total": str(self.total) if self.total is not None else "",
            "decree_number": self.decree_number,
            "decree_date": self.decree_date.isoformat() if self.decree_date else "",
            "valid_until": self.valid_until.isoformat() if self.valid_until else "",
            "note": self.note,
        }


@transaction.atomic
def record_result(*, assessment: Assessment, outcome: Outcome, by: User) -> TpnResult:
    """Write down what TPN decided; a granted predicate is the unit's from now on.

    Raises ValidationError, and writes nothing, if the decision is incomplete or the step is not to be taken.
    """
    _refuse(outcome)
    # The step comes first: it locks the assessment and asks whether it still is proposed.
    row = take_step(assessment=assessment, name="record_result", by=by, extra={"result": outcome.data})
    result = TpnResult(
        assessment=row, granted=outcome.granted, predicate=outcome.predicate, total=outcome.total,
        decree_number=outcome.decree_number, decree_date=outcome.decree_date, valid_until=outcome.valid_until,
        note=outcome.note, by=by, at=timezone.now(),
    )  # fmt: skip
    result.save()
    if outcome.granted:
        _grant(row, outcome, by)
    return result


def _refuse(outcome: Outcome) -> None:
    found: dict[str, list[str]] = {}
    if outcome.predicate not in Predicate.values:
        found["predicate"] = ["Pilih predikat."]
    if outcome.total is not None and not _is_score(outcome.total):
        found["total"] = [OUT_OF_RANGE]
    if outcome.decree_date and outcome.decree_date > timezone.localdate():
        found["decree_date"] = [NOT_YET_DECIDED]
    if outcome.granted:
        found |= _refuse_incomplete(outcome)
    elif outcome.valid_until:
        found["valid_until"] = [NOT_GRANTED]
    if len(outcome.note) > NOTE_LIMIT:
        found["note"] = [f"Paling panjang {NOTE_LIMIT} karakter."]
    if found:
        raise ValidationError(found)


def _refuse_incomplete(outcome: Outcome) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    if not outcome.decree_number:
        found["decree_number"] = [NO_NUMBER]
    if outcome.decree_date is None:
        found["decree_date"] = [NO_DATE]
    elif outcome.valid_until and outcome.valid_until <= outcome.decree_date:
        found["valid_until"] = [OVER_BEFORE_IT_BEGAN]
    return found


def _is_score(total: Decimal) -> bool:
    return total.is_finite() and 0 <= total <= 100 and total == total.quantize(Decimal("0.01"))


def _grant(row: Assessment, outcome: Outcome, by: User) -> None:
    if outcome.decree_date is None:
        raise ValidationError({"decree_date": [NO_DATE]})
    award = Award.objects.create(
        unit=row.unit, predicate=outcome.predicate, decree_number=outcome.decree_number,
        decree_date=outcome.decree_date, valid_until=outcome.valid_until, assessment=row,
    )  # fmt: skip
    _write_event(row, award, by)
    rescore_unit(row.unit)


@transaction.atomic
def withdraw_award(*, award: Award, on: date, reason: str, by: User) -> Award:
    """Take a predicate away from a day on, with the reason; it stays on record.

    Raises ValidationError, and writes nothing, if it is withdrawn already, the day cannot be or the reason is missing.
    """
    seen = Award.objects.select_related("assessment").get(pk=award.pk)
    row = assessment_services.lock(seen.assessment) if seen.assessment else None
    stored = Award.objects.select_related("unit").select_for_update(of=("self",)).get(pk=award.pk)
    _refuse_withdrawal(stored, on, reason)
    stored.withdrawn_on, stored.withdrawn_reason = on, reason
    stored.save(update_fields=["withdrawn_on", "withdrawn_reason"])
    if row is not None:
        _write_event(row, stored, by)
    rescore_unit(stored.unit)
    _tell_team(stored, by)
    return stored


def _refuse_withdrawal(award: Award, on: date, reason: str) -> None:
    if award.withdrawn_on:
        raise ValidationError(WITHDRAWN, code="moved")
    found: dict[str, list[str]] = {}
    if on > timezone.localdate():
        found["on"] = [IN_THE_FUTURE]
    elif on < award.decree_date:
        found["on"] = [BEFORE_THE_DECREE]
    if not reason.strip():
        found["reason"] = [NO_REASON]
    elif len(reason) > NOTE_LIMIT:
        found["reason"] = [f"Paling panjang {NOTE_LIMIT} karakter."]
    if found:
        raise ValidationError(found)


def _write_event(row: Assessment, award: Award, by: User) -> None:
    data = {
        "predicate": award.predicate,
        "decree_number": award.decree_number,
        "decree_date": award.decree_date.isoformat(),
        "valid_until": award.valid_until.isoformat() if award.valid_until else "",
        "withdrawn_on": award.withdrawn_on.isoformat() if award.withdrawn_on else "",
        "reason": award.withdrawn_reason,
    }
    assessment_services.append_events(row, Event.Kind.AWARD, [("", data)], by=by, stage=Stage.TPN)


def rescore_unit(unit: Unit) -> None:
    """Score a unit's assessments anew: WBBM asks for WBK, so each holds the unit's predicates against it."""
    cards = Scorecard.objects.filter(assessment__unit=unit).select_related("assessment")
    for card in cards.order_by("assessment", "stage"):
        assessment_services.rescore(assessment=card.assessment, stage=card.stage)


def _tell_team(award: Award, by: User) -> None:
    team = User.objects.filter(
        memberships__unit=award.unit, memberships__role__in=TEAM_ROLES, is_active=True
    ).distinct()
    subject = f"{award.unit.name}: predikat {award.get_predicate_display()} dicabut"
    text = f"Predikat dengan keputusan nomor {award.decree_number} dicabut.\n\n{award.withdrawn_reason}"
    notify(
        recipients=team.exclude(pk=by.pk), kind=Notification.Kind.TRANSITION, subject=subject[:150], text=text[:1000],
        url=reverse("review:record", args=[award.unit.code]),
    )  # fmt: skip
