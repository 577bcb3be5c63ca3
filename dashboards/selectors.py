"""Reads of the dashboards."""

from assessment.models import Assessment, Scorecard


def scored_stages(assessment: Assessment) -> frozenset[str]:
    """Return the stages that have scores: one query."""
    return frozenset(Scorecard.objects.filter(assessment=assessment).values_list("stage", flat=True))
