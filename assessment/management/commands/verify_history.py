"""Check the hash chains of the history."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessment import history
from assessment.models import Assessment


class Command(BaseCommand):
    help = "Check that no row of any assessment's history was changed, removed or put in between."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = 0
        checked = 0
        for row in Assessment.objects.select_related("unit", "period").order_by("pk"):
            events = row.events.order_by("number").iterator()
            checked += 1
            for problem in history.problems(row.pk, events, row.event_count, row.event_head):
                broken += 1
                self.stderr.write(f"{row.unit.code} {row.period.year}: {problem}")
        if broken:
            raise CommandError(f"{broken} problems in the history of {checked} assessments.")
        self.stdout.write(f"The history of {checked} assessments is whole.")
