"""What the pages of TPN's result and of a unit's record show."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.forms import Form
from django.utils import timezone
from django.utils.formats import date_format

from assessment import trace
from assessment.models import Assessment, Award, Stage, State

from ..access import ReviewMay
from ..models import TpnResult
from ..proposing import standing_item
from ..records import Record, published_stages
from .comparing import STAGE_NAMES


@dataclass(frozen=True, slots=True)
class YearRow:
    """One year of a unit's record."""

    year: str
    period: str
    code: str
    target: str
    state: str
    state_label: str
    totals: list[tuple[str, str]]  # stage's name, points; "" where there are none
    outcome: str  # TPN's; "" while there is none
    note: str
    findings: str  # not closed; "" for none


@dataclass(frozen=True, slots=True)
class AwardRow:
    id: str
    unit: str
    predicate: str
    number: str
    dated: str
    until: str
    standing: str
    is_valid: bool
    reason: str
    can_withdraw: bool


def result(assessment: Assessment, may: ReviewMay, form: Form) -> dict[str, Any]:
    """Build the page on which TPN's decision is written down, or shown once it is."""
    stored = TpnResult.objects.filter(assessment=assessment).select_related("by").first()
    item = standing_item(assessment)
    return {
        "assessment": assessment,
        "may": may,
        "form": form,
        "is_open": assessment.state == State.PROPOSED,
        "seen": assessment.state,
        "letter": item.proposal if item else None,
        "facts": _facts(stored) if stored else [],
    }


def _facts(stored: TpnResult) -> list[tuple[str, str]]:
    rows = [
        ("Keputusan", _granted(stored)),
        ("Predikat", stored.get_predicate_display()),
        ("Nilai TPN", trace.comma(stored.total) if stored.total is not None else ""),
        ("Nomor keputusan", stored.decree_number),
        ("Tanggal keputusan", _day(stored.decree_date)),
        ("Berlaku sampai", _day(stored.valid_until)),
        ("Catatan", stored.note),
        ("Dicatat", f"{stored.by}, {date_format(timezone.localtime(stored.at), 'j F Y H.i')}"),
    ]
    return [(name, text) for name, text in rows if text]


def _granted(stored: TpnResult) -> str:
    return "Predikat diberikan" if stored.granted else "Predikat tidak diberikan"


def _day(day: date | None) -> str:
    return date_format(day, "j F Y") if day else ""


def record(found: Record) -> dict[str, Any]:
    """Build a unit's record."""
    today = timezone.localdate()
    return {
        "unit": found.unit,
        "years": [_year(found, row) for row in found.assessments],
        "awards": [_award(row, found.unit.name, today, found.may_withdraw) for row in found.awards],
    }


def _year(found: Record, row: Assessment) -> YearRow:
    stages = published_stages(row)
    totals = [(name, _total(found, row, stage) if stage in stages else "") for stage, name in STAGE_NAMES.items()]
    stored = found.results.get(row.pk)
    findings = found.findings.get(row.pk, 0)
    return YearRow(
        str(row.period.year), row.period.name, found.unit.code, row.get_target_display(), row.state,
        row.get_state_display(), totals, _granted(stored) if stored else "", stored.note if stored else "",
        str(findings) if findings else "",
    )  # fmt: skip


def _total(found: Record, row: Assessment, stage: Stage) -> str:
    stored = found.results.get(row.pk)
    if stage == Stage.TPN:  # what TPN says, not what the scores per criterion that were handed over add up to
        return trace.comma(stored.total) if stored and stored.total is not None else ""
    card = found.totals.get((row.pk, stage))
    return trace.comma(card.total) if card else ""


def _award(row: Award, unit: str, today: date, may_withdraw: bool) -> AwardRow:
    over = row.valid_until is not None and row.valid_until < today
    standing = f"Dicabut {_day(row.withdrawn_on)}" if row.withdrawn_on else "Habis masa berlaku" if over else "Berlaku"
    return AwardRow(
        str(row.pk), unit, row.get_predicate_display(), row.decree_number, _day(row.decree_date),
        _day(row.valid_until), standing, not over and row.withdrawn_on is None, row.withdrawn_reason,
        may_withdraw and row.withdrawn_on is None,
    )  # fmt: skip


def withdrawal(award: Award, form: Form) -> dict[str, Any]:
    """Build the page that asks from when and why a predicate is withdrawn."""
    return {"unit": award.unit, "award": _award(award, award.unit.name, timezone.localdate(), True), "form": form}
