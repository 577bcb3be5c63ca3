"""LibreOffice recalculates exported workbooks to exactly the portal's figures."""

import csv
import io
import re
import subprocess
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.sax.saxutils import unescape

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils.cell import coordinate_to_tuple

from assessment.scoring import Given, Result, shown
from assessment.worksheet import INDEX, PCT
from reports.lke import Lke
from reports.workbook import build

from .workbook_samples import beside, lke_with, random_lke, worksheet

pytestmark = pytest.mark.libreoffice

# LibreOffice trusts the values stored in a file unless it is told to recalculate always (0).
PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>"""

# Every sheet of every file as text: separated by semicolons, texts quoted, unformatted figures, all sheets (-1).
TEXT = "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,true,false,false,false,false,-1"

Rows = list[list[str]]
Book = dict[str, Rows]
Recalculate = Callable[[Mapping[str, bytes]], dict[str, Book]]
A, K, L, M, O, P = 0, 10, 11, 12, 14, 15  # noqa: E741  columns of the sheet LKE ZI
BATCH = 50  # files in one run of LibreOffice


class Office:
    """LibreOffice, told to recalculate whatever it opens."""

    def __init__(self, command: str, folder: Path) -> None:
        self.command, self.folder, self.runs = command, folder, 0
        (folder / "user").mkdir(parents=True)
        (folder / "user" / "registrymodifications.xcu").write_text(PROFILE)

    def started(self, books: Mapping[str, bytes]) -> tuple[Path, "subprocess.Popen[bytes]"]:
        """Begin to recalculate many workbooks in one run; the caller waits for it."""
        self.runs += 1
        source, target = self.folder / f"from{self.runs}", self.folder / f"to{self.runs}"
        source.mkdir()
        for name, content in books.items():
            (source / f"{name}.xlsx").write_bytes(content)
        command = [self.command, "--headless", f"-env:UserInstallation={self.folder.as_uri()}", "--convert-to", TEXT]
        files = [str(path) for path in sorted(source.iterdir())]
        quiet = subprocess.DEVNULL
        return target, subprocess.Popen([*command, "--outdir", str(target), *files], stdout=quiet, stderr=quiet)

    def finished(self, begun: tuple[Path, "subprocess.Popen[bytes]"], names: Iterable[str]) -> dict[str, Book]:
        target, process = begun
        assert process.wait(timeout=300) == 0
        return {name: read(target, name) for name in names}


def read(folder: Path, name: str) -> Book:
    """Return a book's sheets by name."""
    found = {}
    for path in folder.glob(f"{name}-*.csv"):
        with path.open(newline="", encoding="utf-8") as file:
            found[path.stem.removeprefix(f"{name}-")] = list(csv.reader(file, delimiter=";"))
    return found


