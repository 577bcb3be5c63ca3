"""Returns for correction: the list is collected, sent with a step, answered with a step, and kept."""

import hashlib
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from assessment import access, selectors
from assessment import services as assessment_services
from assessment.models import Assessment, Event, Return, ReturnItem, Snapshot, Stage
from evidence.models import Attachment

from ..selectors import latest_snapshot, return_under_way

NOT_NOW = "Daftar perbaikan tidak dapat diubah sekarang."
NO_UNTIL = "Isi batas waktu perbaikan, sesudah sekarang."


class StaleItem(ValidationError):
    """Somebody else wrote another reason meanwhile; `stored` is theirs, None where they took the criterion off."""

    def __init__(self, stored: ReturnItem | None) -> None:
        super().__init__("Alasan ini baru saja diubah orang lain.", code="stale")
        self.stored = stored


def mark_of(reason: str) -> str:
    """Return what tells one reason from another, "" for none; a form carries it back."""
    return hashlib.sha256(reason.encode()).hexdigest()[:16] if reason else ""


@transaction.atomic
def set_item(*, assessment: Assessment, stage: str, code: str, reason: str, by: User, seen: str | None = None) -> None:
    """Put a criterion on the list of what to correct, change its reason, or take it off with an empty one.

    `seen` is the mark of the reason that the person saw; None where nobody looked at one. Raises StaleItem if it is
    another one by now, ValidationError unless the stage may be written now.
    """
    row = assessment_services.lock(assessment)
    if stage not in {Stage.PRELIM, Stage.TPI} or not access.is_open_for_stage(row, stage):
        raise ValidationError(NOT_NOW, code="closed")
    criterion = selectors.worksheet_of(row.period.instrument).criteria[code]
    draft = return_under_way(row)
    old = draft.items.filter(criterion=criterion.pk).first() if draft else None
    if (old.reason if old else "") == reason:
        return
    if seen is not None and seen != mark_of(old.reason if old else ""):
        raise StaleItem(old)
    draft = draft or _begin(row, stage)
    if not reason:
        draft.items.filter(criterion=criterion.pk).delete()
        if not draft.items.exists():  # an empty list is none: it would be in the way of another round
            draft.delete()
    elif old:
        ReturnItem.objects.filter(pk=old.pk).update(reason=reason, added_by=by, added_at=timezone.now())
    else:
        ReturnItem.objects.create(
            of=draft, criterion_id=criterion.pk, reason=reason, added_by=by, added_at=timezone.now()
        )
    data = {"from": {"return": old.reason if old else ""}, "to": {"return": reason}}
    assessment_services.append_events(row, Event.Kind.RETURN_ITEM, [(code, data)], by=by, stage=stage)


def _begin(row: Assessment, stage: str) -> Return:
    last = Return.objects.filter(assessment=row).aggregate(last=Max("round"))["last"] or 0
    return Return.objects.create(assessment=row, stage=stage, round=last + 1)


def send(row: Assessment, *, by: User, at: datetime, data: dict[str, Any]) -> dict[str, Any]:
    """Send the collected list of a locked assessment; return what the history keeps of it.

    `data["until"]` is the moment (ISO, with zone) until which the unit may correct, `data["message"]` a word with it.
    """
    until = _moment(data.get("until", ""))
    if until is None or until <= at:
        raise ValidationError({"until": [NO_UNTIL]})
    draft = Return.objects.get(assessment=row, answered_at=None)  # the step was checked for one with a list
    items = draft.items.select_related("criterion").order_by("criterion__order")
    Return.objects.filter(pk=draft.pk).update(sent_by=by, sent_at=at, until=until, message=str(data.get("message", "")))
    return {"round": draft.round, "items": {item.criterion.code: item.reason for item in items}}


def open_whole(row: Assessment, *, by: User, at: datetime, message: str) -> int:
    """Begin a round in which the unit may change everything, so that what comes back different is looked at again."""
    made = _begin(row, Stage.PRELIM)
    until = max(row.period.unit_closes, at)
    Return.objects.filter(pk=made.pk).update(sent_by=by, sent_at=at, until=until, message=message[:2000])
    return made.round


def _moment(text: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo else None


def close(row: Assessment, *, at: datetime) -> int:
    """End the round of a locked assessment, noting which criteria came back different; return its number."""
    under_way = Return.objects.get(assessment=row, answered_at=None)
    changed = changed_since(row, latest_snapshot(row, Snapshot.Kind.SUBMISSION))
    Return.objects.filter(pk=under_way.pk).update(answered_at=at, changed=changed)
    return under_way.round


def changed_since(row: Assessment, snapshot: Snapshot | None) -> list[str]:
    """Return the criteria whose answer, note or evidence differs from a fixed copy, in worksheet order: two queries."""
    worksheet = selectors.worksheet_of(row.period.instrument)
    before: dict[str, Any] = snapshot.data if snapshot else {"answers": {}, "evidence": []}
    versions = {code: answer["version"] for code, answer in before["answers"].items()}
    now = {code: answer.version for code, answer in selectors.answers_of(row, Stage.UNIT).items()}
    was: dict[str, set[tuple[str, int, str, str]]] = {}
    for item in before["evidence"]:
        fact = (item["document"], item["version"], item["page_ref"], item["expected"])
        was.setdefault(item["criterion"], set()).add(fact)
    there: dict[str, set[tuple[str, int, str, str]]] = {}
    for a in Attachment.objects.live().filter(assessment=row).select_related("document__current", "expected"):
        number = a.document.current.number if a.document.current else 0
        fact = (str(a.document_id), number, a.page_ref, a.expected.title if a.expected else "")
        there.setdefault(worksheet.code_of[a.criterion_id or 0], set()).add(fact)
    return [
        code for code in worksheet.criteria
        if versions.get(code) != now.get(code) or was.get(code, set()) != there.get(code, set())
    ]  # fmt: skip
