"""What the portal exports and imports again unchanged changes nothing, whatever the answers."""

import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from types import SimpleNamespace

import pytest

from assessment.scoring import Given
from reports import workbook
from reports.importing.cells import Cell
from reports.importing.comparing import Now, compare
from reports.importing.headings import heading_of
from reports.importing.placing import place
from reports.importing.reading import OWN, Read, read_workbook, rows_in
from reports.importing.targets import targets_of
from reports.lke import Lke
from reports.tests.workbook_samples import beside, listed, lke_with, random_lke, worksheet
from reports.workbook.blocks import columns_of
from reports.workbook.lke_sheet import write_lke_sheet
from reports.workbook.plan import plan_of
from reports.workbook.sheet import Sheet
from reports.workbook.text import clean

MANY = 200
NOTES = (
    "=1+1",
    "#N/A",
    "Baris\n\nlain",
    "- a",
    "_x0041_ _x005F_",
    "a\x0bb\r\nc",
    " tepi ",
    "x" * 5000,
    "'kutip",
    "12",
    "Ya",
)


class Recorded(Sheet):
    """A sheet that only remembers what the export writes: as a reader would find it, without making a file."""

    def __init__(self) -> None:
        self.worksheet = SimpleNamespace(
            column_dimensions=defaultdict(SimpleNamespace), row_dimensions=defaultdict(SimpleNamespace)
        )
        self.cached: dict[str, object] = {}
        self.cells: dict[int, dict[int, Cell]] = {}

    def _put(self, row: int, column: int, text: str, kind: str) -> None:
        if text or kind == "formula":
            self.cells.setdefault(row, {})[column] = Cell(text, kind)

    def text(self, row, column, text, tone, role="text"):
        self._put(row, column, clean(text).replace("_x005F_", "_"), "text")

    def link(self, row, column, text, url, tone):
        if text:
            self.cells.setdefault(row, {})[column] = Cell(clean(text), "text", url)

    def number(self, row, column, number, tone, role):
        self._put(row, column, "" if number is None else f"{number}", "number")

    def formula(self, row, column, formula, value, tone, role):
        self._put(row, column, str(value), "formula")

    def plain(self, row, column, text, **about):
        self._put(row, column, text, "text")
        return SimpleNamespace()

    def blank(self, row, columns, tone, role="text"):
        """Leave them out."""

    def merge(self, row, first, last):
        """Leave it out."""


def recorded(lke: Lke) -> Read:
    sheet = Recorded()
    write_lke_sheet(sheet, lke, plan_of(lke), columns_of(lke))
    heading = heading_of(sheet.cells)
    assert heading is not None
    return rows_in(sheet.cells, heading, "LKE ZI", worksheet())


def now_of(lke: Lke) -> dict[str, Now]:
    codes = {*lke.result.given, *lke.notes}
    return {code: Now(lke.result.given.get(code, Given()), lke.notes.get(code, ""), 1) for code in codes}


def changes(read: Read, lke: Lke) -> tuple[Iterable[object], Iterable[object], Iterable[object]]:
    placing = place(read, targets_of(worksheet()))
    found = compare(worksheet(), read, placing.where, now_of(lke), {})
    refused = [s for line in found.lines for s in line.sides if s.effect in {"ditolak", "terkunci"}]
    return [line.code for line in found.writing], refused, placing.doubts


def with_notes(seed: int) -> Lke:
    """Return answers and notes at random, notes without answers among them, beside up to three further stages."""
    dice = random.Random(seed)
    lke = random_lke(seed, complete=dice.random())
    notes = {code: dice.choice(NOTES).strip() for code in worksheet().criteria if dice.random() < 0.4}
    stages = [stage for stage in ("prelim", "tpi", "tpn") if dice.random() < 0.4]
    return beside(replace(lke, notes=notes), stages, seed=seed)


def test_two_hundred_assessments_come_back_unchanged():
    for seed in range(MANY):
        lke = with_notes(seed)
        read = recorded(lke)
        assert read.layout == OWN
        assert changes(read, lke) == ([], [], []), seed


def test_one_answer_typed_into_an_export_is_the_only_change():
    for seed in range(10):
        lke = with_notes(seed)
        code = random.Random(seed).choice([c.code for c in worksheet().criteria.values() if c.choices])
        key = lke.result.given.get(code, Given()).choice
        other = next(c.key for c in worksheet().criteria[code].choices if c.key != key)
        typed = lke_with({**lke.result.given, code: Given(choice=other)}, notes=lke.notes)
        assert changes(recorded(typed), lke) == ([code], [], []), seed


@pytest.mark.parametrize("seed", [3, 4])
def test_a_whole_file_says_what_its_recording_says(tmp_path, seed):
    lke = with_notes(seed)
    path = tmp_path / "lke.xlsx"
    path.write_bytes(workbook.build(lke))
    with path.open("rb") as file:
        read = read_workbook(file, worksheet())
    texts = [
        [(r.number, r.code, r.title, r.answer.text, r.note.text) for r in rows]
        for rows in (read.rows, recorded(lke).rows)
    ]
    plainly = [[row for row in rows if row[1] in worksheet().criteria and row[1] in NO_FORMULA] for rows in texts]
    assert plainly[0] == plainly[1]
    assert changes(read, lke) == ([], [], [])


NO_FORMULA = {c.code for c in worksheet().criteria.values() if c.choices}


def test_columns_of_other_stages_and_our_own_evidence_are_never_taken():
    for seed in range(5):
        lke = listed(beside(with_notes(seed), ("prelim", "tpi", "tpn"), seed=seed))
        read = recorded(lke)
        assert changes(read, lke) == ([], [], [])
        assert not any(row.links for row in read.rows)


def test_codes_lead_even_where_rows_were_sorted():
    lke = with_notes(1)
    read = recorded(lke)
    mixed = list(read.rows)
    random.Random(1).shuffle(mixed)
    shuffled = Read(read.layout, read.sheet, rows=tuple(mixed))
    assert changes(shuffled, lke) == ([], [], [])


def test_a_code_that_contradicts_its_title_is_asked():
    lke = lke_with({"A.I.1.i.a": Given(choice="Y")})
    read = recorded(lke)
    rows = {row.code: row for row in read.rows}
    swapped = [
        replace(row, code="A.I.6.v.b") if code == "A.I.1.i.a" else row for code, row in rows.items()
    ]  # fmt: skip
    doubts = list(changes(Read(read.layout, read.sheet, rows=tuple(swapped)), lke_with({}))[2])
    assert [doubt.why for doubt in doubts] == ["Kode A.I.6.v.b di baris ini tidak cocok dengan judulnya."]
    assert set(doubts[0].nearest) >= {"A.I.6.v.b", "A.I.1.i.a"}
