"""Files that must be refused, each with the code it is refused by. None is stored anywhere in the project."""

import io
import struct
import tarfile
import zlib
from functools import cache

from .good import GOOD, box
from .hostile_office import HTML, PROGRAM, SHELL, Hostile, packages
from .hostile_pdf import pdfs
from .hostile_zip import zips
from .packing import XML, packed

ELF = b"\x7fELF\x02\x01\x01" + bytes(57)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
PHP = b"<?php system($_GET['c']); ?>"
SCRIPT = b"alert(document.cookie);\n"


@cache
def hostile() -> dict[str, Hostile]:
    """Return the hostile files by a name that says what each tries; made once, not to be changed."""
    return {
        **_disguised(),
        **_texts(),
        **_glued(),
        **_cut(),
        **_images(),
        **packages(),
        **pdfs(),
        **zips(),
    }


def chunk(kind: bytes, content: bytes) -> bytes:
    """Return a PNG chunk."""
    body = kind + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))


def _tar() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.txt"))
    return file.getvalue()


def _disguised() -> dict[str, Hostile]:
    gif = b"GIF89a/*" + bytes(6) + b"*/=1;alert(1);//"
    return {
        "empty": ("kosong.pdf", b"", "empty"),
        "no extension": ("dokumen", GOOD["pdf"], "no-extension"),
        "pdf as docx": ("surat.docx", GOOD["pdf"], "mismatch"),
        "docx as pdf": ("surat.pdf", GOOD["docx"], "mismatch"),
        "png as jpg": ("foto.jpg", GOOD["png"], "mismatch"),
        "jpeg as png": ("foto.png", GOOD["jpeg"], "mismatch"),
        "xlsx as docx": ("rekap.docx", GOOD["xlsx"], "mismatch"),
        "odt as ods": ("notula.ods", GOOD["odt"], "mismatch"),
        "mp4 as pdf": ("video.pdf", GOOD["mp4"], "mismatch"),
        "text as pdf": ("catatan.pdf", GOOD["txt"], "mismatch"),
        "pdf as exe": ("surat.pdf.exe", GOOD["pdf"], "mismatch"),
        "text as html": ("catatan.html", GOOD["txt"], "mismatch"),
        "program as pdf": ("surat.pdf", PROGRAM, "executable"),
        "program": ("setup.exe", PROGRAM, "executable"),
        "linux program as jpg": ("foto.jpg", ELF, "executable"),
        "shortcut as pdf": ("surat.pdf", b"L\x00\x00\x00\x01\x14\x02\x00" + bytes(60), "executable"),
        "gif with script": ("foto.png", gif, "other-image"),
        "heic as jpg": ("foto.jpg", box(b"ftyp", b"heic" + bytes(4) + b"mif1heic") + box(b"meta"), "other-image"),
        "zip": ("bukti.zip", packed({"a.txt": "a"}), "archive"),
        "zip as docx": ("bukti.docx", packed({"a.txt": "a"}), "archive"),
        "rar as pdf": ("bukti.pdf", b"Rar!\x1a\x07\x01\x00" + bytes(40), "archive"),
        "7z": ("bukti.7z", b"7z\xbc\xaf\x27\x1c" + bytes(40), "archive"),
        "gzip as csv": ("data.csv", zlib.compress(b"a", wbits=31), "archive"),
        "tar as txt": ("data.txt", _tar(), "archive"),
        "noise as pdf": ("surat.pdf", bytes(range(256)) * 8, "unknown"),
    }


