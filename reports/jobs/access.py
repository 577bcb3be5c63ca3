"""Who may have what a job made: the one who asked, while they may still read all that is in it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404

from accounts.models import User
from assessment.access import stages_read
from assessment.models import Assessment

from .models import Job


def get_job(user: User, pk: UUID) -> Job:
    """Return one's own job: one query; 404 for anybody else's."""
    return get_object_or_404(Job.objects.filter(owner=user), pk=pk)


def readable(user: User, pks: Iterable[int]) -> dict[int, Assessment]:
    """Return those of some assessments that somebody may see now, with unit and period: one query."""
    if not user.is_active:
        return {}
    rows = Assessment.objects.visible_to(user).filter(pk__in=list(pks)).select_related("unit", "period")
    return {row.pk: row for row in rows}


def scope_of(user: User, rows: Iterable[Assessment]) -> dict[str, list[str]]:
    """Return the stages of assessments that somebody reads now, as a job remembers them: four queries."""
    return {str(pk): sorted(stages) for pk, stages in stages_read(user, list(rows)).items()}


def is_open(user: User, scope: dict[str, Any]) -> bool:
    """Tell whether somebody may still read every stage of every assessment in a scope: at most five queries."""
    rows = readable(user, [int(pk) for pk in scope])
    if len(rows) < len(scope):
        return False
    seen = stages_read(user, rows.values())
    return all(set(stages) <= seen[int(pk)] for pk, stages in scope.items())
