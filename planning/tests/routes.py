"""How the sweep over every route knows this app's: what each write needs, and rows to put into its addresses."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.models import TEAM_ROLES, Role, User
from accounts.tests.factories import member
from assessment.models import Assessment
from assessment.tests.factories import person
from planning.models import ActionItem, Charge, Leader, Message, Suggestion, Withdrawal
from planning.urls import urlpatterns

from .factories import CODE, action, criterion, suggestion

# The right that each write and each page of writers needs, a field of `PlanMay`.
WRITES = {
    "planning:action-add": "plan", "planning:action-save": "plan", "planning:action-status": "plan",
    "planning:make-apply": "plan", "planning:assign": "assign", "planning:leader": "lead", "planning:say": "talk",
    "planning:withdraw": "talk", "planning:confirm": "confirm", "planning:dismiss": "confirm",
}  # fmt: skip
READS = {
    "planning:actions": "read", "planning:actions-xlsx": "read", "planning:actions-ics": "read",
    "planning:action": "read", "planning:action-new": "plan", "planning:make": "plan", "planning:mine": "discuss",
    "planning:charges": "discuss", "planning:talks": "discuss", "planning:talk": "discuss",
    "planning:suggestions": "discuss",
}  # fmt: skip
AGENCY_READS = {"planning:carry"}
AGENCY_WRITES = {"planning:carry-preview", "planning:carry-apply"}
ROW_KEYS = {"action", "message", "suggestion"}


def rows_of(assessment: Assessment, author: User | None = None) -> dict[str, Any]:
    """Return rows of the planning, made where there are none; the message is by `author`."""
    by = author or member(assessment.unit, Role.HEAD)
    message = assessment.messages.first() or Message.objects.create(
        assessment=assessment, criterion=criterion(assessment), by=by, at=timezone.now(), text="Apakah SK sudah ada?"
    )
    return {
        "action": (assessment.actions.first() or action(assessment, by=by)).pk,
        "message": message.pk,
        "suggestion": (assessment.suggestions.first() or suggestion(assessment, CODE)).pk,
    }


def stored_rows() -> list[object]:
    """Return all that a refused write must leave as it was."""
    return [
        sorted(ActionItem.objects.values_list("pk", "revision")), sorted(Charge.objects.values_list("place", "user")),
        Leader.objects.count(), Message.objects.count(), Withdrawal.objects.count(),
        sorted(Suggestion.objects.values_list("pk", "state")),
    ]  # fmt: skip


def url_of(name: str, values: dict[str, Any]) -> str:
    """Return a route's address with those of the values that it names."""
    keys = next(p.pattern.converters for p in urlpatterns if p.name == name.removeprefix("planning:"))
    return reverse(name, kwargs={key: values[key] for key in keys})


def somebody(assessment: Assessment, role: str) -> tuple[User, dict[str, Any]]:
    """Return somebody with a role, and rows: the message is theirs if they can have written one."""
    user = person(assessment, role)
    return user, rows_of(assessment, user if role in TEAM_ROLES else None)
