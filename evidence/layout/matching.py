"""The criterion that a file belongs to, from the folders it lies in and its name. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

from assessment.worksheet import Worksheet

from .confidence import Confidence
from .headings import Heading, heading_of
from .search import CERTAIN, FITS, STRONG, Search, Step, Trail
from .titles import Titles
from .tree import ROOT, Tree

SURE_MARGIN, LIKELY_MARGIN = 2.5, 1.0
_SINGLE = 0.5  # points off where no name says the criterion, though only one can be meant
_NUMBERS = 3
_SHOWN = 60
_PREFIXES = 4096
_UNKNOWN = "nama folder dan berkas tidak dikenali"
_SEVERAL = "cocok dengan beberapa kriteria; pilih yang benar"


@dataclass(frozen=True, slots=True)
class Match:
    """Where a file belongs: a criterion's code or "", how sure, why in words for people, the deepest place known."""

    code: str
    confidence: Confidence
    why: str
    place: str = ""


def match(worksheet: Worksheet, path: str) -> Match:
    """Return the criterion that a path inside a ZIP or a chosen folder belongs to."""
    return matcher_of(worksheet).match(path)


class Matcher:
    """Matches paths on one worksheet; remembers the folders it has seen."""

    def __init__(self, worksheet: Worksheet) -> None:
        self.worksheet = worksheet
        self.tree = Tree(worksheet)
        self._search = Search(self.tree, Titles({code: place.title for code, place in self.tree.places.items()}))
        self._folder = lru_cache(maxsize=_PREFIXES)(self._read_folder)

    def match(self, path: str) -> Match:
        parts = [part for part in re.split(r"[/\\]+", path) if part.strip(" .")]
        if not parts:
            return Match("", Confidence.NONE, _UNKNOWN)
        heading = heading_of(parts[-1][:300], is_file=True)
        trails = self._folder(tuple(parts[:-1]))
        if heading.codes or not self._is_settled(trails):
            trails = self._search.follow(trails, heading)
        return self._judged(trails, heading)

    def _is_settled(self, trails: Sequence[Trail]) -> bool:
        """Tell whether the folders say the criterion: what lies in them is then named as people like."""
        best, runner_up = self._finals(trails)
        is_criterion = best is not None and self.tree.places[best.code].is_criterion
        return best is not None and is_criterion and best.points - runner_up >= SURE_MARGIN

    def _read_folder(self, parts: tuple[str, ...]) -> tuple[Trail, ...]:
        if not parts:
            return (Trail(),)
        return self._search.follow(self._folder(parts[:-1]), heading_of(parts[-1][:300]))

    def _judged(self, trails: Sequence[Trail], heading: Heading) -> Match:
        best, runner_up = self._finals(trails)
        place = self._place(trails)
        if best is None:
            return Match("", Confidence.NONE, self._unclear(place), place)
        code = self.tree.places[best.code].single
        margin = best.points - runner_up
        if margin < LIKELY_MARGIN or not self._is_enough(best):
            return Match("", Confidence.NONE, self._unclear(place), place)
        sure = margin >= SURE_MARGIN and self._is_sure(best, heading)
        return Match(code, Confidence.SURE if sure else Confidence.LIKELY, self._why(best), code)

    def _finals(self, trails: Sequence[Trail]) -> tuple[Trail | None, float]:
        """Return the best reading that ends in one criterion, and the points of the best that ends elsewhere."""
        places = self.tree.places
        best = max((t for t in trails if t.code and places[t.code].single), key=lambda t: t.points, default=None)
        if best is None:
            return None, 0.0
        code = places[best.code].single
        line = {code, *places[code].above}
        if any(t.points > best.points for t in trails if t.code in line and self.tree.is_below(best.code, t.code)):
            return None, 0.0  # the names stop above: what fits below is chance
        elsewhere = max((t.points for t in trails if t.code and t.code not in line), default=0.0)
        deduced = 0.0 if places[best.code].is_criterion else _SINGLE
        return best, max(elsewhere, 0.0) + deduced

    def _is_enough(self, trail: Trail) -> bool:
        """Tell whether the names say enough to propose a place at all: bare numbers do so from three on."""
        first = trail.steps[0]
        if first.is_file and first.by != "code":
            return first.by in {"title", "both", "other"} and first.fit >= CERTAIN
        telling = [s for s in trail.steps if s.by == "both" or s.fit >= STRONG]
        numbers = [s for s in trail.steps if s.by in {"number", "title"} and not s.is_file]
        return bool(telling) or len(numbers) >= _NUMBERS

    def _is_sure(self, trail: Trail, heading: Heading) -> bool:
        last = trail.steps[-1]
        if trail.is_bent or any(step.by in {"unfit", "other"} for step in trail.steps):
            return False
        if last.by == "code":
            return True
        if trail.steps[0].is_file:
            return False
        place = self.tree.places[last.code]
        if last.is_file:
            return last.fit >= CERTAIN or len(heading.marks) > 2
        if not place.is_criterion:
            return last.fit >= FITS and not heading.marks
        # A bare number in another style is a quarter or a month as often.
        return last.by in {"number", "both"} or (last.by == "title" and last.fit >= CERTAIN)

    def _place(self, trails: Sequence[Trail]) -> str:
        """Return the deepest place that all the best readings share.

        Where only Pemenuhan and Reform of one area are left, that of Pemenuhan: it is filled first.
        """
        top = max(trail.points for trail in trails)
        codes = [t.code for t in trails if t.points >= top - LIKELY_MARGIN and t.code and self._is_enough(t)]
        if not codes:
            return ROOT
        lines = [(*self.tree.places[code].above, code) for code in codes]
        lines = [line for line in lines if not any(line[-1] in other[:-1] for other in lines)]
        shared = ROOT
        for level in zip(*lines, strict=False):
            if len(set(level)) > 1:
                return self._first_area(lines) or shared
            shared = level[0]
        return shared

    def _first_area(self, lines: Sequence[Sequence[str]]) -> str:
        nodes = self.worksheet.nodes
        known: dict[str, str] = {}
        for line in lines:
            area = next((nodes[code] for code in line if code in nodes and nodes[code].area_key), None)
            if area is None:
                return ""
            known[area.code] = area.area_key
        return min(known) if len(known) > 1 and len(set(known.values())) == 1 else ""

    def _unclear(self, place: str) -> str:
        if not place or place not in self.worksheet.page_of:
            return _UNKNOWN if not place else _SEVERAL
        row = self.tree.places[place]
        return f"folder {_quoted(f'{row.mark_text}. {row.title}')} dikenali, kriterianya belum jelas"

    def _why(self, trail: Trail) -> str:
        last = trail.steps[-1]
        if trail.is_bent:
            return f"{_WHY[last.by].format(_named(last))}, tetapi nama lain menunjuk kriteria lain"
        if not self.tree.places[trail.code].is_criterion:
            return f"satu-satunya kriteria di {_named(last)}"
        return _WHY[last.by].format(_named(last))


_WHY = {
    "code": "kode pada {}",
    "title": "cocok dengan {}",
    "both": "cocok dengan {}",
    "number": "cocok dengan nomor pada {}",
    "bare": "cocok dengan nomor pada {}",
    "unfit": "cocok dengan nomor saja pada {}; judulnya berbeda",
    "other": "cocok dengan judul pada {}; nomornya berbeda",
}


def _named(step: Step) -> str:
    return f"nama {'berkas' if step.is_file else 'folder'} {_quoted(step.text)}"


def _quoted(text: str) -> str:
    return f"'{text if len(text) <= _SHOWN else text[: _SHOWN - 1].rstrip() + '…'}'"


_matchers: list[Matcher] = []
_lock = Lock()


def matcher_of(worksheet: Worksheet) -> Matcher:
    """Return the matcher of a worksheet; the latest ones are kept, since building one takes a while."""
    with _lock:
        found = next((m for m in _matchers if m.worksheet is worksheet), None)
        if found is None:
            found = Matcher(worksheet)
            _matchers.append(found)
            del _matchers[:-4]
        return found
