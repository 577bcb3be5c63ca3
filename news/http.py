"""How public pages answer: alike for every visitor, to be kept by caches; for those signed in, kept by nobody."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import get_conditional_response, patch_vary_headers, set_response_etag
from django.views.decorators.http import require_safe

SECONDS = 60  # how long a cache may go without asking: what is withdrawn is gone from caches after that
PICTURE_SECONDS = 24 * 3600
# Who sends one of these may be shown something of their own: a name in the menu, a message.
OWN_COOKIES = {settings.SESSION_COOKIE_NAME, "messages"}

P = ParamSpec("P")


def public(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Make a view public: GET and HEAD only, no sign-in, with validators and the cache headers above.

    Compressed only for visitors: their pages hold no token that the length of an answer could tell of (BREACH).
    """

    @wraps(view)
    def answered(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        patch_vary_headers(response, ["Cookie"])
        is_shared = OWN_COOKIES.isdisjoint(request.COOKIES)
        if not is_shared:
            response["Cache-Control"] = "private, no-cache"
            return response
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = f"public, max-age={SECONDS}"
        return _validated(request, response)

    return login_not_required(require_safe(answered))


def _validated(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if response.status_code != 200:
        return response
    if not response.has_header("ETag"):
        set_response_etag(response)
    known = get_conditional_response(request, response["ETag"], response=response)
    if known is None or known.status_code == 304:
        return known or response
    return _compressed(request, response)


def _compressed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    def nothing(_: HttpRequest) -> Any:
        return response

    if response["Content-Type"].startswith("image/"):
        return response
    packed: HttpResponse = GZipMiddleware(nothing).process_response(request, response)  # type: ignore[assignment]
    return packed


def absolute(request: HttpRequest, path: str) -> str:
    """Return an address with its host: the portal's own where it is configured."""
    if settings.PORTAL_URL:
        return settings.PORTAL_URL.rstrip("/") + path
    return request.build_absolute_uri(path)
