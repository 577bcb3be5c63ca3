"""Making a monitoring letter."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.letterheads.selectors import letterhead_data
from accounts.models import User
from assessment import services as assessment_services
from assessment.models import Award, Event, Stage
from review.services.proposals import ADDRESSEE
from review.services.snapshots import top_of

from ..documents.monev import NO_LONGER, STILL
from .models import MonitoringLetter
from .selectors import last_decision, open_findings, scores_of

WITHDRAWN = "Predikat ini sudah dicabut; tidak ada yang dipantau."
IN_THE_FUTURE = "Tanggal surat tidak boleh sesudah hari ini."
BEFORE_THE_DECREE = "Tanggal surat tidak boleh sebelum keputusan predikat."
NOT_LATER = "Pemantauan berikutnya harus sesudah tanggal surat."
SUBJECT = "Laporan pemantauan dan evaluasi unit kerja berpredikat {predicate}"


@dataclass(frozen=True, slots=True)
class Letter:
    """What a person writes about a letter; scores and findings are the portal's."""

    number: str
    dated: date
    place: str
    signatory_role: str
    fulfils: bool
    notes: tuple[str, ...]
    due_on: date


@transaction.atomic
def make_letter(*, award: Award, letter: Letter, by: User) -> MonitoringLetter:
    """Write the letter with the unit's last decided scores and its open findings; return it.

    Raises ValidationError, and writes nothing, if the predicate is withdrawn or a day cannot be. The assessment that
    gave the predicate keeps an event.
    """
    seen = Award.objects.select_related("assessment").get(pk=award.pk)
    row = assessment_services.lock(seen.assessment) if seen.assessment else None
    stored = Award.objects.select_related("unit__parent").select_for_update(of=("self",)).get(pk=award.pk)
    _refuse(stored, letter)
    made = MonitoringLetter(
        award=stored, number=letter.number, dated=letter.dated, fulfils=letter.fulfils, due_on=letter.due_on, data={},
        created_by=by, created_at=timezone.now(),
    )  # fmt: skip
    made.data = _data(made, letter)
    made.save()
    if row is not None:
        data = {"monitoring": str(made.pk), "letter": made.number, "fulfils": made.fulfils}
        data["reason"] = f"Surat monev nomor {made.number}: {STILL if made.fulfils else NO_LONGER} kriteria"
        assessment_services.append_events(row, Event.Kind.AWARD, [("", data)], by=by, stage=Stage.TPN)
    return made


def _refuse(award: Award, letter: Letter) -> None:
    if award.withdrawn_on:
        raise ValidationError(WITHDRAWN, code="moved")
    found: dict[str, list[str]] = {}
    if letter.dated > timezone.localdate():
        found["dated"] = [IN_THE_FUTURE]
    elif letter.dated < award.decree_date:
        found["dated"] = [BEFORE_THE_DECREE]
    if letter.due_on <= letter.dated:
        found["due_on"] = [NOT_LATER]
    if found:
        raise ValidationError(found)


def _data(made: MonitoringLetter, letter: Letter) -> dict[str, Any]:
    """Return all that the letter says, as it stays."""
    award, unit = made.award, made.award.unit
    top = top_of(unit)
    head = letterhead_data(top)
    # The person named there signs only as what they are.
    is_named = bool(head) and head["signatory_role"] == letter.signatory_role
    predicate = str(award.get_predicate_display())
    return {
        "id": str(made.pk),
        "agency": top.name,
        "letterhead": head,
        "number": letter.number,
        "dated": letter.dated.isoformat(),
        "place": letter.place,
        "addressee": list(ADDRESSEE),
        "subject": SUBJECT.format(predicate=predicate),
        "unit": unit.name,
        "unit_code": unit.code,
        "parent": unit.parent.name if unit.parent else "",
        "predicate": predicate,
        "decree_number": award.decree_number,
        "decree_date": award.decree_date.isoformat(),
        "valid_until": award.valid_until.isoformat() if award.valid_until else "",
        "fulfils": letter.fulfils,
        "notes": list(letter.notes),
        "scores": scores_of(last_decision(unit)),
        "findings": open_findings(unit),
        "due_on": letter.due_on.isoformat(),
        "signatory_role": letter.signatory_role,
        "signatory_name": head["signatory_name"] if is_named else "",
        "signatory_number": head["signatory_number"] if is_named else "",
    }
