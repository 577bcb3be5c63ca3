"""Narrowing a unit's documents down to those a person wants to see."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Lower

from assessment.models import Assessment
from assessment.selectors import worksheet_of

from .forms.library import KIND_GROUPS, RESULTS, FilterForm
from .models import Attachment, Document


def filtered(rows: QuerySet[Document], form: FilterForm, assessments: Sequence[Assessment]) -> QuerySet[Document]:
    """Return the rows that the form asks for, in its order; `assessments` are the unit's, newest first."""
    rows = rows.search(form.value("q"))  # type: ignore[attr-defined]
    if year := form.value("tahun"):
        rows = rows.filter(year=int(year))
    if kind := form.value("jenis"):
        rows = rows.filter(current__kind__in=KIND_GROUPS[kind][1])
    if public := form.value("publik"):
        rows = rows.filter(is_public=public == "ya")
    if use := form.value("pakai"):
        is_used = Exists(Attachment.objects.filter(detached_at=None, document=OuterRef("pk")))
        rows = rows.filter(is_used if use == "sudah" else ~is_used)
    if (wanted := _wanted(form, assessments)) is not None:
        rows = rows.filter(Exists(wanted.filter(document=OuterRef("pk"))))
    return rows.order_by(Lower("title"), "pk") if form.value("urut") else rows.order_by("-created_at", "pk")


def _wanted(form: FilterForm, assessments: Sequence[Assessment]) -> QuerySet[Attachment] | None:
    """Return the attachments that area, verdict and year ask for: of the newest assessment unless a year is named."""
    year, area, verdict = form.value("periode"), form.value("area"), form.value("hasil")
    if not (year or area or verdict):
        return None
    assessment = next((a for a in assessments if not year or str(a.period.year) == year), None)
    found = Attachment.objects.live().filter(assessment=assessment)
    if verdict:
        found = found.filter(verdict=verdict)
    return found.filter(criterion__in=_criteria_of(assessment, area)) if area and assessment else found


def _criteria_of(assessment: Assessment, area: str) -> list[int]:
    """Return the keys of the criteria in one of the six areas, or of those in none."""
    worksheet = worksheet_of(assessment.period.instrument)
    wanted = "" if area == RESULTS else area
    pages = [page for page in worksheet.pages.values() if page.area_key == wanted]
    return [criterion.pk for page in pages for criterion in page.all_criteria()]
