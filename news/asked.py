"""What a visitor's address asks for; nothing odd in it is ever an error."""

from collections.abc import Collection
from typing import Any

LONGEST = 100


def text(given: Any, name: str) -> str:
    """Return a parameter as a short line; PostgreSQL takes no NUL."""
    return " ".join(str(given.get(name, "")).replace("\0", "").split())[:LONGEST]


def one_of(given: Any, name: str, known: Collection[str]) -> str:
    """Return a parameter that is among the known ones, else ""."""
    value = text(given, name)
    return value if value in known else ""


def number(given: Any, name: str, least: int, most: int) -> int:
    """Return a whole number within the limits, else 0."""
    value = text(given, name)
    if not (value.isascii() and value.isdigit() and len(value) <= 4):
        return 0
    return int(value) if least <= int(value) <= most else 0
