"""Finding out whether a link can be opened, without becoming a way into the network the portal runs in."""

import queue
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from urllib.parse import SplitResult, urljoin, urlsplit

from django.conf import settings

from .address import BadLink, clean_url
from .fetch import Answer, Connect, Deadline, ask, connect_to
from .public import is_public

Resolver = Callable[[str], Sequence[str]]

TIMEOUT = 10.0  # seconds for everything: names, redirects, the slowest server
MAX_REDIRECTS = 4
REDIRECTS = {301, 302, 303, 307, 308}
PORTS = {None, 80, 443}
# A shared file that is not shared with everybody leads to one of these, which answer 200.
SIGN_IN_HOSTS = {"accounts.google.com", "login.microsoftonline.com", "login.live.com"}

OPENS = "Tautan dapat dibuka."
SIGN_IN = "Tautan meminta masuk lebih dulu. Ubah setelan berbagi agar penilai dapat membukanya."
NOT_FOUND = "Halaman tidak ditemukan di server tujuan. Periksa apakah berkasnya dipindah atau dihapus."
TROUBLED = "Server tujuan sedang bermasalah. Coba periksa lagi nanti."
OTHER_STATUS = "Server tujuan menolak permintaan. Coba buka tautan ini di peramban."
INTERNAL = "Tautan ini menuju jaringan internal, jadi tidak diperiksa dari portal."
NO_SUCH_HOST = "Nama server pada tautan tidak ditemukan."
TOO_SLOW = "Server tujuan tidak menjawab dalam batas waktu. Coba periksa lagi nanti."
BAD_CERTIFICATE = "Sambungan aman ke server tujuan gagal; sertifikatnya tidak sah untuk alamat ini."
UNREACHABLE = "Server tujuan tidak dapat dihubungi atau jawabannya tidak dapat dibaca."
BAD_PORT = "Tautan ini memakai nomor port khusus, jadi tidak diperiksa dari portal."
BAD_REDIRECT = "Tautan dialihkan ke alamat yang tidak dapat dibuka."
TOO_MANY = "Tautan dialihkan terlalu banyak kali."


@dataclass(frozen=True, slots=True)
class LinkResult:
    """What a check found; `status` is the last HTTP status, None if no server answered."""

    ok: bool
    status: int | None
    message: str


class _Refused(Exception):
    """A link, or what it is redirected to, is not asked."""


def is_enabled() -> bool:
    return bool(settings.EVIDENCE_LINK_CHECK)


def resolve(host: str) -> list[str]:
    """Return all addresses of a host. Raises OSError."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


def check(
    url: str, *, timeout: float = TIMEOUT, resolver: Resolver = resolve, connect: Connect = connect_to
) -> LinkResult:
    """Ask a link's server whether it opens. Only public addresses are ever spoken to; redirects are no exception.

    Asks the network: call it only where `is_enabled`. `timeout` is in seconds and for everything together.
    """
    deadline = Deadline(timeout)
    status: int | None = None
    try:
        for _ in range(MAX_REDIRECTS + 1):
            parts = _checked(url)
            addresses = _public_addresses(parts, resolver, deadline)
            answer = _asked(parts, addresses, connect, deadline)
            status = answer.status
            if status not in REDIRECTS or not answer.location:
                return _result(parts, status)
            url = _redirected(url, answer.location)
    except (_Refused, BadLink) as error:
        return LinkResult(False, status, str(error))
    except (OSError, HTTPException, ValueError) as error:
        return LinkResult(False, status, _trouble(error))
    return LinkResult(False, status, TOO_MANY)


def _checked(url: str) -> SplitResult:
    parts = urlsplit(clean_url(url))
    if parts.port not in PORTS:
        raise _Refused(BAD_PORT)
    return parts


def _redirected(url: str, location: str) -> str:
    try:
        return clean_url(urljoin(url, location))
    except ValueError as error:
        raise _Refused(BAD_REDIRECT) from error


def _public_addresses(parts: SplitResult, resolver: Resolver, deadline: Deadline) -> Sequence[str]:
    """Look a host up, once; what is found here is what gets connected to."""
    try:
        addresses = _within(deadline, resolver, parts.hostname or "")
    except TimeoutError:
        raise
    except (OSError, UnicodeError) as error:
        raise _Refused(NO_SUCH_HOST) from error
    if not addresses:
        raise _Refused(NO_SUCH_HOST)
    if not all(is_public(address) for address in addresses):
        raise _Refused(INTERNAL)
    return addresses


def _within(deadline: Deadline, resolver: Resolver, host: str) -> Sequence[str]:
    """Call the resolver in a thread of its own: the system's takes no time limit."""
    answers: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()

    def run() -> None:
        try:
            answers.put(resolver(host))
        except Exception as error:
            answers.put(error)

    threading.Thread(target=run, daemon=True).start()
    try:
        answer = answers.get(timeout=deadline.left())
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(answer, Exception):
        raise answer
    return answer


def _asked(parts: SplitResult, addresses: Sequence[str], connect: Connect, deadline: Deadline) -> Answer:
    """Ask with HEAD; with GET where the server does not like that. The last address's trouble is told."""
    trouble: Exception = OSError()
    for address in addresses:
        for method in ("HEAD", "GET"):
            try:
                answer = ask(method, parts, address, deadline=deadline, connect=connect)
            except TimeoutError:
                raise
            except (OSError, HTTPException) as error:
                trouble = error
                continue
            if method == "GET" or answer.status < 400:
                return answer
    raise trouble


def _result(parts: SplitResult, status: int) -> LinkResult:
    if parts.hostname in SIGN_IN_HOSTS or status in {401, 403, 407}:
        return LinkResult(False, status, SIGN_IN)
    if 200 <= status < 300:
        return LinkResult(True, status, OPENS)
    if status in {404, 410}:
        return LinkResult(False, status, NOT_FOUND)
    return LinkResult(False, status, TROUBLED if status >= 500 else OTHER_STATUS)


def _trouble(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return TOO_SLOW
    return BAD_CERTIFICATE if isinstance(error, ssl.SSLError) else UNREACHABLE
