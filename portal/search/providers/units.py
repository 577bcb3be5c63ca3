"""Units that a person may know: their own, those below a tree role, and those they assess."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html

from accounts.models import Unit, User
from assessment.models import Assessment

from ..query import Query, contains, marked
from ..registry import Hit, Provider


def find(user: User, query: Query) -> QuerySet[Unit]:
    reached = Q(pk__in=Unit.objects.visible_to(user).values("pk"))
    assessed = Q(pk__in=Assessment.objects.visible_to(user).values("unit"))
    return Unit.objects.filter(reached | assessed).filter(contains(query, "name", "code")).order_by("code")


def show(user: User, query: Query, rows: Iterable[Unit]) -> list[Hit]:
    """Link each unit to its newest assessment, to its documents where it has none: one query."""
    units = list(rows)
    seen = Assessment.objects.visible_to(user).filter(unit__in=units).select_related("unit", "period")
    newest = {assessment.unit_id: assessment for assessment in seen.order_by("period__year")}
    return [_hit(query, unit, newest.get(unit.pk)) for unit in units]


def _hit(query: Query, unit: Unit, newest: Assessment | None) -> Hit:
    if newest:
        state = f"{newest.period.name}, {newest.get_state_display()}"
        url = newest.get_absolute_url()
    else:
        state, url = "belum mempunyai penilaian", reverse("evidence:library", args=[unit.code])
    active = "" if unit.is_active else " · nonaktif"
    about = format_html("{} · {} · {}{}", marked(query, unit.code), unit.get_kind_display(), state, active)
    return Hit(marked(query, unit.name), url, about)


PROVIDER = Provider("unit", "Unit kerja", "building", 10, find, show)
