"""Where people go from the list of assessments; loaded by its page, so that no app below imports this one."""

from typing import NamedTuple

from django import template
from django.urls import reverse

from accounts.models import User
from review.assigning import year_of_teams

register = template.Library()


class Place(NamedTuple):
    label: str
    icon: str
    url: str


@register.simple_tag
def work_places(user: User) -> list[Place]:
    """Return the pages over all units that this person works on: one query, two for an admin of the agency."""
    places = [
        Place("Tugas saya", "clipboard-check", reverse("review:desk")),
        Place("Catatan penilai", "flag", reverse("review:register")),
    ]
    if year := year_of_teams(user):
        places += [
            Place(f"Tim TPI {year}", "people", reverse("review:teams", args=[year])),
            Place(f"Pengajuan {year}", "file-earmark-text", reverse("review:proposals", args=[year])),
            Place(f"Lanjutkan {year}", "arrow-repeat", reverse("planning:carry", args=[year])),
        ]
    return places
