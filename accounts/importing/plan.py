"""What an import would write, and what the portal held before: values passed between reading, planning and writing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.db.models import TextChoices

from .sheet import Problem, Row

MAX_NAME = {"Unit": 200, "Pengguna": 150}


@dataclass(frozen=True, slots=True)
class KnownUser:
    username: str
    email: str = ""
    is_active: bool = True
    is_locked: bool = False  # the importer may not change this account


@dataclass(frozen=True, slots=True)
class Known:
    """What the portal holds already: parent and activity by unit code, users by lower-case username."""

    parents: Mapping[str, str | None] = field(default_factory=dict)
    inactive_units: frozenset[str] = frozenset()
    users: Mapping[str, KnownUser] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """A unit to make or change; only the fields in `changes` are set, `parent` is a code or None."""

    code: str
    is_new: bool
    changes: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class UserPlan:
    username: str
    is_new: bool
    changes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class MembershipPlan:
    username: str  # lower case
    unit: str
    role: str
    areas: tuple[str, ...]


@dataclass(slots=True)
class Plan:
    units: list[UnitPlan] = field(default_factory=list)
    users: list[UserPlan] = field(default_factory=list)
    memberships: list[MembershipPlan] = field(default_factory=list)


def name_problems(row: Row) -> Iterator[Problem]:
    if len(row.cells["Nama"]) > MAX_NAME[row.sheet]:
        yield row.problem("Nama", f"Nama terlalu panjang (paling panjang {MAX_NAME[row.sheet]}).")


def choice_named(choices: type[TextChoices], text: str) -> str | None:
    """Return the stored value that `text` names, by label or by value, upper and lower case alike."""
    for member in choices:
        if text.casefold() in {str(member.label).casefold(), str(member.value).casefold()}:
            return str(member.value)
    return None
