"""Do the long work that people asked for, beside the server."""

import logging
import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reports.jobs.worker import JobWorker, end_with


class Command(BaseCommand):
    help = (
        "Make the files that people asked for in the background: bulk LKE, evidence, recaps. Runs until it is stopped "
        "(SIGTERM, Ctrl+C); work under way is handed to the next worker. Several may run."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what waits now, then end")
        parser.add_argument("--interval", type=float, default=1.0, metavar="SECONDS", help="between looks at the queue")
        parser.add_argument("--end-with-parent", action="store_true", help="stop when the process that started it ends")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 0.05 <= options["interval"] <= 3600:
            raise CommandError("--interval must be from 0.05 to 3600 seconds.")
        # They tell every task that begins and ends.
        for name in ("django_tasks", "django_tasks_db"):
            logging.getLogger(name).setLevel(logging.ERROR)
        parent = os.getppid()
        worker = JobWorker(interval=options["interval"])
        worker.configure_signals()
        if options["end_with_parent"]:
            end_with(parent)
        if options["once"]:
            worker.work_off()
        else:
            worker.work()
