"""The sheet `Ringkasan`: both readings, the areas, and every threshold as a live formula on `LKE ZI`."""

from collections.abc import Iterable
from datetime import datetime
from fractions import Fraction

from django.utils import formats, timezone
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break

from assessment.scoring import Check, Result
from assessment.worksheet import Node, Threshold

from ..lke import Lke
from .blocks import Block, Columns
from .formulas import H, noiseless, ratio_of
from .lke_sheet import printed_text
from .plan import SHEET, Plan
from .sheet import Sheet
from .styles import GREEN, GREEN_FILL, NAVY, RED, RED_FILL, SIZE
from .text import line_count

WIDTHS = {
    "A": 2.0, "B": 7.0, "C": 50.0, "D": 12.5, "E": 12.5, "F": 12.5, "G": 12.5, "H": 12.5, "I": 12.5, "J": 12.5,
}  # fmt: skip
FIRST, TEXT, LAST = 2, 3, 10  # B, C … J
AREA, DIFFERENCE = 11, 8  # digits after the point, see `formulas.noiseless`
PASSED, FAILED = "Lulus", "Belum"
DECIDES, COMPARES = "Menentukan", "Pembanding"
SAID_MAIN = (
    "Nilai: kriteria yang belum dijawab dihitung 0; inilah nilai bila LKE dikirim sekarang dan yang menentukan "
    "predikat. Nilai sementara: rata-rata hanya atas kriteria yang sudah dijawab."
)
SAID_OTHER = "Kriteria yang belum dijawab pada tahap ini dihitung 0."


