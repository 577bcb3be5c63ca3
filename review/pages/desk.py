"""What a reviewer's desk shows."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils import timezone

from accounts.models import TPI_ROLES, Role, User
from assessment.models import Assessment, State

from ..assigning import year_of_teams
from ..desks import Task, tasks_of
from ..workflow import STEPS
from .teams import day

PER_PAGE = 25
WORK_TEXTS = {
    "judge": "Lanjutkan penilaian", "compare": "Periksa hasil penilaian", "second": "Lanjutkan penilaian kedua",
}  # fmt: skip
WAITING = {
    State.DRAFT: "Unit masih mengisi.",
    State.SUBMITTED: "Menunggu penilaian dimulai.",
    State.PRELIM: "Menunggu penilaian pendahuluan.",
    State.UNFIT: "Belum layak dinilai; menunggu dibuka kembali.",
    State.REVIEW: "Sedang dinilai anggota tim.",
    State.RETURNED: "Menunggu perbaikan unit.",
    State.LEAD_CHECK: "Menunggu ketua tim.",
    State.APPROVAL: "Menunggu pengendali teknis.",
}
SOON = 3  # days


@dataclass(frozen=True, slots=True)
class TaskRow:
    unit: str
    code: str
    period: str
    role: str
    state: str
    state_label: str
    url: str  # "" where the person does not assess the unit
    judged: str
    criteria: str  # "" where nothing is to be judged yet
    is_second: bool
    due_on: str
    left: str  # "3 hari lagi"
    is_urgent: bool
    changed: str  # "" for none
    action: str
    action_url: str
    waiting: str
    away: str
    conflict_url: str  # "" where no conflict of interest can be declared
    second_url: str  # only for the lead, where the period has a second scoring


def desk(user: User, state: str, number: str | None) -> dict[str, Any]:
    """Build the desk: what the person can do now first, by deadline; what they may not assess last."""
    tasks = tasks_of(user)
    today = timezone.localdate()
    found = sorted((t for t in tasks if state in ("", t.assessment.state)), key=_urgency)
    page = Paginator(found, PER_PAGE).get_page(number)
    states = {t.assessment.state for t in tasks}
    return {
        "page": page,
        "rows": [_row(task, today) for task in page.object_list],
        "states": [(s.value, s.label) for s in State if s in states],
        "state": state,
        "has_any": bool(tasks),
        "year": year_of_teams(user),
    }


def _urgency(task: Task) -> tuple[bool, bool, date, str]:
    return bool(task.away), not task.work, task.due_on or date.max, task.assessment.unit.code


def _row(task: Task, today: date) -> TaskRow:
    row = task.assessment
    is_over = row.state not in WAITING
    left = (task.due_on - today).days if task.due_on and not is_over and not task.away else None
    can_work = bool(task.work) and not task.away
    shows_progress = not task.away and task.role != Role.TPI_CONTROLLER and row.state not in {State.DRAFT}
    return TaskRow(
        row.unit.name, row.unit.code, row.period.name, str(task.role.label), row.state, row.get_state_display(),
        "" if task.away else row.get_absolute_url(), str(task.judged), str(task.criteria) if shows_progress else "",
        task.is_second, day(task.due_on), left_text(left), left is not None and left <= SOON,
        str(task.changed) if task.changed and not task.away else "", _action(task) if can_work else "",
        _action_url(row, task) if can_work else "", "" if can_work else WAITING.get(State(row.state), ""), task.away,
        *_places(row, task),
    )  # fmt: skip


def _places(row: Assessment, task: Task) -> tuple[str, str]:
    """Return where a conflict is declared and where the second scoring is led."""
    where = [row.period.year, row.unit.code]
    is_ours = task.role in TPI_ROLES and not task.away and row.state in WAITING
    leads = is_ours and task.role == Role.TPI_LEAD and row.period.second_share > 0
    return reverse("review:conflict", args=where) if is_ours else "", reverse(
        "review:second", args=where
    ) if leads else ""


def left_text(left: int | None) -> str:
    """Say how many days are left; "" where that is of no interest."""
    if left is None:
        return ""
    if left < 0:
        return f"terlambat {-left} hari"
    return "hari ini" if left == 0 else f"{left} hari lagi"


def _is_done(task: Task) -> bool:
    return task.work == "judge" and 0 < task.criteria == task.judged and task.role != Role.PRELIM


def _action(task: Task) -> str:
    if _is_done(task):
        return STEPS["finish"].label
    return WORK_TEXTS.get(task.work) or STEPS[task.work].label


def _action_url(row: Assessment, task: Task) -> str:
    where = [row.period.year, row.unit.code]
    step = "finish" if _is_done(task) else task.work
    return reverse("review:step-page", args=[*where, step]) if step in STEPS else reverse(f"review:{step}", args=where)
