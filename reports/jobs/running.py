"""One job in a worker: claimed, made, published; given back when the worker has to stop, left when it was cancelled."""

import errno
import logging
import threading
import time
from types import TracebackType

from django.conf import settings
from django.db import DatabaseError, connection

from . import building, files, services
from .building.base import CannotBuild, Interrupted, Stopped
from .models import Job

logger = logging.getLogger(__name__)
stopping = threading.Event()  # set when this process was asked to end

REPORT_SECONDS = 0.5  # how often progress is written down at most
HUNG_SECONDS = 30 * 60  # without a step for so long, a worker no longer says that it lives
NO_SPACE = "Ruang penyimpanan portal penuh, jadi berkas ini tidak dapat dibuat. Hubungi admin portal, lalu minta lagi."
UNEXPECTED = (
    "Terjadi kesalahan yang tidak terduga saat berkas ini disiapkan. Coba minta lagi; bila tetap gagal, "
    "sampaikan kode {code} kepada admin portal."
)


class Pulse:
    """Writes the worker's sign of life beside the work, however long one document takes."""

    def __init__(self, job: Job) -> None:
        self.job, self.is_lost, self.stepped_at = job, False, time.monotonic()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"pulse-{job.pk}", daemon=True)

    def __enter__(self) -> "Pulse":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end.set()
        self._thread.join()

    def _beat(self) -> None:
        try:
            while not self._end.wait(settings.JOB_STALE_SECONDS / 4):
                if time.monotonic() - self.stepped_at > HUNG_SECONDS:
                    return
                self._beat_once()
        finally:
            connection.close()  # this thread's own

    def _beat_once(self) -> None:
        try:
            self.is_lost = self.is_lost or not services.beat(self.job)
        except DatabaseError:
            logger.warning("The sign of life of job %s could not be written.", self.job.pk, exc_info=True)
            connection.close()


class Progress:
    """What a builder tells of its work, and how it learns that it has to end."""

    def __init__(self, job: Job, pulse: Pulse) -> None:
        self.job, self._pulse, self._written_at = job, pulse, 0.0

    def step(self, done: int, total: int, text: str) -> None:
        """Say how far the work is; called often. Raises Stopped and Interrupted."""
        self._pulse.stepped_at = now = time.monotonic()
        if stopping.is_set():
            raise Interrupted
        if self._pulse.is_lost:
            raise Stopped
        if now - self._written_at < REPORT_SECONDS:
            return
        self._written_at = now
        if not services.report(self.job, done=done, total=total, step=text):
            raise Stopped


def run(pk: str) -> None:
    """Make the file of a job, if it waits for a worker."""
    job = services.claim_job(pk)
    if job is None:
        return
    try:
        with Pulse(job) as pulse:
            made = building.make(job, Progress(job, pulse))
        if not services.finish_job(job, made):
            files.remove(made.stored_name)
    except Stopped:
        return
    except Interrupted:
        services.give_back(job)
    except CannotBuild as error:
        services.fail_job(job, str(error))
    except Exception as error:
        logger.exception("Job %s failed", job.pk)
        services.fail_job(job, problem_of(job, error))
    except SystemExit:  # asked to end twice
        services.give_back(job)
        raise


def problem_of(job: Job, error: Exception) -> str:
    """Say what went wrong in words for the person who asked."""
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return NO_SPACE
    return UNEXPECTED.format(code=str(job.pk)[:8])
