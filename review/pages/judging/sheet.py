"""One page of the worksheet for reviewers, and what one save changed on it."""

from typing import Any

from assessment import pages as assessment_pages
from assessment.models import Assessment, Stage
from assessment.worksheet import Node, Worksheet
from evidence.models import Attachment

from ...access import ReviewMay
from ...forms.judging import JudgeForm
from .cards import JudgeCard, cards_of
from .look import Asked, Bound, filters_of
from .material import is_shown, material_of, totals


def page(assessment: Assessment, may: ReviewMay, node: Node, look: Asked, bound: Bound) -> dict[str, Any]:
    """Build one page of the worksheet for reviewers: at most fourteen queries, whatever it holds."""
    found = material_of(assessment, may)
    worksheet = found.result.worksheet
    codes = [c.code for c in node.all_criteria() if is_shown(may, c.code)]
    cards = {c.criterion.code: c for c in cards_of(assessment, may, found, codes, look, bound)}
    for card in cards.values():
        comes_back = card.criterion.code in bound.forms or any(d.row.id == bound.attachment for d in card.documents)
        card.is_hidden = not _fits(card, look.wanted) and not comes_back
    groups = [
        (assessment_pages.figures_of(found.result, [n.code])[0], [cards[c.code] for c in n.criteria if c.code in cards])
        for n in node.walk() if n.criteria
    ]  # fmt: skip
    places = [code for code, each in worksheet.pages.items() if any(is_shown(may, c.code) for c in each.all_criteria())]
    place = places.index(node.code) if node.code in places else 0
    return {
        "assessment": assessment,
        "may": may,
        "stage": found.stage,
        "stage_label": Stage(found.stage).label,
        "node": node,
        "section": worksheet.nodes[node.parent].name,
        "groups": [(row, group) for row, group in groups if any(not c.is_hidden for c in group)],
        "hidden": sum(c.is_hidden for c in cards.values()),
        "can_judge": bool(may.base.stage),
        "can_check": may.judge,
        "totals": totals(found, may),
        "head": assessment_pages.figures_of(found.result, [node.code])[0],
        "unit_head": assessment_pages.figures_of(found.unit_result, [node.code])[0],
        "refused": [c.card for c in cards.values() if c.card.errors or c.card.conflict],
        "look": look,
        "filters": [(key, label, sum(_fits(c, key) for c in cards.values())) for key, label in filters_of(may).items()],
        "before": worksheet.pages[places[place - 1]] if place else None,
        "after": worksheet.pages[places[place + 1]] if place + 1 < len(places) else None,
        "verdicts": [(v.value, v.label) for v in Attachment.Verdict if v != Attachment.Verdict.UNCHECKED],
    }


def _fits(card: JudgeCard, wanted: str) -> bool:
    return {
        "": True, "beda": card.differs, "belum": not card.is_judged, "bukti": card.is_doubtful, "berubah": card.is_back,
    }[wanted]  # fmt: skip


def saved(
    assessment: Assessment, may: ReviewMay, worksheet: Worksheet, code: str, form: JudgeForm | None
) -> dict[str, Any]:
    """Build what one save changed: the card and the figures of its page."""
    found = material_of(assessment, may)
    node = worksheet.pages[worksheet.page_of[code]]
    bound = Bound({code: form} if form else {})
    (card,) = cards_of(assessment, may, found, [code], Asked(), bound)
    return {
        "assessment": assessment,
        "may": may,
        "node": node,
        "jc": card,
        "card": card.card,
        "stage": found.stage,
        "stage_label": Stage(found.stage).label,
        "totals": totals(found, may),
        "rows": assessment_pages.figures_above(found.result, node, code),
        "look": Asked(),
        "can_check": may.judge,
        "verdicts": [(v.value, v.label) for v in Attachment.Verdict if v != Attachment.Verdict.UNCHECKED],
    }
