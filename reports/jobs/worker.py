"""The process that does long work: django-tasks-db's worker, with what it lacks.

It takes up what dead workers left, hands back what it works on when it is asked to stop, and ends with the process that
started it, so that none is left behind.
"""

import logging
import os
import signal
import threading
import time
from types import FrameType

from django.conf import settings
from django.db import OperationalError, close_old_connections, connections
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker

from . import running, services

logger = logging.getLogger(__name__)
WATCH_SECONDS = 0.5
AFTER_TROUBLE_SECONDS = 5.0


class JobWorker(Worker):
    def __init__(self, *, interval: float) -> None:
        super().__init__(
            queue_names=["*"], excluded_queue_names=[], interval=interval, batch=True, backend_name="default",
            startup_delay=False, max_tasks=1, worker_id=get_random_string(32),
        )  # fmt: skip
        self._recovered_at: float | None = None

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        """Let the work at hand come to its next step, where it is handed back; end at once without any."""
        running.stopping.set()
        super().shutdown(signum, frame)

    def turn(self) -> bool:
        """Take up what was left behind and do one task; return whether there was one."""
        now = time.monotonic()
        if self._recovered_at is None or now - self._recovered_at > settings.JOB_STALE_SECONDS / 4:
            self._recovered_at = now
            services.recover_jobs()
        self._run_tasks = 0
        self.run()  # one task, or none if nothing waits
        return self._run_tasks > 0

    def work_off(self) -> None:
        """Do all that waits, then end."""
        while self.running and self.turn():
            pass

    def work(self) -> None:
        """Do what comes until asked to stop; a database that is away for a while is waited for."""
        while self.running:
            close_old_connections()
            pause = self.interval
            try:
                if self.turn():
                    continue
            except OperationalError:
                logger.exception("The database cannot be used; trying again.")
                connections.close_all()
                pause = AFTER_TROUBLE_SECONDS
            if self.running:
                time.sleep(pause)


def end_with(parent: int) -> None:
    """Ask this process to stop once its parent is another one than `parent`: whoever started it has ended."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(WATCH_SECONDS)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="watch-parent", daemon=True).start()
