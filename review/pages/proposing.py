"""What the pages of proposals show."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import User
from assessment import trace
from assessment.models import Period, State

from ..forms.deciding import ProposalForm
from ..models import Proposal, ProposalItem
from ..proposing import Candidate, candidates_of, proposals_of


@dataclass(frozen=True, slots=True)
class CandidateRow:
    id: str
    unit: str
    code: str
    target: str
    total: str
    url: str
    conditions_url: str
    unmet: tuple[str, ...]
    early: str  # the kind of affirmative unit that is proposed all the same
    is_selectable: bool
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class LetterRow:
    id: str
    number: str
    dated: str
    made: str
    units: str
    withdrawn: str  # "" for none


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One unit of a letter: as the letter has it, and where it stands now."""

    unit: str
    code: str
    predicate: str
    total: str
    affirmative: str
    state: str
    withdrawn: str
    url: str
    result_url: str
    withdraw_url: str  # "" unless it may be withdrawn now


def letters(user: User, period: Period, form: ProposalForm) -> dict[str, Any]:
    """Build the list of units that wait, the form of a letter, and the letters made so far."""
    found = candidates_of(user, period)
    counted = proposals_of(user, period).annotate(
        named=Count("items"), withdrawn=Count("items", filter=Q(items__withdrawn_at__isnull=False))
    )
    return {
        "period": period,
        "form": form,
        "candidates": [_candidate(c, form.chosen) for c in found],
        "can_propose": any(c.is_selectable for c in found),
        "letters": [_letter(row) for row in counted.select_related("created_by")],
    }


def _candidate(candidate: Candidate, chosen: set[str]) -> CandidateRow:
    row = candidate.assessment
    where = [row.period.year, row.unit.code]
    return CandidateRow(
        str(row.pk), row.unit.name, row.unit.code, row.get_target_display(), points(candidate.total),
        reverse("review:compare", args=where), reverse("review:conditions", args=where), candidate.unmet,
        str(row.unit.get_affirmative_display()) if candidate.early else "", candidate.is_selectable,
        str(row.pk) in chosen,
    )  # fmt: skip


def points(text: str | None) -> str:
    """Write an unrounded figure of a fixed copy as it is shown; "" for none."""
    return trace.comma(Decimal(text)) if text else ""


def _letter(row: Any) -> LetterRow:
    return LetterRow(
        str(row.pk), row.number, date_format(row.dated, "j F Y"), _made(row), str(row.named),
        str(row.withdrawn) if row.withdrawn else "",
    )  # fmt: skip


def _made(row: Proposal) -> str:
    return f"{row.created_by}, {date_format(timezone.localtime(row.created_at), 'j F Y H.i')}"


def letter(user: User, proposal: Proposal) -> dict[str, Any]:
    """Build the page of one letter: what it says, and what became of each unit."""
    data = proposal.data
    # Both were written in the order of the letter; codes and names of units may have changed since.
    items = proposal.items.select_related("assessment__unit", "assessment__period").order_by("pk")
    rows = [_item(unit, item) for unit, item in zip(data["units"], items, strict=True)]
    return {
        "proposal": proposal,
        "year": proposal.period.year,
        "dated": date_format(proposal.dated, "j F Y"),
        "made": _made(proposal),
        "data": data,
        "rows": rows,
        "standing": str(sum(not row.withdrawn for row in rows)),
    }


def _item(unit: dict[str, str], item: ProposalItem) -> ItemRow:
    row = item.assessment
    where = [row.period.year, row.unit.code]
    is_open = item.withdrawn_at is None and row.state == State.PROPOSED
    return ItemRow(
        unit["unit"], unit["unit_code"], unit["predicate"], points(unit["total"]), unit["affirmative"],
        row.get_state_display(),
        date_format(timezone.localtime(item.withdrawn_at), "j F Y H.i") if item.withdrawn_at else "",
        reverse("assessment:detail", args=where), reverse("review:result-page", args=where),
        reverse("review:step-page", args=[*where, "unpropose"]) if is_open else "",
    )  # fmt: skip
