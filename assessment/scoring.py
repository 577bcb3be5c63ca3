"""The one scoring engine: answers in, exact scores with their reasons out.

Pure: no database, request, clock or settings. Arithmetic is in fractions, so thirds stay thirds; a figure becomes
a two-decimal one (half up) only where it is shown, and a threshold is compared on the figure that is shown.

Every node has two scores. `score` is the reading "bila dikirim": an unanswered criterion counts as 0.
`provisional` is "sementara": averages run over the answered criteria only, as the ministry's workbook does.
Predicates use the first. Source: PermenPANRB 90/2021, Lampiran III (worksheet) and Lampiran II Tabel 6 (thresholds).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from enum import StrEnum
from fractions import Fraction

from .worksheet import INDEX, PCT, Criterion, Node, Threshold, Worksheet

ZERO, ONE = Fraction(0), Fraction(1)
CENT = Decimal("0.01")
_CONTEXT = Context(prec=28)
_SHOWING = Context(prec=60, rounding=ROUND_HALF_UP)
INDEX_MAXIMUM = Decimal(4)

TOGETHER, SEPARATE = "together", "separate"


class Rule(StrEnum):
    """Why a criterion has the value it has."""

    UNANSWERED = "unanswered"
    CHOICE = "choice"
    RATIO = "ratio"
    CLIPPED_HIGH = "clipped_high"
    CLIPPED_LOW = "clipped_low"
    ZERO_FULL = "zero_full"
    ZERO_NONE = "zero_none"
    ZERO_UNDECIDED = "zero_undecided"
    RATIO_SET = "ratio_set"
    INDEX = "index"


@dataclass(frozen=True, slots=True)
class Given:
    """What was answered to one criterion.

    `counts` are whole numbers >= 0 by quantity (n1 first), None where blank; `index` is 0 to 4;
    `ratio` is what TPI set by hand for a zero denominator, 0 to 1, with its `reason`.
    """

    choice: str = ""
    counts: tuple[int | None, ...] = ()
    index: Decimal | None = None
    ratio: Decimal | None = None
    reason: str = ""


NOTHING = Given()


@dataclass(frozen=True, slots=True)
class Value:
    """The value of one criterion, 0 to 1; `raw` is a ratio before it was clipped."""

    rule: Rule
    value: Fraction | None = None
    raw: Fraction | None = None

    @property
    def is_answered(self) -> bool:
        return self.value is not None


@dataclass(frozen=True, slots=True)
class Score:
    """The scores of one weighted node, in points."""

    code: str
    weight: Decimal
    score: Fraction
    provisional: Fraction
    answered: int
    total: int

    @property
    def percent(self) -> Fraction:
        """Share of the weight, 0 to 100."""
        return self.score / Fraction(self.weight) * 100 if self.weight else ZERO


@dataclass(frozen=True, slots=True)
class Check:
    """One threshold held against one result; `value` and `minimum` are two-decimal figures.

    `decides` is False for the reading of the area minimum that the period did not choose; `part` is the code of the
    one node that a check of an area is about, "" where it takes Pemenuhan and Reform together.
    """

    predicate: str
    name: str
    measure: str
    subject: str
    value: Decimal
    minimum: Decimal
    decides: bool = True
    part: str = ""

    @property
    def passed(self) -> bool:
        return self.value >= self.minimum

    @property
    def gap(self) -> Decimal:
        """What is missing to the minimum; 0 when it is reached."""
        return max(self.minimum - self.value, Decimal("0.00"))


@dataclass(frozen=True, slots=True)
class Result:
    """Everything that follows from one set of answers."""

    worksheet: Worksheet
    given: Mapping[str, Given]
    values: Mapping[str, Value]
    nodes: Mapping[str, Score]
    total: Fraction
    provisional_total: Fraction
    checks: tuple[Check, ...]

    @property
    def answered(self) -> int:
        return sum(1 for value in self.values.values() if value.is_answered)

    @property
    def unanswered(self) -> tuple[str, ...]:
        """Codes of the criteria still open, in worksheet order."""
        return tuple(code for code, value in self.values.items() if not value.is_answered)

    def checks_of(self, predicate: str) -> tuple[Check, ...]:
        return tuple(c for c in self.checks if c.predicate == predicate)

    def passed(self, predicate: str) -> bool:
        """Tell whether `predicate` has thresholds and every deciding one is reached."""
        deciding = [c for c in self.checks_of(predicate) if c.decides]
        return bool(deciding) and all(c.passed for c in deciding)


def shown(number: Fraction | Decimal) -> Decimal:
    """Round to the two decimals people see, half up."""
    exact_number = Fraction(number)
    scaled = exact_number * 100
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole).scaleb(-2, _SHOWING)


def exact(number: Fraction | Decimal) -> Decimal:
    """Return the number unrounded, with at least two decimals (28 digits where it never ends)."""
    fraction = Fraction(number)
    result = _CONTEXT.divide(Decimal(fraction.numerator), Decimal(fraction.denominator)).normalize(_CONTEXT)
    exponent = result.as_tuple().exponent
    return result.quantize(CENT) if isinstance(exponent, int) and exponent > -2 else result


def value_of(criterion: Criterion, given: Given) -> Value:
    """Turn one answer into a value from 0 to 1."""
    if criterion.answer_type == PCT:
        return _ratio_value(criterion, given)
    if criterion.answer_type == INDEX:
        if given.index is None or not 0 <= given.index <= INDEX_MAXIMUM:
            return Value(Rule.UNANSWERED)
        return Value(Rule.INDEX, Fraction(given.index) / Fraction(INDEX_MAXIMUM))
    choice = criterion.choice(given.choice)
    return Value(Rule.CHOICE, Fraction(choice.value)) if choice else Value(Rule.UNANSWERED)


def _ratio_value(criterion: Criterion, given: Given) -> Value:
    counts = [n for n in given.counts if n is not None]
    if criterion.formula is None or len(counts) != len(criterion.quantities):
        return Value(Rule.UNANSWERED)
    numerator, denominator = criterion.formula.evaluate(counts)
    if denominator == 0:
        return _zero_denominator(criterion, given, numerator)
    raw = numerator / denominator
    if raw > ONE:
        return Value(Rule.CLIPPED_HIGH, ONE, raw)
    if raw < ZERO:
        return Value(Rule.CLIPPED_LOW, ZERO, raw)
    return Value(Rule.RATIO, raw, raw)


def _zero_denominator(criterion: Criterion, given: Given, numerator: Fraction) -> Value:
    """Apply the criterion's zero rule: the regulation is silent where it is `undecided`."""
    if criterion.zero_rule == "full":
        return Value(Rule.ZERO_NONE, ZERO) if numerator < 0 else Value(Rule.ZERO_FULL, ONE)
    if given.ratio is not None:
        return Value(Rule.RATIO_SET, min(max(Fraction(given.ratio), ZERO), ONE))
    return Value(Rule.ZERO_UNDECIDED, ZERO)


