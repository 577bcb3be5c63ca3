"""Content by its SHA-256, wherever the storage of evidence is."""

import errno
import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, cast

from django.core.files import File
from django.core.files.storage import Storage, storages

from .files import ContentFileStorage
from .incoming import Incoming
from .names import name_of

CHUNK = 1024 * 1024


class Health(StrEnum):
    OK = "ok"
    MISSING = "missing"
    DAMAGED = "damaged"


def content_storage() -> Storage:
    """Return the storage that the settings name."""
    return storages["evidence"]


def keep(incoming: Incoming) -> str:
    """Put a finished incoming file into the store and return its name there; the content is durable then.

    Existing content is written again, which heals it if it was damaged and shows that it is wanted. Raises
    ValueError for a file that is not finished, OSError where it cannot be stored.
    """
    name = name_of(incoming.sha256)
    storage = content_storage()
    if isinstance(storage, ContentFileStorage):
        storage.adopt(incoming.path, name)
    else:
        _send(storage, name, incoming)
    incoming.discard()
    return name


def _send(storage: Storage, name: str, incoming: Incoming) -> None:
    with incoming.open() as file:
        stored = storage.save(name, File(file, name=name))
    if stored != name:
        # A storage that never overwrites has made a copy under a name nobody would look at.
        storage.delete(stored)
    if storage.size(name) != incoming.size:
        raise OSError(errno.EIO, "The storage does not hold what was sent", name)


def open_content(sha256: str) -> BinaryIO:
    """Open content for reading; whoever asks closes it. Raises FileNotFoundError."""
    return cast("BinaryIO", content_storage().open(name_of(sha256), "rb"))


@contextmanager
def local_path(sha256: str) -> Iterator[Path]:
    """Give content as a file to read, for programs that want a path; a copy where the storage is remote.

    Raises FileNotFoundError.
    """
    storage = content_storage()
    if isinstance(storage, ContentFileStorage):
        yield storage.present_path(name_of(sha256))
        return
    with Incoming.begin() as copy:
        with open_content(sha256) as file:
            shutil.copyfileobj(file, copy, CHUNK)
        copy.finish()
        yield copy.path


def size_of(sha256: str) -> int | None:
    """Return the size of content in bytes; None if it is missing."""
    with suppress(FileNotFoundError):
        return content_storage().size(name_of(sha256))
    return None


def verify(sha256: str) -> Health:
    """Read content whole and say whether it is what its name promises."""
    try:
        with open_content(sha256) as file:
            found = hashlib.sha256()
            while chunk := file.read(CHUNK):
                found.update(chunk)
    except FileNotFoundError:
        return Health.MISSING
    except OSError as error:
        if error.errno != errno.EIO:
            raise
        return Health.DAMAGED  # the disk itself cannot read it
    return Health.OK if found.hexdigest() == sha256 else Health.DAMAGED
