"""Files on their way in: written to a temporary name, hashed and counted meanwhile."""

import hashlib
import os
import tempfile
import weakref
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, NamedTuple, Self

from django.conf import settings
from django.utils import timezone

PREFIX = "in-"
SUFFIX = ".part"


class Swept(NamedTuple):
    """How many abandoned temporary files were removed, and how many bytes they took."""

    files: int
    size: int


class Incoming:
    """A file on its way in, on the file system of the store.

    As a context manager, or when nobody holds it any more, it removes its temporary file unless `keep` has
    taken it. `size` counts while it is written; `sha256` is empty until `finish`.
    """

    def __init__(self, file: BinaryIO, path: Path) -> None:
        self.path = path
        self.size = 0
        self.sha256 = ""
        self._file = file
        self._hash = hashlib.sha256()
        self._finalizer = weakref.finalize(self, _throw_away, file, path)

    @classmethod
    def begin(cls) -> Self:
        """Make an empty temporary file that nobody else has and only the portal can read."""
        folder = incoming_dir()
        descriptor, name = tempfile.mkstemp(prefix=PREFIX, suffix=SUFFIX, dir=folder)
        return cls(os.fdopen(descriptor, "wb"), Path(name))

    def write(self, chunk: bytes) -> None:
        """Add bytes. Raises OSError where there is no room, ValueError after `finish` or `discard`."""
        self._file.write(chunk)
        self._hash.update(chunk)
        self.size += len(chunk)

    def finish(self) -> None:
        """Bring everything to the disk and fix `sha256` and `size`; may be repeated."""
        if self._file.closed:
            if not self.sha256:
                raise ValueError("This incoming file was discarded.")
            return
        with self._file:
            self._file.flush()
            os.fsync(self._file.fileno())
        self.sha256 = self._hash.hexdigest()

    def open(self) -> BinaryIO:
        """Open the finished file for reading; whoever asks closes it."""
        if not self.sha256:
            raise ValueError("This incoming file is not finished.")
        return self.path.open("rb")

    def discard(self) -> None:
        """Close and remove the temporary file; nothing happens if it is gone or kept."""
        self._finalizer()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.discard()


def _throw_away(file: BinaryIO, path: Path) -> None:
    # What cannot be flushed to a full disk is not wanted any more; the descriptor is closed all the same.
    with suppress(OSError):
        file.close()
    path.unlink(missing_ok=True)


def incoming_dir() -> Path:
    """Return the folder of temporary files, made if need be."""
    folder = Path(settings.EVIDENCE_INCOMING_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def sweep_incoming(older_than: timedelta) -> Swept:
    """Remove temporary files that nothing has been written to for so long."""
    before = (timezone.now() - older_than).timestamp()
    files = size = 0
    for path in sorted(incoming_dir().glob(f"{PREFIX}*{SUFFIX}")):
        try:
            status = path.lstat()
            if status.st_mtime >= before:
                continue
            path.unlink()
        except FileNotFoundError:
            continue  # kept or discarded meanwhile
        files, size = files + 1, size + status.st_size
    return Swept(files, size)
