"""Reads about proposals to TPN: which units can be named in a letter, and which letters there are."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.fields.json import KT
from django.shortcuts import get_object_or_404

from accounts.letterheads.selectors import letterhead_of
from accounts.models import Role, Unit, User
from assessment.models import Assessment, Period, ProposalCondition, Snapshot, State

from .models import ConditionAnswer, Proposal, ProposalItem
from .obstacles import may_be_proposed_early


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit that fulfils its thresholds, and what of Tabel 5 it lacks."""

    assessment: Assessment
    total: str  # TPI's, unrounded
    unmet: tuple[str, ...]
    early: bool  # may be proposed with conditions that it does not fulfil yet

    @property
    def is_selectable(self) -> bool:
        return self.early or not self.unmet


def letter_start(user: User) -> dict[str, str]:
    """Return what the form of a letter begins with: place and signatory of the agency's letterhead. Two queries."""
    top = Unit.objects.filter(parent=None, memberships__user=user, memberships__role=Role.ADMIN).first()
    head = letterhead_of(top) if top else None
    return {"place": head.place, "signatory_role": head.signatory_role} if head else {}


def candidates_of(user: User, period: Period) -> list[Candidate]:
    """Return the units that wait for a proposal, by code: four queries however many there are."""
    rows = Assessment.objects.visible_to(user).filter(period=period, state=State.FULFILS)
    found = list(rows.select_related("unit", "period").order_by("unit__code"))
    totals, unmet = decided_totals(found), unmet_of(found)
    return [Candidate(row, totals.get(row.pk, ""), tuple(unmet[row.pk]), may_be_proposed_early(row)) for row in found]


def decided_totals(rows: Iterable[Assessment]) -> dict[int, str]:
    """Return TPI's total of each decided assessment as its fixed copy has it, unrounded: one query."""
    copies = Snapshot.objects.filter(assessment__in=[row.pk for row in rows], kind=Snapshot.Kind.DECISION)
    # As text: a JSON value that looks like a number would come back as a float.
    totals = copies.order_by("round").annotate(tpi_total=KT("data__lhe__tpi_total"))
    return dict(totals.values_list("assessment", "tpi_total"))


def unmet_of(rows: Iterable[Assessment]) -> dict[int, list[str]]:
    """Return the conditions of Tabel 5 that each assessment of one period lacks: two queries for all."""
    rows = list(rows)
    met = defaultdict(set)
    answers = ConditionAnswer.objects.filter(assessment__in=[r.pk for r in rows], met=ConditionAnswer.Met.YES)
    for assessment, condition in answers.values_list("assessment", "condition"):
        met[assessment].add(condition)
    instruments = {row.period.instrument_id for row in rows}
    conditions = list(ProposalCondition.objects.filter(instrument__in=instruments).order_by("order"))
    return {
        row.pk: [c.text for c in conditions if _is_asked(c, row) and c.pk not in met[row.pk]] for row in rows
    }  # fmt: skip


def _is_asked(condition: ProposalCondition, row: Assessment) -> bool:
    kinds = {ProposalCondition.AppliesTo.ALL, row.period.agency_kind}
    of_target = (condition.instrument_id, condition.predicate) == (row.period.instrument_id, row.target)
    return of_target and condition.applies_to in kinds


def proposals_of(user: User, period: Period) -> QuerySet[Proposal]:
    """Return the letters that name a unit which `user` may know exists, newest first."""
    seen = Assessment.objects.visible_to(user)
    named = ProposalItem.objects.filter(proposal=OuterRef("pk"), assessment__in=seen)
    return Proposal.objects.filter(Exists(named), period=period).order_by("-created_at")


def get_period(year: int) -> Period:
    """Return the period of a year, else 404."""
    return get_object_or_404(Period.objects.select_related("instrument"), year=year)


def get_proposal(user: User, year: int, pk: UUID) -> Proposal:
    """Return a letter, else 404."""
    return get_object_or_404(proposals_of(user, get_period(year)).select_related("period", "created_by"), pk=pk)


def standing_item(assessment: Assessment) -> ProposalItem | None:
    """Return the letter's line that proposes a unit now."""
    return ProposalItem.objects.filter(assessment=assessment, withdrawn_at=None).select_related("proposal").first()
