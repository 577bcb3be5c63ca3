"""Every write to documents: under the library's lock, with its history, in one transaction."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from accounts.models import Unit, User
from assessment import services as assessment_services
from assessment.models import Assessment, Event

from ..models import LINK, Document, DocumentEvent, DocumentVersion, Pin
from .library import append_document_events, lock_library, refuse_beyond_quota
from .receive import Received

ATTACHED = "Dokumen ini masih terlampir pada penilaian. Lepaskan dulu dari semua kriteria."
SHOWN = "Dokumen ini ditunjukkan dalam tindak lanjut atau penilaian dan tidak dapat dihapus."
SUBMITTED = "Dokumen ini bagian dari penilaian yang sudah diajukan dan tidak dapat dihapus."
SAME = "Isinya sama dengan versi yang sekarang; tidak ada yang diganti."


class Stale(Exception):
    """Somebody else changed the row since the person saw it."""


@dataclass(frozen=True, slots=True)
class Description:
    """What people say about a document."""

    title: str
    number: str
    dated: date | None
    year: int


@dataclass(frozen=True, slots=True)
class Content:
    """What a version consists of: a received file, or the address of a link."""

    file: Received | None = None
    url: str = ""


@transaction.atomic
def add_document(*, unit: Unit, content: Content, description: Description, by: User) -> tuple[Document, bool]:
    """Add a document, or return the unit's own one with the same current content; say whether it is new.

    Raises ValidationError if the unit has no room left.
    """
    library = lock_library(unit)
    same = _current_with(unit, content)
    if same is not None:
        return same, False
    if content.file:
        refuse_beyond_quota(library, content.file.blob)
    document = Document.objects.create(unit=unit, created_by=by, **asdict(description))
    _add_version(document, content, 1, by)
    append_document_events(library, DocumentEvent.Kind.ADDED, [(document.pk, _facts(document))], by=by)
    return document, True


@transaction.atomic
def replace_content(
    *, document: Document, content: Content, seen: int, by: User, may_publish: bool = False
) -> Document:
    """Add a version; the older ones stay. `seen` is the number of the version the person meant to replace.

    A public document is withdrawn unless the person may publish: nobody else decides what the public reads.
    Every assessment that shows the document gets an event. Raises Stale if there is a newer version already,
    ValidationError if the content is the same or the unit has no room left.
    """
    library = lock_library(document.unit)
    row = _locked(document)
    old = _current(row)
    if old.number != seen:
        raise Stale
    if (content.file and content.file.blob.pk == old.blob_id) or (content.url and content.url == old.url):
        raise ValidationError(SAME, code="same")
    if content.file:
        refuse_beyond_quota(library, content.file.blob)
    _add_version(row, content, old.number + 1, by)
    data = {"from": _version_facts(old), "to": _version_facts(_current(row))}
    append_document_events(library, DocumentEvent.Kind.REPLACED, [(row.pk, data)], by=by)
    if row.is_public and not may_publish:
        row.is_public = False
        row.save(update_fields=["is_public"])
        append_document_events(library, DocumentEvent.Kind.WITHDRAWN, [(row.pk, {"title": row.title})], by=by)
    _tell_assessments(row, data, by)
    return row


@transaction.atomic
def describe(*, document: Document, description: Description, revision: int, by: User) -> Document:
    """Change what is said about a document. Raises Stale unless `revision` is the stored one."""
    library = lock_library(document.unit)
    row = _locked(document)
    before, after = _description(row), asdict(description)
    if before == after:
        return row
    if row.revision != revision:
        raise Stale
    for name, value in after.items():
        setattr(row, name, value)
    row.revision += 1
    row.save(update_fields=[*after, "revision"])
    data = {"from": _texts(before), "to": _texts(after)}
    append_document_events(library, DocumentEvent.Kind.DESCRIBED, [(row.pk, data)], by=by)
    return row


@transaction.atomic
def set_public(*, unit: Unit, documents: Sequence[UUID], public: bool, by: User) -> int:
    """Publish or withdraw some of a unit's documents; return how many changed. Withdrawing works at once."""
    library = lock_library(unit)
    rows = list(Document.objects.select_for_update().filter(unit=unit, pk__in=documents).exclude(is_public=public))
    Document.objects.filter(pk__in=[row.pk for row in rows]).update(is_public=public)
    kind = DocumentEvent.Kind.PUBLISHED if public else DocumentEvent.Kind.WITHDRAWN
    append_document_events(library, kind, [(row.pk, {"title": row.title}) for row in rows], by=by)
    return len(rows)


