"""Hash chains: the history of an assessment, of a unit's documents. Pure."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol


class Link(Protocol):
    """What makes a row a link of a chain."""

    number: int
    previous: str
    digest: str


class Row(Link, Protocol):
    """What is read of an event."""

    at: datetime
    actor_id: int | None
    kind: str
    stage: str
    criterion: str
    data: Any


class Copy(Protocol):
    """What is read of a fixed copy."""

    pk: Any
    assessment_id: int
    kind: str
    stage: str
    round: int
    at: datetime
    by_id: int | None
    data: Any
    digest: str


def digest(previous: str, fields: Mapping[str, Any]) -> str:
    """Return the SHA-256 (hex) of a row's fields over its predecessor's digest."""
    text = json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def moment(at: datetime) -> str:
    """Return a time as digests cover it, the same in every time zone."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def fields_of(assessment_id: int, row: Row) -> dict[str, Any]:
    """Return what the digest of a row covers."""
    return {
        "assessment": assessment_id,
        "number": row.number,
        "at": moment(row.at),
        "actor": row.actor_id,
        "kind": row.kind,
        "stage": row.stage,
        "criterion": row.criterion,
        "data": row.data,
    }


def problems(
    owner_id: int,
    rows: Iterable[Link],
    count: int,
    head: str,
    fields: Callable[[int, Any], Mapping[str, Any]] = fields_of,
) -> list[str]:
    """Say in English what is wrong with a chain that should have `count` rows and end in `head`."""
    found: list[str] = []
    previous, number = "", 0
    for number, row in enumerate(rows, start=1):
        if row.number != number:
            found.append(f"row {number} is numbered {row.number}")
            break
        if row.previous != previous or row.digest != digest(previous, fields(owner_id, row)):
            found.append(f"row {number} does not match its digest")
        previous = row.digest
    if number != count:
        found.append(f"{count} rows expected, {number} found")
    elif previous != head:
        found.append("the last row is not the one recorded as the head")
    return found


def copy_digest(copy: Copy) -> str:
    """Return the SHA-256 over a fixed copy's content and circumstances."""
    return digest(
        "",
        {
            "id": str(copy.pk),
            "assessment": copy.assessment_id,
            "kind": copy.kind,
            "stage": copy.stage,
            "round": copy.round,
            "at": moment(copy.at),
            "by": copy.by_id,
            "data": copy.data,
        },
    )


def copy_problems(copies: Iterable[Copy], carried: Mapping[str, str]) -> list[str]:
    """Say in English what is wrong with fixed copies whose digests the history carries by their ids."""
    found: list[str] = []
    missing = dict(carried)
    for copy in copies:
        pk = str(copy.pk)
        if copy_digest(copy) != copy.digest:
            found.append(f"fixed copy {pk} does not match its digest")
        if pk not in missing:
            found.append(f"fixed copy {pk} is not in the history")
        elif missing.pop(pk) != copy.digest:
            found.append(f"fixed copy {pk} has another digest than the history")
    return [*found, *(f"fixed copy {pk} is in the history but gone" for pk in missing)]
