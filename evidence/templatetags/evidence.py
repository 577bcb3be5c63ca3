"""What pages of other apps show of evidence; they load it here, so that no app below imports this one."""

from django import template

from assessment.models import Assessment
from assessment.worksheet import Node
from evidence import overview, rows, selectors
from evidence.overview import Overview, UploadLimits
from evidence.rows import Evidence

register = template.Library()


@register.simple_tag
def evidence_of_page(assessment: Assessment, node: Node) -> dict[str, Evidence]:
    """Return the evidence of every criterion of a page by code: two queries."""
    criteria = {criterion.code: criterion for criterion in node.all_criteria()}
    return rows.all_evidence(assessment, selectors.attachments_of(assessment, criteria), criteria)


@register.simple_tag
def evidence_overview(assessment: Assessment) -> Overview:
    """Return how far an assessment is proved: two queries."""
    return overview.overview_of(assessment)


@register.simple_tag
def upload_limits() -> UploadLimits:
    """Return what a form says about the files it takes."""
    return overview.upload_limits()
