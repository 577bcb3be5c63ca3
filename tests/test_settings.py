"""Configuration: good values are taken as meant, bad ones stop the start."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from zi_portal import env

ROOT = Path(__file__).resolve().parent.parent
PRODUCTION = {
    "SECRET_KEY": "k3Y-" + "qwertyuiopASDFGHJKL0123456789" * 2,
    "ALLOWED_HOSTS": "portal.example",
    "PORTAL_URL": "https://portal.example",
    "DEBUG": "0",
}


def manage(*arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run a management command with these variables and none of the caller's."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=kept | variables, capture_output=True, text=True
    )


def printed_settings(expression: str, **variables: str) -> str:
    """Evaluate an expression over the settings, as a start with these variables reads them."""
    code = f"from zi_portal import settings as s; print({expression})"
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=kept | variables, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("raw", "value"), [("1", True), ("TRUE", True), (" on ", True), ("0", False), ("no", False), ("", True)]
)
def test_flag(monkeypatch: pytest.MonkeyPatch, raw: str, value: bool) -> None:
    monkeypatch.setenv("X", raw)
    assert env.flag("X", True) is value


@pytest.mark.parametrize("raw", ["2", "ya", "tru", "1 0"])
def test_flag_refuses(monkeypatch: pytest.MonkeyPatch, raw: str) -> None:
    monkeypatch.setenv("X", raw)
    with pytest.raises(ImproperlyConfigured, match="X="):
        env.flag("X", False)


@pytest.mark.parametrize(("raw", "value"), [("3", 3), (" 10 ", 10), ("", 7)])
def test_number(monkeypatch: pytest.MonkeyPatch, raw: str, value: int) -> None:
    monkeypatch.setenv("X", raw)
    assert env.number("X", 7, minimum=3) == value


@pytest.mark.parametrize("raw", ["2", "-3", "3.5", "tiga", "٣", "1e3"])
def test_number_refuses(monkeypatch: pytest.MonkeyPatch, raw: str) -> None:
    monkeypatch.setenv("X", raw)
    with pytest.raises(ImproperlyConfigured, match="X="):
        env.number("X", 7, minimum=3)


def test_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", " a.example, ,b.example ")
    assert env.names("X", ["c"]) == ["a.example", "b.example"]
    monkeypatch.delenv("X")
    assert env.names("X", ["c"]) == ["c"]


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///var/portal.sqlite3", "var/portal.sqlite3"),
        ("sqlite:////srv/data/portal.sqlite3", "/srv/data/portal.sqlite3"),
        ("sqlite:////srv/50%25%20penuh/p.sqlite3", "/srv/50% penuh/p.sqlite3"),
        ("sqlite:///:memory:", ":memory:"),
    ],
)
def test_database_sqlite(monkeypatch: pytest.MonkeyPatch, url: str, path: str) -> None:
    monkeypatch.setenv("X", url)
    found = env.database("X", "")
    assert (found["ENGINE"], found["NAME"]) == ("django.db.backends.sqlite3", path)
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert found["OPTIONS"]["timeout"] == 20
    assert "journal_mode=WAL" in found["OPTIONS"]["init_command"]


def test_database_postgres(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", "postgres://zi:p%40ss%2Fword@db.example:5433/portal?sslmode=require")
    found = env.database("X", "")
    assert found["ENGINE"] == "django.db.backends.postgresql"
    assert [found[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")] == [
        "zi",
        "p@ss/word",
        "db.example",
        "5433",
        "portal",
    ]
    assert found["OPTIONS"] == {"sslmode": "require"}


def test_database_postgres_over_the_local_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", "postgresql:///portal")
    found = env.database("X", "")
    assert [found[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")] == ["", "", "", "", "portal"]


@pytest.mark.parametrize(
    "url",
    [
        "mysql://root@localhost/zi",
        "portal.sqlite3",
        "sqlite://",
        "sqlite:///",
        "sqlite://host/portal.sqlite3",
        "sqlite:///portal.sqlite3?mode=ro",
        "sqlite:////srv/a#b.sqlite3",
        "postgres://postgres@127.0.0.1:5432",
        "postgres://postgres@127.0.0.1:tiga/zi",
        "postgres://postgres@127.0.0.1/zi?sslmod=require",
        "postgres://postgres@127.0.0.1/zi?sslmode",
    ],
)
def test_database_refuses(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("X", url)
    with pytest.raises(ImproperlyConfigured, match="X: "):
        env.database("X", "")


def test_production_does_not_start_without_a_secret_key() -> None:
    done = manage("check", ALLOWED_HOSTS="portal.example")
    assert done.returncode == 1
    assert "SECRET_KEY is not set" in done.stderr


def test_production_check_is_clean() -> None:
    done = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert (done.returncode, done.stdout) == (0, "System check identified no issues (2 silenced).\n"), done.stderr


def test_debug_starts_without_any_variable_but_debug() -> None:
    done = manage("check", DEBUG="1")
    assert done.returncode == 0, done.stderr


def test_production_cookies_need_tls_unless_told_otherwise() -> None:
    expression = "[getattr(s, name, False) for name in ('SECURE_SSL_REDIRECT', 'SESSION_COOKIE_SECURE')]"
    assert printed_settings(expression, **PRODUCTION) == "[True, True]"
    assert printed_settings(expression, **PRODUCTION, INSECURE_HTTP="1") == "[False, False]"


def test_default_database_survives_odd_characters_in_the_path(tmp_path: Path) -> None:
    folder = tmp_path / "50% #1?"
    found = printed_settings("s.DATABASES['default']['NAME']", **PRODUCTION, DATA_DIR=str(folder))
    assert found == str(folder / "portal.sqlite3")


def test_collectstatic_accepts_every_file(tmp_path: Path) -> None:
    done = manage("collectstatic", "--noinput", **PRODUCTION, DATA_DIR=str(tmp_path))
    assert done.returncode == 0, done.stderr
    names = {path.name.split(".")[0] for path in (tmp_path / "static" / "vendor").rglob("*.css")}
    assert names == {"bootstrap"}
    assert (tmp_path / "static" / "staticfiles.json").is_file()


def test_readme_lists_every_variable() -> None:
    code = (ROOT / "zi_portal" / "settings.py").read_text()
    readme = (ROOT / "README.md").read_text()
    rows = [line.split("|")[1] for line in readme.splitlines() if line.startswith("| `")]
    listed = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert set(re.findall(r"env\.\w+\(\s*\"(\w+)\"", code)) == listed


def test_the_directory_of_a_new_sqlite_file_is_made(tmp_path: Path) -> None:
    done = manage("check", DEBUG="1", DATA_DIR=str(tmp_path / "new" / "data"))
    assert (done.returncode, (tmp_path / "new" / "data").is_dir()) == (0, True), done.stderr


def test_a_directory_that_cannot_be_made_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = manage("check", DEBUG="1", DATA_DIR=str(tmp_path / "file" / "data"))
    assert done.returncode != 0
    assert "portal.sqlite3 cannot be made: Not a directory." in done.stderr.splitlines()[-1]


def test_evidence_is_a_folder_unless_a_bucket_is_named() -> None:
    service = {"bucket_name": "", "endpoint_url": "https://s3.example", "access_key": ""}
    assert env.evidence_storage(service) == {"BACKEND": "evidence.storage.ContentFileStorage"}
    found = env.evidence_storage(service | {"bucket_name": "bukti"})
    assert found["BACKEND"] == "storages.backends.s3.S3Storage"
    assert found["OPTIONS"] == {
        "bucket_name": "bukti", "endpoint_url": "https://s3.example", "access_key": None, "file_overwrite": True,
    }  # fmt: skip
