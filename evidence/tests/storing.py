"""What tests put into the store and look for there."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from evidence import storage
from evidence.storage import Incoming


def incoming(content: bytes = b"isi bukti") -> Incoming:
    made = Incoming.begin()
    made.write(content)
    made.finish()
    return made


def kept(content: bytes = b"isi bukti") -> str:
    """Keep content and return its hash."""
    with incoming(content) as made:
        storage.keep(made)
        return made.sha256


def content_of(sha256: str) -> bytes:
    with storage.open_content(sha256) as file:
        return file.read()


def files_below(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def descriptors() -> list[str]:
    """Return what this process has open."""
    found = []
    for path in Path("/proc/self/fd").iterdir():
        try:
            found.append(str(path.readlink()))
        except FileNotFoundError:
            continue  # the descriptor that lists them
    return sorted(found)


def failing(number: int) -> Callable[..., Any]:
    """Return a function that fails as the operating system does."""

    def fail(*args: Any, **kwargs: Any) -> Any:
        raise OSError(number, os.strerror(number))

    return fail
