"""Print an assessment's scores as JSON."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from assessment import selectors
from assessment.management.arguments import add_assessment_arguments, assessment_from
from assessment.models import Stage


class Command(BaseCommand):
    help = "Print the scores and predicate checks of a unit's assessment as JSON (decimals as strings, unrounded)."

    def add_arguments(self, parser: CommandParser) -> None:
        add_assessment_arguments(parser)
        parser.add_argument("--stage", choices=Stage.values, default=Stage.UNIT)

    def handle(self, *args: Any, **options: Any) -> None:
        assessment = assessment_from(options)
        result = selectors.stage_result(assessment, options["stage"])
        data = selectors.score_data(assessment, options["stage"], result)
        self.stdout.write(json.dumps(data, ensure_ascii=False, indent=2))
