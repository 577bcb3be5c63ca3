"""What the pages about completeness and submitting show, as plain strings."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.forms import Form
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from assessment import selectors, trace
from assessment.models import Assessment, State
from assessment.scoring import Check, Result
from assessment.worksheet import Worksheet
from evidence.rows import criterion_url

from .. import sptjm
from ..access import ReviewMay
from ..completeness import Report
from ..models import ConditionAnswer
from ..obstacles import may_be_proposed_early
from ..submitting import report_of, still_unchanged, submitting_step
from .todos import next_step

FEW = 12  # groups up to this size stand open


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to look at, with the place where it is done."""

    text: str
    url: str
    code: str = ""
    detail: str = ""


@dataclass(slots=True)
class Part:
    """The items of one area; `title` is empty where they belong to none."""

    title: str
    items: list[Item] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Group:
    """One kind of thing to look at."""

    slug: str
    title: str
    hint: str
    fine: str  # what is said where there is none
    parts: list[Part]
    blocks: bool = False
    is_folded: bool = False

    @property
    def count(self) -> int:
        return sum(len(part.items) for part in self.parts)

    @property
    def is_open(self) -> bool:
        return not self.is_folded and self.count <= FEW


def check(assessment: Assessment, may: ReviewMay) -> dict[str, Any]:
    """Build the page that lists what is missing or looks odd."""
    result = selectors.stage_result(assessment)
    report = report_of(assessment, result)
    groups = _groups(assessment, result, report)
    step = submitting_step(assessment.state)
    return {
        "assessment": assessment,
        "may": may,
        "is_with_unit": step is not None,
        "can_submit": step is not None and step.name in may.steps,
        "next": next_step(assessment, may, step) if step else None,
        "warnings": str(report.warnings),
        "has_warnings": bool(report.warnings),
        "found": [g for g in groups if g.count],
        "fine": [g for g in groups if not g.count],
        "answered": str(result.answered),
        "criteria": str(len(result.values)),
    }


def submit_page(assessment: Assessment, may: ReviewMay, user: User, form: Form) -> dict[str, Any]:
    """Build the page on which the head submits; the state must be one from which that is done."""
    step = submitting_step(assessment.state)
    assert step is not None  # noqa: S101  the view asked before
    result = selectors.stage_result(assessment)
    groups = _groups(assessment, result, report_of(assessment, result))
    said = sptjm.sptjm_data(assessment, user, timezone.now())
    return {
        "assessment": assessment,
        "may": may,
        "step": step,
        "next": next_step(assessment, may, step),
        "form": form,
        "errors": [str(message) for message in form.errors.get("confirm", [])] if form.is_bound else [],
        "seen": assessment.state,
        "is_again": assessment.state == State.RETURNED,
        "person": str(user),
        "role": said["signed_role"],
        "statement": said["statement"],
        "total": trace.comma(result.total),
        "answered": str(said["answered"]),
        "criteria": str(said["criteria"]),
        "documents": str(said["documents"]),
        "found": [g for g in groups if g.count and not g.blocks],
        **(_corrected(assessment, result.worksheet) if assessment.state == State.RETURNED else {}),
    }


def _corrected(assessment: Assessment, worksheet: Worksheet) -> dict[str, Any]:
    asked, unchanged = still_unchanged(assessment, worksheet)
    return {
        "asked": str(asked),
        "corrected": str(asked - len(unchanged)),
        "unchanged": [_sheet_item(assessment, worksheet, code) for code in unchanged],
    }


