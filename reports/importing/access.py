"""Who may see and decide about an import of a workbook: whoever may answer the assessment."""

from uuid import UUID

from django.shortcuts import get_object_or_404

from accounts.models import User
from assessment.access import May, get_assessment
from assessment.models import Assessment

from .models import LkeImport


def get_import(user: User, year: int, code: str, pk: UUID) -> tuple[Assessment, May, LkeImport]:
    """Return an import of the assessment: three queries; 404 for strangers, 403 for who may not answer."""
    assessment, may = get_assessment(user, year, code, needs="answer")
    return assessment, may, get_object_or_404(assessment.lke_imports.select_related("by"), pk=pk)
