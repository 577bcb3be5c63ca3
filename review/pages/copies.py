"""What the list of fixed copies and the receipt of one show, as plain strings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from assessment import selectors, trace
from assessment.models import Assessment, Snapshot
from assessment.scoring import Given
from assessment.worksheet import Worksheet
from evidence.models import Attachment
from evidence.models.document import LINK

from ..access import ReviewMay
from ..copies import Proof, copies_of, proof_of
from ..models import ConditionAnswer
from ..workflow import STEPS

VERDICTS = {str(value): str(label) for value, label in Attachment.Verdict.choices}


@dataclass(frozen=True, slots=True)
class CopyRow:
    """One fixed copy in the list."""

    title: str
    round: str
    stage: str
    at: str
    by: str
    total: str
    digest: str  # its beginning
    url: str


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One frozen answer."""

    code: str
    title: str
    answer: str
    note: str
    ratio: str
    reason: str
    changed: str


@dataclass(slots=True)
class AreaPart:
    """The frozen answers of one area."""

    title: str
    total: int
    rows: list[AnswerRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One frozen piece of evidence."""

    title: str
    place: str
    version: str
    fingerprint: str  # SHA-256 of a file, the address of a link
    is_link: bool
    page_ref: str
    verdict: str
    url: str
    is_lost: bool


def snapshots(assessment: Assessment, may: ReviewMay) -> dict[str, Any]:
    """Build the list of fixed copies: one query."""
    return {
        "assessment": assessment,
        "may": may,
        "copies": [_copy_row(assessment, copy) for copy in copies_of(assessment, may)],
    }


def _copy_row(assessment: Assessment, copy: Any) -> CopyRow:
    url = reverse("review:snapshot", args=[assessment.period.year, assessment.unit.code, copy.pk])
    total = trace.comma(Decimal(copy.total)) if copy.total else ""
    return CopyRow(
        copy.get_kind_display(), str(copy.round), copy.get_stage_display(), moment(copy.at), _person(copy), total,
        copy.digest[:12], url,
    )  # fmt: skip


def snapshot(assessment: Assessment, may: ReviewMay, copy: Snapshot) -> dict[str, Any]:
    """Build the receipt of a fixed copy, checked now: two queries."""
    proof = proof_of(assessment, copy)
    data = copy.data
    worksheet = selectors.worksheet_of(assessment.period.instrument)
    papers = _papers(assessment, copy, worksheet, proof)
    return {
        "assessment": assessment,
        "may": may,
        "copy": copy,
        "title": copy.get_kind_display(),
        "at": moment(copy.at),
        "by": _person(copy),
        "step": STEPS[data["step"]].done if data.get("step") in STEPS else "",
        "reason": data.get("reason", ""),
        "head": data.get("head", {}),
        "total": trace.comma(Decimal(data["scores"]["total"])),
        "provisional": trace.comma(Decimal(data["scores"]["provisional_total"])),
        "counted": data.get("counted", {}),
        "predicates": [(name, found["passed"]) for name, found in data["scores"]["predicates"].items()],
        "proof": proof,
        "checks": _checks(proof, papers),
        "checked_at": moment(timezone.now()),
        "areas": _areas(worksheet, data.get("answers", {})),
        "papers": papers,
        "conditions": [
            (c["text"], str(ConditionAnswer.Met(c["met"]).label), c["note"]) for c in data.get("conditions", [])
        ],
        "has_sptjm": "sptjm" in data,
        "has_lhe": "lhe" in data,
    }  # fmt: skip


def _checks(proof: Proof, papers: list[PaperRow]) -> list[tuple[bool, str]]:
    """Return what was looked at: whether it is as it was, and what there is to say."""
    number = f" nomor {proof.event.number}" if proof.event else ""
    return [
        (
            proof.is_intact,
            "Isi salinan sama dengan sidik jarinya." if proof.is_intact
            else "Isi salinan tidak sama lagi dengan sidik jarinya.",
        ),
        (
            proof.is_carried,
            f"Sidik jari yang sama tercatat pada riwayat{number}." if proof.is_carried
            else "Riwayat tidak memuat sidik jari salinan ini.",
        ),
        (
            not proof.lost,
            f"{len(papers)} bukti yang disalin masih tersimpan dalam versi yang sama." if not proof.lost
            else f"{len(proof.lost)} bukti yang disalin tidak ada lagi atau versinya berbeda.",
        ),
    ]  # fmt: skip


def _areas(worksheet: Worksheet, answers: Mapping[str, Any]) -> list[AreaPart]:
    parts: dict[str, AreaPart] = {}
    for code in worksheet.criteria:
        page = worksheet.pages[worksheet.page_of[code]]
        title = f"{worksheet.nodes[page.parent].name}: {page.name}"
        part = parts.setdefault(page.code, AreaPart(title, 0))
        part.total += 1
        if code in answers:
            part.rows.append(_answer_row(worksheet, code, answers[code]))
    return list(parts.values())


def _answer_row(worksheet: Worksheet, code: str, kept: Mapping[str, Any]) -> AnswerRow:
    criterion = worksheet.criteria[code]
    index = Decimal(kept["index"]) if kept["index"] else None
    given = Given(choice=kept["choice"], counts=tuple(kept["counts"]), index=index)
    ratio = f"{trace.plain(Decimal(kept['ratio']) * 100)}%" if kept["ratio"] else ""
    changed = f"{kept['by'] or '—'}, {moment(datetime.fromisoformat(kept['at']))}"
    return AnswerRow(
        code, criterion.title, trace.answer_text(criterion, given), kept["note"], ratio, kept["reason"], changed
    )  # fmt: skip


def _papers(assessment: Assessment, copy: Snapshot, worksheet: Worksheet, proof: Proof) -> list[PaperRow]:
    lost = {item["attachment"] for item in proof.lost}
    texts = {c["key"]: c["text"] for c in copy.data.get("conditions", [])}
    return [_paper(assessment, copy, worksheet, texts, i, i["attachment"] in lost) for i in copy.data["evidence"]]


def _paper(
    assessment: Assessment, copy: Snapshot, worksheet: Worksheet, texts: Mapping[str, str], item: Mapping[str, Any],
    is_lost: bool,
) -> PaperRow:  # fmt: skip
    code = item["criterion"]
    place = (
        f"{code} {worksheet.criteria[code].title}" if code in worksheet.criteria else texts.get(item["condition"], "")
    )
    # Only the verdicts of the copied stage: another one's may not be for those who read this copy.
    verdict = item["verdicts"].get(copy.stage, {}).get("verdict", "")
    is_link = item["kind"] == LINK
    where = [assessment.unit.code, item["document"], item["version"]]
    return PaperRow(
        title=item["title"], place=place, version=str(item["version"]),
        fingerprint=item["url"] if is_link else item["sha256"], is_link=is_link, page_ref=item["page_ref"],
        verdict=VERDICTS.get(verdict, ""),
        url=item["url"] if is_link else reverse("evidence:file", args=where), is_lost=is_lost,
    )  # fmt: skip


def _person(copy: Snapshot) -> str:
    return str(copy.by) if copy.by else "Sistem"


def moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "j F Y H.i.s")
