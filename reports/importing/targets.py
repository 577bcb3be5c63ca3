"""The rows that a worksheet should have, and how well a text fits each of them. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import groupby
from threading import Lock

from assessment.worksheet import PCT, Criterion, Quantity, Worksheet
from evidence.layout.headings import words_of

EXACT = 1.0
FAINT = 0.3  # less is chance
FEW = 12  # trigrams; a shorter title is no part of a longer one


class Kind(StrEnum):
    NODE = "node"
    CRITERION = "criterion"
    COUNT = "count"
    SUM = "sum"  # the computed row above a group of counts


@dataclass(frozen=True, slots=True)
class Target:
    """One row of the worksheet. `texts` are the ways its title is written."""

    code: str
    kind: Kind
    marker: str
    texts: tuple[str, ...]
    criterion: str = ""  # of a criterion and of a count
    type: str = ""

    @property
    def takes(self) -> bool:
        """Tell whether something may be put there."""
        return self.kind in {Kind.CRITERION, Kind.COUNT}


@lru_cache(maxsize=4096)
def tidy(text: str) -> str:
    """Return a title as it compares: lower case, no signs, common short forms spelled out, no doubled words."""
    return " ".join(words_of(text))


@lru_cache(maxsize=4096)
def _grams(text: str) -> frozenset[str]:
    padded = f"  {text} "
    return frozenset(padded[n : n + 3] for n in range(len(padded) - 2))


def alike(one: str, other: str) -> float:
    """Return how alike two titles are, 0 to 1, by the runs of three letters they share."""
    if not one or not other:
        return 0.0
    if one == other:
        return EXACT
    left, right = _grams(one), _grams(other)
    shared = len(left & right)
    fewer = min(len(left), len(right))
    part = 0.85 * shared / fewer if fewer >= FEW else 0.0  # one of them is cut short
    return min(0.99, max(2 * shared / (len(left) + len(right)), part))


class Targets:
    """The rows of one worksheet in order; remembers the texts it has compared."""

    def __init__(self, worksheet: Worksheet) -> None:
        self.worksheet = worksheet
        self.rows = tuple(_rows(worksheet))
        self.at = {row.code: n for n, row in enumerate(self.rows) if row.kind != Kind.SUM}
        self._tidy = [tuple(tidy(text) for text in row.texts) for row in self.rows]
        self._exact: dict[str, list[int]] = {}
        for n, texts in enumerate(self._tidy):
            for text in dict.fromkeys(texts):
                self._exact.setdefault(text, []).append(n)
        self.fits = lru_cache(maxsize=4096)(self._fits)

    def fit(self, title: str, code: str) -> float:
        """Return how well a title fits one row."""
        return max((alike(tidy(title), text) for text in self._tidy[self.at[code]]), default=0.0)

    def _fits(self, title: str) -> tuple[tuple[int, float], ...]:
        """Return the rows that a title fits at least a little; only those it names exactly, if there are any."""
        text = tidy(title)
        if text in self._exact:
            return tuple((n, EXACT) for n in self._exact[text])
        scores = [(n, max(alike(text, known) for known in self._tidy[n])) for n in range(len(self.rows))]
        return tuple(pair for pair in scores if pair[1] >= FAINT)


def _rows(worksheet: Worksheet) -> list[Target]:
    found: list[Target] = []
    for node in worksheet.nodes.values():
        found.append(Target(node.code, Kind.NODE, node.marker, (node.title,)))
        for c in node.criteria:
            found.append(Target(c.code, Kind.CRITERION, c.marker, (c.title,), c.code, c.answer_type))
            found += _counts(c) if c.answer_type == PCT else []
    return found


def _counts(criterion: Criterion) -> list[Target]:
    found: list[Target] = []
    for title, group in groupby(criterion.quantities, _group_title):
        members = list(group)
        if title and len(members) > 1:
            found.append(Target(f"{criterion.code}#{title}", Kind.SUM, "-", (title,)))
        for quantity in members:
            texts = (quantity.title, quantity.title.partition(": ")[2]) if title else (quantity.title,)
            # PortalRB's sheet names the criterion before the count.
            whole = f"{criterion.title}: {quantity.title}"
            found.append(Target(quantity.code, Kind.COUNT, "-", (*texts, whole), criterion.code, PCT))
    return found


def _group_title(quantity: Quantity) -> str:
    before, colon, _ = quantity.title.partition(": ")
    return before if colon else ""


_known: list[Targets] = []
_lock = Lock()


def targets_of(worksheet: Worksheet) -> Targets:
    """Return the rows of a worksheet; the latest ones are kept, since comparing texts takes a while."""
    with _lock:
        found = next((t for t in _known if t.worksheet is worksheet), None)
        if found is None:
            found = Targets(worksheet)
            _known.append(found)
            del _known[:-4]
        return found
