"""The LKE as plain frozen data: what the scoring engine, the pages and the exports read.

Built once per instrument by `selectors.worksheet_of`; immutable, so it may be shared between requests.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from .formula import Limit, Ratio

PCT = "PCT"
INDEX = "INDEX04"
YES_NO = "YN"


def slug_of(code: str) -> str:
    """Return a code as an HTML id: "A-I-1-i-a"."""
    return code.replace(".", "-")


_SMALL = frozenset({"dan", "yang", "di"})
_ACRONYMS = frozenset({"SDM"})


def in_running_text(title: str) -> str:
    """Write a title that is all capitals with capital initials; leave any other as it is."""
    if title != title.upper():
        return title
    words = [w if w in _ACRONYMS else w.lower() if w.lower() in _SMALL else w.capitalize() for w in title.split()]
    return " ".join(words)


@dataclass(frozen=True, slots=True)
class Choice:
    key: str  # "Y", "T", "A" … "E"
    value: Decimal  # 0 to 1
    text: str  # the rubric
    pk: int = 0

    @property
    def label(self) -> str:
        return {"Y": "Ya", "T": "Tidak"}.get(self.key, self.key)


@dataclass(frozen=True, slots=True)
class Quantity:
    number: int  # 1 for n1
    code: str
    title: str
    help: str
    soal_id: int | None
    excel_row: int | None


@dataclass(frozen=True, slots=True)
class CountLimit:
    rule: Limit
    message: str  # shown beside the counts when the rule does not hold
    blocks: bool  # True: such counts are refused; False: they are saved and pointed out


@dataclass(frozen=True, slots=True)
class Criterion:
    code: str
    title: str
    answer_type: str
    weight: Decimal | None  # only where the criterion itself is weighted (Hasil)
    parent: str
    choices: tuple[Choice, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    formula: Ratio | None = None
    zero_rule: str = ""
    limits: tuple[CountLimit, ...] = ()
    documents: tuple[str, ...] = ()
    help: str = ""
    soal_id: int | None = None
    excel_row: int | None = None
    pk: int = 0

    def choice(self, key: str) -> Choice | None:
        return next((c for c in self.choices if c.key == key), None)

    def choice_key(self, pk: int | None) -> str:
        """The key of a stored choice; "" for none."""
        return next((c.key for c in self.choices if c.pk == pk), "") if pk else ""

    @property
    def marker(self) -> str:
        """The last part of the code, as the worksheet prints it: "a"."""
        return self.code.rsplit(".", 1)[-1]

    @property
    def slug(self) -> str:
        return slug_of(self.code)


@dataclass(frozen=True, slots=True)
class Node:
    code: str
    title: str
    level: str  # component, section, area, subarea
    weight: Decimal
    parent: str  # "" at the top
    area_key: str = ""  # "1" to "6" on areas: Pemenuhan and Reform of one area share it
    children: tuple["Node", ...] = ()
    criteria: tuple[Criterion, ...] = ()

    @property
    def marker(self) -> str:
        return self.code.rsplit(".", 1)[-1]

    @property
    def slug(self) -> str:
        return slug_of(self.code)

    @property
    def name(self) -> str:
        """The title as running text: the worksheet prints the upper levels in capitals."""
        return in_running_text(self.title)

    def walk(self) -> Iterator["Node"]:
        """Yield the node and everything below it, in worksheet order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def all_criteria(self) -> Iterator[Criterion]:
        for node in self.walk():
            yield from node.criteria


@dataclass(frozen=True, slots=True)
class Threshold:
    """One minimum of a predicate.

    measure: "total"; "node" (points of `subject`, a code); "area" (percent of area `subject`, "1" to "6");
    "award" (the unit holds the predicate `subject`; minimum 1).
    """

    predicate: str
    name: str
    measure: str
    subject: str
    minimum: Decimal


@dataclass(frozen=True)
class Worksheet:
    name: str
    roots: tuple[Node, ...]
    thresholds: tuple[Threshold, ...]
    legal_basis: str = ""
    content_hash: str = ""

    @cached_property
    def nodes(self) -> dict[str, Node]:
        """All nodes by code, in worksheet order."""
        return {node.code: node for root in self.roots for node in root.walk()}

    @cached_property
    def criteria(self) -> dict[str, Criterion]:
        """All criteria by code, in worksheet order."""
        return {c.code: c for root in self.roots for c in root.all_criteria()}

    @cached_property
    def code_of(self) -> dict[int, str]:
        """The criterion's code for each primary key."""
        return {c.pk: c.code for c in self.criteria.values()}

    @cached_property
    def pages(self) -> dict[str, Node]:
        """What one page of the form shows: each area, and each section that has no areas."""
        return {
            node.code: node
            for node in self.nodes.values()
            if node.level == "area" or (node.level == "section" and node.criteria)
        }

    @cached_property
    def page_of(self) -> dict[str, str]:
        """The page's code for every criterion and every node on a page."""
        found: dict[str, str] = {}
        for page in self.pages.values():
            for node in page.walk():
                found[node.code] = page.code
                found.update((c.code, page.code) for c in node.criteria)
        return found

    @cached_property
    def areas(self) -> dict[str, tuple[Node, ...]]:
        """The nodes of each of the six areas by key: its Pemenuhan part and its Reform part."""
        found: dict[str, tuple[Node, ...]] = {}
        for node in self.nodes.values():
            if node.level == "area":
                found[node.area_key] = (*found.get(node.area_key, ()), node)
        return found

    def ancestors(self, code: str) -> tuple[Node, ...]:
        """Return the nodes above a criterion or node, the nearest first."""
        parent = self.criteria[code].parent if code in self.criteria else self.nodes[code].parent
        found = []
        while parent:
            found.append(self.nodes[parent])
            parent = self.nodes[parent].parent
        return tuple(found)

    @cached_property
    def predicates(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(t.predicate for t in self.thresholds))
