"""The contexts of the import's pages: plain strings for templates."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from assessment.access import May
from assessment.models import Assessment
from assessment.scoring import Result, shown
from assessment.trace import comma
from assessment.worksheet import PCT, Worksheet
from evidence.rows import moment, size_text

from .comparing import LABELS, WRITES, Effect, Line, Side
from .models import LkeImport
from .package import MAX_BYTES
from .placing import Doubt
from .previewing import Preview
from .reading import LABELS as LAYOUTS
from .reading import FileRow
from .targets import targets_of

SHOWN = 500  # characters of a note
BEFORE = 60  # of what stays before the first difference, where notes are cut
FEW = 20  # so many unclear rows get the whole list to choose from


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the comparison's table."""

    what: str
    now: str
    file: str
    effect: str
    label: str
    why: str


@dataclass(frozen=True, slots=True)
class Group:
    """One criterion with all that the file says of it."""

    code: str
    slug: str
    title: str
    place: str  # "baris 12"
    version: str
    rows: list[Row]
    is_wanted: bool = True


@dataclass(frozen=True, slots=True)
class Asked:
    """A row that has no place yet."""

    row: str
    title: str
    brings: list[tuple[str, str]]
    why: str
    chosen: str
    error: str
    nearest: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Figure:
    """One score before and after."""

    label: str
    before: str
    after: str

    @property
    def differs(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Said:
    """What a person has just sent that was refused, by row; `changed` are criteria that somebody else changed."""

    typed: Mapping[int, str] = field(default_factory=dict)
    errors: Mapping[int, str] = field(default_factory=dict)
    changed: tuple[str, ...] = ()


SILENCE = Said()


def start_page(assessment: Assessment, may: May, problem: str = "") -> dict[str, Any]:
    """Build the page on which an import begins: one query."""
    waiting = _open_ones(assessment).select_related("by").defer("content", "placing").order_by("-created_at")
    found = []
    for row in waiting[:20]:
        row.assessment = assessment  # saves asking for it
        found.append(
            {"url": row.get_absolute_url(), "source": row.source, "by": str(row.by), "at": moment(row.created_at)}
        )
    limit = size_text(MAX_BYTES)
    return {"assessment": assessment, "may": may, "problem": problem, "limit": limit, "imports": found}


def _open_ones(assessment: Assessment) -> "QuerySet[LkeImport]":
    return LkeImport.objects.filter(assessment=assessment, state=LkeImport.State.READY, expires_at__gt=timezone.now())


def closed_page(assessment: Assessment, may: May, pending: LkeImport) -> dict[str, Any]:
    """Build the page of an import that is over."""
    label = pending.get_state_display() if pending.state != LkeImport.State.READY else "Kedaluwarsa"
    return {"assessment": assessment, "may": may, "pending": pending, "is_open": False, "state": label}


def preview_page(
    assessment: Assessment, may: May, pending: LkeImport, preview: Preview, said: Said = SILENCE
) -> dict[str, Any]:
    """Build the comparison; no query."""
    lines = preview.comparison.lines
    return {
        "assessment": assessment,
        "may": may,
        "pending": pending,
        "is_open": True,
        "at": moment(pending.created_at),
        "layout": LAYOUTS[preview.read.layout],
        "sheet": preview.read.sheet,
        "warnings": preview.warnings,
        "asked": _asked(preview, said),
        "everything": _free_places(preview) if len(preview.doubts) <= FEW else [],
        "errors": [(str(row), text) for row, text in said.errors.items()],
        "changed": [(code, preview.worksheet.criteria[code].title) for code in said.changed],
        "writing": [_group(line, preview, WRITES) for line in preview.comparison.writing],
        "refused": [_group(line, preview, _REFUSING) for line in lines if line.is_refused],
        "staying": [_group(line, preview, _STAYING) for line in lines if _only(line, _STAYING)],
        "figures": _figures(preview.before, preview.after),
        "count": str(len(preview.writing)),
        "saves": bool(preview.writing),
    }


_REFUSING = frozenset({Effect.REFUSED, Effect.LOCKED})
_STAYING = frozenset({Effect.SAME, Effect.KEPT})


def _only(line: Line, effects: frozenset[Effect]) -> bool:
    return all(side.effect in effects for side in line.sides)


def _group(line: Line, preview: Preview, effects: frozenset[Effect]) -> Group:
    sides: list[tuple[str, Side | None]] = [("Jawaban", line.answer), ("Catatan", line.note)]
    sides += [("Tautan", link) for link in line.links]
    rows = [_row(what, side) for what, side in sides if side is not None and side.effect in effects]
    numbers = ", ".join(str(number) for number in line.rows)
    return Group(
        line.code, line.code.replace(".", "-"), line.title, f"baris {numbers}", str(line.version), rows,
        line.code not in preview.skipped,
    )  # fmt: skip


def _row(what: str, side: Side) -> Row:
    now, file = excerpts(side.now, side.file)
    return Row(what, now, file, side.effect.value, LABELS[side.effect], side.why)


def excerpts(now: str, file: str) -> tuple[str, str]:
    """Cut long texts so that their first difference is still shown."""
    if max(len(now), len(file)) <= SHOWN:
        return now, file
    same = next((n for n, (a, b) in enumerate(zip(now, file, strict=False)) if a != b), min(len(now), len(file)))
    start = max(0, same - BEFORE)
    return tuple(_cut(text, start) for text in (now, file))  # type: ignore[return-value]


def _cut(text: str, start: int) -> str:
    part = text[start : start + SHOWN]
    return f"{'…' if start and part else ''}{part}{'…' if start + SHOWN < len(text) else ''}"


def _asked(preview: Preview, said: Said) -> list[Asked]:
    rows = {row.number: row for row in preview.read.rows}
    return [_question(doubt, rows[doubt.row], preview, said) for doubt in preview.doubts]


def _question(doubt: Doubt, row: FileRow, preview: Preview, said: Said) -> Asked:
    brings = [("Jawaban", row.answer.text), ("Catatan", row.note.text), *(("Tautan", _link(c)) for c in row.links)]
    return Asked(
        row=str(doubt.row),
        title=row.title or "(tanpa judul)",
        brings=[(what, excerpts(text, "")[0]) for what, text in brings if text],
        why=doubt.why,
        chosen=said.typed.get(doubt.row, preview.where.get(doubt.row, "")),
        error=said.errors.get(doubt.row, ""),
        nearest=_nearest(preview, doubt),
    )


def _link(cell: Any) -> str:
    return str(cell.text or cell.link)


def _nearest(preview: Preview, doubt: Doubt) -> list[tuple[str, str]]:
    titles = _titles(preview.worksheet)
    return [(code, titles[code]) for code in doubt.nearest if code in titles]


def _titles(worksheet: Worksheet) -> dict[str, str]:
    """Return what may be chosen: criteria, and counts with the criterion they belong to."""
    found: dict[str, str] = {}
    for criterion in worksheet.criteria.values():
        found[criterion.code] = criterion.title
        if criterion.answer_type == PCT:
            found |= {q.code: q.title for q in criterion.quantities}
    return found


def _free_places(preview: Preview) -> list[tuple[str, str]]:
    """Return the places for which the file has nothing yet."""
    asked, telling = {d.row for d in preview.doubts}, {row.number for row in preview.read.rows if row.brings}
    taken = {code for row, code in preview.where.items() if row in telling - asked}
    titles = _titles(preview.worksheet)
    rows = targets_of(preview.worksheet).rows
    return [(t.code, titles[t.code]) for t in rows if t.takes and t.code not in taken] if preview.doubts else []


def _figures(before: Result, after: Result) -> list[Figure]:
    def yes(result: Result, name: str) -> str:
        return "Terpenuhi" if result.passed(name) else "Belum"

    return [
        Figure("Nilai bila dikirim", comma(shown(before.total)), comma(shown(after.total))),
        Figure("Nilai sementara", comma(shown(before.provisional_total)), comma(shown(after.provisional_total))),
        Figure("Kriteria terjawab", str(before.answered), str(after.answered)),
        *(Figure(f"Ambang {name}", yes(before, name), yes(after, name)) for name in before.worksheet.predicates),
    ]
