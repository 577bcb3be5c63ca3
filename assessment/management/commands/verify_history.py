"""Check the hash chains of the history, and the fixed copies that it carries."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessment import history
from assessment.models import Assessment, Event


class Command(BaseCommand):
    help = "Check that no row of any assessment's history, and none of its fixed copies, was changed or removed."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = checked = copies = 0
        for row in Assessment.objects.select_related("unit", "period").order_by("pk"):
            checked += 1
            found, count = problems_of(row)
            copies += count
            broken += len(found)
            for problem in found:
                self.stderr.write(f"{row.unit.code} {row.period.year}: {problem}")
        if broken:
            raise CommandError(f"{broken} problems in the history of {checked} assessments.")
        self.stdout.write(f"The history of {checked} assessments is whole.")
        if copies:
            self.stdout.write(f"Their {copies} fixed copies are whole.")


def problems_of(row: Assessment) -> tuple[list[str], int]:
    """Return what is wrong with an assessment's history and fixed copies, and how many copies the history names."""
    carried: dict[str, str] = {}
    events = _noting(row.events.order_by("number").iterator(), carried)
    found = history.problems(row.pk, events, row.event_count, row.event_head)
    found += history.copy_problems(row.snapshots.order_by("at").iterator(), carried)
    return found, len(carried)


def _noting(events: Iterable[Event], carried: dict[str, str]) -> Iterator[Event]:
    """Pass events on, noting the digests of the fixed copies that they name."""
    for event in events:
        if "snapshot" in event.data and "digest" in event.data:
            carried[event.data["snapshot"]] = event.data["digest"]
        yield event
