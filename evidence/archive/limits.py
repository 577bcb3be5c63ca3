"""How much of an archive is read at all."""

from dataclasses import dataclass

MIB = 1024 * 1024


class Unusable(ValueError):
    """An archive, or the rest of a file in it, cannot be used; the message is for people."""


@dataclass(frozen=True, slots=True)
class Limits:
    """`ratio` is unpacked to packed size; `name_length` of one folder or file, `path_length` of all, in characters."""

    files: int = 2000
    total_bytes: int = 2048 * MIB
    file_bytes: int = 25 * MIB
    ratio: int = 200
    name_length: int = 255
    depth: int = 20
    path_length: int = 500
