"""What may be stored as a link: an address on the web or in the agency's own network, and nothing that hides."""

import re
import unicodedata
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import SplitResult, urlsplit, urlunsplit

from django.utils.encoding import iri_to_uri

MAX_LENGTH = 1000
DEFAULT_PORTS = {"http": 80, "https": 443}
LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")

EMPTY = "Isi tautan, misalnya https://drive.google.com/…"
TOO_LONG = f"Tautan paling panjang {MAX_LENGTH} karakter. Pakai tautan berbagi yang lebih pendek."
BAD_SIGNS = "Tautan memuat spasi atau karakter yang tidak boleh ada. Salin ulang tautannya dari peramban."
BAD_SCHEME = "Tautan harus diawali https:// atau http://."
BAD_HOST = "Nama server pada tautan tidak benar. Salin ulang tautannya dari peramban."
CREDENTIALS = "Tautan tidak boleh memuat nama pengguna atau kata sandi. Hapus bagian sebelum tanda @."


class BadLink(ValueError):
    """A link that is not accepted; the message tells the person why."""


def clean_url(text: str) -> str:
    """Return a link as it is stored: ASCII, host in lower case. Raises BadLink."""
    text = text.strip()
    if not text:
        raise BadLink(EMPTY)
    if any(c == "\\" or unicodedata.category(c)[0] in "CZ" for c in text):
        raise BadLink(BAD_SIGNS)
    try:
        parts = urlsplit(text)
        netloc = _clean_netloc(parts)
    except ValueError as error:  # of an address in brackets, a port, or a host that IDNA has no form for
        raise error if isinstance(error, BadLink) else BadLink(BAD_HOST) from error
    path, query, fragment = (iri_to_uri(part) for part in (parts.path, parts.query, parts.fragment))
    url = urlunsplit((parts.scheme, netloc, path, query, fragment))
    if len(url) > MAX_LENGTH:
        raise BadLink(TOO_LONG)
    return url


def _clean_netloc(parts: SplitResult) -> str:
    if parts.scheme not in DEFAULT_PORTS:
        raise BadLink(BAD_SCHEME)
    if "@" in parts.netloc:
        raise BadLink(CREDENTIALS)
    host = _clean_host(parts.hostname or "")
    if parts.port == 0 or parts.netloc.endswith(":"):
        raise BadLink(BAD_HOST)
    is_default = parts.port in {None, DEFAULT_PORTS[parts.scheme]}
    return host if is_default else f"{host}:{parts.port}"


def _clean_host(host: str) -> str:
    """Return a host name in its ASCII form, or an address; raise ValueError."""
    if "%" in host:
        raise BadLink(BAD_HOST)  # the zone of an address means something on one machine only
    if ":" in host:
        return f"[{IPv6Address(host).compressed}]"
    name = host.encode("idna").decode("ascii").lower()
    labels = name.removesuffix(".").split(".")
    if NUMBER.fullmatch(labels[-1]):
        return str(IPv4Address(name))  # what ends in a number must be one, not an octal or short form of it
    if len(name) > 253 or not all(LABEL.fullmatch(label) for label in labels):
        raise BadLink(BAD_HOST)
    return name
