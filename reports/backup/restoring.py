"""Reading a backup: all of it is checked first, then files are laid in, and the database is replaced last."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from evidence import storage
from evidence.storage import Incoming

from . import databases
from .archive import EVIDENCE, MEDIA, Reader, Unusable


class NotEmpty(Exception):
    """There is an installation in use, and nobody said that it may be replaced."""


@dataclass(frozen=True, slots=True)
class Restored:
    files: int
    made_at: str
    lacking: list[str]


def restore_backup(path: Path, *, replace: bool = False) -> Restored:
    """Restore an installation from a backup. Raises OSError, Unusable, NotEmpty and DatabaseTrouble.

    Until the database is replaced, in its own single step, nothing that was there is changed: evidence lies under its
    hash, so that what is laid in beside it harms nothing.
    """
    databases.need_programs()
    if not replace and not databases.is_empty():
        raise NotEmpty
    Path(settings.DATA_DIR).mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("rb") as source, tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix=".restore-") as room:
        reader = Reader(source)
        _check_fit(reader)
        reader.check()
        copy = Path(room) / "database"
        _unpack(reader, reader.manifest.database, copy)
        databases.check_copy(copy)
        for name in reader.manifest.files:
            _lay_in(reader, name)
        databases.put_back(copy)
    manifest = reader.manifest
    return Restored(len(manifest.files), manifest.made_at, manifest.lacking)


def _check_fit(reader: Reader) -> None:
    """Refuse a backup of another kind of database, or of a newer portal."""
    vendor = reader.manifest.vendor
    if vendor != connection.vendor:
        raise Unusable(f"It is of a {vendor} database, and DATABASE_URL names {connection.vendor}.")
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if newer := [name for name in reader.manifest.migrations if name not in known]:
        raise Unusable(f"It was made by a newer portal: {', '.join(newer[:3])} is not known here. Update first.")


def _unpack(reader: Reader, name: str, target: Path) -> None:
    target.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            for piece in reader.pieces(name):
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _lay_in(reader: Reader, name: str) -> None:
    if name.startswith(EVIDENCE):
        with Incoming.begin() as incoming:
            for piece in reader.pieces(name):
                incoming.write(piece)
            incoming.finish()
            storage.keep(incoming)
    elif name.startswith(MEDIA):
        _unpack(reader, name, Path(settings.MEDIA_ROOT) / name.removeprefix(MEDIA))
