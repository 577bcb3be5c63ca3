"""Many files at once: received one by one, placed by their folders, attached when a person has agreed.

Receiving stores and checks content; nothing becomes a document before `apply_import`. Each file is a transaction of
its own, so whatever was received stays when the rest breaks off.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Sum
from django.utils import timezone

from accounts.models import Unit, User
from assessment import access
from assessment.models import Assessment
from assessment.selectors import worksheet_of

from ..archive import Archive, Limits, Member, Unusable, open_archive
from ..content import KINDS, title_of, year_of
from ..layout import Confidence, match
from ..models import Blob, ImportBatch, ImportItem
from ..storage import Incoming
from ..storage.incoming import incoming_dir
from .attachments import CLOSED, Link, attach
from .documents import Content, Description, add_document
from .library import room_left
from .receive import Received, receive

CHUNK = 256 * 1024
FINISHED = "Impor ini sudah selesai; tidak ada yang diubah."
TOO_MANY = "Impor ini sudah berisi {limit} berkas, batasnya. Lampirkan dulu, lalu mulai impor baru."
NO_ROOM = "Kuota dokumen unit ini tidak cukup untuk berkas-berkas yang dipilih. Pilih lebih sedikit atau hubungi admin."
NO_ROOM_FOR_ONE = "Kuota dokumen unit ini tidak cukup untuk berkas ini."
GONE = "Berkas ZIP dari impor ini sudah tidak ada. Yang sudah diterima tetap dapat dilampirkan; sisanya unggah lagi."
OPEN = frozenset({ImportBatch.State.RECEIVING, ImportBatch.State.READY})


@dataclass(frozen=True, slots=True)
class Applied:
    """What an import came to: attachments made, documents that were new, files attached already."""

    attached: int
    documents: int
    there: int


def begin_import(*, assessment: Assessment, source: str, by: User) -> ImportBatch:
    """Start an import to which files are added one by one. Raises ValidationError if the assessment is not open."""
    if not access.is_open_for_unit(assessment):
        raise ValidationError(CLOSED, code="closed")
    name = "".join(c for c in source if c.isprintable()).strip()[:150] or "Folder"
    return ImportBatch.objects.create(assessment=assessment, source=name, by=by, state=ImportBatch.State.READY)


def begin_archive(*, assessment: Assessment, source: str, incoming: Incoming, by: User) -> ImportBatch:
    """Start the import of a ZIP: look through its list and lay it aside; `go_on` then receives its files.

    Raises ValidationError if the ZIP cannot be used or the assessment is not open; then nothing is kept.
    """
    try:
        with incoming.open() as file, open_archive(file, limits=limits()) as archive:
            skipped = list(archive.skipped)
    except Unusable as error:
        raise ValidationError(str(error), code="unusable") from error
    batch = begin_import(assessment=assessment, source=source, by=by)
    incoming.path.replace(zip_path(batch))
    for item in skipped:
        _add(batch, item.path, problem=item.reason)
    ImportBatch.objects.filter(pk=batch.pk).update(state=ImportBatch.State.RECEIVING)
    batch.state = ImportBatch.State.RECEIVING
    return batch


def go_on(*, batch: ImportBatch, seconds: float) -> int:
    """Receive files of a ZIP for about so many seconds; return how many are left, 0 when the import is ready.

    May be called again and again, by anybody, after any interruption.
    """
    deadline = monotonic() + seconds
    path = zip_path(batch)
    if not path.exists():
        _ready(batch)
        raise ValidationError(GONE, code="gone")
    done = set(batch.items.values_list("path", flat=True))
    room = room_for_imports(batch.assessment.unit)
    try:
        with path.open("rb") as file, open_archive(file, limits=limits()) as archive:
            left = [member for member in archive.members if member.path[:500] not in done]
            while left and monotonic() < deadline:
                room -= _receive_member(batch, archive, left.pop(0), room)
    except Unusable as error:
        _add(batch, batch.source, problem=str(error))
        left = []
    if not left:
        _ready(batch)
    return len(left)


def add_file(*, batch: ImportBatch, path: str, incoming: Incoming) -> ImportItem:
    """Receive one file of a folder; what is wrong with it is noted on its item."""
    if batch.state not in OPEN:
        raise ValidationError(FINISHED, code="finished")
    if batch.items.count() >= settings.EVIDENCE_MAX_IMPORT_FILES:
        raise ValidationError(TOO_MANY.format(limit=settings.EVIDENCE_MAX_IMPORT_FILES), code="many")
    try:
        received = receive(incoming, path.replace("\\", "/").rsplit("/", 1)[-1])
    except ValidationError as error:
        return _add(batch, path, size=incoming.size, problem=" ".join(error.messages))
    return _add(batch, path, size=incoming.size, received=received)


def apply_import(*, batch: ImportBatch, choices: Mapping[int, str], by: User) -> Applied:
    """Make documents of the chosen items and attach them; `choices` are criterion codes by the item's key.

    Raises ValidationError if the import is finished, the assessment closed or the room too small; then nothing is
    attached. Documents are added one by one: what a crash leaves unattached is used again at the next try.
    """
    assessment = Assessment.objects.for_page().get(pk=batch.assessment_id)
    items = [i for i in batch.items.select_related("blob").filter(blob__isnull=False) if choices.get(i.pk)]
    _refuse_unfit(batch, assessment, items)
    links, new = [], 0
    for item in items:
        assert item.blob is not None  # noqa: S101  for the type checker
        content = Content(Received(item.blob, KINDS[item.kind], item.file_name))
        about = Description(title_of(item.file_name)[:200], "", None, year_of(item.file_name) or assessment.period.year)
        document, is_new = add_document(unit=assessment.unit, content=content, description=about, by=by)
        new += is_new
        item.document, item.code = document, choices[item.pk]
        links.append(Link(item.code, document))
    with transaction.atomic():
        if not _finish(batch, ImportBatch.State.APPLIED):
            raise ValidationError(FINISHED, code="finished")
        made = attach(assessment=assessment, links=links, by=by) if links else []
        ImportItem.objects.bulk_update(items, ["document", "code"], batch_size=200)
    zip_path(batch).unlink(missing_ok=True)
    return Applied(len(made), new, len(links) - len(made))


def discard_import(*, batch: ImportBatch) -> bool:
    """Give an import up; say whether it was open. Its files are reclaimed by `evidence_audit`."""
    with transaction.atomic():
        was_open = _finish(batch, ImportBatch.State.DISCARDED)
        if was_open:
            batch.items.update(blob=None)
    zip_path(batch).unlink(missing_ok=True)
    return was_open


def zip_path(batch: ImportBatch) -> Path:
    """Return where the ZIP of an import lies while its files are received."""
    return incoming_dir() / f"impor-{batch.pk}.zip"


def limits() -> Limits:
    """Return how much of a ZIP is read."""
    return Limits(
        files=settings.EVIDENCE_MAX_IMPORT_FILES,
        total_bytes=2 * settings.EVIDENCE_MAX_IMPORT,
        file_bytes=settings.EVIDENCE_MAX_FILE,
    )


def room_for_imports(unit: Unit) -> int:
    """Return how many bytes imports of the unit may still bring, counting what others hold: three queries."""
    held = Blob.objects.filter(import_items__batch__assessment__unit=unit).exclude(versions__document__unit=unit)
    waiting = held.values("sha256", "size").distinct().aggregate(total=Sum("size"))["total"] or 0
    return max(0, room_left(unit) - waiting)


def _receive_member(batch: ImportBatch, archive: Archive, member: Member, room: int) -> int:
    """Receive one file; return how much of the room it took."""
    try:
        with Incoming.begin() as incoming, archive.open(member) as source:
            while piece := source.read(CHUNK):
                incoming.write(piece)
            incoming.finish()
            if incoming.size > room:
                raise ValidationError(NO_ROOM_FOR_ONE, code="quota")
            received = receive(incoming, member.path.rsplit("/", 1)[-1])
    except (Unusable, ValidationError) as error:
        _add(batch, member.path, size=member.size, problem=" ".join(getattr(error, "messages", [str(error)])))
        return 0
    _add(batch, member.path, size=member.size, received=received)
    return received.blob.size


@transaction.atomic
def _add(
    batch: ImportBatch, path: str, *, size: int = 0, received: Received | None = None, problem: str = ""
) -> ImportItem:
    """Add an item behind the others, with the place that its folders name; one that is there already is kept."""
    rows = ImportBatch.objects.select_related("assessment__period__instrument").select_for_update(of=("self",))
    row = rows.get(pk=batch.pk)
    if (there := row.items.filter(path=path[:500]).first()) is not None:
        return there
    last = row.items.aggregate(last=Max("order"))["last"] or 0
    found = match(worksheet_of(row.assessment.period.instrument), path)
    return ImportItem.objects.create(
        batch=row, order=last + 1, path=path[:500], size=size, problem=problem[:300],
        file_name=received.file_name if received else "", blob=received.blob if received else None,
        kind=received.kind.key if received else "", code=found.code if received else "", place=found.place,
        confidence=found.confidence if received else Confidence.NONE, why=found.why[:200],
    )  # fmt: skip


def _ready(batch: ImportBatch) -> None:
    receiving = ImportBatch.objects.filter(pk=batch.pk, state=ImportBatch.State.RECEIVING)
    receiving.update(state=ImportBatch.State.READY)
    batch.refresh_from_db(fields=["state"])
    zip_path(batch).unlink(missing_ok=True)


def _finish(batch: ImportBatch, state: str) -> bool:
    """Close an import that is open; say whether it was."""
    found = ImportBatch.objects.filter(pk=batch.pk, state__in=OPEN)
    return bool(found.update(state=state, finished_at=timezone.now()))


def _refuse_unfit(batch: ImportBatch, assessment: Assessment, items: list[ImportItem]) -> None:
    if not ImportBatch.objects.filter(pk=batch.pk, state__in=OPEN).exists():
        raise ValidationError(FINISHED, code="finished")
    if not access.is_open_for_unit(assessment):
        raise ValidationError(CLOSED, code="closed")
    wanted = {item.blob_id: item.size for item in items}
    there = Blob.objects.filter(pk__in=wanted, versions__document__unit=assessment.unit).values_list("pk", flat=True)
    if sum(wanted.values()) - sum(wanted[pk] for pk in set(there)) > room_left(assessment.unit):
        raise ValidationError(NO_ROOM, code="quota")
