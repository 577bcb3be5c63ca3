"""The worksheet's tree as the search reads it: every place with its numbers and what lies above and below. Pure."""

from dataclasses import dataclass

from assessment.worksheet import Worksheet

from .headings import Mark, mark_of

ROOT = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A node or a criterion. `path` are the numbers from the component down; `single` the only criterion below."""

    code: str
    title: str
    path: tuple[int, ...]
    mark: Mark
    above: tuple[str, ...]  # codes from the component to the parent
    is_criterion: bool
    single: str
    cost: float  # of being left out between two folders

    @property
    def mark_text(self) -> str:
        return self.code.rsplit(".", 1)[-1]


class Tree:
    def __init__(self, worksheet: Worksheet) -> None:
        self.places: dict[str, Place] = {}
        for node in worksheet.nodes.values():
            below = [c.code for c in node.all_criteria()]
            # Components and sections are left out more often than written; an only child says nothing.
            cost = 0.3 if node.level in {"component", "section"} else 1.0
            self._add(worksheet, node.code, node.title, below[0] if len(below) == 1 else "", cost)
            for criterion in node.criteria:
                self._add(worksheet, criterion.code, criterion.title, criterion.code, 1.0)
        self.by_path = {place.path: place for place in self.places.values()}
        self.below = {code: self._below(code) for code in (ROOT, *self.places)}

    def _add(self, worksheet: Worksheet, code: str, title: str, single: str, cost: float) -> None:
        above = tuple(node.code for node in reversed(worksheet.ancestors(code)))
        mark = mark_of(code.rsplit(".", 1)[-1]) or Mark(0, "")
        path = (*self.places[above[-1]].path, mark.value) if above else (mark.value,)
        self.places[code] = Place(code, title, path, mark, above, code in worksheet.criteria, single, cost)

    def _below(self, code: str) -> tuple[tuple[Place, float], ...]:
        """Return all places under a code, each with the cost of the levels between."""
        found = []
        for place in self.places.values():
            if code == ROOT or code in place.above:
                between = place.above[place.above.index(code) + 1 :] if code else place.above
                found.append((place, sum(self._cost(between_code) for between_code in between)))
        return tuple(found)

    def _cost(self, code: str) -> float:
        return self.places[code].cost

    def is_below(self, code: str, above: str) -> bool:
        return above in (ROOT, code) or above in self.places[code].above
