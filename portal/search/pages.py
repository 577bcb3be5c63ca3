"""What the search page shows: every kind in short with its count, or one kind in pages."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator

from accounts.models import User

from .query import MAX_LENGTH, Query
from .registry import Hit, Provider, all_providers

IN_SHORT = 5
PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of result: all of it counted, some of it shown."""

    key: str
    label: str
    icon: str
    count: int
    hits: list[Hit]
    is_chosen: bool

    @property
    def left_over(self) -> int:
        return self.count - len(self.hits)


def results(user: User, query: Query, kind: str, number: str | None) -> dict[str, Any]:
    """Build the page; without words nothing is asked of the database."""
    chosen = next((provider for provider in all_providers() if provider.key == kind), None)
    pages = {p: _page(user, query, p, number if p is chosen else None, chosen) for p in all_providers()}
    sections = [_section(user, query, p, page, chosen) for p, page in pages.items()] if query.words else []
    return {
        "query": query,
        "longest": str(MAX_LENGTH),
        "kind": chosen.key if chosen else "",
        "sections": sections,
        "shown": [s for s in sections if (s.is_chosen if chosen else s.count)],
        "total": str(sum(section.count for section in sections)),
        "page": pages[chosen] if chosen and query.words else None,
    }


def _page(user: User, query: Query, provider: Provider, number: str | None, chosen: Provider | None) -> Page[Any]:
    """Return the page of a kind that is shown; nothing is read yet."""
    size = PAGE_SIZE if provider is chosen else IN_SHORT
    return Paginator(provider.find(user, query) if query.words else (), size).get_page(number)


def _section(user: User, query: Query, provider: Provider, page: Page[Any], chosen: Provider | None) -> Section:
    """Count one kind and show its page, unless another kind was chosen."""
    is_shown = page.paginator.count and (chosen is None or provider is chosen)
    hits = provider.show(user, query, page.object_list) if is_shown else []
    return Section(provider.key, provider.label, provider.icon, page.paginator.count, hits, provider is chosen)