@transaction.atomic
def delete_document(*, document: Document, by: User) -> None:
    """Delete a document that proves nothing. Its content is reclaimed later, its history stays.

    Raises ValidationError if it is attached somewhere or was part of a submission.
    """
    library = lock_library(document.unit)
    row = _locked(document)
    if Pin.objects.filter(version__document=row).exists():
        raise ValidationError(SUBMITTED, code="submitted")
    if row.attachments.filter(detached_at=None).exists():
        raise ValidationError(ATTACHED, code="attached")
    data = _facts(row)
    Document.objects.filter(pk=row.pk).update(current=None)
    row.import_items.update(document=None)
    try:
        row.attachments.all().delete()
        row.versions.all().delete()
        row.delete()
    except ProtectedError as error:  # something further on, such as a follow-up, shows it
        raise ValidationError(SHOWN, code="attached") from error
    append_document_events(library, DocumentEvent.Kind.DELETED, [(document.pk, data)], by=by)


def _locked(document: Document) -> Document:
    return Document.objects.select_related("unit").select_for_update(of=("self",), no_key=True).get(pk=document.pk)


def _current(document: Document) -> DocumentVersion:
    """Return the newest version; every document has one outside of the transaction that makes it."""
    assert document.current is not None  # noqa: S101  for the type checker
    return document.current


def _current_with(unit: Unit, content: Content) -> Document | None:
    same = {"current__blob": content.file.blob} if content.file else {"current__url": content.url}
    return Document.objects.for_list().filter(unit=unit, **same).order_by("created_at").first()


def _add_version(document: Document, content: Content, number: int, by: User) -> None:
    file = content.file
    document.current = DocumentVersion.objects.create(
        document=document,
        number=number,
        blob=file.blob if file else None,
        kind=file.kind.key if file else LINK,
        file_name=file.file_name if file else "",
        url=content.url,
        uploaded_by=by,
        uploaded_at=timezone.now(),
    )
    document.save(update_fields=["current"])


def _tell_assessments(document: Document, data: dict[str, Any], by: User) -> None:
    """Write the new version into the history of every assessment that shows the document."""
    used = document.attachments.filter(detached_at=None).order_by("assessment", "criterion__order", "pk")
    codes: dict[int, list[str]] = {}
    for pk, code in used.values_list("assessment", "criterion__code"):
        codes.setdefault(pk, []).append(code or "")  # beside a condition for being proposed
    for pk, found in codes.items():
        row = assessment_services.lock(Assessment(pk=pk))
        items = [(code, assessment_data(document, data["from"], data["to"])) for code in found]
        assessment_services.append_events(row, Event.Kind.EVIDENCE_REPLACED, items, by=by)


def assessment_data(document: Document, before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Return the data of an assessment's event about a document."""
    named = {"document": document.title}
    return {"document_id": str(document.pk), "from": named | before, "to": named | after}


def _description(document: Document) -> dict[str, Any]:
    return {name: getattr(document, name) for name in ("title", "number", "dated", "year")}


def _texts(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def _facts(document: Document) -> dict[str, Any]:
    return _texts(_description(document)) | _version_facts(_current(document))


def _version_facts(version: DocumentVersion) -> dict[str, Any]:
    content = {"url": version.url} if version.kind == LINK else {"file": version.file_name, "sha256": version.blob_id}
    return {"version": version.number, **content}
