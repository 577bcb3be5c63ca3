"""What the pages of ranking, of comparison and of one unit show, as plain strings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.paginator import Page, Paginator
from django.urls import reverse

from assessment.models import Period
from assessment.trace import comma

from . import charts
from .choosing import STAGE_NAMES, CompareForm, RankForm
from .collect import Recap
from .comparing import Bin, Change, Placed, Spread, bins_of, change_of, changes, extremes, mean, ranking, spread_of
from .figures import STAGES, TOTAL, Measure, Subject, latest_of, percent_of
from .pages import NOTHING, figure, frame, lacking, progress_of, stage_name

EXTREMES = 5
PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class PlaceRow:
    place: str
    name: str
    code: str
    url: str
    stage: str
    progress: str  # "" when it is finished
    value: str
    percent: str
    behind: str  # the first, in the measure's own figures; "" for those in front


@dataclass(frozen=True, slots=True)
class SpreadRow:
    label: str
    count: str
    lowest: str
    lower: str
    median: str
    upper: str
    highest: str
    mean: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A unit, or a measure over all units, before and after; `way` is "up", "down" or ""."""

    name: str
    code: str
    url: str
    before: str
    after: str
    by: str
    way: str
    count: str = ""


@dataclass(frozen=True, slots=True)
class YearRow:
    year: str
    url: str
    target: str
    state: str
    state_label: str
    totals: list[tuple[str, str]]  # stage's name, points
    latest: str  # the name of the stage that the rest is of
    progress: str  # "" when it is finished
    before: str  # the year with which it is compared; "" for none
    figures: list[tuple[str, str, str, str]]  # measure, figure, change since the year before, its way
    reached: str
    missed: list[str]


def rank(
    recap: Recap, periods: Sequence[Period], form: RankForm, page: "Page[Placed]", found: list[Placed]
) -> dict[str, Any]:
    """Build the ranking by one measure with how all figures lie; `found` are all that `page` is a part of."""
    measure = form.measure
    subjects = form.subjects()
    percents = {m.key: _percents(subjects, form.stage, m) for m in recap.measures}
    spreads = [(m, spread) for m in recap.measures if (spread := spread_of(percents[m.key]))]
    areas = [(m.label, spread) for m, spread in spreads if m.is_area]
    return frame(recap, periods, form) | {
        "measure": measure,
        "stage_name": STAGE_NAMES[form.stage],
        "page": page,
        "rows": [_place_row(measure, each, found[0].value) for each in page.object_list],
        "without": str(len(subjects) - len(found)) if len(subjects) > len(found) else "",
        "bins": [(_range(b), str(b.count)) for b in bins_of(percents[measure.key])],
        "histogram": charts.histogram(bins_of(percents[measure.key]), f"Jumlah unit menurut {measure.label}"),
        "spreads": [_spread_row(m, spread) for m, spread in spreads],
        "areas": charts.spreads(areas, "Sebaran capaian tiap area dalam persen dari bobotnya"),
    }


def _percents(subjects: Sequence[Subject], stage: str, measure: Measure) -> list[Decimal]:
    cards = (card for subject in subjects if (card := subject.card(stage)))
    return [percent for card in cards if (percent := percent_of(measure, card)) is not None]


def _place_row(measure: Measure, each: Placed, best: Decimal) -> PlaceRow:
    behind = best - each.value
    return PlaceRow(
        str(each.place), each.subject.name, each.subject.code, reverse("reports:recap-unit", args=[each.subject.code]),
        stage_name(each.card), progress_of(each.card), figure(measure, each.value), f"{comma(each.percent)}%",
        figure(measure, behind) if behind else "",
    )  # fmt: skip


def _range(each: Bin) -> str:
    return f"{each.low} sampai {'kurang dari ' if each.high < 100 else ''}{each.high}%"


def _spread_row(measure: Measure, spread: Spread) -> SpreadRow:
    figures = (spread.lowest, spread.lower, spread.median, spread.upper, spread.highest, spread.mean)
    lowest, lower, median, upper, highest, average = (f"{comma(number)}%" for number in figures)
    return SpreadRow(measure.label, str(spread.count), lowest, lower, median, upper, highest, average)


