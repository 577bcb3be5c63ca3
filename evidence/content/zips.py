"""ZIP packages read strictly: one reading only, every byte accounted for, never more unpacked than declared."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from .refusals import Refused
from .source import BLOCK, Source

LOCAL = struct.Struct("<4s5H3I2H")
CENTRAL = struct.Struct("<4s6H3I5H2I")
END = struct.Struct("<4s4H2IH")
END_MARK = b"PK\x05\x06"
# A data descriptor: CRC and two sizes of 4 or 8 bytes, with or without a signature.
DESCRIPTORS = frozenset({12, 16, 20, 24})

STORED, DEFLATED = 0, 8
ENCRYPTED, STREAMED, UTF8 = 0x1, 0x8, 0x800
MAX_ENTRIES = 10_000
MAX_UNPACKED = 512 * 1024 * 1024
MAX_PARSED = 16 * 1024 * 1024  # of XML read element by element; the rest is only looked through
# Sheets of repeated rows shrink some forty times; a bomb a thousand times.
MAX_RATIO = 150
SMALL = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Entry:
    """One member as the central directory and its local header agree on it."""

    name: str
    method: int
    crc: int
    packed: int
    size: int
    header: int  # where its local header begins
    data: int  # where its content begins
    streamed: bool


class Budget:
    """What reading a package and the packages in it may take, all together."""

    def __init__(self) -> None:
        self._left = {"entries": MAX_ENTRIES, "unpacked": MAX_UNPACKED, "parsed": MAX_PARSED}

    def spend(self, what: str, amount: int) -> None:
        self._left[what] -= amount
        if self._left[what] < 0:
            raise Refused("bomb")


class Package:
    """A checked ZIP file from its first byte to its last. Raises Refused when it is anything less."""

    def __init__(self, source: Source, budget: Budget) -> None:
        self._source = source
        start, size, count = self._end()
        budget.spend("entries", count)
        self.entries = {entry.name: entry for entry in self._directory(start, start + size, count)}
        if len({name.casefold() for name in self.entries}) != count:
            raise Refused("damaged")
        self._refuse_gaps(start)
        total = sum(entry.size for entry in self.entries.values())
        if total > SMALL and total > MAX_RATIO * source.size:
            raise Refused("bomb")
        budget.spend("unpacked", total)

    def stream(self, entry: Entry) -> Iterator[bytes]:
        """Yield a member's content; at its end size and checksum have been compared."""
        blocks = self._source.blocks(entry.data, entry.data + entry.packed)
        size = crc = 0
        for block in blocks if entry.method == STORED else _inflated(blocks):
            size, crc = size + len(block), zlib.crc32(block, crc)
            if size > entry.size:
                raise Refused("bomb")
            yield block
        if (size, crc) != (entry.size, entry.crc):
            raise Refused("damaged")

    def _end(self) -> tuple[int, int, int]:
        at = self._source.size - END.size
        mark, disk, first_disk, here, count, size, start, comment = END.unpack(self._source.read(at, END.size))
        if mark != END_MARK or comment:
            raise Refused("appended" if END_MARK in self._source.tail(BLOCK) else "damaged")
        # Nothing may lie between the directory and the end record: no ZIP64 record that tells another story.
        if disk or first_disk or here != count or start + size > at:
            raise Refused("damaged")
        if start + size < at:
            raise Refused("appended")
        return start, size, count

    def _directory(self, at: int, end: int, count: int) -> Iterator[Entry]:
        for _ in range(count):
            fields = CENTRAL.unpack(self._source.read(at, CENTRAL.size))
            mark, flags, method, crc, packed, size = fields[0], *fields[3:5], *fields[7:10]
            name_size, extra, comment, disk, header = *fields[10:14], fields[16]
            if mark != b"PK\x01\x02" or disk:
                raise Refused("damaged")
            raw = self._source.read(at + CENTRAL.size, name_size)
            at += CENTRAL.size + name_size + extra + comment
            if flags & ENCRYPTED:
                raise Refused("password")
            if method not in {STORED, DEFLATED}:
                raise Refused("damaged")
            data = self._local(header, raw, flags, method, (crc, packed, size))
            yield Entry(_name(raw, flags), method, crc, packed, size, header, data, bool(flags & STREAMED))
        if at != end:
            raise Refused("damaged")

    def _local(self, header: int, name: bytes, flags: int, method: int, sums: tuple[int, int, int]) -> int:
        fields = LOCAL.unpack(self._source.read(header, LOCAL.size))
        mark, local_flags, local_method, local_sums = fields[0], *fields[2:4], fields[6:9]
        data = header + LOCAL.size + fields[9] + fields[10]
        same = self._source.read(header + LOCAL.size, fields[9]) == name and local_method == method
        if mark != b"PK\x03\x04" or not same or (local_flags ^ flags) & (ENCRYPTED | STREAMED):
            raise Refused("damaged")
        if local_sums != sums and not flags & STREAMED:
            raise Refused("damaged")
        return int(data)

    def _refuse_gaps(self, directory: int) -> None:
        """Refuse bytes between the members, before the first, and members that share bytes."""
        entries = sorted(self.entries.values(), key=lambda entry: entry.header)
        if not entries:
            raise Refused("archive")
        if entries[0].header:
            raise Refused("appended")
        bounds = [entry.header for entry in entries] + [directory]
        for entry, (_, following) in zip(entries, pairwise(bounds), strict=True):
            gap = following - entry.data - entry.packed
            if gap and not (entry.streamed and gap in DESCRIPTORS):
                raise Refused("damaged" if gap < 0 else "appended")


def hides_a_zip(source: Source) -> bool:
    """Tell whether a ZIP program would find an archive in a file that is something else."""
    tail = source.tail(END.size + 0xFFFF)
    base = source.size - len(tail)
    at = tail.rfind(END_MARK)
    while at >= 0:
        if len(tail) - at >= END.size:
            size = END.unpack_from(tail, at)[5]
            begin = base + at - size
            if size >= CENTRAL.size and begin >= 0 and source.read(begin, 4) == b"PK\x01\x02":
                return True
        at = tail.rfind(END_MARK, 0, at)
    return False


def _name(raw: bytes, flags: int) -> str:
    try:
        name = raw.decode("utf-8" if flags & UTF8 else "cp437")
    except UnicodeDecodeError as error:
        raise Refused("damaged") from error
    parts = name.removesuffix("/").split("/")
    if not name.isprintable() or "\\" in name or ":" in parts[0] or any(part in {"", ".", ".."} for part in parts):
        raise Refused("damaged")
    return name


def _inflated(blocks: Iterator[bytes]) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for block in blocks:
            while block and not inflater.eof:
                yield inflater.decompress(block, BLOCK)
                block = inflater.unconsumed_tail
        while not inflater.eof and (rest := inflater.decompress(b"", BLOCK)):
            yield rest
    except zlib.error as error:
        raise Refused("damaged") from error
    if not inflater.eof or inflater.unused_data:
        raise Refused("damaged")
