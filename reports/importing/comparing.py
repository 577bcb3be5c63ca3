"""The file beside the portal: what each placed row would change, and the answers that would be written. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from urllib.parse import urlsplit

from assessment import rules
from assessment.scoring import NOTHING, Given
from assessment.services import Entry
from assessment.trace import answer_text
from assessment.worksheet import Criterion, Worksheet

from ..workbook.text import clean
from .cells import BLANK, Cell
from .placing import SUM
from .reading import FileRow, Read
from .values import (
    Address,
    BadValue,
    addresses_of,
    choice_of,
    count_of,
    index_of,
    is_index,
    note_of,
)

OTHER_AREA = "Kriteria ini bukan bagian Anda."
NOT_OPEN = "Kriteria ini tidak sedang dibuka untuk diubah."


class Effect(StrEnum):
    """What becomes of one row."""

    NEW = "baru"
    CHANGED = "ubah"
    SAME = "sama"
    KEPT = "tetap"  # blank in the file: what the portal has stays
    REFUSED = "ditolak"
    LOCKED = "terkunci"


LABELS = {
    Effect.NEW: "Diisi", Effect.CHANGED: "Diubah", Effect.SAME: "Sama", Effect.KEPT: "Tetap",
    Effect.REFUSED: "Ditolak", Effect.LOCKED: "Terkunci",
}  # fmt: skip
WRITES = frozenset({Effect.NEW, Effect.CHANGED})


@dataclass(frozen=True, slots=True)
class Now:
    """What the portal has for one criterion: answer, note, version, addresses of attached links."""

    given: Given = NOTHING
    note: str = ""
    version: int = 0
    urls: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Side:
    """One thing that a row brings: what is there now, what the file says, what happens, and why if it is refused."""

    now: str
    file: str
    effect: Effect
    why: str = ""


@dataclass
class Line:
    """One criterion of the comparison: its answer (for a percentage all counts), its note, its links."""

    code: str
    title: str
    rows: tuple[int, ...] = ()
    version: int = 0  # of the answer that it was compared with
    answer: Side | None = None
    note: Side | None = None
    links: list[Side] = field(default_factory=list)
    new_links: list[Address] = field(default_factory=list)
    entry: Entry | None = None  # what would be written; None if answer and note stay

    @property
    def sides(self) -> list[Side]:
        return [side for side in (self.answer, self.note, *self.links) if side is not None]

    @property
    def writes(self) -> bool:
        return self.entry is not None or bool(self.new_links)

    @property
    def is_refused(self) -> bool:
        return any(side.effect in {Effect.REFUSED, Effect.LOCKED} for side in self.sides)


@dataclass(frozen=True)
class Comparison:
    """All lines in worksheet order."""

    lines: tuple[Line, ...]

    @property
    def writing(self) -> list[Line]:
        return [line for line in self.lines if line.writes]


def compare(
    worksheet: Worksheet,
    read: Read,
    where: Mapping[int, str],
    now: Mapping[str, Now],
    allowed: Mapping[str, str],
    own_hosts: Collection[str] = (),
) -> Comparison:
    """Compare placed rows with what the portal has.

    `where` has the code of each placed row; `allowed` says by criterion why it may not be written, "" if it may;
    links to `own_hosts`, the portal itself, are never taken for new ones.
    """
    gathered: dict[str, _Gathered] = {}
    for row in read.rows:
        code = where.get(row.number, "")
        if code in worksheet.nodes or code in {"", SUM}:
            continue
        criterion, number = _place(worksheet, code)
        if criterion is not None:
            gathered.setdefault(criterion.code, _Gathered(criterion)).add(row, number)
    reader = _Comparer(frozenset(own_hosts))
    lines = [
        reader.line(gathered[code], now.get(code, Now()), allowed.get(code, "")) for code in worksheet.criteria
        if code in gathered
    ]  # fmt: skip
    return Comparison(tuple(line for line in lines if line.sides))


def _place(worksheet: Worksheet, code: str) -> tuple[Criterion | None, int]:
    """Return the criterion of a code and the number of the count, 0 for the criterion itself."""
    if code in worksheet.criteria:
        return worksheet.criteria[code], 0
    above, _, number = code.rpartition(".")
    criterion = worksheet.criteria.get(above)
    return (criterion, int(number)) if criterion and criterion.quantities else (None, 0)


@dataclass
class _Gathered:
    """The rows of one criterion: its own and those of its counts."""

    criterion: Criterion
    rows: list[FileRow] = field(default_factory=list)
    answer: Cell = BLANK
    counts: dict[int, Cell] = field(default_factory=dict)

    def add(self, row: FileRow, number: int) -> None:
        self.rows.append(row)
        if row.answer.is_blank:
            return
        if number:
            self.counts[number] = row.answer
        elif not self.criterion.quantities:
            self.answer = row.answer

    @property
    def brings_answer(self) -> bool:
        return any(not cell.is_blank for cell in (self.answer, *self.counts.values()))


class _Comparer:
    def __init__(self, own: frozenset[str]) -> None:
        self.own = own

    def line(self, found: _Gathered, now: Now, locked: str) -> Line:
        criterion = found.criterion
        line = Line(criterion.code, criterion.title, tuple(row.number for row in found.rows), now.version)
        given, line.answer = self._answer(found, now, locked)
        note, line.note = self._note(found, now, locked)
        self._links(line, found, now, locked)
        answers = line.answer is not None and line.answer.effect in WRITES
        notes = line.note is not None and line.note.effect in WRITES
        if answers or notes:
            kept = replace(now.given, ratio=None, reason="")
            line.entry = Entry(
                criterion.code, given if answers else kept, note if notes else now.note, now.version
            )  # fmt: skip
        return line

    def _answer(self, found: _Gathered, now: Now, locked: str) -> tuple[Given, Side | None]:
        criterion, shown = found.criterion, answer_text(found.criterion, now.given)
        if not found.brings_answer:
            return now.given, Side(shown, "", Effect.KEPT) if rules.is_given(now.given) else None
        try:
            given = _given(found, now.given)
        except BadValue as error:
            return now.given, Side(shown, _raw(found), Effect.REFUSED, str(error))
        file = answer_text(criterion, given)
        if rules.same_answer(given, now.given):
            return given, Side(shown, file, Effect.SAME)
        problems = rules.refusals(criterion, given)
        if problems:
            return now.given, Side(shown, file, Effect.REFUSED, " ".join(p.message for p in problems))
        if locked:
            return now.given, Side(shown, file, Effect.LOCKED, locked)
        return given, Side(shown, file, Effect.CHANGED if rules.is_given(now.given) else Effect.NEW)

    def _note(self, found: _Gathered, now: Now, locked: str) -> tuple[str, Side | None]:
        cells = [row.note for row in found.rows if not row.note.is_blank]
        try:
            note = note_of(cells)
        except BadValue as error:
            return now.note, Side(now.note, cells[0].text, Effect.REFUSED, str(error))
        if not note:
            return now.note, Side(now.note, "", Effect.KEPT) if now.note else None
        if same_note(note, now.note):
            return now.note, Side(now.note, note, Effect.SAME)
        if locked:
            return now.note, Side(now.note, note, Effect.LOCKED, locked)
        return note, Side(now.note, note, Effect.CHANGED if now.note else Effect.NEW)

    def _links(self, line: Line, found: _Gathered, now: Now, locked: str) -> None:
        seen: set[str] = set()
        for row in found.rows:
            for cell in row.links:
                links, problems = addresses_of(cell, row.names, f"Bukti dukung {line.code}")
                line.links += [Side("", cell.text or cell.link, Effect.REFUSED, problem) for problem in problems]
                for link in links:
                    if link.url not in seen:
                        seen.add(link.url)
                        self._link(line, link, now, locked)

    def _link(self, line: Line, link: Address, now: Now, locked: str) -> None:
        if urlsplit(link.url).netloc in self.own:
            return
        if link.url in now.urls:
            line.links.append(Side(link.url, link.url, Effect.SAME))
        elif locked:
            line.links.append(Side("", link.url, Effect.LOCKED, locked))
        else:
            line.links.append(Side("", f"{link.title}: {link.url}", Effect.NEW))
            line.new_links.append(link)


def _given(found: _Gathered, now: Given) -> Given:
    """Return the answer that the cells make; counts left blank in the file stay. Raises BadValue."""
    criterion = found.criterion
    if criterion.quantities:
        counts = []
        for quantity in criterion.quantities:
            try:
                count = count_of(found.counts.get(quantity.number, BLANK))
            except BadValue as error:
                raise BadValue(f"{quantity.title}: {error}") from error
            old = now.counts[quantity.number - 1] if len(now.counts) >= quantity.number else None
            counts.append(old if count is None else count)
        return Given(counts=tuple(counts))
    if is_index(criterion):
        return Given(index=index_of(found.answer))
    return Given(choice=choice_of(criterion, found.answer))


def _raw(found: _Gathered) -> str:
    if found.criterion.quantities:
        return " / ".join(_typed(found.counts.get(q.number, BLANK)) for q in found.criterion.quantities)
    return _typed(found.answer)


def _typed(cell: Cell) -> str:
    return "(rumus)" if cell.kind == "formula" else cell.text or "…"


def same_note(one: str, other: str) -> bool:
    """Tell whether two notes are the same but for what a workbook cannot hold."""
    return clean(one).strip() == clean(other).strip()
