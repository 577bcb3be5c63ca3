"""A calendar of tasks (iCalendar, RFC 5545), written with the care that calendars ask for. Pure.

Lines end in CRLF and are folded at 75 octets without splitting a letter; text is escaped; every entry has a lasting
UID and the moment of its last change, so that a calendar that reads the file again replaces what it has.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

FOLD_AT = 75
PRODUCT = "-//Portal Zona Integritas//Rencana Aksi//ID"
EVENT, TODO = "VEVENT", "VTODO"
STATES = {
    EVENT: {"planned": "TENTATIVE", "running": "CONFIRMED", "done": "CONFIRMED", "cancelled": "CANCELLED"},
    TODO: {"planned": "NEEDS-ACTION", "running": "IN-PROCESS", "done": "COMPLETED", "cancelled": "CANCELLED"},
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to be done by the end of a day; `status` is one of `ActionStatus`."""

    uid: str
    sequence: int  # grows with every change
    stamp: datetime
    due: date
    summary: str
    description: str
    categories: str
    status: str
    done_on: date | None
    url: str  # "" where the portal does not know its own address


def calendar(name: str, entries: Iterable[Entry], *, kind: str = EVENT) -> bytes:
    """Return the file: each entry as a day in the calendar (EVENT), or as a task (TODO)."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    lines.append(f"X-WR-CALNAME:{escaped(name)}")
    for entry in entries:
        lines += _component(entry, kind)
    lines.append("END:VCALENDAR")
    return b"".join(folded(line) for line in lines)


def _component(entry: Entry, kind: str) -> list[str]:
    lines = [
        f"BEGIN:{kind}", f"UID:{entry.uid}", f"DTSTAMP:{_moment(entry.stamp)}", f"SEQUENCE:{entry.sequence}",
        f"SUMMARY:{escaped(entry.summary)}", f"DESCRIPTION:{escaped(entry.description)}",
        f"CATEGORIES:{escaped(entry.categories)}", f"STATUS:{STATES[kind][entry.status]}",
    ]  # fmt: skip
    if entry.url:
        lines.append(f"URL:{entry.url}")
    if kind == EVENT:
        end = entry.due + timedelta(days=1)  # a whole day ends where the next one begins
        lines += [f"DTSTART;VALUE=DATE:{entry.due:%Y%m%d}", f"DTEND;VALUE=DATE:{end:%Y%m%d}", "TRANSP:TRANSPARENT"]
    else:
        lines.append(f"DUE;VALUE=DATE:{entry.due:%Y%m%d}")
        if entry.status == "done" and entry.done_on:
            noon = datetime(entry.done_on.year, entry.done_on.month, entry.done_on.day, 5, tzinfo=UTC)
            lines += [f"COMPLETED:{_moment(noon)}", "PERCENT-COMPLETE:100"]
    return [*lines, f"END:{kind}"]


def escaped(text: str) -> str:
    """Return text as a value: backslash, semicolon, comma and line ends escaped, other control characters left out."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in plain if c in "\n\t" or (c >= " " and c != "\x7f"))
    return kept.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str) -> bytes:
    """Return a line folded to at most 75 octets each, never inside a letter, ended by CRLF."""
    parts: list[bytes] = []
    current = b""
    for letter in line:
        octets = letter.encode()
        if len(current) + len(octets) > FOLD_AT:
            parts.append(current)
            current = b" "  # the space that marks a continued line counts too
        current += octets
    return b"\r\n".join([*parts, current]) + b"\r\n"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
