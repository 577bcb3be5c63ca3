"""Charts as SVG made on the server. Pure.

They carry no style attribute, <style> or script, so they hold under the portal's content security policy, and use
only what browsers and WeasyPrint both draw. Nothing is told by colour alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from .scoring import Result, percent_of
from .trace import comma
from .worksheet import Threshold, Worksheet

# User units. The drawing is 320 wide, so that on the narrowest screen one unit is one pixel.
WIDTH = 320
TRACK_LEFT = 4
TRACK = 250  # the length of 100 percent
ROW = 50
BAR = 14
LEGEND_ROW = 18
FOOT = 20

_FONT = "'Source Sans 3', system-ui, sans-serif"
_BAR_COLOUR, _TRACK_COLOUR, _EDGE_COLOUR = "#1b4f83", "#eef1f5", "#6b7682"
_INK = "#1f2328"

Piece = SafeString


@dataclass(frozen=True, slots=True)
class Minimum:
    """What an area must reach for a predicate, in percent."""

    name: str  # "WBK"
    percent: Decimal


@dataclass(frozen=True, slots=True)
class AreaBar:
    """One area: what it reaches, in percent of its weight, and what it must reach."""

    title: str
    percent: Decimal
    minima: tuple[Minimum, ...] = ()

    @property
    def is_below_all(self) -> bool:
        """Tell whether there are minima and not one of them is reached."""
        return bool(self.minima) and all(self.percent < m.percent for m in self.minima)


def areas_of(result: Result) -> list[AreaBar]:
    """Return the areas of a scored worksheet, Pemenuhan and Reform together."""
    values = {
        key: percent_of(result.nodes[node.code] for node in nodes) for key, nodes in result.worksheet.areas.items()
    }
    return _bars(result.worksheet, values)


def areas_of_checks(worksheet: Worksheet, checks: Iterable[Mapping[str, Any]]) -> list[AreaBar]:
    """Return the areas from a scorecard's stored checks; an area that no threshold names is left out."""
    names = {(t.predicate, t.name) for t in worksheet.thresholds if t.measure == "area"}
    values = {
        # The same area also has checks for Pemenuhan and for Reform alone, under longer names.
        check["subject"]: Decimal(check["value"])
        for check in checks
        if check["measure"] == "area" and (check["predicate"], check["name"]) in names
    }
    return _bars(worksheet, values)


def _bars(worksheet: Worksheet, values: Mapping[str, Decimal]) -> list[AreaBar]:
    thresholds: dict[str, list[Threshold]] = {}
    for threshold in worksheet.thresholds:
        if threshold.measure == "area":
            thresholds.setdefault(threshold.subject, []).append(threshold)
    bars = []
    for key, nodes in worksheet.areas.items():
        if key in values:
            own = sorted(thresholds.get(key, []), key=lambda t: t.minimum)
            title = own[0].name if own else f"Area {key} {nodes[0].name}"
            bars.append(AreaBar(title, values[key], tuple(Minimum(t.predicate, t.minimum) for t in own)))
    return bars


def area_chart(areas: Sequence[AreaBar], ident: str = "grafik-area") -> SafeString:
    """Draw the areas as horizontal bars from 0 to 100 percent with their minima as marked lines.

    `ident` starts the ids inside the drawing: two charts on one page need two.
    """
    names = list(dict.fromkeys(m.name for area in areas for m in area.minima))
    legend = _legend(areas, names, ident)
    top = len(legend) * LEGEND_ROW + 4
    rows = [_row(area, names, top + index * ROW, ident) for index, area in enumerate(areas)]
    foot = top + len(areas) * ROW
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="area-chart" viewBox="0 0 {width} {height}" role="img"'
        ' aria-labelledby="{ident}-judul {ident}-uraian" font-family="{font}" font-size="12" fill="{ink}">'
        '<title id="{ident}-judul">{title}</title><desc id="{ident}-uraian">{description}</desc>'
        "{defs}{legend}{rows}{scale}</svg>",
        width=WIDTH,
        height=foot + FOOT,
        ident=ident,
        font=_FONT,
        ink=_INK,
        title=_title(names),
        description=" ".join(_sentence(area) for area in areas),
        defs=_hatching(ident),
        legend=_joined(_place(piece, LEGEND_ROW * index) for index, piece in enumerate(legend)),
        rows=_joined(rows),
        scale=_scale(foot),
    )


def _joined(pieces: Iterable[Piece]) -> Piece:
    return format_html_join("", "{}", ((piece,) for piece in pieces))


def _place(piece: Piece, y: int) -> Piece:
    return format_html('<g transform="translate(0 {})">{}</g>', y, piece)


