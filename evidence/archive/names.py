"""Names inside an archive: how they are written there, and which of them are safe."""

import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath

from .limits import Limits

_UTF8_FLAG, _ENCRYPTED = 0x800, 0x1 | 0x40 | 0x2000
_UNICODE_PATH = 0x7075
_READABLE = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_PACKED = frozenset(
    {".zip", ".zipx", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".tbz", ".tbz2", ".xz", ".txz", ".lz", ".lzma"}
    | {".zst", ".cab", ".iso", ".jar", ".arj", ".ace", ".z", ".apk"}
)
_JUNK = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_DRIVE = re.compile(r"[A-Za-z]:")

ABSOLUTE = "Letaknya dimulai dari akar disk; susun ulang ZIP dengan folder biasa."
PARENT = "Letaknya menunjuk ke luar ZIP (..)."
UNSEEN = "Namanya memuat tanda tersembunyi; ganti nama berkas."
LONG = "Namanya terlalu panjang; pendekkan nama berkas atau folder."
DEEP = "Terlalu banyak folder di dalam folder."
SPECIAL = "Berupa tautan atau berkas khusus, bukan berkas biasa."
ENCRYPTED = "Dilindungi kata sandi; masukkan tanpa kata sandi."
METHOD = "Dimampatkan dengan cara yang tidak didukung; buat ulang ZIP dengan cara biasa."
PACKED = "Berupa arsip di dalam arsip; buka dulu, lalu masukkan isinya."
DOUBLE = "Ada berkas lain dengan nama dan letak yang sama."


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that is left out, and why in words for people; `path` is made printable."""

    path: str
    reason: str


def name_of(info: zipfile.ZipInfo) -> str:
    """Return the name as its writer meant it, with slashes.

    Order: the Unicode path extra if its checksum fits, the UTF-8 flag, UTF-8 if the bytes are such, code page 437.
    """
    name = info.orig_filename
    if not info.flag_bits & _UTF8_FLAG:
        raw = name.encode("cp437", "replace")
        name = _unicode_path(info.extra, raw) or _decoded(raw, name)
    return unicodedata.normalize("NFC", name.replace("\\", "/"))


def _decoded(raw: bytes, otherwise: str) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return otherwise


def _unicode_path(extra: bytes, raw: bytes) -> str:
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<HH", extra)
        content, extra = extra[4 : 4 + length], extra[4 + length :]
        if kind == _UNICODE_PATH and len(content) > 5 and content[0] == 1:
            fits = struct.unpack_from("<L", content, 1)[0] == zlib.crc32(raw)
            return _decoded(content[5:], "") if fits else ""
    return ""


def is_encrypted(info: zipfile.ZipInfo) -> bool:
    return bool(info.flag_bits & _ENCRYPTED)


def is_unwanted(name: str) -> bool:
    """Tell whether an entry is a folder or a leaving of an operating system, which nobody misses."""
    parts = name.rstrip("/").split("/")
    last = parts[-1].lower()
    return name.endswith("/") or "__MACOSX" in parts or last in _JUNK or last.startswith(("~$", "._"))


def tidy(name: str) -> str:
    """Return a safe name without empty and "." parts."""
    return "/".join(part for part in name.split("/") if part not in {"", "."})


def problem_of(info: zipfile.ZipInfo, name: str, limits: Limits) -> str:
    """Return why an entry is left out; "" if it may be read."""
    parts = [part for part in name.split("/") if part not in {"", "."}]
    mode = info.external_attr >> 16
    checks = {
        UNSEEN: any(unicodedata.category(c) in _UNSEEN for c in name),
        ABSOLUTE: name.startswith("/") or bool(_DRIVE.match(name)),
        PARENT: ".." in (part.strip() for part in parts) or not parts,
        LONG: len(name) > limits.path_length or any(len(part) > limits.name_length for part in parts),
        DEEP: len(parts) > limits.depth,
        SPECIAL: stat.S_IFMT(mode) not in {0, stat.S_IFREG},
        ENCRYPTED: is_encrypted(info),
        PACKED: PurePosixPath(name.lower()).suffix in _PACKED,
        METHOD: info.compress_type not in _READABLE,
    }
    return next((reason for reason, applies in checks.items() if applies), "")


def printable(name: str) -> str:
    """Return a name that can be shown whatever it holds."""
    seen = "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(c) in _UNSEEN else c for c in name[:201])
    return seen if len(name) <= 200 else f"{seen[:199]}…"
