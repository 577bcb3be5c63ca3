"""Criteria of the worksheet, with the way to them in the assessments that matter most to a person."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import format_html

from accounts.models import User
from assessment.models import Assessment
from assessment.selectors import worksheet_of
from assessment.worksheet import Criterion, Worksheet

from ...selectors import PRELIM, TEAM, nearest
from ..query import Query, best_first, excerpt, marked
from ..registry import Hit, Link, Provider

SHOWN = 3  # assessments that a criterion links to


@dataclass(frozen=True, slots=True)
class Found:
    criterion: Criterion
    worksheet: Worksheet
    places: tuple[Assessment, ...]
    has_more: bool


def find(user: User, query: Query) -> list[Found]:
    """Search the worksheet of the person's own assessments: one query, six more before it was first read."""
    rows = nearest(user, SHOWN + 1)
    if not rows:
        return []
    near = [row for row in rows if row.period_id == rows[0].period_id]
    worksheet = worksheet_of(near[0].period.instrument)
    criteria = list(worksheet.criteria.values())
    named = [(f"{c.code} {c.title}", _text_of(worksheet, c)) for c in criteria]
    places, has_more = tuple(near[:SHOWN]), len(near) > SHOWN
    return [Found(criteria[place], worksheet, places, has_more) for place in best_first(query, named)]


def _text_of(worksheet: Worksheet, criterion: Criterion) -> str:
    above = [node.name for node in worksheet.ancestors(criterion.code)]
    rubric = [choice.text for choice in criterion.choices]
    counts = [text for quantity in criterion.quantities for text in (quantity.title, quantity.help)]
    return "\n".join([criterion.help, *criterion.documents, *counts, *rubric, *above])


def show(user: User, query: Query, rows: Iterable[Found]) -> list[Hit]:
    return [_hit(query, found) for found in rows]


def _hit(query: Query, found: Found) -> Hit:
    criterion, worksheet = found.criterion, found.worksheet
    links = [Link(f"{row.unit.name} {row.period.year}", _url_of(row, worksheet, criterion)) for row in found.places]
    above = " › ".join(node.name for node in worksheet.ancestors(criterion.code)[::-1])
    is_in_title = query.pattern.search(criterion.title)
    return Hit(
        title=format_html("{} {}", marked(query, criterion.code), marked(query, criterion.title)),
        url=links[0].url,
        about=marked(query, above),
        excerpt="" if is_in_title else _line(query, _text_of(worksheet, criterion)),
        links=tuple(links),
        more="dan penilaian lain yang dapat Anda lihat" if found.has_more else "",
    )


def _line(query: Query, text: str) -> str:
    """Return the first line of a criterion's texts in which a word occurs."""
    return next((excerpt(query, line) for line in text.splitlines() if query.pattern.search(line)), "")


def _url_of(row: Assessment, worksheet: Worksheet, criterion: Criterion) -> str:
    """Return the address of a criterion: on the reviewers' page for who assesses the unit, else on the sheet."""
    name = "review:judge-page" if row.near in {TEAM, PRELIM} else "assessment:page"  # type: ignore[attr-defined]
    page = worksheet.page_of[criterion.code]
    return reverse(name, args=[row.period.year, row.unit.code, page]) + f"#k-{criterion.slug}"


PROVIDER = Provider("kriteria", "Kriteria LKE", "list-check", 20, find, show)
