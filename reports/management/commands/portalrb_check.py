"""Show what PortalRB would be sent now, and what is missing in it."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Unit
from assessment.models import Assessment
from reports.portalrb.check import LABELS, Report, UnitReport, report_json, report_of
from reports.portalrb.links import origin_of_portal


class Command(BaseCommand):
    help = (
        "Check what the ministry's PortalRB would be sent now: units, answers without an id, without TPI's answer or "
        "without evidence that opens. Ends with 1 if anything is missing. Writes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print everything as JSON, with what would be sent")

    def handle(self, *args: Any, **options: Any) -> None:
        report = report_of(Assessment.objects.all(), Unit.objects.all(), origin_of_portal())
        if options["json"]:
            self.stdout.write(json.dumps(report_json(report), ensure_ascii=False, indent=2))
        else:
            self._tell(report)
        if not report.is_ready:
            raise CommandError("Something is missing.", returncode=1)

    def _tell(self, report: Report) -> None:
        if report.period:
            self.stdout.write(f"{report.period}: {len(report.units)} unit")
        for problem in report.problems:
            self.stdout.write(f"- {problem}")
        for unit in report.units:
            self._tell_unit(unit)

    def _tell_unit(self, unit: UnitReport) -> None:
        row = unit.assessment
        counts = ", ".join(f"{count} {LABELS[lack]}" for lack, count in unit.counts.items() if count)
        self.stdout.write(f"{row.unit.code} {row.unit.name}: {len(unit.rows)} jawaban; {counts or 'lengkap'}")
        for note in unit.notes:
            self.stdout.write(f"- {note}")
        for checked in unit.lacking:
            self.stdout.write(f"  {checked.row.shown_code}: {', '.join(checked.labels)}")
