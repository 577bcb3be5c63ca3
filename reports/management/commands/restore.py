"""Make an installation what a backup says."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from reports.backup.archive import Unusable
from reports.backup.databases import DatabaseTrouble
from reports.backup.restoring import NotEmpty, restore_backup


class Command(BaseCommand):
    help = (
        "Restore database and files from a backup. Every byte is checked before anything is replaced. Stop the portal "
        "first. An installation in use is only replaced with --replace."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--replace", action="store_true", help="replace what is there; make a backup of it before")

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["file"]
        try:
            done = restore_backup(path, replace=options["replace"])
        except NotEmpty:
            raise CommandError("This installation has users or units. Nothing was changed; see --replace.") from None
        except Unusable as error:
            raise CommandError(f"{path} cannot be restored. {error} Nothing was changed.") from error
        except DatabaseTrouble as error:
            raise CommandError(f"The database was left as it was. {error}") from error
        except OSError as error:
            raise CommandError(f"The database was left as it was: {error}.") from error
        call_command("migrate", verbosity=0)
        self.stdout.write(f"{done.files} files restored as they were at {done.made_at}.")
        if done.lacking:
            self.stdout.write(f"{len(done.lacking)} files of evidence were missing already when it was made.")
