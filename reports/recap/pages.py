"""What the page Rekap shows, as plain strings; the files say the same."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.paginator import Page
from django.urls import reverse

from assessment.models import Period, Stage, State
from assessment.trace import comma

from .choosing import STAGE_NAMES, Line, RecapForm, ScopeForm
from .collect import Recap
from .comparing import mean
from .figures import TOTAL, Card, Check, Measure

NOTHING = "–"
REACHED, MISSED = "ok", "no"


@dataclass(frozen=True, slots=True)
class Head:
    """One column: its short and its whole name, the link that sorts by it, and how it is sorted now."""

    short: str
    label: str
    query: str
    sorted: str  # "ascending", "descending" or ""
    is_number: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure; `mark` is "ok" or "no" where the target asks something of it, `told` says so in words."""

    label: str
    text: str
    below: str = ""
    mark: str = ""
    told: str = ""


@dataclass(frozen=True, slots=True)
class UnitRow:
    code: str
    name: str
    url: str
    target: str
    unit_url: str  # its years
    state: str
    state_label: str
    stage: str  # "" where the chosen stage has no figures
    progress: str  # "" when every criterion is answered
    cells: list[Cell]
    reached: str  # how many thresholds of `asked`; "" without any
    asked: str
    passes: bool
    missed: list[str]
    outcome: str  # TPN's; "" while there is none
    evidence: str
    documents: str
    findings: str


def recap(
    recap: Recap, periods: Sequence[Period], form: RecapForm, page: "Page[Line]", lines: list[Line]
) -> dict[str, Any]:
    """Build the page; `lines` are all that are shown, `page` those of them on this page."""
    return frame(recap, periods, form) | {
        "page": page,
        "stage_name": STAGE_NAMES[form.stage],
        "heads": [_head(form, key, short, label) for key, short, label in _columns(recap)],
        "rows": [row_of(recap, line) for line in page.object_list],
        "summary": summary_of(recap, lines),
        "legend": [(m.short, m.label) for m in recap.measures if m.short != m.label],
    }


def frame(recap: Recap, periods: Sequence[Period], form: ScopeForm) -> dict[str, Any]:
    """Return what all pages of the recap share; a valid or an invalid form alike."""
    return {
        "recap": recap,
        "period": recap.period,
        "year": str(recap.period.year),
        "years": [str(p.year) for p in periods],
        "form": form,
        "look": form.query(),
        "said": said(form),
    }


def said(form: ScopeForm) -> list[tuple[str, str]]:
    """Return the chosen filters in words: label and choice."""
    found = []
    for name, value in form.look.items():
        choices = dict(getattr(form.fields[name], "choices", ()))
        if name not in {"urut", "arah"}:
            found.append((str(form.fields[name].label), str(choices.get(value, value)).lstrip("– ")))
    return found


def _columns(recap: Recap) -> list[tuple[str, str, str]]:
    return [
        ("kode", "Unit kerja", "Unit kerja"),
        *((m.key, m.short, m.label) for m in recap.measures),
        ("ambang", "Ambang", "Ambang batas target"),
        ("status", "Status", "Status"),
        ("bukti", "Bukti", "Bukti dukung"),
        ("catatan", "Catatan", "Catatan terbuka"),
    ]


def _head(form: RecapForm, key: str, short: str, label: str) -> Head:
    now, way = form.look.get("urut", "kode"), form.look.get("arah", "naik")
    first = "naik" if key in {"kode", "status"} else "turun"
    then = {"naik": "turun", "turun": "naik"}[way] if now == key else first
    how = {"naik": "ascending", "turun": "descending"}[way] if now == key else ""
    query = form.query(urut="" if key == "kode" else key, arah="" if then == "naik" else then)
    return Head(short, label, query, how, key not in {"kode", "status"})


def row_of(recap: Recap, line: Line) -> UnitRow:
    """Build one unit's row."""
    subject, card = line.subject, line.card
    checks = card.checks if card else ()
    return UnitRow(
        code=subject.code,
        name=subject.name,
        url=reverse("assessment:detail", args=[subject.year, subject.code]),
        target=subject.target,
        unit_url=reverse("reports:recap-unit", args=[subject.code]),
        state=subject.state,
        state_label=subject.state_label,
        stage=stage_name(card),
        progress=progress_of(card),
        cells=[cell_of(measure, card) for measure in recap.measures],
        reached=str(sum(c.passed for c in checks)) if checks else "",
        asked=str(len(checks)),
        passes=bool(checks) and all(c.passed for c in checks),
        missed=[f"{c.name}: {lacking(c)}" for c in checks if not c.passed],
        outcome=outcome_of(line),
        evidence=f"{subject.evidence}%",
        documents=f"{subject.found} dari {subject.expected}",
        findings=NOTHING if subject.findings is None else str(subject.findings),
    )


def stage_name(card: Card | None) -> str:
    return STAGE_NAMES[card.stage] if card else ""


def progress_of(card: Card | None) -> str:
    """Say how many criteria are answered; "" when all are."""
    if card is None or card.is_finished or card.stage == Stage.TPN:
        return ""
    return f"{card.answered} dari {card.criteria} kriteria"


def outcome_of(line: Line) -> str:
    """Say what TPN decided; "" while there is nothing to be known."""
    granted = line.subject.granted
    return "" if granted is None else "Predikat diberikan" if granted else "Predikat tidak diberikan"


def cell_of(measure: Measure, card: Card | None) -> Cell:
    """Build the cell of one measure: an area in percent with its points below, the rest in points."""
    value = card.value(measure.key) if card else None
    if card is None or value is None:
        return Cell(measure.label, NOTHING)
    points = card.points.get(measure.key)
    below = f"{comma(points)} poin" if measure.is_area and points is not None else ""
    text = figure(measure, value)
    reached = card.reached(measure.key)
    if reached is None:
        return Cell(measure.label, text, below)
    missed = [c for c in card.checks_of(measure.key) if not c.passed]
    told = "memenuhi ambang" if reached else "; ".join(_told(measure, c) for c in missed)
    return Cell(measure.label, text, below, REACHED if reached else MISSED, told)


def figure(measure: Measure, value: Decimal) -> str:
    """Write a measure's value: an area with its percent sign."""
    return comma(value) + ("%" if measure.is_area else "")


def _told(measure: Measure, check: Check) -> str:
    """Say what is missing, naming the half of an area that it is missing in where only that was measured."""
    half = check.name.removeprefix(measure.label).strip(" ()") if measure.is_area else ""
    return f"{half} {lacking(check)}".strip()


def lacking(check: Check) -> str:
    """Say by how much a threshold is missed."""
    if check.measure == "award":
        return "belum"
    return f"kurang {comma(check.gap)}" + ("%" if check.measure == "area" else "")


@dataclass(frozen=True, slots=True)
class Summary:
    """The shown units as a whole."""

    units: str
    scored: str  # how many have a total
    average: str
    passing: str
    judged: str  # how many have thresholds
    states: list[tuple[str, str, str]]  # key, label, count


def summary_of(recap: Recap, lines: Sequence[Line]) -> Summary:
    """Sum up all units that are shown, over all pages."""
    totals = [v for line in lines if line.card and (v := line.card.points.get(TOTAL)) is not None]
    judged = [line.card for line in lines if line.card and line.card.checks]
    states = Counter(line.subject.state for line in lines)
    return Summary(
        str(len(lines)), str(len(totals)), comma(average) if (average := mean(totals)) is not None else NOTHING,
        str(sum(not card.missed for card in judged)), str(len(judged)),
        [(s.value, str(s.label), str(states[s.value])) for s in State if states[s.value]],
    )  # fmt: skip
