"""What a file of the recap holds: exactly the units that the page shows, over all its pages, in its order."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format

from .choosing import STAGE_NAMES, Line, RecapForm
from .collect import Recap
from .pages import said


@dataclass(frozen=True, slots=True)
class Shown:
    """A recap as it was asked for. `said` are the filters in words, `stage` the chosen one."""

    recap: Recap
    lines: tuple[Line, ...]
    stage: str
    said: tuple[tuple[str, str], ...]
    at: datetime

    @property
    def title(self) -> str:
        return f"Rekap Zona Integritas {self.recap.period.year}"

    @property
    def file_stem(self) -> str:
        """The start of a file name: Rekap-2026."""
        return f"Rekap-{self.recap.period.year}"

    @property
    def stage_name(self) -> str:
        return STAGE_NAMES[self.stage]

    @property
    def made(self) -> str:
        local = timezone.localtime(self.at)
        return f"{date_format(local, 'j F Y H.i')} {local.tzname()}"

    def facts(self) -> list[tuple[str, str]]:
        """Return what a reader of the file must know of it: label and text."""
        return [
            ("Periode", f"{self.recap.period.name} ({self.recap.period.year})"),
            ("Nilai tahap", self.stage_name),
            *(fact for fact in self.said if fact[0] != "Nilai tahap"),
            ("Jumlah unit", str(len(self.lines))),
            ("Pembacaan nilai minimum area", str(self.recap.period.get_area_reading_display())),
            ("Dibuat", self.made),
        ]


def shown_of(recap: Recap, form: RecapForm) -> Shown:
    """Return what a valid form asks for."""
    return Shown(recap, tuple(form.lines()), form.stage, tuple(said(form)), timezone.now())


def data_of(shown: Shown) -> dict[str, Any]:
    """Return a recap as JSON holds it: figures as text with two decimals, None where there are none."""
    return {
        "year": shown.recap.period.year,
        "agency": shown.recap.agency,
        "stage": shown.stage,
        "area_reading": shown.recap.period.area_reading,
        "made": shown.at.isoformat(timespec="seconds"),
        "measures": [{"key": m.key, "label": m.label, "weight": f"{m.weight:.2f}"} for m in shown.recap.measures],
        "units": [_unit_data(shown, line) for line in shown.lines],
    }


def _unit_data(shown: Shown, line: Line) -> dict[str, Any]:
    subject, card = line.subject, line.card
    checks, measures = card.checks if card else (), shown.recap.measures
    points, percents = (card.points, card.percents) if card else ({}, {})
    return {
        "unit": subject.code,
        "name": subject.name,
        "target": subject.target,
        "state": subject.state,
        "stage": card.stage.value if card else None,
        "answered": card.answered if card else None,
        "criteria": card.criteria if card else None,
        "provisional_total": _text(card.provisional) if card else None,
        "points": {m.key: _text(points.get(m.key)) for m in measures},
        "percents": {m.key: _text(percents.get(m.key)) for m in measures if m.is_area},
        "thresholds": [
            {"key": c.key, "name": c.name, "value": str(c.value), "minimum": str(c.minimum), "passed": c.passed}
            for c in checks
        ],
        "passes": dict(card.passes) if card else {},
        "tpn_granted": subject.granted,
        "evidence": {"percent": subject.evidence, "found": subject.found, "expected": subject.expected},
        "open_findings": subject.findings,
    }  # fmt: skip


def _text(number: Any) -> str | None:
    return None if number is None else str(number)
