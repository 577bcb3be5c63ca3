"""An agency whose admin asks for long work, and a worker in the test's own process."""

from typing import Any
from unittest.mock import patch

from accounts.models import Role, User
from assessment.models import Assessment
from assessment.tests.factories import UnitFactory, member, opened
from reports.jobs import services
from reports.jobs.models import Job
from reports.jobs.worker import JobWorker

OLD_CONNECTIONS = "django_tasks_db.management.commands.db_worker.close_old_connections"


def agency(units: int = 2) -> tuple[User, list[Assessment]]:
    """Return the admin of a new agency and the assessments of its units."""
    top = UnitFactory()
    return member(top, Role.ADMIN), [opened(UnitFactory(parent=top, code=f"U{n}")) for n in range(1, units + 1)]


def lke_job(owner: User, rows: list[Assessment], *forms: str) -> Job:
    """Ask for LKEs, as the page Rekap does."""
    params: dict[str, Any] = {
        "year": 2026,
        "units": [[r.pk, r.unit.code] for r in rows],
        "forms": list(forms or ["xlsx"]),
    }
    return services.request_job(owner=owner, kind=Job.Kind.LKE, title="LKE", params=params)[0]


def work_off() -> None:
    """Do what waits, with the worker that the command runs; it may not close the test's connection."""
    with patch(OLD_CONNECTIONS, lambda: None):
        JobWorker(interval=0.05).work_off()


def fresh(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)
