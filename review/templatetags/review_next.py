"""What the unit's overview and sheet show of the way on; they load it here, so that no app below imports this one."""

from django import template

from assessment.access import May
from assessment.models import Assessment
from review.access import ReviewMay, review_may
from review.pages.nexts import Next, Returned, next_of, returned_of

register = template.Library()


@register.simple_tag
def review_next(assessment: Assessment, may: May | ReviewMay) -> Next:
    """Return where the assessment stands and what this user can do: no query, up to three where it is returned."""
    return next_of(assessment, may if isinstance(may, ReviewMay) else review_may(assessment, may))


@register.simple_tag
def returned_of_page(assessment: Assessment, may: May) -> Returned | None:
    """Return what was sent back to the unit, None in any other state: two queries there, else none.

    A second reviewer who must not know the first one's mind gets None.
    """
    return None if may.sample else returned_of(assessment)
