"""Drawn documents on disk by their key: whole or not at all, and never more than the settings allow.

A file begins with the SHA-256 of its content, so that one which a power cut left half is no hit. Losing all of it
costs time, nothing else: a disk that is full or read-only is logged and the document handed out all the same.
"""

import hashlib
import logging
import os
import secrets
from contextlib import suppress
from pathlib import Path

from django.conf import settings

logger = logging.getLogger(__name__)
DIGEST = 32  # bytes
PART = ".part"
AFTER_CLEARING = 0.9  # of the size allowed, so that not every new document clears anew


def folder() -> Path:
    return Path(settings.DATA_DIR) / "rendered"


def found(key: str) -> bytes | None:
    """Return a document; None if there is none, or no whole one."""
    path = folder() / key
    try:
        stored = path.read_bytes()
        os.utime(path)  # what is read lately is cleared last
    except OSError:
        return None
    content = stored[DIGEST:]
    if hashlib.sha256(content).digest() != stored[:DIGEST]:
        logger.warning("The drawn document %s was damaged and is drawn anew.", key)
        return None
    return content


def keep(key: str, content: bytes) -> None:
    """Store a document under its key, in one step for whoever reads; clear old ones where there are too many."""
    try:
        folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(folder() / key, hashlib.sha256(content).digest() + content)
        clear(settings.RENDERED_MAX)
    except OSError:
        logger.warning("A drawn document cannot be kept in %s.", folder(), exc_info=True)


def _write(path: Path, stored: bytes) -> None:
    part = path.with_name(f"{path.name}.{secrets.token_hex(8)}{PART}")
    try:
        part.write_bytes(stored)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def clear(most: int) -> int:
    """Remove what was longest not read, if all together is larger than `most` bytes; return how much is left.

    Half-written files of processes that died count and age like all others.
    """
    entries = []
    with os.scandir(folder()) as listed:
        for entry in listed:
            with suppress(FileNotFoundError):  # cleared by another process just now
                seen = entry.stat()
                entries.append((seen.st_mtime, seen.st_size, entry.path))
    left = sum(size for _, size, _ in entries)
    if left > most:
        for _, size, path in sorted(entries):
            if left <= most * AFTER_CLEARING:
                break
            Path(path).unlink(missing_ok=True)
            left -= size
    return left
