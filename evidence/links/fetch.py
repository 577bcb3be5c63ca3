"""One HTTP question to one network address, within a time limit. No proxy, no cookies, no name is looked up."""

import io
import socket
import ssl
import time
from collections.abc import Callable
from http.client import HTTPConnection
from typing import Any, NamedTuple, cast
from urllib.parse import SplitResult

Connect = Callable[[str, int, float], socket.socket]

HEADERS = {"User-Agent": "Portal-ZI-LinkCheck", "Accept": "*/*", "Connection": "close"}


class Answer(NamedTuple):
    status: int
    location: str


class Deadline:
    """The moment by which everything must be done."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds that are left; raise TimeoutError where none are."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class _Reader(io.RawIOBase):
    """Reads from a socket until the deadline, however slowly the bytes come."""

    def __init__(self, connected: socket.socket, deadline: Deadline) -> None:
        self._connected, self._deadline = connected, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._connected.settimeout(self._deadline.left())
        return self._connected.recv_into(buffer)


class _Line:
    """What http.client needs of a socket. Whoever opened the socket closes it."""

    def __init__(self, connected: socket.socket, deadline: Deadline) -> None:
        self._connected, self._deadline = connected, deadline

    def sendall(self, data: bytes) -> None:
        self._connected.settimeout(self._deadline.left())
        self._connected.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self._connected, self._deadline))

    def close(self) -> None:
        return


def connect_to(address: str, port: int, timeout: float) -> socket.socket:
    return socket.create_connection((address, port), timeout)


def tls_context() -> ssl.SSLContext:
    """Return what checks a server's certificate and name."""
    return ssl.create_default_context()


def ask(method: str, url: SplitResult, address: str, *, deadline: Deadline, connect: Connect) -> Answer:
    """Send one request to that very address and return the head of the answer; a body is never read.

    Raises OSError (TimeoutError, ssl.SSLError) and http.client.HTTPException.
    """
    host = url.hostname or ""
    port = url.port or (443 if url.scheme == "https" else 80)
    with connect(address, port, deadline.left()) as plain:
        if url.scheme == "http":
            return _spoken(method, url, plain, deadline)
        plain.settimeout(deadline.left())
        with tls_context().wrap_socket(plain, server_hostname=host) as secure:
            return _spoken(method, url, secure, deadline)


def _spoken(method: str, url: SplitResult, connected: socket.socket, deadline: Deadline) -> Answer:
    connection = HTTPConnection(url.netloc)
    connection.sock = cast("socket.socket", _Line(connected, deadline))
    path = (url.path or "/") + (f"?{url.query}" if url.query else "")
    connection.request(method, path, headers=HEADERS | {"Host": url.netloc})
    response = connection.getresponse()
    try:
        # The standard library decodes headers as Latin-1; servers that do not escape send UTF-8.
        location = (response.getheader("Location") or "").encode("latin-1").decode("utf-8", "replace")
        return Answer(response.status, location)
    finally:
        response.close()
