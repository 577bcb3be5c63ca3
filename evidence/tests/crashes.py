"""Every step of an upload as a place to die at, for test_crash and for the processes it starts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from importlib import import_module
from typing import Any
from unittest import mock

from accounts.models import User
from assessment.models import Assessment
from evidence import storage
from evidence.models import Blob, Document, DocumentVersion
from evidence.services import attachments, documents, receive
from evidence.services.audit import Audit
from evidence.storage import Incoming

RECEIVE, STORE = "evidence.services.receive", "evidence.storage"
DOCUMENTS, ATTACH = "evidence.services.documents", "evidence.services.attachments"
# Which function of which module, and whether death comes before its work or after; in the order of an upload.
STEPS = [
    (f"{STORE}.incoming.Incoming.write", "after"),
    (f"{STORE}.incoming.Incoming.finish", "before"),
    (f"{STORE}.incoming.Incoming.finish", "after"),
    (f"{RECEIVE}.clean_name", "before"),
    (f"{RECEIVE}.examine", "before"),
    (f"{RECEIVE}.examine", "after"),
    (f"{STORE}.keep", "before"),
    (f"{STORE}.files.ContentFileStorage._make_folders", "after"),
    ("pathlib.Path.replace", "before"),
    ("pathlib.Path.replace", "after"),
    (f"{STORE}.files.sync_folder", "before"),
    (f"{STORE}.keep", "after"),
    (f"{RECEIVE}._blob", "before"),
    ("django.db.models.query.QuerySet.get_or_create", "after"),  # inside of the blob's transaction
    (f"{RECEIVE}._blob", "after"),
    (f"{DOCUMENTS}.lock_library", "after"),
    (f"{DOCUMENTS}._add_version", "before"),
    (f"{DOCUMENTS}._add_version", "after"),
    (f"{DOCUMENTS}.append_document_events", "before"),
    (f"{DOCUMENTS}.append_document_events", "after"),
    (f"{DOCUMENTS}.add_document", "after"),
    (f"{ATTACH}.lock_library", "after"),
    ("assessment.services.append_events", "before"),
    ("assessment.services.append_events", "after"),
]
LAST_WITHOUT_DOCUMENT = (f"{DOCUMENTS}.append_document_events", "after")


def name_of(step: tuple[str, str]) -> str:
    return f"{step[1]} {'.'.join(step[0].split('.')[-2:])}"


def has_document(step: tuple[str, str]) -> bool:
    """Say whether the upload's document is committed when this step is reached; its attachment never is."""
    return STEPS.index(step) > STEPS.index(LAST_WITHOUT_DOCUMENT)


@contextmanager
def dying(step: tuple[str, str], die: Callable[[], Any]) -> Iterator[None]:
    """Let whoever calls the function of a step die there."""
    target, when = step
    whole = _resolve(target)

    def deadly(*args: Any, **kwargs: Any) -> Any:
        if when == "after":
            whole(*args, **kwargs)
        die()

    with mock.patch(target, deadly):
        yield


def _resolve(target: str) -> Any:
    path, _, name = target.rpartition(".")
    try:
        return getattr(import_module(path), name)
    except ModuleNotFoundError:
        return getattr(_resolve(path), name)


def upload(assessment: Assessment, by: User, text: str) -> Document:
    """Do with a file what the page does with each."""
    with Incoming.begin() as incoming:
        incoming.write(text.encode())
        incoming.finish()
        received = receive.receive(incoming, "Catatan rapat.txt")
    about = documents.Description(text, "", None, 2026)
    content = documents.Content(received)
    document, _ = documents.add_document(unit=assessment.unit, content=content, description=about, by=by)
    attachments.attach(assessment=assessment, links=[attachments.Link("A.I.1.i.a", document)], by=by)
    return document


def whole_documents() -> dict[str, int]:
    """Return the title of each document whose file is whole, with the number of its attachments."""
    return {
        row.title: row.attachments.live().count()
        for row in Document.objects.select_related("current")
        if row.current and storage.verify(row.current.blob_id or "") == storage.Health.OK
    }


def promises() -> list[str]:
    """Name the rows that promise content which is not there whole."""
    blobs = [b.pk for b in Blob.objects.all() if storage.verify(b.pk) != storage.Health.OK]
    return blobs + [str(v) for v in DocumentVersion.objects.exclude(document__current__isnull=False)]


def problems(*, repair: bool, older_than: timedelta = timedelta(0)) -> list[str]:
    """Return what an audit finds."""
    return [finding.problem.value for finding in Audit(repair=repair, older_than=older_than).run()]
