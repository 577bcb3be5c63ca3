"""Where a review begins: how far every page of the worksheet is."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from assessment.models import Assessment, Stage
from assessment.worksheet import Node

from ...access import ReviewMay
from ...models import Verdict
from .documents import DOUBTFUL
from .look import filters_of
from .material import Material, differs_from_unit, is_shown, material_of, totals


@dataclass(frozen=True, slots=True)
class PageRow:
    """How far one page of the worksheet is reviewed."""

    node: Node
    section: str
    total: int
    judged: int
    differing: int
    doubtful: int
    back: int
    url: str

    @property
    def is_done(self) -> bool:
        return self.judged == self.total and not self.back


def start(assessment: Assessment, may: ReviewMay) -> dict[str, Any]:
    """Build the start page: seven queries."""
    found = material_of(assessment, may)
    doubtful = _doubtful_codes(assessment, found)
    worksheet = found.result.worksheet
    rows = [_page_row(assessment, may, found, doubtful, node) for node in worksheet.pages.values()]
    rows = [row for row in rows if row.total]
    first = next((row for row in rows if not row.is_done), rows[0] if rows else None)
    return {
        "assessment": assessment,
        "may": may,
        "stage_label": Stage(found.stage).label,
        "can_judge": bool(may.base.stage),
        "rows": rows,
        "first": first,
        "totals": totals(found, may),
        "filters": [
            (key, label, sum(_counts(row)[key] for row in rows)) for key, label in filters_of(may).items()
        ],
        "is_blind": bool(may.base.sample),
    }  # fmt: skip


def _counts(row: PageRow) -> dict[str, int]:
    return {"beda": row.differing, "belum": row.total - row.judged, "bukti": row.doubtful, "berubah": row.back}


def _doubtful_codes(assessment: Assessment, found: Material) -> set[str]:
    """Return the criteria with a document that this stage finds wanting: one query."""
    rows = Verdict.objects.filter(attachment__assessment=assessment, stage=found.stage, verdict__in=DOUBTFUL)
    code_of = found.result.worksheet.code_of
    live = rows.filter(attachment__detached_at=None, attachment__criterion__isnull=False)
    return {code_of[pk] for pk in live.values_list("attachment__criterion", flat=True) if pk}


def _page_row(
    assessment: Assessment, may: ReviewMay, found: Material, doubtful: Collection[str], node: Node
) -> PageRow:
    codes = [c.code for c in node.all_criteria() if is_shown(may, c.code)]
    url = reverse("review:judge-page", args=[assessment.period.year, assessment.unit.code, node.code])
    return PageRow(
        node=node,
        section=found.result.worksheet.nodes[node.parent].name,
        total=len(codes),
        judged=sum(found.result.values[c].is_answered for c in codes),
        differing=sum(differs_from_unit(found, c) for c in codes),
        doubtful=sum(c in doubtful for c in codes),
        back=sum(c in found.back for c in codes),
        url=url,
    )
