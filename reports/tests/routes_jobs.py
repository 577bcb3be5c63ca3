"""How the routes of long work are classified in tests/test_every_route.py, and a row for their addresses."""

from django.utils import timezone

from accounts.models import User
from reports.jobs.models import Job

# About the signed-in person alone.
OWN = {"reports:jobs"}
OWN_WRITES = {"reports:job-lke", "reports:job-recap"}
# One's own rows: somebody else's are not there.
OWN_ROWS = {"reports:job-cancel", "reports:job-again"}
OWN_ROW_READS = {"reports:job", "reports:job-file"}
# Whoever may see an assessment may ask for it: nothing of it changes.
INSIDER_WRITES = {"reports:job-evidence"}


def rows_of(owner: User) -> dict[str, object]:
    """Return a job, a finished one of `owner` if there is none."""
    now = timezone.now()
    job = Job.objects.first() or Job.objects.create(
        owner=owner, kind=Job.Kind.LKE, state=Job.State.DONE, title="LKE", fingerprint="0", asked_at=now, queued_at=now,
        finished_at=now,
    )  # fmt: skip
    return {"job": job.pk}
