"""Who may do what with an assessment. No other module decides."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import get_object_or_404

from accounts.models import TREE_ROLES, Membership, Role, User

from .models import Assessment, State
from .worksheet import Worksheet

WRITABLE_STATES = frozenset({State.DRAFT})
ANSWERING_ROLES = frozenset({Role.MEMBER, Role.HEAD})


@dataclass(frozen=True, slots=True)
class May:
    """What one user may do with one assessment; handed to views and to templates.

    `areas` limits `answer` to some of the six areas; empty means all, and Hasil too.
    """

    answer: bool = False
    areas: frozenset[str] = frozenset()

    def answer_page(self, worksheet: Worksheet, page: str) -> bool:
        """Tell whether the criteria of one page may be answered."""
        return self.answer and (not self.areas or worksheet.pages[page].area_key in self.areas)


def is_open_for_unit(assessment: Assessment) -> bool:
    """Tell whether the state and the period's window let the unit write now."""
    return assessment.state in WRITABLE_STATES and assessment.period.is_open_for_units()


def may(user: User, assessment: Assessment) -> May:
    """Return the user's permissions: one query."""
    memberships = [m for m in _memberships(user, assessment) if m.role in ANSWERING_ROLES]
    if not memberships or not is_open_for_unit(assessment):
        return May()
    limited = all(m.areas for m in memberships)
    areas = frozenset(key for m in memberships for key in m.areas) if limited else frozenset()
    return May(answer=True, areas=areas)


def _memberships(user: User, assessment: Assessment) -> list[Membership]:
    above = [int(pk) for pk in assessment.unit.path.strip("/").split("/") if pk]
    return list(
        Membership.objects.filter(Q(unit=assessment.unit_id) | Q(role__in=TREE_ROLES, unit__in=above), user=user)
    )


def get_assessment(user: User, year: int, code: str, *, needs: str | None = None) -> tuple[Assessment, May]:
    """Return the assessment (from `for_page`) and the user's permissions on it: two queries.

    404 if the user may not know it exists; 403 if they may, but lack `needs`.
    """
    assessment = get_object_or_404(Assessment.objects.visible_to(user).for_page(), period__year=year, unit__code=code)
    allowed = may(user, assessment)
    if needs is not None and not getattr(allowed, needs):
        raise PermissionDenied
    return assessment, allowed
