"""Attach the files of a ZIP or a folder to an assessment by the names of their folders."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from assessment.management.arguments import add_assessment_arguments, assessment_from
from assessment.models import Assessment
from assessment.selectors import worksheet_of
from evidence.archive import Unusable, open_archive
from evidence.layout import Confidence, match
from evidence.models import ImportBatch
from evidence.services import importing
from evidence.storage import Incoming

CHUNK = 256 * 1024
Report = dict[str, Any]


class Command(BaseCommand):
    help = (
        "Attach the files of a ZIP or a folder to the criteria that their folders name, and print as JSON what became "
        "of each. Only sure places are used unless --likely. Ends with 1, and nothing written, if the ZIP is unusable."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_assessment_arguments(parser)
        parser.add_argument("source", type=Path, metavar="FILE_OR_DIR")
        parser.add_argument("--by", required=True, metavar="USERNAME", help="who attaches them, for the history")
        parser.add_argument("--likely", action="store_true", help="use places that a person should have looked at, too")
        parser.add_argument("--dry-run", action="store_true", help="only say where the files would go")

    def handle(self, *args: Any, **options: Any) -> None:
        assessment, source = assessment_from(options), options["source"]
        by = User.objects.filter(username__iexact=options["by"], is_active=True).first()
        if by is None:
            raise CommandError(f"There is no active user {options['by']!r}.")
        if not source.exists():
            raise CommandError(f"{source} does not exist.")
        wanted = {Confidence.SURE, Confidence.LIKELY} if options["likely"] else {Confidence.SURE}
        try:
            run = self._dry if options["dry_run"] else self._attach
            report = run(assessment, source, by, wanted)
        except (ValidationError, Unusable) as error:
            raise CommandError(" ".join(getattr(error, "messages", [str(error)]))) from error
        except OSError as error:
            raise CommandError(f"{error.filename or source} cannot be read: {error.strerror}.") from error
        self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))

    def _dry(self, assessment: Assessment, source: Path, by: User, wanted: set[Confidence]) -> Report:
        worksheet = worksheet_of(assessment.period.instrument)
        rows = []
        for path, problem in _paths(source):
            found = match(worksheet, path)
            rows.append(_file(path, found.code, found.confidence, found.why, problem, is_attached=False))
        return _report(rows, 0)

    def _attach(self, assessment: Assessment, source: Path, by: User, wanted: set[Confidence]) -> Report:
        batch = (_from_folder if source.is_dir() else _from_zip)(assessment, source, by)
        items = list(batch.items.all())
        choices = {i.pk: i.code for i in items if i.blob_id and i.code and i.confidence in wanted}
        try:
            applied = importing.apply_import(batch=batch, choices=choices, by=by)
        except ValidationError:
            importing.discard_import(batch=batch)
            raise
        rows = [_file(i.path, i.code, i.confidence, i.why, i.problem, is_attached=i.pk in choices) for i in items]
        return _report(rows, applied.attached)


def _from_zip(assessment: Assessment, source: Path, by: User) -> ImportBatch:
    with _incoming(source) as incoming:
        batch = importing.begin_archive(assessment=assessment, source=source.name, incoming=incoming, by=by)
    while importing.go_on(batch=batch, seconds=60):
        continue
    return batch


def _from_folder(assessment: Assessment, source: Path, by: User) -> ImportBatch:
    batch = importing.begin_import(assessment=assessment, source=source.name, by=by)
    for path in _files(source):
        with _incoming(path) as incoming:
            importing.add_file(batch=batch, path=path.relative_to(source).as_posix(), incoming=incoming)
    return batch


@contextmanager
def _incoming(path: Path) -> Iterator[Incoming]:
    with Incoming.begin() as incoming, path.open("rb") as file:
        while piece := file.read(CHUNK):
            incoming.write(piece)
        incoming.finish()
        yield incoming


def _paths(source: Path) -> Iterator[tuple[str, str]]:
    """Yield the path of each file inside the source and why it is left out, if it is."""
    if source.is_dir():
        yield from ((path.relative_to(source).as_posix(), "") for path in _files(source))
        return
    with source.open("rb") as file, open_archive(file, limits=importing.limits()) as archive:
        yield from ((member.path, "") for member in archive.members)
        yield from ((skipped.path, skipped.reason) for skipped in archive.skipped)


def _files(folder: Path) -> list[Path]:
    """Return the files below a folder; what links lead to is not in it."""
    return sorted(p for p in folder.rglob("*") if p.is_file() and not p.is_symlink() and not p.name.startswith("."))


def _file(path: str, code: str, confidence: str, why: str, problem: str, *, is_attached: bool) -> Report:
    return {
        "path": path, "code": code, "confidence": str(confidence), "why": why, "problem": problem,
        "attached": is_attached,
    }  # fmt: skip


def _report(rows: list[Report], attached: int) -> Report:
    refused = sum(bool(row["problem"]) for row in rows)
    unknown = sum(not row["problem"] and not row["code"] for row in rows)
    return {"files": rows, "attached": attached, "refused": refused, "unknown": unknown}
