"""What pages of other apps show of evidence; they load it here, so that no app below imports this one."""

from django import template

from assessment.access import May
from assessment.models import Assessment
from assessment.worksheet import Node
from evidence import overview, rows, selectors
from evidence.overview import Overview, UploadLimits
from evidence.rows import Evidence

register = template.Library()


@register.simple_tag
def evidence_of_page(assessment: Assessment, node: Node, may: May) -> dict[str, Evidence]:
    """Return the evidence of every criterion of a page by code: two queries."""
    criteria = {criterion.code: criterion for criterion in node.all_criteria()}
    found = selectors.attachments_of(assessment, criteria)
    return rows.all_evidence(assessment, found, criteria, shows_verdict=not may.sample)


@register.simple_tag
def evidence_overview(assessment: Assessment) -> Overview:
    """Return how far an assessment is proved: two queries."""
    return overview.overview_of(assessment)


@register.simple_tag
def upload_limits() -> UploadLimits:
    """Return what a form says about the files it takes."""
    return overview.upload_limits()
