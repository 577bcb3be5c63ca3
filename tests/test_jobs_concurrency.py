"""Two people, two clicks or two workers at the same moment, over real connections: each job once, none twice."""

import time
from unittest.mock import patch

import pytest
from django.db import OperationalError
from django_tasks_db.models import DBTaskResult

from reports import workbook
from reports.jobs import files, services
from reports.jobs.models import Job
from reports.jobs.worker import JobWorker
from reports.tests.jobs import agency, lke_job

from .parallel import in_parallel

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("instrument", "media")]
WORKERS = 4


def worked(number: int) -> int:
    """Do what waits as one worker; wait for others as its process would."""
    worker = JobWorker(interval=0.05)
    for _ in range(200):
        try:
            busy = worker.turn()
        except OperationalError as error:
            assert "locked" in str(error)
            busy = True
        if not busy and not Job.objects.pending().exists():
            return number
        time.sleep(0.01)
    pytest.fail("jobs are left")


def test_of_many_workers_one_makes_each_job():
    owner, rows = agency(5)
    jobs = [lke_job(owner, [row]) for row in rows]
    drawn = []
    with patch.object(workbook, "build", lambda lke: drawn.append(lke.unit_code) or lke.unit_code.encode()):
        in_parallel(worked, WORKERS)
    assert sorted(drawn) == ["U1", "U2", "U3", "U4", "U5"]
    done = list(Job.objects.values_list("state", "attempts", "problem"))
    assert done == [(Job.State.DONE, 1, "")] * 5
    assert len(list(files.folder().iterdir())) == len(jobs)


def test_of_many_claims_of_one_job_one_succeeds():
    owner, rows = agency(1)
    job = lke_job(owner, rows)
    claims = [claim for claim in in_parallel(lambda _: services.claim_job(job.pk), WORKERS) if claim]
    assert len(claims) == 1
    assert Job.objects.get().claim == claims[0].claim


def test_a_dead_workers_job_is_taken_up_once():
    owner, rows = agency(1)
    job = lke_job(owner, rows)
    services.claim_job(job.pk)
    DBTaskResult.objects.update(status="RUNNING")
    Job.objects.update(beat_at="2026-01-01T00:00:00+00:00")
    assert sum(in_parallel(lambda _: services.recover_jobs(), WORKERS)) == 1
    assert Job.objects.get().state == Job.State.QUEUED
    assert DBTaskResult.objects.ready().count() == 1


def test_many_clicks_are_one_job():
    owner, rows = agency(1)
    made = in_parallel(lambda _: lke_job(owner, rows).pk, WORKERS)
    assert len(set(made)) == 1
    assert (Job.objects.count(), DBTaskResult.objects.count()) == (1, 1)


def test_many_requests_stay_within_what_one_person_may_have(settings):
    settings.JOB_QUOTA = 2
    owner, rows = agency(WORKERS)

    def ask(number):
        try:
            return bool(lke_job(owner, [rows[number]]))
        except services.QuotaReached:
            return False

    assert sum(in_parallel(ask, WORKERS)) == 2
    assert Job.objects.pending().count() == 2
