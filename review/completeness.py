"""What a unit should look at before it submits. Pure: worksheet, scores, documents and conditions come in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assessment import rules
from assessment.scoring import Check, Result
from evidence import coverage
from evidence.coverage import Attached, Coverage


@dataclass(frozen=True, slots=True)
class Paper:
    """One document beside one criterion."""

    code: str
    expected: int  # the place from 1 of the expected document it is, or 0
    title: str
    year: int


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition for being proposed, with what the unit said about it."""

    key: str
    text: str
    met: str  # a value of `ConditionAnswer.Met`
    documents: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that is missing or looks odd, in worksheet order."""

    unanswered: tuple[str, ...]
    unproved: tuple[str, ...]
    contradictions: tuple[tuple[str, str], ...]  # criterion, what is odd
    other_year: tuple[Paper, ...]
    failing: tuple[Check, ...]
    conditions: tuple[Condition, ...]
    areas: Mapping[str, Coverage]  # by page, only those where an expected document is missing

    @property
    def missing(self) -> int:
        """Return how many expected documents are missing in all."""
        return sum(c.expected - c.found for c in self.areas.values())

    @property
    def warnings(self) -> int:
        """Return how many things should be looked at; what is unanswered is not among them."""
        lists: Sequence[Sequence[object]] = (
            self.unproved, self.contradictions, self.other_year, self.failing, self.conditions
        )  # fmt: skip
        return sum(map(len, lists)) + bool(self.areas)


def report(
    result: Result, *, year: int, target: str, papers: Sequence[Paper], conditions: Iterable[Condition], met: str
) -> Report:
    """Return what is missing or looks odd; `met` is the word that says a condition is fulfilled."""
    attached = [Attached(paper.code, paper.expected) for paper in papers]
    order = {code: place for place, code in enumerate(result.worksheet.criteria)}
    strange = sorted((p for p in papers if p.year != year), key=lambda p: (order[p.code], p.title))
    return Report(
        unanswered=tuple(result.unanswered),
        unproved=tuple(coverage.unproved(result, attached)),
        contradictions=tuple(_contradictions(result)),
        other_year=tuple(strange),
        failing=tuple(c for c in result.checks_of(target) if c.decides and not c.passed),
        conditions=tuple(c for c in conditions if c.met != met),
        areas=_areas(result, attached),
    )


def _contradictions(result: Result) -> Iterable[tuple[str, str]]:
    for code, criterion in result.worksheet.criteria.items():
        given = result.given.get(code)
        if given is None:
            continue
        # A refusal cannot be typed in, but an answer may be older than the limit it breaks.
        for problem in rules.refusals(criterion, given):
            yield code, problem.message
        for message in rules.remarks(criterion, given):
            yield code, message


def _areas(result: Result, attached: Iterable[Attached]) -> dict[str, Coverage]:
    found = coverage.of_nodes(result.worksheet, attached)
    return {code: found[code] for code in result.worksheet.pages if found[code].found < found[code].expected}
