"""Have the virus scanner look at stored evidence."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from evidence import antivirus
from evidence.services.audit import uses_of
from evidence.services.scanning import Scanned, scan_stored


class Command(BaseCommand):
    help = (
        "Scan stored evidence that was not scanned yet and record the results; infected files are no longer handed "
        "out. Ends with 1 if anything is infected or could not be scanned. Needs the setting CLAMD."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", dest="everything", help="scan what was scanned before, too")

    def handle(self, *args: Any, **options: Any) -> None:
        if not antivirus.is_configured():
            raise CommandError("No scanner is configured: set CLAMD, for example unix:/run/clamav/clamd.ctl.")
        files = infected = troubled = 0
        try:
            for scanned in scan_stored(everything=options["everything"]):
                files += 1
                infected += bool(scanned.threat)
                troubled += bool(scanned.trouble)
                self._tell(scanned)
        except antivirus.ScannerUnavailable as trouble:
            raise CommandError(
                f"The scanner does not answer: {trouble}. {files} files were scanned before."
            ) from trouble
        summary = f"{files} files: {infected} infected, {troubled} could not be scanned."
        if infected or troubled:
            raise CommandError(summary)
        self.stdout.write(summary)

    def _tell(self, scanned: Scanned) -> None:
        if not (scanned.threat or scanned.trouble):
            return
        what = f"infected ({scanned.threat})" if scanned.threat else f"not scanned ({scanned.trouble})"
        self.stderr.write(f"{what}: {scanned.blob.sha256}")
        for use in uses_of(scanned.blob.sha256):
            self.stderr.write(f"    {use}")
