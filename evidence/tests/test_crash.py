"""Dying at any step of an upload leaves no row without a whole file, loses nothing, and the next upload works."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from accounts.tests.factories import member
from assessment.models import Event
from evidence.models import Attachment, Document
from evidence.tests import crashes
from evidence.tests.crashes import STEPS, dying, has_document, name_of, problems, upload, whole_documents

ROOT = Path(__file__).resolve().parent.parent.parent
LEFTOVERS = {"abandoned upload", "orphaned", "unused"}
BEFORE = "sebelum semuanya"
WAIT = 300  # seconds for the slowest machine; it takes about six


class Death(BaseException):
    """Nothing in the portal catches it."""


def dead():
    raise Death


@pytest.mark.django_db
@pytest.mark.parametrize("step", STEPS, ids=name_of)
def test_an_upload_that_fails_leaves_nothing_half(assessment, step):
    team = member(assessment.unit)
    upload(assessment, team, BEFORE)
    with pytest.raises(Death), dying(step, dead):
        upload(assessment, team, "gagal")
    assert whole_documents() == {BEFORE: 1} | ({"gagal": 0} if has_document(step) else {})
    assert crashes.promises() == []
    assert set(problems(repair=True)) <= LEFTOVERS
    assert problems(repair=False) == []
    upload(assessment, team, "gagal")
    assert whole_documents() == {BEFORE: 1, "gagal": 1}
    assert Event.objects.filter(kind=Event.Kind.EVIDENCE_ATTACHED).count() == 2
    assert (Document.objects.count(), Attachment.objects.count(), problems(repair=False)) == (2, 2, [])


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    """Return what was found after each kill. The processes have a SQLite file of their own, whatever the tests use."""
    folder = tmp_path_factory.mktemp("kill")
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": f"sqlite:///{folder / 'portal.sqlite3'}",
        "DATA_DIR": str(folder),
        "MEDIA_ROOT": str(folder / "media"),
    }
    command = [sys.executable, "-m", "evidence.tests.crash_driver"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=WAIT)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("step", STEPS, ids=name_of)
def test_a_process_that_is_killed_leaves_nothing_half(killed, step):
    found = killed[name_of(step)]
    earlier = {BEFORE: 1} | {name_of(each): 1 for each in STEPS[: STEPS.index(step)]}
    assert (found["ended"], found["failed"]) == (signal.SIGKILL, 0)
    assert found["documents"] == earlier | ({name_of(step): 0} if has_document(step) else {})
    assert found["promises"] == []
    assert set(found["audit"]) <= LEFTOVERS
    assert set(found["repair"]) <= LEFTOVERS
    assert found["clean"] == []
    assert found["again"] == earlier | {name_of(step): 1}
    assert found["after"] == []


def test_kills_leave_something_to_sweep(killed):
    """The audit's work is real: some steps leave temporary files, some content, some rows."""
    assert {problem for found in killed.values() for problem in found["repair"]} == LEFTOVERS
