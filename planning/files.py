"""The plan of action as a calendar file."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format

from accounts.notifications.services import absolute
from assessment.models import Assessment
from assessment.selectors import worksheet_of

from .ics import EVENT, TODO, Entry, calendar
from .models import ActionItem
from .pages.actions import parts_of
from .selectors import place_of


def ics_of(assessment: Assessment, actions: Iterable[ActionItem], *, is_tasks: bool = False) -> bytes:
    """Return the actions (from `for_list`) as an iCalendar file: no query."""
    parts = dict(parts_of(worksheet_of(assessment.period.instrument)))
    name = f"Rencana aksi {assessment.unit.name} {assessment.period.year}"
    found = [_entry(assessment, action, parts) for action in actions]
    return calendar(name, found, kind=TODO if is_tasks else EVENT)


def _entry(assessment: Assessment, action: ActionItem, parts: dict[str, str]) -> Entry:
    code = action.criterion.code
    area = parts.get(place_of(worksheet_of(assessment.period.instrument), code), "")
    lines = [
        f"Kriteria {code}: {action.criterion.title}", f"Keluaran: {action.output or '—'}",
        f"Penanggung jawab: {action.in_charge or '—'}", f"Target: {date_format(action.target, 'F Y')}",
        f"Status: {action.get_status_display()}",
    ]  # fmt: skip
    year, unit = assessment.period.year, assessment.unit.code
    path = f"/penilaian/{year}/{unit}/rencana-aksi/{action.pk}/"
    return Entry(
        uid=f"rencana-aksi-{action.pk}@{urlsplit(settings.PORTAL_URL).hostname or 'portal-zi.invalid'}",
        sequence=action.revision - 1,
        stamp=timezone.now(),
        due=action.last_day,
        summary=f"{code} {action.activity}",
        description="\n".join(lines),
        categories=area,
        status=action.status,
        done_on=action.realised_on,
        url=absolute(path) if settings.PORTAL_URL else "",
    )
