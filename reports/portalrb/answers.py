"""What PortalRB is sent of one unit: a row for each answerable row of the worksheet. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assessment.worksheet import INDEX, Criterion, Worksheet

Stored = Mapping[str, Any]  # one answer as a fixed copy has it
NOTHING: Stored = {}


@dataclass(frozen=True, slots=True)
class Row:
    """One answerable row: a criterion, or one count of a PCT criterion; None where there is nothing to say.

    `number` is the count's place from 1, 0 for a criterion itself. Counts carry notes and evidence of their criterion.
    """

    code: str
    number: int
    title: str
    soal_id: int | None
    excel_row: int | None
    unit: str | None
    unit_note: str | None
    evidence: str | None
    tpi: str | None
    tpi_note: str | None

    @property
    def shown_code(self) -> str:
        return f"{self.code}.{self.number}" if self.number else self.code

    def as_json(self) -> dict[str, Any]:
        """Return the entry in the form of the ministry's guide."""
        return {
            "soal_id": self.soal_id,
            "jawaban_unit": self.unit,
            "jawaban_tpi": self.tpi,
            "catatan_unit": self.unit_note,
            "bukti_dukung_unit": self.evidence,
            "catatan_tpi": self.tpi_note,
        }


def rows_of(
    worksheet: Worksheet,
    unit: Mapping[str, Stored],
    tpi: Mapping[str, Stored],
    evidence: Callable[[str], str | None],
) -> list[Row]:
    """Return all rows in worksheet order; `evidence` gives an address or a text for a criterion's code."""
    return [
        row
        for criterion in worksheet.criteria.values()
        for row in _rows(criterion, unit.get(criterion.code, NOTHING), tpi.get(criterion.code, NOTHING), evidence)
    ]


def _rows(
    criterion: Criterion, unit: Stored, tpi: Stored, evidence: Callable[[str], str | None]
) -> Iterator[Row]:  # fmt: skip
    shared = (unit.get("note") or None, evidence(criterion.code))
    tpi_note = _tpi_note(tpi)
    if not criterion.quantities:
        yield Row(
            criterion.code, 0, criterion.title, criterion.soal_id, criterion.excel_row,
            _answer(criterion, unit), *shared, _answer(criterion, tpi), tpi_note,
        )  # fmt: skip
        return
    for quantity in criterion.quantities:
        yield Row(
            criterion.code, quantity.number, f"{criterion.title}: {quantity.title}", quantity.soal_id,
            quantity.excel_row, _count(unit, quantity.number), *shared, _count(tpi, quantity.number), tpi_note,
        )  # fmt: skip


def _answer(criterion: Criterion, stored: Stored) -> str | None:
    if criterion.answer_type == INDEX:
        return stored.get("index") or None
    choice = criterion.choice(stored.get("choice", ""))
    return choice.label if choice else None


def _count(stored: Stored, number: int) -> str | None:
    counts: Sequence[int | None] = stored.get("counts", ())
    found = counts[number - 1] if len(counts) >= number else None
    return None if found is None else str(found)


def _tpi_note(stored: Stored) -> str | None:
    """Return TPI's note; a ratio that TPI set by hand is told too, since PortalRB has no other place for it."""
    parts = [stored.get("note", "")]
    if stored.get("ratio"):
        percent = f"{(Decimal(stored['ratio']) * 100).normalize():f}".replace(".", ",")
        parts.insert(0, f"Rasio ditetapkan TPI {percent}%: {stored.get('reason', '')}".strip())
    return "\n".join(part for part in parts if part) or None
