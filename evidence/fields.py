"""The fields of a form as a page shows them (templates/evidence/field.html)."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.forms import Form


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form as it stands on the page."""

    name: str
    id: str
    value: str
    errors: list[str]


def fields_of(prefix: str, form: Form | None, values: Mapping[str, str]) -> dict[str, Field]:
    """Return the fields by name: as typed in `form`, else with the given values."""
    return {
        name: Field(
            name,
            f"{prefix}-{name}",
            str(form.data.get(name, "")) if form else value,
            [str(message) for message in form.errors.get(name, [])] if form else [],
        )
        for name, value in values.items()
    }
