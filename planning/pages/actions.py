"""What the pages of the plan of action show, as plain strings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import AREAS, User
from assessment.models import Assessment
from assessment.selectors import worksheet_of
from assessment.worksheet import Worksheet
from evidence.models import Document

from ..access import PlanMay
from ..models import ActionItem, ActionStatus
from ..models.actions import UNFINISHED
from ..selectors import place_of

PAGE_SIZE = 50
VIEWS = {"": "Daftar", "papan": "Papan", "kalender": "Kalender"}
ICONS = {"planned": "circle", "running": "arrow-repeat", "done": "check-circle-fill", "cancelled": "x-circle"}
# What the board offers to do next with an action.
STEPS: Mapping[str, Sequence[tuple[str, str]]] = {
    ActionStatus.PLANNED: [(ActionStatus.RUNNING, "Mulai"), (ActionStatus.DONE, "Selesai hari ini")],
    ActionStatus.RUNNING: [(ActionStatus.DONE, "Selesai hari ini"), (ActionStatus.PLANNED, "Kembali direncanakan")],
    ActionStatus.DONE: [(ActionStatus.RUNNING, "Buka lagi")],
    ActionStatus.CANCELLED: [(ActionStatus.PLANNED, "Rencanakan lagi")],
}


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One action in a list, on the board, in the calendar."""

    id: str
    url: str
    code: str
    title: str
    sheet_url: str  # the criterion's card
    activity: str
    output: str
    in_charge: str
    target: str  # "Mei 2026"
    status: str
    status_label: str
    icon: str
    realised: str
    is_overdue: bool
    proof: str
    proof_url: str  # "" where this user may not open it
    went_to: str  # the year in which it goes on
    came_from: str  # the year from which it came
    revision: str
    can_change: bool
    steps: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    view: str = ""
    part: str = ""
    status: str = ""
    person: str = ""  # an id, "saya" or "kosong"
    criterion: str = ""
    is_late: bool = False

    def query(self, **changes: str) -> str:
        """Return the address's query with some values changed, "" where nothing is asked for."""
        values = {
            "tampilan": self.view, "bagian": self.part, "status": self.status, "pj": self.person,
            "kriteria": self.criterion, "lewat": "1" if self.is_late else "",
        } | changes  # fmt: skip
        found = urlencode({name: value for name, value in values.items() if value})
        return f"?{found}" if found else "?"

    @property
    def is_filtered(self) -> bool:
        return bool(self.part or self.status or self.person or self.criterion or self.is_late)


def asked(params: Mapping[str, str], worksheet: Worksheet) -> Asked:
    """Read what is asked for; whatever makes no sense asks for everything."""
    view, status, person = (params.get(name, "") for name in ("tampilan", "status", "pj"))
    part, criterion = params.get("bagian", ""), params.get("kriteria", "")
    is_person = person in {"saya", "kosong"} or (person.isascii() and person.isdigit() and len(person) < 10)
    return Asked(
        view=view if view in VIEWS else "",
        part=part if part in dict(parts_of(worksheet)) else "",
        status=status if status in ActionStatus.values else "",
        person=person if is_person else "",
        criterion=criterion if criterion in worksheet.criteria else "",
        is_late=params.get("lewat", "") == "1",
    )


def parts_of(worksheet: Worksheet) -> list[tuple[str, str]]:
    """Return the parts into which people divide a worksheet: the areas, then the pages without area."""
    pages = [(p.code, p.name) for p in worksheet.pages.values() if not p.area_key]
    return [(key, AREAS[key]) for key in worksheet.areas if key in AREAS] + pages


def found_actions(assessment: Assessment, look: Asked, user: User) -> QuerySet[ActionItem]:
    """Return the actions asked for (from `for_list`)."""
    rows = assessment.actions.for_list()
    worksheet = worksheet_of(assessment.period.instrument)
    if look.part:
        codes = [c for c in worksheet.criteria if place_of(worksheet, c) == look.part]
        rows = rows.filter(criterion__code__in=codes)
    if look.criterion:
        rows = rows.filter(criterion__code=look.criterion)
    if look.status:
        rows = rows.filter(status=look.status)
    if look.person:
        who = {"saya": user.pk, "kosong": None}
        rows = rows.filter(in_charge=who[look.person] if look.person in who else int(look.person))
    return rows.overdue(timezone.localdate()) if look.is_late else rows


