"""How far the answers of an assessment are proved. Pure: worksheet, scores and what is attached come in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assessment.scoring import Result
from assessment.worksheet import Criterion, Node, Worksheet


@dataclass(frozen=True, slots=True)
class Attached:
    """One live attachment, as far as coverage goes; `expected` is the place from 1 of the expected document, or 0."""

    code: str
    expected: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far one criterion, or all below a node, is proved.

    `criteria` of them there are, `proved` have at least one document; of `expected` documents `found` are attached.
    """

    criteria: int = 0
    proved: int = 0
    expected: int = 0
    found: int = 0
    documents: int = 0

    def __add__(self, other: "Coverage") -> "Coverage":
        return Coverage(
            self.criteria + other.criteria, self.proved + other.proved, self.expected + other.expected,
            self.found + other.found, self.documents + other.documents,
        )  # fmt: skip

    @property
    def percent(self) -> int:
        """Expected documents found, in whole percent, never 100 while one is missing; proved criteria if none is."""
        part, whole = (self.found, self.expected) if self.expected else (self.proved, self.criteria)
        return part * 100 // whole if whole else 100


def of_criterion(criterion: Criterion, places: Sequence[int]) -> Coverage:
    """Return the coverage of one criterion; `places` are those of its attachments, 0 for none of the expected."""
    wanted = len(criterion.documents)
    found = len({place for place in places if 0 < place <= wanted})
    return Coverage(1, int(bool(places)), wanted, found, len(places))


def of_nodes(worksheet: Worksheet, attached: Iterable[Attached]) -> dict[str, Coverage]:
    """Return the coverage of every node by code."""
    places = by_code(attached)

    def total(node: Node) -> Coverage:
        return sum((of_criterion(c, places.get(c.code, ())) for c in node.all_criteria()), start=Coverage())

    return {code: total(node) for code, node in worksheet.nodes.items()}


def by_code(attached: Iterable[Attached]) -> dict[str, list[int]]:
    """Return the places of the attachments of each criterion that has any."""
    found: dict[str, list[int]] = {}
    for item in attached:
        found.setdefault(item.code, []).append(item.expected)
    return found


def unproved(result: Result, attached: Iterable[Attached]) -> list[str]:
    """Return the criteria answered better than the worst that nothing proves, in worksheet order."""
    proved = by_code(attached)
    criteria = result.worksheet.criteria.items()
    return [code for code, criterion in criteria if code not in proved and is_above_worst(result, criterion)]


def is_above_worst(result: Result, criterion: Criterion) -> bool:
    """Say whether an answer claims more than the least that its criterion allows."""
    value = result.values[criterion.code]
    if not value.is_answered or value.value is None:
        return False
    return value.value > min((choice.value for choice in criterion.choices), default=0)


def missing(criterion: Criterion, places: Iterable[int]) -> list[str]:
    """Return the expected documents that are not attached."""
    there = set(places)
    return [title for place, title in enumerate(criterion.documents, start=1) if place not in there]


def counts(found: Mapping[str, Coverage], codes: Iterable[str]) -> Coverage:
    return sum((found[code] for code in codes), start=Coverage())