def _groups(assessment: Assessment, result: Result, report: Report) -> list[Group]:
    worksheet = result.worksheet
    year = assessment.period.year
    allows = assessment.period.allows_unanswered
    sheet = [_sheet_item(assessment, worksheet, code) for code in report.unanswered]
    proof = [_proof_item(assessment, worksheet, code) for code in report.unproved]
    odd = [_sheet_item(assessment, worksheet, code, text) for code, text in report.contradictions]
    old = [_proof_item(assessment, worksheet, p.code, f"{p.title} (tahun {p.year})") for p in report.other_year]
    return [
        Group(
            "belum-dijawab", "Belum dijawab",
            "Kriteria yang belum dijawab dinilai 0." if allows else "Semua kriteria harus dijawab sebelum diajukan.",
            "Semua kriteria sudah dijawab.", _by_page(worksheet, sheet), blocks=not allows,
        ),
        Group(
            "tanpa-bukti", "Jawaban tanpa bukti dukung",
            "Jawaban ini di atas pilihan terendah, tetapi belum ada buktinya.",
            "Setiap jawaban di atas pilihan terendah ada buktinya.", _by_page(worksheet, proof),
        ),
        Group(
            "bertentangan", "Isian yang perlu diperiksa", "Isian ini janggal atau bertentangan dengan isian lain.",
            "Tidak ada isian yang bertentangan.", _by_page(worksheet, odd),
        ),
        Group(
            "tahun-lain", "Dokumen dari tahun lain", f"Tahun yang dibuktikan dokumen ini bukan {year}.",
            f"Semua bukti membuktikan tahun {year}.", _by_page(worksheet, old),
        ),
        Group(
            "ambang", f"Ambang {assessment.get_target_display()} belum tercapai",
            "Penilaian tetap dapat diajukan, tetapi predikat menuntut semua ambang tercapai.",
            f"Semua ambang {assessment.get_target_display()} tercapai.",
            [Part("", [_check_item(assessment, worksheet, c) for c in report.failing])],
        ),
        _conditions_group(assessment, report),
        _expected_group(assessment, worksheet, report),
    ]  # fmt: skip


def _conditions_group(assessment: Assessment, report: Report) -> Group:
    url = reverse("review:conditions", args=[assessment.period.year, assessment.unit.code])
    hint = "Syarat ini harus terpenuhi sebelum unit diusulkan kepada TPN."
    if may_be_proposed_early(assessment):
        hint = "Unit afirmasi dapat diusulkan sambil memenuhi syarat ini."
    items = [
        Item(c.text, f"{url}#s-{c.key}", detail=str(ConditionAnswer.Met(c.met).label)) for c in report.conditions
    ]  # fmt: skip
    return Group(
        "syarat", "Syarat pengusulan belum terpenuhi", hint, "Semua syarat pengusulan terpenuhi.", [Part("", items)]
    )  # fmt: skip


def _expected_group(assessment: Assessment, worksheet: Worksheet, report: Report) -> Group:
    items = []
    for code, found in report.areas.items():
        text = f"{found.expected - found.found} dari {found.expected} dokumen belum ada"
        items.append(Item(_page_name(worksheet, code), _page_url(assessment, code), detail=text))
    return Group(
        "dokumen", "Dokumen yang diharapkan belum lengkap",
        "Tidak semua dokumen harus ada; penilai melihat apakah bukti yang ada cukup.",
        "Semua dokumen yang diharapkan sudah ada.", [Part("", items)], is_folded=True,
    )  # fmt: skip


def _by_page(worksheet: Worksheet, items: Iterable[Item]) -> list[Part]:
    parts: dict[str, Part] = {}
    for item in items:
        page = worksheet.page_of[item.code]
        parts.setdefault(page, Part(_page_name(worksheet, page))).items.append(item)
    return list(parts.values())


def _page_name(worksheet: Worksheet, page: str) -> str:
    node = worksheet.pages[page]
    return f"{worksheet.nodes[node.parent].name}: {node.name}"


def _page_url(assessment: Assessment, page: str) -> str:
    return reverse("assessment:page", args=[assessment.period.year, assessment.unit.code, page])


def _sheet_item(assessment: Assessment, worksheet: Worksheet, code: str, detail: str = "") -> Item:
    criterion = worksheet.criteria[code]
    url = f"{_page_url(assessment, worksheet.page_of[code])}#k-{criterion.slug}"
    return Item(criterion.title, url, code, detail)


def _proof_item(assessment: Assessment, worksheet: Worksheet, code: str, detail: str = "") -> Item:
    return Item(worksheet.criteria[code].title, criterion_url(assessment, code), code, detail)


def _check_item(assessment: Assessment, worksheet: Worksheet, check: Check) -> Item:
    where = [assessment.period.year, assessment.unit.code]
    is_place = check.subject in worksheet.nodes or check.subject in worksheet.criteria
    if check.measure == "award":
        return Item(check.name, reverse("review:record", args=where[1:]), detail="belum")
    url = reverse("assessment:explain", args=[*where, check.subject]) if is_place else ""
    url = url or reverse("assessment:explain-total", args=where)
    sign = "%" if check.measure == "area" else ""
    return Item(
        check.name, url, detail=f"{trace.comma(check.value)}{sign}, minimum {trace.comma(check.minimum)}{sign}"
    )  # fmt: skip
