"""A real worker killed with SIGKILL in the middle of a job: the next one makes it, once; none outlives its parent.

The processes have a SQLite file and a folder of their own, whatever database the other tests run on.
"""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from .test_kill import ROOT, until

SET_UP = """
from django.core.management import call_command
from assessment import instruments
call_command("migrate", verbosity=0)
instruments.load_fixtures()
from reports.tests.jobs import agency, lke_job
owner, rows = agency(3)
lke_job(owner, rows)
"""
# A worker whose second document takes for ever once; it says which unit it draws.
WORKER = """
import os, pathlib, sys, time
from reports import workbook
from reports.jobs.worker import JobWorker
log = pathlib.Path(os.environ["DATA_DIR"]) / "drawn.log"
def build(lke):
    with log.open("a") as lines:
        lines.write(f"{os.getpid()} {lke.unit_code}\\n")
    if lke.unit_code == "U2" and "slow" in sys.argv:
        time.sleep(600)
    return lke.unit_code.encode()
workbook.build = build
worker = JobWorker(interval=0.05)
worker.configure_signals()
worker.work()
"""
# What `scripts/run` does: a worker beside a process that then becomes the server.
PARENT = """
import os, subprocess, sys
subprocess.Popen([sys.executable, "manage.py", "job_worker", "--end-with-parent", "--interval", "0.1"])
os.execvp("sleep", ["sleep", "600"])
"""


class Place:
    """A database and a folder, and processes that have them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.running: list[subprocess.Popen[bytes]] = []
        self.environment = {
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "zi_portal.settings",
            "DEBUG": "1",
            "DATA_DIR": str(folder),
            "DATABASE_URL": f"sqlite:///{folder / 'portal.sqlite3'}",
            "JOB_STALE_SECONDS": "2",
        }

    def start(self, code: str, *arguments: str) -> "subprocess.Popen[bytes]":
        begin = "" if code == PARENT else "import django; django.setup()\n"
        command = [sys.executable, "-c", begin + code, *arguments]
        with (self.folder / "worker.log").open("ab") as log:
            process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        self.running.append(process)
        return process

    def look(self) -> dict[str, Any]:
        """Return the job, the queue and the folder of results; read without Django, which takes long to start."""
        with closing(sqlite3.connect(self.folder / "portal.sqlite3", timeout=60)) as database:
            state, attempts, stored = database.execute(
                "SELECT state, attempts, stored_name FROM reports_job"
            ).fetchone()
            tasks = [row[0] for row in database.execute("SELECT status FROM django_tasks_database_dbtaskresult")]
        files = sorted(path.name for path in (self.folder / "jobs").glob("*"))
        return {"state": state, "attempts": attempts, "stored": stored, "files": files, "tasks": tasks}

    def drawn(self) -> list[str]:
        """Return process and unit of every document that was begun, in order."""
        path = self.folder / "drawn.log"
        return path.read_text().splitlines() if path.exists() else []


@pytest.fixture(scope="module")
def set_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a database in which a job waits, made once for all tests."""
    made = Place(tmp_path_factory.mktemp("worker"))
    process = made.start(SET_UP)
    assert process.wait(timeout=300) == 0, (made.folder / "worker.log").read_text()
    return made.folder


@pytest.fixture
def place(set_up: Path, tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path)
    with (
        closing(sqlite3.connect(set_up / "portal.sqlite3")) as source,
        closing(sqlite3.connect(tmp_path / "portal.sqlite3")) as copy,
    ):
        source.backup(copy)
    yield made
    for process in made.running:
        process.kill()
        process.wait()


def test_a_killed_workers_job_is_made_by_the_next_one_exactly_once(place: Place) -> None:
    first = place.start(WORKER, "slow")
    until(lambda: len(place.drawn()) == 2, "the first worker draws its second document")
    half = place.look()
    assert (half["state"], half["attempts"], half["tasks"]) == ("running", 1, ["RUNNING"])
    assert [name.endswith(".part") for name in half["files"]] == [True]

    first.send_signal(signal.SIGKILL)
    first.wait()
    others = [place.start(WORKER), place.start(WORKER)]
    until(lambda: place.look()["state"] == "done", "another worker has made it")
    found = place.look()
    assert (found["attempts"], found["tasks"]) == (2, ["SUCCESSFUL"])
    assert set(found["files"]) == {found["stored"], *half["files"]}  # what the dead one left is swept at night
    again = [line.split()[1] for line in place.drawn()[2:]]
    assert again == ["U2", "U3"]  # the first unit's document was kept

    for process in others:
        process.send_signal(signal.SIGTERM)
    assert [process.wait(timeout=120) for process in others] == [0, 0]
    assert place.look() == found


def workers_of(place: Place) -> list[int]:
    """Return the worker processes that have this place, as the system lists them."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            mine = f"DATA_DIR={place.folder}".encode() in (process / "environ").read_bytes().split(b"\0")
            if mine and b"job_worker" in (process / "cmdline").read_bytes():
                found.append(int(process.name))
        except OSError:
            continue  # ended meanwhile, or somebody else's
    return found


def test_a_worker_ends_with_its_parent_however_that_ends(place: Place) -> None:
    parent = place.start(PARENT)
    until(lambda: place.look()["state"] == "done", "the worker has made the job")
    assert len(workers_of(place)) == 1
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    until(lambda: workers_of(place) == [], "the worker is gone")
