"""Reads that more than one view or service needs."""

from collections.abc import Collection

from django.db.models import Count, QuerySet

from assessment.models import Assessment
from assessment.selectors import worksheet_of

from .coverage import Attached, Coverage
from .models import Attachment, Document, DocumentEvent


def attachments_of(assessment: Assessment, criteria: Collection[str]) -> dict[str, list[Attachment]]:
    """Return the live attachments (from `for_page`) of some criteria by code: two queries."""
    worksheet = worksheet_of(assessment.period.instrument)
    wanted = [worksheet.criteria[code].pk for code in criteria]
    found: dict[str, list[Attachment]] = {code: [] for code in criteria}
    for row in assessment.attachments.live().for_page().filter(criterion__in=wanted):
        found[worksheet.code_of[row.criterion_id or 0]].append(row)
    return found


def attached_of(assessment: Assessment) -> list[Attached]:
    """Return what coverage needs of all live attachments: one query."""
    code_of = worksheet_of(assessment.period.instrument).code_of
    live = assessment.attachments.live().with_place()
    rows = live.values_list("criterion_id", "expected_place")  # type: ignore[misc]  # annotated by `with_place`
    return [Attached(code_of[criterion], place or 0) for criterion, place in rows]


def coverage_of(rows: Collection[Assessment]) -> dict[int, Coverage]:
    """Return how far each assessment as a whole is proved, by id: one query; the rows need period and instrument."""
    live = Attachment.objects.live().filter(assessment__in=[row.pk for row in rows]).values("assessment").order_by()
    counted = live.annotate(
        proved=Count("criterion", distinct=True), found=Count("expected", distinct=True), documents=Count("pk")
    ).values_list("assessment", "proved", "found", "documents")
    there = {pk: rest for pk, *rest in counted}
    made = {}
    for row in rows:
        criteria = worksheet_of(row.period.instrument).criteria
        proved, found, documents = there.get(row.pk, (0, 0, 0))
        expected = sum(len(c.documents) for c in criteria.values())
        made[row.pk] = Coverage(len(criteria), proved, expected, found, documents)
    return made


def pickable(assessment: Assessment, code: str, text: str) -> QuerySet[Document]:
    """Return the unit's documents that may be attached to a criterion, found by title, number or year."""
    criterion = worksheet_of(assessment.period.instrument).criteria[code]
    there = assessment.attachments.live().filter(criterion=criterion.pk).values("document")
    rows = Document.objects.for_list().filter(unit=assessment.unit).exclude(pk__in=there)
    return rows.search(text).order_by("-created_at", "title")


def document_events(document: Document) -> QuerySet[DocumentEvent]:
    """Return the history of a document, newest first."""
    found = DocumentEvent.objects.filter(library=document.unit_id, document=document.pk)
    return found.select_related("actor").order_by("-number")
