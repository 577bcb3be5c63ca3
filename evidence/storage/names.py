"""Where content lies inside the store: two levels of folders, then the whole SHA-256."""

import re
import secrets

SHA256 = re.compile(r"[0-9a-f]{64}")
STORED = re.compile(r"([0-9a-f]{2})/([0-9a-f]{2})/(\1\2[0-9a-f]{60})")
ASIDE = re.compile(r"(.{70})\.[0-9a-f]{16}\.aside")


def name_of(sha256: str) -> str:
    """Return the name of content in the store; raise ValueError for anything that is no SHA-256."""
    if not SHA256.fullmatch(sha256):
        raise ValueError(f"Not a SHA-256: {sha256!r}")
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def sha256_of(name: str) -> str:
    """Return the SHA-256 that a name in the store stands for; empty if it is none of ours."""
    match = STORED.fullmatch(name)
    return match[3] if match else ""


def aside_name(name: str) -> str:
    """Return a new name beside `name`.

    Never the same twice: two that reclaim at once must not remove what the other has set aside.
    """
    return f"{name}.{secrets.token_hex(8)}.aside"


def name_of_aside(aside: str) -> str:
    """Return the name that something was set aside from; empty if it was not."""
    match = ASIDE.fullmatch(aside)
    return match[1] if match and sha256_of(match[1]) else ""
