"""What the page of the second scoring shows to the lead, to the second reviewer, and to the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import Role
from assessment import selectors, trace
from assessment.models import Answer, Assessment, SecondScoring, Stage, State
from assessment.scoring import Given
from assessment.worksheet import Worksheet

from .. import sampling
from ..access import ReviewMay
from ..forms.teams import SecondForm, SettleForm
from ..sampling import Agreement, Pair

# Who may see both answers once the second reviewer has finished.
JUDGES = frozenset({Role.TPI_LEAD, Role.TPI_CONTROLLER, Role.OBSERVER, Role.ADMIN})


@dataclass(frozen=True, slots=True)
class SampleRow:
    code: str
    title: str
    url: str
    is_answered: bool


@dataclass(frozen=True, slots=True)
class AgreementRow:
    title: str
    same: str
    total: str
    percent: str
    gap: str


@dataclass(frozen=True, slots=True)
class PairRow:
    """One criterion that the two answered differently."""

    code: str
    title: str
    slug: str
    url: str
    first: str
    first_note: str
    first_by: str
    second: str
    second_note: str
    settled: str  # how the lead decided; "" while open
    reason: str
    form: SettleForm | None  # only where it can be settled now


def second(
    assessment: Assessment, may: ReviewMay, form: SecondForm | None = None, settling: SettleForm | None = None
) -> dict[str, Any]:
    """Build the page as far as this person may see it; nothing of the second's answers before they are finished."""
    found = sampling.second_of(assessment)
    is_done = bool(found and found.finished_at)
    context: dict[str, Any] = {
        "assessment": assessment,
        "may": may,
        "share": str(assessment.period.second_share),
        "is_used": assessment.period.second_share > 0,
        "second": found,
        "name": str(found.user) if found else "",
        "size": str(len(found.codes)) if found else "",
        "is_done": is_done,
        "finished": _moment(found.finished_at) if found else "",
        "form": form or _form(assessment, may, found),
    }
    if found and may.base.sample:
        context |= _sample(assessment, found)
    elif found and is_done and may.hats & JUDGES:
        context |= _agreement(assessment, may, found, settling)
    return context


def may_choose(assessment: Assessment, may: ReviewMay, found: SecondScoring | None) -> bool:
    """Tell whether the second reviewer can be chosen now, for the first time or instead of another."""
    is_open = assessment.state in {State.SUBMITTED, State.REVIEW} and not (found and found.finished_at)
    return may.lead and is_open and assessment.period.second_share > 0


def _form(assessment: Assessment, may: ReviewMay, found: SecondScoring | None) -> SecondForm | None:
    if not may_choose(assessment, may, found):
        return None
    return SecondForm(sampling.seconds_to_choose(assessment), initial={"user": found.user_id if found else None})


def _sample(assessment: Assessment, found: SecondScoring) -> dict[str, Any]:
    worksheet = selectors.worksheet_of(assessment.period.instrument)
    still_open = set(selectors.stage_result(assessment, Stage.SECOND).unanswered)
    pages: dict[str, list[SampleRow]] = {}
    for code in found.codes:
        row = SampleRow(code, worksheet.criteria[code].title, _url(assessment, worksheet, code), code not in still_open)
        pages.setdefault(_page_name(worksheet, worksheet.page_of[code]), []).append(row)
    left = sum(code in still_open for code in found.codes)
    return {"sample": list(pages.items()), "answered": str(len(found.codes) - left), "left": str(left) if left else ""}


def _agreement(
    assessment: Assessment, may: ReviewMay, found: SecondScoring, settling: SettleForm | None
) -> dict[str, Any]:
    worksheet = selectors.worksheet_of(assessment.period.instrument)
    pairs = sampling.pairs_of(assessment, found)
    can_settle = may.lead and may.base.stage == Stage.TPI
    apart = [
        _pair_row(assessment, worksheet, p, can_settle, settling) for p in pairs if p.differs and p.gap is not None
    ]
    return {
        "agreements": _agreement_rows(worksheet, sampling.agreements(worksheet, pairs)),
        "pairs": apart,
        "open": str(sum(not row.settled for row in apart)),
        "unjudged": str(sum(p.gap is None for p in pairs) or ""),
    }


def _agreement_rows(worksheet: Worksheet, found: Sequence[Agreement]) -> list[AgreementRow]:
    rows = [
        AgreementRow(
            _page_name(worksheet, a.page), str(a.same), str(a.total), f"{trace.comma(a.percent)}%", trace.comma(a.gap)
        )
        for a in found
    ]
    if found:
        total, same = sum(a.total for a in found), sum(a.same for a in found)
        whole = Agreement("", same, total, sum((a.gap * a.total for a in found), start=0 * found[0].gap) / total)
        rows.append(
            AgreementRow(
                "Seluruh sampel", str(same), str(total), f"{trace.comma(whole.percent)}%", trace.comma(whole.gap)
            )
        )
    return rows


def _pair_row(
    assessment: Assessment, worksheet: Worksheet, pair: Pair, can_settle: bool, settling: SettleForm | None
) -> PairRow:
    criterion = worksheet.criteria[pair.code]
    settled = pair.settled or {}
    texts = {"first": "Memakai jawaban penilai pertama", "second": "Memakai jawaban penilai kedua"}
    form = settle_form(pair, settling) if can_settle and pair.is_open else None
    return PairRow(
        pair.code, criterion.title, criterion.slug, _url(assessment, worksheet, pair.code),
        settled.get("first") or _answer(worksheet, pair.code, pair.first_given),
        settled.get("first_note", pair.first.note if pair.first else ""),
        settled.get("first_by", str(pair.first.changed_by or "") if pair.first else ""),
        _answer(worksheet, pair.code, pair.second_given), pair.second.note if pair.second else "",
        texts.get(settled.get("choice", ""), ""), settled.get("reason", ""), form,
    )  # fmt: skip


def _answer(worksheet: Worksheet, code: str, given: Given) -> str:
    text = trace.answer_text(worksheet.criteria[code], given)
    return f"{text} (nilai {trace.plain(given.ratio * 100)}%)" if given.ratio is not None else text


def settle_form(pair: Pair, settling: SettleForm | None) -> SettleForm:
    """Return the form of one decision: what was typed where it was refused, else an empty one."""
    if settling and settling.prefix == prefix_of(pair.code):
        return settling
    return SettleForm(
        prefix=prefix_of(pair.code), initial={"first": _version(pair.first), "second": _version(pair.second)}
    )


def prefix_of(code: str) -> str:
    """Keep the fields of several decisions on one page apart."""
    return code.replace(".", "-")


def _version(answer: Answer | None) -> int:
    return answer.version if answer else 0


def _page_name(worksheet: Worksheet, code: str) -> str:
    page = worksheet.pages[code]
    return f"{worksheet.nodes[page.parent].name}: {page.name}"


def _url(assessment: Assessment, worksheet: Worksheet, code: str) -> str:
    where = [assessment.period.year, assessment.unit.code, worksheet.page_of[code]]
    return f"{reverse('review:judge-page', args=where)}#k-{worksheet.criteria[code].slug}"


def _moment(at: Any) -> str:
    return date_format(timezone.localtime(at), "j F Y H.i") if at else ""
