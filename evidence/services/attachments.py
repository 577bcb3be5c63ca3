"""Attaching documents to criteria: under the assessment's lock, with events, only while the unit may write."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from assessment import access, selectors
from assessment import services as assessment_services
from assessment.models import Assessment, Event, ExpectedDocument, State

from ..layout import guess_document
from ..models import Attachment, Document, Pin
from .documents import Stale, assessment_data
from .library import lock_library

CLOSED = "Penilaian ini tidak sedang dibuka untuk pengisian; bukti dukung tidak berubah."
NOT_RETURNED = "Kriteria ini tidak termasuk yang dikembalikan untuk diperbaiki; bukti dukung tidak berubah."


@dataclass(frozen=True, slots=True)
class Link:
    """One document to attach to one criterion (its code).

    `expected` is the place (from 1) of the expected document it is; 0 for none, None to guess from the title.
    """

    code: str
    document: Document
    expected: int | None = None
    page_ref: str = ""


@transaction.atomic
def attach(
    *, assessment: Assessment, links: Sequence[Link], by: User, before_opening: bool = False
) -> list[Attachment]:
    """Attach documents of the assessment's own unit; return the new attachments, none for what is attached already.

    Raises ValidationError if the assessment is not open; `before_opening` is for a draft that is prepared for the
    unit, whatever the window. The number of queries does not grow with `links`.
    """
    lock_library(assessment.unit)  # before the assessment, as everywhere: no document changes or goes meanwhile
    row = _draft(assessment) if before_opening else _open(assessment, [link.code for link in links])
    worksheet = selectors.worksheet_of(row.period.instrument)
    known = set(row.unit.documents.filter(pk__in=[link.document.pk for link in links]).values_list("pk", flat=True))
    there = set(row.attachments.live().values_list("criterion_id", "document_id"))
    expected = _expected_of({worksheet.criteria[link.code].pk for link in links})
    made: list[Attachment] = []
    items: list[tuple[str, dict[str, Any]]] = []
    now = timezone.now()
    for link in links:
        criterion = worksheet.criteria[link.code]
        if link.document.pk not in known or (criterion.pk, link.document.pk) in there:
            continue
        there.add((criterion.pk, link.document.pk))
        wanted = _choose(link, criterion.documents, expected.get(criterion.pk, []))
        made.append(Attachment(
            assessment=row, criterion_id=criterion.pk, document=link.document, expected=wanted,
            page_ref=link.page_ref, attached_by=by, attached_at=now,
        ))  # fmt: skip
        items.append((link.code, assessment_data(link.document, {"document": ""}, _facts(made[-1]))))
    Attachment.objects.bulk_create(made)
    if items:
        assessment_services.append_events(row, Event.Kind.EVIDENCE_ATTACHED, items, by=by)
    return made


@transaction.atomic
def detach(*, assessment: Assessment, attachment: Attachment, by: User) -> None:
    """Take a document away from a criterion; the document and the record of its use stay."""
    row = _open(assessment, [attachment.criterion.code])
    stored = _locked(row, attachment)
    if stored.detached_at is not None:
        return
    stored.detached_at, stored.detached_by = timezone.now(), by
    stored.save(update_fields=["detached_at", "detached_by"])
    data = assessment_data(stored.document, _facts(stored), {"document": ""})
    items = [(stored.criterion.code, data)]
    assessment_services.append_events(row, Event.Kind.EVIDENCE_DETACHED, items, by=by)


@transaction.atomic
def change_attachment(
    *, assessment: Assessment, attachment: Attachment, expected: int, page_ref: str, revision: int, by: User
) -> None:
    """Say which expected document it is (its place from 1, 0 for none) and where in it to look.

    Raises Stale unless `revision` is the stored one.
    """
    row = _open(assessment, [attachment.criterion.code])
    stored = _locked(row, attachment)
    before = _facts(stored)
    wanted = ExpectedDocument.objects.filter(criterion=stored.criterion_id).order_by("order")
    places = list(wanted)
    stored.expected = places[expected - 1] if 0 < expected <= len(places) else None
    stored.page_ref = page_ref
    if _facts(stored) == before:
        return
    if stored.revision != revision or stored.detached_at is not None:
        raise Stale
    stored.revision += 1
    stored.save(update_fields=["expected", "page_ref", "revision"])
    items = [(stored.criterion.code, assessment_data(stored.document, before, _facts(stored)))]
    assessment_services.append_events(row, Event.Kind.EVIDENCE_CHANGED, items, by=by)


@transaction.atomic
def pin_versions(*, assessment: Assessment, at: datetime) -> int:
    """Record for good which version of each attached document is current; called when an assessment is submitted."""
    lock_library(assessment.unit)
    row = assessment_services.lock(assessment)
    live = row.attachments.filter(detached_at=None).select_related("document")
    pins = [Pin(attachment=a, version_id=a.document.current_id, at=at) for a in live]  # type: ignore[misc]
    Pin.objects.bulk_create(pins)
    return len(pins)


def _open(assessment: Assessment, codes: Sequence[str]) -> Assessment:
    """Lock the assessment; raise ValidationError unless the unit may change the evidence of these criteria now."""
    row = assessment_services.lock(assessment)
    opening = access.opening_for_unit(row)
    if opening is None:
        raise ValidationError(CLOSED, code="closed")
    if opening.only is not None and not opening.only.issuperset(codes):
        raise ValidationError(NOT_RETURNED, code="closed")
    return row


def _draft(assessment: Assessment) -> Assessment:
    row = assessment_services.lock(assessment)
    if row.state != State.DRAFT:
        raise ValidationError(CLOSED, code="closed")
    return row


def _locked(row: Assessment, attachment: Attachment) -> Attachment:
    rows = row.attachments.select_related("document", "expected", "criterion").select_for_update(of=("self",))
    return rows.get(pk=attachment.pk)


def _expected_of(criteria: Collection[int]) -> dict[int, list[ExpectedDocument]]:
    found: dict[int, list[ExpectedDocument]] = {}
    for row in ExpectedDocument.objects.filter(criterion__in=criteria).order_by("criterion", "order"):
        found.setdefault(row.criterion_id, []).append(row)
    return found


def _choose(link: Link, titles: Sequence[str], rows: Sequence[ExpectedDocument]) -> ExpectedDocument | None:
    place = link.expected
    if place is None:
        guessed = guess_document(titles, link.document.title)
        place = 0 if guessed is None else guessed + 1
    return rows[place - 1] if 0 < place <= len(rows) else None


def _facts(attachment: Attachment) -> dict[str, Any]:
    """Return what the history keeps of an attachment, in a form that compares."""
    return {
        "document": attachment.document.title,
        "expected": attachment.expected.title if attachment.expected else "",
        "page_ref": attachment.page_ref,
    }
