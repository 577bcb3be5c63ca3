"""The instruments that come with the portal: the fixture files that hold them."""

import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from .instrument_check import problems_of_rows
from .instrument_rows import InstrumentKey, Row, model_of, owner_of


class BrokenFixture(ValueError):
    """A file cannot be read as a fixture."""


@dataclass(frozen=True, slots=True)
class Bundled:
    """One instrument on disk: its files in loading order and all their rows."""

    key: InstrumentKey
    paths: tuple[Path, ...]
    rows: tuple[Row, ...]

    @property
    def problems(self) -> list[str]:
        return problems_of_rows(self.rows, bundled=True)


def bundled_instruments(directories: list[Path] | None = None) -> list[Bundled]:
    """Read the instruments in the fixture directories, oldest version first; raise BrokenFixture.

    A file is an instrument's if it holds any of an instrument's rows; files of other fixtures are passed over.
    """
    paths: dict[InstrumentKey, list[Path]] = defaultdict(list)
    rows: dict[InstrumentKey, list[Row]] = defaultdict(list)
    for directory in settings.FIXTURE_DIRS if directories is None else directories:
        for path in sorted(Path(directory).glob("*.json")):
            content = _content(path)
            if not any(model_of(row) for row in content):
                continue
            key = _only_owner(path, content)
            paths[key].append(path)
            rows[key] += content
    return [Bundled(key, tuple(paths[key]), tuple(rows[key])) for key in sorted(rows)]


def newest_bundled(directories: list[Path] | None = None) -> Bundled:
    """Return the bundled instrument in force: the one with the latest year, then the highest version."""

    def age(found: Bundled) -> tuple[int, int]:
        year = next(row["fields"]["year"] for row in found.rows if model_of(row) == "instrument")
        return year, found.key[1]

    return max(bundled_instruments(directories), key=age)


def _content(path: Path) -> list[Any]:
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise BrokenFixture(f"{path.name}: {error}") from error
    if not isinstance(content, list):
        raise BrokenFixture(f"{path.name}: not a list of rows")
    return content


def _only_owner(path: Path, content: list[Any]) -> InstrumentKey:
    # A row of another kind, or of a second instrument, would be loaded and replaced unseen.
    if not all(model_of(row) for row in content):
        raise BrokenFixture(f"{path.name}: rows that are no part of an instrument")
    try:
        owners = {owner_of(row) for row in content}
    except ValueError as error:
        raise BrokenFixture(f"{path.name}: {error}") from error
    if len(owners) != 1:
        raise BrokenFixture(f"{path.name}: rows of {len(owners)} instruments instead of one")
    return owners.pop()
