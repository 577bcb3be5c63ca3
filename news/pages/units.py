"""What the public is shown of units: predicates, team, innovations, documents."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import Unit
from assessment.models import Award
from assessment.trace import comma
from evidence.models import Document

from .. import selectors
from . import posts
from .folder import Crumb, document_row

FULL_NAMES = {"WBK": "Wilayah Bebas dari Korupsi", "WBBM": "Wilayah Birokrasi Bersih dan Melayani"}
LATEST = 3


@dataclass(frozen=True, slots=True)
class AwardRow:
    predicate: str
    full_name: str
    year: str
    decree: str
    until: str
    standing: str
    is_valid: bool


@dataclass(frozen=True, slots=True)
class UnitRow:
    code: str
    name: str
    awards: list[AwardRow]


def award_row(award: Award) -> AwardRow:
    """Return what anybody may know of a predicate; why one was withdrawn is the agency's matter."""
    over = award.valid_until is not None and award.valid_until < timezone.localdate()
    standing = "Dicabut" if award.withdrawn_on else "Masa berlaku habis" if over else "Berlaku"
    until = date_format(award.valid_until, "j F Y") if award.valid_until else ""
    decree = f"Nomor {award.decree_number}, {date_format(award.decree_date, 'j F Y')}"
    return AwardRow(
        award.predicate, FULL_NAMES[award.predicate], str(award.decree_date.year), decree, until, standing,
        standing == "Berlaku",
    )  # fmt: skip


def unit_row(unit: Unit) -> UnitRow:
    """Return a unit from `units_listed`."""
    return UnitRow(unit.code, unit.name, [award_row(a) for a in unit.valid_awards])  # type: ignore[attr-defined]


def listed(page: "Page[Unit]", text: str, awarded: bool) -> dict[str, Any]:
    return {"page": page, "rows": [unit_row(u) for u in page.object_list], "text": text, "awarded": awarded}


def unit(found: Unit, page: "Page[Document]") -> dict[str, Any]:
    """Build a unit's page: six queries beside those of its documents."""
    profile = selectors.profile_of(found)
    return {
        "unit": found,
        "profile": profile,
        "team": list(profile.team.all()) if profile else [],
        "innovations": list(profile.innovations.all()) if profile else [],
        "awards": [award_row(a) for a in selectors.awards_of(found)],
        "scores": [(s.assessment.period.year, comma(s.total)) for s in selectors.scores_of(found)],
        "page": page,
        "rows": [document_row(d) for d in page.object_list],
        "posts": [posts.row(p) for p in selectors.posts(unit=found.code)[:LATEST]],
        "crumbs": [Crumb("Unit kerja", "units"), Crumb(found.name)],
    }
