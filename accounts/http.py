"""Types of requests, and where a request comes from."""

from django.conf import settings
from django.http import HttpRequest

from .models import User


class UserRequest(HttpRequest):
    """A request behind LoginRequiredMiddleware: its user is never anonymous."""

    user: User


def is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def origin(request: HttpRequest) -> str:
    """Return scheme and host, for links in mails; the host is checked against ALLOWED_HOSTS."""
    return request.build_absolute_uri("/").rstrip("/")


def client_ip(request: HttpRequest) -> str:
    """Return the address of the person's computer.

    Each trusted proxy appends the address it was called from to X-Forwarded-For, so only the last
    TRUSTED_PROXIES entries can be believed; whatever stands before them was written by the client.
    """
    peer = str(request.META.get("REMOTE_ADDR", ""))
    hops = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if settings.TRUSTED_PROXIES == 0 or not hops:
        return peer
    return hops[-min(settings.TRUSTED_PROXIES, len(hops))]
