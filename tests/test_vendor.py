"""The files of others are exactly those that were fetched, and nothing in them points outside."""

import hashlib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = [ROOT / "static" / "vendor", ROOT / "tests" / "vendor"]
OURS = {"SHA256SUMS", "README.md", ".gitattributes"}


def recorded(folder: Path) -> dict[str, str]:
    lines = (folder / "SHA256SUMS").read_text().splitlines()
    return {name: digest for digest, name in (line.split(maxsplit=1) for line in lines)}


def present(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file() and path.name not in OURS]
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.parametrize("folder", FOLDERS, ids=str)
def test_every_file_is_the_recorded_one(folder: Path) -> None:
    assert present(folder) == recorded(folder)


def test_every_package_has_its_licence() -> None:
    folders = [path for path in FOLDERS[0].iterdir() if path.is_dir()]
    assert [path.name for path in folders if not (path / "LICENSE").is_file()] == []
    assert sorted(path.name for path in folders) == ["bootstrap", "htmx", "icons", "source-sans"]


def test_no_file_refers_to_a_source_map() -> None:
    served = [*FOLDERS[0].rglob("*.js"), *FOLDERS[0].rglob("*.css")]
    assert len(served) == 3
    assert [path.name for path in served if "sourceMappingURL" in path.read_text(encoding="utf-8")] == []