def score(
    worksheet: Worksheet,
    given: Mapping[str, Given],
    *,
    area_reading: str = TOGETHER,
    held: Iterable[str] = (),
) -> Result:
    """Score a whole worksheet.

    `given` maps criterion codes to answers (missing = unanswered); `area_reading` says which reading of the area
    minimum decides; `held` names the predicates that the unit already holds (WBBM asks for WBK).
    """
    values = {code: value_of(c, given.get(code, NOTHING)) for code, c in worksheet.criteria.items()}
    return score_values(worksheet, values, given=given, area_reading=area_reading, held=held)


def score_values(
    worksheet: Worksheet,
    values: Mapping[str, Value],
    *,
    given: Mapping[str, Given],
    area_reading: str = TOGETHER,
    held: Iterable[str] = (),
) -> Result:
    """Score the values of all criteria, as `score` does once it has them; also for values that nobody answered yet."""
    nodes: dict[str, Score] = {}
    for root in worksheet.roots:
        _score_node(root, values, nodes)
    ordered = {code: nodes[code] for code in _weighted_codes(worksheet)}
    total = sum((nodes[r.code].score for r in worksheet.roots), ZERO)
    provisional = sum((nodes[r.code].provisional for r in worksheet.roots), ZERO)
    checks = tuple(_checks(worksheet, ordered, total, area_reading, frozenset(held)))
    return Result(worksheet, given, values, ordered, total, provisional, checks)


