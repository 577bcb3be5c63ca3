"""The glossary: one page of all terms, and one term for the panel."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from accounts.http import UserRequest, is_htmx

from ..help.glossary import TERMS, related
from ..search.query import parse


@require_safe
def glossary(request: UserRequest) -> HttpResponse:
    query = parse(request.GET.get("q", ""))
    found = [term for term in TERMS.values() if query.occurs_in(term.words)]
    context = {"query": query, "terms": [(term, related(term)) for term in found], "all": TERMS.values()}
    return render(request, "portal/help/glossary.html", context, status=422 if query.problem else 200)


@require_safe
def term(request: UserRequest, term: str) -> HttpResponse:
    """Show one term: as a page, or as what the panel holds."""
    found = TERMS.get(term)
    if found is None:
        raise Http404
    name = "portal/help/term.html" + ("#term" if is_htmx(request) else "")
    response = render(request, name, {"term": found, "also": related(found)})
    patch_vary_headers(response, ["HX-Request"])
    return response
