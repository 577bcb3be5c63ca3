"""What one stage has in a row of `LKE ZI`: its answer, its figures, its note."""

from fractions import Fraction

from openpyxl.utils import get_column_letter

from assessment.scoring import NOTHING, Given, Score
from assessment.worksheet import INDEX, PCT, Criterion

from . import formulas
from .blocks import Block
from .plan import Kind, Plan, Row
from .sheet import Cached, Sheet
from .values import cached_ratio

# How an answer is set where nobody is to type one.
CLOSED = {"in_choice": "center", "in_index": "decimal", "in_count": "whole", "in_note": "text"}


class BlockWriter:
    """Writes one stage's cells."""

    def __init__(self, sheet: Sheet, plan: Plan, block: Block) -> None:
        self.sheet, self.plan, self.block = sheet, plan, block
        self.result = block.side.result

    def write(self, row: Row, tone: str) -> None:
        if row.node is not None:
            self._node(row, tone)
        elif row.kind == Kind.TOTAL:
            self._total(row, tone)
        elif row.kind == Kind.CRITERION:
            self._criterion(row, tone)
        else:
            self._count(row, tone)

    def _input(self, role: str) -> str:
        return role if self.block.side.is_open else CLOSED[role]

    def _node(self, row: Row, tone: str) -> None:
        assert row.node is not None  # noqa: S101
        self._scores(
            row.number, formulas.node_points(self.plan, self.block, row.node), self.result.nodes[row.code], tone
        )
        if self.block.is_main:
            live = formulas.node_provisional(self.plan, self.block, row.node)
            self._provisional(row.number, live, self.result.nodes[row.code], tone)

    def _total(self, row: Row, tone: str) -> None:
        result = self.result
        weight = sum(root.weight for root in self.plan.worksheet.roots)
        whole = Score("", weight, result.total, result.provisional_total, 0, 0)  # type: ignore[arg-type]
        self._scores(row.number, formulas.total(self.plan, self.block.l), whole, tone)
        if self.block.is_main:
            self._provisional(row.number, formulas.total(self.plan, self.block.o), whole, tone)

    def _scores(self, row: int, live: str, score: Score, tone: str) -> None:
        """Write points and share of something weighted."""
        self._weighted(row, (self.block.points, self.block.share), live, score.score, score, tone)

    def _provisional(self, row: int, live: str, score: Score, tone: str) -> None:
        columns = self.block.provisional, self.block.provisional_share
        self._weighted(row, columns, live, score.provisional, score, tone)

    def _weighted(
        self, row: int, columns: tuple[int, int], live: str, value: Fraction, score: Score, tone: str
    ) -> None:
        points_column, share_column = columns
        self.sheet.formula(row, points_column, live, value, tone, "decimal")
        share = float(value) / float(score.weight) if score.weight else 0.0
        live_share = formulas.share(row, get_column_letter(points_column))
        self.sheet.formula(row, share_column, live_share, share, tone, "percent")

    def _criterion(self, row: Row, tone: str) -> None:
        criterion, block = row.criterion, self.block
        assert criterion is not None  # noqa: S101
        self._answer(row, criterion)
        note = block.side.notes.get(criterion.code, "")
        self.sheet.text(row.number, block.note, note, tone, self._input("in_note"))
        live = formulas.points(self.plan, block, criterion)
        if criterion.weight is None:
            self._values(row.number, criterion, live, tone)
            return
        score = self.result.nodes[criterion.code]
        self._scores(row.number, live, score, tone)
        if block.is_main:
            self._provisional(row.number, formulas.provisional(self.plan, block, criterion), score, tone)

    def _values(self, row: int, criterion: Criterion, live: str, tone: str) -> None:
        """Write the value of a criterion that is averaged: 0 to 1, empty in the second reading while unanswered."""
        block, value = self.block, self.result.values[criterion.code]
        open_value: Cached = float(value.value) if value.value is not None else ""
        self.sheet.formula(row, block.points, live, open_value or 0.0, tone, "decimal")
        self.sheet.formula(row, block.share, f"={block.l}{row}", open_value or 0.0, tone, "percent")
        if block.is_main:
            live = formulas.provisional(self.plan, block, criterion)
            self.sheet.formula(row, block.provisional, live, open_value, tone, "decimal")
            self.sheet.formula(row, block.provisional_share, f"={block.o}{row}", open_value, tone, "percent")

    def _answer(self, row: Row, criterion: Criterion) -> None:
        given, column = self.result.given.get(criterion.code, NOTHING), self.block.answer
        if criterion.answer_type == PCT:
            value = cached_ratio(given, self.result.values[criterion.code])
            live = formulas.ratio(self.plan, self.block, criterion)
            self.sheet.formula(row.number, column, live, value, "criterion", "ratio")
        elif criterion.answer_type == INDEX:
            self.sheet.number(row.number, column, given.index, "criterion", self._input("in_index"))
        else:
            choice = criterion.choice(given.choice)
            label = choice.label if choice else ""
            self.sheet.text(row.number, column, label, "criterion", self._input("in_choice"))

    def _count(self, row: Row, tone: str) -> None:
        assert row.criterion is not None  # noqa: S101
        given, column = self.result.given.get(row.criterion.code, NOTHING), self.block.answer
        if row.kind == Kind.RATIO:
            if row.stage == self.block.side.stage:
                self.sheet.number(row.number, column, given.ratio, tone, "percent")
            return
        counts = [_count(given, number) for number in row.members]
        if row.kind == Kind.GROUP:
            whole = [n for n in counts if n is not None]
            value: Cached = float(sum(whole)) if len(whole) == len(counts) else ""
            live = formulas.group_sum(self.plan, self.block, row)
            self.sheet.formula(row.number, column, live, value, tone, "whole")
        elif row.quantity is not None:
            self.sheet.number(row.number, column, counts[0], tone, self._input("in_count"))


def _count(given: Given, number: int) -> int | None:
    return given.counts[number - 1] if number <= len(given.counts) else None
