"""MP4 walked box by box to the exact end of the file."""

from collections.abc import Iterator

from .refusals import Refused
from .source import Source

BRANDS = frozenset(
    brand.encode().ljust(4)
    for brand in (
        *("isom", *(f"iso{version}" for version in range(2, 10)), "dash", "cmfc"),
        *("mp41", "mp42", "mp71", "avc1", "hvc1", "hev1", "av01", "M4V", "M4VH", "M4VP", "f4v"),
        *("3gp4", "3gp5", "3gp6", "3gp7", "3g2a", "3g2b"),
        *("MSNV", "XAVC", "mmp4", "NDSC", "NDSH", "NDSM", "NDXC", "NDXH"),
    )
)
MAX_BOXES = 100_000
MAX_BRANDS = 64


def check_mp4(source: Source) -> None:
    """Refuse what has no known brand, no tracks, no media, or anything a box does not account for."""
    size, kind = source.number(0, 4), source.read(4, 4)
    if kind != b"ftyp" or not 16 <= size <= 16 + 4 * MAX_BRANDS or size % 4:
        raise Refused("damaged")
    brands = source.read(8, size - 8)
    if BRANDS.isdisjoint(brands[at : at + 4] for at in (0, *range(8, len(brands), 4))):
        raise Refused("unknown")
    boxes = list(_boxes(source, 0, source.size))
    kinds = [kind for kind, _, _ in boxes]
    if kinds.count(b"ftyp") != 1 or kinds.count(b"moov") != 1 or b"mdat" not in kinds:
        raise Refused("damaged")
    _, start, end = boxes[kinds.index(b"moov")]
    inner = {kind for kind, _, _ in _boxes(source, start, end)}
    if not {b"mvhd", b"trak"} <= inner:
        raise Refused("damaged")


def _boxes(source: Source, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield kind, beginning and end of the content of each box; together they fill the range."""
    for _ in range(MAX_BOXES):
        if at == end:
            return
        if end - at < 8:
            raise Refused("appended")
        size, kind, header = source.number(at, 4), source.read(at + 4, 4), 8
        if size == 1:
            size, header = source.number(at + 8, 8), 16
        elif size == 0:  # up to the end, and only the media may say so
            size = end - at if kind == b"mdat" else 0
        if not kind.isascii() or not kind.decode("ascii", "replace").isprintable():
            raise Refused("appended")
        if size < header or at + size > end:
            raise Refused("damaged")
        yield kind, at + header, at + size
        at += size
    raise Refused("damaged")
