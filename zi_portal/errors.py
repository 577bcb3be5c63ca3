"""Answers when something is refused before a view runs."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.http import is_htmx


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say in Indonesian that the form is stale; nothing was saved.

    A partial save of somebody who is no longer signed in gets 401, as from LoginRequiredMiddleware: this check
    runs first, and where all cookies are gone it is the one that refuses.
    """
    if is_htmx(request) and not request.user.is_authenticated:
        return render(request, "accounts/signed_out.html", status=401)
    return render(request, "403_csrf.html", status=403)
