"""The recap as a tagged PDF in landscape, drawn by WeasyPrint from the same rows as the page."""

from pathlib import Path

from django.template.loader import render_to_string
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from accounts.letterheads.selectors import logo_png

from ..pdf import BundledOnly, no_garbage_collection
from .lines import context_of, letterhead_of
from .shown import Shown

STYLE = Path(__file__).with_name("print.css")


def render(shown: Shown) -> bytes:
    """Return the recap as PDF/UA-1; nothing is fetched but the bundled fonts."""
    head = letterhead_of(shown)
    logo = logo_png(head.get("logo", ""))
    text = render_to_string("reports/recap/print.html", context_of(shown) | {"head": head, "has_logo": bool(logo)})
    fetcher, fonts = BundledOnly(logo=logo), FontConfiguration()
    style = CSS(filename=STYLE, font_config=fonts, url_fetcher=fetcher)
    with no_garbage_collection():
        content: bytes = HTML(string=text, base_url="", url_fetcher=fetcher).write_pdf(
            stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1"
        )
    return content
