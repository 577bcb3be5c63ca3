"""What an import does, as the JSON of `lke_import`. Pure."""

from collections.abc import Iterator
from typing import Any

from assessment.models import Assessment
from assessment.scoring import Result, exact

from .comparing import WRITES, Effect, Line, Side
from .previewing import Preview

REFUSING = frozenset({Effect.REFUSED, Effect.LOCKED})


def report_of(assessment: Assessment, preview: Preview, source: str, *, is_written: bool) -> dict[str, Any]:
    """Return the report: `changes` is empty if the file says what the portal has."""
    lines, rows = preview.comparison.lines, {row.number: row for row in preview.read.rows}
    sides = [side for line in lines for side in line.sides]
    return {
        "unit": assessment.unit.code,
        "year": assessment.period.year,
        "stage": "unit",
        "file": source,
        "layout": preview.read.layout,
        "sheet": preview.read.sheet,
        "written": is_written,
        "changes": [_change(line) for line in preview.writing],
        "refused": [found for line in lines for found in _refused(line)],
        "unplaced": [
            {
                "row": doubt.row, "title": rows[doubt.row].title, "answer": rows[doubt.row].answer.text,
                "why": doubt.why, "nearest": list(doubt.nearest),
            }
            for doubt in preview.open_doubts
        ],
        "same": sum(side.effect == Effect.SAME for side in sides),
        "kept": sum(side.effect == Effect.KEPT for side in sides),
        "warnings": list(preview.warnings),
        "score": {"before": _score(preview.before), "after": _score(preview.after)},
    }  # fmt: skip


def _change(line: Line) -> dict[str, Any]:
    found: dict[str, Any] = {"code": line.code, "rows": list(line.rows)}
    for name, side in (("answer", line.answer), ("note", line.note)):
        if side is not None and side.effect in WRITES:
            found[name] = {"now": side.now, "file": side.file, "effect": side.effect.value}
    if line.new_links:
        found["links"] = [{"url": link.url, "title": link.title} for link in line.new_links]
    return found


def _refused(line: Line) -> Iterator[dict[str, Any]]:
    named: list[tuple[str, Side | None]] = [("answer", line.answer), ("note", line.note)]
    for name, side in [*named, *(("link", side) for side in line.links)]:
        if side is not None and side.effect in REFUSING:
            yield {"code": line.code, "rows": list(line.rows), "what": name, "value": side.file, "why": side.why}


def _score(result: Result) -> dict[str, Any]:
    passed = {name: result.passed(name) for name in result.worksheet.predicates}
    total, provisional = (f"{exact(number):f}" for number in (result.total, result.provisional_total))
    return {"total": total, "provisional_total": provisional, "answered": result.answered, "predicates": passed}
