"""The six areas as a radar: SVG made on the server, as `assessment.charts`. Pure.

No style attribute, <style> or script; series differ by line and mark, not by colour alone, and the table beside the
drawing has every figure.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import cos, pi, sin

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from assessment.trace import comma

WIDTH, HEIGHT = 320, 250
MIDDLE_X, MIDDLE_Y, RADIUS = 160, 122, 92
LEGEND_ROW = 18
INK, GRID, BAR = "#1f2328", "#c3ced2", "#1b4f83"
FONT = "'Source Sans 3', system-ui, sans-serif"
RINGS = (25, 50, 75, 100)
# How the minima are drawn, the first and the second; the figures themselves are the filled line.
MINIMA = (("#a33a12", "6 3"), ("#5b3a8c", "2 3"))


@dataclass(frozen=True, slots=True)
class Line:
    """One closed line: a name and a percentage for each axis."""

    name: str
    values: tuple[Decimal, ...]


def radar(axes: Sequence[str], figures: Line, minima: Sequence[Line], ident: str = "grafik-radar") -> SafeString:
    """Draw figures from 0 to 100 percent on at least three axes, with minima as broken lines."""
    count = len(axes)
    drawn = [_minimum(line, n, count) for n, line in enumerate(minima)]
    legend = [_legend(n, line.name, colour, dash) for n, (line, (colour, dash)) in enumerate(_styled(figures, minima))]
    said = " ".join(f"{axis}: {comma(value)}%." for axis, value in zip(axes, figures.values, strict=True))
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="db-radar" viewBox="0 0 {w} {h}" role="img"'
        ' aria-labelledby="{i}-judul {i}-uraian" font-family="{font}" font-size="12" fill="{ink}">'
        '<title id="{i}-judul">Capaian tiap area: {name}</title><desc id="{i}-uraian">{said}</desc>{pieces}</svg>',
        w=WIDTH, h=HEIGHT + LEGEND_ROW * len(legend), i=ident, font=FONT, ink=INK, name=figures.name, said=said,
        pieces=_joined([_grid(axes), _area(figures, count), *drawn, *legend]),
    )  # fmt: skip


def _styled(figures: Line, minima: Sequence[Line]) -> list[tuple[Line, tuple[str, str]]]:
    return [(figures, (BAR, "")), *zip(minima, (MINIMA[n % len(MINIMA)] for n in range(len(minima))), strict=True)]


def _joined(pieces: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((piece,) for piece in pieces))


def _place(axis: int, count: int, percent: Decimal | int) -> tuple[str, str]:
    """Return where a percentage lies on an axis; the first axis points up, the others follow clockwise."""
    angle = 2 * pi * axis / count - pi / 2
    far = RADIUS * float(min(max(percent, 0), 100)) / 100
    return f"{MIDDLE_X + far * cos(angle):.1f}", f"{MIDDLE_Y + far * sin(angle):.1f}"


def _points(values: Sequence[Decimal | int], count: int) -> str:
    return " ".join(",".join(_place(n, count, value)) for n, value in enumerate(values))


def _grid(axes: Sequence[str]) -> SafeString:
    count = len(axes)
    rings = format_html_join(
        "", '<polygon points="{}" fill="none" stroke="{}"/>', ((_points([p] * count, count), GRID) for p in RINGS)
    )
    ends = [_place(n, count, 100) for n in range(count)]
    spokes = format_html_join(
        "", '<path d="M{} {}L{} {}" stroke="{}"/>', ((MIDDLE_X, MIDDLE_Y, x, y, GRID) for x, y in ends)
    )
    names = format_html_join("", '<text x="{}" y="{}" text-anchor="middle">{}</text>', _name_places(axes))
    return _joined([rings, spokes, names])


def _name_places(axes: Sequence[str]) -> Iterable[tuple[str, str, str]]:
    for n, name in enumerate(axes):
        angle = 2 * pi * n / len(axes) - pi / 2
        x, y = MIDDLE_X + (RADIUS + 30) * cos(angle), MIDDLE_Y + (RADIUS + 16) * sin(angle)
        yield f"{x:.1f}", f"{y + 4:.1f}", name


def _area(line: Line, count: int) -> SafeString:
    marks = format_html_join(
        "", '<circle cx="{}" cy="{}" r="3.5" fill="{}"/>',
        ((*_place(n, count, value), BAR) for n, value in enumerate(line.values)),
    )  # fmt: skip
    return format_html(
        '<polygon class="figures" points="{}" fill="{}" fill-opacity="0.18" stroke="{}" stroke-width="2"/>{}',
        _points(line.values, count), BAR, BAR, marks,
    )  # fmt: skip


def _minimum(line: Line, n: int, count: int) -> SafeString:
    colour, dash = MINIMA[n % len(MINIMA)]
    return format_html(
        '<polygon class="minimum" points="{}" fill="none" stroke="{}" stroke-width="1.75" stroke-dasharray="{}"/>',
        _points(line.values, count), colour, dash,
    )  # fmt: skip


def _legend(n: int, name: str, colour: str, dash: str) -> SafeString:
    y = HEIGHT + LEGEND_ROW * n
    broken = format_html(' stroke-dasharray="{}"', dash) if dash else SafeString("")
    return format_html(
        '<path d="M40 {}h28" stroke="{}" stroke-width="2"{}/><text x="76" y="{}">{}</text>',
        y + 8, colour, broken, y + 12, name,
    )  # fmt: skip
