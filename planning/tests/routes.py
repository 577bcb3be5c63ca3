"""How the sweep over every route knows this app's: what each write needs, and rows to put into its addresses."""

from typing import Any

from django.urls import reverse

from accounts.models import Role, User
from accounts.tests.factories import member
from assessment.models import Assessment
from assessment.tests.factories import person
from planning.models import ActionItem
from planning.urls import urlpatterns

from .factories import action

# The right that each write and each page of writers needs, a field of `PlanMay`.
WRITES = {
    "planning:action-add": "plan", "planning:action-save": "plan", "planning:action-status": "plan",
    "planning:make-apply": "plan",
}  # fmt: skip
READS = {
    "planning:actions": "read", "planning:actions-xlsx": "read", "planning:actions-ics": "read",
    "planning:action": "read", "planning:action-new": "plan", "planning:make": "plan",
}  # fmt: skip
AGENCY_READS: set[str] = set()
AGENCY_WRITES: set[str] = set()
ROW_KEYS = {"action"}


def rows_of(assessment: Assessment) -> dict[str, Any]:
    """Return rows of the planning, made where there are none."""
    by = member(assessment.unit, Role.HEAD)
    return {"action": (assessment.actions.first() or action(assessment, by=by)).pk}


def stored_rows() -> list[object]:
    """Return all that a refused write must leave as it was."""
    return [sorted(ActionItem.objects.values_list("pk", "revision"))]


def url_of(name: str, values: dict[str, Any]) -> str:
    """Return a route's address with those of the values that it names."""
    keys = next(p.pattern.converters for p in urlpatterns if p.name == name.removeprefix("planning:"))
    return reverse(name, kwargs={key: values[key] for key in keys})


def author(assessment: Assessment, role: str) -> User:
    """Return somebody with a role; a member or head is the one who wrote the rows of `rows_of`."""
    return person(assessment, role)
