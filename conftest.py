"""Fixtures of every test: files and database in temporary places, a browser, LibreOffice, a floor under the count."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import override_settings
from pytest_django import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytest_plugins = ["assessment.tests.fixtures", "evidence.tests.fixtures"]

CHROMIUM_ARGS = [
    "--no-sandbox",  # CI runs as root, where Chromium's sandbox does not start
    "--disable-gpu",
    # The rest keeps Chromium from calling its maker's hosts, which closed networks refuse.
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PAGE_TIMEOUT_MS = 20_000
FLOOR_FILE = Path(__file__).parent / "tests" / "floor.txt"


@pytest.fixture(scope="session", autouse=True)
def empty_static_root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let STATIC_ROOT exist: WhiteNoise warns about a missing directory, and a warning is an error here."""
    with override_settings(STATIC_ROOT=tmp_path_factory.mktemp("static")):
        yield


@pytest.fixture(autouse=True)
def data_dir(settings: Settings, tmp_path: Path) -> Path:
    """Keep the files of a test away from those of the installation and of other tests."""
    settings.DATA_DIR = tmp_path / "data"
    settings.MEDIA_ROOT = settings.DATA_DIR / "media"
    return settings.DATA_DIR


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    tmp_path_factory: pytest.TempPathFactory, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """Test SQLite in a file, as it runs in service.

    Threads share one connection to a database in memory, so WAL, IMMEDIATE and busy timeout would go untested.
    """
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("db") / "test.sqlite3")


def found_program(variable: str, *names: str) -> str:
    """Return the path of a program, or fail the test: one that is skipped would prove nothing."""
    wanted = [os.environ[variable]] if os.environ.get(variable) else list(names)
    for name in wanted:
        if path := shutil.which(name):
            return path
    pytest.fail(f"{' or '.join(wanted)} not found. scripts/test installs it; {variable} names another one.")


@pytest.fixture(scope="session")
def soffice() -> str:
    """Return the path of LibreOffice's command. Tests that ask for it are marked `libreoffice`."""
    return found_program("SOFFICE", "soffice", "libreoffice")


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """Start one headless Chromium for the session. Tests that ask for it are marked `browser`."""
    from playwright.sync_api import sync_playwright

    executable = found_program("CHROMIUM", "/usr/bin/chromium", "chromium", "google-chrome")
    with pytest.MonkeyPatch.context() as patch:
        # Playwright keeps an event loop running in the test's thread, where Django would refuse its database.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        with sync_playwright() as playwright:
            started = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_ARGS)
            yield started
            started.close()


@pytest.fixture
def context_options() -> dict[str, Any]:
    """Return options for the browser's context; parametrise to change them.

    For example `@pytest.mark.parametrize("context_options", [{"java_script_enabled": False}])`
    or `[{"viewport": {"width": 390, "height": 844}}]`.
    """
    return {}


@pytest.fixture
def page(browser: "Browser", context_options: dict[str, Any]) -> "Iterator[Page]":
    """Open a page in a context of its own.

    The test fails if a script broke, CSP refused something or a foreign host was asked.
    """
    context = browser.new_context(locale="id-ID", timezone_id="Asia/Jakarta", **context_options)
    context.set_default_timeout(PAGE_TIMEOUT_MS)
    opened = context.new_page()
    problems = watched_problems(opened)
    yield opened
    context.close()
    if problems:
        pytest.fail("; ".join(problems))


def watched_problems(page: "Page") -> list[str]:
    """Return a list that fills with what must never happen on a page of the portal."""
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(f"script: {error}"))
    page.on("console", lambda line: problems.append(line.text) if "Content Security Policy" in line.text else None)
    page.on("request", lambda request: problems.extend(foreign(request.url)))
    return problems


def foreign(url: str) -> list[str]:
    parts = urlsplit(url)
    here = parts.scheme not in {"http", "https", "ws", "wss"} or parts.hostname in {"localhost", "127.0.0.1"}
    return [] if here else [f"foreign host: {url}"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by what they need, so that `-m "not browser"` is always right.

    A failed browser test is run once more and counted as "rerun" in the summary: Chromium on a machine that does
    much else can be late beyond any timeout. A fault of the portal fails it both times.
    """
    for item in items:
        names = getattr(item, "fixturenames", [])
        if "browser" in names:
            item.add_marker("browser")
            item.add_marker(pytest.mark.flaky(reruns=1))
        if "soffice" in names:
            item.add_marker("libreoffice")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--floor", action="store_true", help="fail when fewer tests passed than tests/floor.txt asks for")


def missed_floor(config: pytest.Config) -> str:
    """Say by how much the count of passed tests misses the floor of this database; empty if it does not."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if not config.getoption("floor") or reporter is None:
        return ""
    floors = dict(line.split() for line in FLOOR_FILE.read_text().splitlines() if not line.startswith("#"))
    passed, floor = len(reporter.stats.get("passed", [])), int(floors[connection.vendor])
    return "" if passed >= floor else f"{passed} tests passed on {connection.vendor}, fewer than the floor of {floor}."


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run that lost tests: tests that are no longer collected look green."""
    if session.exitstatus == pytest.ExitCode.OK and missed_floor(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if message := missed_floor(config):
        terminalreporter.write_line(f"{FLOOR_FILE.name}: {message}", red=True)
