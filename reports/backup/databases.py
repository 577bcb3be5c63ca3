"""Copying a database whole and consistent, and putting it back: SQLite by its own backup, PostgreSQL by pg_dump."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

PROGRAMS = "It comes with PostgreSQL's client programs: sudo apt-get install postgresql-client"
BLOBS = "SELECT sha256 FROM evidence_blob ORDER BY sha256"


class DatabaseTrouble(Exception):
    """The database cannot be copied or put back; the text says why."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What stands in a copy: the hashes of all evidence that it refers to, and its migrations."""

    blobs: list[str]
    migrations: list[str]


def copy_to(path: Path) -> Copied:
    """Write the whole database to a file as it is at one moment, while others go on writing. Raises DatabaseTrouble."""
    return _copy_sqlite(path) if connection.vendor == "sqlite" else _copy_postgresql(path)


def _copy_sqlite(path: Path) -> Copied:
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file alone, without a log beside it
        return Copied([row[0] for row in copy.execute(BLOBS)], _migrations())


def _copy_postgresql(path: Path) -> Copied:
    """Dump one snapshot, in which the evidence is listed too."""
    program = _program("pg_dump")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={path}"]
        _run([program, *options, *_target()])
        cursor.execute(BLOBS)
        blobs = [row[0] for row in cursor.fetchall()]
        return Copied(blobs, _migrations())


def _migrations() -> list[str]:
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def need_programs() -> None:
    """Raise DatabaseTrouble if a program is missing that putting back needs."""
    if connection.vendor == "postgresql":
        _program("pg_restore")
        _program("psql")


def check_copy(path: Path) -> None:
    """Look at a copy before it replaces anything. Raises DatabaseTrouble."""
    if connection.vendor == "postgresql":
        _run([_program("pg_restore"), "--list", str(path)])
        return
    try:
        with closing(sqlite3.connect(path)) as copy:
            found = copy.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise DatabaseTrouble(f"The database in the backup cannot be opened: {error}.") from error
    if found != "ok":
        raise DatabaseTrouble(f"The database in the backup is damaged: {found}.")


def put_back(path: Path) -> None:
    """Replace everything in the database by a copy, in one step: it fails whole or not at all."""
    if connection.vendor == "postgresql":
        _put_back_postgresql(path)
        return
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        copy.backup(connection.connection)
    connection.close()


def _put_back_postgresql(path: Path) -> None:
    """Feed one transaction to psql: the tables that are there go, those of the copy come."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    quoted = ", ".join(connection.ops.quote_name(table) for table in tables)
    connection.close()  # a lock of ours would keep psql waiting
    with _written_out(path) as script:
        text = f"DROP TABLE IF EXISTS {quoted} CASCADE;\n" if tables else ""
        command = [_program("psql"), "--quiet", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1"]
        drop = script.with_suffix(".drop.sql")
        drop.write_text(text)
        _run([*command, f"--file={drop}", f"--file={script}", "--output=/dev/null", *_target()])


@contextmanager
def _written_out(path: Path) -> Iterator[Path]:
    script = path.with_suffix(".sql")
    options = ["--no-owner", "--no-privileges", f"--file={script}"]
    _run([_program("pg_restore"), *options, str(path)])
    yield script


def is_empty() -> bool:
    """Tell whether nobody has used this installation yet: no tables, or no user and no unit in them."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for table in {"accounts_user", "accounts_unit"} & tables:
            cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1")  # noqa: S608  two fixed names
            if cursor.fetchone():
                return False
    return True


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise DatabaseTrouble(f"{name} was not found. {PROGRAMS}")
    return found


def _target() -> list[str]:
    return [f"--dbname={connection.settings_dict['NAME']}"]


def _run(command: list[str]) -> None:
    """Run a program of PostgreSQL on our database. Raises DatabaseTrouble with what it says."""
    settings: dict[str, Any] = connection.settings_dict
    options = settings.get("OPTIONS", {})
    given = {
        "PGHOST": settings["HOST"], "PGPORT": settings["PORT"], "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"], "PGSSLMODE": options.get("sslmode"),
        "PGSSLROOTCERT": options.get("sslrootcert"), "PGOPTIONS": "--client-min-messages=warning",
    }  # fmt: skip
    environment = os.environ | {name: str(value) for name, value in given.items() if value}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise DatabaseTrouble(f"{Path(command[0]).name}: {done.stderr.strip()[:2000]}")
