"""The frame of a ZIP: what is checked before and after `zipfile` reads its directory."""

import struct
import zipfile
from collections.abc import Iterable
from typing import BinaryIO

from .limits import MIB, Limits, Unusable

NOT_ZIP = "Berkas ini bukan ZIP atau isinya tidak lengkap. Buat ulang ZIP, lalu unggah lagi."
DAMAGED = "ZIP ini rusak. Buat ulang ZIP, lalu unggah lagi."
MANY = "ZIP ini berisi terlalu banyak berkas; paling banyak {files}. Bagi menjadi beberapa ZIP."
LARGE = "Isi ZIP ini terlalu besar setelah dibuka; paling banyak {size} MiB. Bagi menjadi beberapa ZIP."
BOMB = "ZIP ini menyimpan isi yang jauh lebih besar daripada ukurannya, sehingga tidak dibuka."
OVERLAP = "Berkas di dalam ZIP ini saling bertumpuk, sehingga tidak dibuka. Buat ulang ZIP."

_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR = struct.Struct("<4sLQL")
_LOCAL = struct.Struct("<4s5H3L2H")
_TAIL = _END.size + 0xFFFF
_ROOM = 1024  # bytes of directory that one entry may take on average
_TELLING = MIB  # small files may pack as well as they like


def refuse_vast_directory(file: BinaryIO, limits: Limits) -> None:
    """Raise Unusable before `zipfile` reads a directory that is larger than the limits can need.

    Folders and leavings of systems take entries too, hence the room for more than `limits.files`.
    """
    count, size = _end_record(file)
    if count > 4 * limits.files or size > 4 * limits.files * _ROOM + MIB:
        raise Unusable(MANY.format(files=limits.files))


def _end_record(file: BinaryIO) -> tuple[int, int]:
    """Return the number of entries and the bytes of the directory as the end of the file declares them."""
    length = file.seek(0, 2)
    start = file.seek(max(0, length - _TAIL - _LOCATOR.size))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        raise Unusable(NOT_ZIP)
    _, _, _, _, count, size, _, _ = _END.unpack_from(tail, at)
    where = at - _LOCATOR.size
    if where >= 0 and tail[where : where + 4] == b"PK\x06\x07":
        _, _, position, _ = _LOCATOR.unpack_from(tail, where)
        return _end_record_64(file, position, start + where)
    return count, size


def _end_record_64(file: BinaryIO, position: int, locator: int) -> tuple[int, int]:
    # `zipfile` looks directly before the locator, wherever the locator points to.
    for place in {position, locator - _END64.size}:
        if 0 <= place <= locator:
            file.seek(place)
            record = file.read(_END64.size)
            if len(record) == _END64.size and record[:4] == b"PK\x06\x06":
                fields = _END64.unpack(record)
                return fields[7], fields[8]
    raise Unusable(NOT_ZIP)


def refuse_bomb(infos: Iterable[zipfile.ZipInfo], length: int, limits: Limits) -> None:
    """Raise Unusable if the declared sizes are too large, or far larger than what is packed."""
    infos = list(infos)
    if sum(info.file_size for info in infos) > limits.total_bytes:
        raise Unusable(LARGE.format(size=limits.total_bytes // MIB))
    if any(i.file_size > max(_TELLING, limits.ratio * max(i.compress_size, 1)) for i in infos):
        raise Unusable(BOMB)
    if sum(info.file_size for info in infos) > max(_TELLING, limits.ratio * length):
        raise Unusable(BOMB)


def refuse_overlap(file: BinaryIO, infos: Iterable[zipfile.ZipInfo], directory: int) -> None:
    """Raise Unusable unless every entry has bytes of its own before the directory: one read for each."""
    end = 0
    for info in sorted(infos, key=lambda i: i.header_offset):
        file.seek(max(0, info.header_offset))
        header = file.read(_LOCAL.size)
        if info.header_offset < 0 or len(header) < _LOCAL.size or header[:4] != b"PK\x03\x04":
            raise Unusable(DAMAGED)
        names, extra = _LOCAL.unpack(header)[-2:]
        if info.header_offset < end:
            raise Unusable(OVERLAP)
        end = info.header_offset + _LOCAL.size + names + extra + info.compress_size
        if end > directory:
            raise Unusable(DAMAGED)
