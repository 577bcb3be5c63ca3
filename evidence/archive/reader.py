"""Archives opened with limits: the files that may be read, those left out, and bounded reading."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import IO, BinaryIO, Self, cast

from . import names, structure
from .limits import Limits, Unusable
from .names import Skipped

EMPTY = "ZIP ini tidak berisi berkas."
LOCKED = "ZIP ini dilindungi kata sandi. Buat ulang tanpa kata sandi, lalu unggah lagi."
TOO_LARGE = "Berkas lebih besar dari batas {size} MiB."
LYING = "Isi berkas di dalam ZIP tidak sesuai dengan ukuran atau tanda periksanya; ZIP ini rusak."
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, struct.error, NotImplementedError, RuntimeError, UnicodeError)


@dataclass(frozen=True, slots=True)
class Member:
    """A file that may be read. `size` is what the archive declares: true only once it was read."""

    path: str
    size: int
    info: zipfile.ZipInfo


class Archive:
    """The usable files of a ZIP (`members`) and those left out with the reason (`skipped`), in their order.

    Use as a context manager. The file given to it stays open.
    """

    def __init__(self, file: BinaryIO, limits: Limits) -> None:
        self.limits = limits
        self.members: list[Member] = []
        self.skipped: list[Skipped] = []
        self.read_bytes = 0
        structure.refuse_vast_directory(file, limits)
        with _refused(structure.DAMAGED):
            self._zip = zipfile.ZipFile(file)
        try:
            self._sort(file)
        except BaseException:
            self._zip.close()
            raise

    def _sort(self, file: BinaryIO) -> None:
        infos = self._zip.infolist()
        structure.refuse_overlap(file, infos, self._zip.start_dir)
        wanted = [(info, names.name_of(info)) for info in infos]
        wanted = [(info, name) for info, name in wanted if not names.is_unwanted(name)]
        if not wanted:
            raise Unusable(EMPTY)
        if len(wanted) > self.limits.files:
            raise Unusable(structure.MANY.format(files=self.limits.files))
        if all(names.is_encrypted(info) for info, _ in wanted):
            raise Unusable(LOCKED)
        structure.refuse_bomb((info for info, _ in wanted), file.seek(0, io.SEEK_END), self.limits)
        seen: set[str] = set()
        for info, name in wanted:
            self._take(info, name, seen)

    def _take(self, info: zipfile.ZipInfo, name: str, seen: set[str]) -> None:
        reason = names.problem_of(info, name, self.limits)
        path = names.tidy(name)
        if not reason and path.casefold() in seen:
            reason = names.DOUBLE
        if not reason and info.file_size > self.limits.file_bytes:
            reason = TOO_LARGE.format(size=self.limits.file_bytes // structure.MIB)
        if reason:
            self.skipped.append(Skipped(names.printable(name), reason))
        else:
            seen.add(path.casefold())
            self.members.append(Member(path, info.file_size, info))

    def open(self, member: Member) -> BinaryIO:
        """Return the content as a stream that raises Unusable as soon as it is more or other than declared."""
        with _refused(LYING):
            source = self._zip.open(member.info)
        return cast(BinaryIO, io.BufferedReader(_Bounded(self, member, source)))

    def count(self, size: int) -> None:
        """Add to the bytes read so far; raise Unusable beyond the limit of the whole archive."""
        self.read_bytes += size
        if self.read_bytes > self.limits.total_bytes:
            raise Unusable(structure.LARGE.format(size=self.limits.total_bytes // structure.MIB))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()


class _Bounded(io.RawIOBase):
    """A file of the archive that ends at its declared size and counts what is read."""

    def __init__(self, archive: Archive, member: Member, source: IO[bytes]) -> None:
        self._archive = archive
        self._left = member.size
        self._source = source

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]
        with _refused(LYING):
            content = self._source.read(len(buffer))
        if len(content) > self._left or (not content and self._left):
            raise Unusable(LYING)
        self._left -= len(content)
        self._archive.count(len(content))
        buffer[: len(content)] = content
        return len(content)

    def close(self) -> None:
        self._source.close()
        super().close()


@contextmanager
def _refused(message: str) -> Iterator[None]:
    try:
        yield
    except _BROKEN as error:
        raise Unusable(message) from error


def open_archive(file: BinaryIO, *, limits: Limits) -> Archive:
    """Open a seekable ZIP; raise Unusable with the reason if nothing of it can be trusted."""
    return Archive(file, limits)
