"""The front page."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from .. import selectors
from ..http import absolute
from ..markdown import rendered
from ..models import SiteSettings
from ..selectors import Narrowed
from . import posts, units
from .areas import area_cards

LATEST = 3
UNITS = 6


def landing(request: HttpRequest, site: SiteSettings) -> dict[str, Any]:
    """Build the front page: eight queries, however much there is."""
    documents = selectors.documents(Narrowed())
    name = selectors.agency_name(site)
    listed = selectors.units_listed()
    return {
        "site": site,
        "agency": name,
        "statement": rendered(site.statement) if site.statement else "",
        "areas": area_cards(selectors.area_counts(documents)),
        "units": [units.unit_row(u) for u in listed[:UNITS]],
        "unit_count": selectors.public_units().count(),
        "awarded_count": selectors.units_listed(awarded=True).count(),
        "document_count": documents.count(),
        "posts": [posts.row(p) for p in selectors.posts()[:LATEST]],
        "share": {
            "title": f"Zona Integritas {name}".strip(),
            "description": "Pembangunan Zona Integritas menuju WBK dan WBBM: enam area, dokumen, unit, dan berita.",
            "url": absolute(request, reverse("news:landing")),
            "type": "website",
        },
    }
