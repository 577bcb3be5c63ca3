"""One criterion with both sides: the unit's answer and documents, the reviewer's answer, what came back different."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from assessment import scoring, trace
from assessment.cards import Card, card_of, conflicting
from assessment.models import Assessment, Return, Snapshot
from assessment.scoring import Rule
from assessment.worksheet import Criterion

from ...access import ReviewMay
from ...forms.judging import JudgeForm
from ...models import Finding
from ...services.returns import mark_of
from .documents import DOUBTFUL, Document, documents_of
from .look import Asked, Bound
from .material import Material, differs_from_unit, said


@dataclass(frozen=True, slots=True)
class UnitSide:
    """What the unit answered."""

    text: str
    chosen: str  # the letter's key
    note: str
    value: str
    changed: str
    is_answered: bool


@dataclass(slots=True)
class JudgeCard:
    """One criterion, both sides."""

    card: Card
    unit: UnitSide
    prelim: str
    ratio: str
    reason: str
    wants_ratio: bool  # a zero denominator that TPI decides on
    is_open: bool
    is_judged: bool
    differs: bool
    is_back: bool  # came back different and was not looked at since
    changes: list[tuple[str, str, str]]
    documents: list[Document]
    findings: int
    return_reason: str
    return_mark: str  # tells this reason from another one
    is_hidden: bool = False  # left out by the filter

    @property
    def criterion(self) -> Criterion:
        return self.card.criterion

    @property
    def is_doubtful(self) -> bool:
        return any(d.verdict in DOUBTFUL for d in self.documents)


def cards_of(
    assessment: Assessment, may: ReviewMay, found: Material, codes: Collection[str], look: Asked, bound: Bound
) -> list[JudgeCard]:
    """Build the cards of some criteria: seven queries."""
    documents = documents_of(assessment, found, codes, look, bound)
    findings = _findings(assessment, codes) if may.judge or may.close else {}
    reasons = _reasons(assessment) if may.judge else {}
    before = _before(assessment) if any(code in found.back for code in codes) else {}
    return [
        _card(assessment, may, found, code, bound.forms.get(code), documents[code], findings, reasons, before)
        for code in codes
    ]


def _card(
    assessment: Assessment, may: ReviewMay, found: Material, code: str, form: JudgeForm | None,
    documents: list[Document], findings: Mapping[str, int], reasons: Mapping[str, str],
    before: Mapping[str, Mapping[str, Any]],
) -> JudgeCard:  # fmt: skip
    worksheet = found.result.worksheet
    criterion = worksheet.criteria[code]
    card = card_of(found.result, criterion, found.answers.get(code), form)
    if form and not form.errors:
        card = conflicting(card, found.result, found.answers.get(code))
    card.is_open = may.base.judge_criterion(code)
    given = found.result.given.get(code, scoring.NOTHING)
    plain = scoring.value_of(criterion, replace(found.unit_result.given.get(code, scoring.NOTHING), ratio=None))
    ours = scoring.value_of(criterion, replace(given, ratio=None))
    return JudgeCard(
        card=card,
        unit=unit_side(found, criterion),
        prelim=_prelim(found, criterion),
        ratio=form.text("ratio") if form else (trace.plain(given.ratio * 100) if given.ratio is not None else ""),
        reason=form.text("reason") if form else given.reason,
        wants_ratio=Rule.ZERO_UNDECIDED in {plain.rule, ours.rule},
        is_open=card.is_open,
        is_judged=found.result.values[code].is_answered,
        differs=differs_from_unit(found, code),
        is_back=code in found.back,
        changes=_changes(found, criterion, before.get(code, {}), documents) if code in found.back else [],
        documents=documents,
        findings=findings.get(code, 0),
        return_reason=reasons.get(code, ""),
        return_mark=mark_of(reasons.get(code, "")),
    )


def unit_side(found: Material, criterion: Criterion) -> UnitSide:
    given = found.unit_result.given.get(criterion.code, scoring.NOTHING)
    answer = found.units.get(criterion.code)
    value = found.unit_result.values[criterion.code]
    return UnitSide(
        text=trace.answer_text(criterion, given) or "Belum dijawab",
        chosen=given.choice,
        note=answer.note if answer else "",
        value=trace.plain(value.value) if value.value is not None else "",
        changed=said(answer.changed_by, answer.changed_at) if answer else "",
        is_answered=value.is_answered,
    )


def _prelim(found: Material, criterion: Criterion) -> str:
    if found.prelim is None:
        return ""
    return trace.answer_text(criterion, found.prelim.given.get(criterion.code, scoring.NOTHING)) or "belum dinilai"


def _findings(assessment: Assessment, codes: Collection[str]) -> dict[str, int]:
    """Count the findings of these criteria: on this assessment, and open ones of earlier years. One query."""
    found: dict[str, int] = {}
    rows = Finding.objects.filter(assessment__unit=assessment.unit_id, criterion__code__in=codes)
    for code, owner, state in rows.values_list("criterion__code", "assessment", "state"):
        if owner == assessment.pk or state != Finding.State.CLOSED:
            found[code] = found.get(code, 0) + 1
    return found


def _reasons(assessment: Assessment) -> dict[str, str]:
    """Return what is on the list of corrections that is being collected: one query."""
    rows = Return.objects.filter(assessment=assessment, sent_at=None, items__isnull=False)
    return dict(rows.values_list("items__criterion__code", "items__reason"))


def _before(assessment: Assessment) -> dict[str, dict[str, Any]]:
    """Return answers and documents of the submission before the last, by criterion: one query."""
    last = list(assessment.snapshots.filter(kind=Snapshot.Kind.SUBMISSION).order_by("-round")[:2])
    if len(last) < 2:
        return {}
    data = last[1].data
    found = {code: {"answer": answer, "documents": []} for code, answer in data["answers"].items()}
    for item in data["evidence"]:
        if item["criterion"]:
            made = found.setdefault(item["criterion"], {"answer": {}, "documents": []})
            made["documents"].append(f"{item['title']} (versi {item['version']})")
    return found


def _changes(
    found: Material, criterion: Criterion, before: Mapping[str, Any], documents: list[Document]
) -> list[tuple[str, str, str]]:
    """Return what came back different: (what, before, now)."""
    old = before.get("answer") or {}
    given = scoring.Given(
        choice=old.get("choice", ""), counts=tuple(old.get("counts", ())),
        index=Decimal(old["index"]) if old.get("index") else None,
    )  # fmt: skip
    side = unit_side(found, criterion)
    now = sorted(f"{d.row.document.title} ({d.row.document.version.label.lower()})" for d in documents)
    rows = [
        ("Jawaban", trace.answer_text(criterion, given) or "Belum dijawab", side.text),
        ("Catatan", old.get("note", ""), side.note),
        ("Bukti", ", ".join(sorted(before.get("documents", []))), ", ".join(now)),
    ]
    return [(name, one or "—", two or "—") for name, one, two in rows if one != two]
