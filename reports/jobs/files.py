"""The files that jobs make, in DATA_DIR/jobs: each claim writes its own, whole or not at all."""

import errno
import hashlib
import os
import shutil
from pathlib import Path
from typing import IO, Any, cast

from django.conf import settings

PART = ".part"
RESERVE = 256 * 1024 * 1024  # bytes that results leave free: the database may lie on the same disk


def folder() -> Path:
    return Path(settings.DATA_DIR) / "jobs"


def path_of(stored_name: str) -> Path:
    return folder() / Path(stored_name).name


def need_room(size: int = 0) -> None:
    """Raise OSError (ENOSPC) unless a file of about `size` bytes leaves the reserve free."""
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    if shutil.disk_usage(folder()).free < size + RESERVE:
        raise OSError(errno.ENOSPC, "Too little room is left", str(folder()))


class Target:
    """A file that is being made: written once from start to end, hashed on the way, never held in memory.

    It cannot be rewound, so `zipfile` writes sizes behind each entry. Leaving the `with` block removes it unless it
    was kept.
    """

    def __init__(self, name: str) -> None:
        folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        self.name, self.size = name, 0
        self._path, self._digest = path_of(name), hashlib.sha256()
        self._part = self._path.with_name(name + PART)
        self._file: IO[bytes] = self._part.open("wb")

    def __enter__(self) -> "Target":
        return self

    def __exit__(self, *about: object) -> None:
        self._file.close()
        self._part.unlink(missing_ok=True)

    def write(self, piece: Any) -> int:
        self._file.write(piece)
        self._digest.update(piece)
        self.size += len(piece)
        return len(piece)

    def flush(self) -> None:
        self._file.flush()

    def stream(self) -> IO[bytes]:
        """Return itself as what `zipfile` wants to be given."""
        return cast("IO[bytes]", self)

    def keep(self) -> str:
        """Put the whole file in its place, on the disk before anybody hears of it; return its SHA-256."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._part.replace(self._path)
        return self._digest.hexdigest()


def remove(stored_name: str) -> None:
    if stored_name:
        path_of(stored_name).unlink(missing_ok=True)
