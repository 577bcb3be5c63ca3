"""The hash chain of an assessment's history. Pure."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol


class Row(Protocol):
    """What is read of an event."""

    number: int
    at: datetime
    actor_id: int | None
    kind: str
    stage: str
    criterion: str
    data: Any
    previous: str
    digest: str


def digest(previous: str, fields: Mapping[str, Any]) -> str:
    """Return the SHA-256 (hex) of a row's fields over its predecessor's digest."""
    text = json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def fields_of(assessment_id: int, row: Row) -> dict[str, Any]:
    """Return what the digest of a row covers."""
    return {
        "assessment": assessment_id,
        "number": row.number,
        "at": row.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": row.actor_id,
        "kind": row.kind,
        "stage": row.stage,
        "criterion": row.criterion,
        "data": row.data,
    }


def problems(assessment_id: int, rows: Iterable[Row], count: int, head: str) -> list[str]:
    """Say in English what is wrong with a chain that should have `count` rows and end in `head`."""
    found: list[str] = []
    previous, number = "", 0
    for number, row in enumerate(rows, start=1):
        if row.number != number:
            found.append(f"row {number} is numbered {row.number}")
            break
        if row.previous != previous or row.digest != digest(previous, fields_of(assessment_id, row)):
            found.append(f"row {number} does not match its digest")
        previous = row.digest
    if number != count:
        found.append(f"{count} rows expected, {number} found")
    elif previous != head:
        found.append("the last row is not the one recorded on the assessment")
    return found
