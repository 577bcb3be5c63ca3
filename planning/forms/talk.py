"""What people post in discussions and about who is in charge."""

from typing import Any

from django import forms

from accounts.models import User
from assessment.models import Assessment

from ..models.messages import TEXT_LENGTH
from ..selectors import users_of
from ..services.charges import Wish
from .actions import NO_PERSON, chosen_field
from .fields import OUTDATED, Words


class MessageForm(forms.Form):
    text = Words(max_length=TEXT_LENGTH, missing="Tulis pesannya.")


class LeaderForm(forms.Form):
    """The team lead, empty for none."""

    def __init__(self, assessment: Assessment, data: Any = None) -> None:
        super().__init__(data)
        self.fields["leader"] = chosen_field(users_of(assessment.unit), NO_PERSON)


class ChargeForm(forms.Form):
    """Who is in charge of which of some places; a place that was not posted is left alone."""

    def __init__(self, places: list[str], people: dict[int, User], data: Any = None) -> None:
        super().__init__(data)
        self.places, self.people = places, people
        self.wishes: list[Wish] = []

    def clean(self) -> None:
        for place in self.places:
            name = self.data.get(f"pj-{place}")
            if name is None:
                continue
            user, seen = self._person(name), number(self.data.get(f"seen-{place}", ""))
            if seen is None:
                raise forms.ValidationError(OUTDATED)
            if name and user is None:
                if number(name) == seen:  # somebody who left the unit and stays named
                    continue
                raise forms.ValidationError(NO_PERSON)
            self.wishes.append(Wish(place, user, seen))

    def _person(self, name: str) -> User | None:
        return self.people.get(number(name) or 0)


def number(text: str) -> int | None:
    """Return a number a database can hold, None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
