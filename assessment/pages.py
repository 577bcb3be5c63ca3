"""The contexts of the pages: what a template is given, and nothing it would have to compute."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format

from . import charts, trace
from .access import May
from .cards import Card, Row, card_of, conflicting, figures_of, rows_of
from .forms import AnswerForm
from .models import Answer, Assessment, Event, Scorecard, Stage, State
from .scoring import Result
from .services import Outcome, Recorded
from .worksheet import Node, Worksheet


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One threshold on a page."""

    name: str
    value: str
    minimum: str
    gap: str
    passed: bool
    decides: bool
    link: str  # the node it is about; "" for none


@dataclass(frozen=True, slots=True)
class PredicateBox:
    code: str
    label: str
    is_target: bool
    passed: bool
    missing: int
    rows: list[CheckRow]
    others: list[CheckRow]  # the reading of the area minimum that does not decide


@dataclass(frozen=True, slots=True)
class OpenPage:
    """What is still unanswered on one page."""

    code: str
    title: str
    section: str
    criteria: list[tuple[str, str, str]]  # slug, marker, title


def overview(assessment: Assessment, may: May, worksheet: Worksheet, card: Scorecard) -> dict[str, Any]:
    """Build the overview from the stored scorecard."""
    return {
        "assessment": assessment,
        "may": may,
        "card": card,
        "total": trace.comma(card.total),
        "provisional": trace.comma(card.provisional_total),
        "answered": str(card.answered),
        "criteria": str(card.criteria),
        "percent": str(card.percent_answered),
        "rows": rows_of(worksheet, card.nodes),
        "boxes": _boxes(assessment, worksheet, card.checks),
        "chart": charts.area_chart(charts.areas_of_checks(worksheet, card.checks)),
        "open_pages": _open_pages(worksheet, card.unanswered),
        "window": window_text(assessment),
        "first_page": next(iter(worksheet.pages)),
    }


def area(
    assessment: Assessment,
    may: May,
    node: Node,
    result: Result,
    answers: Mapping[str, Answer],
    bound: Mapping[str, AnswerForm],
) -> dict[str, Any]:
    """Build one page of the form; `bound` has the forms to show as typed, refused or conflicting."""
    worksheet = result.worksheet
    groups = [
        (figures_of(result, [n.code])[0], [_card(result, c.code, answers, bound, may) for c in n.criteria])
        for n in node.walk()
        if n.criteria
    ]
    codes = list(worksheet.pages)
    place = codes.index(node.code)
    return {
        "assessment": assessment,
        "may": may,
        "can_answer": may.answer_page(worksheet, node.code),
        "node": node,
        "section": worksheet.nodes[node.parent].name,
        "groups": groups,
        "head": figures_of(result, [node.code])[0],
        "totals": totals(result),
        "tree": side_tree(result, node),
        "refused": [c for _, cards in groups for c in cards if c.errors or c.conflict],
        "start": _criterion_before(worksheet, node),
        "before": worksheet.pages[codes[place - 1]] if place else None,
        "after": worksheet.pages[codes[place + 1]] if place + 1 < len(codes) else None,
        "closed": closed_text(assessment, may, node),
    }


def _criterion_before(worksheet: Worksheet, page: Node) -> str:
    """Return the code of the last criterion before a page; "" on the first page."""
    order = list(worksheet.criteria)
    place = order.index(next(page.all_criteria()).code)
    return order[place - 1] if place else ""


def _card(result: Result, code: str, answers: Mapping[str, Answer], bound: Mapping[str, AnswerForm], may: May) -> Card:
    form = bound.get(code)
    card = card_of(result, result.worksheet.criteria[code], answers.get(code), form)
    card.is_open = may.answer_criterion(result.worksheet, code)
    return conflicting(card, result, answers.get(code)) if form and not form.errors else card


