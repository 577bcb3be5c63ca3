"""The two commands on machines unlike this one: the steps run in a copy, with stand-ins for the system's programs."""

import runpy
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NOT_ROOT = "id() { echo 1000; }\n"
AS_ROOT = "id() { echo 0; }\n"
APT = 'apt-get() { echo "apt-get $*" >>apt.log; }\n'
NO_CHROMIUM = "".join(
    f"{name}() {{ echo 'requires the chromium snap'; return 1; }}\n"
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
)
# Stands for an interpreter: answers every -c, makes an environment of itself, and writes down what pip is asked.
PYTHON = """#!/bin/bash
case "$*" in
    --version) echo "Python 3.12.3" ;;
    "-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
    "-m pip "*) echo "$*" >>pip.log; exit "${PIP_FAILS:-0}" ;;
    *"missing_libraries.py browser") [ ! -e no-libatomic ] || echo libatomic1 ;;
    *"missing_libraries.py pdf") [ -e installed ] || echo "libpango-1.0-0 libpangoft2-1.0-0" ;;
    *print*) echo python3.12-venv ;;
    *ensurepip*) [ ! -e no-ensurepip ] ;;
esac
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the scripts in an otherwise empty project."""
    project = tmp_path / "zi portal"
    shutil.copytree(ROOT / "scripts", project / "scripts")
    (project / "requirements.txt").write_text("Django\n")
    (project / "python").write_text(PYTHON)
    (project / "python").chmod(0o755)
    return project


