"""The recap as a tagged PDF in landscape, drawn by WeasyPrint from the same rows as the page."""

from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from accounts.letterheads.selectors import letterhead_data, logo_png
from assessment import history

from ..pdf import BundledOnly, no_garbage_collection
from .pages import row_of, summary_of
from .shown import Shown, data_of

STYLE = Path(__file__).with_name("print.css")


def render(shown: Shown) -> bytes:
    """Return the recap as PDF/UA-1; nothing is fetched but the bundled fonts."""
    head = _letterhead(shown)
    logo = logo_png(head.get("logo", ""))
    text = render_to_string("reports/recap/print.html", context_of(shown) | {"head": head, "has_logo": bool(logo)})
    fetcher, fonts = BundledOnly(logo=logo), FontConfiguration()
    style = CSS(filename=STYLE, font_config=fonts, url_fetcher=fetcher)
    with no_garbage_collection():
        content: bytes = HTML(string=text, base_url="", url_fetcher=fetcher).write_pdf(
            stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1"
        )
    return content


def _letterhead(shown: Shown) -> dict[str, Any]:
    """Return the letterhead of the agency whose units these are, {} without one: one query."""
    top = next((unit for unit in shown.recap.uppers if unit.parent_id is None), None)
    return letterhead_data(top) if top and shown.recap.agency else {}


def context_of(shown: Shown) -> dict[str, Any]:
    """Return what the template shows, as plain strings."""
    recap = shown.recap
    return {
        "title": shown.title,
        "agency": recap.agency,
        "facts": shown.facts(),
        "made": shown.made,
        "digest": history.digest("", data_of(shown)),
        "stage_name": shown.stage_name,
        "heads": [m.short for m in recap.measures],
        "legend": [(m.short, m.label) for m in recap.measures if m.short != m.label],
        "rows": [row_of(recap, line) for line in shown.lines],
        "summary": summary_of(recap, shown.lines),
    }
