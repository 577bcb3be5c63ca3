"""LibreOffice recalculates exported workbooks to exactly the portal's figures."""

import io
import re
import subprocess
import warnings
import zipfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from assessment.scoring import Given, Result, shown
from assessment.worksheet import INDEX, PCT
from reports.lke import Lke
from reports.workbook import build

from .workbook_samples import lke_with, random_lke, worksheet

pytestmark = pytest.mark.libreoffice

# LibreOffice trusts the values stored in a file unless it is told to recalculate always (0).
PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>"""

Rows = list[list[Any]]
Book = dict[str, Rows]
Recalculate = Callable[[dict[str, bytes]], dict[str, Book]]
A, K, L, M, O, P = 0, 10, 11, 12, 14, 15  # noqa: E741  columns of the sheet LKE ZI


@pytest.fixture(scope="module")
def recalculate(soffice: str, tmp_path_factory: pytest.TempPathFactory) -> Recalculate:
    """Return a function that has LibreOffice recalculate many workbooks in one run."""
    profile = tmp_path_factory.mktemp("profile")
    (profile / "user").mkdir()
    (profile / "user" / "registrymodifications.xcu").write_text(PROFILE)

    def run(books: dict[str, bytes]) -> dict[str, Book]:
        source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("target")
        for name, content in books.items():
            (source / f"{name}.xlsx").write_bytes(content)
        command = [soffice, "--headless", f"-env:UserInstallation={profile.as_uri()}", "--convert-to", "xlsx"]
        files = [str(path) for path in sorted(source.iterdir())]
        subprocess.run([*command, "--outdir", str(target), *files], check=True, capture_output=True, timeout=300)
        return {name: values_of(target / f"{name}.xlsx") for name in books}

    return run


def values_of(file: Path | io.BytesIO) -> Book:
    with warnings.catch_warnings(action="ignore"):  # openpyxl narrates LibreOffice's extensions
        book = load_workbook(file, data_only=True, read_only=True)
    found = {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets}
    book.close()
    return found


def by_code(book: Book) -> dict[str, list[Any]]:
    return {row[A]: row for row in book["LKE ZI"][4:] if row[A]}


def errors_in(book: Book) -> list[str]:
    return [str(v) for rows in book.values() for row in rows for v in row if str(v).startswith(("#", "Err:"))]


def assert_same(book: Book, lke: Lke) -> None:
    """Compare every figure of a recalculated workbook with the engine's."""
    result, rows = lke.result, by_code(book)
    for code, scored in result.nodes.items():
        assert_figure(code, rows[code][L], scored.score)
        assert_figure(code, rows[code][O], scored.provisional)
        assert_figure(code, figure(rows[code][M]) * 100, scored.percent)
    for code, value in result.values.items():
        if code not in result.nodes:
            assert_figure(code, rows[code][L], value.value or Fraction(0))
            assert (rows[code][O] in {None, ""}) == (value.value is None), code
            assert rows[code][O] in {None, ""} or rows[code][O] == rows[code][L], code
    total = book["LKE ZI"][len(book["LKE ZI"]) - 1]
    assert total[1] == "NILAI TOTAL"
    assert_figure("total", total[L], result.total)
    assert_figure("total", total[O], result.provisional_total)
    assert_summary(book["Ringkasan"], lke)


def assert_figure(name: str, number: float | Decimal, exact: Fraction) -> None:
    """Compare unrounded and as shown. LibreOffice saves 15 digits, so this cannot see the noise of binary fractions."""
    assert abs(Fraction(number) - exact) < Fraction(1, 10**9), f"{name}: {number} is not {exact}"
    assert shown(figure(number)) == shown(exact), name


def assert_summary(rows: Rows, lke: Lke) -> None:
    result = lke.result
    names = sorted(result.worksheet.predicates, key=lambda name: name != lke.target)
    expected = [check for name in names for check in result.checks_of(name)]
    found = [row for row in rows if row[6] in {"Menentukan", "Pembanding"}]
    assert [(r[2], figure(r[3]), figure(r[4]), r[5], r[6]) for r in found] == [
        (c.name, c.value, c.minimum, "Lulus" if c.passed else "Belum", "Menentukan" if c.decides else "Pembanding")
        for c in expected
    ]
    verdicts = [row[3] for row in rows if row[1] == "Kesimpulan"]
    assert [text.startswith("Memenuhi") for text in verdicts] == [result.passed(name) for name in names]
    for row in rows:
        if row[1] in result.nodes:
            assert_figure(row[1], row[4], result.nodes[row[1]].score)
            assert_figure(row[1], row[6], result.nodes[row[1]].provisional)
            assert_figure(row[1], figure(row[5]) * 100, result.nodes[row[1]].percent)
    areas = [row for row in rows if row[1] in set("123456") and isinstance(row[9], float | int)]
    for row, parts in zip(areas, result.worksheet.areas.values(), strict=True):
        score = sum((result.nodes[p.code].score for p in parts), Fraction(0))
        assert_figure(row[2], row[8], score)
        assert_figure(row[2], figure(row[9]) * 100, score / sum(Fraction(p.weight) for p in parts) * 100)


def figure(number: float | Decimal) -> Decimal:
    """Return the number as it stands in the file."""
    return number if isinstance(number, Decimal) else Decimal(repr(number))


def test_stored_values_are_not_trusted(recalculate: Recalculate) -> None:
    """Otherwise the comparisons below would only find the portal's own figures again."""
    lke = random_lke(1, complete=1)
    source, out = zipfile.ZipFile(io.BytesIO(build(lke))), io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for item in source.infolist():
            falsified = re.sub(rb"</f><v>[^<]*</v>", b"</f><v>777</v>", source.read(item))
            target.writestr(item, falsified)
    assert by_code(values_of(io.BytesIO(out.getvalue())))["A"][L] == 777
    assert_same(recalculate({"false": out.getvalue()})["false"], lke)


def test_fifty_assessments(recalculate: Recalculate) -> None:
    lkes = {
        f"lke{seed}": random_lke(seed, complete=1 if seed < 15 else 0.97 if seed < 25 else seed / 50)
        for seed in range(50)
    }
    assert covered_rules(lkes.values()) == {
        "unanswered", "choice", "ratio", "clipped_high", "clipped_low", "zero_full", "zero_none", "zero_undecided",
        "ratio_set", "index",
    }  # fmt: skip
    written = {name: build(lke) for name, lke in lkes.items()}
    for name, book in recalculate(written).items():
        assert_same(book, lkes[name])
        assert errors_in(book) == [note for note in lkes[name].notes.values() if note == "#N/A"]
        assert_values_stored(written[name], book)


def covered_rules(lkes: Any) -> set[str]:
    return {value.rule.value for lke in lkes for value in lke.result.values.values()}


def assert_values_stored(written: bytes, recalculated: Book) -> None:
    """Compare the values put into the file with what LibreOffice computes, cell by cell."""
    for sheet, rows in values_of(io.BytesIO(written)).items():
        for number, (ours, theirs) in enumerate(zip(rows, recalculated[sheet], strict=True), start=1):
            for left, right in zip(ours, theirs, strict=False):
                both = isinstance(left, float | int) and isinstance(right, float | int)
                same = abs(left - right) < 1e-9 if both else (left or "") == (right or "")
                assert same, f"{sheet}, row {number}: {left!r} was written, {right!r} is computed"


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
            rows[K] = None  # there the person sees what was typed
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
