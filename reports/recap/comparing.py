"""Ranking, distribution and change. Pure: subjects in, plain figures out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from assessment.scoring import shown

from .figures import Card, Measure, Subject, percent_of

BIN = 10  # percent


@dataclass(frozen=True, slots=True)
class Placed:
    """A unit's place by one measure; equal figures share a place and the next one is as much further."""

    place: int
    subject: Subject
    card: Card
    value: Decimal  # an area in percent, the rest in points
    percent: Decimal


@dataclass(frozen=True, slots=True)
class Spread:
    """How some figures lie, with two decimals; the quartiles are found by going between the two nearest figures."""

    count: int
    lowest: Decimal
    lower: Decimal
    median: Decimal
    upper: Decimal
    highest: Decimal
    mean: Decimal


@dataclass(frozen=True, slots=True)
class Bin:
    """How many units lie in a tenth of the scale, in percent: from `low` to below `high`, the last with its end."""

    low: int
    high: int
    count: int


@dataclass(frozen=True, slots=True)
class Change:
    """One unit's figure before and after."""

    subject: Subject
    before: Decimal
    after: Decimal

    @property
    def by(self) -> Decimal:
        return self.after - self.before


def ranking(subjects: Iterable[Subject], stage: str, measure: Measure) -> list[Placed]:
    """Return the units with a figure, the best first, equal ones by code."""
    found = []
    for subject in subjects:
        card = subject.card(stage)
        value = card.value(measure.key) if card else None
        percent = percent_of(measure, card) if card else None
        if card is not None and value is not None and percent is not None:
            found.append((subject, card, value, percent))
    found.sort(key=lambda each: (-each[2], each[0].code))
    values = [value for _, _, value, _ in found]
    return [Placed(values.index(value) + 1, subject, card, value, percent) for subject, card, value, percent in found]


def spread_of(values: Sequence[Decimal]) -> Spread | None:
    """Return how the figures lie; None of nothing."""
    if not values:
        return None
    ordered = sorted(Fraction(v) for v in values)
    lowest, lower, median, upper, highest = (shown(_at(ordered, Fraction(n, 4))) for n in range(5))
    average = shown(sum(ordered, Fraction(0)) / len(ordered))
    return Spread(len(ordered), lowest, lower, median, upper, highest, average)


def _at(ordered: Sequence[Fraction], share: Fraction) -> Fraction:
    """Return the figure that has a share of the others below it."""
    place = (len(ordered) - 1) * share
    low = place.numerator // place.denominator
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def bins_of(percents: Iterable[Decimal]) -> list[Bin]:
    """Count percentages from 0 to 100 by tens."""
    counts = [0] * (100 // BIN)
    for percent in percents:
        counts[min(int(percent // BIN), len(counts) - 1)] += 1
    return [Bin(n * BIN, (n + 1) * BIN, count) for n, count in enumerate(counts)]


def changes(before: Iterable[Subject], after: Iterable[Subject], of: tuple[str, str], key: str) -> list[Change]:
    """Return what changed in one measure from a stage of the first to a stage of the second, the biggest gain first.

    Units are the same by code. One without a figure on either side is left out, and so is one that is not finished
    there: what nobody answered yet is no loss.
    """
    earlier = {subject.code: subject.card(of[0]) for subject in before}
    found = []
    for subject in after:
        change = change_of(subject, earlier.get(subject.code), subject.card(of[1]), key)
        if change is not None:
            found.append(change)
    return sorted(found, key=lambda c: (-c.by, c.subject.code))


def change_of(subject: Subject, before: Card | None, after: Card | None, key: str) -> Change | None:
    """Return the change in one measure between two finished cards; None where there is none to be told."""
    first, last = (card.value(key) if card and card.is_finished else None for card in (before, after))
    return Change(subject, first, last) if first is not None and last is not None else None


def extremes(found: Sequence[Change], count: int) -> tuple[list[Change], list[Change]]:
    """Return the biggest gains and the biggest losses, the biggest first; what stayed the same is neither."""
    gains = [c for c in found if c.by > 0][:count]
    losses = [c for c in reversed(found) if c.by < 0][:count]
    return gains, losses


def mean(values: Iterable[Decimal]) -> Decimal | None:
    """Return the average as it is shown; None of nothing."""
    found = [Fraction(v) for v in values]
    return shown(sum(found, Fraction(0)) / len(found)) if found else None
