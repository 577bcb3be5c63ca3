"""What a person has to do with, read in a number of queries that never grows with the units."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min
from django.utils import timezone

from accounts.models import TEAM_ROLES, Membership, Role, User
from accounts.notifications.models import Notification
from accounts.notifications.selectors import notifications_of
from assessment.models import Assessment, Conflict, Event, Period, Return, State, TeamMember
from evidence.models import ImportBatch
from reports.models import LkeImport
from review.access import CONFLICT_JUDGES
from review.models import Finding

CHANGES = [Event.Kind.ANSWERED, Event.Kind.EVIDENCE_ATTACHED, Event.Kind.EVIDENCE_CHANGED]
NEWS = 5


@dataclass(frozen=True, slots=True)
class Open:
    """Findings that wait for a unit's follow-up: how many, and the nearest day that one is due."""

    count: int
    due_on: date | None


def own_assessments(memberships: Collection[Membership]) -> list[Assessment]:
    """Return the units' own assessments, the newest of each unit and older ones still with the unit: two queries."""
    units = {m.unit_id for m in memberships if m.role in TEAM_ROLES and m.unit.is_active}
    rows = Assessment.objects.filter(unit__in=units).for_list()
    newest: dict[int, int] = {}
    for row in rows:
        newest.setdefault(row.unit_id, row.pk)
    with_unit = {State.DRAFT, State.RETURNED}
    return [row for row in rows if newest[row.unit_id] == row.pk or row.state in with_unit]


def returns_of(rows: Collection[Assessment]) -> Mapping[int, Return]:
    """Return what is to be corrected by assessment, with the number of criteria as `wanted`: one query."""
    found = Return.objects.filter(assessment__in=rows, answered_at=None, sent_at__isnull=False)
    return {row.assessment_id: row for row in found.annotate(wanted=Count("items"))}


def open_findings(rows: Collection[Assessment]) -> Mapping[int, Open]:
    """Return the findings that nobody followed up, by assessment: one query."""
    found = Finding.objects.filter(assessment__in=rows, state=Finding.State.OPEN).order_by()
    counted = found.values("assessment").annotate(count=Count("pk"), due=Min("due_on"))
    return {row["assessment"]: Open(row["count"], row["due"]) for row in counted}


def imports_of(user: User, rows: Collection[Assessment]) -> list[ImportBatch]:
    """Return the imports that the person began and has not finished: one query."""
    under_way = [ImportBatch.State.RECEIVING, ImportBatch.State.READY]
    found = ImportBatch.objects.filter(assessment__in=rows, by=user, state__in=under_way)
    return list(found.select_related("assessment__unit", "assessment__period").order_by("-created_at")[:NEWS])


def workbooks_of(rows: Collection[Assessment], returned: Mapping[int, Return]) -> list[LkeImport]:
    """Return the workbooks that wait for a decision where the unit may write now: one query.

    Whoever may answer decides about them, not only who uploaded them. `returned` are the returns under way.
    """
    open_ones = [row for row in rows if _is_open(row, returned.get(row.pk))]
    found = LkeImport.objects.filter(
        assessment__in=[row.pk for row in open_ones], state=LkeImport.State.READY, expires_at__gt=timezone.now()
    )
    return list(found.select_related("assessment__unit", "assessment__period", "by").order_by("-created_at")[:NEWS])


def _is_open(row: Assessment, under_way: Return | None) -> bool:
    """Tell what `assessment.access.is_open_for_unit` tells, of what was read already."""
    if row.state == State.DRAFT:
        return row.period.is_open_for_units()
    return row.state == State.RETURNED and under_way is not None and under_way.is_open()


def last_change(user: User) -> Event | None:
    """Return the last thing that the person changed about a criterion they may still see: one query."""
    seen = Assessment.objects.visible_to(user)
    rows = Event.objects.filter(actor=user, kind__in=CHANGES, assessment__in=seen).exclude(criterion="")
    return rows.select_related("assessment__unit", "assessment__period__instrument").order_by("-at", "-pk").first()


def answered_findings(user: User, own: Collection[int]) -> int:
    """Count the findings that units answered and reviewers have not closed, but for one's own units': one query."""
    rows = Finding.objects.visible_to(user).filter(state=Finding.State.ANSWERED)
    return rows.exclude(assessment__unit__in=own).count()


def conflicts_for(user: User, memberships: Collection[Membership]) -> list[Conflict]:
    """Return the declared conflicts of interest that wait for the person's decision: two queries."""
    rows = Conflict.objects.filter(state=Conflict.State.OPEN, assessment__in=Assessment.objects.visible_to(user))
    found = list(rows.exclude(user=user).select_related("assessment__unit", "assessment__period", "user"))
    members = TeamMember.objects.filter(team__assignments__assessment__in=[c.assessment_id for c in found])
    parts = {
        (pk, person): role for pk, person, role in members.values_list("team__assignments__assessment", "user", "role")
    }
    admin_of = [m.unit.path for m in memberships if m.role == Role.ADMIN]

    def decides(conflict: Conflict) -> bool:
        declarer = Role(parts.get((conflict.assessment_id, conflict.user_id), Role.TPI_MEMBER))
        judge = CONFLICT_JUDGES[declarer]
        if judge == Role.ADMIN:
            return any(conflict.assessment.unit.path.startswith(path) for path in admin_of)
        return parts.get((conflict.assessment_id, user.pk)) == judge

    return [c for c in found if decides(c)]


def newest_period(user: User) -> Period | None:
    """Return the newest period in which the person may see an assessment: one query."""
    seen = Assessment.objects.visible_to(user).values("period")
    return Period.objects.filter(pk__in=seen).order_by("-year").first()


def states_of(user: User, period: Period) -> Mapping[str, int]:
    """Count a period's visible assessments by state: one query."""
    rows = Assessment.objects.visible_to(user).filter(period=period).order_by()
    return dict(rows.values_list("state").annotate(n=Count("pk")))


def without_team(user: User, period: Period) -> int:
    """Count the submitted units that no team assesses: one query."""
    states = [State.SUBMITTED, State.PRELIM, State.REVIEW]
    rows = Assessment.objects.visible_to(user).filter(period=period, state__in=states, assignment=None)
    return rows.count()


def unread(user: User) -> list[Notification]:
    """Return the newest of what the person has not read: one query."""
    return list(notifications_of(user).filter(read_at=None)[:NEWS])
