"""Asking ClamAV's daemon whether content is clean, over its socket (docs.clamav.net, "ClamD Protocol")."""

import re
import socket
from dataclasses import dataclass
from typing import BinaryIO

from django.conf import settings

TIMEOUT = 60.0  # seconds of silence; a large document takes some to unpack
CHUNK = 128 * 1024
LONGEST_ANSWER = 4096
LENGTH_BYTES = 4
CLEAN = "stream: OK"
FOUND = re.compile(r"stream: ([^\x00-\x1f\x7f]+) FOUND")
HOST_AND_PORT = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^\s:/\[\]]+):(?P<port>[0-9]{1,5})")
MAX_UNIX_PATH = 107  # bytes; Linux takes no longer socket name


class ScannerUnavailable(Exception):
    """The scanner gave no verdict; the content may be anything."""


class BadAddress(ValueError):
    """No address of a scanner."""


@dataclass(frozen=True, slots=True)
class Scan:
    """A verdict; `threat` is the scanner's name for what it found."""

    clean: bool
    threat: str = ""


def is_configured() -> bool:
    return bool(settings.CLAMD)


def problems_of(address: str) -> str:
    """Say what is wrong with a scanner's address; empty if nothing is."""
    try:
        _parsed(address)
    except BadAddress as error:
        return str(error)
    return ""


def _parsed(address: str) -> str | tuple[str, int]:
    """Return the path of a Unix socket, or host and port; raise BadAddress."""
    kind, _, rest = address.partition(":")
    if kind == "unix":
        if not rest.startswith("/") or len(rest.encode()) > MAX_UNIX_PATH or "\0" in rest:
            raise BadAddress(f"{address!r}: expected unix:/absolute/path of at most {MAX_UNIX_PATH} bytes.")
        return rest
    match = HOST_AND_PORT.fullmatch(rest)
    if kind != "tcp" or match is None or not 0 < int(match["port"]) < 2**16:
        raise BadAddress(f"{address!r}: expected unix:/path or tcp:host:port.")
    return match["host"].strip("[]"), int(match["port"])


def scan(file: BinaryIO, *, timeout: float = TIMEOUT) -> Scan:
    """Send the rest of an open file to the scanner and return its verdict.

    Raises ScannerUnavailable on any trouble, a file larger than the scanner takes included. `timeout` is in
    seconds and counts from the last byte that moved.
    """
    try:
        with _connected(timeout) as connection:
            _send(connection, file)
            answer = _answer(connection)
    except (OSError, BadAddress) as error:
        raise ScannerUnavailable(str(error) or type(error).__name__) from error
    if answer == CLEAN:
        return Scan(clean=True)
    if match := FOUND.fullmatch(answer):
        return Scan(clean=False, threat=match[1])
    raise ScannerUnavailable(f"Unexpected answer: {answer!r}")


def _connected(timeout: float) -> socket.socket:
    target = _parsed(settings.CLAMD)
    if isinstance(target, tuple):
        return socket.create_connection(target, timeout)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(timeout)
        connection.connect(target)
    except OSError:
        connection.close()
        raise
    return connection


def _send(connection: socket.socket, file: BinaryIO) -> None:
    connection.sendall(b"zINSTREAM\0")
    while chunk := file.read(CHUNK):
        connection.sendall(len(chunk).to_bytes(LENGTH_BYTES, "big") + chunk)
    connection.sendall(bytes(LENGTH_BYTES))


def _answer(connection: socket.socket) -> str:
    """Return the answer without its closing zero; an answer that was cut off is none."""
    answer = b""
    while not answer.endswith(b"\0"):
        received = connection.recv(LONGEST_ANSWER)
        answer += received
        if not received or len(answer) > LONGEST_ANSWER:
            raise ScannerUnavailable(f"No whole answer: {answer[:200]!r}")
    return answer[:-1].decode("utf-8", "replace")
