"""Every write to the plan of action: under the assessment's lock, with its event, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import User
from accounts.notifications.models import Notification
from accounts.notifications.services import notify
from assessment import selectors as assessment_selectors
from assessment import services as assessment_services
from assessment.models import Assessment, Event, Stage
from evidence.models import Document

from .. import access, selectors
from ..models import ActionItem, ActionStatus

OVER = "Periode ini sudah berakhir; rencana aksinya tidak dapat diubah lagi."
CONTINUED = "Rencana aksi ini dilanjutkan pada periode berikutnya; ubahlah di sana."
STRANGER = "Penanggung jawab harus anggota tim unit ini."
FOREIGN = "Bukti pelaksanaan harus dokumen unit ini."
FUTURE = "Tanggal realisasi belum tiba."
NO_DATE = "Isi tanggal realisasinya."


class Stale(ValidationError):
    """Somebody else changed the action since the person looked."""

    def __init__(self) -> None:
        super().__init__("Rencana aksi ini baru saja diubah orang lain. Isian Anda belum tersimpan.", code="stale")


@dataclass(frozen=True, slots=True)
class Plan:
    """What people say about one action."""

    activity: str
    output: str
    in_charge: User | None
    target: date  # the first day of the month
    status: str = ActionStatus.PLANNED
    realised_on: date | None = None
    proof: Document | None = None


@transaction.atomic
def add_action(*, assessment: Assessment, code: str, plan: Plan, by: User) -> ActionItem:
    """Add an action to a criterion; tell who is in charge. Raises ValidationError where it cannot be."""
    row = _open(assessment)
    _refuse_bad(row, plan)
    criterion = assessment_selectors.worksheet_of(row.period.instrument).criteria[code]
    made = ActionItem(assessment=row, criterion_id=criterion.pk, created_by=by, created_at=timezone.now())
    _write(made, plan)
    made.save(force_insert=True)
    _record(row, [(code, {}, made)], by)
    _tell(row, made, code, by)
    return made


@transaction.atomic
def change_action(*, action: ActionItem, plan: Plan, revision: int, by: User) -> ActionItem:
    """Change an action; `revision` is the one the person saw. Raises Stale if somebody else changed it meanwhile."""
    row, stored = _locked(action)
    before, charged, proof = facts_of(stored), stored.in_charge_id, stored.proof_id
    _write(stored, plan)
    if (facts_of(stored), stored.proof_id) == (before, proof):
        return stored
    if stored.revision != revision:
        raise Stale
    _refuse_bad(row, plan, charged)
    _save(row, stored, before, by)
    if stored.in_charge_id != charged:
        _tell(row, stored, stored.criterion.code, by)
    return stored


@transaction.atomic
def set_status(*, action: ActionItem, status: str, revision: int, by: User) -> ActionItem:
    """Move an action on; one that is done now was done today. Raises Stale as above."""
    row, stored = _locked(action)
    if stored.revision != revision:
        raise Stale
    before = facts_of(stored)
    if status == stored.status:
        return stored
    stored.status = ActionStatus(status)
    stored.realised_on = timezone.localdate() if status == ActionStatus.DONE else None
    _save(row, stored, before, by)
    return stored


@transaction.atomic
def make_actions(*, assessment: Assessment, codes: Sequence[str], target: date, by: User) -> int:
    """Make an action for each expected document of some criteria that has none yet; return how many were made.

    Left out are documents that are attached and criteria that are answered meanwhile. Who is in charge of the
    criterion is in charge of its actions. Repeating it makes nothing twice.
    """
    row = _open(assessment)
    worksheet = assessment_selectors.worksheet_of(row.period.instrument)
    unanswered = set(assessment_selectors.stage_result(row, Stage.UNIT).unanswered)
    charges, now = selectors.charges_of(row), timezone.now()
    made = [
        ActionItem(
            assessment=row, criterion_id=wanted.criterion.pk, expected_id=wanted.pk,
            activity=f"Menyiapkan dokumen: {wanted.title}", output=wanted.title, target=target,
            in_charge=selectors.in_charge(worksheet, charges, wanted.criterion.code), created_by=by, created_at=now,
        )
        for wanted in selectors.wanted_documents(row, [code for code in codes if code in unanswered])
    ]  # fmt: skip
    ActionItem.objects.bulk_create(made)
    _record(row, [(worksheet.code_of[item.criterion_id], {}, item) for item in made], by)
    return len(made)


def facts_of(action: ActionItem) -> dict[str, Any]:
    """Return what the history keeps of an action, in a form that compares."""
    return {
        "activity": action.activity,
        "output": action.output,
        "in_charge": f"{action.in_charge} ({action.in_charge.username})" if action.in_charge else "",
        "month": f"{action.target:%Y-%m}",
        "status": action.get_status_display(),
        "realised_on": action.realised_on.isoformat() if action.realised_on else "",
        "proof": action.proof.title if action.proof else "",
    }


def _open(assessment: Assessment) -> Assessment:
    row = assessment_services.lock(assessment)
    if access.is_over(row.period):
        raise ValidationError(OVER, code="over")
    return row


def _locked(action: ActionItem) -> tuple[Assessment, ActionItem]:
    row = _open(action.assessment)
    rows = ActionItem.objects.select_related("criterion", "in_charge", "proof").select_for_update(of=("self",))
    stored = rows.get(pk=action.pk)
    if ActionItem.objects.filter(carried_from=stored).exists():
        raise ValidationError(CONTINUED, code="continued")
    return row, stored


def _write(action: ActionItem, plan: Plan) -> None:
    action.activity, action.output, action.in_charge = plan.activity, plan.output, plan.in_charge
    action.target = plan.target.replace(day=1)
    action.status = ActionStatus(plan.status)
    action.realised_on = plan.realised_on if plan.status == ActionStatus.DONE else None
    action.proof = plan.proof


def _refuse_bad(row: Assessment, plan: Plan, charged: int | None = None) -> None:
    """Raise ValidationError beside the field; whoever is in charge already (`charged`) may have left the unit."""
    if plan.status == ActionStatus.DONE and plan.realised_on is None:
        raise ValidationError({"realised_on": [NO_DATE]})
    if plan.realised_on and plan.realised_on > timezone.localdate():
        raise ValidationError({"realised_on": [FUTURE]})
    person = plan.in_charge
    if person and person.pk != charged and not selectors.users_of(row.unit).filter(pk=person.pk).exists():
        raise ValidationError({"in_charge": [STRANGER]})
    if plan.proof and plan.proof.unit_id != row.unit_id:
        raise ValidationError({"proof": [FOREIGN]})


def _save(row: Assessment, action: ActionItem, before: dict[str, Any], by: User) -> None:
    action.revision += 1
    action.save(
        update_fields=["activity", "output", "in_charge", "target", "status", "realised_on", "proof", "revision"]
    )
    _record(row, [(action.criterion.code, before, action)], by)


def _record(row: Assessment, items: Sequence[tuple[str, dict[str, Any], ActionItem]], by: User | None) -> None:
    events = []
    for code, before, action in items:
        after = facts_of(action)
        data = {"from": before or dict.fromkeys(after, ""), "to": after, "action": str(action.pk)}
        events.append((code, data))
    if events:
        assessment_services.append_events(row, Event.Kind.ACTION, events, by=by)


def _tell(row: Assessment, action: ActionItem, code: str, by: User) -> None:
    """Tell the person in charge, unless it is who did it."""
    if action.in_charge is None or action.in_charge == by:
        return
    due = date_format(action.target, "F Y")
    notify(
        recipients=[action.in_charge], kind=Notification.Kind.ASSIGNMENT,
        subject=f"{row.unit.name} {row.period.year}: Anda penanggung jawab rencana aksi ({code})",
        text=f"{action.activity}\nTarget: {due}",
        url=reverse("planning:action", args=[row.period.year, row.unit.code, action.pk]),
    )  # fmt: skip


def record_carried(row: Assessment, items: Sequence[tuple[str, ActionItem]], by: User) -> None:
    """Write down actions that came from an earlier period; `row` is locked."""
    _record(row, [(code, {}, item) for code, item in items], by)
