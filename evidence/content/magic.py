"""First bytes that tell what a file is, and what it is called when it is refused."""

import re

from .refusals import Refused

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

PROGRAMS = (
    b"\x7fELF",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"\x00asm",
    b"dex\n03",
    b"L\x00\x00\x00\x01\x14\x02\x00",  # a Windows shortcut
    b"ITSF\x03\x00",  # compiled HTML help
)
ARCHIVES = (
    b"PK\x05\x06",
    b"PK\x07\x08",
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
    b"\x1f\x8b\x08",
    b"BZh",
    b"\xfd7zXZ\x00",
    b"\x28\xb5\x2f\xfd",
    b"MSCF\x00\x00",
)
IMAGES = (b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*", b"\x00\x00\x01\x00", b"8BPS\x00\x01")
HEIF = re.compile(rb"\x00.{3}ftyp(?:heic|heix|heim|hevc|mif1|msf1|avif|avis)", re.DOTALL)
HEAD = 512


def is_program(head: bytes) -> bool:
    """Tell whether a file with this head can be run. "MZ" alone may begin a sentence; a program has zeros."""
    return head.startswith(PROGRAMS) or (head.startswith(b"MZ") and b"\x00" in head)


def is_archive(head: bytes) -> bool:
    """Tell whether this is the head of an archive or of compressed data, office packages apart."""
    return head.startswith(ARCHIVES) or (head[257:262] == b"ustar")


def refuse_known(head: bytes) -> None:
    """Refuse, with its own reason, what is known and never taken."""
    if is_program(head):
        raise Refused("executable")
    if is_archive(head):
        raise Refused("archive")
    if head.startswith(IMAGES) or HEIF.match(head) or (head.startswith(b"BM") and head[6:10] == bytes(4)):
        raise Refused("other-image")