def _title(names: Sequence[str]) -> str:
    text = "Capaian tiap area dalam persen dari bobotnya"
    return f"{text}, dibandingkan dengan nilai minimum {' dan '.join(names)}" if names else text


def _sentence(area: AreaBar) -> str:
    minima = [
        f"minimum {m.name} {comma(m.percent)}% {'tercapai' if area.percent >= m.percent else 'belum tercapai'}"
        for m in area.minima
    ]
    return f"{', '.join([f'{area.title}: {comma(area.percent)}%', *minima])}."


def _legend(areas: Sequence[AreaBar], names: Sequence[str], ident: str) -> list[Piece]:
    """Explain the lines, with the figure where all areas share it, and the hatching where it occurs."""
    lines = []
    for index, name in enumerate(names):
        figures = {m.percent for area in areas for m in area.minima if m.name == name}
        shared = f": {comma(figures.pop())}%" if len(figures) == 1 else ""
        text = format_html('<text x="24" y="14">Minimum {}{}</text>', name, shared)
        lines.append(_joined([_mark(index, Decimal(12), 1, 16), text]))
    if any(area.is_below_all for area in areas):
        lines.append(
            format_html(
                '<rect x="4" y="4" width="16" height="11" fill="url(#{}-arsir)" stroke="{}"/>'
                '<text x="24" y="14">Di bawah semua minimum</text>',
                ident,
                _BAR_COLOUR,
            )
        )
    return lines


def _row(area: AreaBar, names: Sequence[str], y: int, ident: str) -> Piece:
    bar_y = y + 25
    fill = f"url(#{ident}-arsir)" if area.is_below_all else _BAR_COLOUR
    return format_html(
        '<text x="{left}" y="{title_y}">{title}</text>'
        '<rect class="track" x="{left}" y="{y}" width="{track}" height="{bar}" fill="{ground}" stroke="{edge}"/>'
        '<rect class="bar" x="{left}" y="{y}" width="{length}" height="{bar}" fill="{fill}" stroke="{colour}"/>'
        "{marks}"
        '<text x="{right}" y="{value_y}" text-anchor="end" font-weight="600">{value}%</text>',
        left=TRACK_LEFT,
        title_y=y + 14,
        title=area.title,
        y=bar_y,
        track=TRACK,
        bar=BAR,
        ground=_TRACK_COLOUR,
        edge=_EDGE_COLOUR,
        length=_length(area.percent),
        fill=fill,
        colour=_BAR_COLOUR,
        marks=_joined(
            _mark(names.index(m.name), TRACK_LEFT + _length(m.percent), bar_y - 6, BAR + 9) for m in area.minima
        ),
        right=WIDTH - 1,
        value_y=bar_y + 12,
        value=comma(area.percent),
    )


def _length(percent: Decimal) -> Decimal:
    """Return how far a percentage reaches on the track, in user units."""
    inside = min(max(percent, Decimal(0)), Decimal(100))
    return (inside * TRACK / 100).quantize(Decimal("0.01"))


def _mark(index: int, x: Decimal, y: int, height: int) -> Piece:
    """Draw a minimum: the first a full line with a triangle, the next a broken one with a square, in turn.

    A white line under it keeps it visible on the bar.
    """
    heads = (f"M{x - 4} {y}h8l-4 6z", f"M{x - 3} {y}h6v6h-6z")
    return format_html(
        '<path class="halo" d="M{x} {y}v{height}" stroke="#ffffff" stroke-width="5"/>'
        '<path class="mark" d="M{x} {y}v{height}" stroke="{ink}" stroke-width="1.75"{dash}/>'
        '<path d="{head}" stroke="#ffffff" stroke-width="0.75"/>',
        x=x,
        y=y,
        height=height,
        ink=_INK,
        dash=SafeString(' stroke-dasharray="3 2"') if index % 2 else "",
        head=heads[index % 2],
    )


def _hatching(ident: str) -> Piece:
    return format_html(
        '<defs><pattern id="{}-arsir" width="5" height="5" patternUnits="userSpaceOnUse">'
        '<rect width="5" height="5" fill="#ffffff"/><path d="M0 5L5 0" stroke="{}" stroke-width="1.25"/>'
        "</pattern></defs>",
        ident,
        _BAR_COLOUR,
    )


def _scale(y: int) -> Piece:
    labels = ((0, "start", "0"), (50, "middle", "50"), (100, "end", "100%"))
    return format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="{}" font-size="11">{}</text>',
        ((TRACK_LEFT + TRACK * share // 100, y + 8, anchor, text) for share, anchor, text in labels),
    )
