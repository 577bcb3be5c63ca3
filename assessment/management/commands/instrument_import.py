import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessment.fixture_files import BrokenFixture
from assessment.instruments import Unusable
from assessment.portalrb_import import import_list
from assessment.portalrb_list import SIZE_LIMIT, UnusableList, read_list


class Command(BaseCommand):
    help = (
        "Makes a complete instrument of PortalRB's question list (JSON) and prints what became of it as JSON. "
        "Safe to repeat. Writes nothing if the list cannot be used."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.json")
        parser.add_argument("--name", required=True, help="name of the instrument, e.g. 'LKE ZI 2026'")
        parser.add_argument("--year", required=True, type=int, help="first year in which it is used")
        parser.add_argument("--code", default="", help="its code; from the name if left out")
        parser.add_argument("--dry-run", action="store_true", help="only say what would be written")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            imported = import_list(
                questions=read_list(self.content(options["file"])),
                name=options["name"],
                year=options["year"],
                code=options["code"],
                dry_run=options["dry_run"],
            )
        except (Unusable, UnusableList) as error:
            self.say({"outcome": "unusable", "problems": error.problems})
            raise CommandError("\n".join(["The list cannot be used; nothing was written.", *error.problems])) from error
        except BrokenFixture as error:
            raise CommandError(f"The portal's own instrument cannot be read: {error}") from error
        self.say(imported.report())

    def content(self, path: Path) -> bytes:
        try:
            with path.open("rb") as file:
                return file.read(SIZE_LIMIT + 1)
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}") from error

    def say(self, report: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
