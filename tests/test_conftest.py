"""The tests' own safety nets catch what they are there for."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

import conftest


def config(*, passed: int, floor: bool = True) -> Any:
    """Return what `missed_floor` reads of pytest's configuration."""
    reporter = SimpleNamespace(stats={"passed": [None] * passed, "failed": [None]})
    manager = SimpleNamespace(get_plugin=lambda name: reporter)
    return SimpleNamespace(getoption=lambda name: floor, pluginmanager=manager)


def test_floor_counts_passed_tests_of_this_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[connection.vendor]
    (tmp_path / "floor.txt").write_text(f"# database\n{connection.vendor} 3\n{other} 900\n")
    monkeypatch.setattr(conftest, "FLOOR_FILE", tmp_path / "floor.txt")
    assert conftest.missed_floor(config(passed=3)) == ""
    assert conftest.missed_floor(config(passed=2)) == (
        f"2 tests passed on {connection.vendor}, fewer than the floor of 3."
    )
    assert conftest.missed_floor(config(passed=2, floor=False)) == ""


def test_a_missing_program_fails_and_does_not_skip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/nonexistent/chromium")
    with pytest.raises(pytest.fail.Exception, match="/nonexistent/chromium not found"):
        conftest.found_program("CHROMIUM", "sh")
    monkeypatch.delenv("CHROMIUM")
    assert Path(conftest.found_program("CHROMIUM", "sh")).name == "sh"


def test_files_stay_away_from_the_installation(data_dir: Path, tmp_path: Path) -> None:
    default_storage.save("bukti.txt", ContentFile(b"isi"))
    assert (data_dir / "media" / "bukti.txt").read_bytes() == b"isi"
    assert str(settings.DATA_DIR) == str(tmp_path / "data")
    assert Path(settings.STATIC_ROOT).is_dir()
    assert settings.BASE_DIR not in Path(settings.STATIC_ROOT).parents


@pytest.mark.django_db
def test_the_database_is_not_the_installations() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA journal_mode")
            assert cursor.fetchone() == ("wal",)
        else:
            cursor.execute("SELECT current_database()")
            assert cursor.fetchone()[0].startswith("test_")


def test_static_files_reach_the_browser(live_server: Any, page: Any) -> None:
    answer = page.goto(f"{live_server.url}/static/vendor/bootstrap/bootstrap.min.css")
    assert (answer.status, answer.headers["content-type"].split(";")[0]) == (200, "text/css")


@pytest.mark.parametrize("context_options", [{"java_script_enabled": False, "viewport": {"width": 390, "height": 844}}])
def test_context_options(page: Any) -> None:
    page.set_content("<noscript>tanpa</noscript><script>document.body.append('dengan')</script>")
    assert page.inner_text("body") == "tanpa"
    assert page.viewport_size == {"width": 390, "height": 844}


def test_a_page_speaks_indonesian(page: Any) -> None:
    assert page.evaluate("[navigator.language, Intl.DateTimeFormat().resolvedOptions().timeZone]") == [
        "id-ID",
        "Asia/Jakarta",
    ]


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<script>missing()</script>", "script: missing is not defined"),
        ("<img src='http://cdn.example/x.png'>", "foreign host: http://cdn.example/x.png"),
        (
            "<meta http-equiv='Content-Security-Policy' content=\"style-src 'none'\"><p style='color: red'>x",
            "Content Security Policy",
        ),
    ],
)
def test_a_broken_page_is_noticed(browser: Any, html: str, said: str) -> None:
    with browser.new_context() as context:
        context.route("http://cdn.example/**", lambda route: route.abort())
        opened = context.new_page()
        problems = conftest.watched_problems(opened)
        opened.set_content(html)
        opened.wait_for_timeout(100)
        assert len(problems) == 1
        assert said in problems[0]
