"""What the page of corrections shows: the list being collected, and the rounds so far."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.urls import reverse

from assessment import selectors
from assessment.models import Assessment, Return, ReturnItem, Stage

from ..access import ReviewMay
from ..forms.findings import SendForm
from ..selectors import return_under_way
from ..services.returns import mark_of
from .findings import moment


@dataclass(frozen=True, slots=True)
class ItemRow:
    code: str
    title: str
    reason: str
    by: str
    url: str
    has_changed: bool
    mark: str = ""  # tells the stored reason from another one
    stored: str = ""  # what somebody else wrote meanwhile
    has_problem: bool = False


@dataclass(frozen=True, slots=True)
class Typed:
    """A reason that was not saved, to be shown again; `stored` is what somebody else wrote meanwhile, if anything."""

    code: str
    reason: str
    stored: ReturnItem | None = None
    is_stale: bool = False


@dataclass(frozen=True, slots=True)
class RoundRow:
    number: str
    stage: str
    sent: str
    until: str
    answered: str
    message: str
    is_open: bool
    items: list[ItemRow]


def returns(
    assessment: Assessment,
    may: ReviewMay,
    *,
    form: SendForm | None = None,
    problems: Sequence[str] = (),
    typed: Typed | None = None,
) -> dict[str, Any]:
    """Build the rounds of correction, and the list being collected for those who may see it: four queries."""
    rows = Return.objects.filter(assessment=assessment).prefetch_related("items__criterion", "items__added_by")
    found = list(rows.order_by("-round"))
    is_reviewer = may.base.is_reviewer or bool(may.base.sees >= {Stage.TPI})
    name = "review:judge-page" if may.review else "assessment:page"
    drafts = (r for r in found if r.sent_at is None and r.stage in may.base.sees)
    draft = next(drafts, None) if is_reviewer and not may.base.is_team else None
    items = [_item(assessment, name, item, ()) for item in draft.items.all()] if draft else []
    if typed:
        items = _with_typed(assessment, name, items, typed)
    step = next((s for s in ("return_prelim", "return_tpi") if s in may.steps), "")
    return {
        "assessment": assessment,
        "may": may,
        "draft": items,
        "is_stale": bool(typed and typed.is_stale),
        "shows_draft": is_reviewer and not may.base.is_team,
        "rounds": [_round(assessment, name, r) for r in found if r.sent_at is not None],
        "step": step,
        "form": form,
        "problems": problems,
        "until": str(form.data.get("until", "")) if form else "",
        "message": str(form.data.get("message", "")) if form else "",
        "can_edit": may.judge,
    }


def _round(assessment: Assessment, name: str, row: Return) -> RoundRow:
    return RoundRow(
        number=str(row.round),
        stage=Stage(row.stage).label,
        sent=f"{row.sent_by or '—'}, {moment(row.sent_at)}" if row.sent_at else "",
        until=moment(row.until) if row.until else "",
        answered=moment(row.answered_at) if row.answered_at else "",
        message=row.message,
        is_open=row.is_open(),
        items=[_item(assessment, name, item, row.changed) for item in row.items.all()],
    )


def _with_typed(assessment: Assessment, name: str, items: list[ItemRow], typed: Typed) -> list[ItemRow]:
    """Put what was typed where its reason stands, or first where there is none."""
    worksheet = selectors.worksheet_of(assessment.period.instrument)
    held = next((item for item in items if item.code == typed.code), None)
    base = held or ItemRow(
        typed.code, worksheet.criteria[typed.code].title, "", "", _url(assessment, name, typed.code), False
    )
    stored = (typed.stored.reason if typed.stored else "(dikeluarkan dari daftar)") if typed.is_stale else ""
    shown = replace(base, reason=typed.reason, stored=stored, has_problem=True)
    return [shown if item is held else item for item in items] if held else [shown, *items]


def _item(assessment: Assessment, name: str, item: ReturnItem, changed: Sequence[str]) -> ItemRow:
    code = item.criterion.code
    return ItemRow(
        code, item.criterion.title, item.reason, str(item.added_by), _url(assessment, name, code), code in changed,
        mark_of(item.reason),
    )  # fmt: skip


def _url(assessment: Assessment, name: str, code: str) -> str:
    worksheet = selectors.worksheet_of(assessment.period.instrument)
    where = [assessment.period.year, assessment.unit.code, worksheet.page_of[code]]
    return f"{reverse(name, args=where)}#k-{worksheet.criteria[code].slug}"


def closing_of(assessment: Assessment) -> datetime | None:
    """Return when the stage that would send a return closes."""
    under_way = return_under_way(assessment)
    stage = under_way.stage if under_way else Stage.TPI
    period = assessment.period
    return period.prelim_closes if stage == Stage.PRELIM else period.tpi_closes
