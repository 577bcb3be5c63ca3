"""From what size on a file is made in the background. Pure but for one query."""

from django.db.models import Sum

from assessment.models import Assessment

MIB = 1024 * 1024
# Below these, waiting for the answer is shorter than going to another page and coming back.
DIRECT_EVIDENCE = 20 * MIB
DIRECT_RECAP = 100  # units


def evidence_size(assessment: Assessment) -> int:
    """Return how many bytes the documents of an assessment have, about: one query."""
    found = assessment.attachments.live().aggregate(size=Sum("document__current__blob__size"))
    return found["size"] or 0
