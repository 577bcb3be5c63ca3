"""The search for the smallest set against trying everything."""

import itertools
import random

import pytest

from assessment import smallest as module
from assessment.smallest import Gains, Need, TooHard, smallest, steps_of

SEEDS = range(12)


def tried(items: list[Gains], needs: list[Need]) -> tuple[int, int, int] | None:
    """Return items, steps and negative gain of the best of all choices there are."""
    best = None
    for steps in itertools.product(*(range(len(gains) + 1) for gains in items)):
        gain = [gains[n - 1] if n else 0 for gains, n in zip(items, steps, strict=True)]
        if all(sum(gain[i] for i in need.items) >= need.amount for need in needs):
            found = (sum(n > 0 for n in steps), sum(steps), -sum(gain))
            best = found if best is None else min(best, found)
    return best


def drawn_items(draw: random.Random) -> list[Gains]:
    sizes = draw.choices([0, 1, 1, 2, 3, 4], k=draw.randint(1, 6))
    return [tuple(sorted(draw.sample(range(1, 30), size))) for size in sizes]


def nested(draw: random.Random, places: list[int]) -> list[frozenset[int]]:
    """Return sets that nest or are disjoint."""
    found = [frozenset(places)] if draw.random() < 0.7 else []
    if len(places) > 1:
        cut = draw.randint(1, len(places) - 1)
        found += nested(draw, places[:cut]) + nested(draw, places[cut:])
    return found


def crossing(draw: random.Random, places: list[int]) -> list[frozenset[int]]:
    return [frozenset(draw.sample(places, draw.randint(1, len(places)))) for _ in range(draw.randint(1, 4))]


def drawn_needs(draw: random.Random, items: list[Gains], sets: list[frozenset[int]]) -> list[Need]:
    most = [sum(items[i][-1] for i in members if items[i]) for members in sets]
    return [Need(draw.randint(-2, max(1, m * 21 // 20)), members) for m, members in zip(most, sets, strict=True)]


@pytest.mark.parametrize("sets", [nested, crossing])
@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_smaller_reaches_the_needs(sets, seed):
    draw = random.Random(f"{sets.__name__} {seed}")
    for _ in range(20):
        items = drawn_items(draw)
        places = draw.sample(range(len(items)), len(items))
        needs = drawn_needs(draw, items, sets(draw, places))
        best, found = tried(items, needs), smallest(items, needs)
        assert (found is None) == (best is None)
        if found is None or best is None:
            continue
        gain = {i: items[i][steps - 1] for i, steps in found.items()}
        assert all(sum(gain.get(i, 0) for i in need.items) >= need.amount for need in needs)
        assert (*steps_of(found), -sum(gain.values())) == best


def test_no_need_raises_nothing():
    assert smallest([(3,), (1, 2)], [Need(0, frozenset({0, 1})), Need(-4, frozenset({0}))]) == {}


def test_fewer_items_come_before_fewer_steps():
    # Two items of one step each, or one item of five: the one.
    assert smallest([(5,), (5,), (1, 2, 3, 4, 10)], [Need(10, frozenset({0, 1, 2}))]) == {2: 5}


def test_of_as_many_steps_the_greater_gain_is_taken():
    assert smallest([(5,), (7,)], [Need(4, frozenset({0, 1}))]) == {1: 1}


def test_an_item_serves_a_need_inside_and_the_one_around_it():
    around, inside = Need(8, frozenset({0, 1, 2})), Need(5, frozenset({0, 1}))
    assert smallest([(5,), (8,), (8,)], [around, inside]) == {1: 1}


def test_what_cannot_be_reached_is_said():
    assert smallest([(5,), (8,)], [Need(14, frozenset({0, 1}))]) is None
    assert smallest([()], [Need(1, frozenset({0}))]) is None


def test_needs_that_cross_in_too_many_ways_get_a_choice_that_is_enough(monkeypatch):
    monkeypatch.setattr(module, "MOST_PAIRS", 3)
    items = [(2, 5), (3,), (4, 6), (1,)]
    needs = [Need(7, frozenset({0, 1, 2})), Need(8, frozenset({1, 2, 3})), Need(5, frozenset({0, 3}))]
    with pytest.raises(TooHard) as refusal:
        smallest(items, needs)
    gain = {n: items[n][steps - 1] for n, steps in refusal.value.enough.items()}
    assert all(sum(gain.get(i, 0) for i in need.items) >= need.amount for need in needs)
    assert smallest(items, needs[:1]) == {1: 1, 2: 1}  # never given up without crossing
