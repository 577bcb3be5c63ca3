"""The search over everything a person may see."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.http import UserRequest

from ..search import pages
from ..search.query import parse


@require_safe
def search(request: UserRequest) -> HttpResponse:
    query = parse(request.GET.get("q", ""))
    context = pages.results(request.user, query, request.GET.get("jenis", ""), request.GET.get("hal"))
    return render(request, "portal/search.html", context, status=422 if query.problem else 200)
