"""Office packages that are no proper ZIP files."""

import struct
import zipfile

from .good import GOOD
from .hostile_office import HTML, Hostile
from .packing import changed, packed, unpacked


def zips() -> dict[str, Hostile]:
    """Return the hostile packages by what is wrong with them as ZIP files."""
    zeros = bytes(12 * 1024 * 1024)
    bomb = changed(GOOD["docx"], {"word/media/image1.bmp": zeros})
    lying = bytearray(changed(GOOD["docx"], {"word/media/a.bin": bytes(5000)}))
    nested = changed(GOOD["docx"], {"word/embeddings/a.xlsx": bomb})
    return {
        "docx bomb": ("surat.docx", bomb, "bomb"),
        "docx bomb in a docx": ("surat.docx", nested, "bomb"),
        "docx of too many parts": ("surat.docx", changed(GOOD["docx"], _many(10_000)), "bomb"),
        "docx of too many parts in all": ("surat.docx", _many_in_many(), "bomb"),
        "docx of too large a list": ("surat.docx", changed(GOOD["docx"], {"word/_rels/a.rels": _long()}), "bomb"),
        "docx larger than it says": ("surat.docx", _shrunk(lying), "bomb"),
        "docx with twice the same part": ("surat.docx", _doubled(), "damaged"),
        "docx with overlapping parts": ("surat.docx", _overlapping(), "damaged"),
        "docx with a gap": ("surat.docx", _gap(), "appended"),
        "docx with two names for a part": (
            "surat.docx",
            _renamed(b"word/document.xml", b"word/dokument.xml"),
            "damaged",
        ),
        "docx with a path upwards": ("surat.docx", changed(GOOD["docx"], {"word/../../a.xml": "<a/>"}), "damaged"),
        "docx under a password": ("surat.docx", _locked(), "password"),
        "docx with an unknown method": ("surat.docx", packed(unpacked(GOOD["docx"]), zipfile.ZIP_LZMA), "damaged"),
        **{case: ("surat.docx", content, code) for case, (content, code) in _bent().items()},
    }


def _many(count: int) -> dict[str, bytes]:
    return {f"word/{number}": b"" for number in range(count)}


def _many_in_many() -> bytes:
    inner = changed(GOOD["docx"], _many(3_400))
    return changed(GOOD["docx"], {f"word/embeddings/{number}.docx": inner for number in range(3)})


def _long() -> bytes:
    # Not so even as to be a bomb by its ratio.
    rows = b"".join(b'<Relationship Id="r%d"/>' % number for number in range(720_000))
    return b"<Relationships>" + rows + b"</Relationships>"


def _shrunk(content: bytearray) -> bytes:
    for start, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = content.rfind(start) + at
        content[place : place + 4] = struct.pack("<I", 100)
    return bytes(content)


def _directory(content: bytes) -> tuple[int, int, int]:
    """Return where a package's directory starts, its size, and the number of its entries."""
    count, size, start = struct.unpack("<HII", content[-12:-2])
    return start, size, count


def _relisted(content: bytes, directory: bytes, count: int) -> bytes:
    start = _directory(content)[0]
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, len(directory), start, 0)
    return content[:start] + directory + end


def _doubled() -> bytes:
    content = GOOD["docx"]
    start, size, count = _directory(content)
    directory = content[start : start + size]
    return _relisted(content, directory + directory[directory.rfind(b"PK\x01\x02") :], count + 1)


def _overlapping() -> bytes:
    content = changed(GOOD["docx"], {"word/a.bin": b"satu", "word/b.bin": b"satu"})
    # The second name is given to the first's bytes: header offset and name are made to agree.
    start, size, count = _directory(content)
    directory = bytearray(content[start : start + size])
    first, second = directory.find(b"word/a.bin") - 46, directory.find(b"word/b.bin") - 46
    offset = struct.unpack_from("<I", directory, first + 42)[0]
    struct.pack_into("<I", directory, second + 42, offset)
    directory[second + 46 : second + 56] = b"word/a.bin"
    return _relisted(content, bytes(directory), count)


def _gap() -> bytes:
    content = GOOD["docx"]
    start, size, count = _directory(content)
    moved = content[:start] + HTML + content[start : start + size]
    return moved + struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, size, start + len(HTML), 0)


def _renamed(old: bytes, new: bytes) -> bytes:
    return GOOD["docx"].replace(old, new, 1)


def _locked() -> bytes:
    content = bytearray(GOOD["docx"])
    for start, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.find(start) + at] |= 1
    return bytes(content)


def _bent() -> dict[str, tuple[bytes, str]]:
    good = GOOD["docx"]
    start, _, count = _directory(good)
    last = good.rindex(b"PK\x01\x02")
    accented = changed(good, {"word/é.bin": b"a"})
    deflate64 = _put(_put(good, last + 10, b"\x09"), _header(good) + 8, b"\x09")
    even = packed(unpacked(good), zipfile.ZIP_STORED)
    return {
        "docx with another checksum": (even.replace(b"Laporan", b"lAPORAN"), "damaged"),
        "docx on a second disk": (_put(good, len(good) - 18, b"\x01"), "damaged"),
        "docx with a wrong mark in its list": (_put(good, last + 3, b"\x03"), "damaged"),
        "docx with deflate of another kind": (deflate64, "damaged"),
        "docx with a shortened list": (_put(good, len(good) - 14, struct.pack("<HH", count - 1, count - 1)), "damaged"),
        "docx with another checksum in front": (_put(good, _header(good) + 14, b"abcd"), "damaged"),
        "docx with a broken part": (_put(good, _header(good) + 47, b"\xff\xff\xff"), "damaged"),
        "docx with a name in no encoding": (accented.replace("é".encode(), b"\xff\xfe"), "damaged"),
        "docx of nothing": (good[:start] + struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 0, 0, 0, start, 0), "archive"),
        "docx after a hidden part": (packed(unpacked(good), after=b"PK\x03\x04" + HTML), "appended"),
        "docx with words behind a part": (_padded(), "damaged"),
    }


def _put(content: bytes, at: int, piece: bytes) -> bytes:
    return content[:at] + piece + content[at + len(piece) :]


def _header(content: bytes) -> int:
    """Return where the last member begins."""
    return int(struct.unpack_from("<I", content, content.rindex(b"PK\x01\x02") + 42)[0])


def _padded() -> bytes:
    """Return a package whose last member has bytes behind the end of its compressed data."""
    content = GOOD["docx"]
    start, size, count = _directory(content)
    header, last = _header(content), content.rindex(b"PK\x01\x02")
    more = struct.pack("<I", struct.unpack_from("<I", content, last + 20)[0] + len(HTML))
    content = _put(_put(content, last + 20, more), header + 18, more)
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, size, start + len(HTML), 0)
    return content[:start] + HTML + content[start : start + size] + end
