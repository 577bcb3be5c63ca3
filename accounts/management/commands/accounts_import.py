"""Import units and users from a workbook, as the admin page does."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import services
from accounts.importing.sheet import Problem, read_import
from accounts.workbook import WorkbookRefused


class Command(BaseCommand):
    help = "Impor unit dan pengguna dari berkas .xlsx: semuanya atau tidak sama sekali."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="berkas .xlsx menurut templat")
        parser.add_argument("--dry-run", action="store_true", help="periksa saja, jangan simpan apa pun")

    def handle(self, *args: Any, file: Path, dry_run: bool, **options: Any) -> None:
        try:
            with file.open("rb") as stream:
                rows = read_import(stream)
            report = services.import_accounts(rows=rows, by=None, dry_run=dry_run)
        except OSError as error:
            raise CommandError(f"Berkas tidak dapat dibaca: {error}") from error
        except WorkbookRefused as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        if report.problems:
            for problem in report.problems:
                self.stderr.write(line(problem))
            raise CommandError(f"{len(report.problems)} kesalahan; tidak ada yang disimpan.")
        for user in report.users_created:
            self.stdout.write(f"Pengguna baru: {user.username} ({user})")
        self.stdout.write(
            f"Unit: {len(report.units_created)} baru, {len(report.units_changed)} diperbarui. "
            f"Pengguna: {len(report.users_created)} baru, {len(report.users_changed)} diperbarui. "
            f"Peran: {report.memberships_created} baru, {report.memberships_changed} diperbarui."
            + (" Tidak ada yang disimpan (--dry-run)." if dry_run else "")
        )


def line(problem: Problem) -> str:
    return f"{problem.sheet}, baris {problem.row}, kolom {problem.column}, isi “{problem.value}”: {problem.reason}"
