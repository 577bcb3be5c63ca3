"""A real server killed with SIGKILL in the middle of uploads: what was acknowledged stays, nothing is left half.

The server has a SQLite file and a media folder of its own, whatever database the other tests run on: it is started
and killed as a whole, which nobody may do to a database that others use.
"""

import hashlib
import http.client
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 120  # seconds until a condition must hold; a quick machine needs two
PASSWORD = "kunci-Uji-4711"
CRITERION = "/penilaian/2026/UNIT-03/bukti/A.I.1.i.a/"
BOUNDARY = "batas-antara-berkas-7f3a"
KIB = 1024
SIZE = 3 * KIB * KIB
SLACK = 1024 * KIB  # what the server may hold back in memory
# How much of the body has been sent when the server dies, drawn once for all.
DRAWN = random.Random("pembunuhan")
POINTS = [0.0, *(round(DRAWN.uniform(0.4, 0.98), 3) for _ in range(3)), 1.0]
SET_UP = f"""
from django.core.management import call_command
from assessment import demo, instruments
call_command("migrate", verbosity=0)
instruments.load_fixtures()
demo.seed(units=3, year=2026, password="{PASSWORD}")
"""
LOOK = """
import json
from datetime import timedelta
from evidence.models import Attachment, Blob
from evidence.tests import crashes
hours = timedelta(hours=24)
print(json.dumps({
    "documents": crashes.whole_documents(),
    "hashes": sorted(Blob.objects.values_list("sha256", flat=True)),
    "attached": sorted(Attachment.objects.values_list("document__title", flat=True)),
    "promises": crashes.promises(),
    "audit": crashes.problems(repair=False, older_than=hours),
    "left": crashes.problems(repair=True),
    "clean": crashes.problems(repair=False),
}))
"""


