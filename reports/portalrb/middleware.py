"""Whatever happens under the API's address is answered as JSON and logged, also what no view ever sees."""

import logging
from collections.abc import Callable

from django.db import DatabaseError
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from .errors import NO_TLS, error_response
from .services import Call, log_access

logger = logging.getLogger(__name__)

PREFIX = "/api/portalrb"
KEPT = ("Retry-After", "WWW-Authenticate", "Allow")


class PortalRbMiddleware:
    """The outermost middleware: errors of the others, such as a redirect to HTTPS, get the required form too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.path_info != PREFIX and not request.path_info.startswith(f"{PREFIX}/"):
            return response
        answer = _as_json(response)
        answer["Cache-Control"] = "no-store"
        answer["X-Robots-Tag"] = "noindex, nofollow"
        _log(request, answer.status_code)
        return answer


def _as_json(response: HttpResponseBase) -> HttpResponseBase:
    """Return an answer in the guide's form; a redirect (to HTTPS or another path) is none that PortalRB follows."""
    status = response.status_code
    if status < 300 or (status >= 400 and response.get("Content-Type") == "application/json"):
        return response
    if status < 400:
        is_to_tls = response.get("Location", "").startswith("https:")
        return error_response(403, NO_TLS) if is_to_tls else error_response(404)
    return error_response(status, headers={name: response[name] for name in KEPT if name in response})


def _log(request: HttpRequest, status: int) -> None:
    try:
        log_access(request, call_of(request), status)
    except DatabaseError:
        logger.exception("An access of PortalRB could not be logged")


def call_of(request: HttpRequest) -> Call:
    """Return what the views know of a request; the same object each time, so that they can add to it."""
    found = getattr(request, "portalrb_call", None)
    if found is None:
        found = Call()
        request.portalrb_call = found  # type: ignore[attr-defined]
    return found
