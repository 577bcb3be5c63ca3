"""What the pages about monitoring letters show."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.forms import Form
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import Unit, User
from assessment import history
from assessment.models import Award
from review.access import is_agency_admin
from review.pages.proposing import points

from .models import MonitoringLetter
from .selectors import due_of, last_decision, letters_of, open_findings, scores_of


@dataclass(frozen=True, slots=True)
class LetterRow:
    number: str
    dated: str
    predicate: str
    outcome: str
    fulfils: bool
    due: str
    url: str


@dataclass(frozen=True, slots=True)
class DueRow:
    """A predicate that counts, and by when its unit is to be monitored; `url` makes the letter, "" for readers."""

    predicate: str
    due: str
    is_late: bool
    url: str


def of_unit(user: User, unit: Unit) -> dict[str, Any]:
    """Build the part of a unit's record about its monitoring: four queries."""
    letters = list(letters_of(user, unit))
    may_write, today = is_agency_admin(user), timezone.localdate()
    awards = unit.awards.filter(withdrawn_on=None).order_by("-decree_date", "-pk")
    return {
        "unit": unit,
        "letters": [_row(unit, letter) for letter in letters],
        "due": [_due(unit, award, letters, today, may_write) for award in awards if _is_valid(award, today)],
    }


def _is_valid(award: Award, today: date) -> bool:
    return award.valid_until is None or award.valid_until >= today


def _due(unit: Unit, award: Award, letters: list[MonitoringLetter], today: date, may_write: bool) -> DueRow:
    due = due_of(award, letters)
    url = reverse("reports:monev-start", args=[unit.code, award.pk]) if may_write else ""
    return DueRow(str(award.get_predicate_display()), _day(due), due < today, url)


def _row(unit: Unit, letter: MonitoringLetter) -> LetterRow:
    return LetterRow(
        letter.number, _day(letter.dated), str(letter.award.get_predicate_display()), _outcome(letter.fulfils),
        letter.fulfils, _day(letter.due_on), reverse("reports:monev-letter", args=[unit.code, letter.pk]),
    )  # fmt: skip


def _outcome(fulfils: bool) -> str:
    return "Masih memenuhi" if fulfils else "Tidak lagi memenuhi"


def _day(day: date) -> str:
    return date_format(day, "j F Y")


def start(award: Award, form: Form) -> dict[str, Any]:
    """Build the page on which a letter is written: what it will say by itself, and the form."""
    return {
        "unit": award.unit,
        "award": award,
        "predicate": award.get_predicate_display(),
        "decree": _day(award.decree_date),
        "form": form,
        **_said(scores_of(last_decision(award.unit)), open_findings(award.unit)),
    }


def _said(scores: dict[str, Any], findings: list[dict[str, str]]) -> dict[str, Any]:
    """Return scores and findings of a letter as they are shown."""
    figures = [(part["title"], points(part["score"]), points(part["weight"])) for part in scores.get("parts", [])]
    return {
        "scores_year": str(scores.get("year", "")),
        "figures": [*figures, ("Nilai total", points(scores["total"]), "100,00")] if scores else [],
        "findings": [f | {"due": _day(date.fromisoformat(f["due"])) if f["due"] else ""} for f in findings],
    }


def letter(found: MonitoringLetter) -> dict[str, Any]:
    """Build the page of one letter: what it says, and its digest to compare with a printed one."""
    data = found.data
    at = timezone.localtime(found.created_at)
    return {
        "letter": found,
        "unit": found.award.unit,
        "data": data,
        "dated": _day(found.dated),
        "due": _day(found.due_on),
        "outcome": _outcome(found.fulfils),
        "made": f"{found.created_by}, {date_format(at, 'j F Y H.i')}",
        "digest": history.digest("", data),
        **_said(data["scores"], data["findings"]),
    }
