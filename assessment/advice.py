"""The way to a predicate: which minima fail, and the smallest set of improvements that reaches them. Pure and exact.

Smallest means fewest criteria, then fewest steps, then the greatest gain. One step of an improvement is

- of a criterion with choices: to the next better letter (Tidak to Ya, D to C); from no answer to the worst letter
  that is worth anything;
- of a percentage: to the next multiple of 10 percent above the present one;
- of a survey index: to the next multiple of 0.10 above the present one.

Everything goes by the reading "bila dikirim", where an unanswered criterion counts 0, and by the two-decimal figures
that are shown, so a minimum of 75 is reached with 74.995 points. `assessment.smallest` finds the set; the scores
before and after are `assessment.scoring`'s.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from .scoring import TOGETHER, ZERO, Check, Result, Rule, Value, score_values
from .smallest import Need, TooHard, smallest
from .worksheet import INDEX, PCT, Criterion, Worksheet

HALF_A_CENT = Fraction(1, 200)
TENTHS = 10  # steps of a percentage criterion from 0 to 100 percent
INDEX_STEPS = 40  # steps of a survey index from 0 to 4


@dataclass(frozen=True, slots=True)
class Level:
    """A better value that a criterion may be raised to; `choice` is its letter, for those that have letters."""

    value: Fraction
    choice: str = ""


@dataclass(frozen=True, slots=True)
class Improvement:
    """One criterion to raise: to which level, in how many steps, and the points that this adds to the total."""

    code: str
    level: Level
    steps: int
    points: Fraction


@dataclass(frozen=True, slots=True)
class Advice:
    """What one predicate still takes.

    `missing` are the deciding minima that fail now. `unreachable` are those of them that fail even with every
    criterion at its best (of those that may change); `improvements` reach all the others, in worksheet order, and
    `after` is the result with them; `best` the one with every criterion that may change at its best.
    """

    predicate: str
    area_reading: str
    missing: tuple[Check, ...]
    unreachable: tuple[Check, ...]
    improvements: tuple[Improvement, ...]
    after: Result
    best: Result
    is_smallest: bool = True  # False only for an instrument whose minima cross in too many ways to weigh them all

    @property
    def is_reached(self) -> bool:
        return not self.missing

    @property
    def is_enough(self) -> bool:
        """Tell whether the improvements lead to the predicate."""
        return not self.unreachable

    @property
    def steps(self) -> int:
        return sum(i.steps for i in self.improvements)


def levels_of(criterion: Criterion, value: Value) -> tuple[Level, ...]:
    """Return the levels above a value, one step each."""
    now = value.value or ZERO
    if criterion.answer_type == PCT or criterion.answer_type == INDEX:
        steps = TENTHS if criterion.answer_type == PCT else INDEX_STEPS
        return tuple(Level(Fraction(n, steps)) for n in range(int(now * steps) + 1, steps + 1))
    by_value: dict[Fraction, str] = {}
    for choice in sorted(criterion.choices, key=lambda c: c.value):
        if Fraction(choice.value) > now:
            by_value.setdefault(Fraction(choice.value), choice.key)
    return tuple(Level(found, key) for found, key in by_value.items())


def advise(
    result: Result,
    predicate: str,
    *,
    area_reading: str = TOGETHER,
    held: Iterable[str] = (),
    fixed: Collection[str] = (),
) -> Advice:
    """Return the smallest way to a predicate; `fixed` are criteria that stay as they are.

    `area_reading` and `held` as for `scoring.score`; the result may come from the other reading.
    """
    worksheet, held = result.worksheet, frozenset(held)
    now = _scored(result, {}, area_reading, held)
    missing = tuple(_failing(now, predicate))
    levels = {
        code: () if code in fixed else levels_of(c, result.values[code]) for code, c in worksheet.criteria.items()
    }
    best = _scored(result, {c: found[-1] for c, found in levels.items() if found}, area_reading, held)
    beyond = {(c.name, c.subject) for c in _failing(best, predicate)}
    unreachable = tuple(c for c in missing if (c.name, c.subject) in beyond)
    reachable = [c for c in missing if c not in unreachable]
    improvements, is_smallest = _improvements(now, predicate, levels, reachable)
    after = _scored(result, {i.code: i.level for i in improvements}, area_reading, held)
    return Advice(predicate, area_reading, missing, unreachable, improvements, after, best, is_smallest)


def raised(result: Result, levels: Mapping[str, Fraction], *, area_reading: str, held: Iterable[str] = ()) -> Result:
    """Score what would be if some criteria had other values, from 0 to 1; nothing is written anywhere."""
    changed = {code: Level(value) for code, value in levels.items()}
    return _scored(result, changed, area_reading, frozenset(held))


def points_of(worksheet: Worksheet, code: str) -> Fraction:
    """Return the points that a criterion brings at its best."""
    criterion = worksheet.criteria[code]
    if criterion.weight is not None:
        return Fraction(criterion.weight)
    node = worksheet.nodes[criterion.parent]
    return Fraction(node.weight) / sum(1 for c in node.criteria if c.weight is None)


def criteria_of(worksheet: Worksheet, check: Check) -> frozenset[str]:
    """Return the codes of the criteria whose points a check adds up; none for a predicate that must be held."""
    return frozenset() if check.measure == "award" else frozenset(_criteria_of(worksheet, _subjects(worksheet, check)))


def _scored(result: Result, levels: Mapping[str, Level], area_reading: str, held: frozenset[str]) -> Result:
    values = dict(result.values)
    for code, level in levels.items():
        answer_type = result.worksheet.criteria[code].answer_type
        rule = {PCT: Rule.RATIO, INDEX: Rule.INDEX}.get(answer_type, Rule.CHOICE)
        values[code] = Value(rule, level.value)
    return score_values(result.worksheet, values, given=result.given, area_reading=area_reading, held=held)


def _failing(result: Result, predicate: str) -> Iterator[Check]:
    return (c for c in result.checks_of(predicate) if c.decides and not c.passed)


def _improvements(
    now: Result, predicate: str, levels: Mapping[str, Sequence[Level]], checks: Sequence[Check]
) -> tuple[tuple[Improvement, ...], bool]:
    """Find the smallest set that reaches some checks, which are within reach, and whether it is sure to be that."""
    worksheet, codes = now.worksheet, list(levels)
    worth = {code: points_of(worksheet, code) for code in codes}
    gains = [[worth[c] * (at.value - (now.values[c].value or ZERO)) for at in levels[c]] for c in codes]
    needs = [
        (missing, members)
        for check, (missing, members) in _needs(now, predicate).items()
        if check in checks
    ]  # fmt: skip
    unit = lcm(*(g.denominator for found in gains for g in found), *(missing.denominator for missing, _ in needs))
    places = {code: n for n, code in enumerate(codes)}
    whole = [tuple(int(g * unit) for g in found) for found in gains]
    asked = [Need(int(missing * unit), frozenset(places[c] for c in members)) for missing, members in needs]
    try:
        chosen, is_smallest = smallest(whole, asked), True
    except TooHard as error:
        chosen, is_smallest = error.enough, False
    assert chosen is not None  # noqa: S101  all at their best reach these checks
    improvements = tuple(
        Improvement(codes[n], levels[codes[n]][steps - 1], steps, gains[n][steps - 1])
        for n, steps in sorted(chosen.items())
    )
    return improvements, is_smallest


def _needs(now: Result, predicate: str) -> dict[Check, tuple[Fraction, frozenset[str]]]:
    """Return, for each deciding check on points, how many points are missing and whose criteria can bring them."""
    worksheet = now.worksheet
    found: dict[Check, tuple[Fraction, frozenset[str]]] = {}
    for check in now.checks_of(predicate):
        if not check.decides or check.measure == "award":
            continue
        codes = _subjects(worksheet, check)
        minimum = Fraction(check.minimum) - HALF_A_CENT
        if check.measure == "area":
            minimum = minimum / 100 * sum((Fraction(worksheet.nodes[c].weight) for c in codes), ZERO)
        have = now.total if check.measure == "total" else sum((now.nodes[c].score for c in codes), ZERO)
        found[check] = (minimum - have, frozenset(_criteria_of(worksheet, codes)))
    return found


def _subjects(worksheet: Worksheet, check: Check) -> list[str]:
    """Return the codes of the nodes, or of the weighted criterion, whose points a check adds up."""
    if check.measure == "total":
        return [root.code for root in worksheet.roots]
    if check.measure != "area":
        return [check.subject]
    parts = worksheet.areas[check.subject]
    return [p.code for p in parts if check.part in ("", p.code)]


def _criteria_of(worksheet: Worksheet, codes: Iterable[str]) -> Iterator[str]:
    for code in codes:
        if code in worksheet.criteria:
            yield code
        else:
            yield from (c.code for c in worksheet.nodes[code].all_criteria())
