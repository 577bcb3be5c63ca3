"""Which row of the worksheet each row of a file is: by code where there is one, else by place and likeness. Pure.

Both are in the same order, so the best placing is the chain of pairs, both numbers growing, whose titles fit best.
What is left over is chained again (somebody may have moved a part), and what then stays unclear is asked, not guessed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .reading import OWN, PORTALRB, FileRow, Read
from .targets import EXACT, FAINT, Kind, Target, Targets

LEAST = 0.5  # below this, two titles are not the same
SURE = 0.78  # from here on, a title that stands in its place is the row
CLOSE = 0.06  # two fits that differ by less say nothing
AGAIN = 0.85  # outside of the order, a title must fit better
ROUNDS = 3
BETTER = 0.3  # a title that fits another row by so much more than that of its code contradicts the code
NEAREST = 5
SUM = "#"  # a placed row whose figure is computed from others
RATIO_ROW = "Rasio yang ditetapkan TPI"  # of the portal's own workbook, below a percentage

UNKNOWN = "Judul baris ini tidak cukup mirip dengan satu pun kriteria atau jumlah."
UNTITLED = "Baris ini tidak berjudul, jadi tempatnya tidak diketahui."
UNSURE = "Judulnya hanya sebagian mirip; pastikan tempatnya."
SEVERAL = "Judulnya cocok dengan beberapa tempat."
DOUBLE = "Ada beberapa baris untuk {code}, isinya berbeda."
TITLE_ONLY = "Baris judul tidak dijawab; jawaban berdiri di baris yang salah."
CONTRADICTS = "Kode {code} di baris ini tidak cocok dengan judulnya."
OUTSIDE = "Tidak ada soal PortalRB di baris ini."


@dataclass(frozen=True, slots=True)
class Doubt:
    """A row that is asked about: why, and the codes it most likely is."""

    row: int
    why: str
    nearest: tuple[str, ...] = ()


@dataclass
class Placing:
    """Where the rows of a file belong: codes by row number; `doubts` are asked."""

    where: dict[int, str] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        doubts = [[d.row, d.why, list(d.nearest)] for d in self.doubts]
        return {"where": {str(row): code for row, code in self.where.items()}, "doubts": doubts}


def placing_from(stored: Mapping[str, Any]) -> Placing:
    """Return a placing from its JSON."""
    where = {int(row): code for row, code in stored["where"].items()}
    return Placing(where, [Doubt(row, why, tuple(nearest)) for row, why, nearest in stored["doubts"]])


def place(read: Read, targets: Targets) -> Placing:
    """Place the rows of a file."""
    return _Placer(read, targets).place()


class _Placer:
    def __init__(self, read: Read, targets: Targets) -> None:
        self.read, self.targets = read, targets
        self.rows = {row.number: row for row in read.rows}
        self.found: dict[int, int] = {}  # by row number, the place of its target
        self.asked: dict[int, Doubt] = {}

    def place(self) -> Placing:
        self._by_code()
        if not self.found or any(not row.code for row in self.read.rows):
            self._by_title()
        self._refuse_unsure()
        self._refuse_doubles()
        self._refuse_headings()
        where = {number: self._name(at) for number, at in self.found.items()}
        for row in self.read.rows:
            if self.read.layout == OWN and row.title.startswith(RATIO_ROW):
                where[row.number] = SUM
            elif row.brings and row.number not in self.found and row.number not in self.asked:
                self._ask(row, UNKNOWN if row.title else OUTSIDE if self.read.layout == PORTALRB else UNTITLED)
        return Placing(where, [self.asked[number] for number in sorted(self.asked)])

    def _name(self, at: int) -> str:
        target = self.targets.rows[at]
        return SUM if target.kind == Kind.SUM else target.code

    def _by_code(self) -> None:
        for row in self.read.rows:
            at = self.targets.at.get(row.code)
            if at is None:
                continue
            if row.title and self._contradicts(row):
                if row.brings:
                    self._ask(row, CONTRADICTS.format(code=row.code), first=(row.code,))
                continue
            self.found[row.number] = at

    def _contradicts(self, row: FileRow) -> bool:
        """Tell whether the title clearly names another row than the code does."""
        fit = self.targets.fit(row.title, row.code)
        best = max((other for _, other in self.targets.fits(row.title)), default=0.0) if fit < SURE else fit
        return fit < FAINT or best - fit > BETTER

    def _by_title(self) -> None:
        for again in range(ROUNDS):
            taken = set(self.found.values())
            left = [r for r in self.read.rows if r.number not in self.found and r.number not in self.asked and r.title]
            scores = [self._scores(row, taken, AGAIN if again else LEAST) for row in left]
            chained = chain(scores, len(self.targets.rows))
            if not chained:
                return
            for n, at in chained:
                self.found[left[n].number] = at

    def _scores(self, row: FileRow, taken: set[int], least: float) -> list[tuple[int, float]]:
        bounds = self._bounds(row.number) if self.read.layout == OWN else None
        found = []
        for at, fit in self.targets.fits(row.title):
            if at in taken or fit < least or (bounds and not bounds[0] < at < bounds[1]):
                continue
            score = fit + _hints(row, self.targets.rows[at])
            if score >= least:
                found.append((at, score))
        return found

    def _bounds(self, number: int) -> tuple[int, int]:
        """Return the places of the nearest placed rows above and below."""
        above = [at for n, at in self.found.items() if n < number]
        below = [at for n, at in self.found.items() if n > number]
        return max(above, default=-1), min(below, default=len(self.targets.rows))

    def _refuse_unsure(self) -> None:
        """Ask about rows whose title fits only partly, or another free place nearby as well."""
        placed = dict(self.found)
        order, taken = sorted(placed), set(placed.values())
        for n, number in enumerate(order):
            row, at = self.rows[number], placed[number]
            if row.code and self.targets.at.get(row.code) == at:
                continue
            fits = dict(self.targets.fits(row.title))
            fit = fits.get(at, 0.0)
            before = placed[order[n - 1]] if n else -1
            after = placed[order[n + 1]] if n + 1 < len(order) else len(self.targets.rows)
            rivals = [
                other for other in range(before + 1, after)
                if other not in taken and fits.get(other, 0.0) >= fit - CLOSE and self.targets.rows[other].takes
            ]  # fmt: skip
            is_tight = before + 1 == at == after - 1 and _same_marker(row, self.targets.rows[at])
            if rivals and self.targets.rows[at].takes:
                self._doubt(row, SEVERAL, at, rivals)
            elif fit < SURE and not is_tight:
                self._doubt(row, UNSURE, at, [])

    def _doubt(self, row: FileRow, why: str, at: int, rivals: Iterable[int]) -> None:
        """Give up a placing; ask only if something hangs on it."""
        if row.brings:
            del self.found[row.number]
            codes = [self.targets.rows[n].code for n in (at, *rivals) if self.targets.rows[n].takes]
            self._ask(row, why, first=codes)

    def _refuse_doubles(self) -> None:
        """Ask about rows that claim the same place and say different things; the same thing twice is said once."""
        claims: dict[int, list[FileRow]] = {}
        for number, at in self.found.items():
            claims.setdefault(at, []).append(self.rows[number])
        for row in self.read.rows:
            twin = self._twin(row)
            if twin is not None:
                claims.setdefault(twin, []).append(row)
        for at, rows in claims.items():
            telling = [row for row in rows if row.brings]
            if len(telling) < 2 or not self.targets.rows[at].takes:
                continue
            code = self.targets.rows[at].code
            if len({(row.answer, row.note, row.links) for row in telling}) == 1:
                self._keep_one(telling, at)
                continue
            for row in telling:
                self.found.pop(row.number, None)
                self._ask(row, DOUBLE.format(code=code), first=(code,))

    def _keep_one(self, rows: Sequence[FileRow], at: int) -> None:
        for row in rows:
            self.found.pop(row.number, None)
            self.asked.pop(row.number, None)
            self.found[row.number] = at

    def _twin(self, row: FileRow) -> int | None:
        """Return the taken place that an unplaced row's title names exactly, where it is the only one."""
        if row.number in self.found or row.number in self.asked or not row.brings or not row.title:
            return None
        exact = [at for at, fit in self.targets.fits(row.title) if fit == EXACT and self.targets.rows[at].takes]
        taken = set(self.found.values())
        return exact[0] if len(exact) == 1 and exact[0] in taken else None

    def _refuse_headings(self) -> None:
        """Ask about an answer that stands in the row of a heading; figures there are sums and are left alone."""
        for number, at in list(self.found.items()):
            row = self.rows[number]
            if self.targets.rows[at].kind == Kind.NODE and (row.answer.kind == "text" or row.links):
                first = [t.code for t in self.targets.rows[at + 1 : at + 3] if t.takes]
                del self.found[number]
                self._ask(row, TITLE_ONLY, first=first)

    def _ask(self, row: FileRow, why: str, first: Iterable[str] = ()) -> None:
        codes = dict.fromkeys([*first, *self._near(row), *self._like(row)])
        self.asked[row.number] = Doubt(row.number, why, tuple(codes)[:NEAREST])

    def _near(self, row: FileRow) -> list[str]:
        """Return the free places between the placed rows above and below."""
        before, after = self._bounds(row.number)
        taken = set(self.found.values())
        free = [n for n in range(before + 1, min(after, before + 7)) if n not in taken]
        return [self.targets.rows[n].code for n in free if self.targets.rows[n].takes][:2]

    def _like(self, row: FileRow) -> list[str]:
        if not row.title:
            return []
        fits = sorted(self.targets.fits(row.title), key=lambda pair: -pair[1])
        return [self.targets.rows[at].code for at, _ in fits if self.targets.rows[at].takes][:NEAREST]


