"""The LKE as a PDF document, drawn by WeasyPrint. Nothing is ever fetched from outside the portal's own files."""

import gc
import io
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from assessment import charts
from assessment.trace import comma

from .lke import Lke
from .rows import summary_rows, table_rows, threshold_lines, verdicts

STYLE = Path(__file__).with_name("lke.css")
FONTS = Path(settings.BASE_DIR) / "static" / "vendor" / "source-sans"
SCHEME = "bundled:"
LOGO = f"{SCHEME}logo"
LONG_NAMES = 110  # characters of unit and unit above; more are set smaller, so that the cover stays one page


class RefusedResource(FatalURLFetchingError):
    """The document asked for something that is not the portal's own."""


class BundledOnly(URLFetcher):
    """Hands out the bundled fonts by name (`bundled:File.ttf`) and stops the document for any other address.

    `bundled:logo` is the one picture (PNG) that the caller gives along.
    """

    def __init__(self, *, logo: bytes = b"") -> None:
        super().__init__()
        self.logo = logo

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        if self.logo and url == LOGO:
            return URLFetcherResponse(url, io.BytesIO(self.logo), {"Content-Type": "image/png"})
        path = FONTS / url.removeprefix(SCHEME)
        if not url.startswith(SCHEME) or path.parent != FONTS or not path.is_file():
            raise RefusedResource(f"Refused to fetch {url[:200]!r}.")
        return URLFetcherResponse(url, io.BytesIO(path.read_bytes()), {"Content-Type": "font/ttf"})


def render(lke: Lke) -> bytes:
    """Return the whole LKE as a tagged PDF (PDF/UA-1) with bookmarks."""
    text = render_to_string("reports/lke.html", context_of(lke))
    fetcher = BundledOnly()
    fonts = FontConfiguration()
    style = CSS(filename=STYLE, font_config=fonts, url_fetcher=fetcher)
    with no_garbage_collection():
        content: bytes = HTML(string=text, base_url="", url_fetcher=fetcher).write_pdf(
            stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1"
        )
    return content


@contextmanager
def no_garbage_collection() -> Iterator[None]:
    """Layout makes hundreds of thousands of small objects that all stay: collecting meanwhile is wasted."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def context_of(lke: Lke) -> dict[str, Any]:
    """Return what the template shows, as plain strings."""
    result = lke.result
    return {
        "lke": lke,
        "has_long_names": len(lke.unit_name) + len(lke.parent_name) > LONG_NAMES,
        "title": f"LKE Zona Integritas {lke.unit_name} {lke.year}",
        "total": comma(result.total),
        "provisional": comma(result.provisional_total),
        "answered": str(result.answered),
        "criteria": str(len(result.values)),
        "weight": comma(sum((root.weight for root in result.worksheet.roots), Decimal(0))),
        "chart": charts.area_chart(charts.areas_of(result)),
        "verdicts": verdicts(lke),
        "thresholds": threshold_lines(lke),
        "summary": summary_rows(lke),
        "rows": table_rows(lke),
        "printed": _moment(lke.printed_at),
        "changed": _moment(lke.changed_at) if lke.changed_at else "",
    }


def _moment(at: Any) -> str:
    local = timezone.localtime(at)
    return f"{date_format(local, 'j F Y H.i')} {local.tzname()}"
