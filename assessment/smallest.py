"""The smallest set of raises that reaches every minimum: fewest items, then fewest steps, then the greatest gain.

Pure and in whole numbers. An item is what its first, second, … step gains, ascending; a need is an amount that some
items must gain together. `smallest` is exact; `docs/decisions/0016-advice.md` has the reasons at length. In short:

1. Gains only add and needs only ask for more, so of two choices inside a group of items that cost the same, the one
   that gains more serves every need around the group at least as well. It is enough to keep, for each group and each
   cost, the greatest gain. This holds while needs nest or are disjoint; a need that crosses others is carried along
   as a sum of its own, and choices are then compared only where these sums are equal.
2. Raised all the way, the best n items of a group are its n largest: what a group can gain with n items is concave
   in n, a need only cuts off its beginning, and two concave curves add by merging their increments. That gives the
   fewest items at once, and for each half-made choice the most that the rest could still add.
3. A half-made choice that could not reach a need around it even with the most that the rest can add is dropped, and
   so is one that would need more steps than a solution that is known already. Nothing else is.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import merge
from itertools import accumulate
from typing import Any, NamedTuple

Gains = tuple[int, ...]
MOST_PAIRS = 100_000  # choices put together before a search with crossing needs is given up


class TooHard(Exception):
    """Needs that cross would take too long to weigh; `enough` reaches them all, but may not be the smallest."""

    def __init__(self, enough: dict[int, int]) -> None:
        super().__init__("Too many choices to weigh.")
        self.enough = enough


class Need(NamedTuple):
    """What some items, by their places, must gain together."""

    amount: int
    items: frozenset[int]


@dataclass(frozen=True, slots=True)
class Reach:
    """The most that a group can gain with n items raised all the way: a concave curve that starts at `count`."""

    count: int
    base: int
    more: tuple[int, ...]  # increments, the largest first
    sums: tuple[int, ...]  # base, base + more[0], …

    @classmethod
    def of(cls, count: int, base: int, more: Iterable[int]) -> "Reach":
        found = tuple(more)
        return cls(count, base, found, tuple(accumulate(found, initial=base)))

    def at(self, items: int) -> int | None:
        """Return the most with at most so many items; None where that is too few for the needs inside."""
        place = items - self.count
        return None if place < 0 else self.sums[min(place, len(self.more))]

    def beside(self, other: "Reach") -> "Reach":
        both = merge(self.more, other.more, reverse=True)
        return Reach.of(self.count + other.count, self.base + other.base, both)

    def from_need(self, amount: int) -> "Reach | None":
        """Return what is left of the curve where it reaches an amount; None if it never does."""
        place = next((n for n, total in enumerate(self.sums) if total >= amount), None)
        return None if place is None else Reach.of(self.count + place, self.sums[place], self.more[place:])


NOTHING = Reach.of(0, 0, ())


@dataclass(slots=True)
class Group:
    """The items of one need; the groups inside it keep theirs to themselves."""

    need: int
    members: frozenset[int]
    groups: list["Group"] = field(default_factory=list)
    reach: Reach = NOTHING

    def own(self) -> frozenset[int]:
        return self.members.difference(*(g.members for g in self.groups))


class Bound(NamedTuple):
    """A need around a half-made choice, the most that everything not yet chosen can add, and with how many items."""

    need: int
    rest: Reach
    limit: int


# Cost (items, steps, sums of the crossing needs) → the greatest gain, and how it came about.
Costs = tuple[int, int, Gains]
Found = dict[Costs, tuple[int, Any]]


def smallest(items: Sequence[Gains], needs: Iterable[Need]) -> dict[int, int] | None:
    """Return the steps by item, for the items to raise; None if not even raising all of them is enough.

    Raise TooHard where needs cross and there are too many choices; never where they nest or are disjoint.
    """
    asked = [need for need in needs if need.amount > 0]
    if any(sum(items[n][-1] for n in need.items if items[n]) < need.amount for need in asked):
        return None
    nested, crossing = _apart(asked)
    root = _tree(items, nested)
    for count in range(root.reach.count, len(items) + 1):
        try:
            found = _Search(items, crossing, count).run(root)
        except _GivenUp:
            raise TooHard(_enough(items, root, crossing)) from None
        if found is not None:
            return found
    return None


class _GivenUp(Exception):
    pass


def _enough(items: Sequence[Gains], root: Group, crossing: Iterable[Need]) -> dict[int, int]:
    """Return the smallest choice for the needs that nest, with the largest raises added for those that cross."""
    chosen = _Search(items, (), root.reach.count).run(root) or {}

    def gain(n: int) -> int:
        return items[n][chosen[n] - 1] if n in chosen else 0

    for need in crossing:
        by_raise = sorted((n for n in need.items if items[n]), key=lambda n: (gain(n) - items[n][-1], n))
        for n in by_raise:
            if sum(gain(i) for i in need.items) >= need.amount:
                break
            chosen[n] = len(items[n])
    return chosen


def _apart(needs: Iterable[Need]) -> tuple[list[Need], list[Need]]:
    """Split needs into those that nest or are disjoint, the largest first, and those that cross one of them."""
    most: dict[frozenset[int], int] = {}
    for need in needs:
        most[need.items] = max(need.amount, most.get(need.items, 0))
    nested: list[Need] = []
    crossing: list[Need] = []
    for members, amount in sorted(most.items(), key=lambda pair: (-len(pair[0]), sorted(pair[0]))):
        fits = all(members <= n.items or not members & n.items for n in nested)
        (nested if fits else crossing).append(Need(amount, members))
    return nested, crossing


def _tree(items: Sequence[Gains], nested: Iterable[Need]) -> Group:
    root = Group(0, frozenset(range(len(items))))
    for need in nested:
        above = root
        while inner := next((g for g in above.groups if need.items <= g.members), None):
            above = inner
        above.groups.append(Group(need.amount, need.items))
    _measure(root, items)
    return root


def _measure(group: Group, items: Sequence[Gains]) -> None:
    for inner in group.groups:
        _measure(inner, items)
    whole = _beside([*(g.reach for g in group.groups), _singles(items[n] for n in group.own())])
    found = whole.from_need(group.need)
    assert found is not None  # noqa: S101  `smallest` saw that all together is enough
    group.reach = found


def _singles(items: Iterable[Gains]) -> Reach:
    return Reach.of(0, 0, sorted((gains[-1] for gains in items if gains), reverse=True))


def _beside(reaches: Iterable[Reach]) -> Reach:
    found = NOTHING
    for reach in reaches:
        found = found.beside(reach)
    return found


@dataclass(frozen=True, slots=True)
class _Search:
    """One search for a choice of exactly `count` items."""

    items: Sequence[Gains]
    crossing: Sequence[Need]
    count: int
    pairs: list[int] = field(default_factory=lambda: [0])

    def run(self, root: Group) -> dict[int, int] | None:
        found = self._of_group(root, self.count, [])
        done = [
            (steps, -gain, how)
            for (_, steps, sums), (gain, how) in found.items()
            if all(have >= need.amount for have, need in zip(sums, self.crossing, strict=True))
        ]
        return dict(_chosen(min(done, key=lambda d: d[:2])[2])) if done else None

    def _of_group(self, group: Group, limit: int, around: list[Bound]) -> Found:
        """Return the best of each cost inside a group that may take `limit` items."""
        single = sorted((n for n in group.own() if self.items[n]), key=lambda n: (-self.items[n][-1], n))
        reaches = [*(g.reach for g in group.groups), *(_singles([self.items[n]]) for n in single)]
        rests = [NOTHING]
        for reach in reversed(reaches):
            rests.append(rests[-1].beside(reach))
        rests.reverse()
        bounds = [*around, Bound(group.need, NOTHING, limit)]
        found: Found = {(0, 0, (0,) * len(self.crossing)): (0, None)}
        parts: list[Group | int] = [*group.groups, *single]
        for place, part in enumerate(parts):
            if isinstance(part, Group):
                others = _beside(r for n, r in enumerate(reaches) if n != place)
                options = self._of_group(part, limit - others.count, _wider(bounds, others))
            else:
                options = self._of_item(part)
            found = self._together(found, options, _wider(bounds, rests[place + 1]))
        return {cost: kept for cost, kept in found.items() if kept[0] >= group.need}

    def _of_item(self, n: int) -> Found:
        none = (0,) * len(self.crossing)
        found: Found = {(0, 0, none): (0, None)}
        for steps, gain in enumerate(self.items[n], start=1):
            sums = tuple(min(gain, need.amount) if n in need.items else 0 for need in self.crossing)
            found[1, steps, sums] = (gain, (n, steps))
        return found

    def _together(self, first: Found, second: Found, bounds: list[Bound]) -> Found:
        self.pairs[0] += len(first) * len(second)
        if self.crossing and self.pairs[0] > MOST_PAIRS:
            raise _GivenUp
        least = self._least_gains(bounds)
        found: Found = {}
        for (n1, s1, sums1), (gain1, how1) in first.items():
            for (n2, s2, sums2), (gain2, how2) in second.items():
                n, gain = n1 + n2, gain1 + gain2
                if n > self.count or gain < least[n]:
                    continue
                cost = (n, s1 + s2, self._added(sums1, sums2))
                if cost not in found or found[cost][0] < gain:
                    found[cost] = (gain, (how1, how2) if how1 and how2 else how1 or how2)
        return _undominated(found)

    def _least_gains(self, bounds: Iterable[Bound]) -> list[int]:
        """Return, for each number of items used, the least gain with which every need can still be reached."""
        never = 1 + sum(gains[-1] for gains in self.items if gains)
        least = [0] * (self.count + 1)
        for bound in bounds:
            for n in range(self.count + 1):
                most = bound.rest.at(bound.limit - n)
                least[n] = max(least[n], never if most is None else bound.need - most)
        return least

    def _added(self, first: Gains, second: Gains) -> Gains:
        return tuple(min(a + b, need.amount) for a, b, need in zip(first, second, self.crossing, strict=True))


def _wider(bounds: Iterable[Bound], rest: Reach) -> list[Bound]:
    return [Bound(b.need, b.rest.beside(rest), b.limit) for b in bounds]


def _undominated(found: Found) -> Found:
    """Drop what costs no less and gains no more than something else of as many items."""
    best: dict[tuple[int, Gains], int] = {}
    kept: Found = {}
    for cost in sorted(found):
        n, _, sums = cost
        gain = found[cost][0]
        if gain > best.get((n, sums), -1):
            best[n, sums] = gain
            kept[cost] = found[cost]
    return kept


def _chosen(how: Any) -> Iterator[tuple[int, int]]:
    """Yield (item, steps) of a choice: nested pairs of pairs."""
    if how is None:
        return
    if isinstance(how[0], int):
        yield how
        return
    for part in how:
        yield from _chosen(part)


def steps_of(chosen: Mapping[int, int]) -> tuple[int, int]:
    """Return the cost of a choice: items, steps."""
    return len(chosen), sum(chosen.values())
