"""Write everything that the portal keeps to one file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reports.backup.databases import DatabaseTrouble
from reports.backup.making import make_backup


class Command(BaseCommand):
    help = (
        "Back up database and files into one archive with the SHA-256 of everything, while the portal runs. Ends with "
        "1 if evidence was missing or damaged, which is then named; the archive has all the rest."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["output"]
        try:
            made = make_backup(path)
        except DatabaseTrouble as error:
            raise CommandError(f"The database cannot be copied. {error}") from error
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"{path}: {made.files} files, {made.size} bytes.")
        if made.lacking:
            listed = "\n".join(made.lacking)
            raise CommandError(f"Missing or damaged evidence, not in the backup:\n{listed}", returncode=1)
