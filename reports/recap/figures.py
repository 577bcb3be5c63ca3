"""The figures of a recap, as plain data. Pure: nothing is scored here, what scorecards say is only put in order."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from assessment.models import Stage
from assessment.scoring import shown
from assessment.worksheet import Worksheet

TOTAL = "total"
LATEST = "terkini"
# From the unit's own to the last: which one is "the latest" is asked from the end.
STAGES = (Stage.UNIT, Stage.PRELIM, Stage.TPI, Stage.TPN)


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure that every unit has: the total, a component, a section, an area, or what a threshold names.

    `key` is "total", a node's or criterion's code, or "area-1" to "area-6"; `weight` is the most it can reach, in
    points; `is_area` tells that its threshold is a percentage.
    """

    key: str
    label: str
    weight: Decimal
    is_area: bool = False

    @property
    def short(self) -> str:
        """The label for a narrow column: "Area 1", "IPAK", "Pengungkit"."""
        if self.is_area:
            return f"Area {self.key.rpartition('-')[2]}"
        inside = re.search(r"\((\w+)\)", self.label)
        return inside[1] if inside else self.label.split()[0] if self.key != TOTAL else "Total"


@dataclass(frozen=True, slots=True)
class Check:
    """One deciding threshold of the unit's target: "area" in percent, "award" 0 or 1, else points."""

    key: str  # the measure's, or "award"
    name: str
    measure: str
    value: Decimal
    minimum: Decimal

    @property
    def passed(self) -> bool:
        return self.value >= self.minimum

    @property
    def gap(self) -> Decimal:
        """What is missing to the minimum; 0 when it is reached."""
        return max(self.minimum - self.value, Decimal("0.00"))


@dataclass(frozen=True, slots=True)
class Card:
    """The figures of one stage of one assessment, as its scorecard has them.

    `points` and `percents` are by measure and have two decimals; a measure that nobody scored is missing. `passes`
    says by predicate whether all its thresholds are reached. TPN has no thresholds here: it decides otherwise.
    """

    stage: Stage
    points: Mapping[str, Decimal]
    percents: Mapping[str, Decimal]
    checks: tuple[Check, ...]
    passes: Mapping[str, bool]
    provisional: Decimal | None
    answered: int
    criteria: int
    is_finished: bool  # every criterion has an answer, or TPN gave a total

    def value(self, key: str) -> Decimal | None:
        """Return a measure as it is ranked and compared: an area in percent of its weight, the rest in points."""
        return self.percents.get(key, self.points.get(key))

    def checks_of(self, key: str) -> tuple[Check, ...]:
        """Return the thresholds on one measure: two where Pemenuhan and Reform of an area decide each."""
        return tuple(c for c in self.checks if c.key == key)

    def reached(self, key: str) -> bool | None:
        """Tell whether a measure reaches what the target asks of it; None where it asks nothing."""
        found = self.checks_of(key)
        return all(c.passed for c in found) if found else None

    @property
    def missed(self) -> tuple[str, ...]:
        """The measures that do not reach their thresholds, each once."""
        return tuple(dict.fromkeys(c.key for c in self.checks if not c.passed))


@dataclass(frozen=True, slots=True)
class Subject:
    """One assessment with all that its reader may know of it; `cards` has no stage that they may not read."""

    pk: int
    code: str
    name: str
    path: str
    year: int
    target: str
    target_label: str
    state: str
    state_label: str
    cards: Mapping[str, Card]
    evidence: int  # percent of the expected documents
    found: int
    expected: int
    findings: int | None  # not closed; None for who may not know
    granted: bool | None = None  # TPN's decision; None while there is none to be known

    def card(self, stage: str) -> Card | None:
        """Return the figures of a stage, None where there are none; `LATEST` is the last that is finished."""
        return latest_of(self.cards) if stage == LATEST else self.cards.get(stage)


def latest_of(cards: Mapping[str, Card]) -> Card | None:
    """Return the last stage that is finished.

    A reviewer's half-done work would look like a bad result, so the unit's own stands for it until it is done.
    """
    done = (cards[s] for s in reversed(STAGES) if s in cards and cards[s].is_finished)
    return next(done, cards.get(Stage.UNIT))


def measures_of(worksheet: Worksheet) -> tuple[Measure, ...]:
    """Return the measures of an instrument in the worksheet's order, the total first."""
    found = [Measure(TOTAL, "Nilai total", sum((root.weight for root in worksheet.roots), Decimal(0)))]
    named = {t.subject: t.name for t in worksheet.thresholds if t.measure == "node"}
    for root in worksheet.roots:
        found.append(Measure(root.code, root.name, root.weight))
        for section in root.children:
            found.append(Measure(section.code, section.name, section.weight))
            inner = {n.code: n.weight for n in section.walk() if n is not section}
            inner |= {c.code: c.weight for c in section.all_criteria() if c.weight is not None}
            found += [Measure(code, named[code], weight) for code, weight in inner.items() if code in named]
        found += _areas(worksheet, root.code)
    return tuple(found)


def _areas(worksheet: Worksheet, root: str) -> Iterable[Measure]:
    for key, parts in worksheet.areas.items():
        if worksheet.ancestors(parts[0].code)[-1].code == root:
            weight = sum((p.weight for p in parts), Decimal(0))
            yield Measure(f"area-{key}", f"Area {key} {parts[0].name}", weight, is_area=True)


def percent_of(measure: Measure, card: Card) -> Decimal | None:
    """Return what share of a measure's weight was reached, 0 to 100 with two decimals."""
    if measure.key in card.percents:
        return card.percents[measure.key]
    points = card.points.get(measure.key)
    return None if points is None or not measure.weight else shown(Fraction(points) * 100 / Fraction(measure.weight))
