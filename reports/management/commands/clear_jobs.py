"""Remove the files of long work whose days are over."""

from typing import Any

from django.core.management.base import BaseCommand

from reports.jobs.clearing import clear_jobs


class Command(BaseCommand):
    help = "Remove jobs and their files JOB_KEEP_DAYS after they ended, and files that no job names. For every night."

    def handle(self, *args: Any, **options: Any) -> None:
        cleared = clear_jobs()
        self.stdout.write(f"{cleared.jobs} jobs and {cleared.files} files without a job removed.")
