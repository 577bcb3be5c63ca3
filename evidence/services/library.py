"""The lock and the history of a unit's documents, and the room that is left for them."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.utils import timezone
from django.utils.formats import localize

from accounts.models import Unit, User
from assessment import history

from ..models import Blob, DocumentEvent, Library

MIB = 1024 * 1024
FULL = "Kuota dokumen unit ini tidak cukup: tersisa {left} MiB. Hapus dokumen yang tidak terpakai atau hubungi admin."


def lock_library(unit: Unit) -> Library:
    """Return the unit's library, made if missing, kept from other writers until the transaction ends."""
    Library.objects.get_or_create(unit=unit)
    return Library.objects.select_for_update().get(unit=unit)


def quota_of(library: Library | None) -> int:
    """Return a unit's quota in bytes."""
    special = library.quota_mib if library else None
    return special * MIB if special is not None else settings.EVIDENCE_UNIT_QUOTA


def used_bytes(unit: Unit) -> int:
    """Return the size of the unit's content, everything counted once however often it is used: one query."""
    blobs = Blob.objects.filter(versions__document__unit=unit).values("sha256", "size").distinct()
    return blobs.aggregate(total=Sum("size"))["total"] or 0


def room_left(unit: Unit) -> int:
    """Return how many bytes the unit may still add: two queries."""
    return max(0, quota_of(Library.objects.filter(unit=unit).first()) - used_bytes(unit))


def refuse_beyond_quota(library: Library, blob: Blob) -> None:
    """Raise ValidationError if new content does not fit; content that the unit has already costs nothing."""
    if blob.versions.filter(document__unit=library.unit_id).exists():
        return
    left = quota_of(library) - used_bytes(library.unit)
    if blob.size > left:
        raise ValidationError(FULL.format(left=localize(max(0, left) // MIB)), code="quota")


def append_document_events(
    library: Library, kind: str, items: Sequence[tuple[UUID, Mapping[str, Any]]], *, by: User | None
) -> None:
    """Add (document, data) items to the history of a locked library: two queries."""
    now = timezone.now()
    events = []
    for document, data in items:
        library.event_count += 1
        event = DocumentEvent(
            library=library, number=library.event_count, at=now, actor=by, kind=kind, document=document,
            data=dict(data), previous=library.event_head,
        )  # fmt: skip
        event.digest = library.event_head = history.digest(event.previous, event_fields(library.pk, event))
        events.append(event)
    DocumentEvent.objects.bulk_create(events)
    Library.objects.filter(pk=library.pk).update(event_count=library.event_count, event_head=library.event_head)


def event_fields(library_id: int, event: DocumentEvent) -> dict[str, Any]:
    """Return what the digest of a document's event covers."""
    return {
        "library": library_id,
        "number": event.number,
        "at": history.moment(event.at),
        "actor": event.actor_id,
        "kind": event.kind,
        "document": str(event.document),
        "data": event.data,
    }


def chain_problems(library: Library) -> list[str]:
    """Say in English what is wrong with the history of a unit's documents."""
    events = library.events.order_by("number").iterator()
    return history.problems(library.pk, events, library.event_count, library.event_head, event_fields)
