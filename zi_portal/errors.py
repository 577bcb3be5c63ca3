"""Answers when something is refused before a view runs."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say in Indonesian that the form is stale; nothing was saved."""
    return render(request, "403_csrf.html", status=403)
