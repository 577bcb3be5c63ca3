"""Backup and restore on the database that the tests run on: all comes back, and nothing is replaced by a bad file."""

import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from pytest_django import Settings

from accounts.models import Unit, User
from assessment.models import Answer, Event
from assessment.tests.factories import UserFactory, answer, opened
from evidence import storage
from evidence.models import Blob
from evidence.tests.factories import attachment
from reports.backup import archive, databases
from reports.backup.archive import MANIFEST, Reader, Unusable

from .test_kill import ROOT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("instrument", "media")]


@pytest.fixture(autouse=True)
def recorded_migrations(settings: Settings) -> None:
    """Let the database and the commands know the migrations where the tests run with `--no-migrations`."""
    settings.MIGRATION_MODULES = {}
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    for app, name in MigrationLoader(None).disk_migrations.keys() - recorder.applied_migrations().keys():
        recorder.record_applied(app, name)


@pytest.fixture
def backup(tmp_path: Path, data_dir: Path) -> Path:
    """Return a backup of a portal with an answer, a document and a picture of the news."""
    row = opened()
    answer(row, "A.I.1.i.a", choice="Y", note="dari cadangan")
    attachment(row)
    picture = data_dir / "media" / "berita" / "foto.png"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(b"gambar")
    (data_dir / "media" / "incoming").mkdir(exist_ok=True)
    (data_dir / "media" / "incoming" / "in-x.part").write_bytes(b"setengah")
    path = tmp_path / "cadangan.zip"
    call_command("backup", "-o", path)
    return path


def counts() -> list[int]:
    return [model.objects.count() for model in (User, Unit, Answer, Event, Blob)]


def rewritten(path: Path, change: dict[str, bytes | None]) -> Path:
    """Return a copy of a backup with some members changed, or left out."""
    target = path.with_name("lain.zip")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as made:
        for name in [*source.namelist(), *(change.keys() - set(source.namelist()))]:
            content = change[name] if name in change else source.read(name)
            if content is not None:
                made.writestr(name, content)
    return target


