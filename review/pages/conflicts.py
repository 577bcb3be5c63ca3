"""What the page about conflicts of interest shows."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import Role, User
from assessment.models import Assessment, Conflict

from ..access import ReviewMay
from ..conflicts import bench_of, conflicts_of, may_decide
from ..forms.teams import ConflictForm, DecisionForm


@dataclass(frozen=True, slots=True)
class ConflictRow:
    id: str
    name: str
    reason: str
    declared: str
    state: str
    is_open: bool
    judge: str  # whose decision it waits for
    decided: str  # who and when; "" while open
    decision: str
    form: DecisionForm | None  # only for whom it waits for


def conflicts(
    user: User, assessment: Assessment, may: ReviewMay, form: ConflictForm | None, deciding: DecisionForm | None = None
) -> dict[str, Any]:
    """Build the page; `form` is that of an own declaration, `deciding` a decision that was refused."""
    rows = conflicts_of(assessment)
    return {
        "assessment": assessment,
        "may": may,
        "form": form,
        "rows": [_row(user, assessment, may, row, rows, deciding) for row in rows],
    }


def _row(
    user: User, assessment: Assessment, may: ReviewMay, row: Conflict, others: list[Conflict],
    deciding: DecisionForm | None,
) -> ConflictRow:  # fmt: skip
    is_open = row.state == Conflict.State.OPEN
    bench = bench_of(assessment, row, others) if is_open else None
    form = None
    if bench and may_decide(may, bench, user):
        prefix = prefix_of(row)
        form = deciding if deciding and deciding.prefix == prefix else DecisionForm(prefix=prefix)
    return ConflictRow(
        str(row.pk), str(row.user), row.reason, _moment(row.declared_at), row.get_state_display(), is_open,
        str(Role(bench.role).label) if bench else "",
        f"{row.decided_by}, {_moment(row.decided_at)}" if row.decided_at else "", row.decision, form,
    )  # fmt: skip


def prefix_of(conflict: Conflict) -> str:
    """Keep the fields of several decisions on one page apart."""
    return f"b{conflict.pk}"


def _moment(at: Any) -> str:
    return date_format(timezone.localtime(at), "j F Y H.i")