def shell(project: Path, code: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run code after the shared steps were sourced, from another directory as a person might."""
    source = f"set -euo pipefail; source '{project}/scripts/lib.sh'\n"
    environment = {"PATH": "/usr/bin:/bin", "HOME": "/", **variables}
    return subprocess.run(["bash", "-c", source + code], cwd="/", env=environment, capture_output=True, text=True)


def log(project: Path, name: str) -> list[str]:
    path = project / name
    return path.read_text().splitlines() if path.exists() else []


@pytest.mark.parametrize(("version", "refused"), [((3, 10, 12), True), ((3, 11, 0), False), ((3, 14, 1), False)])
def test_an_old_python_is_refused(copy: Path, version: tuple[int, int, int], refused: bool) -> None:
    code = f"import sys; code = sys.argv[1]; sys.version_info = {version}; exec(code)"
    stands_in = (
        f'python3() {{ if [ "$1" = -c ]; then "{sys.executable}" -c "{code}" "$2"; else echo "Python 3.x"; fi; }}\n'
    )
    others = "".join(f"python3.{minor}() {{ return 1; }}\n" for minor in (11, 12, 13))
    done = shell(copy, stands_in + others + 'found="$(find_python)"; echo "went on with $found"')
    if refused:
        assert (done.returncode, done.stdout) == (1, "")
        assert "Python 3.11 or newer was not found; this is Python 3.x." in done.stderr
    else:
        assert (done.returncode, done.stdout) == (0, "went on with python3\n")


def test_python_can_be_named(copy: Path) -> None:
    assert shell(copy, "find_python", PYTHON=sys.executable).stdout.strip() == sys.executable


def test_packages_without_root_are_named_and_not_installed(copy: Path) -> None:
    done = shell(copy, NOT_ROOT + APT + "apt_install 'the library' liba libb; echo 'went on'")
    assert (done.returncode, done.stdout, log(copy, "apt.log")) == (1, "", [])
    assert "the library is missing" in done.stderr
    assert "sudo apt-get update && sudo apt-get install --no-install-recommends liba libb\n" in done.stderr


def test_packages_as_root_are_installed(copy: Path) -> None:
    done = shell(copy, AS_ROOT + APT + "apt_install 'the library' liba libb")
    assert done.returncode == 0, done.stderr
    assert log(copy, "apt.log") == ["apt-get update -qq", "apt-get install -y -qq --no-install-recommends liba libb"]


def test_a_failing_apt_stops(copy: Path) -> None:
    done = shell(copy, AS_ROOT + "apt-get() { return 100; }\napt_install 'the library' liba; echo 'went on'")
    assert done.returncode == 1
    assert "went on" not in done.stdout
    assert "apt-get could not install liba" in done.stderr


def test_missing_venv_module_names_the_package(copy: Path) -> None:
    (copy / "no-ensurepip").touch()
    done = shell(copy, NOT_ROOT + 'make_venv "$ROOT/python"')
    assert done.returncode == 1
    assert "apt-get install --no-install-recommends python3.12-venv\n" in done.stderr
    assert not (copy / ".venv").exists()


def test_missing_pango_without_root_names_the_packages(copy: Path) -> None:
    done = shell(copy, NOT_ROOT + 'make_venv "$ROOT/python"; need_pango; echo "went on"')
    assert done.returncode == 1
    assert "went on" not in done.stdout
    assert "--no-install-recommends libpango-1.0-0 libpangoft2-1.0-0\n" in done.stderr


def test_missing_pango_as_root_is_installed(copy: Path) -> None:
    apt = 'apt-get() { echo "apt-get $*" >>apt.log; touch installed; }\n'
    done = shell(copy, AS_ROOT + apt + 'make_venv "$ROOT/python"; need_pango; need_pango')
    assert done.returncode == 0, done.stderr
    assert log(copy, "apt.log") == [
        "apt-get update -qq",
        "apt-get install -y -qq --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0",
    ]


SET_UP = 'lock_setup; make_venv "$ROOT/python"; install_requirements requirements.txt; unlock_setup'


def test_packages_are_installed_once_for_the_same_requirements(copy: Path) -> None:
    for _ in range(2):
        done = shell(copy, SET_UP)
        assert done.returncode == 0, done.stderr
    assert len(log(copy, "pip.log")) == 1
    (copy / "requirements.txt").write_text("Django\nopenpyxl\n")
    shell(copy, SET_UP)
    assert len(log(copy, "pip.log")) == 2
    assert not (copy / ".venv" / ".unfinished").exists()


def test_an_interrupted_installation_starts_anew(copy: Path) -> None:
    killed = shell(copy, SET_UP, PIP_FAILS="1")
    assert killed.returncode == 1
    assert "pip could not install requirements.txt" in killed.stderr
    (copy / ".venv" / "half").touch()
    done = shell(copy, SET_UP)
    assert "making .venv anew" in done.stdout
    assert not (copy / ".venv" / "half").exists()
    assert len(log(copy, "pip.log")) == 2
    assert "anew" not in shell(copy, SET_UP).stdout


def test_a_broken_environment_is_made_anew(copy: Path) -> None:
    shell(copy, SET_UP)
    (copy / ".venv" / "bin" / "python").unlink()
    assert ".venv does not work any more" in shell(copy, SET_UP).stdout
    assert len(log(copy, "pip.log")) == 2


def test_a_second_set_up_waits_for_the_first(copy: Path) -> None:
    first = "lock_setup; (sleep 0.5; echo first >>order.log; exec 9>&-) & exec 9>&-\n"
    second = 'source "$ROOT/scripts/lib.sh"; lock_setup; echo second >>order.log\n'
    assert "waiting for it" in shell(copy, first + second + "wait").stdout
    assert log(copy, "order.log") == ["first", "second"]


CHROMIUM = 'make_venv "$ROOT/python"; need_chromium'


def test_a_missing_library_of_the_browser_tests_is_named(copy: Path) -> None:
    (copy / "no-libatomic").touch()
    done = shell(copy, NOT_ROOT + APT + CHROMIUM, CHROMIUM="/bin/true")
    assert (done.returncode, log(copy, "apt.log")) == (1, [])
    assert "--no-install-recommends libatomic1\n" in done.stderr


def test_chromium_on_ubuntu_says_what_to_do(copy: Path) -> None:
    (copy / "os-release").write_text("ID=ubuntu\n")
    done = shell(copy, AS_ROOT + APT + NO_CHROMIUM + CHROMIUM, OS_RELEASE=str(copy / "os-release"))
    assert (done.returncode, log(copy, "apt.log")) == (1, [])
    assert "sudo snap install chromium" in done.stderr


def test_chromium_on_debian_is_installed_and_tried(copy: Path) -> None:
    (copy / "os-release").write_text("ID=debian\n")
    apt = 'apt-get() { echo "apt-get $*" >>apt.log; chromium() { echo "Chromium 140.0"; }; }\n'
    done = shell(
        copy,
        AS_ROOT + apt + NO_CHROMIUM + CHROMIUM + '; echo "$CHROMIUM"',
        OS_RELEASE=str(copy / "os-release"),
    )
    assert done.stdout.splitlines()[-1] == "chromium", done.stderr
    assert log(copy, "apt.log")[-1] == "apt-get install -y -qq --no-install-recommends chromium"


def test_a_wrong_chromium_is_refused(copy: Path) -> None:
    done = shell(copy, AS_ROOT + APT + CHROMIUM, CHROMIUM="/bin/true")
    assert (done.returncode, log(copy, "apt.log")) == (1, [])
    assert "CHROMIUM=/bin/true is not a Chromium that runs." in done.stderr


def test_run_stops_at_a_taken_port_before_anything_else(copy: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            ["bash", copy / "scripts" / "run"],
            env={"PATH": "/usr/bin:/bin", "PYTHON": sys.executable, "PORT": port},
            capture_output=True,
            text=True,
        )
    assert (done.returncode, done.stdout) == (1, "")
    assert f"cannot be served on 127.0.0.1:{port}: another program is using it" in done.stderr
    assert sorted(path.name for path in copy.iterdir()) == ["python", "requirements.txt", "scripts"]


def test_run_starts_a_worker_as_a_child_of_the_server(copy: Path) -> None:
    """The shell becomes the server, so the worker sees its end; a shell between them would outlive it."""
    stands_in = PYTHON.replace('case "$*" in\n', 'case "$*" in\n' + (
        '    *job_worker*) echo "worker $PPID $*" >>served.log ;;\n'
        '    *gunicorn*) while ! grep -q worker served.log; do sleep 0.01; done; echo "server $$" >>served.log ;;\n'
    ))  # fmt: skip
    (copy / "python").write_text(stands_in)
    (copy / "installed").touch()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
    environment = {"PATH": "/usr/bin:/bin", "PYTHON": str(copy / "python"), "PORT": port, "DEBUG": "1"}
    done = subprocess.run(["bash", copy / "scripts" / "run"], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    worker, server = sorted(log(copy, "served.log"), reverse=True)
    assert worker.split()[1] == server.split()[1]
    assert worker.endswith("manage.py job_worker --end-with-parent")


def test_libraries_are_tried_by_loading_them() -> None:
    script = runpy.run_path(str(ROOT / "scripts" / "missing_libraries.py"))
    assert [script["loads"](name) for name in ("libc.so.6", "libtidakada.so.1")] == [True, False]
    wanted = [name for group in script["PACKAGES"].values() for name in group]
    assert [name for name in wanted if not script["loads"](name)] == []


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1", ""])
def test_a_wrong_port_is_refused(port: str) -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "port_problem.py", "127.0.0.1", port], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, "PORT must be a number from 1 to 65535")


def test_a_free_port_is_no_problem() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "port_problem.py", "127.0.0.1", port], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_missing_postgresql_stops_the_checks() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    done = subprocess.run(
        [sys.executable, ROOT / ".ci" / "check_postgresql.py", f"postgres://postgres:rahasia@127.0.0.1:{port}/zi"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "the tests on PostgreSQL cannot run" in done.stderr
    assert "rahasia" not in done.stderr
