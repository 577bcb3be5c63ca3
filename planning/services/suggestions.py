"""Deciding about answers that came from the period before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from assessment import rules
from assessment import selectors as assessment_selectors
from assessment import services as assessment_services
from assessment.models import Assessment, Event
from assessment.scoring import Given
from assessment.services import Entry, Outcome
from assessment.worksheet import Criterion

from ..models import Suggestion


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What became of suggestions: codes confirmed, answered otherwise meanwhile, and refused with the reason."""

    done: Sequence[str]
    conflicts: Sequence[str]
    refused: Sequence[str]


@transaction.atomic
def confirm(*, assessment: Assessment, versions: Mapping[UUID, int], by: User) -> Confirmed:
    """Make suggestions the unit's answers, through `record_answers` as any answer.

    `versions` has, by suggestion, the version of the answer that the person saw, 0 for none: one that was answered
    meanwhile is left alone. Raises ValidationError if the assessment is not open; whether `by` may answer these
    criteria was asked before.
    """
    row = assessment_services.lock(assessment)
    worksheet = assessment_selectors.worksheet_of(row.period.instrument)
    rows = Suggestion.objects.filter(assessment=row, state=Suggestion.State.OPEN, pk__in=versions)
    found = {worksheet.code_of[s.criterion_id]: s for s in rows.select_for_update().order_by("criterion__order")}
    refused, entries = [], []
    for code, row_of in found.items():
        given = given_of(worksheet.criteria[code], row_of)
        problems = rules.refusals(worksheet.criteria[code], given)
        if problems:
            refused.append(f"{code}: {problems[0].message}")
        else:
            entries.append(Entry(code, given, row_of.note, versions[row_of.pk]))
    recorded = assessment_services.record_answers(assessment=row, entries=entries, by=by)
    done = [code for code, outcome in recorded.outcomes.items() if outcome != Outcome.CONFLICT]
    pks = [found[code].pk for code in done]
    Suggestion.objects.filter(pk__in=pks).update(
        state=Suggestion.State.CONFIRMED, decided_by=by, decided_at=timezone.now()
    )
    conflicts = [code for code, outcome in recorded.outcomes.items() if outcome == Outcome.CONFLICT]
    return Confirmed(done, conflicts, refused)


@transaction.atomic
def dismiss(*, suggestion: Suggestion, by: User) -> bool:
    """Set a suggestion aside for good; tell whether it was still open."""
    row = assessment_services.lock(suggestion.assessment)
    stored = Suggestion.objects.select_related("criterion").select_for_update(of=("self",)).get(pk=suggestion.pk)
    if stored.state != Suggestion.State.OPEN:
        return False
    before, stored.state = stored.get_state_display(), Suggestion.State.DISMISSED
    stored.decided_by, stored.decided_at = by, timezone.now()
    stored.save(update_fields=["state", "decided_by", "decided_at"])
    data = {"from": {"suggestion": before}, "to": {"suggestion": stored.get_state_display()}}
    assessment_services.append_events(row, Event.Kind.CARRIED, [(stored.criterion.code, data)], by=by)
    return True


def given_of(criterion: Criterion, suggestion: Suggestion) -> Given:
    """Return what a suggestion says, as the engine and the services read it."""
    counts = [*suggestion.counts, *[None] * len(criterion.quantities)][: len(criterion.quantities)]
    return Given(choice=suggestion.choice, counts=tuple(counts), index=suggestion.index)
