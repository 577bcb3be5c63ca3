"""Charts of the recap as SVG made on the server. Pure.

As `assessment.charts`: no style attribute, <style> or script, nothing told by colour alone, and the table beside each
drawing has every figure.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from assessment.trace import comma

from .comparing import Bin, Spread

WIDTH = 320  # user units: on the narrowest screen one unit is one pixel
INK, EDGE, BAR, GROUND, LINE = "#1f2328", "#6b7682", "#1b4f83", "#eef1f5", "#c3ced2"
FONT = "'Source Sans 3', system-ui, sans-serif"
LEFT, RIGHT = 28, 308  # of what is drawn inside the axes
TOP, FLOOR = 20, 150
TRACK_LEFT, TRACK = 4, 312  # of the lines of `spreads`
ROW = 46


def histogram(bins: Sequence[Bin], title: str, ident: str = "grafik-sebaran") -> SafeString:
    """Draw how many units lie in each tenth of the scale as columns with their counts."""
    highest = max((b.count for b in bins), default=0) or 1
    step = Decimal(RIGHT - LEFT) / max(len(bins), 1)
    columns = []
    for n, each in enumerate(bins):
        height = _rounded(Decimal(each.count) / highest * (FLOOR - TOP))
        x = _rounded(LEFT + step * n)
        columns.append(
            format_html(
                '<rect class="column" x="{}" y="{}" width="{}" height="{}" fill="{}"/>'
                '<text x="{}" y="{}" text-anchor="middle" font-weight="600">{}</text>'
                '<text x="{}" y="{}" text-anchor="middle" font-size="10">{}</text>',
                x + 2, FLOOR - height, _rounded(step - 4), height, BAR,
                _rounded(x + step / 2), FLOOR - height - 4, each.count or "", x, FLOOR + 13, each.low,
            )
        )  # fmt: skip
    end = format_html('<text x="{}" y="{}" text-anchor="middle" font-size="10">100</text>', RIGHT, FLOOR + 13)
    said = " ".join(f"{b.low} sampai {b.high} persen: {b.count} unit." for b in bins if b.count)
    return _svg(ident, title, said or "Belum ada nilai.", FLOOR + 20, [_floor(), *columns, end])


def trend(points: Sequence[tuple[str, Decimal]], title: str, ident: str = "grafik-tren") -> SafeString:
    """Draw figures from 0 to 100 over the years as a line; each point has its figure beside it."""
    step = Decimal(RIGHT - LEFT - 40) / max(len(points) - 1, 1)
    places = [
        (_rounded(LEFT + 20 + step * n), _rounded(FLOOR - value * (FLOOR - TOP) / 100))
        for n, (_, value) in enumerate(points)
    ]
    grid = format_html_join(
        "",
        '<path d="M{} {}H{}" stroke="{}"/><text x="{}" y="{}" text-anchor="end" font-size="10">{}</text>',
        ((LEFT, y, RIGHT, LINE, LEFT - 4, y + 4, n) for n in (50, 100) for y in [FLOOR - n * (FLOOR - TOP) // 100]),
    )
    path = " ".join(f"{'L' if n else 'M'}{x} {y}" for n, (x, y) in enumerate(places))
    line = format_html('<path class="line" d="{}" fill="none" stroke="{}" stroke-width="2"/>', path, BAR)
    marks = format_html_join(
        "",
        '<circle cx="{}" cy="{}" r="4" fill="{}"/><text x="{}" y="{}" text-anchor="middle" font-weight="600"'
        ' stroke="#ffffff" stroke-width="3" paint-order="stroke">{}</text>'
        '<text x="{}" y="{}" text-anchor="middle">{}</text>',
        (
            (x, y, BAR, x, y - 8, comma(value), x, FLOOR + 15, name)
            for (x, y), (name, value) in zip(places, points, strict=True)
        ),
    )
    said = " ".join(f"{name}: {comma(value)}." for name, value in points)
    return _svg(
        ident, title, said or "Belum ada nilai.", FLOOR + 22, [grid, _floor(), *([line] if path else []), marks]
    )


def spreads(rows: Sequence[tuple[str, Spread]], title: str, ident: str = "grafik-rentang") -> SafeString:
    """Draw for each name where the figures lie from 0 to 100 percent.

    A thin line from the lowest to the highest, a box around the middle half, a stroke at the median.
    """
    drawn = [_spread(name, spread, n * ROW) for n, (name, spread) in enumerate(rows)]
    foot = len(rows) * ROW
    scale = format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="{}" font-size="11">{}</text>',
        (
            (TRACK_LEFT + TRACK * n // 100, foot + 12, anchor, text)
            for n, anchor, text in ((0, "start", "0"), (50, "middle", "50"), (100, "end", "100%"))
        ),
    )
    said = " ".join(
        f"{name}: terendah {comma(s.lowest)}%, median {comma(s.median)}%, tertinggi {comma(s.highest)}%."
        for name, s in rows
    )
    return _svg(ident, title, said or "Belum ada nilai.", foot + 20, [*drawn, scale])


def _spread(name: str, spread: Spread, y: int) -> SafeString:
    lowest, lower, median, upper, highest = (
        _rounded(TRACK_LEFT + value * TRACK / 100)
        for value in (spread.lowest, spread.lower, spread.median, spread.upper, spread.highest)
    )
    return format_html(
        '<text x="{left}" y="{text_y}">{name}</text>'
        '<rect x="{left}" y="{y}" width="{track}" height="16" fill="{ground}" stroke="{edge}" stroke-width="0.5"/>'
        '<path class="range" d="M{lowest} {low_y}v8m0 -4H{highest}m0 -4v8" stroke="{ink}" stroke-width="1.5"'
        ' fill="none"/>'
        '<rect class="box" x="{lower}" y="{box_y}" width="{width}" height="10" fill="#ffffff" stroke="{bar}"'
        ' stroke-width="2"/><path class="median" d="M{median} {y}v16" stroke="{bar}" stroke-width="3"/>',
        left=TRACK_LEFT, text_y=y + 14, name=name, y=y + 20, track=TRACK, ground=GROUND, edge=EDGE, lowest=lowest,
        low_y=y + 24, highest=highest, ink=INK, lower=lower, box_y=y + 23, width=upper - lower, bar=BAR, median=median,
    )  # fmt: skip


def _floor() -> SafeString:
    return format_html('<path d="M{} {}H{}" stroke="{}" stroke-width="1.5"/>', LEFT, FLOOR, RIGHT, EDGE)


def _svg(ident: str, title: str, said: str, height: int, pieces: Iterable[SafeString]) -> SafeString:
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="rc-chart" viewBox="0 0 {width} {height}" role="img"'
        ' aria-labelledby="{ident}-judul {ident}-uraian" font-family="{font}" font-size="12" fill="{ink}">'
        '<title id="{ident}-judul">{title}</title><desc id="{ident}-uraian">{said}</desc>{pieces}</svg>',
        width=WIDTH, height=height, ident=ident, font=FONT, ink=INK, title=title, said=said,
        pieces=format_html_join("", "{}", ((piece,) for piece in pieces)),
    )  # fmt: skip


def _rounded(number: Decimal) -> Decimal:
    return number.quantize(Decimal("0.01"))