def until(condition: Callable[[], Any], what: str) -> Any:
    """Wait until a condition holds, and return what it says."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.02)
    pytest.fail(f"{what}: not within {PATIENCE} s")


class Portal:
    """The portal as `scripts/run` serves it, with data of its own, and a person who has signed in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "zi_portal.settings",
            "DEBUG": "1",
            "SECRET_KEY": "kunci-untuk-uji-" * 4,
            "DATA_DIR": str(folder),
            "MEDIA_ROOT": str(folder / "media"),
            "DATABASE_URL": f"sqlite:///{folder / 'portal.sqlite3'}",
        }
        self.process: subprocess.Popen[bytes] | None = None
        self.cookies: dict[str, str] = {}
        self.port = 0

    def python(self, code: str) -> str:
        """Run code in a process that has the portal's settings; return what it prints."""
        command = [sys.executable, "-c", f"import django; django.setup()\n{code}"]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=PATIENCE)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [sys.executable, "-m", "gunicorn", "zi_portal.wsgi", "--bind", f"127.0.0.1:{self.port}"]
        command += ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--timeout", "120"]
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--no-control-socket", "--log-level", "warning"],
                cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        until(self.answers, "the server answers")

    def answers(self) -> bool:
        assert self.process is not None
        try:
            status = self.ask("GET", "/masuk/")[0]
        except OSError:
            status = 0  # not listening yet
        assert self.process.poll() is None and status < 500, (self.folder / "server.log").read_text()
        return status > 0

    def kill(self) -> None:
        """Kill the server and all its workers at once."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            until(self.is_gone, "the server is gone")
            self.process = None

    def is_gone(self) -> bool:
        """Say whether no process holds the port any more; one that is dead holds nothing."""
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE).close()
        except ConnectionError:
            return True
        return False

    def open(self, method: str, path: str, length: int, content_type: str) -> http.client.HTTPConnection:
        """Send the head of a request."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.putrequest(method, path)
        connection.putheader("Cookie", "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        connection.putheader("Content-Type", content_type)
        connection.putheader("Content-Length", str(length))
        connection.endheaders()
        return connection

    def answer(self, connection: http.client.HTTPConnection) -> tuple[int, str]:
        response = connection.getresponse()
        text = response.read().decode()
        for header in response.headers.get_all("Set-Cookie") or []:
            name, _, value = header.partition(";")[0].partition("=")
            self.cookies[name] = value
        connection.close()
        return response.status, text

    def ask(self, method: str, path: str, body: bytes = b"", content_type: str = "text/plain") -> tuple[int, str]:
        connection = self.open(method, path, len(body), content_type)
        connection.send(body)
        return self.answer(connection)

    def sign_in(self) -> None:
        token = self.token("/masuk/")
        form = f"csrfmiddlewaretoken={token}&username=operator03&password={PASSWORD}".encode()
        assert self.ask("POST", "/masuk/", form, "application/x-www-form-urlencoded")[0] == 302

    def token(self, path: str = CRITERION) -> str:
        status, page = self.ask("GET", path)
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert status == 200 and found, page[:500]
        return found[1]

    def body_of(self, name: str, content: bytes) -> bytes:
        token = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{self.token()}\r\n'
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="berkas"; filename="{name}"\r\n\r\n'
        return token.encode() + head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()

    def upload(self, name: str, content: bytes) -> None:
        """Upload a file; return once it is acknowledged."""
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        status, page = self.ask("POST", f"{CRITERION}unggah/", self.body_of(name, content), kind)
        assert status == 302, page

    def upload_killed(self, name: str, content: bytes, share: float) -> None:
        """Send a share of an upload, wait until the server has written it down, and kill the server."""
        body = self.body_of(name, content)
        connection = self.open("POST", f"{CRITERION}unggah/", len(body), f"multipart/form-data; boundary={BOUNDARY}")
        sent = round(len(body) * share)
        connection.send(body[:sent])
        if share < 1:
            until(lambda: self.incoming() >= sent - SLACK, f"{sent} bytes have arrived")
        else:
            until(lambda: self.incoming() >= len(content) or self.has(content), "the whole body has arrived")
        self.kill()
        connection.close()

    def incoming(self) -> int:
        """Return how many bytes wait in temporary files."""
        sizes = []
        for path in (self.folder / "media" / "incoming").glob("*"):
            try:
                sizes.append(path.stat().st_size)
            except FileNotFoundError:
                continue  # stored meanwhile
        return sum(sizes)

    def has(self, content: bytes) -> bool:
        """Say whether content has its name in the store."""
        name = hash_of(content)
        return (self.folder / "media" / "evidence" / name[:2] / name[2:4] / name).exists()

    def look(self) -> dict[str, Any]:
        """Return what is stored; afterwards everything that was left over is swept."""
        return json.loads(self.python(LOOK))


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    made = Portal(tmp_path)
    made.python(SET_UP)
    try:
        made.start()
        made.sign_in()
        yield made
    finally:
        made.kill()


def text(name: str, size: int) -> bytes:
    line = f"{name}: notulen rapat pembangunan zona integritas\n".encode()
    return (line * (size // len(line) + 1))[:size]


def hash_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_kills_in_the_middle_of_uploads(portal: Portal) -> None:
    acknowledged: dict[str, str] = {}  # title and hash of what must never be lost
    for share in POINTS:
        name = f"Rapat {round(share * 1000)}"
        small, large = text(f"{name} kecil", 2 * KIB), text(f"{name} besar", SIZE)
        portal.upload(f"{name} kecil.txt", small)
        acknowledged[f"{name} kecil"] = hash_of(small)

        portal.upload_killed(f"{name} besar.txt", large, share)
        check_after_kill(portal.look(), acknowledged, f"{name} besar", is_sent=share == 1, is_begun=share > 0)

        portal.start()
        portal.upload(f"{name} besar.txt", large)
        acknowledged[f"{name} besar"] = hash_of(large)
    found = portal.look()
    assert found["documents"] == dict.fromkeys(acknowledged, 1)
    assert found["hashes"] == sorted(acknowledged.values())
    assert (found["promises"], found["left"], portal.incoming()) == ([], [], 0)


def check_after_kill(
    found: dict[str, Any], acknowledged: dict[str, str], title: str, *, is_sent: bool, is_begun: bool
) -> None:
    """Check that all is there that was acknowledged, and of the upload nothing, or all if it was sent to its end."""
    assert {name: found["documents"].get(name) for name in acknowledged} == dict.fromkeys(acknowledged, 1), title
    assert set(acknowledged.values()) <= set(found["hashes"])
    assert set(found["documents"]) - set(acknowledged) <= ({title} if is_sent else set())
    assert (found["promises"], found["audit"], found["clean"]) == ([], [], []), title
    if not is_sent:
        assert found["hashes"] == sorted(acknowledged.values()), title
        assert found["left"] == (["abandoned upload"] if is_begun else []), title
        assert found["attached"] == sorted(acknowledged)
