"""What interrupted work leaves behind, and rows that no service would have written."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ... import storage
from ...models import Blob, Document, ImportBatch, Library
from ...previews import forget
from ...storage.incoming import PREFIX, SUFFIX, incoming_dir
from ...storage.names import SHA256
from ..importing import OPEN, discard_import, zip_path
from ..library import chain_problems
from .findings import Finding, Plan, Problem, batches, rows

IMPORTS_LAST = timedelta(days=7)


def uploads(plan: Plan) -> Iterator[Finding]:
    """Find temporary files that nothing has been written to for long."""
    if plan.repair:
        swept = storage.sweep_incoming(plan.older_than)
        if swept.files:
            yield Finding(Problem.UPLOAD, f"{swept.files} files, {swept.size} bytes", is_mended=True)
        return
    before = (timezone.now() - plan.older_than).timestamp()
    for path in incoming_dir().glob(f"{PREFIX}*{SUFFIX}"):
        if _modified(path) < before:
            yield Finding(Problem.UPLOAD, path.name)


def archives(plan: Plan) -> Iterator[Finding]:
    """Find ZIPs of imports that are closed, or were never begun."""
    before = (timezone.now() - plan.older_than).timestamp()
    for path in incoming_dir().glob("*.zip"):
        receiving = ImportBatch.objects.filter(state=ImportBatch.State.RECEIVING)
        if _modified(path) < before and path not in {zip_path(batch) for batch in receiving}:
            if plan.repair:
                path.unlink(missing_ok=True)
            yield Finding(Problem.UPLOAD, path.name, is_mended=plan.repair)


def imports(plan: Plan) -> Iterator[Finding]:
    """Find imports that nobody has finished for a week; discarding one lets go of its files."""
    before = timezone.now() - IMPORTS_LAST
    stale = ImportBatch.objects.filter(state__in=OPEN, created_at__lt=before)
    for batch in rows(stale.select_related("assessment__unit", "assessment__period")):
        if not plan.repair or discard_import(batch=batch):
            about = f"{batch.assessment.unit.code} {batch.assessment.period.year}: {batch.source}"
            yield Finding(Problem.IMPORT, about, is_mended=plan.repair)


def previews(plan: Plan) -> Iterator[Finding]:
    """Find cached pictures of content that is no more."""
    folder = Path(settings.EVIDENCE_PREVIEW_DIR)
    for batch in batches(path.name for path in folder.glob("*/*") if SHA256.fullmatch(path.name)):
        known = set(Blob.objects.filter(pk__in=batch).values_list("pk", flat=True))
        for sha256 in batch:
            if sha256 in known:
                continue
            if plan.repair:
                forget(sha256)
            yield Finding(Problem.PREVIEW, sha256, is_mended=plan.repair)


def halves(plan: Plan) -> Iterator[Finding]:
    """Find documents without content, which no service leaves behind."""
    for row in rows(Document.objects.filter(current=None).select_related("unit")):
        yield Finding(Problem.HALF, str(row.pk), (f'{row.unit.code} "{row.title}"',))


def chains(plan: Plan) -> Iterator[Finding]:
    """Find histories of documents that were tampered with."""
    for library in rows(Library.objects.select_related("unit")):
        if chain_problems(library):
            # Perhaps only because somebody has added to it meanwhile: look again while nobody can.
            with transaction.atomic():
                found = chain_problems(Library.objects.select_for_update().get(pk=library.pk))
            if found:
                yield Finding(Problem.BROKEN, f"history of the documents of {library.unit.code}", tuple(found))


def _modified(path: Path) -> float:
    try:
        return path.lstat().st_mtime
    except FileNotFoundError:
        return float("inf")  # kept or discarded meanwhile
