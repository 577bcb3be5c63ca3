"""Who may do what with documents. Attaching to an assessment is `assessment.access`'s right to answer."""

from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import TPI_ROLES, TREE_ROLES, Membership, Role, Unit, User
from assessment.access import May, get_assessment
from assessment.models import Assessment
from assessment.selectors import worksheet_of
from assessment.worksheet import Criterion

from .models import TEAM_ROLES, Attachment, Document, DocumentVersion, ImportBatch


@dataclass(frozen=True, slots=True)
class LibraryMay:
    """What one user may do with the documents of one unit; handed to views and to templates."""

    edit: bool = False  # add, replace, describe, delete
    publish: bool = False
    browse: bool = False  # open the list; TPI reaches single documents from the criteria they prove


def library_may(user: User, unit: Unit) -> LibraryMay:
    """Return the user's permissions: one query. No state or window of an assessment matters here."""
    if not user.is_active:
        return LibraryMay()
    line = [int(pk) for pk in unit.path.strip("/").split("/") if pk]
    reaching = Q(unit=unit) & ~Q(role__in=TPI_ROLES) | Q(unit__in=line, role__in=TREE_ROLES)
    found = set(Membership.objects.filter(reaching, user=user).values_list("unit", "role"))
    roles = {role for place, role in found if place == unit.pk} & TEAM_ROLES
    return LibraryMay(edit=bool(roles), publish=Role.HEAD in roles, browse=bool(found) or user.is_superuser)


def get_library(user: User, code: str, *, needs: str | None = None) -> tuple[Unit, LibraryMay]:
    """Return the unit and the user's permissions on its documents: two queries.

    404 if the user may not know the unit exists; 403 if they may, but lack `needs`.
    """
    unit = get_object_or_404(Unit.objects.visible_to(user), code=code)
    return unit, _checked(library_may(user, unit), needs)


def get_document(user: User, code: str, pk: UUID, *, needs: str | None = None) -> tuple[Document, LibraryMay]:
    """Return a unit's document (from `for_list`) and the user's permissions: two queries; 404 and 403 as above."""
    document = get_object_or_404(Document.objects.visible_to(user).for_list(), unit__code=code, pk=pk)
    return document, _checked(library_may(user, document.unit), needs)


def get_version(user: User, code: str, pk: UUID, number: int) -> tuple[Document, DocumentVersion]:
    """Return one version of a document that the user may see: two queries; 404 otherwise."""
    document = get_object_or_404(Document.objects.visible_to(user).for_list(), unit__code=code, pk=pk)
    return document, get_object_or_404(document.versions.select_related("blob"), number=number)


def get_published(pk: UUID) -> DocumentVersion:
    """Return the newest version of a document that the public may read now: one query; 404 otherwise."""
    current = get_object_or_404(Document.objects.published(), pk=pk).current
    if current is None:
        raise Http404
    return current


def get_criterion(
    user: User, year: int, code: str, place: str, *, needs: str | None = None
) -> tuple[Assessment, May, Criterion]:
    """Return the assessment, the permissions on it and one of its criteria: two queries.

    404 for an unknown assessment or criterion; 403 without `needs`, or if the criterion is of somebody else's area.
    """
    assessment, may = get_assessment(user, year, code, needs=needs)
    worksheet = worksheet_of(assessment.period.instrument)
    if place not in worksheet.criteria:
        raise Http404
    if needs is not None and not may.answer_criterion(worksheet, place):
        raise PermissionDenied
    return assessment, may, worksheet.criteria[place]


def get_attachment(
    user: User, year: int, code: str, place: str, pk: UUID, *, needs: str | None = None
) -> tuple[Assessment, May, Criterion, Attachment]:
    """Return a live attachment of one criterion, found through its assessment: four queries; 404 and 403 as above."""
    assessment, may, criterion = get_criterion(user, year, code, place, needs=needs)
    rows = assessment.attachments.live().for_page().filter(criterion=criterion.pk)
    return assessment, may, criterion, get_object_or_404(rows, pk=pk)


def get_batch(user: User, year: int, code: str, pk: UUID) -> tuple[Assessment, May, ImportBatch]:
    """Return an import of the assessment: three queries; 404 for strangers, 403 for who may not answer."""
    assessment, may = get_assessment(user, year, code, needs="answer")
    return assessment, may, get_object_or_404(assessment.import_batches.select_related("by"), pk=pk)


def _checked(may: LibraryMay, needs: str | None) -> LibraryMay:
    if needs is not None and not getattr(may, needs):
        raise PermissionDenied
    return may
