"""What django-tasks runs."""

from django_tasks import task

from . import running


@task()
def run_job(pk: str) -> None:
    """Make the file of one job, if it still waits for it."""
    running.run(pk)
