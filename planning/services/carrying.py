"""Opening a period from the one before: assessments with suggestions, documents and unfinished actions."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from assessment import selectors as assessment_selectors
from assessment import services as assessment_services
from assessment.models import Answer, Assessment, Event, Period, Stage, State
from assessment.worksheet import Worksheet
from evidence.models import Attachment
from evidence.services.attachments import Link, attach
from evidence.services.library import lock_library

from ..matching import GONE, unmatched
from ..models import ActionItem, Carry, Suggestion
from ..selectors import users_of
from .actions import record_carried

NOT_LATER = "Periode baru harus sesudah periode asalnya."


@transaction.atomic
def open_period(*, period: Period) -> Period:
    """Create the new period, or return the one of that year: an open period is never changed by carrying over."""
    found = Period.objects.filter(year=period.year).select_related("instrument").first()
    if found is None:
        period.full_clean()
        period.save()
        found = period
    return found


@transaction.atomic
def carry_unit(*, source: Assessment, period: Period, by: User) -> Carry | None:
    """Open a unit's assessment in a later period and fill it from `source`; None if that was done or is too late.

    Answers become suggestions, which score nothing; documents are attached as they are; unfinished actions go on.
    """
    if period.year <= source.period.year:
        raise ValidationError(NOT_LATER)
    lock_library(source.unit)  # before the assessment, as everywhere
    assessment_services.open_assessments(period=period, units=[source.unit], by=by, target=source.target)
    row = assessment_services.lock(Assessment.objects.get(period=period, unit=source.unit))
    if row.state != State.DRAFT or Carry.objects.filter(assessment=row).exists():
        return None
    old = assessment_selectors.worksheet_of(source.period.instrument)
    new = assessment_selectors.worksheet_of(row.period.instrument)
    left: list[list[str]] = []
    suggestions = _suggest(source, row, old, new, left)
    documents = _attach(source, row, old, new, by, left)
    row = assessment_services.lock(row)  # attaching wrote history
    actions = _continue(source, row, old, new, by, left)
    summary: dict[str, Any] = {"suggestions": suggestions, "documents": documents, "actions": actions, "left": left}
    said = (
        f"Dari periode {source.period.year}: {suggestions} jawaban untuk dikonfirmasi, {documents} dokumen, "
        f"{actions} rencana aksi."
    )
    assessment_services.append_events(row, Event.Kind.CARRIED, [("", {"reason": said, **summary})], by=by)
    return Carry.objects.create(assessment=row, source=source, by=by, at=timezone.now(), summary=summary)


def _suggest(
    source: Assessment, row: Assessment, old: Worksheet, new: Worksheet, left: list[list[str]]
) -> int:  # fmt: skip
    reasons, answered = unmatched(old, new), assessment_selectors.answers_of(row, Stage.UNIT)
    made = []
    for code, answer in assessment_selectors.answers_of(source, Stage.UNIT).items():
        if not has_content(answer):
            continue
        if code in reasons:
            left.append([code, old.criteria[code].title, f"Jawaban: {reasons[code]}"])
        elif code not in answered:
            made.append(_suggestion(row, new, old, code, answer))
    Suggestion.objects.bulk_create(made)
    return len(made)


def has_content(answer: Answer) -> bool:
    """Tell whether an answer says anything that could be confirmed."""
    is_counted = any(n is not None for n in answer.counts)
    return answer.choice_id is not None or is_counted or answer.index is not None


def _suggestion(row: Assessment, new: Worksheet, old: Worksheet, code: str, answer: Answer) -> Suggestion:
    given = assessment_selectors.given_of(old, answer)
    return Suggestion(
        assessment=row, criterion_id=new.criteria[code].pk, source=answer, choice=given.choice,
        counts=list(given.counts), index=given.index, note=answer.note,
    )  # fmt: skip


def _attach(
    source: Assessment, row: Assessment, old: Worksheet, new: Worksheet, by: User, left: list[list[str]]
) -> int:  # fmt: skip
    is_same = source.period.instrument_id == row.period.instrument_id
    rows = source.attachments.live().with_place().select_related("document").order_by("attached_at", "pk")
    links = []
    for held in rows:
        code = old.code_of[held.criterion_id or 0]
        if code in new.criteria:
            links.append(_link(code, held, is_same=is_same))
        else:
            left.append([code, held.document.title, f"Dokumen: kriterianya {GONE}"])
    return len(attach(assessment=row, links=links, by=by, before_opening=True)) if links else 0


def _link(code: str, held: Attachment, *, is_same: bool) -> Link:
    """Keep which expected document it is where the lists are the same, else go by the title."""
    return Link(code, held.document, (held.expected_place or 0) if is_same else None, held.page_ref)


def _continue(
    source: Assessment, row: Assessment, old: Worksheet, new: Worksheet, by: User, left: list[list[str]]
) -> int:  # fmt: skip
    now, members = timezone.now(), set(users_of(row.unit).values_list("pk", flat=True))
    made: list[tuple[str, ActionItem]] = []
    for item in source.actions.unfinished().select_related("in_charge").order_by("created_at", "pk"):
        code = old.code_of[item.criterion_id]
        if code not in new.criteria:
            left.append([code, item.activity, f"Rencana aksi: kriterianya {GONE}"])
            continue
        is_same = new.criteria[code].pk == item.criterion_id
        made.append((code, ActionItem(
            assessment=row, criterion_id=new.criteria[code].pk, expected_id=item.expected_id if is_same else None,
            activity=item.activity, output=item.output, target=item.target, status=item.status, carried_from=item,
            in_charge=item.in_charge if item.in_charge_id in members else None, created_by=by, created_at=now,
        )))  # fmt: skip
    ActionItem.objects.bulk_create([item for _, item in made])
    record_carried(row, made, by)
    return len(made)


def carry_period(*, sources: Sequence[Assessment], period: Period, by: User) -> list[Carry]:
    """Carry several units, each in a transaction of its own; return those that were carried just now."""
    found = [carry_unit(source=source, period=period, by=by) for source in sources]
    return [carry for carry in found if carry]
