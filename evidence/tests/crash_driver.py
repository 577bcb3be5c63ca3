"""Dies at every step of an upload, in a database and a store of its own.

    python -m evidence.tests.crash_driver    prints {step: what was found afterwards} as JSON

Each upload runs in a forked process that kills itself with SIGKILL: no handler runs, nothing is flushed. The
environment names a SQLite file and a MEDIA_ROOT that nobody else uses.
"""

import json
import os
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def forked(job: Callable[[], Any]) -> tuple[int, Any]:
    """Run a job in a process of its own; return the signal that ended it (0 for none) and its answer."""
    from django.db import connections

    connections.close_all()
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.json"
        child = os.fork()
        if not child:
            try:
                answer.write_text(json.dumps(job()))
                os._exit(0)
            finally:
                os._exit(1)  # an exception must not run the parent's code in the child
        _, status = os.waitpid(child, 0)
        return os.WTERMSIG(status), json.loads(answer.read_text()) if answer.exists() else None


def set_up() -> dict[str, int]:
    from django.core.management import call_command

    from assessment import instruments
    from assessment.tests.factories import member, opened

    call_command("migrate", verbosity=0)
    instruments.load_fixtures()
    assessment = opened()
    return {"assessment": assessment.pk, "by": member(assessment.unit).pk}


def main() -> None:
    django.setup()
    from evidence.tests import crashes

    _, rows = forked(set_up)

    def upload(text: str) -> str:
        from accounts.models import User
        from assessment.models import Assessment

        assessment = Assessment.objects.for_page().get(pk=rows["assessment"])
        return str(crashes.upload(assessment, User.objects.get(pk=rows["by"]), text).pk)

    def crash(step: tuple[str, str]) -> None:
        with crashes.dying(step, die):
            upload(crashes.name_of(step))

    def look(name: str) -> dict[str, Any]:
        found: dict[str, Any] = {"promises": crashes.promises(), "documents": crashes.whole_documents()}
        found["audit"] = crashes.problems(repair=False)
        found["repair"] = crashes.problems(repair=True)
        found["clean"] = crashes.problems(repair=False)
        upload(name)
        return found | {"again": crashes.whole_documents(), "after": crashes.problems(repair=False)}

    forked(lambda: upload("sebelum semuanya"))
    results = {}
    for step in crashes.STEPS:
        ended, _ = forked(lambda step=step: crash(step))  # type: ignore[misc]
        failed, found = forked(lambda step=step: look(crashes.name_of(step)))  # type: ignore[misc]
        results[crashes.name_of(step)] = {"ended": ended, "failed": failed, **(found or {})}
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    main()
