"""Reads of letterheads."""

from typing import Any

from ..models import Unit
from .models import Letterhead, Logo


def letterhead_of(unit: Unit) -> Letterhead | None:
    """Return the unit's letterhead, or that of the nearest unit above which has one: one query."""
    line = [int(pk) for pk in unit.path.strip("/").split("/") if pk]
    found = {head.unit_id: head for head in Letterhead.objects.filter(unit__in=line)}
    return next((found[pk] for pk in reversed(line) if pk in found), None)


def letterhead_data(unit: Unit) -> dict[str, Any]:
    """Return the unit's letterhead as a fixed copy keeps it, {} without one: one query.

    `lines` and texts as typed, `logo` the SHA-256 of its picture or "".
    """
    head = letterhead_of(unit)
    if head is None:
        return {}
    return {
        "lines": head.lines.splitlines(),
        "address": head.address,
        "contact": head.contact,
        "logo": head.logo_id or "",
        "place": head.place,
        "signatory_role": head.signatory_role,
        "signatory_name": head.signatory_name,
        "signatory_number": head.signatory_number,
    }


def logo_png(sha256: str) -> bytes:
    """Return a logo's picture, b"" if there is none: one query, none for ""."""
    content = Logo.objects.filter(pk=sha256).values_list("content", flat=True).first() if sha256 else None
    return bytes(content or b"")
