"""What lies in the store, and removing what nobody refers to."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta

from django.core.files.storage import Storage
from django.utils import timezone

from .content import content_storage
from .files import ContentFileStorage
from .names import name_of, name_of_aside, sha256_of

DEPTH = 2  # folders above content


def all_names() -> Iterator[tuple[str, datetime]]:
    """Yield (SHA-256, time of arrival) of all content, in order.

    Content that an interrupted `reclaim` had set aside is put back. Memory grows with one folder, not the store.
    """
    storage = content_storage()
    for found in _walk(storage):
        name = _put_back(storage, found) if name_of_aside(found) else found
        if sha256 := sha256_of(name):
            with suppress(FileNotFoundError):  # removed meanwhile
                yield sha256, storage.get_modified_time(name)


def strange_names() -> Iterator[str]:
    """Yield names in the store that are no content: somebody else's files, folders where none belong."""
    return (name for name in _walk(content_storage()) if not sha256_of(name) and not name_of_aside(name))


def _walk(storage: Storage, folder: str = "", depth: int = 0) -> Iterator[str]:
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (folder + name for name in sorted(files))
    for name in sorted(folders):
        if depth == DEPTH:
            yield f"{folder}{name}/"
        else:
            yield from _walk(storage, f"{folder}{name}/", depth + 1)


def _put_back(storage: Storage, aside: str) -> str:
    """Bring back what was set aside; return its name if the walk does not come across it by itself."""
    name = name_of_aside(aside)
    if not isinstance(storage, ContentFileStorage) or storage.exists(name):
        return ""
    return name if storage.put_back(name) else ""


def reclaim(sha256: str, *, older_than: timedelta, is_wanted: Callable[[], bool]) -> bool:
    """Remove content that arrived longer ago than `older_than` and is not wanted; say whether it was removed.

    Safe on a file system against an upload of the same content at any moment, if an upload refers to its content
    within `older_than`. A remote storage cannot be asked to delete only what has not changed: there one round
    trip stays between the last look and the removal.
    """
    storage, name = content_storage(), name_of(sha256)
    before = timezone.now() - older_than
    try:
        if storage.get_modified_time(name) >= before or is_wanted():
            return False
        if isinstance(storage, ContentFileStorage):
            return storage.remove_if(name, lambda modified: modified < before.timestamp() and not is_wanted())
        if storage.get_modified_time(name) >= before:
            return False
    except FileNotFoundError:
        return False
    storage.delete(name)
    return True
