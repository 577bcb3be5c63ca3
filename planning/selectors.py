"""Reads that more than one view or service needs."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.models import TEAM_ROLES, Membership, Unit, User
from assessment.models import Assessment, ExpectedDocument
from assessment.selectors import worksheet_of
from assessment.worksheet import Criterion, Worksheet
from evidence.models import Attachment

from .models import ActionItem, Charge


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of a unit's team; `areas` are those they are limited to, empty for none."""

    user: User
    areas: frozenset[str]

    def fits(self, area: str) -> bool:
        return not self.areas or area in self.areas


def members_of(unit: Unit) -> list[Member]:
    """Return the active people of a unit by name, each once with all their areas: one query."""
    rows = Membership.objects.filter(unit=unit, role__in=TEAM_ROLES, user__is_active=True).select_related("user")
    found: dict[int, Member] = {}
    for row in rows.order_by("user__first_name", "user__username"):
        areas = frozenset(row.areas)
        old = found.get(row.user_id)
        if old is not None:
            areas = areas | old.areas if areas and old.areas else frozenset()
        found[row.user_id] = Member(row.user, areas)
    return list(found.values())


def users_of(unit: Unit) -> QuerySet[User]:
    """Return the active people of a unit."""
    team = Membership.objects.filter(unit=unit, role__in=TEAM_ROLES)
    return User.objects.filter(is_active=True, pk__in=team.values("user")).order_by("first_name", "username")


def place_of(worksheet: Worksheet, code: str) -> str:
    """Return the part of the worksheet that a criterion falls under when people are put in charge: area or page."""
    page = worksheet.pages[worksheet.page_of[code]]
    return page.area_key or page.code


def charges_of(assessment: Assessment) -> dict[str, Charge]:
    """Return who is in charge by place: one query."""
    rows = Charge.objects.filter(assessment=assessment).select_related("user")
    return {row.place: row for row in rows}


def in_charge(worksheet: Worksheet, charges: Mapping[str, Charge], code: str) -> User | None:
    """Return who is in charge of a criterion: its own person, else that of its area."""
    found = charges.get(code) or charges.get(place_of(worksheet, code))
    return found.user if found else None


@dataclass(frozen=True, slots=True)
class Wanted:
    """An expected document that an action can be made for: nothing is attached for it, its criterion is unanswered."""

    criterion: Criterion
    pk: int
    title: str


def wanted_documents(assessment: Assessment, codes: Collection[str]) -> list[Wanted]:
    """Return the documents of some criteria to make actions for, in worksheet order: three queries."""
    worksheet = worksheet_of(assessment.period.instrument)
    attached = Attachment.objects.live().filter(assessment=assessment, expected__isnull=False)
    planned = ActionItem.objects.filter(assessment=assessment, expected__isnull=False)
    done = {*attached.values_list("expected", flat=True), *planned.values_list("expected", flat=True)}
    wanted = {worksheet.criteria[code].pk: worksheet.criteria[code] for code in codes}
    rows = ExpectedDocument.objects.filter(criterion__in=wanted).order_by("criterion__order", "order")
    return [Wanted(wanted[row.criterion_id], row.pk, row.title) for row in rows if row.pk not in done]
