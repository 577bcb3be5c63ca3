"""How the commands name an assessment: UNITCODE --year Y."""

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandError, CommandParser

from assessment.models import Assessment


def add_assessment_arguments(parser: CommandParser) -> None:
    parser.add_argument("unit", metavar="UNITCODE")
    parser.add_argument("--year", type=int, required=True)


def assessment_from(options: Mapping[str, Any]) -> Assessment:
    """Return the named assessment (from `for_page`); raise CommandError if there is none."""
    found = Assessment.objects.for_page().filter(unit__code=options["unit"], period__year=options["year"]).first()
    if found is None:
        raise CommandError(f"There is no assessment of unit {options['unit']!r} in {options['year']}.")
    return found
