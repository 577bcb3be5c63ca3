"""ZIPs for tests, honest ones and such as `zipfile` would refuse to write."""

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass, field


def packed(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as target:
        for name, content in files.items():
            target.writestr(name, content)
    out.seek(0)
    return out


@dataclass
class Entry:
    """One entry as it shall stand in the file, true or not; None is what honesty would write."""

    name: bytes
    content: bytes = b"isi"
    method: int = 0
    flags: int = 0
    size: int | None = None
    crc: int | None = None
    extra: bytes = b""
    attributes: int = 0
    claimed: int | None = None  # the packed size that both headers claim
    at: int | None = None  # the place that the directory claims
    local_name: bytes | None = None
    data: bytes = field(init=False)

    def __post_init__(self) -> None:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        self.data = packer.compress(self.content) + packer.flush() if self.method == 8 else self.content

    def head(self, name: bytes) -> bytes:
        crc = zlib.crc32(self.content) if self.crc is None else self.crc
        size = len(self.content) if self.size is None else self.size
        packed_size = len(self.data) if self.claimed is None else self.claimed
        numbers = (20, self.flags, self.method, 0, 0x21, crc, packed_size, size, len(name), len(self.extra))
        return struct.pack("<HHHHHLLLHH", *numbers)

    def local(self) -> bytes:
        name = self.name if self.local_name is None else self.local_name
        return b"PK\x03\x04" + self.head(name) + name + self.extra + self.data

    def central(self, at: int) -> bytes:
        at = at if self.at is None else self.at
        tail = struct.pack("<HHHLL", 0, 0, 0, self.attributes, at)
        return b"PK\x01\x02" + struct.pack("<H", 0x314) + self.head(self.name) + tail + self.name + self.extra


def forged(*entries: Entry, count: int | None = None, size: int | None = None, without_bodies: int = 0) -> io.BytesIO:
    """Write entries as they are; the last `without_bodies` ones stand in the directory only."""
    body, places = b"", []
    for number, entry in enumerate(entries):
        places.append(len(body))
        if number < len(entries) - without_bodies:
            body += entry.local()
    directory = b"".join(entry.central(at) for entry, at in zip(entries, places, strict=True))
    count, size = len(entries) if count is None else count, len(directory) if size is None else size
    end = struct.pack("<4sHHHHLLH", b"PK\x05\x06", 0, 0, count & 0xFFFF, count & 0xFFFF, size, len(body), 0)
    return io.BytesIO(body + directory + end)


def unicode_path(name: bytes, meant: str, checksum: int | None = None) -> bytes:
    content = struct.pack("<BL", 1, zlib.crc32(name) if checksum is None else checksum) + meant.encode()
    return struct.pack("<HH", 0x7075, len(content)) + content