def _texts() -> dict[str, Hostile]:
    return {
        "html as pdf": ("surat.pdf", HTML, "markup"),
        "html as txt": ("surat.txt", HTML, "markup"),
        "html after a megabyte of blanks": ("surat.txt", b" " * 1_000_000 + HTML, "markup"),
        "html in utf-16": ("surat.txt", HTML.decode().encode("utf-16"), "markup"),
        "svg": ("gambar.svg", SVG, "markup"),
        "svg as png": ("gambar.png", SVG, "markup"),
        "xml as csv": ("data.csv", b"\xef\xbb\xbf" + XML.encode() + b"<a/>", "markup"),
        "php as csv": ("data.csv", PHP, "markup"),
        "php as jpg": ("foto.jpg", PHP, "markup"),
        "shell as txt": ("catatan.txt", SHELL, "script"),
        "batch as txt": ("catatan.txt", b"@echo off\r\nformat c:\r\n", "script"),
        "script as jpg": ("foto.jpg", SCRIPT, "mismatch"),
        "script": ("kode.js", SCRIPT, "mismatch"),
        "rtf as txt": ("surat.txt", b"{\\rtf1\\ansi {\\object}}", "rtf"),
        "pdf after a blank as txt": (
            "surat.txt",
            b"\n" + GOOD["pdf"].replace(b"\xe2\xe3\xcf\xd3", b"aaaa"),
            "appended",
        ),
        "zeros in text": ("catatan.txt", b"Notula\x00rapat", "unknown"),
        "escapes in text": ("catatan.txt", b"Notula \x1b[2J rapat", "unknown"),
        "utf-16 with a zero": ("catatan.txt", "Notula\x00".encode("utf-16"), "unknown"),
        "half utf-16": ("catatan.txt", "Notula".encode("utf-16") + b"a", "unknown"),
    }


def _glued() -> dict[str, Hostile]:
    archive = packed({"a.txt": "isi"})
    comment = b"\xff\xfe" + struct.pack(">H", len(archive) + 2) + archive
    hidden = chunk(b"prVt", archive)
    return {
        "pdf and zip": ("surat.pdf", GOOD["pdf"] + archive, "appended"),
        "zip and pdf": ("surat.pdf", archive + GOOD["pdf"], "appended"),
        "zip and docx": ("surat.docx", archive + GOOD["docx"], "appended"),
        "pdf and docx": ("surat.docx", GOOD["pdf"] + GOOD["docx"], "mismatch"),
        "words before pdf": ("surat.pdf", bytes(9) + GOOD["pdf"], "appended"),
        "pdf and html": ("surat.pdf", GOOD["pdf"] + HTML, "appended"),
        "jpeg and zip": ("foto.jpg", GOOD["jpeg"] + archive, "appended"),
        "jpeg and html": ("foto.jpg", GOOD["jpeg"] + HTML, "appended"),
        "jpeg and php": ("foto.jpg", GOOD["jpeg"] + PHP, "appended"),
        "jpeg with zip as comment": ("foto.jpg", GOOD["jpeg"][:2] + comment + GOOD["jpeg"][2:], "polyglot"),
        "png and zip": ("foto.png", GOOD["png"] + archive, "appended"),
        "png with zip as chunk": ("foto.png", GOOD["png"][:-12] + hidden + GOOD["png"][-12:], "polyglot"),
        "webp and php": ("foto.webp", GOOD["webp"] + PHP, "appended"),
        "mp4 and html": ("video.mp4", GOOD["mp4"] + HTML, "damaged"),
        "mp4 and zip": ("video.mp4", GOOD["mp4"] + archive, "appended"),
        "mp4 with zip as box": ("video.mp4", GOOD["mp4"] + box(b"free", archive), "polyglot"),
        "docx and html": ("surat.docx", GOOD["docx"] + HTML, "appended"),
        "html and docx": ("surat.docx", HTML + GOOD["docx"], "appended"),
        "docx with a comment": ("surat.docx", GOOD["docx"][:-2] + b"\x05\x00halo!", "appended"),
    }


def _cut() -> dict[str, Hostile]:
    kinds = ("pdf", "png", "jpeg", "webp", "docx", "xlsx", "pptx", "odt", "ods", "mp4")
    return {f"truncated {kind}": (f"berkas.{kind}", GOOD[kind][:-20], "damaged") for kind in kinds}


