"""Take a filled LKE workbook over into an assessment."""

import json
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from assessment import access
from assessment.management.arguments import add_assessment_arguments, assessment_from
from assessment.models import Assessment, Stage
from reports.importing.package import Unusable
from reports.importing.previewing import CLOSED, Preview, allowed_for, allowed_now, preview_of
from reports.importing.report import report_of
from reports.importing.services import Changed, command_user, read_file, write_lines


class Command(BaseCommand):
    help = (
        "Take answers, notes and links of a filled LKE workbook over: the ministry's layout, the portal's own, or "
        "PortalRB's sheet. Prints what changes as JSON. Rows without a sure place and refused values are listed and "
        "left out. Ends with 1, and nothing written, if the file is unusable or the assessment not open. "
        "A second run changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_assessment_arguments(parser)
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--stage", choices=Stage.values, default=Stage.UNIT, help="only the unit's own stage")
        parser.add_argument("--by", metavar="USERNAME", help="who answers, within their rights; else the server itself")
        parser.add_argument("--dry-run", action="store_true", help="only say what would change")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["stage"] != Stage.UNIT:
            raise CommandError("Only the unit's answers can be imported; reviewers judge beside them in the portal.")
        assessment = assessment_from(options)
        by = _user(options["by"]) if options["by"] else None
        preview = self._preview(assessment, options["file"], by)
        if not options["dry_run"]:
            self._write(assessment, preview, by)
        report = report_of(assessment, preview, options["file"].name, is_written=not options["dry_run"])
        self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))

    def _preview(self, assessment: Assessment, path: Path, by: User | None) -> Preview:
        allowed = allowed_for(assessment, access.may(by, assessment)) if by else allowed_now(assessment)
        try:
            with path.open("rb") as file:
                read, placing = read_file(assessment, file)
        except Unusable as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        return preview_of(assessment, read, placing, allowed=allowed)

    def _write(self, assessment: Assessment, preview: Preview, by: User | None) -> None:
        if not access.is_open_for_unit(assessment):
            raise CommandError(CLOSED)
        if not preview.writing:
            return
        try:
            write_lines(assessment=assessment, lines=preview.writing, by=by or command_user())
        except Changed as error:
            raise CommandError(f"Answers changed meanwhile, nothing is written: {error}. Run it again.") from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error


def _user(name: str) -> User:
    found = User.objects.filter(username__iexact=name, is_active=True).first()
    if found is None:
        raise CommandError(f"There is no active user {name!r}.")
    return found
