"""Write an assessment's LKE to a file."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from assessment import selectors
from assessment.management.arguments import add_assessment_arguments, assessment_from
from assessment.models import Assessment, Stage
from assessment.scoring import NOTHING, exact
from reports import workbook
from reports.collecting import EVERYTHING, full_lke_of, printed_lke_of
from reports.lke import Lke, lke_of
from reports.portalrb import export as portalrb
from reports.portalrb.links import origin_of_portal

ALL = "all"


def as_xlsx(assessment: Assessment, lke: Lke) -> bytes:
    return workbook.build(lke)


def as_pdf(assessment: Assessment, lke: Lke) -> bytes:
    from reports import pdf  # its libraries take long to load and are not needed otherwise

    return pdf.render(lke)


def as_json(assessment: Assessment, lke: Lke) -> bytes:
    """Return scores as `lke_score` prints them, with every criterion's answer, value and note."""
    data = selectors.score_data(assessment, lke.stage, lke.result)
    data |= {"unit_name": lke.unit_name, "target": lke.target, "state": assessment.state}
    data["answers"] = {code: _answer_data(lke, code) for code in lke.result.values}
    return json.dumps(data, ensure_ascii=False, indent=2).encode()


def _answer_data(lke: Lke, code: str) -> dict[str, Any]:
    given, value = lke.result.given.get(code, NOTHING), lke.result.values[code]
    return {
        "choice": given.choice,
        "counts": list(given.counts),
        "index": str(given.index) if given.index is not None else None,
        "ratio": str(given.ratio) if given.ratio is not None else None,
        "ratio_reason": given.reason,
        "value": f"{exact(value.value):f}" if value.value is not None else None,
        "rule": value.rule.value,
        "note": lke.notes.get(code, ""),
    }


FORMATS: dict[str, Callable[[Assessment, Lke], bytes]] = {
    "xlsx": as_xlsx, "pdf": as_pdf, "json": as_json,
    # Both sides as they were decided on; the stage does not matter to them.
    "portalrb-xlsx": lambda assessment, _: portalrb.as_xlsx(assessment),
    "portalrb-json": lambda assessment, _: portalrb.as_json(assessment),
}  # fmt: skip


class Command(BaseCommand):
    help = (
        "Write the LKE of a unit's assessment to a file: Excel with live formulas, PDF, JSON, or what PortalRB takes."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_assessment_arguments(parser)
        parser.add_argument(
            "--stage", choices=[ALL, *Stage.values],
            help="default: all stages that have answers, side by side, in Excel and PDF; the unit's in JSON",
        )  # fmt: skip
        parser.add_argument("--format", choices=FORMATS, required=True)
        parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        assessment = assessment_from(options)
        try:
            content = FORMATS[options["format"]](assessment, _lke(assessment, options["format"], options["stage"]))
        except portalrb.Damaged as error:
            raise CommandError("The assessment's fixed copies are not what was decided.") from error
        try:
            write_whole(options["output"], content)
        except OSError as error:
            raise CommandError(f"{options['output']} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"{options['output']}: {len(content)} bytes.")


def _lke(assessment: Assessment, kind: str, stage: str | None) -> Lke:
    """Return what a format shows; whoever works at the command line may see every stage."""
    if kind in {"xlsx", "pdf"} and stage != Stage.SECOND:
        one = "" if stage in {None, ALL} else str(stage)
        if kind == "pdf":
            return printed_lke_of(assessment, EVERYTHING, one)
        return full_lke_of(assessment, EVERYTHING, origin=origin_of_portal(), stage=one)
    return lke_of(assessment, Stage.UNIT if stage in {None, ALL} else str(stage))


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that nobody ever sees half of it and a failure leaves the old one."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
