"""The file of a backup: a ZIP without compression, whose manifest, written last, names all else in it. Pure."""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import IO, Any

MANIFEST = "MANIFEST.json"
FORMAT = 1
EVIDENCE, MEDIA = "evidence/", "media/"
DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.pgdump"}
PIECE = 1024 * 1024


class Unusable(Exception):
    """The file is no backup, or not a whole one; the text says what is wrong with it."""


@dataclass(slots=True)
class Manifest:
    """What a backup holds: hash and size by name, and what was missing when it was made."""

    made_at: str
    vendor: str  # "sqlite" or "postgresql"
    migrations: list[str]
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    lacking: list[str] = field(default_factory=list)
    format: int = FORMAT

    @property
    def database(self) -> str:
        return DATABASES[self.vendor]


class Writer:
    """Writes a backup from start to end; nothing is held in memory but the manifest."""

    def __init__(self, target: IO[bytes], manifest: Manifest) -> None:
        self._zip = zipfile.ZipFile(target, "w", zipfile.ZIP_STORED)
        self.manifest = manifest

    def add(self, name: str, source: IO[bytes]) -> str:
        """Add a file; return its SHA-256. What breaks off while it is read raises OSError, and spoils the archive."""
        digest, size = hashlib.sha256(), 0
        entry = zipfile.ZipInfo(name, datetime.fromisoformat(self.manifest.made_at).timetuple()[:6])
        with self._zip.open(entry, "w", force_zip64=True) as sink:
            while piece := source.read(PIECE):
                digest.update(piece)
                size += len(piece)
                sink.write(piece)
        self.manifest.files[name] = {"sha256": digest.hexdigest(), "size": size}
        return digest.hexdigest()

    def finish(self) -> None:
        self._zip.writestr(MANIFEST, json.dumps(asdict(self.manifest), indent=1, ensure_ascii=False))
        self._zip.close()


class Reader:
    """A backup to restore from; opening it reads the manifest. Raises Unusable."""

    def __init__(self, source: IO[bytes]) -> None:
        try:
            self._zip = zipfile.ZipFile(source)
            data = json.loads(self._zip.read(MANIFEST))
            self.manifest = Manifest(**data)
        except (zipfile.BadZipFile, KeyError, ValueError, TypeError, NotImplementedError) as error:
            raise Unusable("It is no backup of the portal, or only the beginning of one.") from error
        if self.manifest.format != FORMAT or self.manifest.vendor not in DATABASES:
            raise Unusable("It was made by another version of the portal that this one cannot read.")

    def check(self) -> None:
        """Read all of it and hold every byte against the manifest. Raises Unusable for anything but a whole backup."""
        names = [name for name in self._zip.namelist() if name != MANIFEST]
        listed = self.manifest.files
        if sorted(names) != sorted(listed) or self.manifest.database not in listed:
            raise Unusable("What it holds is not what its manifest lists.")
        for name in names:
            if not is_plain(name) or self._digest(name) != listed[name]["sha256"]:
                raise Unusable(f"{name} is damaged.")

    def _digest(self, name: str) -> str:
        digest = hashlib.sha256()
        try:
            for piece in self.pieces(name):
                digest.update(piece)
        except (zipfile.BadZipFile, EOFError, OSError):
            return ""
        return digest.hexdigest()

    def pieces(self, name: str) -> Iterator[bytes]:
        with self._zip.open(name) as source:
            while piece := source.read(PIECE):
                yield piece


def is_plain(name: str) -> bool:
    """Tell whether a name stays inside the folder that it is unpacked to."""
    parts = name.split("/")
    return "\\" not in name and "\0" not in name and all(part not in {"", ".", ".."} for part in parts)
