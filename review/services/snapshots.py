"""Fixed copies: what a stage was when somebody submitted or decided."""

from datetime import datetime
from typing import Any

from django.db.models import Max, Prefetch

from accounts.models import Unit, User
from assessment import history, selectors
from assessment.models import Answer, Assessment, Snapshot
from assessment.scoring import Result
from assessment.worksheet import Worksheet
from evidence.models import Attachment, Pin
from evidence.models.document import LINK

from ..models import ConditionAnswer, Verdict
from ..selectors import conditions_of


def make_snapshot(
    row: Assessment, *, kind: str, stage: str, by: User | None, at: datetime, extra: dict[str, Any]
) -> Snapshot:
    """Write down a locked assessment's stage for good; `extra` is added to the data as it is.

    Evidence is named in the versions that were pinned last, so pins come first. The caller writes the event that
    holds the digest.
    """
    last = row.snapshots.filter(kind=kind).aggregate(last=Max("round"))["last"] or 0
    made = Snapshot(assessment=row, kind=kind, stage=stage, round=last + 1, at=at, by=by, data={}, digest="")
    made.data = content_of(row, stage) | extra
    made.digest = digest_of(made)
    made.save()
    return made


def content_of(row: Assessment, stage: str) -> dict[str, Any]:
    """Return what a fixed copy of a stage holds now: eight queries."""
    worksheet = selectors.worksheet_of(row.period.instrument)
    answers = selectors.answers_of(row, stage)
    result = selectors.result_of(row, answers)
    return {
        "head": head_of(row, worksheet),
        "stage": stage,
        "answers": {code: _answer_data(worksheet, answers[code]) for code in worksheet.criteria if code in answers},
        "scores": selectors.score_data(row, stage, result),
        "counted": _counts(result),
        "evidence": _evidence_data(row, worksheet),
        "conditions": condition_data(row),
        "history": {"count": row.event_count, "head": row.event_head},
    }


def head_of(row: Assessment, worksheet: Worksheet) -> dict[str, Any]:
    """Return what every document of an assessment names."""
    period, unit = row.period, row.unit
    return {
        "agency": agency_of(unit),
        "unit": unit.name,
        "unit_code": unit.code,
        "parent": unit.parent.name if unit.parent else "",
        "year": period.year,
        "period": period.name,
        "target": row.target,
        "target_label": row.get_target_display(),
        "instrument": worksheet.name,
        "legal_basis": worksheet.legal_basis,
        "instrument_hash": worksheet.content_hash,
    }


def agency_of(unit: Unit) -> str:
    """Return the name at the top of the unit's tree."""
    return top_of(unit).name


def top_of(unit: Unit) -> Unit:
    """Return the unit at the top of the tree: one query, none for itself."""
    top = int(unit.path.strip("/").split("/")[0])
    return unit if top == unit.pk else Unit.objects.get(pk=top)


def _answer_data(worksheet: Worksheet, answer: Answer) -> dict[str, Any]:
    given = selectors.given_of(worksheet, answer)
    return {
        "choice": given.choice,
        "counts": list(given.counts),
        "index": str(given.index) if given.index is not None else "",
        "ratio": str(given.ratio) if given.ratio is not None else "",
        "reason": given.reason,
        "note": answer.note,
        "version": answer.version,
        "by": str(answer.changed_by) if answer.changed_by else "",
        "at": history.moment(answer.changed_at),
    }


def _counts(result: Result) -> dict[str, int]:
    return {"answered": result.answered, "criteria": len(result.values)}


def _evidence_data(row: Assessment, worksheet: Worksheet) -> list[dict[str, Any]]:
    pins = Prefetch("pins", Pin.objects.select_related("version__blob").order_by("at"))
    verdicts = Prefetch("verdicts", Verdict.objects.order_by("stage"))
    live = Attachment.objects.filter(assessment=row, detached_at=None).select_related(
        "document__current__blob", "expected", "condition"
    )
    rows = live.prefetch_related(pins, verdicts).order_by("attached_at", "pk")
    return [_attachment_data(worksheet, attachment) for attachment in rows]


def _attachment_data(worksheet: Worksheet, attachment: Attachment) -> dict[str, Any]:
    pinned = [pin.version for pin in attachment.pins.all()]
    document = attachment.document
    version = pinned[-1] if pinned else document.versions.latest("number")
    return {
        "attachment": str(attachment.pk),
        "criterion": worksheet.code_of.get(attachment.criterion_id, "") if attachment.criterion_id else "",
        "condition": attachment.condition.key if attachment.condition else "",
        "document": str(document.pk),
        "title": document.title,
        "number": document.number,
        "dated": document.dated.isoformat() if document.dated else "",
        "year": document.year,
        "version": version.number,
        "kind": version.kind,
        "sha256": version.blob_id or "",
        "url": version.url if version.kind == LINK else "",
        "page_ref": attachment.page_ref,
        "expected": attachment.expected.title if attachment.expected else "",
        "verdicts": {v.stage: {"verdict": v.verdict, "reason": v.reason} for v in attachment.verdicts.all()},
    }


def condition_data(row: Assessment) -> list[dict[str, str]]:
    """Return what the unit said about each condition of Tabel 5: two queries."""
    answers = {a.condition_id: a for a in ConditionAnswer.objects.filter(assessment=row)}
    found = []
    for condition in conditions_of(row):
        answer = answers.get(condition.pk)
        found.append({
            "key": condition.key, "text": condition.text, "scope": condition.scope,
            "met": answer.met if answer else "", "note": answer.note if answer else "",
        })  # fmt: skip
    return found


def digest_of(snapshot: Snapshot) -> str:
    """Return the SHA-256 over a fixed copy's content and circumstances."""
    return history.copy_digest(snapshot)


def is_intact(snapshot: Snapshot) -> bool:
    """Tell whether a fixed copy still is what its digest says."""
    return digest_of(snapshot) == snapshot.digest