def _same_marker(row: FileRow, target: Target) -> bool:
    return bool(row.marker) and row.marker.casefold() == target.marker.casefold()


def _hints(row: FileRow, target: Target) -> float:
    """Return what marker and kind of a row add to its fit, or take from it."""
    hint = 0.0
    if row.marker:
        is_count = row.marker == "-"
        if is_count != (target.kind in {Kind.COUNT, Kind.SUM}):
            return -0.3
        if not is_count:
            hint += 0.05 if _same_marker(row, target) else -0.04
    return hint


def chain(scores: Sequence[Sequence[tuple[int, float]]], width: int) -> list[tuple[int, int]]:
    """Return the pairs (row, place), both growing, whose scores add up to most.

    `scores` has for each row the places it may take; there are `width` places.
    """
    best: list[tuple[float, Any]] = [(0.0, None)] * (width + 1)  # by the number of places that may be used up
    for row, found in enumerate(scores):
        reached = [(at + 1, best[at][0] + score, (row, at, best[at][1])) for at, score in found]
        for at, value, link in reached:
            for n in range(at, width + 1):
                if best[n][0] >= value:
                    break
                best[n] = (value, link)
    pairs = []
    link = best[width][1]
    while link is not None:
        row, at, link = link
        pairs.append((row, at))
    return pairs[::-1]
