"""Addresses in the index: of files beside it, and of pages elsewhere."""

from urllib.parse import quote, urlsplit

from .rows import Packed

_LENGTH = 2000  # Excel refuses workbooks with longer ones


def target_of(row: Packed) -> str:
    """Return what a click on the row opens; "" if nothing can or may be."""
    return quote(row.path) if row.path else _safe(row.url)


def _safe(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    is_safe = parts.scheme in {"http", "https"} and bool(parts.netloc) and url.isprintable() and " " not in url
    return url if is_safe and len(url) <= _LENGTH else ""
