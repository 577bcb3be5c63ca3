"""The data that Samsung phones put after a photo, and that nearly every photo of theirs carries.

Named fields one after the other, a directory of them (SEFH), its length, and a closing mark (SEFT).
"""

from .source import Source

FIELDS, END = b"SEFH", b"SEFT"
MAX_FIELDS = 64


def is_trailer(source: Source, start: int) -> bool:
    """Tell whether the rest of a file is such data, each byte in a field or in the directory."""
    if source.size - start < 32 or source.tail(4) != END:
        return False
    length = source.number(source.size - 8, 4, "little")
    directory = source.size - 8 - length
    if directory < start or length < 12 or source.read(directory, 4) != FIELDS:
        return False
    count = source.number(directory + 8, 4, "little")
    if count > MAX_FIELDS or length != 12 + 12 * count:
        return False
    # The distance of each field back from the directory, and its size: from the farthest they leave no gap.
    rows = [directory + 12 + 12 * number for number in range(count)]
    fields = sorted((source.number(row + 4, 4, "little"), source.number(row + 8, 4, "little")) for row in rows)
    at = start
    for distance, size in reversed(fields):
        if directory - distance != at:
            return False
        at += size
    return at == directory