def openable(user: User, actions: Iterable[ActionItem]) -> set[object]:
    """Return which of the actions' proofs the user may open: one query."""
    wanted = {a.proof_id for a in actions if a.proof_id}
    return (
        set(Document.objects.visible_to(user).filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else set()
    )


def row_of(
    assessment: Assessment, may: PlanMay, worksheet: Worksheet, action: ActionItem, readable: set[object]
) -> ActionRow:
    """Build a row; the action must come from `for_list`."""
    year, unit, code = assessment.period.year, assessment.unit.code, action.criterion.code
    criterion = worksheet.criteria[code]
    can_change = may.plan_criterion(worksheet, code) and not action.is_continued
    is_readable = action.proof_id in readable
    return ActionRow(
        id=str(action.pk),
        url=reverse("planning:action", args=[year, unit, action.pk]),
        code=code,
        title=criterion.title,
        sheet_url=reverse("assessment:page", args=[year, unit, worksheet.page_of[code]]) + f"#k-{criterion.slug}",
        activity=action.activity,
        output=action.output,
        in_charge=str(action.in_charge) if action.in_charge else "",
        target=date_format(action.target, "F Y"),
        status=action.status,
        status_label=action.get_status_display(),
        icon=ICONS[action.status],
        realised=date_format(action.realised_on, "j F Y") if action.realised_on else "",
        is_overdue=action.is_overdue(),
        proof=action.proof.title if action.proof else "",
        proof_url=reverse("evidence:document", args=[unit, action.proof_id]) if is_readable else "",
        went_to=str(action.continued.assessment.period.year) if action.is_continued else "",
        came_from=str(action.carried_from.assessment.period.year) if action.carried_from else "",
        revision=str(action.revision),
        can_change=can_change,
        steps=STEPS[action.status] if can_change else (),
    )


def rows_of(assessment: Assessment, may: PlanMay, user: User, actions: Sequence[ActionItem]) -> list[ActionRow]:
    """Build the rows of some actions: one query where any has a proof."""
    worksheet, readable = worksheet_of(assessment.period.instrument), openable(user, actions)
    return [row_of(assessment, may, worksheet, action, readable) for action in actions]


def listing(assessment: Assessment, may: PlanMay, user: User, look: Asked, number: str | None) -> dict[str, Any]:
    """Build the list, the board or the calendar: three queries, one more where there is proof, one for the people."""
    worksheet = worksheet_of(assessment.period.instrument)
    names = ("in_charge", "in_charge__username", "in_charge__first_name")
    everything = list(assessment.actions.values_list("status", "target", "continued", *names))
    found = found_actions(assessment, look, user)
    page = None if look.view else Paginator(found, PAGE_SIZE).get_page(number)
    actions = list(found if page is None else page.object_list)
    rows = rows_of(assessment, may, user, actions)
    people = {str(pk): name or username for *_, pk, username, name in everything if pk}
    return {
        "assessment": assessment,
        "may": may,
        "look": look,
        "rows": rows,
        "page": page,
        "columns": board(rows) if look.view == "papan" else [],
        "months": calendar(actions, rows) if look.view == "kalender" else [],
        "views": [(key, label, look.query(tampilan=key)) for key, label in VIEWS.items()],
        "counts": _counts(everything),
        "parts": parts_of(worksheet),
        "people": sorted(people.items(), key=lambda one: one[1]),
        "statuses": ActionStatus.choices,
        "criterion": worksheet.criteria.get(look.criterion),
        "files": look.query(tampilan=""),
    }


def _counts(everything: Sequence[tuple[Any, ...]]) -> dict[str, str]:
    """Return how many actions there are, done, and late."""
    month = timezone.localdate().replace(day=1)
    late = sum(s in UNFINISHED and target < month and went is None for s, target, went, *_ in everything)
    done = sum(s == ActionStatus.DONE for s, *_ in everything)
    live = sum(s != ActionStatus.CANCELLED for s, *_ in everything)
    return {"all": str(live), "done": str(done), "late": str(late) if late else ""}


@dataclass(frozen=True, slots=True)
class Column:
    key: str
    label: str
    icon: str
    rows: list[ActionRow]


def board(rows: Sequence[ActionRow]) -> list[Column]:
    """Return the actions by status."""
    return [Column(s.value, s.label, ICONS[s], [r for r in rows if r.status == s]) for s in ActionStatus]


@dataclass(frozen=True, slots=True)
class MonthBox:
    label: str
    is_now: bool
    is_past: bool
    rows: list[ActionRow]


def calendar(actions: Sequence[ActionItem], rows: Sequence[ActionRow]) -> list[MonthBox]:
    """Return the months from the first target to the last, the empty ones between them too."""
    if not actions:
        return []
    now = timezone.localdate().replace(day=1)
    by_month: dict[date, list[ActionRow]] = {}
    for action, row in zip(actions, rows, strict=True):
        by_month.setdefault(action.target, []).append(row)
    month, last, found = min(by_month), max(by_month), []
    while month <= last:
        found.append(MonthBox(date_format(month, "F Y"), month == now, month < now, by_month.get(month, [])))
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return found
