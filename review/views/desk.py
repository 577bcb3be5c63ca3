"""The reviewers' desk."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.http import UserRequest
from assessment.models import State

from ..pages import desk as pages


@require_safe
def desk(request: UserRequest) -> HttpResponse:
    state = request.GET.get("status", "")
    shown = state if state in State.values else ""
    return render(request, "review/teams/desk.html", pages.desk(request.user, shown, request.GET.get("hal")))
