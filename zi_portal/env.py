"""Typed reading of environment variables: a bad value stops the start, it is never guessed at."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}

# WAL and IMMEDIATE together: with deferred transactions concurrent writers fail with
# "database is locked" whatever the busy timeout (docs/decisions/0003-sqlite.md).
SQLITE_OPTIONS = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA mmap_size=134217728;PRAGMA cache_size=-8000;"
    ),
}

POSTGRES_OPTIONS = {"sslmode", "sslrootcert", "connect_timeout"}


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def flag(name: str, default: bool) -> bool:
    """Read a yes/no value; raise ImproperlyConfigured for anything else."""
    raw = text(name).lower()
    if not raw:
        return default
    if raw not in TRUE | FALSE:
        raise ImproperlyConfigured(f"{name}={raw!r}: expected one of 1, 0, true, false, yes, no.")
    return raw in TRUE


def number(name: str, default: int, *, minimum: int = 0) -> int:
    """Read a whole number of at least `minimum`; raise ImproperlyConfigured for anything else."""
    raw = text(name)
    if not raw:
        return default
    if not raw.isascii() or not raw.isdigit() or int(raw) < minimum:
        raise ImproperlyConfigured(f"{name}={raw!r}: expected a whole number >= {minimum}.")
    return int(raw)


def names(name: str, default: list[str]) -> list[str]:
    """Read a comma-separated list."""
    raw = text(name)
    return [part.strip() for part in raw.split(",") if part.strip()] if raw else default


def database(name: str, default: str) -> dict[str, Any]:
    """Turn `sqlite:///path` or `postgres://user:password@host:port/name` into Django's settings.

    A part that would be dropped silently, such as an unknown `?option=`, is refused.
    """
    parts = urlsplit(text(name, default))
    if parts.fragment:
        raise ImproperlyConfigured(f"{name}: write # as %23.")
    if parts.scheme == "sqlite":
        return _sqlite(name, parts)
    if parts.scheme in {"postgres", "postgresql"}:
        return _postgres(name, parts)
    raise ImproperlyConfigured(f"{name}: scheme {parts.scheme!r} is neither sqlite nor postgres.")


def _sqlite(name: str, parts: SplitResult) -> dict[str, Any]:
    path = unquote(parts.path).removeprefix("/")
    if not path or parts.netloc or parts.query:
        raise ImproperlyConfigured(f"{name}: expected sqlite:///file or sqlite:////absolute/file.")
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": SQLITE_OPTIONS,
        "CONN_MAX_AGE": 600,
    }


def _postgres(name: str, parts: SplitResult) -> dict[str, Any]:
    dbname = unquote(parts.path.lstrip("/"))
    if not dbname:
        raise ImproperlyConfigured(f"{name}: the database's name is missing.")
    try:
        port = parts.port
        options = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}") from error
    if unknown := options.keys() - POSTGRES_OPTIONS:
        raise ImproperlyConfigured(f"{name}: unknown option {', '.join(sorted(unknown))}.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": dbname,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


def make_room_for(database: dict[str, Any]) -> None:
    """Make the directory of an SQLite file, so that the first `migrate` in a fresh checkout works."""
    name = str(database["NAME"])
    if not database["ENGINE"].endswith("sqlite3") or name == ":memory:":
        return
    try:
        Path(name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"The directory of {name} cannot be made: {error.strerror}.") from error


def evidence_storage(service: dict[str, str]) -> dict[str, Any]:
    """Return the storage of evidence: a folder in MEDIA_ROOT, or the S3-compatible service if it names a bucket.

    `service` has options of django-storages; an empty one is left to its default, keys to where boto3 finds them.
    """
    if not service["bucket_name"]:
        return {"BACKEND": "evidence.storage.ContentFileStorage"}
    options = {name: value or None for name, value in service.items()}
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options | {"file_overwrite": True}}
