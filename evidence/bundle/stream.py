"""The ZIP itself, yielded in pieces while the files are read."""

import hashlib
import zipfile
from collections.abc import Generator, Iterable, Iterator
from pathlib import PurePosixPath
from typing import IO, BinaryIO, cast

from .index_html import index_html
from .index_xlsx import index_xlsx
from .manifest import manifest
from .naming import Paths
from .rows import BundleFile, BundleHead, BundleLink, Fate, HeldBack, Packed

INDEX_HTML, INDEX_XLSX, MANIFEST = "00_INDEKS.html", "00_INDEKS.xlsx", "MANIFEST-SHA256.txt"
_PIECE = 256 * 1024
_LARGE = 2**30  # from here on sizes are written in 64 bits
_COMPRESSIBLE = frozenset({".txt", ".csv"})  # all other kinds are compressed already
_PLAIN_FILE = 0o100644 << 16


class _Pipe:
    """What `zipfile` writes to: it keeps the bytes until they are taken and cannot be rewound."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Do nothing: bytes are taken, not pushed."""

    def taken(self) -> bytes:
        content = b"".join(self._pieces)
        self._pieces.clear()
        return content


def stream(items: Iterable[BundleFile | BundleLink], head: BundleHead) -> Iterator[bytes]:
    """Yield a ZIP of all files with an index (HTML, xlsx) and a manifest at its end.

    Memory does not grow with the files, only with the rows of the index. Files are opened one after the other; one
    that is missing or breaks off is named in the index and the manifest, and the rest follows all the same.
    """
    pipe, packer = _Pipe(), _Packer(head)
    with zipfile.ZipFile(cast(IO[bytes], pipe), "w", zipfile.ZIP_STORED) as target:
        for item in items:
            yield from packer.add(item, target, pipe)
        for name, content in packer.endings():
            target.writestr(packer.entry(name, zipfile.ZIP_DEFLATED), content)
            yield pipe.taken()
    yield pipe.taken()


class _Packer:
    def __init__(self, head: BundleHead) -> None:
        self._head = head
        self._paths = Paths()
        self._rows: list[Packed] = []

    def add(self, item: BundleFile | BundleLink, target: zipfile.ZipFile, pipe: _Pipe) -> Iterator[bytes]:
        """Yield the bytes of one file, and remember its row."""
        if isinstance(item, BundleLink):
            self._rows.append(Packed(item.proof, url=item.url))
            return
        try:
            source = item.open()
        except OSError as error:
            fate = Fate.HELD if isinstance(error, HeldBack) else Fate.MISSING
            self._rows.append(Packed(item.proof, sha256=item.sha256, fate=fate, name=item.name))
            return
        path = self._paths.path_of(item.folder, item.name)
        method = zipfile.ZIP_DEFLATED if _is_compressible(path) else zipfile.ZIP_STORED
        entry, is_large = self.entry(path, method), item.size >= _LARGE
        with source, target.open(entry, "w", force_zip64=is_large) as sink:
            size, found = yield from _copied(source, sink, pipe, None if is_large else 2 * _LARGE - _PIECE)
        yield pipe.taken()
        fate = Fate.GOOD if (size, found) == (item.size, item.sha256) else Fate.DAMAGED
        self._rows.append(Packed(item.proof, path, size=size, sha256=item.sha256, fate=fate, name=item.name))

    def entry(self, path: str, method: int) -> zipfile.ZipInfo:
        made = self._head.made_at
        info = zipfile.ZipInfo(path, (made.year, made.month, made.day, made.hour, made.minute, made.second))
        info.compress_type, info.external_attr = method, _PLAIN_FILE
        return info

    def endings(self) -> Iterator[tuple[str, bytes]]:
        """Yield name and content of the files about the files; the manifest covers the other two."""
        indexes = {
            INDEX_HTML: index_html(self._head, self._rows).encode(),
            INDEX_XLSX: index_xlsx(self._rows, self._head),
        }
        yield from indexes.items()
        hashes = {name: hashlib.sha256(content).hexdigest() for name, content in indexes.items()}
        yield MANIFEST, manifest(self._head, self._rows, hashes).encode()


def _is_compressible(path: str) -> bool:
    return PurePosixPath(path).suffix.lower() in _COMPRESSIBLE


def _copied(
    source: BinaryIO, sink: IO[bytes], pipe: _Pipe, most: int | None
) -> Generator[bytes, None, tuple[int, str]]:
    """Copy piece by piece; return the size and the hash of what was copied.

    Stops where reading fails, or at `most` bytes; the hash then tells that it is not what was uploaded.
    """
    digest, size = hashlib.sha256(), 0
    while most is None or size < most:
        try:
            piece = source.read(_PIECE)
        except OSError:
            break
        if not piece:
            break
        digest.update(piece)
        size += len(piece)
        sink.write(piece)
        yield pipe.taken()
    return size, digest.hexdigest()