def test_everything_comes_back(backup: Path, data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, blob = counts(), Blob.objects.get()
    assert backup.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(backup) as made:
        assert set(made.namelist()) == {
            archive.DATABASES[connection.vendor], f"evidence/{blob.sha256}", "media/berita/foto.png", MANIFEST,
        }  # fmt: skip
    answer(opened(), "A.I.1.i.a", choice="T")
    Answer.objects.filter(note="dari cadangan").update(note="sesudahnya")
    shutil.rmtree(data_dir / "media")
    call_command("restore", backup, "--replace")
    assert counts() == before
    assert Answer.objects.get().note == "dari cadangan"
    assert storage.verify(blob.sha256) == storage.Health.OK
    assert (data_dir / "media" / "berita" / "foto.png").read_bytes() == b"gambar"
    assert UserFactory().pk > max(User.objects.exclude(username="").values_list("pk", flat=True)) - 1
    assert "files restored as they were at" in capsys.readouterr().out
    assert [path.name for path in data_dir.iterdir() if path.name.startswith(".restore")] == []


def test_an_installation_in_use_is_not_replaced_unasked(backup: Path) -> None:
    UserFactory()
    before = counts()
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("restore", backup)
    assert counts() == before


def flipped(content: bytes) -> bytes:
    return content[:-1] + bytes([content[-1] ^ 1])


@pytest.mark.parametrize(
    "damage", ["database", "evidence", "left-out", "added", "escaping", "newer", "other", "no-zip", "half"]
)
def test_a_bad_backup_replaces_nothing(backup: Path, data_dir: Path, damage: str) -> None:
    with zipfile.ZipFile(backup) as made:
        members = {name: made.read(name) for name in made.namelist()}
    manifest = json.loads(members[MANIFEST])
    database = manifest["files"] and archive.DATABASES[connection.vendor]
    evidence = next(name for name in members if name.startswith("evidence/"))
    changes: dict[str, dict[str, bytes | None]] = {
        "database": {database: flipped(members[database])},
        "evidence": {evidence: flipped(members[evidence])},
        "left-out": {evidence: None},
        "added": {"media/lain": b"x"},
        "escaping": {"media/../../x": b"x", MANIFEST: as_manifest(manifest, files={
            **manifest["files"], "media/../../x": {"sha256": archive.hashlib.sha256(b"x").hexdigest(), "size": 1},
        })},
        "newer": {MANIFEST: as_manifest(manifest, migrations=[*manifest["migrations"], "assessment.9999_later"])},
        "other": {MANIFEST: as_manifest(manifest, vendor="postgresql" if connection.vendor == "sqlite" else "sqlite")},
    }  # fmt: skip
    bad = rewritten(backup, changes.get(damage, {}))
    if damage in {"no-zip", "half"}:
        bad.write_bytes(b"bukan zip" if damage == "no-zip" else backup.read_bytes()[: backup.stat().st_size // 2])
    UserFactory()
    shutil.rmtree(data_dir / "media")
    before = counts()
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("restore", bad, "--replace")
    assert counts() == before
    assert not (data_dir / "media" / "berita").exists()
    assert not (data_dir / "x").exists()


def as_manifest(manifest: dict[str, object], **changed: object) -> bytes:
    return json.dumps(manifest | changed).encode()


def test_missing_evidence_is_named_and_the_rest_is_backed_up(tmp_path: Path) -> None:
    row = opened()
    attachment(row)
    attachment(row, "A.I.1.i.b")
    lost = Blob.objects.order_by("sha256").first()
    assert lost is not None
    Path(storage.content.content_storage().path(storage.name_of(lost.sha256))).unlink()
    path = tmp_path / "cadangan.zip"
    with pytest.raises(CommandError, match=lost.sha256):
        call_command("backup", "-o", path)
    with path.open("rb") as file:
        reader = Reader(file)
        reader.check()
        assert reader.manifest.lacking == [lost.sha256]
        assert sum(name.startswith("evidence/") for name in reader.manifest.files) == 1


def test_a_failed_backup_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "cadangan.zip"
    path.write_bytes(b"yang lama")

    def broken(target: Path) -> None:
        raise databases.DatabaseTrouble("pg_dump was not found.")

    monkeypatch.setattr("reports.backup.making.copy_to", broken)
    with pytest.raises(CommandError, match="cannot be copied"):
        call_command("backup", "-o", path)
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == ["cadangan.zip"]
    assert path.read_bytes() == b"yang lama"


def test_a_missing_program_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases.shutil, "which", lambda name: None)
    with pytest.raises(databases.DatabaseTrouble, match="pg_dump was not found"):
        databases._program("pg_dump")


def test_a_database_that_cannot_be_put_back_leaves_the_old_one(backup: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The manifest says that all is well, the database itself does not."""
    with zipfile.ZipFile(backup) as made:
        manifest = json.loads(made.read(MANIFEST))
    name = archive.DATABASES[connection.vendor]
    manifest["files"][name] = {"sha256": archive.hashlib.sha256(b"rusak").hexdigest(), "size": 5}
    bad = rewritten(backup, {name: b"rusak", MANIFEST: as_manifest(manifest)})
    before = counts()
    with pytest.raises(CommandError, match="The database was left as it was"):
        call_command("restore", bad, "--replace")
    assert counts() == before


@pytest.fixture
def fresh_database(tmp_path: Path) -> Iterator[str]:
    """Return the address of a new, empty database of the kind that the tests run on."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path / 'baru.sqlite3'}"
        return
    given = connection.settings_dict
    name = f"zi_restore_{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name}")
    who = f"{quote(given['USER'])}:{quote(given['PASSWORD'])}" if given["PASSWORD"] else quote(given["USER"])
    yield f"postgres://{who}@{given['HOST']}:{given['PORT'] or 5432}/{name}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def test_an_empty_machine_becomes_the_old_one(backup: Path, tmp_path: Path, fresh_database: str) -> None:
    environment = {
        "PATH": os.environ["PATH"], "DEBUG": "1", "DATA_DIR": str(tmp_path / "mesin"), "DATABASE_URL": fresh_database,
    }  # fmt: skip

    def manage(*arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)

    done = manage("restore", str(backup))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "mesin" / "media" / "berita" / "foto.png").read_bytes() == b"gambar"
    again = manage("restore", str(backup))
    assert (again.returncode, "has users or units" in again.stderr) == (1, True)
    found = manage("evidence_audit")
    assert found.returncode == 0, found.stdout + found.stderr
    unit = Unit.objects.get()
    score = json.loads(manage("lke_score", unit.code, "--year", "2026").stdout)
    assert score["unit"] == unit.code


def test_a_beginning_of_a_backup_is_no_backup() -> None:
    for content in (b"", b"PK", b"PK\x03\x04" + b"x" * 100):
        with pytest.raises(Unusable):
            Reader(io.BytesIO(content))