def totals(result: Result) -> dict[str, str]:
    """Return the figures in the head of every page of the form."""
    return {
        "score": trace.comma(result.total),
        "provisional": trace.comma(result.provisional_total),
        "answered": str(result.answered),
        "criteria": str(len(result.values)),
        "percent": str(result.answered * 100 // len(result.values)),
    }


def figures_above(result: Result, page: Node, code: str) -> list[Row]:
    """Return the rows on a page whose figures change with a criterion: its sub-area and the page itself."""
    above = result.worksheet.ancestors(code)
    return figures_of(result, [n.code for n in above if n.criteria or n.code == page.code])


@dataclass(frozen=True, slots=True)
class TreePage:
    row: Row
    is_here: bool
    groups: list[tuple[Row, list[tuple[str, str, str, bool]]]]  # sub-area, its criteria: slug, marker, title, answered


def side_tree(result: Result, here: Node) -> list[tuple[str, list[TreePage]]]:
    """Return the pages by section; the present one with its sub-areas and criteria."""
    worksheet = result.worksheet
    sections: dict[str, list[TreePage]] = {}
    for page in worksheet.pages.values():
        section = worksheet.nodes[page.parent]
        groups = [_tree_group(result, n) for n in page.walk() if n.criteria] if page.code == here.code else []
        item = TreePage(figures_of(result, [page.code])[0], page.code == here.code, groups)
        sections.setdefault(section.name, []).append(item)
    return list(sections.items())


def _tree_group(result: Result, node: Node) -> tuple[Row, list[tuple[str, str, str, bool]]]:
    criteria = [(c.slug, c.marker, c.title, result.values[c.code].is_answered) for c in node.criteria]
    return figures_of(result, [node.code])[0], criteria


def _boxes(assessment: Assessment, worksheet: Worksheet, checks: list[dict[str, Any]]) -> list[PredicateBox]:
    boxes = []
    for code in worksheet.predicates:
        rows = [_check_row(worksheet, c) for c in checks if c["predicate"] == code]
        deciding = [r for r in rows if r.decides]
        missing = sum(not r.passed for r in deciding)
        label = {"WBK": "Menuju WBK", "WBBM": "Menuju WBBM"}.get(code, code)
        others = [r for r in rows if not r.decides]
        boxes.append(PredicateBox(code, label, code == assessment.target, missing == 0, missing, deciding, others))
    return sorted(boxes, key=lambda box: not box.is_target)


def _check_row(worksheet: Worksheet, check: Mapping[str, Any]) -> CheckRow:
    value, minimum = Decimal(check["value"]), Decimal(check["minimum"])
    if check["measure"] == "award":
        return CheckRow(check["name"], "Ya" if value else "Belum", "Ya", "", value >= minimum, check["decides"], "")
    sign = "%" if check["measure"] == "area" else ""
    gap = trace.comma(max(minimum - value, Decimal(0)))
    link = check["subject"] if check["subject"] in worksheet.nodes or check["subject"] in worksheet.criteria else ""
    return CheckRow(
        check["name"], trace.comma(value) + sign, trace.comma(minimum) + sign, gap + sign,
        value >= minimum, check["decides"], link,
    )  # fmt: skip


def _open_pages(worksheet: Worksheet, unanswered: Iterable[str]) -> list[OpenPage]:
    found: dict[str, OpenPage] = {}
    for code in unanswered:
        criterion = worksheet.criteria[code]
        page = worksheet.pages[worksheet.page_of[code]]
        section = worksheet.nodes[page.parent].name
        item = found.setdefault(page.code, OpenPage(page.code, page.name, section, []))
        item.criteria.append((criterion.slug, criterion.marker, criterion.title))
    return list(found.values())


def next_open(worksheet: Worksheet, unanswered: list[str], after: str) -> str | None:
    """Return the first unanswered criterion after `after` in worksheet order, else the first of all."""
    order = list(worksheet.criteria)
    place = order.index(after) if after in worksheet.criteria else -1
    later = [code for code in unanswered if order.index(code) > place]
    return later[0] if later else (unanswered[0] if unanswered else None)


def anchor(worksheet: Worksheet, slug: str) -> str:
    """Return the address of the sub-area or criterion whose button was pressed; "" for anything else."""
    if any(slug == n.slug for n in worksheet.nodes.values()):
        return f"#s-{slug}"
    return f"#k-{slug}" if any(slug == c.slug for c in worksheet.criteria.values()) else ""


def tell(request: HttpRequest, recorded: Recorded, invalid: int, conflicts: int) -> None:
    """Say what a saved page came to."""
    saved = sum(o == Outcome.SAVED for o in recorded.outcomes.values())
    if saved:
        messages.success(request, f"{saved} jawaban tersimpan.")
    elif not invalid and not conflicts:
        messages.info(request, "Tidak ada perubahan; semua jawaban sudah tersimpan.")
    if invalid:
        messages.error(request, f"{invalid} jawaban belum tersimpan. Perbaiki yang ditandai di bawah ini.")
    if conflicts:
        messages.warning(request, f"{conflicts} jawaban diubah orang lain sementara Anda mengisi. Pilih yang dipakai.")


def window_text(assessment: Assessment) -> str:
    """Say when units may fill in: "1 Januari 2026 00.00 sampai 31 Mei 2026 23.59"."""
    opens, closes = (timezone.localtime(t) for t in (assessment.period.unit_opens, assessment.period.unit_closes))
    return f"{date_format(opens, 'j F Y H.i')} sampai {date_format(closes, 'j F Y H.i')}"


OTHER_AREA = "Area ini bukan bagian Anda; Anda hanya dapat melihatnya."
NOT_RETURNED = "Tidak ada kriteria di lembar ini yang dikembalikan; Anda hanya dapat melihatnya."
# Why nothing can be changed, where the state alone says it.
CLOSED_BY_STATE = {
    State.UNFIT: "Unit ini dinyatakan belum layak dinilai TPI. Admin dapat membukanya kembali.",
    State.FULFILS: "Penilaian sudah diputuskan; jawaban unit tidak dapat diubah lagi.",
    State.NOT_YET: "Penilaian sudah diputuskan; jawaban unit tidak dapat diubah lagi.",
    State.PROPOSED: "Unit sudah diusulkan kepada TPN; jawaban unit tidak dapat diubah lagi.",
    State.RESULT: "Hasil TPN sudah dicatat; jawaban unit tidak dapat diubah lagi.",
}


def closed_text(assessment: Assessment, may: May, page: Node) -> str:
    """Say why a page cannot be filled in by somebody; it is for one that cannot."""
    state, period = State(assessment.state), assessment.period
    if may.answer:
        return OTHER_AREA if may.areas and page.area_key not in may.areas else NOT_RETURNED
    if state == State.RETURNED:
        team = "Batas waktu perbaikan sudah lewat." if may.is_team else "Tim unit sedang memperbaikinya."
        return f"Penilaian ini dikembalikan untuk diperbaiki. {team} Anda hanya dapat melihat lembar ini."
    if state != State.DRAFT:
        default = "Penilaian sudah diajukan; jawaban unit tidak dapat diubah selama dinilai."
        return CLOSED_BY_STATE.get(state, default)
    if may.is_team and timezone.now() >= period.unit_closes:
        return f"Waktu pengisian sudah lewat: {window_text(assessment)}. Anda hanya dapat melihat lembar ini."
    return f"Anda hanya dapat melihat lembar ini. Pengisian {window_text(assessment)} oleh tim unit."


@dataclass(frozen=True, slots=True)
class EventRow:
    number: str
    at: str
    by: str
    what: str
    code: str
    title: str
    changes: list[tuple[str, str, str]]  # field, before, after
    stage: str  # "" for the unit's own
    said: str  # the reason or conclusion that came with it


FIELD_NAMES = {
    "choice": "Jawaban", "counts": "Jumlah", "index": "Indeks", "note": "Catatan", "target": "Target",
    "ratio": "Nilai ditetapkan", "reason": "Alasan", "document": "Dokumen", "version": "Versi",
    "expected": "Memenuhi", "page_ref": "Halaman", "verdict": "Hasil pemeriksaan", "return": "Yang perlu diperbaiki",
    "met": "Keadaan", "state": "Status", "text": "Isi", "due_on": "Tenggat", "kind": "Jenis", "team": "Tim",
    "activity": "Kegiatan", "output": "Keluaran", "in_charge": "Penanggung jawab", "month": "Bulan target",
    "status": "Status", "realised_on": "Realisasi", "proof": "Bukti pelaksanaan", "place": "Bagian",
    "leader": "Ketua tim kerja", "suggestion": "Jawaban periode lalu",
}  # fmt: skip


# What the history keeps in code and people read in words.
VALUE_NAMES: Mapping[str, Mapping[str, str]] = {
    "verdict": {
        "unchecked": "Belum diperiksa", "sufficient": "Sesuai", "partial": "Kurang", "unfit": "Tidak relevan",
    },
    "met": {"ya": "Terpenuhi", "proses": "Sedang dipenuhi", "tidak": "Belum terpenuhi"},
    "state": {"open": "Terbuka", "answered": "Sudah ditindaklanjuti", "closed": "Selesai"},
    "kind": {"remark": "Catatan", "recommendation": "Rekomendasi", "strength": "Kekuatan"},
}  # fmt: skip


def event_rows(worksheet: Worksheet, events: Iterable[Event]) -> list[EventRow]:
    return [
        EventRow(
            str(e.number),
            date_format(timezone.localtime(e.at), "j F Y H.i.s"),
            str(e.actor) if e.actor else "Sistem",
            e.get_kind_display(),
            e.criterion,
            worksheet.criteria[e.criterion].title if e.criterion in worksheet.criteria else "",
            _changes(worksheet, e),
            "" if e.stage == Stage.UNIT else e.get_stage_display(),
            str(e.data.get("reason") or e.data.get("message") or e.data.get("condition") or ""),
        )
        for e in events
    ]


def _changes(worksheet: Worksheet, event: Event) -> list[tuple[str, str, str]]:
    before, after = event.data.get("from"), event.data.get("to")
    if event.kind == Event.Kind.MOVED:
        return [("Status", State(before).label, State(after).label)]
    if isinstance(before, str):
        return [("Target", before, str(after))]
    if not isinstance(before, dict) or not isinstance(after, dict):
        return []
    return [
        (FIELD_NAMES.get(str(key), str(key)), _plain(key, before.get(key)), _plain(key, after[key]))
        for key in after
        if before.get(key) != after[key] and (before.get(key) or after[key])
    ]


# How the days and months that the history keeps in ISO form are read.
DAY_FORMATS = {"due_on": ("%Y-%m-%d", "j F Y"), "realised_on": ("%Y-%m-%d", "j F Y"), "month": ("%Y-%m", "F Y")}


def _day(key: str, value: str) -> str:
    kept, shown = DAY_FORMATS[key]
    try:
        return date_format(datetime.strptime(value, kept), shown)
    except ValueError:
        return value


def _plain(key: str, value: Any) -> str:
    if key in DAY_FORMATS and value:
        return _day(key, str(value))
    if key == "choice":
        return {"Y": "Ya", "T": "Tidak", "": "—"}.get(value, str(value))
    if key in VALUE_NAMES and value in VALUE_NAMES[key]:
        return VALUE_NAMES[key][value]
    if key == "counts":
        return " / ".join("…" if n is None else str(n) for n in value or []) or "—"
    return str(value).replace(".", ",") if key == "index" and value else str(value or "—")
