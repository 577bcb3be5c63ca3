"""Reads for monitoring letters: what one says about a unit, who may read it, what is due."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import Unit, User
from assessment.models import Award, Snapshot
from review.models import Finding

from .models import MonitoringLetter

EVERY_YEARS = 2  # how often a unit with a predicate is monitored at least


def letters_of(user: User, unit: Unit) -> QuerySet[MonitoringLetter]:
    """Return the letters about a unit that `user` may know exist, the newest first."""
    seen = Unit.objects.visible_to(user).filter(pk=unit.pk)
    return MonitoringLetter.objects.filter(award__unit__in=seen).select_related("award", "created_by")


def get_letter(user: User, code: str, pk: UUID) -> MonitoringLetter:
    """Return a letter about a unit that the user may see, else 404."""
    unit = get_object_or_404(Unit.objects.visible_to(user), code=code)
    found: MonitoringLetter = get_object_or_404(letters_of(user, unit).select_related("award__unit"), pk=pk)
    return found


def last_decision(unit: Unit) -> Snapshot | None:
    """Return the fixed copy of TPI's last decision about a unit."""
    copies = Snapshot.objects.filter(assessment__unit=unit, kind=Snapshot.Kind.DECISION)
    return copies.select_related("assessment__period").order_by("assessment__period__year", "at").last()


def open_findings(unit: Unit) -> list[dict[str, str]]:
    """Return the unit's findings that nobody closed, of whatever year, as a letter keeps them."""
    rows = Finding.objects.pending().for_list().filter(assessment__unit=unit)
    return [
        {
            "year": str(row.assessment.period.year),
            "code": row.criterion.code,
            "text": row.text,
            "due": row.due_on.isoformat() if row.due_on else "",
            "state": str(row.get_state_display()),
        }
        for row in rows.order_by("assessment__period__year", "criterion__order", "created_at")
    ]


def scores_of(copy: Snapshot | None) -> dict[str, Any]:
    """Return TPI's scores of a decided copy as a letter keeps them: unrounded text; {} without a copy."""
    if copy is None:
        return {}
    scores, lhe = copy.data["scores"], copy.data["lhe"]
    sections = [s for s in lhe["scores"] if s["level"] == "component"]
    return {
        "year": copy.data["head"]["year"],
        "at": copy.at.isoformat(),
        "digest": copy.digest,
        "total": scores["total"],
        "parts": [{"title": s["title"], "weight": s["weight"], "score": s["tpi"]} for s in sections],
        "outcome": lhe["outcome"],
        "target_label": copy.data["head"]["target_label"],
    }


def next_due(day: date) -> date:
    """Return the day by which a unit is to be monitored again after `day`."""
    try:
        return day.replace(year=day.year + EVERY_YEARS)
    except ValueError:  # 29 February
        return day.replace(year=day.year + EVERY_YEARS, day=28)


def due_of(award: Award, letters: list[MonitoringLetter]) -> date:
    """Return by when the next letter about a predicate is due: as the last one says, else after the decree."""
    own = [letter.due_on for letter in letters if letter.award_id == award.pk]
    return own[0] if own else next_due(award.decree_date)
