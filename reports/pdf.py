"""The LKE as a PDF document, drawn by WeasyPrint. Nothing is ever fetched from outside the portal's own files."""

import gc
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import mark_safe
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from assessment import charts
from assessment.models import Stage
from assessment.trace import comma
from evidence.models import Attachment

from .beside import beside_rows, judge_of, limits_of, sum_rows, totals_of, weight_of
from .lke import Lke
from .rows import summary_rows, table_rows, threshold_lines, verdicts

STYLE = Path(__file__).with_name("lke.css")
FONTS = Path(settings.BASE_DIR) / "static" / "vendor" / "source-sans"
SCHEME = "bundled:"
LOGO = f"{SCHEME}logo"
UNIT_SIGNERS = (("Ketua Tim Kerja Zona Integritas", ""), ("Kepala {unit}", ""))
SIGNERS: dict[str, tuple[tuple[str, str], ...]] = {
    Stage.PRELIM: (("Penilai pendahuluan", ""), ("Kepala {unit}", "")),
    Stage.TPI: (("Ketua Tim Penilai Internal", ""), ("Pengendali teknis", "")),
}
STATEMENTS = {
    "unit": (
        "Isian lembar kerja evaluasi ini sesuai dengan keadaan unit kerja dan didukung dokumen yang dapat "
        "dipertanggungjawabkan."
    ),
    "judge": "Penilaian pada lembar kerja evaluasi ini sesuai dengan hasil pemeriksaan bukti dukung unit kerja.",
}
CHECKED_HEADS = [str(label) for _, label in Attachment.Verdict.choices]
LETTERHEAD_WIDTH, LETTERHEAD_LINES = 90, 4  # a higher letterhead leaves no room for the chart
SIDES_BESIDE_CHART = 2  # below a letterhead
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
    fetcher = BundledOnly(logo=lke.logo)
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
    printed = _moment(lke.fixed.at if lke.fixed else lke.printed_at)
    head, is_long = letterhead_of(lke), len(lke.unit_name) + len(lke.parent_name) > LONG_NAMES
    return {
        "lke": lke,
        "head": head,
        "has_long_names": bool(head) or is_long,
        "has_chart": _has_room(head, is_long or len(lke.sides) > SIDES_BESIDE_CHART),
        "title": f"LKE Zona Integritas {lke.unit_name} {lke.year}",
        "printed": printed,
        "foot": f"Salinan tetap {lke.fixed.digest[:16]}" if lke.fixed else f"Dibuat {printed}",
        "changed": _moment(lke.changed_at) if lke.changed_at else "",
        "answered": str(result.answered),
        "criteria": str(len(result.values)),
        "weight": comma(weight_of(lke)),
        "checked": lke.checked,
        "checked_heads": CHECKED_HEADS,
        "is_beside": bool(lke.others),
        **(_beside(lke) if lke.others else _alone(lke)),
        **_closing(lke),
    }


def _alone(lke: Lke) -> dict[str, Any]:
    return {
        "total": comma(lke.result.total),
        "provisional": comma(lke.result.provisional_total),
        "chart": charts.area_chart(charts.areas_of(lke.result)),
        "verdicts": verdicts(lke),
        "thresholds": threshold_lines(lke),
        "summary": summary_rows(lke),
        "rows": table_rows(lke),
    }


def _beside(lke: Lke) -> dict[str, Any]:
    last = lke.sides[-1]
    return {
        "totals": totals_of(lke),
        "sums": sum_rows(lke),
        "limits": limits_of(lke),
        "rows": beside_rows(lke),
        "columns": str(3 + 2 * len(lke.sides)),
        "chart": charts.area_chart(charts.areas_of(last.result)),
        "chart_of": last.name,
        "last_name": last.name,
    }


def _closing(lke: Lke) -> dict[str, Any]:
    """Return who signs what, and what proves a fixed copy."""
    from .documents.pictures import qr_svg  # the documents are drawn with this module's tools

    judge = judge_of(lke)
    roles = lke.signers or SIGNERS.get(judge, UNIT_SIGNERS)
    return {
        "statement": STATEMENTS["judge" if judge else "unit"],
        "signers": [(role.replace("{unit}", lke.unit_name), name) for role, name in roles],
        "fixed": lke.fixed,
        "fixed_at": _moment(lke.fixed.at) if lke.fixed else "",
        "qr": mark_safe(qr_svg(lke.fixed.url)) if lke.fixed else "",  # made of squares alone
    }


def _has_room(head: dict[str, Any], is_crowded: bool) -> bool:
    """Tell whether the cover has room for the chart, whose figures follow on the next page."""
    if not head:
        return True
    lines = [len(text) // LETTERHEAD_WIDTH + 1 for text in (*head["lines"], *head["small"])]
    return not is_crowded and sum(lines) <= LETTERHEAD_LINES


def letterhead_of(lke: Lke) -> dict[str, Any]:
    """Return the letterhead as the cover shows it, {} without one."""
    found = lke.letterhead
    if not found:
        return {}
    small = [found[name] for name in ("address", "contact") if found[name]]
    return {"lines": found["lines"], "small": small, "logo": bool(lke.logo), "place": found["place"]}


def _moment(at: Any) -> str:
    local = timezone.localtime(at)
    return f"{date_format(local, 'j F Y H.i')} {local.tzname()}"
