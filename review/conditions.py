"""Reads about the conditions for being proposed: what a unit said, and which documents stand beside it."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import User
from assessment.models import Assessment, ProposalCondition
from evidence.models import Attachment, Document

from .models import ConditionAnswer
from .selectors import conditions_of


@dataclass(frozen=True, slots=True)
class Held:
    """One condition, the unit's word on it (None for none) and the documents beside it."""

    condition: ProposalCondition
    answer: ConditionAnswer | None
    attachments: tuple[Attachment, ...]

    @property
    def met(self) -> str:
        return self.answer.met if self.answer else ConditionAnswer.Met.UNKNOWN


def held_of(assessment: Assessment) -> list[Held]:
    """Return the conditions that apply, in their order: three queries however many documents there are."""
    rows = ConditionAnswer.objects.filter(assessment=assessment).select_related("changed_by")
    answers = {row.condition_id: row for row in rows}
    attached: dict[int, list[Attachment]] = {}
    live = assessment.attachments.of_conditions().select_related(
        "document__unit", "document__current__blob", "document__current__uploaded_by", "attached_by"
    )
    for row in live.order_by("attached_at", "document__title", "pk"):
        attached.setdefault(row.condition_id or 0, []).append(row)
    return [Held(c, answers.get(c.pk), tuple(attached.get(c.pk, ()))) for c in conditions_of(assessment)]


def get_condition(assessment: Assessment, key: str) -> ProposalCondition:
    """Return a condition that applies to the assessment: one query, 404 for any other."""
    for condition in conditions_of(assessment):
        if condition.key == key:
            return condition
    raise Http404


def get_condition_attachment(assessment: Assessment, key: str, pk: UUID) -> Attachment:
    """Return a document that stands beside a condition now: two queries, 404 for any other."""
    rows = assessment.attachments.of_conditions().select_related("document")
    return get_object_or_404(rows, condition=get_condition(assessment, key), pk=pk)


def pickable_for(
    user: User, assessment: Assessment, condition: ProposalCondition, text: str = ""
) -> QuerySet[Document]:
    """Return the unit's documents that this person may see and lay beside a condition, found by title, number, year."""
    there = assessment.attachments.of_conditions().filter(condition=condition).values("document")
    rows = Document.objects.visible_to(user).for_list().filter(unit=assessment.unit).exclude(pk__in=there)
    return rows.search(text).order_by("-created_at", "title")
