"""Removing what was made and is past its days."""

import os
import time
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.models import User

from . import files
from .models import Job
from .tasks import run_job

# No worker leaves its file alone for so long (`running.HUNG_SECONDS`), so nobody writes it any more.
ABANDONED_SECONDS = 2 * 60 * 60


class Cleared(NamedTuple):
    jobs: int
    files: int


def keep_until(job: Job) -> datetime | None:
    """Return when a job that has ended will be removed."""
    return job.finished_at + timedelta(days=settings.JOB_KEEP_DAYS) if job.finished_at else None


def expired(now: datetime | None = None) -> "QuerySet[Job]":
    limit = (now or timezone.now()) - timedelta(days=settings.JOB_KEEP_DAYS)
    return Job.objects.filter(finished_at__lt=limit)


def clear_own(user: User) -> int:
    """Remove what somebody has that is past its days: one query where there is nothing."""
    return _remove(expired().filter(owner=user))


def clear_jobs(now: datetime | None = None) -> Cleared:
    """Remove all jobs past their days, the queue's rows about them, and files that no job names."""
    limit = (now or timezone.now()) - timedelta(days=settings.JOB_KEEP_DAYS)
    count = _remove(expired(now))
    DBTaskResult.objects.finished().filter(task_path=run_job.module_path, finished_at__lt=limit).delete()
    return Cleared(count, _sweep(time.time() - ABANDONED_SECONDS))


def _remove(jobs: "QuerySet[Job]") -> int:
    """Remove jobs with their files, the file first: one that is left alone would be found by nobody but `_sweep`."""
    found = list(jobs.values_list("pk", "stored_name"))
    for _, stored_name in found:
        files.remove(stored_name)
    if found:
        Job.objects.filter(pk__in=[pk for pk, _ in found]).delete()
    return len(found)


def _sweep(before: float) -> int:
    """Remove files that no job names and nobody has written to since `before`."""
    if not files.folder().is_dir():
        return 0
    named = set(Job.objects.exclude(stored_name="").values_list("stored_name", flat=True))
    count = 0
    with os.scandir(files.folder()) as entries:
        for entry in entries:
            with suppress(FileNotFoundError):
                if entry.name not in named and entry.stat().st_mtime < before:
                    Path(entry.path).unlink()
                    count += 1
    return count
