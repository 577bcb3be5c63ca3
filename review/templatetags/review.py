"""What pages of other apps show of the review; they load it here, so that no app below imports this one."""

from dataclasses import dataclass

from django import template
from django.urls import reverse

from assessment.access import May
from assessment.models import Assessment
from review.access import ReviewMay, review_may

register = template.Library()


# The parts that stand in the bar, by whom the user is to the assessment; the rest is one step away, under "Lainnya".
IN_BAR = {
    "team": frozenset({
        "assessment:detail", "dashboards:way", "review:check", "review:findings", "planning:actions", "planning:mine",
    }),
    "reviewer": frozenset({
        "assessment:detail", "dashboards:unit", "review:judge", "review:compare", "review:returns", "review:findings",
    }),
    "reader": frozenset({
        "assessment:detail", "dashboards:unit", "dashboards:way", "review:compare", "review:findings",
        "planning:actions",
    }),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tab:
    """One part of an assessment; `in_bar` are those that matter to the role, and always the present one."""

    label: str
    url: str
    is_here: bool
    in_bar: bool


@register.inclusion_tag("review/tabs.html")
def review_tabs(assessment: Assessment, may: May | ReviewMay, here: str) -> dict[str, object]:
    """Draw the parts of one assessment that this user has; `here` is the name of the present one's route."""
    allowed = may if isinstance(may, ReviewMay) else review_may(assessment, may)
    parts = [
        ("Ringkasan", "assessment:detail", True),
        ("Dasbor", "dashboards:unit", True),
        ("Menuju WBK/WBBM", "dashboards:way", True),
        ("Periksa kelengkapan", "review:check", True),
        ("Syarat pengusulan", "review:conditions", True),
        ("Penilaian", "review:judge", allowed.review),
        ("Perbandingan", "review:compare", len(allowed.base.sees) > 1 and not allowed.base.sample),
        ("Perbaikan", "review:returns", not allowed.base.sample),
        ("Catatan penilai", "review:findings", not allowed.base.sample),
        ("Rencana aksi", "planning:actions", not allowed.base.sample),
        ("Tim kerja", "planning:mine", allowed.base.is_team),
        ("Salinan tetap", "review:snapshots", True),
        ("Riwayat", "assessment:history", True),
    ]
    where = [assessment.period.year, assessment.unit.code]
    chosen = IN_BAR[_who(allowed.base)] | {here}
    tabs = [Tab(text, reverse(name, args=where), name == here, name in chosen) for text, name, shown in parts if shown]
    return {"tabs": tabs}


def _who(may: May) -> str:
    if may.is_team:
        return "team"
    return "reviewer" if may.is_reviewer else "reader"
