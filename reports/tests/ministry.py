"""The ministry's LKE workbook as units pass it around, made from the instrument, with the defects tests ask for."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from openpyxl import Workbook

from assessment.tests.bundled import bundled_worksheet as worksheet
from assessment.worksheet import INDEX, PCT, Criterion, Node

HEADINGS = {
    "B": "Penilaian", "H": "Bobot", "I": "Penjelasan", "J": "Pilihan Jawaban", "K": "Jawaban", "L": "Nilai", "M": "%",
    "O": "Catatan",
}  # fmt: skip


@dataclass
class Line:
    """One row of the sheet: its code (only known here), marker, title, and what stands in its columns."""

    code: str
    marker: str
    title: str
    depth: int
    cells: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, column: str) -> Any:
        return self.cells.get(column)

    def __setitem__(self, column: str, value: Any) -> None:
        self.cells[column] = value


@dataclass
class Lke:
    """A workbook in the making; `top` are title rows above the heading, `below` rows after the table."""

    lines: list[Line]
    headings: dict[str, Any] = field(default_factory=lambda: dict(HEADINGS))
    top: list[str] = field(default_factory=lambda: ["LEMBAR KERJA EVALUASI", "ZONA INTEGRITAS", ""])
    below: list[dict[str, Any]] = field(default_factory=list)
    sheet: str = "LKE ZI"
    dress: list[Callable[[Workbook], None]] = field(default_factory=list)

    def __getitem__(self, code: str) -> Line:
        return next(line for line in self.lines if line.code == code)

    def answer(self, **codes: Any) -> "Lke":
        return self

    def fill(self, answers: dict[str, Any]) -> "Lke":
        for code, value in answers.items():
            self[code]["K"] = value
        return self

    def number(self, code: str) -> int:
        """Return the row of a line in the sheet."""
        return len(self.top) + 2 + next(n for n, line in enumerate(self.lines) if line.code == code)

    def drop(self, code: str) -> Line:
        line = self[code]
        self.lines.remove(line)
        return line

    def insert(self, before: str, *made: Line) -> None:
        at = self.lines.index(self[before])
        self.lines[at:at] = made

    def book(self) -> Workbook:
        book = Workbook()
        sheet = book.worksheets[0]
        sheet.title = self.sheet
        for number, text in enumerate(self.top, start=1):
            sheet.cell(number, 2).value = text or None
        head = len(self.top) + 1
        for column, text in self.headings.items():
            sheet[f"{column}{head}"] = text
        for number, line in enumerate(self.lines, start=head + 1):
            for column, value in _placed(line).items():
                sheet[f"{column}{number}"] = value
        for number, cells in enumerate(self.below, start=head + len(self.lines) + 2):
            for column, value in cells.items():
                sheet[f"{column}{number}"] = value
        for dress in self.dress:
            dress(book)
        return book

    def file(self) -> io.BytesIO:
        out = io.BytesIO()
        self.book().save(out)
        out.seek(0)
        return out

    def bytes(self) -> bytes:
        return self.file().getvalue()


def _placed(line: Line) -> dict[str, Any]:
    column = "BCDEFG"[min(line.depth, 4)]
    right = "CDEFGH"[min(line.depth, 4)]
    if not line.marker:
        return {"G": line.title or None, **line.cells}
    if line.marker == "-":
        return {"G": f"- {line.title}", **line.cells}
    return {column: f"{line.marker}.", right: line.title, **line.cells}


def ministry() -> Lke:
    """Return an empty workbook in the ministry's layout."""
    lines = [line for root in worksheet().roots for line in _node_lines(root, 0)]
    return Lke([*lines, Line("", "", "NILAI EVALUASI ZONA INTEGRITAS", 0, {"L": "=SUM(L6,L150)"})])


def _node_lines(node: Node, depth: int) -> list[Line]:
    lines = [Line(node.code, node.marker, node.title, depth, {"H": float(node.weight), "L": "=SUM(L9:L10)"})]
    for child in node.children:
        lines += _node_lines(child, depth + 1)
    for criterion in node.criteria:
        lines += _criterion_lines(criterion, depth + 1)
    return lines


def _criterion_lines(criterion: Criterion, depth: int) -> list[Line]:
    cells: dict[str, Any] = {"I": "\n".join(choice.text for choice in criterion.choices), "J": _kind(criterion)}
    if criterion.answer_type == PCT:
        cells["K"] = "=IFERROR(K2/K1,0)"
    lines = [Line(criterion.code, criterion.marker, criterion.title, depth, cells)]
    for title, group in groupby(criterion.quantities, lambda q: q.title.partition(": ")[0] if ": " in q.title else ""):
        members = list(group)
        if title:
            lines.append(Line("", "-", title, 5, {"J": "Jumlah", "K": "=SUM(K1:K3)"}))
        for q in members:
            text = q.title.partition(": ")[2] if title else q.title
            lines.append(Line(q.code, "-", text, 5, {"J": "Jumlah"}))
    return lines


def _kind(criterion: Criterion) -> str:
    if criterion.answer_type == PCT:
        return "%"
    if criterion.answer_type == INDEX:
        return "0-4"
    return "/".join(choice.label for choice in criterion.choices)


def best_answers() -> dict[str, Any]:
    """Return the best answer to every criterion, by its code or those of its counts, as typed into a workbook."""
    found: dict[str, Any] = {}
    for criterion in worksheet().criteria.values():
        if criterion.answer_type == PCT:
            found |= {q.code: COUNTS.get(q.code, 4) for q in criterion.quantities}
        elif criterion.answer_type == INDEX:
            found[criterion.code] = 3.6
        else:
            found[criterion.code] = criterion.choices[0].label
    return found


# Counts that no rule refuses, where four everywhere would be.
COUNTS = {
    "A.II.3.iii.a.1": 4, "A.II.3.iii.a.2": 1, "A.II.3.iii.a.3": 1, "A.II.5.ii.a.2": 0, "A.II.5.iii.i.a.4": 12,
    "A.II.5.iii.ii.a.4": 12,
}  # fmt: skip

__all__ = ["HEADINGS", "Line", "Lke", "best_answers", "ministry", "replace"]
