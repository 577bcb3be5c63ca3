"""From bytes on their way in to checked content in the store. No rows but `Blob` are written here."""

from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from .. import antivirus, storage
from ..content import KINDS, Kind, Refused, clean_name, examine
from ..models import Blob
from ..storage import Incoming

INFECTED = "Berkas ini mengandung virus ({threat}) dan tidak disimpan."


@dataclass(frozen=True, slots=True)
class Received:
    """A file that is acceptable and durably stored."""

    blob: Blob
    kind: Kind
    file_name: str


def allowed_kinds() -> Collection[str]:
    return settings.EVIDENCE_KINDS or KINDS.keys()


def receive(incoming: Incoming, name: str) -> Received:
    """Check a finished incoming file, store it and make its blob.

    Raises ValidationError with the reason in Indonesian; then nothing is kept. Content nobody refers to
    afterwards is an orphan that `evidence_audit` reclaims.
    """
    try:
        file_name = clean_name(name)
        with incoming.open() as file:
            kind, pages = examine(file, file_name, allowed_kinds())
    except Refused as refused:
        raise ValidationError(str(refused), code=refused.code) from refused
    scan, threat = _scan(incoming)
    if scan == Blob.Scan.INFECTED:
        raise ValidationError(INFECTED.format(threat=threat), code="infected")
    storage.keep(incoming)
    return Received(_blob(incoming, pages, scan), kind, file_name)


def _scan(incoming: Incoming) -> tuple[str, str]:
    if not antivirus.is_configured():
        return Blob.Scan.UNSCANNED, ""
    try:
        with incoming.open() as file:
            found = antivirus.scan(file)
    except antivirus.ScannerUnavailable:
        return Blob.Scan.PENDING, ""  # kept, shown to nobody until evidence_scan has looked at it
    return (Blob.Scan.CLEAN, "") if found.clean else (Blob.Scan.INFECTED, found.threat)


@transaction.atomic
def _blob(incoming: Incoming, pages: int | None, scan: str) -> Blob:
    now = timezone.now()
    scanned_at = now if scan == Blob.Scan.CLEAN else None
    values = {"size": incoming.size, "pages": pages, "scan": scan, "scanned_at": scanned_at, "received_at": now}
    blob, is_new = Blob.objects.select_for_update().get_or_create(sha256=incoming.sha256, defaults=values)
    if is_new:
        return blob
    blob.received_at = now
    if scan == Blob.Scan.CLEAN and blob.scan != Blob.Scan.INFECTED:
        blob.scan, blob.scanned_at = scan, scanned_at
    blob.save(update_fields=["received_at", "scan", "scanned_at"])
    return blob


@transaction.atomic
def record_scan(*, blob: Blob, clean: bool, threat: str) -> None:
    """Note what the scanner says about stored content."""
    row = Blob.objects.select_for_update().get(pk=blob.pk)
    row.scan = Blob.Scan.CLEAN if clean else Blob.Scan.INFECTED
    row.threat, row.scanned_at = threat[:200], timezone.now()
    row.save(update_fields=["scan", "threat", "scanned_at"])


def is_servable(blob: Blob) -> bool:
    """Say whether content may be handed out: clean, or not scanned because no scanner is configured."""
    return blob.scan == Blob.Scan.CLEAN or (blob.scan == Blob.Scan.UNSCANNED and not antivirus.is_configured())
