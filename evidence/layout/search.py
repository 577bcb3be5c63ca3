"""The search of a path in the tree: which place each folder names, with points for how well it fits. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from .headings import Heading
from .titles import Titles
from .tree import ROOT, Place, Tree

TITLE = 12.0  # points of a title that fits wholly
NUMBER = 3.0  # of a number that fits, one more if it is written as the worksheet does
CODE = 20.0
FITS, STRONG, CERTAIN = 0.55, 0.7, 0.85
_WHOLE = 2.0  # more for every word of it, in order
_UNFIT_NUMBER = 2.0  # a number that fits before a title that does not
_WRONG_NUMBER = -1.0
_SKIPPED = -1.0  # a folder between two places that names none
_GUESSED = 2.5  # a bare number rarely stands for a deeper level
_KEPT, _REACH = 24, 12.0


@dataclass(frozen=True, slots=True)
class Step:
    """One folder or file that named a place.

    by: "code"; "title"; "number", or "bare" if it is written in another way than the worksheet's; "both";
    "unfit" (the number fits, the title does not); "other" (the title fits, the number does not).
    """

    code: str
    by: str
    text: str
    fit: float
    is_file: bool


@dataclass(frozen=True, slots=True)
class Trail:
    """One reading of a path: the place it ends in, its points, and the steps to it."""

    code: str = ROOT
    points: float = 0.0
    steps: tuple[Step, ...] = ()
    is_bent: bool = False  # a later name speaks of another place

    @property
    def last(self) -> Step | None:
        return self.steps[-1] if self.steps else None


class Search:
    def __init__(self, tree: Tree, titles: Titles) -> None:
        self.tree = tree
        self.titles = titles

    def follow(self, trails: Iterable[Trail], heading: Heading) -> tuple[Trail, ...]:
        """Read one more name; return the best readings, one for each place."""
        best: dict[str, Trail] = {}
        fits = self.titles.fits(heading.words)
        for trail in trails:
            for grown in (self._stay(trail, heading, fits), *self._jumps(trail, heading)):
                _keep(best, grown)
            if trail.code == ROOT or not self.tree.places[trail.code].is_criterion:
                for grown in self._moves(trail, heading, fits):
                    _keep(best, grown)
        ordered = sorted(best.values(), key=lambda t: -t.points)
        return tuple(t for t in ordered[:_KEPT] if t.points >= ordered[0].points - _REACH)

    def _stay(self, trail: Trail, heading: Heading, fits: dict[str, float]) -> Trail:
        """Read a name as one that names no place; below a criterion that is what names do."""
        if trail.code == ROOT or heading.is_file:
            return trail
        place = self.tree.places[trail.code]
        if place.is_criterion:
            elsewhere = max(fits.values(), default=0.0) >= 0.95 and fits.get(trail.code, 0.0) < FITS
            return replace(trail, is_bent=trail.is_bent or elsewhere)
        return replace(trail, points=trail.points + _SKIPPED)

    def _jumps(self, trail: Trail, heading: Heading) -> Iterable[Trail]:
        """Read a whole code, which names its place wherever it stands."""
        for code in heading.codes:
            place = self.tree.by_path.get(code)
            if place and len(place.path) > 2:
                bent = trail.is_bent or not self.tree.is_below(place.code, trail.code)
                step = Step(place.code, "code", heading.text, 1.0, heading.is_file)
                points = trail.points + CODE - (_REACH if bent else 0.0)
                yield Trail(place.code, points, (*trail.steps, step), bent)

    def _moves(self, trail: Trail, heading: Heading, fits: dict[str, float]) -> Iterable[Trail]:
        if not heading.marks and not fits:
            return
        values = tuple(mark.value for mark in heading.marks)
        depth = len(self.tree.places[trail.code].path) if trail.code else 0
        says = self.titles.says_something(heading.words)
        for place, cost in self.tree.below[trail.code]:
            if place.code not in fits and (not values or place.path[-1] != values[-1]):
                continue
            step, points = self._named(place, heading, values, fits.get(place.code, 0.0), says, depth)
            if step:
                left_out = self._left_out(place, trail.code, len(values), cost, step)
                yield Trail(place.code, trail.points + points - left_out, (*trail.steps, step), trail.is_bent)

    def _left_out(self, place: Place, code: str, marks: int, cost: float, step: Step) -> float:
        """Return the cost of the levels that no folder names; several numbers in one name name several."""
        if marks < 2 or step.by == "title":
            return cost * (_GUESSED if step.by in {"number", "bare"} else 1.0)
        start = place.above.index(code) + 1 if code else 0
        between = place.above[start : max(start, len(place.above) - marks + 1)]
        return sum(self.tree.places[c].cost for c in between)

    def _named(
        self, place: Place, heading: Heading, values: tuple[int, ...], fit: float, says: bool, depth: int
    ) -> tuple[Step | None, float]:
        by, points = "", 0.0
        count = len(values)
        title = TITLE * fit * fit + (_WHOLE if fit >= 1.0 else 0.0)
        fits_number = bool(values) and place.path[-count:] == values and len(place.path) - count >= depth
        if fits_number:
            alike = heading.marks[-1].style == place.mark.style
            number = NUMBER * count + alike
            if not says or fit >= FITS:
                by, points = ("both" if says else "number" if alike or count > 2 else "bare"), number + title
            elif count > 2:
                by, points = "number", number
            else:
                by, points = "unfit", _UNFIT_NUMBER + fit
        elif not values and fit >= FITS:
            by, points = "title", title
        elif fit >= STRONG:
            by, points = "other", title + _WRONG_NUMBER
        return (Step(place.code, by, heading.text, fit, heading.is_file) if by else None), points


def _keep(best: dict[str, Trail], trail: Trail) -> None:
    known = best.get(trail.code)
    if known is None or trail.points > known.points:
        best[trail.code] = trail
