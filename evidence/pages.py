"""The context of a criterion's evidence page: what the template is given, and nothing it would have to compute."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.paginator import Page, Paginator
from django.forms import Form

from assessment import selectors as assessment_selectors
from assessment import trace
from assessment.access import May
from assessment.cards import changed_text
from assessment.models import Answer, Assessment, Stage
from assessment.pages import window_text
from assessment.scoring import NOTHING
from assessment.worksheet import Criterion

from . import rows, selectors
from .asked import Asked
from .beside import Preview, preview_of
from .fields import Field, fields_of
from .forms.criterion import ChangeForm, LinkForm
from .models import Attachment, Document
from .rows import AttachmentRow

PICK_SIZE = 10
GONE = "Bukti ini baru saja dilepas orang lain; keterangannya tidak disimpan."
OPEN_AT_MOST = 2  # forms that stand open by themselves for what was just added
WITHOUT_FIELD = ("expected", "seen")  # of a form: what nobody types


@dataclass(frozen=True, slots=True)
class Conflict:
    """What is stored now, while a person typed something else."""

    seen: str
    title: str
    number: str
    dated: str
    year: str
    expected: str
    page_ref: str


@dataclass(slots=True)
class Item:
    """One attachment in the list."""

    row: AttachmentRow
    fields: dict[str, Field]
    seen: str
    is_new: bool
    is_open: bool  # its form stands open
    problems: list[str]  # what is wrong with the form as a whole
    conflict: Conflict | None = None
    preview: Preview | None = None


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """The unit's answer, read only."""

    text: str  # "B", "Ya", "5 / 8"; "" while unanswered
    rubric: str
    note: str
    changed: str
    chosen: str  # the key of the choice


@dataclass(slots=True)
class Bound:
    """Forms that come back: refused, or overtaken by somebody else's change."""

    link: LinkForm | None = None
    pick: Form | None = None
    change: ChangeForm | None = None
    changed: str = ""  # the attachment that `change` is about
    is_stale: bool = False
    notices: Sequence[tuple[str, str]] = ()  # level and text, told in a fragment
    outcomes: Sequence[tuple[bool, str]] = ()  # of files: whether it is attached, and what there is to say
    refused: Sequence[str] = ()  # files that were not attached, beside the field


def criterion_page(assessment: Assessment, may: May, criterion: Criterion, look: Asked, bound: Bound) -> dict[str, Any]:
    """Build the page from the database as it is now: five queries, two more with something to pick from."""
    worksheet = assessment_selectors.worksheet_of(assessment.period.instrument)
    page = worksheet.pages[worksheet.page_of[criterion.code]]
    can_add = may.answer_criterion(worksheet, criterion.code)
    attachments = selectors.attachments_of(assessment, [criterion.code])[criterion.code]
    evidence = rows.evidence_of(assessment, criterion, attachments, shows_verdict=not may.sample)
    items = _items(attachments, evidence.rows, look, bound)
    if bound.is_stale and bound.changed not in {item.row.id for item in items}:
        bound = replace(bound, notices=[*bound.notices, ("error", GONE)])
    return {
        "assessment": assessment,
        "may": may,
        "can_add": can_add,
        "c": criterion,
        "node": page,
        "above": worksheet.ancestors(criterion.code)[::-1],
        "answer": _answer_row(assessment, criterion),
        "evidence": evidence,
        "items": items,
        "look": look,
        "bound": bound,
        "window": window_text(assessment),
        **_neighbours(items, look),
        **(_adding(assessment, criterion, look, bound) if can_add else {}),
    }


def _items(attachments: Sequence[Attachment], shown: Sequence[AttachmentRow], look: Asked, bound: Bound) -> list[Item]:
    is_few = len(look.new) <= OPEN_AT_MOST
    return [
        _item(attachment, row, look, bound, is_open=is_few and row.id in look.new)
        for attachment, row in zip(attachments, shown, strict=True)
    ]


def _item(attachment: Attachment, row: AttachmentRow, look: Asked, bound: Bound, *, is_open: bool) -> Item:
    form = bound.change if bound.changed == row.id else None
    seen = f"{row.revision}-{row.document.revision}"
    item = Item(
        row=row,
        fields=fields_of(f"u-{row.id}", form, _stored(attachment)),
        # Of a form that comes back what the person saw: saving again must not win by itself.
        seen=form.data.get("seen", "") if form else seen,
        is_new=row.id in look.new,
        is_open=is_open or form is not None,
        problems=[str(text) for name in WITHOUT_FIELD for text in form.errors.get(name, [])] if form else [],
    )
    if form and bound.is_stale:
        item.conflict = _conflict(attachment, row, seen)
    if row.id == look.shown:
        item.preview = preview_of(attachment, row, look.leaf)
    return item


def _stored(attachment: Attachment) -> dict[str, str]:
    document = attachment.document
    return {
        "title": document.title,
        "number": document.number,
        "dated": document.dated.isoformat() if document.dated else "",
        "year": str(document.year),
        "page_ref": attachment.page_ref,
        "expected": str(attachment.expected_place or 0),
    }


def _conflict(attachment: Attachment, row: AttachmentRow, seen: str) -> Conflict:
    expected = attachment.expected.title if attachment.expected else ""
    document = row.document
    return Conflict(
        seen, document.title, document.number, document.dated, document.year, expected, row.page_ref
    )  # fmt: skip


def _answer_row(assessment: Assessment, criterion: Criterion) -> AnswerRow:
    found = Answer.objects.filter(assessment=assessment, stage=Stage.UNIT, criterion=criterion.pk)
    answer = found.select_related("changed_by").first()
    worksheet = assessment_selectors.worksheet_of(assessment.period.instrument)
    given = assessment_selectors.given_of(worksheet, answer) if answer else NOTHING
    choice = criterion.choice(given.choice)
    return AnswerRow(
        text=trace.answer_text(criterion, given),
        rubric=choice.text if choice else "",
        note=answer.note if answer else "",
        changed=changed_text(answer),
        chosen=given.choice,
    )


def _neighbours(items: Sequence[Item], look: Asked) -> dict[str, Any]:
    """Return the documents before and after the one that is shown."""
    place = next((n for n, item in enumerate(items) if item.preview), -1)
    if place < 0:
        return {"shown_place": 0, "previous": None, "next": items[0] if items else None}
    return {
        "shown_place": place + 1,
        "previous": items[place - 1] if place else None,
        "next": items[place + 1] if place + 1 < len(items) else None,
    }


def _adding(assessment: Assessment, criterion: Criterion, look: Asked, bound: Bound) -> dict[str, Any]:
    """Return the forms that add: a link, documents to pick."""
    found: Page[Document] = Paginator(selectors.pickable(assessment, criterion.code, look.search), PICK_SIZE).get_page(
        look.pick_page
    )
    values = {"url": "", "title": "", "number": "", "dated": "", "year": str(assessment.period.year)}
    return {
        "link": fields_of("t", bound.link, values),
        "pick_page": found,
        "picks": [rows.document_row(document) for document in found.object_list],
        "pick_chosen": _chosen(bound.pick),
    }


def _chosen(form: Form | None) -> Collection[str]:
    return set(form.data.getlist("documents")) if form else set()  # type: ignore[attr-defined]
