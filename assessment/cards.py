"""What the pages show of criteria and nodes: plain strings, so that templates neither compute nor query."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format

from . import rules, scoring, trace
from .forms import AnswerForm
from .models import Answer
from .scoring import Result
from .worksheet import INDEX, Criterion, Node, Worksheet


@dataclass(frozen=True, slots=True)
class CountField:
    name: str
    id: str
    label: str
    help: str
    text: str
    errors: list[str]


@dataclass(frozen=True, slots=True)
class OtherAnswer:
    """What somebody else saved while this person was writing."""

    version: str
    answer: str
    note: str
    by: str
    at: str


@dataclass(slots=True)
class Card:
    """One criterion on a page, with what is stored or what was just typed."""

    criterion: Criterion
    version: str
    choice: str
    counts: list[CountField]
    index: str
    note: str
    value: str  # "1", "0,67 (66,67%)"; "" while unanswered
    changed: str  # who and when; "" while untouched
    is_answered: bool
    remarks: list[str]
    errors: dict[str, list[str]] = field(default_factory=dict)
    conflict: OtherAnswer | None = None
    is_saved: bool = False
    is_open: bool = False  # may be answered by this user now

    @property
    def slug(self) -> str:
        return self.criterion.slug

    @property
    def is_index(self) -> bool:
        return self.criterion.answer_type == INDEX

    @property
    def invalid_fields(self) -> str:
        return " ".join(f"{self.criterion.code}-{name}" for name in self.errors)

    @property
    def all_errors(self) -> list[tuple[str, str]]:
        """Every message with the id of the field it stands beside."""
        return [(f"f-{self.slug}-{name}", message) for name, found in self.errors.items() for message in found]


def card_of(result: Result, criterion: Criterion, answer: Answer | None, form: AnswerForm | None = None) -> Card:
    """Build a card; with `form`, the fields show what was typed instead of what is stored."""
    given = result.given.get(criterion.code, scoring.NOTHING)
    value = result.values[criterion.code]
    errors = form.errors if form else {}
    return Card(
        criterion=criterion,
        # Of a refused or conflicting form the version that the person saw: saving again must not win by itself.
        version=form.text("version") if form else str(answer.version if answer else 0),
        choice=form.text("choice") if form else given.choice,
        counts=_count_fields(criterion, given.counts, form, errors),
        index=form.text("index") if form else (trace.comma(given.index) if given.index is not None else ""),
        note=form.text("note") if form else (answer.note if answer else ""),
        value=_value_text(criterion, value),
        changed=changed_text(answer),
        is_answered=value.is_answered,
        remarks=rules.remarks(criterion, given),
        errors=errors,
    )


def conflicting(card: Card, result: Result, answer: Answer | None) -> Card:
    """Add what somebody else saved to a card that shows what this person typed."""
    given = result.given.get(card.criterion.code, scoring.NOTHING)
    card.conflict = OtherAnswer(
        str(answer.version if answer else 0),
        trace.answer_text(card.criterion, given) or "belum dijawab",
        answer.note if answer else "",
        str(answer.changed_by) if answer and answer.changed_by else "—",
        _moment(answer),
    )
    return card


def _count_fields(
    criterion: Criterion, counts: tuple[int | None, ...], form: AnswerForm | None, errors: Mapping[str, list[str]]
) -> list[CountField]:
    found = []
    for q in criterion.quantities:
        name = f"n{q.number}"
        stored = counts[q.number - 1] if len(counts) >= q.number else None
        text = form.text(name) if form else ("" if stored is None else str(stored))
        found.append(
            CountField(
                f"{criterion.code}-{name}", f"f-{criterion.slug}-{name}", q.title, q.help, text, errors.get(name, [])
            )
        )
    return found


def _value_text(criterion: Criterion, value: scoring.Value) -> str:
    if value.value is None:
        return ""
    if criterion.quantities:
        return trace.percent(value.value)
    return trace.plain(value.value)


def changed_text(answer: Answer | None) -> str:
    return f"{answer.changed_by or '—'}, {_moment(answer)}" if answer else ""


def _moment(answer: Answer | None) -> str:
    return date_format(timezone.localtime(answer.changed_at), "j M Y H.i") if answer else ""


@dataclass(frozen=True, slots=True)
class Row:
    """One node in the overview or in the side tree."""

    code: str
    slug: str
    marker: str
    title: str
    level: str
    page: str  # the page it is on; "" above the pages
    weight: str
    score: str
    provisional: str
    percent: str
    answered: str
    total: str
    is_complete: bool


def rows_of(worksheet: Worksheet, figures: Mapping[str, Mapping[str, Any]]) -> list[Row]:
    """Build the tree's rows in worksheet order from a scorecard's node figures."""
    return [row_of(worksheet, node, figures[code]) for code, node in worksheet.nodes.items()]


def row_of(worksheet: Worksheet, node: Node, figure: Mapping[str, Any]) -> Row:
    score = Decimal(figure["score"])
    weight = Decimal(figure["weight"])
    return Row(
        node.code, node.slug, node.marker, node.name, node.level, worksheet.page_of.get(node.code, ""),
        trace.comma(weight), trace.comma(score), trace.comma(Decimal(figure["provisional"])),
        trace.comma(score / weight * 100 if weight else score),
        str(figure["answered"]), str(figure["total"]), figure["answered"] == figure["total"],
    )  # fmt: skip


def figures_of(result: Result, codes: list[str]) -> list[Row]:
    """Build the rows of some nodes from a fresh result."""
    worksheet = result.worksheet
    return [
        row_of(
            worksheet,
            worksheet.nodes[code],
            {
                "score": scoring.exact(result.nodes[code].score),
                "provisional": scoring.exact(result.nodes[code].provisional),
                "weight": result.nodes[code].weight,
                "answered": result.nodes[code].answered,
                "total": result.nodes[code].total,
            },
        )
        for code in codes
    ]
