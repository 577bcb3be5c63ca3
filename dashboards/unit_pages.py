"""What a unit's dashboard shows: its figures by stage, its areas against the minima, how far it is, its years."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.safestring import SafeString

from accounts.models import User
from assessment import selectors
from assessment.models import Assessment, Stage
from assessment.trace import comma
from assessment.worksheet import Worksheet
from evidence.overview import overview_of
from reports.recap import charts, collect
from reports.recap.choosing import STAGE_NAMES
from reports.recap.figures import STAGES, TOTAL, Card, Measure, Subject, latest_of
from reports.recap.pages import NOTHING, Cell, cell_of, figure, lacking, progress_of, stage_name
from review.access import ReviewMay
from review.models import Finding

from .radar import Line, radar

MOST_FINDINGS = 5
Minima = Mapping[str, Mapping[str, Decimal]]  # percent by predicate and by the area's measure


@dataclass(frozen=True, slots=True)
class PartRow:
    """How far one page of the worksheet is: answers and evidence."""

    page: str
    section: str
    title: str
    answered: str
    total: str
    found: str
    expected: str
    percent: str


def context_of(assessment: Assessment, may: ReviewMay, user: User) -> dict[str, Any]:
    """Build the page: at most eighteen queries, however many years there are."""
    years = collect.get_unit(user, assessment.unit.code)
    subject, measures = next((s, m) for s, m in years if s.pk == assessment.pk)
    worksheet, latest = selectors.worksheet_of(assessment.period.instrument), latest_of(subject.cards)
    return {
        "assessment": assessment,
        "may": may,
        "subject": subject,
        "total": _total(latest),
        "stage": stage_name(latest),
        "progress": progress_of(latest),
        "answered": str(latest.answered) if latest else "0",
        "criteria": str(latest.criteria) if latest else "0",
        "evidence": str(subject.evidence),
        "documents": f"{subject.found} dari {subject.expected}",
        "findings": NOTHING if subject.findings is None else str(subject.findings),
        "missed": [f"{c.name}: {lacking(c)}" for c in latest.checks if not c.passed] if latest else [],
        "stages": [STAGE_NAMES[s] for s in STAGES if s in subject.cards],
        "rows": [_row(measure, subject) for measure in measures],
        "parts": _parts(assessment, worksheet),
        "finding_rows": [] if subject.findings is None else _findings(assessment, user),
        **_areas(worksheet, measures, latest),
        **_trend(years),
    }


def _total(card: Card | None) -> str:
    return comma(card.points[TOTAL]) if card and TOTAL in card.points else NOTHING


def _row(measure: Measure, subject: Subject) -> tuple[str, list[tuple[str, Cell]]]:
    """Return a measure with its cell for every stage that the reader may know."""
    return measure.label, [(STAGE_NAMES[s], cell_of(measure, subject.cards[s])) for s in STAGES if s in subject.cards]


def minima_of(worksheet: Worksheet) -> dict[str, dict[str, Decimal]]:
    """Return what each predicate asks of each area, in percent."""
    found: dict[str, dict[str, Decimal]] = {}
    for threshold in worksheet.thresholds:
        if threshold.measure == "area":
            found.setdefault(threshold.predicate, {})[f"area-{threshold.subject}"] = threshold.minimum
    return found


def _areas(worksheet: Worksheet, measures: Sequence[Measure], card: Card | None) -> dict[str, Any]:
    """Return the radar of the latest figures and the table beside it."""
    minima = minima_of(worksheet)
    areas = [m for m in measures if m.is_area and card and m.key in card.percents]
    if card is None or len(areas) < 3:
        return {"radar": "", "areas": [], "predicates": []}
    lines = [
        Line(f"Minimum {predicate}", tuple(asked[m.key] for m in areas))
        for predicate, asked in minima.items()
        if all(m.key in asked for m in areas)
    ]
    figures = Line(f"Nilai {stage_name(card)}", tuple(card.percents[m.key] for m in areas))
    return {
        "radar": radar([m.short for m in areas], figures, lines),
        "areas": [_area_row(m, card.percents[m.key], minima) for m in areas],
        "predicates": list(minima),
    }


def _area_row(measure: Measure, value: Decimal, minima: Minima) -> tuple[str, str, list[tuple[str, str, bool]]]:
    """Return an area's name, its figure and for each predicate the minimum and whether it is reached."""
    asked = [(p, m[measure.key]) for p, m in minima.items() if measure.key in m]
    return measure.label, figure(measure, value), [(p, f"{comma(least)}%", value >= least) for p, least in asked]


def _parts(assessment: Assessment, worksheet: Worksheet) -> list[PartRow]:
    """Return answers and evidence page by page: three queries."""
    nodes = selectors.scorecard_of(assessment, Stage.UNIT).nodes
    rows = []
    for row in overview_of(assessment).rows:
        scored, found = nodes[row.page], row.found
        rows.append(
            PartRow(
                row.page, row.section, row.title, str(scored["answered"]), str(scored["total"]), str(found.found),
                str(found.expected), str(found.percent),
            )
        )  # fmt: skip
    return rows


def _findings(assessment: Assessment, user: User) -> list[tuple[str, str, str, str, str]]:
    """Return the findings that are due first: id, criterion, text, state, day; one query."""
    rows = Finding.objects.visible_to(user).pending().filter(assessment=assessment).select_related("criterion")
    found = sorted(rows, key=lambda f: (f.due_on is None, f.due_on or f.created_at.date(), str(f.pk)))
    return [
        (str(f.pk), f.criterion.code, f.text, str(f.get_state_display()),
         date_format(f.due_on, "j F Y") if f.due_on else "")
        for f in found[:MOST_FINDINGS]
    ]  # fmt: skip


def _trend(years: Sequence[tuple[Subject, Sequence[Measure]]]) -> dict[str, Any]:
    """Return the latest total of every year, the oldest first, as a drawing and as a table."""
    cards = [(str(s.year), latest_of(s.cards)) for s, _ in reversed(years)]
    points = [(year, card.points[TOTAL]) for year, card in cards if card and TOTAL in card.points]
    drawing: SafeString | str = charts.trend(points, "Nilai total terkini tiap tahun") if len(points) > 1 else ""
    return {"trend": drawing, "years": [(year, stage_name(card), _total(card)) for year, card in cards]}
