"""What the pages of one action, and of making many, show."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import User
from assessment import pages as assessment_pages
from assessment import selectors as assessment_selectors
from assessment.models import Assessment, Event
from assessment.worksheet import Worksheet
from evidence.models import Document

from ..access import PlanMay
from ..forms.actions import ActionForm, ChangeForm, MakeForm, NewActionForm
from ..models import ActionItem, ActionStatus
from ..selectors import Wanted, place_of, wanted_documents
from .actions import parts_of, rows_of

FIELDS = ("activity", "output", "in_charge", "target", "status", "realised_on", "proof")
PROOFS = 200  # documents offered as proof, the newest first


@dataclass(frozen=True, slots=True)
class Conflict:
    """What is stored now, while a person typed something else."""

    seen: str
    facts: list[tuple[str, str]]


def one(
    assessment: Assessment, may: PlanMay, user: User, action: ActionItem, form: ChangeForm | None = None, *,
    is_stale: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """Build one action with its form and its history: four queries."""
    worksheet = assessment_selectors.worksheet_of(assessment.period.instrument)
    (row,) = rows_of(assessment, may, user, [action])
    events = assessment.events.filter(kind=Event.Kind.ACTION, criterion=row.code, data__action=str(action.pk))
    context: dict[str, Any] = {
        "assessment": assessment,
        "may": may,
        "row": row,
        "events": assessment_pages.event_rows(worksheet, events.select_related("actor").order_by("-number")),
        # Of a form that comes back the revision that the person saw: saving again must not win by itself.
        "seen": form.data.get("seen", "") if form and not is_stale else row.revision,
    }
    if is_stale:
        context["conflict"] = _conflict(action)
        context["seen"] = form.data.get("seen", "") if form else row.revision
    if row.can_change:
        context |= fields(form or ChangeForm(assessment, action), _stored(action))
    return context


def new(assessment: Assessment, may: PlanMay, form: NewActionForm, code: str = "") -> dict[str, Any]:
    """Build the form of a new action: two queries."""
    worksheet = assessment_selectors.worksheet_of(assessment.period.instrument)
    today = timezone.localdate()
    month = today if today.year == assessment.period.year else today.replace(year=assessment.period.year, day=1)
    stored = dict.fromkeys(FIELDS, "") | {"status": ActionStatus.PLANNED.value, "target": f"{month:%Y-%m}"}
    mine = [c for c in worksheet.criteria.values() if may.plan_criterion(worksheet, c.code)]
    return {
        "assessment": assessment,
        "may": may,
        "code": form.data.get("code", "") if form.is_bound else code,
        "criteria": [(c.code, c.title) for c in mine],
        **fields(form, stored),
    }


def fields(form: ActionForm, stored: dict[str, str]) -> dict[str, Any]:
    """Return what the form's template draws: what was typed or is stored, the choices, what is wrong: two queries."""
    values = {name: str(form.data.get(name, "")) for name in FIELDS} if form.is_bound else stored
    documents: Any = form.fields["proof"]
    offered = list(documents.queryset.order_by("-created_at", "title")[:PROOFS])
    chosen = values["proof"]
    if chosen and form.is_bound is False and chosen not in {str(d.pk) for d in offered}:
        offered += list(Document.objects.filter(pk=chosen))
    people: Any = form.fields["in_charge"]
    months: Any = form.fields["target"]
    return {
        "values": values,
        "errors": form.errors,
        "problems": form.non_field_errors(),
        "people": [(str(u.pk), str(u)) for u in people.queryset],
        "documents": [(str(d.pk), f"{d.title} ({d.year})") for d in offered],
        "months": list(months.choices),
        "statuses": ActionStatus.choices,
    }


def _stored(action: ActionItem) -> dict[str, str]:
    return {
        "activity": action.activity,
        "output": action.output,
        "in_charge": str(action.in_charge_id or ""),
        "target": f"{action.target:%Y-%m}",
        "status": action.status,
        "realised_on": action.realised_on.isoformat() if action.realised_on else "",
        "proof": str(action.proof_id or ""),
    }


def _conflict(action: ActionItem) -> Conflict:
    facts = [
        ("Kegiatan", action.activity), ("Keluaran", action.output), ("Penanggung jawab", str(action.in_charge or "")),
        ("Bulan target", date_format(action.target, "F Y")), ("Status", action.get_status_display()),
        ("Realisasi", date_format(action.realised_on, "j F Y") if action.realised_on else ""),
        ("Bukti pelaksanaan", action.proof.title if action.proof else ""),
    ]  # fmt: skip
    return Conflict(str(action.revision), [(name, text or "—") for name, text in facts])


@dataclass(frozen=True, slots=True)
class Part:
    """What would be made in one part of the worksheet."""

    key: str
    title: str
    criteria: list[tuple[str, str, list[str]]]  # code, title, documents
    count: int
    is_chosen: bool


def making(assessment: Assessment, may: PlanMay, form: MakeForm | None, chosen: Sequence[str]) -> dict[str, Any]:
    """Build the preview of what would be made: four queries."""
    worksheet = assessment_selectors.worksheet_of(assessment.period.instrument)
    wanted = wanted_documents(assessment, open_criteria(assessment, may, worksheet))
    today = timezone.localdate()
    year = assessment.period.year
    months = list(MakeForm(year, []).fields["target"].choices)  # type: ignore[attr-defined]
    month = f"{today:%Y-%m}" if today.year == year else f"{year}-01"
    parts = [_part(worksheet, key, title, wanted, chosen) for key, title in parts_of(worksheet)]
    return {
        "assessment": assessment,
        "may": may,
        "parts": [p for p in parts if p.count],
        "total": str(len(wanted)),
        "months": months,
        "target": form.data.get("target", "") if form else month,
        "errors": form.errors if form else {},
    }


def open_criteria(assessment: Assessment, may: PlanMay, worksheet: Worksheet) -> list[str]:
    """Return the unanswered criteria that this user may plan for: one query."""
    unanswered = assessment_selectors.scorecard_of(assessment, "unit").unanswered
    return [code for code in unanswered if may.plan_criterion(worksheet, code)]


def _part(worksheet: Worksheet, key: str, title: str, wanted: Sequence[Wanted], chosen: Sequence[str]) -> Part:
    found: dict[str, tuple[str, str, list[str]]] = {}
    for one_wanted in wanted:
        code = one_wanted.criterion.code
        if place_of(worksheet, code) == key:
            found.setdefault(code, (code, one_wanted.criterion.title, []))[2].append(one_wanted.title)
    count = sum(len(titles) for _, _, titles in found.values())
    return Part(key, title, list(found.values()), count, not chosen or key in chosen)


def codes_in(worksheet: Worksheet, codes: Sequence[str], parts: Sequence[str]) -> list[str]:
    """Return the criteria that are in some parts of the worksheet."""
    return [code for code in codes if place_of(worksheet, code) in parts]
