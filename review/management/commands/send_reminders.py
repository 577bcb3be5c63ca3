"""Remind people of what is due soon."""

import argparse
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from accounts.notifications.services import remind
from review.reminders import reminders_on


class Command(BaseCommand):
    help = "Remind people of deadlines, for cron, once a day. Running it again the same day tells nobody twice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", type=_day, help="the day to act for (YYYY-MM-DD); today where not given")

    def handle(self, *args: Any, **options: Any) -> None:
        day = options["date"] or timezone.localdate()
        told = remind(items=reminders_on(day), today=day.isoformat())
        self.stdout.write(f"{told} people reminded.")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is not a day as YYYY-MM-DD") from error
