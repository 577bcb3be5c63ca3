"""The downloads of one stage, where an assessment has more than one."""

from typing import Any

from django import template
from django.urls import reverse

from assessment.access import May
from assessment.models import Assessment, Scorecard, Stage
from reports.lke import STAGE_NAMES

register = template.Library()


@register.inclusion_tag("reports/lke_stages.html")
def lke_stages(assessment: Assessment, may: May) -> dict[str, Any]:
    """Draw the downloads of each single stage that the user may see and that has answers: one query at most."""
    if len(may.sees - {Stage.SECOND}) < 2:
        return {"stages": []}
    there = set(Scorecard.objects.filter(assessment=assessment, answered__gt=0).values_list("stage", flat=True))
    stages = [(stage, name) for stage, name in STAGE_NAMES.items() if stage in there & may.sees]
    where = [assessment.period.year, assessment.unit.code]
    xlsx, pdf = (reverse(f"reports:lke-{kind}", args=where) for kind in ("xlsx", "pdf"))
    urls = [(name, f"{xlsx}?tahap={stage}", f"{pdf}?tahap={stage}") for stage, name in stages]
    return {"stages": urls if len(urls) > 1 else []}
