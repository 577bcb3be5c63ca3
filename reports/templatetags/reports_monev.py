"""What a unit's record shows of its monitoring; it loads it here, so that no app below imports this one."""

from typing import Any

from django import template
from django.template import RequestContext

from accounts.models import Unit
from reports.monev import pages

register = template.Library()


@register.inclusion_tag("reports/monev/of_unit.html", takes_context=True)
def monev_of(context: RequestContext, unit: Unit) -> dict[str, Any]:
    """Draw the monitoring letters of a unit and what is due, as far as the user may know."""
    return pages.of_unit(context["request"].user, unit)
