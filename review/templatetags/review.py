"""What pages of other apps show of the review; they load it here, so that no app below imports this one."""

from dataclasses import dataclass

from django import template
from django.urls import reverse

from assessment.access import May
from assessment.models import Assessment
from review.access import ReviewMay, review_may

register = template.Library()


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    url: str
    is_here: bool
    count: str = ""


@register.inclusion_tag("review/tabs.html")
def review_tabs(assessment: Assessment, may: May | ReviewMay, here: str) -> dict[str, object]:
    """Draw the parts of one assessment that this user has; `here` is the name of the present one's route."""
    allowed = may if isinstance(may, ReviewMay) else review_may(assessment, may)
    tabs = [
        ("Ringkasan", "assessment:detail", True),
        ("Dasbor", "dashboards:unit", True),
        ("Menuju WBK/WBBM", "dashboards:way", True),
        ("Periksa kelengkapan", "review:check", True),
        ("Syarat pengusulan", "review:conditions", True),
        ("Penilaian", "review:judge", allowed.review),
        ("Perbandingan", "review:compare", len(allowed.base.sees) > 1 and not allowed.base.sample),
        ("Perbaikan", "review:returns", not allowed.base.sample),
        ("Catatan penilai", "review:findings", not allowed.base.sample),
        ("Salinan tetap", "review:snapshots", True),
        ("Riwayat", "assessment:history", True),
    ]
    where = [assessment.period.year, assessment.unit.code]
    return {"tabs": [Tab(text, reverse(name, args=where), name == here) for text, name, shown in tabs if shown]}