def _weighted_codes(worksheet: Worksheet) -> Iterable[str]:
    for code, node in worksheet.nodes.items():
        yield code
        yield from (c.code for c in node.criteria if c.weight is not None)


def _score_node(node: Node, values: Mapping[str, Value], into: dict[str, Score]) -> Score:
    parts = [_score_node(child, values, into) for child in node.children]
    for criterion in node.criteria:
        if criterion.weight is not None:
            parts.append(_weighted_criterion(criterion, values[criterion.code]))
            into[criterion.code] = parts[-1]
    plain = [values[c.code] for c in node.criteria if c.weight is None]
    points, provisional = average_points(node.weight, plain)
    scored = Score(
        node.code,
        node.weight,
        points + sum((p.score for p in parts), ZERO),
        provisional + sum((p.provisional for p in parts), ZERO),
        sum(v.is_answered for v in plain) + sum(p.answered for p in parts),
        len(plain) + sum(p.total for p in parts),
    )
    into[node.code] = scored
    return scored


def _weighted_criterion(criterion: Criterion, value: Value) -> Score:
    weight = criterion.weight or Decimal(0)
    points = Fraction(weight) * (value.value or ZERO)
    return Score(criterion.code, weight, points, points, int(value.is_answered), 1)


def average_points(weight: Decimal, values: list[Value]) -> tuple[Fraction, Fraction]:
    """Return (score, provisional) of a sub-area: its criteria's average times its weight."""
    answered = [v.value for v in values if v.value is not None]
    if not answered:
        return ZERO, ZERO
    points = Fraction(weight) * sum(answered, ZERO)
    return points / len(values), points / len(answered)


def _checks(
    worksheet: Worksheet, nodes: Mapping[str, Score], total: Fraction, area_reading: str, held: frozenset[str]
) -> Iterable[Check]:
    for t in worksheet.thresholds:
        if t.measure == "total":
            yield _check(t, shown(total))
        elif t.measure == "node":
            yield _check(t, shown(nodes[t.subject].score))
        elif t.measure == "award":
            yield _check(t, Decimal("1.00") if t.subject in held else Decimal("0.00"))
        else:
            yield from _area_checks(worksheet, nodes, t, area_reading)


def _check(t: Threshold, value: Decimal, name: str = "", decides: bool = True, part: str = "") -> Check:
    return Check(t.predicate, name or t.name, t.measure, t.subject, value, shown(t.minimum), decides, part)


def _area_checks(worksheet: Worksheet, nodes: Mapping[str, Score], t: Threshold, area_reading: str) -> Iterable[Check]:
    parts = worksheet.areas[t.subject]
    yield _check(t, percent_of(nodes[p.code] for p in parts), decides=area_reading == TOGETHER)
    for part in parts:
        section = worksheet.nodes[part.parent].name
        name = f"{t.name} ({section})"
        yield _check(t, percent_of([nodes[part.code]]), name, area_reading == SEPARATE, part.code)


def percent_of(scores: Iterable[Score]) -> Decimal:
    """Return the two-decimal percentage of the weight that these nodes reach together."""
    scores = list(scores)
    weight = sum((Fraction(s.weight) for s in scores), ZERO)
    return shown(sum((s.score for s in scores), ZERO) / weight * 100) if weight else Decimal("0.00")