def compare(
    recap: Recap,
    periods: Sequence[Period],
    form: CompareForm,
    sides: tuple[Sequence[Subject], Sequence[Subject]],
    totals: Mapping[int, Sequence[Decimal]],
    page: str | None,
) -> dict[str, Any]:
    """Build the comparison of two stages or years; `sides` are the units of both, `totals` the latest ones by year."""
    measure, of = form.measure, (form.side("dari")[1], form.side("ke")[1])
    found = changes(*sides, of, measure.key)
    shown = Paginator(found, PAGE_SIZE).get_page(page)
    gains, losses = extremes(found, EXTREMES)
    averages = [(str(year), mean(all_of), len(all_of)) for year, all_of in totals.items()]
    years = [(year, average, count) for year, average, count in averages if average is not None]
    return frame(recap, periods, form) | {
        "measure": measure,
        "before": form.side_name("dari"),
        "after": form.side_name("ke"),
        "same": form.side("dari") == form.side("ke"),
        "overall": [_overall(m, changes(*sides, of, m.key)) for m in recap.measures],
        "gains": [_change_row(measure, c) for c in gains],
        "losses": [_change_row(measure, c) for c in losses],
        "page": shown,
        "rows": [_change_row(measure, c) for c in shown.object_list],
        "without": str(len(sides[1]) - len(found)) if len(sides[1]) > len(found) else "",
        "years_table": [(year, comma(average), str(count)) for year, average, count in years],
        "trend": charts.trend([(y, average) for y, average, _ in years], "Rata-rata nilai total terkini tiap tahun"),
    }


def _overall(measure: Measure, found: Sequence[Change]) -> ChangeRow:
    """Return the averages over the units that have both figures."""
    before, after = mean(c.before for c in found), mean(c.after for c in found)
    if before is None or after is None:
        return ChangeRow(measure.label, "", "", NOTHING, NOTHING, NOTHING, "", "0")
    return ChangeRow(
        measure.label, "", "", figure(measure, before), figure(measure, after), *_moved(measure, after - before),
        str(len(found)),
    )  # fmt: skip


def _change_row(measure: Measure, change: Change) -> ChangeRow:
    subject = change.subject
    return ChangeRow(
        subject.name, subject.code, reverse("reports:recap-unit", args=[subject.code]),
        figure(measure, change.before), figure(measure, change.after), *_moved(measure, change.by),
    )  # fmt: skip


def _moved(measure: Measure, by: Decimal) -> tuple[str, str]:
    """Return a difference with its sign, and its way."""
    sign, way = ("+", "up") if by > 0 else ("−", "down") if by < 0 else ("", "")
    return f"{sign}{comma(abs(by))}" + (" poin persen" if measure.is_area else ""), way


def unit(years: Sequence[tuple[Subject, Sequence[Measure]]]) -> dict[str, Any]:
    """Build the page of one unit: its years, the newest first, each with its stages and what changed."""
    name, code = years[0][0].name, years[0][0].code
    rows = []
    for n, (subject, measures) in enumerate(years):
        before = years[n + 1][0] if n + 1 < len(years) else None
        rows.append(_year_row(subject, before, measures))
    cards = [(str(subject.year), latest_of(subject.cards)) for subject, _ in reversed(years)]
    latest = [(year, card.points[TOTAL]) for year, card in cards if card and TOTAL in card.points]
    return {
        "name": name,
        "code": code,
        "rows": rows,
        "stages": [STAGE_NAMES[stage] for stage in STAGES],
        "trend": charts.trend(latest, f"Nilai total terkini {name} tiap tahun"),
    }


def _year_row(subject: Subject, before: Subject | None, measures: Sequence[Measure]) -> YearRow:
    card, earlier = latest_of(subject.cards), latest_of(before.cards) if before else None
    figures = []
    for measure in measures:
        value = card.value(measure.key) if card else None
        change = change_of(subject, earlier, card, measure.key)
        moved = _moved(measure, change.by) if change else ("", "")
        figures.append((measure.label, figure(measure, value) if value is not None else NOTHING, *moved))
    totals = [(STAGE_NAMES[s], _total(subject, s)) for s in STAGES]
    checks = card.checks if card else ()
    return YearRow(
        str(subject.year), reverse("assessment:detail", args=[subject.year, subject.code]), subject.target_label,
        subject.state, subject.state_label, totals, stage_name(card),
        progress_of(card), str(before.year) if before else "", figures,
        f"{sum(c.passed for c in checks)} dari {len(checks)}" if checks else "",
        [f"{c.name}: {lacking(c)}" for c in checks if not c.passed],
    )  # fmt: skip


def _total(subject: Subject, stage: str) -> str:
    card = subject.cards.get(stage)
    points = card.points.get(TOTAL) if card else None
    return comma(points) if points is not None else NOTHING


def ranked(form: RankForm) -> list[Placed]:
    """Return the units asked for in the order of their places."""
    return ranking(form.subjects(), form.stage, form.measure)
