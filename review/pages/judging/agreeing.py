"""Agreeing with the unit on many criteria at once: asking first, and saying what was done."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from assessment import selectors
from assessment.models import Assessment
from assessment.worksheet import Node

from ...access import ReviewMay
from .cards import unit_side
from .material import material_of


def confirming(assessment: Assessment, may: ReviewMay, node: Node, versions: Mapping[str, int]) -> dict[str, Any]:
    """Build the page that asks before many criteria are agreed with at once."""
    found = material_of(assessment, may)
    criteria = found.result.worksheet.criteria
    rows = [(criteria[c], unit_side(found, criteria[c]).text, f"{c}:{v}") for c, v in versions.items()]
    return {"assessment": assessment, "may": may, "node": node, "rows": rows, "back": _back(assessment, node)}


def agreed(
    assessment: Assessment, may: ReviewMay, node: Node, done: Mapping[str, int], asked_for: int
) -> dict[str, Any]:
    """Build the page that says what was agreed with, and offers to take it back."""
    criteria = selectors.worksheet_of(assessment.period.instrument).criteria
    return {
        "assessment": assessment,
        "may": may,
        "node": node,
        "rows": [(criteria[code], f"{code}:{version}") for code, version in done.items()],
        "left": asked_for - len(done),
        "back": _back(assessment, node),
    }


def _back(assessment: Assessment, node: Node) -> str:
    worksheet = selectors.worksheet_of(assessment.period.instrument)
    where = [assessment.period.year, assessment.unit.code, worksheet.page_of[node.code]]
    return f"{reverse('review:judge-page', args=where)}#s-{node.slug}"
