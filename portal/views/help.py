"""The guides to the portal."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.http import UserRequest
from review.access import is_agency_admin

from ..help.guides import GUIDE_OF, GUIDES, TOPICS
from ..help.reading import exists, guides_with, topics_of
from ..selectors import nearest, nearness_of, roles_of


@require_safe
def help_start(request: UserRequest) -> HttpResponse:
    roles = roles_of(request.user)
    own = [guide for role, guide in GUIDE_OF.items() if role in roles]
    rows = [(guide, topics_of(guide)) for guide in own]
    others = [guide for guide in GUIDES.values() if guide not in own]
    return render(request, "portal/help/start.html", {"own": rows, "others": others})


@require_safe
def guide(request: UserRequest, guide: str) -> HttpResponse:
    """Show a role's guide; its links lead to the person's own pages if they have the role."""
    found = GUIDES.get(guide)
    if found is None:
        raise Http404
    is_own = found.role in roles_of(request.user)
    near = nearest(request.user, 1, [nearness_of(found.role)]) if is_own else []
    context = {
        "guide": found,
        "topics": topics_of(found),
        "others": [other for other in GUIDES.values() if other != found],
        "place": near[0] if near else None,
        "is_agency": is_own and is_agency_admin(request.user),
    }
    return render(request, "portal/help/guide.html", context)


@require_safe
def topic(request: UserRequest, topic: str) -> HttpResponse:
    """Lead to a subject: in the guide of the person's own role if it is there."""
    found = TOPICS.get(topic)
    if found is None or not exists(found):
        raise Http404
    roles = roles_of(request.user)
    guides = sorted(guides_with(topic), key=lambda guide: guide.role not in roles)
    return redirect(reverse("portal:guide", args=[guides[0].slug]) + f"#{topic}")
