"""The fixed copies that an agency's decision rests on. What PortalRB is sent comes from these, never from live rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from assessment.models import Assessment, Snapshot
from review.services.snapshots import is_intact


@dataclass(frozen=True, slots=True)
class Decided:
    """TPI's decision, and the submission that it judged.

    Both as `Snapshot.data` has them: answers by criterion code; evidence in the versions that were submitted.
    """

    decision: Snapshot
    submission: Snapshot

    @property
    def unit_answers(self) -> Mapping[str, Mapping[str, Any]]:
        return self.submission.data["answers"]

    @property
    def tpi_answers(self) -> Mapping[str, Mapping[str, Any]]:
        return self.decision.data["answers"]

    def evidence(self, code: str) -> list[dict[str, Any]]:
        """Return the documents of one criterion in their fixed order: what a link's positions count."""
        return [item for item in self.decision.data["evidence"] if item["criterion"] == code]

    @property
    def is_intact(self) -> bool:
        """Tell whether both copies still are what their digests say."""
        return is_intact(self.decision) and is_intact(self.submission)


def decided_of(assessments: Iterable[Assessment]) -> dict[int, Decided]:
    """Return what was decided on, by assessment, without those that lack a copy: two queries for all."""
    rows = list(_heads(assessments))
    decisions = {row.assessment_id: row for row in rows if row.kind == Snapshot.Kind.DECISION}
    submissions = {
        row.assessment_id: row
        for row in rows
        if row.kind == Snapshot.Kind.SUBMISSION
        and row.assessment_id in decisions
        and row.at <= decisions[row.assessment_id].at
    }
    whole = Snapshot.objects.in_bulk([row.pk for row in (*decisions.values(), *submissions.values())])
    return {
        pk: Decided(whole[decisions[pk].pk], whole[submissions[pk].pk]) for pk in decisions if pk in submissions
    }  # fmt: skip


def _heads(assessments: Iterable[Assessment]) -> Iterable[Snapshot]:
    """Return the copies of both kinds without their content, the oldest first."""
    kinds = [Snapshot.Kind.SUBMISSION, Snapshot.Kind.DECISION]
    rows = Snapshot.objects.filter(assessment__in=[a.pk for a in assessments], kind__in=kinds)
    return rows.defer("data").order_by("at")
