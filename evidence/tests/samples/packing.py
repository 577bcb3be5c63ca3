"""ZIP packages for office samples, good and broken."""

import io
import zipfile
from collections.abc import Mapping

WHEN = (2026, 1, 5, 8, 0, 0)
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def packed(parts: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED, after: bytes = b"") -> bytes:
    """Return a ZIP of the parts in their order; a part called `mimetype` is stored, as ODF wants it."""
    file = io.BytesIO(after)
    with zipfile.ZipFile(file, "a") as archive:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, WHEN)
            info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else method
            archive.writestr(info, content)
    return file.getvalue()


def unpacked(content: bytes) -> dict[str, bytes]:
    """Return the parts of a package by name, in their order."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def changed(content: bytes, parts: Mapping[str, str | bytes]) -> bytes:
    """Return a package with parts put in place of or added to its own."""
    return packed({**unpacked(content), **parts})
