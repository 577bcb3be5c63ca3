"""Drawing a document as tagged PDF."""

from pathlib import Path

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from ..pdf import BundledOnly, no_garbage_collection
from .blocks import Block, Document, Letterhead, Seal
from .pictures import qr_svg

STYLE = Path(__file__).with_name("document.css")


def render(document: Document) -> bytes:
    """Return the document as PDF/UA-1; nothing is fetched but the bundled fonts."""
    rows = [(type(block).__name__, block, _qr(block)) for block in document.blocks]
    text = render_to_string("reports/documents/document.html", {"document": document, "rows": rows})
    logos = [block.logo for block in document.blocks if isinstance(block, Letterhead)]
    fetcher, fonts = BundledOnly(logo=b"".join(logos)), FontConfiguration()
    style = CSS(filename=STYLE, font_config=fonts, url_fetcher=fetcher)
    with no_garbage_collection():
        content: bytes = HTML(string=text, base_url="", url_fetcher=fetcher).write_pdf(
            stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1"
        )
    return content


def _qr(block: Block) -> SafeString | str:
    return mark_safe(qr_svg(block.url)) if isinstance(block, Seal) else ""  # made of squares alone
