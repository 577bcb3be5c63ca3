"""Writing a backup: the database first, then every file that it refers to, since later files do no harm."""

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection
from django.utils import timezone

from evidence import storage

from .archive import EVIDENCE, MEDIA, Manifest, Writer
from .databases import copy_to

# Below MEDIA_ROOT: evidence is read through its storage, wherever that is; uploads under way belong to nobody yet.
LEFT_OUT = frozenset({"evidence", "incoming"})


@dataclass(frozen=True, slots=True)
class Backup:
    files: int
    size: int
    lacking: list[str]


def make_backup(path: Path) -> Backup:
    """Write a backup to a file, which appears when it is whole. Raises OSError and DatabaseTrouble.

    Evidence that is missing or damaged is named in the result and the manifest; all else is backed up all the same.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".zi-") as room, _private(part) as target:
            copy = Path(room) / "database"
            copied = copy_to(copy)
            manifest = Manifest(timezone.now().isoformat(timespec="seconds"), connection.vendor, copied.migrations)
            writer = Writer(target, manifest)
            with copy.open("rb") as source:
                writer.add(manifest.database, source)
            for sha256 in copied.blobs:
                _add_evidence(writer, sha256)
            for name, file in _other_files(Path(settings.MEDIA_ROOT)):
                with file.open("rb") as source:
                    writer.add(f"{MEDIA}{name}", source)
            writer.finish()
            target.flush()
            os.fsync(target.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return Backup(len(manifest.files), path.stat().st_size, manifest.lacking)


def _private(path: Path) -> IO[bytes]:
    """Open a file for writing that nobody else may read: it holds everything."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def _add_evidence(writer: Writer, sha256: str) -> None:
    if storage.verify(sha256) != storage.Health.OK:
        writer.manifest.lacking.append(sha256)
        return
    with storage.open_content(sha256) as source:
        writer.add(f"{EVIDENCE}{sha256}", source)


def _other_files(root: Path) -> Iterator[tuple[str, Path]]:
    """Yield what else lies in MEDIA_ROOT, by its path in there."""
    for path in sorted(root.rglob("*")) if root.is_dir() else ():
        place = path.relative_to(root)
        if place.parts[0] not in LEFT_OUT and path.is_file() and not path.is_symlink():
            yield place.as_posix(), path
