"""The files of the store against the rows that promise them."""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from ... import storage
from ...models import Blob, DocumentVersion, ImportItem
from ...storage import Health, Incoming
from ...storage.content import CHUNK, content_storage
from ...storage.incoming import PREFIX, SUFFIX, incoming_dir
from .findings import Finding, Plan, Problem, batches, rows
from .uses import uses_of

PROBLEM_OF = {Health.MISSING: Problem.MISSING, Health.DAMAGED: Problem.DAMAGED}
Opener = Callable[[], BinaryIO]


def check_content(blob: Blob) -> Iterator[Finding]:
    """Read content whole and report it if it is not what its row promises."""
    health = storage.verify(blob.sha256)
    if health != Health.OK and Blob.objects.filter(pk=blob.pk).exists():  # not reclaimed meanwhile
        yield Finding(PROBLEM_OF[health], blob.sha256, uses_of(blob.sha256))


def misplaced(plan: Plan) -> Iterator[Finding]:
    """Find content that a row promises and the store lacks under a wrong name or among incoming files.

    It is copied, never moved: an incoming file may still be somebody's.
    """
    for where, opener in _candidates():
        with suppress(FileNotFoundError):  # kept or removed meanwhile
            sha256 = _digest(opener)
            if not Blob.objects.filter(pk=sha256).exists() or storage.verify(sha256) == Health.OK:
                continue
            is_mended = plan.repair and _put_back(sha256, opener)
            yield Finding(Problem.MISPLACED, sha256, (f"found in {where}",), is_mended)


def unused(plan: Plan) -> Iterator[Finding]:
    """Find rows of content that nothing refers to any more."""
    before = timezone.now() - plan.older_than
    for blob in rows(_nobodys(Blob.objects.filter(received_at__lt=before))):
        if not plan.repair:
            yield Finding(Problem.UNUSED, blob.sha256)
        elif _forget(blob.sha256, before):
            yield Finding(Problem.UNUSED, blob.sha256, is_mended=True)


def orphans(plan: Plan) -> Iterator[Finding]:
    """Find content without a row; what has arrived lately may be getting its row just now."""
    before = timezone.now() - plan.older_than
    for sha256 in _without_row(before):
        if not plan.repair:
            yield Finding(Problem.ORPHAN, sha256)
        elif storage.reclaim(sha256, older_than=plan.older_than, is_wanted=Blob.objects.filter(pk=sha256).exists):
            yield Finding(Problem.ORPHAN, sha256, is_mended=True)


def strange(plan: Plan) -> Iterator[Finding]:
    """Name what does not belong into the store; it is somebody else's and stays."""
    return (Finding(Problem.STRANGE, name) for name in storage.strange_names())


def _nobodys(blobs: "QuerySet[Blob]") -> "QuerySet[Blob]":
    versions = DocumentVersion.objects.filter(blob=OuterRef("pk"))
    return blobs.filter(~Exists(versions), ~Exists(ImportItem.objects.filter(blob=OuterRef("pk"))))


@transaction.atomic
def _forget(sha256: str, before: datetime) -> bool:
    """Delete the row unless somebody has come to need it since."""
    row = Blob.objects.select_for_update().filter(pk=sha256, received_at__lt=before).first()
    if row is None or not _nobodys(Blob.objects.filter(pk=sha256)).exists():
        return False
    row.delete()
    return True


def _without_row(before: datetime) -> Iterator[str]:
    for batch in batches(storage.all_names()):
        known = set(Blob.objects.filter(pk__in=[name for name, _ in batch]).values_list("pk", flat=True))
        yield from (name for name, arrived in batch if name not in known and arrived < before)


def _candidates() -> Iterator[tuple[str, Opener]]:
    for path in incoming_dir().glob(f"{PREFIX}*{SUFFIX}"):
        yield f"incoming/{path.name}", _opener_of(path)
    for name in storage.strange_names():
        if not name.endswith("/"):
            yield name, _stored_opener(name)
    for sha256 in _without_row(timezone.now()):
        yield storage.name_of(sha256), _stored_opener(storage.name_of(sha256))


def _opener_of(path: Path) -> Opener:
    return lambda: path.open("rb")


def _stored_opener(name: str) -> Opener:
    return lambda: content_storage().open(name, "rb")  # type: ignore[return-value]


def _digest(opener: Opener) -> str:
    found = hashlib.sha256()
    with opener() as file:
        while chunk := file.read(CHUNK):
            found.update(chunk)
    return found.hexdigest()


def _put_back(sha256: str, opener: Opener) -> bool:
    with Incoming.begin() as copy:
        with opener() as file:
            shutil.copyfileobj(file, copy, CHUNK)
        copy.finish()
        if copy.sha256 != sha256:  # somebody is still writing to it
            return False
        storage.keep(copy)
    return True
