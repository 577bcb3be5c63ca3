"""Runs the worker that parses a PDF, within limits, and reads its answer."""

import json
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

WORKER = Path(__file__).with_name("worker.py")
NO_SUCH_PAGE = 3  # the worker's exit status, as in worker.py
MIN_WIDTH, MAX_WIDTH = 16, 2400


class Unreadable(Exception):
    """The file is no PDF that can be read, or reading it took more than the limits allow."""


class NoSuchPage(LookupError):
    """The PDF has no page of that number."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the worker may use: seconds on the clock and of processor, bytes of memory and of answer."""

    wall: float = 20
    cpu: int = 15
    memory: int = 1024**3
    output: int = 32 * 1024**2


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Facts:
    """What a PDF holds besides its pages. With `needs_password` nothing else is known."""

    pages: int
    needs_password: bool
    javascript: bool
    attachments: int
    launches: bool
    rich_media: bool


def inspect(path: Path, limits: Limits = DEFAULT_LIMITS) -> Facts:
    """Return the facts about a PDF. Raises Unreadable, and OSError if there is no such file."""
    with path.open("rb") as file:
        return inspect_file(file, limits)


def inspect_file(file: IO[bytes], limits: Limits = DEFAULT_LIMITS) -> Facts:
    """Return the facts about a PDF in an open file on disk, whatever its position, which stays."""
    answer = _run(file, ["inspect"], limits)
    try:
        return Facts(**json.loads(answer))
    except (ValueError, TypeError) as error:
        raise Unreadable("the worker's answer is cut off") from error


def render(path: Path, page: int, width: int, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """Return a picture (WebP) of a page as it is displayed, pages counted from 1, `width` pixels wide.

    A page more than four times as high as wide comes out narrower. Raises NoSuchPage or Unreadable.
    """
    if page < 1:
        raise NoSuchPage(page)
    width = min(max(width, MIN_WIDTH), MAX_WIDTH)
    with path.open("rb") as file:
        return _run(file, ["render", str(page), str(width)], limits)


def _run(file: IO[bytes], task: list[str], limits: Limits) -> bytes:
    """Return the worker's answer. It gets the open file as standard input, so no path and no environment."""
    # -I: neither the environment nor the working directory decides what is imported.
    command = [sys.executable, "-I", "-B", str(WORKER), json.dumps(asdict(limits)), *task]
    with tempfile.TemporaryFile() as answer:
        try:
            done = subprocess.run(  # noqa: S603 - fixed program, no shell, whole numbers as arguments
                command,
                stdin=file,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                timeout=limits.wall,
                env={},
                cwd="/",
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise Unreadable("took too long") from error
        if done.returncode == NO_SUCH_PAGE:
            raise NoSuchPage(task[1])
        if done.returncode:
            raise Unreadable(f"the worker ended with {done.returncode}")
        answer.seek(0)
        return answer.read()