def _images() -> dict[str, Hostile]:
    png, jpeg, webp = GOOD["png"], GOOD["jpeg"], GOOD["webp"]
    size = struct.pack(">II", 60_000, 60_000)
    huge = png[:8] + chunk(b"IHDR", size + b"\x01\x00\x00\x00\x00") + chunk(b"IDAT", zlib.compress(bytes(100)))
    wide = jpeg.replace(struct.pack(">HH", 200, 320), struct.pack(">HH", 60_000, 60_000), 1)
    pngs = {
        "png of too many pixels": (huge + chunk(b"IEND", b""), "too-many-pixels"),
        "png with a wrong checksum": (png[:60] + bytes([png[60] ^ 1]) + png[61:], "damaged"),
        "png with a wrong checksum of a note": (png[:33] + chunk(b"teSt", b"a")[:-1] + b"?" + png[33:], "damaged"),
        "png of nothing": (png[:33] + chunk(b"IEND", b""), "damaged"),
        "png with its header second": (png[:8] + chunk(b"tIMe", b"\x07\xea\x01\x05\x08\x00\x00") + png[8:], "damaged"),
        "png without width": (png[:8] + chunk(b"IHDR", bytes(4) + png[20:29]) + png[33:], "damaged"),
        "png of too many parts": (png[:-12] + chunk(b"teSt", b"") * 20_000 + png[-12:], "damaged"),
    }
    jpegs = {
        "jpeg of too many pixels": (wide, "too-many-pixels"),
        "jpeg with noise between parts": (jpeg[:20] + b"\x00" + jpeg[20:], "damaged"),
        "jpeg with a part of no length": (jpeg[:2] + b"\xff\xfe\x00\x00" + jpeg[2:], "damaged"),
        "jpeg of too many parts": (jpeg[:2] + b"\xff\xfe\x00\x02" * 20_001 + jpeg[2:], "damaged"),
        "jpeg without height": (jpeg.replace(struct.pack(">HH", 200, 320), struct.pack(">HH", 0, 320), 1), "damaged"),
        "jpeg of parts alone": (jpeg[:20] + b"\xff\xd9", "damaged"),
    }
    webps = {
        "webp of too many pixels": (riff(b"VP8X" + struct.pack("<I", 10) + bytes(4) + b"\xff" * 6), "too-many-pixels"),
        "webp of no kind": (riff(b"abcd" + webp[16:]), "damaged"),
        "webp of too many parts": (riff(webp[12:] + (b"abcd" + bytes(4)) * 20_000), "damaged"),
        "webp with half a part": (riff(webp[12:] + b"abcd\xff\x00\x00\x00"), "damaged"),
    }
    mp4s = {
        "mp4 without media": (GOOD["mp4"].replace(b"mdat", b"free"), "damaged"),
        "mp4 without a track": (GOOD["mp4"].replace(b"trak", b"free"), "damaged"),
        "mp4 of no known brand": (box(b"ftyp", b"zzzz" + bytes(8)) + GOOD["mp4"][28:], "unknown"),
        "mp4 with half a brand": (struct.pack(">I", 27) + GOOD["mp4"][4:], "damaged"),
        "mp4 with half a part": (GOOD["mp4"] + b"free", "appended"),
        "mp4 with a part of no name": (GOOD["mp4"] + box(b"\x00\x01\x02\x03"), "appended"),
        "mp4 with a part of no length": (GOOD["mp4"] + struct.pack(">I4s", 4, b"free"), "damaged"),
        "mp4 with a part larger than it": (GOOD["mp4"] + struct.pack(">I4sQ", 1, b"free", 1 << 60), "damaged"),
        "mp4 of too many parts": (GOOD["mp4"] + box(b"free") * 100_001, "damaged"),
    }
    groups = (("foto.png", pngs), ("foto.jpg", jpegs), ("foto.webp", webps), ("video.mp4", mp4s))
    return {case: (name, *found) for name, cases in groups for case, found in cases.items()}


def riff(chunks: bytes) -> bytes:
    """Return a WebP file of these chunks."""
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WEBP" + chunks
