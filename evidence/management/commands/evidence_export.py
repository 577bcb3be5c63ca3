"""Write all evidence of an assessment to a ZIP."""

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from assessment.management.arguments import add_assessment_arguments, assessment_from
from evidence.services.exports import stream_of


class Command(BaseCommand):
    help = "Write all evidence of a unit's assessment to a ZIP laid out like the LKE, with an index and hashes."

    def add_arguments(self, parser: CommandParser) -> None:
        add_assessment_arguments(parser)
        parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        assessment, path = assessment_from(options), options["output"]
        part = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            with part.open("wb") as file:
                size = sum(file.write(piece) for piece in stream_of(assessment))
            part.replace(path)
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
        finally:
            part.unlink(missing_ok=True)
        self.stdout.write(f"{path}: {size} bytes.")
