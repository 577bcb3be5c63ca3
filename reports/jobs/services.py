"""Every change of a job. Each is one short transaction: no file is written and nothing drawn inside."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.models import User

from .models import Job

MAX_ATTEMPTS = 3
GAVE_UP = (
    "Pekerjaan ini terputus tiga kali saat disiapkan, mungkin karena server dimatikan atau kehabisan memori. "
    "Coba minta lagi dengan lebih sedikit unit; bila tetap gagal, hubungi admin portal."
)


class QuotaReached(Exception):
    """Somebody has as many unfinished jobs as one person may have."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a worker has made: a file in the folder of results, and what to say of it."""

    stored_name: str
    file_name: str
    content_type: str
    size: int
    sha256: str
    remark: str
    scope: Mapping[str, list[str]]


def request_job(*, owner: User, kind: str, title: str, params: Mapping[str, Any]) -> tuple[Job, bool]:
    """Queue a job, or return the unfinished one that was asked for in the same words, and whether it is new.

    Raises QuotaReached.
    """
    fingerprint = hashlib.sha256(json.dumps([kind, params], sort_keys=True).encode()).hexdigest()
    with transaction.atomic():
        User.objects.select_for_update().get(pk=owner.pk)  # two requests of one person, one after the other
        pending = Job.objects.pending().filter(owner=owner)
        if same := pending.filter(fingerprint=fingerprint).first():
            return same, False
        if pending.count() >= settings.JOB_QUOTA:
            raise QuotaReached
        now = timezone.now()
        job = Job(
            owner=owner, kind=kind, title=title, params=params, fingerprint=fingerprint, asked_at=now, queued_at=now
        )
        _enqueue(job)
        job.save(force_insert=True)
        return job, True


def _enqueue(job: Job) -> None:
    from .tasks import run_job  # which imports what this module is imported by

    job.task = UUID(run_job.enqueue(str(job.pk)).id)


def cancel_job(*, job: Job) -> bool:
    """End a job that is not finished; its worker notices at its next step. Return whether there was anything to end."""
    ended = Job.objects.pending().filter(pk=job.pk)
    now = timezone.now()
    return bool(ended.update(state=Job.State.CANCELLED, finished_at=now, claim="", step=""))


def claim_job(pk: UUID | str) -> Job | None:
    """Take a queued job for one worker: of several that try, one gets it. None if there is nothing to take."""
    now = timezone.now()
    token = secrets.token_hex(16)
    taken = Job.objects.filter(pk=pk, state=Job.State.QUEUED).update(
        state=Job.State.RUNNING, claim=token, started_at=now, beat_at=now, attempts=F("attempts") + 1,
        done=0, total=0, step="", scope={},
    )  # fmt: skip
    return Job.objects.select_related("owner").get(pk=pk, claim=token) if taken else None


def _held(job: Job) -> Any:
    """Return the job's row as a queryset that is empty once it was cancelled or given to another worker."""
    return Job.objects.filter(pk=job.pk, claim=job.claim, state=Job.State.RUNNING)


def beat(job: Job) -> bool:
    """Say that the worker lives; return whether the job is still its own."""
    return bool(_held(job).update(beat_at=timezone.now()))


def report(job: Job, *, done: int, total: int, step: str) -> bool:
    """Write down how far a job is; return whether it is still the worker's own."""
    return bool(_held(job).update(beat_at=timezone.now(), done=done, total=total, step=step[:250]))


def finish_job(job: Job, made: Made) -> bool:
    """Publish a job's file; return False, with nothing changed, if the job is not the worker's own any more."""
    updated = _held(job).update(
        state=Job.State.DONE, finished_at=timezone.now(), claim="", step="", problem="", remark=made.remark[:500],
        stored_name=made.stored_name, file_name=made.file_name, content_type=made.content_type, size=made.size,
        sha256=made.sha256, scope=dict(made.scope),
    )  # fmt: skip
    return bool(updated)


def fail_job(job: Job, problem: str) -> bool:
    """End a job with what went wrong, in words for the person who asked."""
    now = timezone.now()
    return bool(_held(job).update(state=Job.State.FAILED, finished_at=now, claim="", step="", problem=problem[:500]))


def give_back(job: Job) -> bool:
    """Queue a job again that its worker leaves because it is asked to stop; that counts as no attempt."""
    with transaction.atomic():
        row = _held(job).select_for_update().first()
        if row is None:
            return False
        _queue_again(row, attempts=row.attempts - 1)
        return True


def _queue_again(row: Job, *, attempts: int) -> None:
    row.state, row.claim, row.attempts, row.queued_at = Job.State.QUEUED, "", attempts, timezone.now()
    row.beat_at, row.step = None, ""
    _enqueue(row)
    row.save()


def recover_jobs(now: datetime | None = None) -> int:
    """Queue again what a dead worker left, up to three times, and what no task waits for; return how many.

    A job is a dead worker's when nobody has written its sign of life for JOB_STALE_SECONDS.
    """
    limit = (now or timezone.now()) - timedelta(seconds=settings.JOB_STALE_SECONDS)
    lost = Q(state=Job.State.RUNNING, beat_at__lt=limit) | Q(state=Job.State.QUEUED, queued_at__lt=limit)
    if not Job.objects.filter(lost).exists():
        return 0
    with transaction.atomic():
        rows = list(Job.objects.select_for_update(skip_locked=True).filter(lost))
        waiting = set(DBTaskResult.objects.ready().filter(pk__in=[r.task for r in rows]).values_list("pk", flat=True))
        rows = [row for row in rows if row.state == Job.State.RUNNING or row.task not in waiting]
        DBTaskResult.objects.filter(pk__in=[row.task for row in rows]).delete()
        for row in rows:
            if row.attempts >= MAX_ATTEMPTS:
                row.state, row.claim, row.finished_at = Job.State.FAILED, "", timezone.now()
                row.problem, row.step = GAVE_UP, ""
                row.save()
            else:
                _queue_again(row, attempts=row.attempts)
    return len(rows)
