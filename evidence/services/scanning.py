"""Having stored content looked at by the virus scanner."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from .. import antivirus, storage
from ..models import Blob
from .audit.findings import rows
from .receive import record_scan

WAITING = [Blob.Scan.UNSCANNED, Blob.Scan.PENDING]


@dataclass(frozen=True, slots=True)
class Scanned:
    """What the scanner says of one content; `trouble` says why it could not look, then nothing was recorded."""

    blob: Blob
    threat: str = ""
    trouble: str = ""


def scan_stored(*, everything: bool) -> Iterator[Scanned]:
    """Scan what was never scanned, or everything again, and record what is found, one by one.

    Raises ScannerUnavailable as soon as the scanner answers nobody; what was recorded until then stays.
    """
    found = Blob.objects.all() if everything else Blob.objects.filter(scan__in=WAITING)
    antivirus.scan(BytesIO())
    for blob in rows(found):
        yield _scan(blob)


def _scan(blob: Blob) -> Scanned:
    try:
        with storage.open_content(blob.sha256) as file:
            result = antivirus.scan(file)
    except FileNotFoundError:
        return Scanned(blob, trouble="missing in the store")
    except antivirus.ScannerUnavailable as trouble:
        antivirus.scan(BytesIO())  # answers it others, the file is the trouble: too large for it, for example
        return Scanned(blob, trouble=str(trouble))
    record_scan(blob=blob, clean=result.clean, threat=result.threat)
    return Scanned(blob, threat=result.threat)
