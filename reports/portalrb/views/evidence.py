"""The evidence of one criterion, opened by the ministry through a signed link."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessment.selectors import worksheet_of
from evidence.handing import hand_out

from ..access import Opened, limit_address, open_link
from ..models import AccessEntry
from ..services import Call, log_access
from ..shown import items_of, versions_of

HEADERS = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer"}
View = Callable[..., HttpResponseBase]


def linked(what: AccessEntry.What) -> Callable[[View], View]:
    """Make a function of request and `Opened` into a public view: limited, logged, kept by nobody on the way."""

    def decorate(show: View) -> View:
        @wraps(show)
        def view(request: HttpRequest, link: str, **parts: Any) -> HttpResponseBase:
            call = Call(what, item=parts.get("number"))
            response = _answer(request, call, link, show, parts)
            for name, value in HEADERS.items():
                response[name] = value
            log_access(request, call, response.status_code)
            return response

        return login_not_required(require_safe(view))

    return decorate


def _answer(request: HttpRequest, call: Call, link: str, show: View, parts: dict[str, Any]) -> HttpResponseBase:
    allowance = limit_address(request, call)
    if not allowance.is_within:
        return _refusal(request, HTTPStatus.TOO_MANY_REQUESTS, retry=allowance.seconds_left)
    opened = open_link(link, call)
    if opened is None:
        return _refusal(request, HTTPStatus.NOT_FOUND)
    try:
        return show(request, opened, link, **parts)
    except Http404:
        return _refusal(request, HTTPStatus.NOT_FOUND)


def _refusal(request: HttpRequest, status: HTTPStatus, retry: int = 0) -> HttpResponseBase:
    """Say that the link opens nothing; never why, since that would tell about the unit."""
    response = render(request, "reports/portalrb/refused.html", {"is_too_many": bool(retry)}, status=status)
    if retry:
        response["Retry-After"] = str(retry)
    return response


@linked(AccessEntry.What.EVIDENCE)
def evidence(request: HttpRequest, opened: Opened, link: str) -> HttpResponseBase:
    row = opened.assessment
    criterion = worksheet_of(row.period.instrument).criteria[opened.code]
    context = {
        "unit": row.unit,
        "year": str(row.period.year),
        "criterion": criterion,
        "items": items_of(opened.items),
        "link": link,
        "closes": row.period.proposal_closes,
    }
    return render(request, "reports/portalrb/evidence.html", context)


@linked(AccessEntry.What.FILE)
def evidence_file(request: HttpRequest, opened: Opened, link: str, number: int) -> HttpResponseBase:
    """Hand out the document at a place behind the link, in the version that was decided on."""
    if number > len(opened.items):
        raise Http404
    item = opened.items[number - 1]
    version = versions_of([item]).get((item["document"], item["version"]))
    if version is None:
        raise Http404
    return hand_out(request, version, download="unduh" in request.GET)
