"""PortalRB's question list laid over our own instrument: what becomes what, and what has no place. Pure.

Places are found by text and order, never by soal id: a place keeps its code, and with the code its formula, zero rule,
limits, help, expected documents and thresholds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from string import ascii_lowercase
from typing import Any

from .instrument_check import KEYS
from .portalrb_list import COUNT, Branch, QuestionList, Soal, UnusableList
from .portalrb_text import bare, likeness, paired, rubric_of
from .worksheet import INDEX, PCT, Choice, Criterion, Node, Quantity, Worksheet

ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv")
STEP = Decimal("0.0001")  # what a choice's value is stored with
DEFAULT_VALUES = {
    "YN": ("1", "0"),
    "ABC": ("1", "0.5", "0"),
    "ABCD": ("1", "0.67", "0.33", "0"),
    "ABCDE": ("1", "0.75", "0.5", "0.25", "0"),
}
SURELY_ALIKE = 0.75


@dataclass
class Plan:
    """The instrument that a list makes, and the account of how."""

    roots: tuple[Node, ...] = ()
    placed: dict[int, str] = field(default_factory=dict)  # soal id: code
    unplaced: list[dict[str, Any]] = field(default_factory=list)
    added: list[str] = field(default_factory=list)  # codes that our own instrument does not have
    missing: list[str] = field(default_factory=list)  # codes of our own that the list does not have
    differences: list[dict[str, str]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def plan_of(questions: QuestionList, base: Worksheet) -> Plan:
    """Lay a list over our own instrument; raise UnusableList if counts or places are missing."""
    plan = Plan()
    builder = _Builder(plan)
    plan.roots = builder.nodes(questions.roots, base.roots, parent=None)
    if plan.problems:
        raise UnusableList(plan.problems)
    soals = questions.all_soals()
    if questions.total is not None and questions.total != len(soals):
        plan.remarks.append(f"the list says it has {questions.total} questions, but it has {len(soals)}")
    return plan


@dataclass
class _Builder:
    plan: Plan

    def nodes(self, theirs: Sequence[Branch], ours: Sequence[Node], parent: Node | None) -> tuple[Node, ...]:
        """Build the nodes of one place in the tree, in our own order; new ones come last."""
        theirs = _regrouped(theirs, ours)
        pairs = paired([b.name for b in theirs], [n.title for n in ours])
        built = {j: self.node(theirs[i], ours[j]) for i, j in sorted(pairs.items())}
        for j, node in enumerate(ours):
            if j not in built:
                self.plan.missing.append(node.code)
        fresh = [self.new_node(b, parent, n) for n, b in enumerate(b for i, b in enumerate(theirs) if i not in pairs)]
        return (*(built[j] for j in sorted(built)), *(node for node in fresh if node))

    def node(self, branch: Branch, ours: Node) -> Node:
        """Build a node that our instrument has too."""
        children: tuple[Node, ...] = ()
        criteria: tuple[Criterion, ...] = ()
        if not ours.children:
            criteria = self.criteria(list(branch.all_soals()), ours)
        elif branch.children:
            children = self.nodes(branch.children, ours.children, ours)
            for soal in branch.soals:
                self.leave(soal, f"stands directly in {ours.code}, which has parts of its own")
        else:
            children = self.shared_out(list(branch.all_soals()), ours)
        node = replace(
            ours, title=branch.name, weight=branch.weight or ours.weight, children=children, criteria=criteria
        )
        self.compare(ours.code, "title", ours.title, node.title)
        self.compare(ours.code, "weight", ours.weight, node.weight)
        return node

    def shared_out(self, soals: list[Soal], ours: Node) -> tuple[Node, ...]:
        """Share the questions of one branch out over the parts that the place has in our instrument."""
        leaves = [leaf for leaf in ours.children if not leaf.children]
        if len(leaves) != len(ours.children):
            self.plan.problems.append(f"{ours.code}: the list has nothing of its parts")
            return ()
        homes = [leaf for leaf in leaves for _ in _texts(leaf)]
        pairs = paired([s.text for s in soals], [text for leaf in leaves for text in _texts(leaf)])
        for i, soal in enumerate(soals):
            if i not in pairs:
                self.leave(soal, f"{ours.code} has no place for it")
        return tuple(
            replace(
                leaf,
                criteria=self.criteria(
                    [s for i, s in enumerate(soals) if i in pairs and homes[pairs[i]] is leaf], leaf
                ),
            )
            for leaf in leaves
        )

    def new_node(self, branch: Branch, parent: Node | None, number: int) -> Node | None:
        """Build a sub-area that our instrument does not have; nothing else can be new."""
        if parent is None or branch.level != "sub_area" or parent.level not in {"area", "subarea"}:
            self.plan.problems.append(f"{branch.path}: our instrument has no such place")
            return None
        code = f"{parent.code}.{ROMAN[min(len(parent.children) + number, len(ROMAN) - 1)]}"
        node = Node(code, branch.name, "subarea", branch.weight or Decimal(0), parent.code)
        self.plan.added.append(code)
        return replace(node, criteria=self.criteria(list(branch.all_soals()), node))

    def criteria(self, soals: list[Soal], ours: Node) -> tuple[Criterion, ...]:
        """Build the criteria of one node: chosen ones and percentages apart, in our order, new ones last."""
        for soal in soals:
            if soal.kind == PCT:
                self.leave(soal, "percentages are computed from their counts")
        asked = [s for s in soals if s.kind not in {COUNT, PCT}]
        plain = [c for c in ours.criteria if c.answer_type != PCT]
        pairs = paired([s.text for s in asked], [c.title for c in plain])
        built = {plain[j].code: self.criterion(asked[i], plain[j]) for i, j in sorted(pairs.items())}
        built |= self.percentages(
            [s for s in soals if s.kind == COUNT], [c for c in ours.criteria if c.answer_type == PCT]
        )
        self.plan.missing += [c.code for c in ours.criteria if c.code not in built]
        found = [built[c.code] for c in ours.criteria if c.code in built]
        fresh = [soal for i, soal in enumerate(asked) if i not in pairs]
        return (*found, *self.new_criteria(fresh, ours))

    def criterion(self, soal: Soal, ours: Criterion) -> Criterion:
        """Build a criterion that our instrument has too."""
        self.plan.placed[soal.id] = ours.code
        weight = None if ours.weight is None else soal.weight or ours.weight
        criterion = replace(
            ours,
            title=soal.text,
            answer_type=soal.kind,
            weight=weight,
            choices=self.choices(soal, ours),
            soal_id=soal.id,
            excel_row=soal.row,
        )
        self.compare(ours.code, "title", ours.title, soal.text)
        self.compare(ours.code, "type", ours.answer_type, soal.kind)
        self.compare(ours.code, "weight", ours.weight, weight)
        self.compare(ours.code, "values", _values(ours.choices), _values(criterion.choices))
        return criterion

    def new_criteria(self, soals: list[Soal], ours: Node) -> Iterable[Criterion]:
        weighted = any(c.weight is not None for c in ours.criteria)
        letters = iter(ascii_lowercase[len(ours.criteria) :])
        for soal in soals:
            if soal.kind != INDEX and not _is_worded(soal):
                self.leave(soal, f"{ours.code} has no such question, and its choices have no texts")
                continue
            if (letter := next(letters, None)) is None:
                self.leave(soal, f"{ours.code} has no letter left for it")
                continue
            code = f"{ours.code}.{letter}"
            new = Criterion(
                code, soal.text, soal.kind, soal.weight if weighted else None, ours.code,
                soal_id=soal.id, excel_row=soal.row,
            )  # fmt: skip
            self.plan.placed[soal.id] = code
            self.plan.added.append(code)
            yield replace(new, choices=self.choices(soal, new))

    def percentages(self, counts: list[Soal], ours: list[Criterion]) -> dict[str, Criterion]:
        """Rebuild the percentage criteria from the counts that stand in a row."""
        slots = [(criterion, quantity) for criterion in ours for quantity in criterion.quantities]
        pairs = paired([s.text for s in counts], [quantity.title for _, quantity in slots])
        given = {slots[j][1].code: counts[i] for i, j in sorted(pairs.items())}
        for i, soal in enumerate(counts):
            if i not in pairs:
                self.leave(soal, "no percentage of this place is computed from it")
        built = {}
        for criterion in ours:
            codes = [q.code for q in criterion.quantities]
            if not any(code in given for code in codes):
                continue
            self.plan.problems += [
                f"{code}: the list lacks this count ({criterion.title})" for code in codes if code not in given
            ]
            quantities = tuple(self.quantity(given[q.code], q) for q in criterion.quantities if q.code in given)
            built[criterion.code] = replace(criterion, quantities=quantities)
        return built

    def quantity(self, soal: Soal, ours: Quantity) -> Quantity:
        self.plan.placed[soal.id] = ours.code
        # The list leaves out the heading over a group of counts; ours says it in each.
        title = ours.title if bare(ours.title).endswith(bare(soal.text)) else soal.text
        self.compare(ours.code, "title", ours.title, title)
        return replace(ours, title=title, soal_id=soal.id, excel_row=soal.row)

    def choices(self, soal: Soal, ours: Criterion) -> tuple[Choice, ...]:
        """Build the choices: wording from scheme, rubric or our own, values from scheme or answer type."""
        keys = KEYS.get(soal.kind, "")
        if not keys:
            return ()
        scheme = {option.key: option for option in soal.options}
        rubric = rubric_of(soal.rubric, keys)
        own = {c.key: c.text for c in ours.choices} if ours.answer_type == soal.kind else {}
        found = []
        for key, value in zip(keys, DEFAULT_VALUES[soal.kind], strict=True):
            option = scheme.get(key)
            given = option.value if option else None
            text = (option.text if option else "") or rubric.get(key) or own.get(key) or _bare_word(key)
            found.append(Choice(key, Decimal(value) if given is None else self.stored(given, soal), text))
        return tuple(found)

    def stored(self, value: Decimal, soal: Soal) -> Decimal:
        rounded = value.quantize(STEP, ROUND_HALF_UP)
        if rounded != value:
            self.plan.remarks.append(f"soal {soal.id}: the value {value} is kept as {rounded}")
        return rounded.normalize() + 0

    def leave(self, soal: Soal, reason: str) -> None:
        self.plan.unplaced.append({"soal_id": soal.id, "text": soal.text, "where": soal.path, "reason": reason})

    def compare(self, code: str, what: str, ours: object, theirs: object) -> None:
        if ours != theirs:
            self.plan.differences.append({"code": code, "what": what, "bundled": str(ours), "list": str(theirs)})


def _texts(leaf: Node) -> list[str]:
    """Return the texts of what is answered in a node of ours."""
    return [
        text for c in leaf.criteria for text in ([q.title for q in c.quantities] if c.answer_type == PCT else [c.title])
    ]


def _values(choices: Iterable[Choice]) -> str:
    return " ".join(f"{c.key}={c.value.normalize():f}" for c in choices)


def _bare_word(key: str) -> str:
    return {"Y": "Ya", "T": "Tidak"}.get(key, "")


def _is_worded(soal: Soal) -> bool:
    """Tell whether a question brings the texts of its choices along."""
    keys = KEYS.get(soal.kind, "")
    by_scheme = bool(soal.options) and all(option.text for option in soal.options)
    return keys == "YT" or by_scheme or bool(rubric_of(soal.rubric, keys))


def _regrouped(theirs: Sequence[Branch], ours: Sequence[Node]) -> Sequence[Branch]:
    """Put sub-areas that the list has side by side under the heading that they have in our instrument."""
    for node in ours:
        if not node.children or node.level != "subarea":
            continue
        parts = [b for b in theirs if _is_part(b, node)]
        if len(parts) != len(node.children) or len(parts) < 2:
            continue
        weights = [b.weight for b in parts]
        total = sum((w for w in weights if w), Decimal(0)) if all(weights) else None
        group = Branch(node.title, "sub_area", total, parts[0].path, tuple(parts))
        theirs = [group if b is parts[0] else b for b in theirs if b is parts[0] or b not in parts]
    return theirs


def _is_part(branch: Branch, node: Node) -> bool:
    best = max(likeness(branch.name, part.title) for part in node.children)
    return not branch.children and best >= SURELY_ALIKE and best > likeness(branch.name, node.title)
