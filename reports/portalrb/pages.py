"""What the pre-flight pages show: plain strings for templates."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from assessment.models import Assessment

from .check import BLOCKING, LABELS, Checked, Lack, Report, UnitReport
from .models import AccessEntry
from .proposals import category_of, grant_of

OPENINGS = 20


@dataclass(frozen=True, slots=True)
class LackCount:
    """How many answers lack something: "3 tanpa bukti dukung"."""

    text: str
    is_blocking: bool


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One proposed unit in the list."""

    name: str
    code: str
    category: str
    url: str
    count: str  # answers that would be sent
    lacks: tuple[LackCount, ...]
    notes: tuple[str, ...]
    is_ready: bool


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One answer as it would be sent."""

    code: str
    title: str
    soal_id: str
    unit: str
    tpi: str
    unit_note: str
    tpi_note: str
    evidence: str  # the link, "" for none
    lacks: tuple[str, ...]
    unreachable: tuple[str, ...]


def overview(report: Report, base: str) -> dict[str, Any]:
    """Build the list of what would be sent."""
    period = report.period
    return {
        "period": period,
        "base": base,
        "window": window_of(report),
        "problems": report.problems,
        "units": [_unit(unit) for unit in report.units],
        "is_ready": report.is_ready,
    }


def window_of(report: Report) -> str:
    """Say from when to when PortalRB may read."""
    period = report.period
    if period is None or period.proposal_closes is None:
        return ""
    opens = f"{_moment(period.proposal_opens)} sampai " if period.proposal_opens else "sampai "
    return opens + _moment(period.proposal_closes)


def _moment(at: Any) -> str:
    return f"{date_format(timezone.localtime(at), 'j F Y H.i')} WIB"


def _unit(unit: UnitReport) -> UnitRow:
    row = unit.assessment
    return UnitRow(
        row.unit.name, row.unit.code, category_of(row), reverse("reports:portalrb-unit", args=[row.unit.code]),
        str(sum(Lack.SOAL_ID not in checked.lacks for checked in unit.rows)), counts_of(unit), tuple(unit.notes),
        unit.is_ready,
    )  # fmt: skip


def counts_of(unit: UnitReport) -> tuple[LackCount, ...]:
    """Return how many answers lack what."""
    return tuple(LackCount(f"{count} {LABELS[lack]}", lack in BLOCKING) for lack, count in unit.counts.items() if count)


def unit_page(unit: UnitReport) -> dict[str, Any]:
    """Build the page of one unit: its answers as they would be sent, its links, who opened them: one query."""
    row = unit.assessment
    grant = grant_of(row)
    return {
        "unit": row.unit,
        "year": str(row.period.year),
        "category": category_of(row),
        "report": unit,
        "counts": counts_of(unit),
        "lacking": [_answer(checked) for checked in unit.lacking],
        "answers": [_answer(checked) for checked in unit.rows],
        "revoked": f"{_moment(grant.revoked_at)} oleh {grant.changed_by}" if grant and grant.revoked_at else "",
        "openings": _openings(row),
    }


def _answer(checked: Checked) -> AnswerRow:
    row = checked.row
    return AnswerRow(
        row.shown_code, row.title, "" if row.soal_id is None else str(row.soal_id), row.unit or "", row.tpi or "",
        row.unit_note or "", row.tpi_note or "", row.evidence or "", tuple(checked.labels), checked.unreachable,
    )  # fmt: skip


def _openings(row: Assessment) -> list[dict[str, str]]:
    entries = AccessEntry.objects.filter(assessment=row).select_related("token")[:OPENINGS]
    return [
        {
            "at": date_format(timezone.localtime(entry.at), "j F Y H.i.s"),
            "what": entry.get_what_display(),
            "where": f"{entry.criterion}{f', dokumen {entry.item}' if entry.item else ''}",
            "who": f"{entry.token.name if entry.token else 'Tautan'}, {entry.address or 'alamat tidak dikenal'}",
            "status": "Dilayani" if entry.status < 400 else f"Ditolak ({entry.status})",
        }
        for entry in entries
    ]
