"""PortalRB's question list, read into plain frozen data and refused where its shape is not the agreed one. Pure.

Source: PortalRB integration guide 1.0.0 (2026): `{"tahun", "total_soal", "data": [node]}`.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from .instrument_check import KEYS
from .portalrb_text import bare, plain, unnumbered
from .worksheet import INDEX, PCT

SIZE_LIMIT = 5 * 1024 * 1024
DEPTH_LIMIT = 8
SOAL_LIMIT = 1000
TITLE_LIMIT = 3000
TEXT_LIMIT = 20_000
INTEGER_LIMIT = 2_147_483_647  # what a column holds
SHOWN_PROBLEMS = 40
COUNT = "COUNT"
LEVELS = {"komponen": 0, "sub_komponen": 1, "area_perubahan": 2, "sub_area": 3}
_KINDS = {
    "yatidak": "YN",
    "yt": "YN",
    "yn": "YN",
    "abc": "ABC",
    "abcd": "ABCD",
    "abcde": "ABCDE",
    "jumlah": COUNT,
    "04": INDEX,
    "persentase": PCT,
    "persen": PCT,
}


class UnusableList(ValueError):
    """The list cannot become an instrument; `problems` says why."""

    def __init__(self, problems: list[str]) -> None:
        more = len(problems) - SHOWN_PROBLEMS
        self.problems = problems[:SHOWN_PROBLEMS] + ([f"… and {more} more"] if more > 0 else [])
        super().__init__("; ".join(self.problems))


@dataclass(frozen=True, slots=True)
class Option:
    """One entry of `skema_penilaian`; `text` is "" where it only repeats the key."""

    key: str
    text: str
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class Soal:
    """One answerable row; `kind` is an answer type of ours or COUNT."""

    id: int
    text: str
    rubric: str
    kind: str
    weight: Decimal | None
    options: tuple[Option, ...]
    row: int | None
    path: str


@dataclass(frozen=True, slots=True)
class Branch:
    name: str
    level: str
    weight: Decimal | None
    path: str
    children: tuple["Branch", ...] = ()
    soals: tuple[Soal, ...] = ()

    def all_soals(self) -> Iterator[Soal]:
        """Yield the rows in and below the branch; one alone in a branch below may get its weight from there."""
        yield from self.soals
        for child in self.children:
            rows = list(child.all_soals())
            alone = len(rows) == 1 and rows[0].weight is None
            yield from (replace(row, weight=child.weight) if alone else row for row in rows)


@dataclass(frozen=True, slots=True)
class QuestionList:
    year: int | None
    total: int | None
    roots: tuple[Branch, ...]

    def all_soals(self) -> list[Soal]:
        return [soal for root in self.roots for soal in root.all_soals()]


def read_list(content: bytes) -> QuestionList:
    """Read the bytes of a list; raise UnusableList with everything that is wrong with its shape."""
    if len(content) > SIZE_LIMIT:
        raise UnusableList([f"the file is larger than {SIZE_LIMIT // 1024 // 1024} MiB"])
    try:
        data = json.loads(content.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise UnusableList(["the file is nested too deeply"]) from error
    except (ValueError, InvalidOperation) as error:
        raise UnusableList([f"the file is not JSON: {error}"]) from error
    if not isinstance(data, dict) or not isinstance(data.get("data"), list):
        raise UnusableList(['the file is not a question list: {"tahun", "total_soal", "data": [node, …]} was expected'])
    reader = _Reader()
    roots = reader.branches(data["data"], "data", parent="", depth=1)
    found = QuestionList(
        reader.integer(data.get("tahun"), "tahun"), reader.integer(data.get("total_soal"), "total_soal"), roots
    )
    if problems := [*reader.problems, *_repeated(found)]:
        raise UnusableList(problems)
    if not found.all_soals():
        raise UnusableList(["the list holds no questions"])
    return found


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number")


def _repeated(found: QuestionList) -> Iterator[str]:
    seen: set[int] = set()
    for soal in found.all_soals():
        if soal.id in seen:
            yield f"soal {soal.id}: comes twice"
        seen.add(soal.id)


@dataclass
class _Reader:
    problems: list[str] = field(default_factory=list)
    soal_count: int = 0

    def branches(self, value: Any, path: str, parent: str, depth: int) -> tuple[Branch, ...]:
        if depth > DEPTH_LIMIT:
            self.problems.append(f"{path}: nested more than {DEPTH_LIMIT} levels deep")
            return ()
        found = [self.branch(row, where, parent, depth) for row, where in self.ordered(value, path)]
        return tuple(branch for branch in found if branch)

    def ordered(self, value: Any, path: str) -> list[tuple[dict[str, Any], str]]:
        """Return objects with their paths, by `order_index` where they have one."""
        rows = [(row, f"{path}[{i}]") for i, row in enumerate(self.objects(value, path))]
        indexes = {where: self.decimal(r.get("order_index"), f"{where}.order_index") or 0 for r, where in rows}
        return sorted(rows, key=lambda pair: indexes[pair[1]])

    def branch(self, row: dict[str, Any], path: str, parent: str, depth: int) -> Branch | None:
        name = unnumbered(self.text(row.get("nama"), f"{path}.nama", TITLE_LIMIT, required=True))
        level = bare(self.text(row.get("level"), f"{path}.level", 50, required=True)).replace(" ", "_")
        path = f"{path} ({name})"
        if level not in LEVELS:
            self.problems.append(f"{path}: unknown level {level!r}")
            return None
        if not _may_stand_in(level, parent):
            self.problems.append(f"{path}: a {level} cannot stand {f'in a {parent}' if parent else 'at the top'}")
        return Branch(
            name=name,
            level=level,
            weight=self.weight(row.get("bobot_maksimal"), f"{path}.bobot_maksimal"),
            path=path,
            children=self.branches(row.get("children"), f"{path}.children", level, depth + 1),
            soals=self.soals(row.get("soals"), f"{path}.soals"),
        )

    def soals(self, value: Any, path: str) -> tuple[Soal, ...]:
        rows = self.ordered(value, path)
        self.soal_count += len(rows)
        if self.soal_count > SOAL_LIMIT:
            self.problems.append(f"{path}: more than {SOAL_LIMIT} questions")
            return ()
        found = [soal for row, where in rows if (soal := self.soal(row, where))]
        rows_of = [soal.row for soal in found]
        if None not in rows_of and len(set(rows_of)) == len(rows_of):
            found.sort(key=lambda soal: soal.row or 0)  # the worksheet's own order, however the file is sorted
        return tuple(found)

    def soal(self, row: dict[str, Any], path: str) -> Soal | None:
        number = self.integer(row.get("id"), f"{path}.id")
        text = unnumbered(self.text(row.get("teks_pertanyaan"), f"{path}.teks_pertanyaan", TITLE_LIMIT, required=True))
        path = f"{path} (soal {number})"
        kind_name = self.text(row.get("jenis_jawaban"), f"{path}.jenis_jawaban", 50, required=True)
        kind = _KINDS.get(bare(kind_name).replace(" ", ""))
        if kind is None and kind_name:
            self.problems.append(f"{path}: cannot be answered, its type {kind_name!r} is unknown")
        if number is None:
            self.problems.append(f"{path}: has no id")
        options = self.options(row.get("skema_penilaian"), kind or "", f"{path}.skema_penilaian")
        if kind is None or number is None:
            return None
        return Soal(
            id=number,
            text=text,
            rubric=plain(self.text(row.get("kriteria_nilai"), f"{path}.kriteria_nilai", TEXT_LIMIT)),
            kind=kind,
            weight=self.weight(row.get("bobot_maksimal"), f"{path}.bobot_maksimal"),
            options=options,
            row=self.integer(row.get("excel_baris"), f"{path}.excel_baris"),
            path=path,
        )

    def options(self, value: Any, kind: str, path: str) -> tuple[Option, ...]:
        """Read a scheme; one that is there must fit the answer type."""
        rows = self.objects(value, path)
        keys = KEYS.get(kind, "")
        if not keys or not rows:
            return ()
        found = [self.option(row, f"{path}[{i}]", keys) for i, row in enumerate(rows)]
        if sorted(option.key for option in found) != sorted(keys):
            given = ", ".join(str(row.get("key")) for row in rows)
            self.problems.append(f"{path}: has {given} instead of {', '.join(keys)}")
            return ()
        return tuple(found)

    def option(self, row: dict[str, Any], path: str, keys: str) -> Option:
        key = bare(self.text(row.get("key"), f"{path}.key", 50, required=True)).upper()
        if keys == "YT":
            key = {"YA": "Y", "TIDAK": "T"}.get(key, key)
        label = unnumbered(self.text(row.get("label"), f"{path}.label", TEXT_LIMIT))
        text = "" if bare(label).upper() in {"", key, "YA", "TIDAK"} else label
        return Option(key, text, self.decimal(row.get("multiplier"), f"{path}.multiplier"))

    def objects(self, value: Any, path: str) -> list[dict[str, Any]]:
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            self.problems.append(f"{path}: is not a list of objects")
            return []
        return value

    def text(self, value: Any, path: str, limit: int, *, required: bool = False) -> str:
        if value is None and not required:
            return ""
        if not isinstance(value, str):
            self.problems.append(f"{path}: is not a text")
            return ""
        if len(value) > limit:
            self.problems.append(f"{path}: is longer than {limit} characters")
            return ""
        if required and not plain(value):
            self.problems.append(f"{path}: is empty")
        return value

    def integer(self, value: Any, path: str, minimum: int = 0) -> int | None:
        number = self.decimal(value, path)
        if number is None:
            return None
        if number != int(number) or not minimum <= number <= INTEGER_LIMIT:
            self.problems.append(f"{path}: is not a whole number from {minimum} to {INTEGER_LIMIT}")
            return None
        return int(number)

    def decimal(self, value: Any, path: str) -> Decimal | None:
        """Read a number, or a text that is one ("17,50"); None where nothing stands."""
        if value is None or value == "":
            return None
        try:
            if isinstance(value, bool) or not isinstance(value, (int, str, Decimal)):
                raise InvalidOperation
            number = Decimal(value.strip().replace(",", ".") if isinstance(value, str) else value)
            # Bounded so that a number of a million digits is never spelled out.
            if not number.is_finite() or (number and not -12 <= number.adjusted() <= 12):
                raise InvalidOperation
        except InvalidOperation:
            self.problems.append(f"{path}: is not a number")
            return None
        return number

    def weight(self, value: Any, path: str) -> Decimal | None:
        """Read a weight; the list writes 0 where it has none."""
        number = self.decimal(value, path)
        if number is not None and number < 0:
            self.problems.append(f"{path}: is below 0")
        return number or None


def _may_stand_in(level: str, parent: str) -> bool:
    if not parent:
        return level == "komponen"
    return LEVELS[level] > LEVELS[parent] or level == parent == "sub_area"
