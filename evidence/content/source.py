"""Random access to a file of any size without ever holding all of it."""

import io
from collections.abc import Collection, Iterator
from typing import BinaryIO

from .refusals import Refused

BLOCK = 256 * 1024


class Source:
    """A seekable file, read by offset. Reading beyond its end is Refused as damaged."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.size = file.seek(0, io.SEEK_END)
        self.pages: int | None = None  # noted by the check of a PDF

    def read(self, offset: int, length: int) -> bytes:
        """Return exactly `length` bytes, at most one block: structures ask for less, contents use `blocks`."""
        if length > BLOCK or offset < 0 or offset + length > self.size:
            raise Refused("damaged")
        self.file.seek(offset)
        data = self.file.read(length)
        if len(data) != length:
            raise Refused("damaged")
        return data

    def number(self, offset: int, length: int, order: str = "big") -> int:
        """Return the unsigned whole number at `offset`."""
        return int.from_bytes(self.read(offset, length), "little" if order == "little" else "big")

    def head(self, length: int) -> bytes:
        return self.read(0, min(length, self.size))

    def tail(self, length: int) -> bytes:
        length = min(length, self.size)
        return self.read(self.size - length, length)

    def blocks(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Yield what lies from `start` up to `end` (the file's end if not given)."""
        end = self.size if end is None else end
        while start < end:
            block = self.read(start, min(BLOCK, end - start))
            start += len(block)
            yield block


class Finder:
    """Looks for byte strings in content that arrives in blocks, across their borders too."""

    def __init__(self, tokens: Collection[bytes]) -> None:
        self._missing = set(tokens)
        self._overlap = max(map(len, tokens), default=1) - 1
        self._rest = b""
        self.found: set[bytes] = set()

    def feed(self, block: bytes) -> None:
        if not self._missing:
            return
        window = self._rest + block
        hits = {token for token in self._missing if token in window}
        self.found |= hits
        self._missing -= hits
        self._rest = window[-self._overlap :] if self._overlap else b""
