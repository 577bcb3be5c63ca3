"""Conflicts of interest: declared they keep a person away at once, until somebody else decides."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.notifications.models import Notification
from assessment import access
from assessment import services as assessment_services
from assessment.models import Assessment, Conflict, Event, Stage

from ..access import review_may
from ..conflicts import bench_of, conflicts_of, may_decide
from .telling import tell

NOT_NOW = "Benturan kepentingan hanya dinyatakan oleh anggota tim yang menilai unit ini, sebelum hasilnya diputuskan."
DECIDED = "Pernyataan ini sudah diputuskan."
NOT_YOURS = "Pernyataan ini diputuskan oleh orang lain."


@transaction.atomic
def declare_conflict(*, assessment: Assessment, reason: str, by: User) -> Conflict:
    """Keep a reviewer away from a unit from now on, and ask whoever decides on it."""
    row = assessment_services.lock(assessment)
    if not review_may(row, access.may(by, row)).declare:
        raise ValidationError(NOT_NOW, code="moved")
    made = Conflict.objects.create(assessment=row, user=by, reason=reason, declared_at=timezone.now())
    _note(row, made, "", by, reason)
    bench = bench_of(row, made, conflicts_of(row))
    tell(
        row, set(), kind=Notification.Kind.ASSIGNMENT, subject="benturan kepentingan menunggu keputusan Anda",
        text=f"{by} menyatakan benturan kepentingan dan tidak lagi melihat unit ini.", by=by, also=bench.people,
        url=reverse("review:conflict", args=[row.period.year, row.unit.code]),
    )  # fmt: skip
    return made


@transaction.atomic
def decide_conflict(*, assessment: Assessment, conflict: Conflict, is_upheld: bool, decision: str, by: User) -> None:
    """Decide whether a declared conflict keeps the person away for good; code "moved" if somebody did already."""
    row = assessment_services.lock(assessment)
    stored = Conflict.objects.select_related("user").get(pk=conflict.pk, assessment=row)
    if stored.state != Conflict.State.OPEN:
        raise ValidationError(DECIDED, code="moved")
    if not may_decide(review_may(row, access.may(by, row)), bench_of(row, stored, conflicts_of(row)), by):
        raise ValidationError(NOT_YOURS, code="moved")
    before = _text(stored)
    stored.state = Conflict.State.UPHELD if is_upheld else Conflict.State.DISMISSED
    stored.decided_by, stored.decided_at, stored.decision = by, timezone.now(), decision
    stored.save(update_fields=["state", "decided_by", "decided_at", "decision"])
    _note(row, stored, before, by, decision)
    tell(
        row, set(), kind=Notification.Kind.ASSIGNMENT, subject="pernyataan benturan kepentingan diputuskan",
        text=f"{stored.get_state_display()}.\n\n{decision}", by=by, also=[stored.user], url=reverse("review:desk"),
    )  # fmt: skip


def _text(conflict: Conflict) -> str:
    return f"{conflict.user}: {conflict.get_state_display()}"


def _note(row: Assessment, conflict: Conflict, before: str, by: User, reason: str) -> None:
    data = {"from": {"state": before}, "to": {"state": _text(conflict)}, "reason": reason, "conflict": conflict.pk}
    assessment_services.append_events(row, Event.Kind.CONFLICT, [("", data)], by=by, stage=Stage.TPI)
