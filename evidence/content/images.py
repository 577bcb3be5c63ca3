"""Pictures walked part by part to their true end, measured before anything is decoded."""

import re
import zlib

from PIL import Image

from . import samsung
from .refusals import Refused
from .source import BLOCK, Source

# Below Pillow's own limit, so that its warning is never reached.
MAX_MEGAPIXELS = 80
# Pillow holds a whole WebP file and a whole PNG chunk in memory.
MAX_BYTES = 64 * 1024 * 1024
MAX_PARTS = 20_000

PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"
# In a scan FF00 is a plain FF, and FFD0 to FFD7 only restart the decoder.
AFTER_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7]", re.DOTALL)


def check_png(source: Source) -> None:
    """Walk the chunks to IEND at the end of the file and compare their checksums."""
    _refuse_huge(source)
    if source.read(8, 8) != b"\x00\x00\x00\x0dIHDR":
        raise Refused("damaged")
    _refuse_pixels(source.number(16, 4), source.number(20, 4))
    at = len(PNG)
    for _ in range(MAX_PARTS):
        size, kind = source.number(at, 4), source.read(at + 4, 4)
        if _checksum(source, at + 4, 4 + size) != source.number(at + 8 + size, 4):
            raise Refused("damaged")
        at += 12 + size
        if kind == b"IEND":
            break
    else:
        raise Refused("damaged")
    _refuse_rest(source, at)
    _refuse_unopenable(source, "PNG")


def _checksum(source: Source, start: int, length: int) -> int:
    """Return the CRC-32 of a stretch. Not left to Pillow: WeasyPrint makes it lenient for the whole process."""
    if start + length > source.size:
        raise Refused("damaged")
    found, end = 0, start + length
    while start < end:
        piece = source.read(start, min(BLOCK, end - start))
        found, start = zlib.crc32(piece, found), start + len(piece)
    return found


def check_jpeg(source: Source) -> None:
    """Walk the segments and scans to the end-of-image marker at the end of the file."""
    _refuse_huge(source)
    at = _end_of_jpeg(source, 0)
    # Cameras put further pictures (depth, brightness, preview) after the first: each complete, nothing else.
    pictures = 1
    while at < source.size and pictures < 20 and source.read(at, min(3, source.size - at)) == JPEG:
        at, pictures = _end_of_jpeg(source, at), pictures + 1
    if not samsung.is_trailer(source, at):
        _refuse_rest(source, at)
    _refuse_unopenable(source, "JPEG")


def check_webp(source: Source) -> None:
    """Walk the RIFF chunks to the declared size, which is the file's."""
    _refuse_huge(source)
    end = source.number(4, 4, "little") + 8
    if end > source.size:
        raise Refused("damaged")
    _refuse_rest(source, end)
    _refuse_pixels(*_webp_size(source))
    at = 12
    for _ in range(MAX_PARTS):
        if at >= end:
            break
        size = source.number(at + 4, 4, "little")
        at += 8 + size + size % 2
    if at != end:
        raise Refused("damaged")
    _refuse_unopenable(source, "WEBP")


def _webp_size(source: Source) -> tuple[int, int]:
    kind = source.read(12, 4)
    if kind == b"VP8X":
        return source.number(24, 3, "little") + 1, source.number(27, 3, "little") + 1
    if kind == b"VP8 ":
        return source.number(26, 2, "little") & 0x3FFF, source.number(28, 2, "little") & 0x3FFF
    if kind == b"VP8L":
        bits = source.number(21, 4, "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    raise Refused("damaged")


def _end_of_jpeg(source: Source, start: int) -> int:
    at = start + 2
    for _ in range(MAX_PARTS):
        first, marker = source.read(at, 2)
        if first != 0xFF:
            raise Refused("damaged")
        if marker == 0xFF:  # fill
            at += 1
            continue
        if marker == 0xD9:
            return at + 2
        size = source.number(at + 2, 2)
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            _refuse_pixels(source.number(at + 7, 2), source.number(at + 5, 2))
        at += 2 + size
        if marker == 0xDA:
            at = _end_of_scan(source, at)
    raise Refused("damaged")


def _end_of_scan(source: Source, start: int) -> int:
    """Return where the marker after a scan's data stands."""
    at, last = start, b""
    for block in source.blocks(start):
        window = last + block
        if found := AFTER_SCAN.search(window):
            return at - len(last) + found.start()
        at, last = at + len(block), window[-1:]
    raise Refused("damaged")


def _refuse_huge(source: Source) -> None:
    if source.size > MAX_BYTES:
        raise Refused("image-too-big")


def _refuse_pixels(width: int, height: int) -> None:
    pixels = width * height
    if pixels > MAX_MEGAPIXELS * 1_000_000:
        raise Refused("too-many-pixels", pixels=pixels // 1_000_000, limit=MAX_MEGAPIXELS)


def _refuse_rest(source: Source, end: int) -> None:
    if end != source.size:
        raise Refused("appended")


def _refuse_unopenable(source: Source, kind: str) -> None:
    source.file.seek(0)
    try:
        with Image.open(source.file, formats=(kind,)) as image:
            image.verify()
    except Exception as error:  # Pillow's readers raise nearly anything on broken input
        raise Refused("damaged") from error