class SummaryWriter:
    """Writes the sheet from top to bottom; `row` is the next free one."""

    def __init__(self, sheet: Sheet, lke: Lke, plan: Plan, columns: Columns) -> None:
        self.sheet, self.lke, self.plan, self.columns = sheet, lke, plan, columns
        self.block = columns.main
        self.row = 1

    @property
    def result(self) -> Result:
        """The result of the stage that is being written."""
        return self.block.side.result

    def write(self) -> int:
        """Fill the sheet and return its last row."""
        self.sheet.widths(WIDTHS)
        self._identity()
        if self.columns.others:
            self._comparison()
        for block in self.columns.blocks:
            self.block = block
            self._stage()
        return self.row - 2

    def _stage(self) -> None:
        """Write what one stage comes to."""
        if self.columns.others:
            self.sheet.worksheet.row_breaks.append(Break(id=self.row - 1))
        self._scores()
        self._areas()
        target = self.lke.target
        for predicate in sorted(self.result.worksheet.predicates, key=lambda name: name != target):
            self._predicate(predicate)

    @property
    def _by(self) -> str:
        """Name the stage in a heading, where there are several."""
        return f" – {self.block.side.name}" if self.columns.others else ""

    def _comparison(self) -> None:
        """Write the stages' points side by side."""
        self._heading("Perbandingan tahap")
        blocks = self.columns.blocks
        last = FIRST + 2 + len(blocks)
        self._head(("Kode", "Komponen dan rincian", "Bobot", *(b.side.name for b in blocks), "Selisih"), last + 1)
        worksheet = self.lke.result.worksheet
        for root in worksheet.roots:
            for node in (root, *(n for n in root.children if n.level == "section")):
                values = [b.side.result.nodes[node.code].score for b in blocks]
                weight = Fraction(node.weight)
                self._comparison_row(node.code, node.name, self.plan.row_of[node.code], weight, values, node.level)
        whole = sum((Fraction(r.weight) for r in worksheet.roots), Fraction(0))
        totals = [b.side.result.total for b in blocks]
        self._comparison_row("", "Nilai total", self.plan.total_row, whole, totals, "total")
        self._remark(f"Selisih: {blocks[-1].side.name} dikurangi {blocks[0].side.name}.")

    def _comparison_row(
        self, code: str, name: str, source: int, weight: Fraction, values: list[Fraction], level: str
    ) -> None:
        tone = {"component": "area", "total": "total"}.get(level, "plain")
        self._name(code, name, tone)
        self.sheet.formula(self.row, 4, _at(H, source), weight, tone, "decimal")
        for place, (block, value) in enumerate(zip(self.columns.blocks, values, strict=True), start=5):
            self.sheet.formula(self.row, place, _at(block.l, source), value, tone, "decimal")
        last = 4 + len(values)
        live = f"={noiseless(f'{get_column_letter(last)}{self.row}-E{self.row}', DIFFERENCE)}"
        self.sheet.formula(self.row, last + 1, live, values[-1] - values[0], tone, "signed")
        self.row += 1

    def _identity(self) -> None:
        lke = self.lke
        self.sheet.plain(1, FIRST, "RINGKASAN LEMBAR KERJA EVALUASI ZONA INTEGRITAS", size=13, bold=True, color=NAVY)
        self.sheet.height(1, 1, 16)
        self.row = 3
        answered = "; ".join(self._said(block, f"{_answered(block.side.result)}") for block in self.columns.blocks)
        changed = "; ".join(self._said(block, _day(block.side.changed_at)) for block in self.columns.blocks)
        for name, text in (
            ("Unit kerja", lke.unit_name),
            ("Kode unit", lke.unit_code),
            ("Unit induk", lke.parent_name or "—"),
            ("Periode", lke.period_name),
            ("Target predikat", lke.target_label),
            ("Tahap penilaian", lke.stage_labels),
            ("Status", lke.state_label),
            ("Terjawab saat diunduh", answered),
            ("Jawaban terakhir diubah", changed),
            ("Dibuat", printed_text(lke)),
        ):
            self._pair(name, text)
        self.row += 1

    def _said(self, block: Block, text: str) -> str:
        return f"{block.side.name}: {text}" if self.columns.others else text

    def _pair(self, name: str, text: str) -> None:
        self.sheet.text(self.row, FIRST, name, "strong")
        self.sheet.blank(self.row, range(TEXT, LAST + 1), "plain")
        self.sheet.merge(self.row, FIRST, TEXT)
        self.sheet.text(self.row, TEXT + 1, text, "plain")
        self.sheet.merge(self.row, TEXT + 1, LAST)
        self.sheet.height(self.row, line_count(text, 85, SIZE), SIZE)
        self.row += 1

    def _heading(self, text: str) -> None:
        self.sheet.plain(self.row, FIRST, text, size=11, bold=True, color=NAVY)
        self.sheet.height(self.row, 1, 14)
        self.row += 1

    def _head(self, names: Iterable[str], last: int) -> None:
        self.sheet.blank(self.row, range(FIRST, last + 1), "head")
        for column, name in enumerate(names, start=FIRST):
            self.sheet.text(self.row, column, name, "head", "middle")
        self.sheet.height(self.row, 2, SIZE)
        self.row += 1

    def _name(self, number: str, name: str, tone: str = "plain") -> None:
        self.sheet.text(self.row, FIRST, number, tone, "center")
        self.sheet.text(self.row, TEXT, name, tone)
        self.sheet.height(self.row, line_count(name, WIDTHS["C"], SIZE, tone != "plain"), SIZE)

    def _scores(self) -> None:
        self._heading(f"Nilai{self._by}")
        heads = ["Kode", "Komponen dan rincian", "Bobot", "Nilai", "%"]
        heads += ["Nilai sementara", "% sementara"] if self.block.is_main else []
        self._head(heads, FIRST + len(heads) - 1)
        worksheet, result = self.result.worksheet, self.result
        for root in worksheet.roots:
            for node in (root, *(n for n in root.children if n.level == "section")):
                scored = result.nodes[node.code]
                values = (Fraction(node.weight), scored.score, scored.provisional)
                self._score_row(node.code, node.name, self.plan.row_of[node.code], values, node.level)
        weight = sum((Fraction(r.weight) for r in worksheet.roots), Fraction(0))
        values = (weight, result.total, result.provisional_total)
        self._score_row("", "Nilai total", self.plan.total_row, values, "total")
        self._remark(SAID_MAIN if self.block.is_main else SAID_OTHER)

    def _score_row(
        self, code: str, name: str, source: int, values: tuple[Fraction, Fraction, Fraction], level: str
    ) -> None:
        tone = {"component": "area", "total": "total"}.get(level, "plain")
        self._name(code, name, tone)
        weight, score, provisional = values
        self.sheet.formula(self.row, 4, _at(H, source), weight, tone, "decimal")
        self.sheet.formula(self.row, 5, _at(self.block.l, source), score, tone, "decimal")
        self.sheet.formula(self.row, 6, _ratio(self.row, "E"), _share(score, weight), tone, "percent")
        if self.block.is_main:
            self.sheet.formula(self.row, 7, _at(self.block.o, source), provisional, tone, "decimal")
            self.sheet.formula(self.row, 8, _ratio(self.row, "G"), _share(provisional, weight), tone, "percent")
        self.row += 1

    def _areas(self) -> None:
        areas = self.result.worksheet.areas
        if not areas:
            return
        self._heading(f"Area perubahan{self._by}")
        sections = [self._section_name(part) for part in next(iter(areas.values()))][:2]
        heads = [f"{name} {unit}".strip() for name in sections for unit in ("", "(%)")]
        self._head(("No.", "Area", *heads, "Bobot", "Nilai", "%"), FIRST + 1 + len(heads) + 3)
        for key, parts in areas.items():
            self._area_row(key, parts)
        self.row += 1

    def _section_name(self, part: Node) -> str:
        return self.result.worksheet.nodes[part.parent].name

    def _area_row(self, key: str, parts: tuple[Node, ...]) -> None:
        result = self.result
        self._name(key, parts[0].name)
        column = 4
        for part in parts[:2]:
            score, weight = result.nodes[part.code].score, Fraction(part.weight)
            source = self.plan.row_of[part.code]
            self.sheet.formula(self.row, column, _at(self.block.l, source), score, "plain", "decimal")
            live = f"={ratio_of(_ref(self.block.l, source), _ref(H, source))}"
            self.sheet.formula(self.row, column + 1, live, _share(score, weight), "plain", "percent")
            column += 2
        weight = sum((Fraction(p.weight) for p in parts), Fraction(0))
        score = sum((result.nodes[p.code].score for p in parts), Fraction(0))
        self.sheet.formula(self.row, column, f"={self._sum(H, parts)}", weight, "strong", "decimal")
        points = self._sum(self.block.l, parts)
        self.sheet.formula(self.row, column + 1, f"={noiseless(points, AREA)}", score, "strong", "decimal")
        share = f"={ratio_of(points, self._sum(H, parts))}"
        self.sheet.formula(self.row, column + 2, share, _share(score, weight), "strong", "percent")
        self.row += 1

    def _sum(self, column: str, parts: Iterable[Node]) -> str:
        return f"({'+'.join(_ref(column, self.plan.row_of[p.code]) for p in parts)})"

    def _predicate(self, predicate: str) -> None:
        if predicate != self.lke.target:
            self.sheet.worksheet.row_breaks.append(Break(id=self.row - 1))
        self._heading(f"Ambang batas {self._predicate_name(predicate)}{self._by}")
        self._head(("No.", "Ambang batas", "Nilai", "Minimum", "Hasil", "Peran"), 7)
        first = self.row
        checks = iter(self.result.checks_of(predicate))
        for number, threshold in enumerate(self._thresholds(predicate), start=1):
            for place, live in enumerate(self._readings(threshold)):
                self._check_row(str(number) if place == 0 else "", next(checks), live)
        self._verdict(predicate, first)
        mark = self.sheet.worksheet.conditional_formatting
        for text, ink, fill in ((PASSED, GREEN, GREEN_FILL), (FAILED, RED, RED_FILL)):
            rule = CellIsRule(
                "equal",
                [f'"{text}"'],
                font=Font(color=ink),
                fill=PatternFill("solid", start_color=fill, end_color=fill),
            )
            mark.add(f"F{first}:F{self.row - 2}", rule)
        self.row += 1

    def _predicate_name(self, predicate: str) -> str:
        return f"Menuju {predicate}"

    def _thresholds(self, predicate: str) -> list[Threshold]:
        return [t for t in self.result.worksheet.thresholds if t.predicate == predicate]

    def _readings(self, threshold: Threshold) -> list[str]:
        """Return the live formulas of a threshold in the order in which the engine checks its readings."""
        if threshold.measure == "total":
            return [_rounded(_ref(self.block.l, self.plan.total_row))]
        if threshold.measure == "node":
            return [_rounded(_ref(self.block.l, self.plan.row_of[threshold.subject]))]
        if threshold.measure == "award":
            return [""]
        parts = self.result.worksheet.areas[threshold.subject]
        return [self._percent(parts), *(self._percent((part,)) for part in parts)]

    def _percent(self, parts: tuple[Node, ...]) -> str:
        return _rounded(f"{ratio_of(self._sum(self.block.l, parts), self._sum(H, parts))}*100")

    def _check_row(self, number: str, check: Check, live: str) -> None:
        self._name(number, check.name)
        role = {"area": "points_percent", "award": "yes_no"}.get(check.measure, "decimal")
        if live:
            self.sheet.formula(self.row, 4, live, float(check.value), "plain", role)
        else:
            self.sheet.number(self.row, 4, check.value, "plain", role)
        self.sheet.number(self.row, 5, check.minimum, "plain", role)
        verdict = PASSED if check.passed else FAILED
        live_verdict = f'=IF(D{self.row}>=E{self.row},"{PASSED}","{FAILED}")'
        self.sheet.formula(self.row, 6, live_verdict, verdict, "plain", "center")
        self.sheet.text(self.row, 7, DECIDES if check.decides else COMPARES, "plain", "center")
        self.row += 1

    def _verdict(self, predicate: str, first: int) -> None:
        name, last = self._predicate_name(predicate), self.row - 1
        fulfilled, failed = f"Memenuhi ambang batas {name}", f"Belum memenuhi ambang batas {name}"
        self.sheet.blank(self.row, range(FIRST, 8), "area")
        self.sheet.text(self.row, FIRST, "Kesimpulan", "area")
        self.sheet.merge(self.row, FIRST, TEXT)
        deciding, missed = f'G{first}:G{last},"{DECIDES}"', f'F{first}:F{last},"{FAILED}"'
        live = f'=IF(AND(COUNTIF({deciding})>0,COUNTIFS({deciding},{missed})=0),"{fulfilled}","{failed}")'
        passed = self.result.passed(predicate)
        self.sheet.formula(self.row, 4, live, fulfilled if passed else failed, "area", "center")
        self.sheet.merge(self.row, 4, 7)
        self.sheet.height(self.row, 1, 11)
        self.row += 1

    def _remark(self, text: str) -> None:
        cell = self.sheet.plain(self.row, FIRST, text, size=8)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        self.sheet.merge(self.row, FIRST, LAST)
        self.sheet.height(self.row, line_count(text, 140, 8), 8)
        self.row += 2


def _answered(result: Result) -> str:
    return f"{result.answered} dari {len(result.values)} kriteria"


def _day(at: datetime | None) -> str:
    return formats.date_format(timezone.localtime(at), "j F Y H.i") if at else "—"


def _ref(column: str, row: int) -> str:
    return f"'{SHEET}'!{column}{row}"


def _at(column: str, row: int) -> str:
    return f"={_ref(column, row)}"


def _ratio(row: int, column: str) -> str:
    return f"={ratio_of(f'{column}{row}', f'D{row}')}"


def _share(part: Fraction, whole: Fraction) -> Fraction:
    return part / whole if whole else Fraction(0)


def _rounded(formula: str) -> str:
    """Return the two-decimal figure, half up; the inner rounding takes away the noise of binary fractions."""
    return f"=ROUND(ROUND({formula},9),2)"