@pytest.fixture(scope="module")
def office(soffice: str, tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(soffice, tmp_path_factory.mktemp("office") / "profile")


@pytest.fixture(scope="module")
def recalculate(office: Office) -> Recalculate:
    """Return a function that has LibreOffice recalculate many workbooks in one run."""
    return lambda books: office.finished(office.started(books), books)


def number_of(text: str) -> Decimal:
    """Return a cell's figure as LibreOffice writes it: "12,5", "40%"."""
    number = Decimal(text.removesuffix("%").replace(",", "."))
    return number / 100 if text.endswith("%") else number


def by_code(book: Book) -> dict[str, list[str]]:
    return {row[A]: row for row in book["LKE ZI"][4:] if row[A]}


def errors_in(book: Book) -> list[str]:
    return [text for rows in book.values() for row in rows for text in row if text.startswith(("#", "Err:"))]


def assert_same(book: Book, lke: Lke) -> None:
    """Compare every figure of a recalculated workbook with the engine's, in every stage."""
    rows = by_code(book)
    total = book["LKE ZI"][-1]
    assert total[1] == "NILAI TOTAL"
    for number, side in enumerate(lke.sides):
        points = L if number == 0 else P + 2 + 4 * (number - 1)
        assert_stage(rows, total, side.result, points)
    assert_provisional(rows, total, lke.result)
    assert_summary(book["Ringkasan"], lke)


def assert_stage(rows: Mapping[str, list[str]], total: list[str], result: Result, points: int) -> None:
    for code, scored in result.nodes.items():
        assert_figure(code, rows[code][points], scored.score)
        assert_figure(code, rows[code][points + 1], scored.percent / 100)
    for code, value in result.values.items():
        if code not in result.nodes:
            assert_figure(code, rows[code][points], value.value or Fraction(0))
    assert_figure("total", total[points], result.total)


def assert_provisional(rows: Mapping[str, list[str]], total: list[str], result: Result) -> None:
    for code, scored in result.nodes.items():
        assert_figure(code, rows[code][O], scored.provisional)
    for code, value in result.values.items():
        if code not in result.nodes:
            assert (rows[code][O] == "") == (value.value is None), code
            assert rows[code][O] in {"", rows[code][L]}, code
    assert_figure("total", total[O], result.provisional_total)


def assert_figure(name: str, text: str, exact: Fraction, digits: int = 9) -> None:
    """Compare unrounded and as shown. LibreOffice writes 12 digits, so this cannot see noise beyond them."""
    number = number_of(text)
    assert abs(Fraction(number) - exact) < Fraction(1, 10**digits), f"{name}: {number} is not {exact}"
    assert shown(number) == shown(exact), name


def assert_summary(rows: Rows, lke: Lke) -> None:
    names = sorted(lke.result.worksheet.predicates, key=lambda name: name != lke.target)
    parts = parts_of(rows, lke)
    for side, part in zip(lke.sides, parts, strict=True):
        assert_thresholds(part, side.result, names)
        assert_scores(part, side.result, is_main=side.stage == lke.stage)
    if lke.others:
        assert_comparison(rows, lke)


def parts_of(rows: Rows, lke: Lke) -> list[Rows]:
    """Return the rows of each stage's part of the summary."""
    starts = [number for number, row in enumerate(rows) if row[1] == "Nilai" or row[1].startswith("Nilai – ")]
    if lke.others:
        assert [rows[number][1] for number in starts] == [f"Nilai – {side.name}" for side in lke.sides]
    return [rows[start:end] for start, end in zip(starts, [*starts[1:], len(rows)], strict=True)]


def assert_thresholds(rows: Rows, result: Result, names: list[str]) -> None:
    expected = [check for name in names for check in result.checks_of(name)]
    found = [row for row in rows if row[6] in {"Menentukan", "Pembanding"}]
    assert [(r[2], number_of(r[3]), number_of(r[4]), r[5], r[6]) for r in found] == [
        (c.name, c.value, c.minimum, "Lulus" if c.passed else "Belum", "Menentukan" if c.decides else "Pembanding")
        for c in expected
    ]
    verdicts = [row[3] for row in rows if row[1] == "Kesimpulan"]
    assert [text.startswith("Memenuhi") for text in verdicts] == [result.passed(name) for name in names]


def assert_scores(rows: Rows, result: Result, *, is_main: bool) -> None:
    for row in rows:
        if row[1] in result.nodes:
            assert_figure(row[1], row[4], result.nodes[row[1]].score)
            assert_figure(row[1], row[5], result.nodes[row[1]].percent / 100)
            if is_main:
                assert_figure(row[1], row[6], result.nodes[row[1]].provisional)
    areas = [row for row in rows if row[1] in set("123456") and row[9]]
    for row, parts in zip(areas, result.worksheet.areas.values(), strict=True):
        score = sum((result.nodes[p.code].score for p in parts), Fraction(0))
        assert_figure(row[2], row[8], score)
        assert_figure(row[2], row[9], score / sum(Fraction(p.weight) for p in parts))


def assert_comparison(rows: Rows, lke: Lke) -> None:
    start = next(number for number, row in enumerate(rows) if row[1] == "Perbandingan tahap")
    results = [side.result for side in lke.sides]
    found = {row[1] or row[2]: row for row in rows[start + 2 : start + 9]}
    assert list(found) == ["A", "A.I", "A.II", "B", "B.I", "B.II", "Nilai total"]
    for name, row in found.items():
        scores = [r.nodes[name].score if name in r.nodes else r.total for r in results]
        for text, exact in zip(row[4:], [*scores, scores[-1] - scores[0]], strict=False):
            assert_figure(name, text, exact, 8)


def test_stored_values_are_not_trusted(recalculate: Recalculate) -> None:
    """Otherwise the comparisons below would only find the portal's own figures again."""
    lke = beside(random_lke(1, complete=1), ["tpi"])
    source, out = zipfile.ZipFile(io.BytesIO(build(lke))), io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for item in source.infolist():
            target.writestr(item, re.sub(rb"</f><v>[^<]*</v>", b"</f><v>777</v>", source.read(item)))
    assert set(stored_in(out.getvalue(), "sheet1").values()) == {"777"}
    assert_same(recalculate({"false": out.getvalue()})["false"], lke)


STAGES = ((), ("tpi",), ("tpi",), ("prelim", "tpi"), ("tpi",), ("prelim", "tpi", "tpn"), ("prelim",), ("tpi", "tpn"))


def drawn(seed: int) -> Lke:
    """Return a random assessment: complete ones, nearly complete ones, and any; with none to three further stages."""
    lke = random_lke(seed, complete=1 if seed < 60 else 0.97 if seed < 100 else seed / 200)
    return beside(lke, STAGES[seed % len(STAGES)], seed=seed, complete=1 if seed % 3 else 0.6)


def test_two_hundred_assessments(office: Office) -> None:
    """While LibreOffice recalculates some, the next are written."""
    covered: set[str] = set()
    waiting: tuple[Any, dict[str, bytes], dict[str, Lke]] | None = None
    for start in [*range(0, 200, BATCH), None]:
        lkes = {f"lke{seed}": drawn(seed) for seed in range(start, start + BATCH)} if start is not None else {}
        written = {name: build(lke) for name, lke in lkes.items()}
        if waiting:
            assert_all_same(office, *waiting)
        covered |= {v.rule.value for lke in lkes.values() for s in lke.sides for v in s.result.values.values()}
        waiting = (office.started(written), written, lkes) if lkes else None
    assert covered == {
        "unanswered", "choice", "ratio", "clipped_high", "clipped_low", "zero_full", "zero_none", "zero_undecided",
        "ratio_set", "index",
    }  # fmt: skip


def assert_all_same(office: Office, begun: Any, written: dict[str, bytes], lkes: dict[str, Lke]) -> None:
    books = office.finished(begun, written)
    for name, lke in lkes.items():
        assert_same(books[name], lke)
        notes = [note for code in worksheet().criteria for side in lke.sides if (note := side.notes.get(code))]
        assert sorted(errors_in(books[name])) == sorted(note for note in notes if note == "#N/A")
        assert_values_stored(written[name], books[name])


def stored_in(content: bytes, part: str) -> dict[str, str]:
    """Return the value beside every formula of a sheet, by coordinate."""
    xml = zipfile.ZipFile(io.BytesIO(content)).read(f"xl/worksheets/{part}.xml").decode()
    found = re.findall(r'<c r="([A-Z]+[0-9]+)"[^>]*><f>[^<]*</f><v>([^<]*)</v></c>', xml)
    assert len(found) == xml.count("<f>")
    return {cell: unescape(value) for cell, value in found}


def assert_values_stored(written: bytes, recalculated: Book) -> None:
    """Compare the values put into the file with what LibreOffice computes, cell by cell."""
    for part, sheet in (("sheet1", "LKE ZI"), ("sheet2", "Ringkasan")):
        for cell, ours in stored_in(written, part).items():
            row, column = coordinate_to_tuple(cell)
            theirs = recalculated[sheet][row - 1][column - 1]
            is_number = re.fullmatch(r"-?[0-9.]+(e-?[0-9]+)?", ours) and theirs
            same = abs(Decimal(ours) - number_of(theirs)) < Decimal("1e-8") if is_number else ours == theirs
            assert same, f"{sheet}, {cell}: {ours!r} was written, {theirs!r} is computed"


def best() -> dict[str, Given]:
    """Answer everything as well as can be."""
    found = {}
    for code, criterion in worksheet().criteria.items():
        if criterion.answer_type == PCT:
            counts = {2: (4, 4), 3: (4, 0, 4), 4: (1, 1, 2, 4)}[len(criterion.quantities)]
            found[code] = Given(counts=counts)
        elif criterion.answer_type == INDEX:
            found[code] = Given(index=Decimal("4.00"))
        else:
            found[code] = Given(choice=criterion.choices[0].key)
    return found


def on_the_edge(result: Result) -> bool:
    """Tell whether a score lies exactly between two figures of two decimals."""
    return any((s.score * 1000) % 10 == 5 for s in result.nodes.values()) and (result.total * 1000) % 10 == 5


def edges() -> Iterator[Lke]:
    """Yield LKEs whose total and some node lie at x.xx5 exactly."""
    for hundredths in range(12, 396, 24):  # 17.5 × index ÷ 4 ends in 5 thousandths at every odd multiple of 0.04
        lke = lke_with({**best(), "B.I.a": Given(index=Decimal(hundredths) / 100)})
        if on_the_edge(lke.result):
            yield lke


def test_halves_are_rounded_up(recalculate: Recalculate) -> None:
    lkes = dict(enumerate(edges()))
    assert len(lkes) == 16
    books = recalculate({str(number): build(lke) for number, lke in lkes.items()})
    for number, lke in lkes.items():
        assert_same(books[str(number)], lke)


JUNK: dict[str, list[Any]] = {
    "choice": ["Z", 7, True, "*", "?", "AB", "=1/0", "=NA()", "#N/A", 0, "-", "Y", "A,B"],
    "count": ["lima", -1, 1.5, "=NA()", "5", "=1/0", "", " "],
    "index": [7, -0.01, "3,5", "=1/0", "tinggi"],
}


def test_whatever_is_typed(recalculate: Recalculate) -> None:
    """What the portal would refuse counts as unanswered; no figure becomes an error."""
    books, expected = {}, {}
    for turn in range(14):
        books[str(turn)], expected[str(turn)] = with_junk(turn)
    for name, book in recalculate(books).items():
        for rows in book["LKE ZI"]:
            rows[K] = ""  # there the person sees what was typed
        assert_same(book, expected[name])
        assert errors_in(book) == []


def with_junk(turn: int) -> tuple[bytes, Lke]:
    """Write a complete LKE, then type junk into two thirds of its inputs and odd spellings into the rest."""
    given = best()
    book = load_workbook(io.BytesIO(build(lke_with(given))))
    for number, (code, criterion) in enumerate(worksheet().criteria.items()):
        if number % 3 == 0 and criterion.choices:
            type_in(
                book, code, f"  {criterion.choices[-1].label.lower()} " if turn % 2 else criterion.choices[-1].label
            )
            given[code] = Given(choice=criterion.choices[-1].key)
        elif number % 3 or criterion.answer_type == INDEX:
            kind = {PCT: "count", INDEX: "index"}.get(criterion.answer_type, "choice")
            cell = criterion.quantities[turn % len(criterion.quantities)].code if kind == "count" else code
            type_in(book, cell, JUNK[kind][(turn + number) % len(JUNK[kind])])
            del given[code]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), lke_with(given)


def type_in(book: Workbook, code: str, entry: Any) -> None:
    sheet = book["LKE ZI"]
    row = next(cells[A].row for cells in sheet.iter_rows() if cells[A].value == code)
    sheet.cell(row, K + 1).value = entry
