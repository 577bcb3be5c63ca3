"""What a unit says about the conditions for being proposed (Tabel 5), and the documents beside them."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from assessment import access
from assessment import services as assessment_services
from assessment.models import Assessment, Event, ProposalCondition
from evidence.models import Attachment, Document
from evidence.services.library import lock_library

from ..access import review_may
from ..models import ConditionAnswer

CLOSED = "Syarat pengusulan tidak dapat diubah sekarang; tidak ada yang disimpan."


class Stale(ValidationError):
    """Somebody else answered the condition meanwhile; `stored` is what they said, None where they undid it."""

    def __init__(self, stored: ConditionAnswer | None) -> None:
        super().__init__("Syarat ini baru saja diubah orang lain.", code="stale")
        self.stored = stored


@transaction.atomic
def save_condition(
    *, assessment: Assessment, condition: ProposalCondition, met: str, note: str, version: int, by: User
) -> ConditionAnswer | None:
    """Write down whether a condition is fulfilled; return what is stored then.

    `version` is the one the person saw, 0 where there was none. Raises Stale if another one is stored by now,
    ValidationError if the conditions may not be changed by this person now.
    """
    row = _open(assessment, by)
    stored = ConditionAnswer.objects.filter(assessment=row, condition=condition).first()
    facts = _facts(stored)
    if facts == {"met": met, "note": note}:
        return stored
    if (stored.version if stored else 0) != version:
        raise Stale(stored)
    made = ConditionAnswer(
        pk=stored.pk if stored else None, assessment=row, condition=condition, met=met, note=note,
        version=version + 1, changed_by=by, changed_at=timezone.now(),
    )  # fmt: skip
    made.save()
    _append(row, condition, [(facts, _facts(made), {})], by)
    return made


@transaction.atomic
def attach_documents(
    *, assessment: Assessment, condition: ProposalCondition, documents: Sequence[Document], by: User
) -> int:
    """Lay documents of the assessment's own unit beside a condition; return how many were not there yet."""
    lock_library(assessment.unit)  # before the assessment, as everywhere: no document goes meanwhile
    row = _open(assessment, by)
    there = set(row.attachments.of_conditions().filter(condition=condition).values_list("document_id", flat=True))
    wanted = row.unit.documents.filter(pk__in=[d.pk for d in documents]).exclude(pk__in=there)
    now = timezone.now()
    made = [
        Attachment(assessment=row, condition=condition, document=document, attached_by=by, attached_at=now)
        for document in wanted.order_by("title", "pk")
    ]
    Attachment.objects.bulk_create(made)
    changes = [
        ({"document": ""}, {"document": a.document.title}, {"document_id": str(a.document_id)}) for a in made
    ]  # fmt: skip
    _append(row, condition, changes, by)
    return len(made)


@transaction.atomic
def detach_document(*, assessment: Assessment, attachment: Attachment, by: User) -> None:
    """Take a document away from a condition; the document and the record of its use stay."""
    row = _open(assessment, by)
    rows = row.attachments.select_related("document", "condition").select_for_update(of=("self",))
    stored = rows.get(pk=attachment.pk, criterion=None)
    if stored.detached_at is not None or stored.condition is None:
        return
    stored.detached_at, stored.detached_by = timezone.now(), by
    stored.save(update_fields=["detached_at", "detached_by"])
    change = ({"document": stored.document.title}, {"document": ""}, {"document_id": str(stored.document_id)})
    _append(row, stored.condition, [change], by)


def _open(assessment: Assessment, by: User) -> Assessment:
    """Lock the assessment; raise ValidationError unless this person may answer its conditions now."""
    row = assessment_services.lock(assessment)
    if not review_may(row, access.may(by, row)).tick:
        raise ValidationError(CLOSED, code="closed")
    return row


def _append(
    row: Assessment, condition: ProposalCondition, changes: Sequence[tuple[dict[str, Any], ...]], by: User
) -> None:
    named = {"key": condition.key, "condition": condition.text}
    items = [("", {**named, **more, "from": before, "to": after}) for before, after, more in changes]
    if items:
        assessment_services.append_events(row, Event.Kind.CONDITION, items, by=by)


def _facts(answer: ConditionAnswer | None) -> dict[str, Any]:
    return {"met": answer.met if answer else "", "note": answer.note if answer else ""}
