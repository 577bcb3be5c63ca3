"""Pictures of the pages of PDFs: drawn once, then kept on disk beside the other derived data.

What lies in EVIDENCE_PREVIEW_DIR may be thrown away at any time; the folder of one content is
`ab/<sha256>/`, its files `<page>-<width>.webp`.
"""

import logging
import os
import shutil
import tempfile
import threading
from pathlib import Path

from django.conf import settings

from . import pdf, storage

WIDTHS = (300, 900, 1400)  # pixels
DEFAULT_WIDTH = 900
AT_ONCE = 2  # drawings per process: each takes a processor and up to a gigabyte
PATIENCE = 10.0  # seconds to wait for a turn

logger = logging.getLogger(__name__)
_turns = threading.BoundedSemaphore(AT_ONCE)


class Busy(Exception):
    """Too many pages are being drawn; asking again soon will do."""


def width_of(text: str) -> int:
    """Return the width that is asked for if it is one of ours, else the usual one."""
    return int(text) if text in {str(width) for width in WIDTHS} else DEFAULT_WIDTH


def page_image(sha256: str, page: int, width: int, *, patience: float = PATIENCE) -> bytes:
    """Return a page (from 1) of a stored PDF as WebP, drawn now unless it was before.

    Raises pdf.NoSuchPage, pdf.Unreadable, FileNotFoundError for missing content, and Busy.
    """
    path = _folder(sha256) / f"{page}-{width}.webp"
    if drawn := _kept(path):
        return drawn
    if not _turns.acquire(timeout=patience):
        raise Busy
    try:
        # Somebody else may have drawn it while this one waited.
        return _kept(path) or _draw(sha256, page, width, path)
    finally:
        _turns.release()


def forget(sha256: str) -> None:
    """Remove the pictures of content that is gone."""
    shutil.rmtree(_folder(sha256), ignore_errors=True)


def _folder(sha256: str) -> Path:
    return Path(settings.EVIDENCE_PREVIEW_DIR) / sha256[:2] / sha256


def _kept(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def _draw(sha256: str, page: int, width: int, path: Path) -> bytes:
    with storage.local_path(sha256) as source:
        drawn = pdf.render(source, page, width)
    try:
        _keep(path, drawn)
    except OSError:
        logger.exception("A page preview could not be kept: %s", path)  # it is drawn again next time
    return drawn


def _keep(path: Path, drawn: bytes) -> None:
    """Write under another name and rename: a reader sees the whole picture or none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(drawn)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
