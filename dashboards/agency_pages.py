"""What the agency's dashboard shows: all units that its reader may see, from the recap's figures."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from assessment.models import Period, State
from assessment.selectors import worksheet_of
from assessment.trace import comma
from reports.recap import charts
from reports.recap.choosing import Line
from reports.recap.collect import Recap
from reports.recap.comparing import bins_of, mean
from reports.recap.figures import LATEST, TOTAL, Card, Measure, percent_of
from reports.recap.pages import NOTHING, figure, stage_name, summary_of
from review.pages.desk import left_text

from .agency_reads import TeamLoad
from .home_pages import deadlines_of
from .unit_pages import minima_of

PER_PAGE = 50
ON_THE_WALL = 24  # units of the heat map that a screen on the wall shows
LOWEST = 5
# From below every minimum upwards; the figure and, below a target's minimum, a mark say the same without colour.
BANDS = ("low", "middle", "high")


@dataclass(frozen=True, slots=True)
class HeatCell:
    short: str
    text: str
    band: str  # "" without a figure
    missed: bool  # below what the unit's target asks


@dataclass(frozen=True, slots=True)
class HeatRow:
    name: str
    code: str
    url: str
    target: str
    stage: str
    state: str
    total: str
    cells: list[HeatCell]
    evidence: str


def context_of(
    recap: Recap, periods: Sequence[Period], loads: Sequence[TeamLoad], number: str | None
) -> dict[str, Any]:
    """Build the page from a recap; costs no query."""
    lines = [Line(subject, subject.card(LATEST)) for subject in recap.subjects]
    areas = [m for m in recap.measures if m.is_area]
    page = Paginator(lines, PER_PAGE).get_page(number)
    return {
        "recap": recap,
        "period": recap.period,
        "year": str(recap.period.year),
        "years": [str(p.year) for p in periods],
        "summary": summary_of(recap, lines),
        "states": _states(recap, lines),
        "thresholds": _thresholds(recap, lines),
        "passing_url": _recap_url(recap, kurang="lengkap"),
        "failing_url": _recap_url(recap, kurang="ada"),
        "histogram": charts.histogram(bins_of(_percents(recap, lines)), "Sebaran nilai total terkini"),
        "heads": [(m.short, m.label) for m in areas],
        "page": page,
        "heat": [_heat_row(recap, areas, line) for line in page.object_list],
        "legend": _legend(recap),
        "evidence": _evidence(lines),
        "lowest": _lowest(lines),
        "loads": [_load_row(load) for load in loads],
        "deadlines": deadlines_of(recap.period),
        "made": date_format(timezone.localtime(), "j F Y H.i"),
    }


def wall_of(recap: Recap, periods: Sequence[Period], loads: Sequence[TeamLoad]) -> dict[str, Any]:
    """Build the view for a screen on the wall: the units furthest from their target first."""
    context = context_of(recap, periods, loads, None)
    areas = [m for m in recap.measures if m.is_area]
    lines = [Line(subject, subject.card(LATEST)) for subject in recap.subjects]
    lines.sort(key=lambda line: (-len(line.card.missed) if line.card else 0, line.subject.code))
    shown = lines[:ON_THE_WALL]
    return context | {
        "heat": [_heat_row(recap, areas, line) for line in shown],
        "left_out": str(len(lines) - len(shown)) if len(lines) > len(shown) else "",
    }


def _recap_url(recap: Recap, **asked: str) -> str:
    """Return where the recap lists the units behind a figure."""
    return f"{reverse('reports:recap', args=[recap.period.year])}?{urlencode(asked)}"


def _states(recap: Recap, lines: Sequence[Line]) -> list[tuple[str, str, str, str]]:
    counts = Counter(line.subject.state for line in lines)
    found = [s for s in State if counts[s]]
    return [(s.value, str(s.label), str(counts[s]), _recap_url(recap, status=s.value)) for s in found]


def _thresholds(recap: Recap, lines: Sequence[Line]) -> list[tuple[str, str, str, str, str]]:
    """Return key, name, how many units miss it, of how many it is asked, and where they are; the most missed first."""
    cards = [line.card for line in lines if line.card and line.card.checks]
    missed = Counter(key for card in cards for key in card.missed)
    asked = Counter(key for card in cards for key in {c.key for c in card.checks})
    order = sorted((key for key in recap.thresholds if missed[key]), key=lambda key: -missed[key])
    return [
        (key, recap.thresholds[key], str(missed[key]), str(asked[key]), _recap_url(recap, kurang=key)) for key in order
    ]


def _percents(recap: Recap, lines: Sequence[Line]) -> list[Decimal]:
    measure = recap.measure(TOTAL)
    found = [percent_of(measure, line.card) for line in lines if line.card]
    return [percent for percent in found if percent is not None]


def _heat_row(recap: Recap, areas: Sequence[Measure], line: Line) -> HeatRow:
    subject, card = line.subject, line.card
    minima = minima_of(worksheet_of(recap.period.instrument))
    total = card.points.get(TOTAL) if card else None
    return HeatRow(
        subject.name, subject.code, reverse("dashboards:unit", args=[subject.year, subject.code]), subject.target,
        stage_name(card), subject.state_label, comma(total) if total is not None else NOTHING,
        [_cell(measure, card, minima) for measure in areas], f"{subject.evidence}%",
    )  # fmt: skip


def _cell(measure: Measure, card: Card | None, minima: Mapping[str, Mapping[str, Decimal]]) -> HeatCell:
    value = card.percents.get(measure.key) if card else None
    if card is None or value is None:
        return HeatCell(measure.short, NOTHING, "", False)
    asked = sorted(found[measure.key] for found in minima.values() if measure.key in found)
    reached = sum(value >= least for least in asked)
    band = BANDS[0] if asked and not reached else BANDS[2] if reached == len(asked) else BANDS[1]
    return HeatCell(measure.short, figure(measure, value), band, card.reached(measure.key) is False)


def _legend(recap: Recap) -> list[tuple[str, str]]:
    """Return what the colours mean, where every area has the same minima."""
    minima = minima_of(worksheet_of(recap.period.instrument))
    each = sorted((min(asked.values()), name) for name, asked in minima.items() if asked)
    if not each:
        return []
    (low, first), (high, last) = each[0], each[-1]
    return [
        ("low", f"di bawah minimum {first} ({comma(low)}%)"),
        ("middle", f"mencapai {first}, belum {last}"),
        ("high", f"mencapai minimum {last} ({comma(high)}%)"),
    ]


def _evidence(lines: Sequence[Line]) -> str:
    average = mean(Decimal(line.subject.evidence) for line in lines)
    return comma(average) if average is not None else NOTHING


def _lowest(lines: Sequence[Line]) -> list[tuple[str, str, str, str]]:
    """Return the units with the least evidence: name, percent, documents, and where it is shown."""
    order = sorted(lines, key=lambda line: (line.subject.evidence, line.subject.code))
    return [
        (s.name, str(s.evidence), f"{s.found} dari {s.expected}", reverse("dashboards:unit", args=[s.year, s.code]))
        for s in (line.subject for line in order[:LOWEST])
    ]


def _load_row(load: TeamLoad) -> tuple[str, str, str, str, str, str, bool]:
    """Return name, units, waiting ones, progress, nearest deadline, how far off it is, and whether it is over."""
    left = (load.due_on - timezone.localdate()).days if load.due_on else None
    day = date_format(load.due_on, "j F Y") if load.due_on else ""
    return (
        load.name, str(load.units), str(load.waiting), str(load.percent), day, left_text(left),
        left is not None and left < 0,
    )  # fmt: skip
