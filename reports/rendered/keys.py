"""The name of a document: a SHA-256 over all that shows in it and over what draws it.

The content itself is hashed, not a version number: a field that somebody adds to an LKE next year is in the key from
the first day, and two people get the same file only if not a letter of it differs.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Model

from assessment.worksheet import Worksheet

# When it is drawn shows in a document too, as the time of its making; it is no change of content.
MADE_AT = frozenset({"printed_at"})
LIBRARIES = ("Django", "openpyxl", "pillow", "python-docx", "segno", "weasyprint")
SOURCES = (
    "reports/**/*.py", "reports/**/*.css", "templates/reports/**/*.html", "assessment/*.py", "review/*.py",
    "static/vendor/source-sans/*",
)  # fmt: skip


def key_of(kind: str, *content: object) -> str:
    """Return the key of a document of some kind: equal only for equal content, drawn by the same code."""
    found = hashlib.sha256(f"{kind}\n{drawing_version()}\n".encode())
    for piece in pieces(content):
        found.update(piece)
    return found.hexdigest()


def drawing_version() -> str:
    """Return what documents depend on besides their content: code, templates, libraries, place and language."""
    here = f"{settings.LANGUAGE_CODE} {settings.TIME_ZONE} {settings.PORTAL_URL}"
    return f"{_code_version(Path(settings.BASE_DIR))} {here}"


@cache
def _code_version(root: Path) -> str:
    """Hash the sources once in the life of a process, which runs the code that it began with."""
    found = hashlib.sha256("\n".join(f"{name} {version(name)}" for name in LIBRARIES).encode())
    for pattern in SOURCES:
        for path in sorted(root.glob(pattern)):
            if path.is_file() and "tests" not in path.parts:
                found.update(f"{path.relative_to(root)}\n".encode())
                found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def pieces(value: Any) -> Iterator[bytes]:
    """Yield a value as bytes that no other value has: every part with its kind and its length.

    Raises TypeError for a kind that is not known here, rather than to leave it out.
    """
    if value is None or isinstance(value, (bool, int, float, Decimal, Fraction, str, date, datetime, Enum)):
        yield _piece(type(value).__name__, str(value.value if isinstance(value, Enum) else value).encode())
    elif isinstance(value, bytes):
        yield _piece("bytes", value)
    elif isinstance(value, Worksheet) and value.content_hash:
        yield _piece("Worksheet", value.content_hash.encode())  # a hash over the whole of it already
    elif isinstance(value, Model):
        yield from _named(value, [field.attname for field in value._meta.concrete_fields])
    elif is_dataclass(value):
        yield from _named(value, [field.name for field in fields(value) if field.name not in MADE_AT])
    elif isinstance(value, Mapping):
        yield from _all("map", [part for pair in value.items() for part in pair])
    elif isinstance(value, (set, frozenset)):
        yield from _all("set", sorted(value, key=str))
    elif isinstance(value, Sequence):
        yield from _all("list", value)
    else:
        raise TypeError(f"{type(value).__name__} cannot be part of a document's key.")


def _piece(kind: str, content: bytes) -> bytes:
    return b"%s %d:%s\n" % (kind.encode(), len(content), content)


def _named(value: Any, names: Sequence[str]) -> Iterator[bytes]:
    yield from _all(type(value).__name__, [part for name in names for part in (name, getattr(value, name))])


def _all(kind: str, values: Collection[Any]) -> Iterator[bytes]:
    yield _piece(kind, str(len(values)).encode())
    for value in values:
        yield from pieces(value)
