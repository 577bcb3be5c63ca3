"""Write a period's recap to a file."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from assessment.models import Period
from reports.management.commands.lke_export import write_whole
from reports.recap import workbook
from reports.recap.choosing import STAGE_NAMES, RecapForm
from reports.recap.collect import recap_of
from reports.recap.figures import LATEST
from reports.recap.shown import Shown, data_of, shown_of


def as_pdf(shown: Shown) -> bytes:
    from reports.recap import pdf  # its libraries take long to load and are not needed otherwise

    return pdf.render(shown)


def as_json(shown: Shown) -> bytes:
    return json.dumps(data_of(shown), ensure_ascii=False, indent=2).encode()


FORMATS: dict[str, Callable[[Shown], bytes]] = {"xlsx": workbook.build, "pdf": as_pdf, "json": as_json}


class Command(BaseCommand):
    help = "Write the recap of a period, with all its units and every stage, to a file: Excel, PDF or JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--year", type=int, required=True)
        parser.add_argument("--stage", choices=STAGE_NAMES, default=LATEST, help="default: the last finished one")
        parser.add_argument("--below", default="", metavar="UNITCODE", help="only this unit and those below it")
        parser.add_argument("--format", choices=FORMATS, required=True)
        parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        period = Period.objects.select_related("instrument").filter(year=options["year"]).first()
        if period is None:
            raise CommandError(f"There is no period {options['year']}.")
        recap = recap_of(period, None)
        form = RecapForm(recap, {"tahap": options["stage"], "di": options["below"]})
        if not form.is_valid():
            raise CommandError(f"No unit {options['below']!r} stands above a unit of {options['year']}.")
        shown = shown_of(recap, form)
        content = FORMATS[options["format"]](shown)
        try:
            write_whole(options["output"], content)
        except OSError as error:
            raise CommandError(f"{options['output']} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"{options['output']}: {len(shown.lines)} units, {len(content)} bytes.")
