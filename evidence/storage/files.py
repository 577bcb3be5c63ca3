"""The store on a file system: content arrives by an atomic rename and is on the disk before anybody hears of it."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage
from django.utils.functional import cached_property

from .names import aside_name, name_of_aside

FILE_MODE = 0o440
DIRECTORY_MODE = 0o750
FOLDER = "evidence"


class ContentFileStorage(FileSystemStorage):
    """Content-addressed files below MEDIA_ROOT/evidence, or below `location`; without any address on the web."""

    def __init__(self, location: str | Path | None = None, **options: Any) -> None:
        modes = {"file_permissions_mode": FILE_MODE, "directory_permissions_mode": DIRECTORY_MODE}
        super().__init__(location, **(modes | options))

    @cached_property
    def base_location(self) -> str | Path:
        return self._location or Path(settings.MEDIA_ROOT) / FOLDER  # type: ignore[attr-defined]

    def url(self, name: str | None) -> str:
        raise ValueError("Evidence is only handed out by a view.")

    def adopt(self, source: Path, name: str) -> None:
        """Move a file of the same file system to its name; when this returns it survives a power cut.

        Whatever lies there is replaced, never trusted: it may be damaged, or set aside the next moment.
        """
        target = Path(self.path(name))
        self._make_folders(target.parent)
        descriptor = os.open(source, os.O_RDONLY)
        try:
            os.fchmod(descriptor, FILE_MODE)
            os.utime(descriptor)  # `remove_if` tells by this that the content was wanted just now
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        source.replace(target)
        # All of them each time: a folder that another upload has just made may not be on the disk yet.
        for folder in (target.parent, target.parent.parent, Path(self.location)):
            sync_folder(folder)

    def remove_if(self, name: str, is_orphan: Callable[[float], bool]) -> bool:
        """Remove content if, once out of everybody's reach, it is still an orphan.

        `is_orphan` gets its modification time. An upload of the same content meanwhile makes a new file, which
        stays. What is stopped half-way is put back by the next one who looks for it.
        """
        path = Path(self.path(name))
        aside = Path(self.path(aside_name(name)))
        try:
            path.rename(aside)
        except FileNotFoundError:
            return False
        removed = False
        try:
            if is_orphan(aside.stat().st_mtime):
                aside.unlink()
                removed = True
        except FileNotFoundError:
            return False  # somebody who looked for it has put it back
        finally:
            if not removed:
                _return(aside, path)
        return removed

    def put_back(self, name: str) -> bool:
        """Bring back what `remove_if` has set aside; say whether there is content under the name now."""
        path = Path(self.path(name))
        if path.parent.is_dir():
            for aside in sorted(path.parent.glob(f"{path.name}.*.aside")):
                if name_of_aside(f"{Path(name).parent}/{aside.name}") == name:
                    _return(aside, path)
        return path.is_file()

    def present_path(self, name: str) -> Path:
        """Return the path of content that is there; raise FileNotFoundError."""
        path = Path(self.path(name))
        if not path.is_file() and not self.put_back(name):
            raise FileNotFoundError(name)
        return path

    def size(self, name: str) -> int:
        return self.present_path(name).stat().st_size

    def _open(self, name: str, mode: str = "rb") -> "File[Any]":
        try:
            return super()._open(name, mode)  # type: ignore[misc]
        except FileNotFoundError:
            self.put_back(name)
            return super()._open(name, mode)  # type: ignore[misc]

    def _make_folders(self, folder: Path) -> None:
        if folder.is_dir():
            return
        self._make_folders(folder.parent)
        with suppress(FileExistsError):
            folder.mkdir(mode=DIRECTORY_MODE)
            folder.chmod(DIRECTORY_MODE)  # whatever the umask: a web server in the group reads here
            sync_folder(folder.parent)


def _return(aside: Path, path: Path) -> None:
    """Move a file back to its name unless newer content has arrived there; the newer one stays."""
    with suppress(FileNotFoundError):
        try:
            path.hardlink_to(aside)
        except FileExistsError:
            if aside.stat().st_mtime > path.stat().st_mtime:
                aside.replace(path)
        except FileNotFoundError:
            return
        except OSError:
            # A file system without hard links: here two uploads at the same moment may swap places.
            if not path.exists():
                aside.replace(path)
        aside.unlink()


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
