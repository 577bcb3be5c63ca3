"""Read every file of evidence and say what is missing, damaged or left over."""

from argparse import ArgumentTypeError
from collections import Counter
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from evidence.services.audit import Audit, Finding

MIB = 1024 * 1024


def hours(text: str) -> timedelta:
    """Read a number of hours."""
    try:
        return timedelta(hours=int(text)) if int(text) >= 0 else _refuse(text)
    except (ValueError, OverflowError):
        return _refuse(text)


def _refuse(text: str) -> timedelta:
    raise ArgumentTypeError(f"{text!r} is no number of hours")


class Command(BaseCommand):
    help = (
        "Read all stored evidence again and compare it with its SHA-256; report what is missing, damaged, orphaned or "
        "abandoned, and histories of documents that were tampered with. Ends with 1 if something must be looked at."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="remove what nobody needs, put back what is found")
        parser.add_argument(
            "--older-than", type=hours, default=timedelta(hours=24), metavar="HOURS",
            help="leave alone what arrived later than that (default 24); 0 only while nobody uploads",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        audit = Audit(repair=options["repair"], older_than=options["older_than"])
        counts: Counter[str] = Counter()
        losses = 0
        for finding in audit.run():
            self._tell(finding)
            counts[finding.problem.value] += 1
            losses += finding.is_loss
        found = ", ".join(f"{number} {problem}" for problem, number in counts.items()) or "all is well"
        self.stdout.write(f"{audit.files} files ({audit.size / MIB:.1f} MiB) read: {found}.")
        if losses:
            raise CommandError(f"{losses} findings need a person.")

    def _tell(self, finding: Finding) -> None:
        stream = self.stderr if finding.is_loss else self.stdout
        mended = " (mended)" if finding.is_mended else ""
        stream.write(f"{finding.problem.value}{mended}: {finding.subject}")
        for detail in finding.details:
            stream.write(f"    {detail}")
