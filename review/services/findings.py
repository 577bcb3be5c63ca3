"""Findings: written by reviewers, answered by the unit, closed or opened again by reviewers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.notifications.models import Notification
from assessment import access, selectors
from assessment import services as assessment_services
from assessment.models import Assessment, Event, Stage
from evidence.models import Document

from ..models import Finding, FollowUp, FollowUpDocument
from ..selectors import people_of
from ..workflow import Group
from .telling import TEXT_SHOWN, tell

CLOSED = "Penilaian ini tidak sedang dibuka bagi penilai; catatan tidak disimpan."
NO_TEXT = "Tulis uraiannya."
FORBIDDEN = {
    FollowUp.Kind.ANSWER: "Catatan ini sudah selesai.",
    FollowUp.Kind.CLOSE: "Catatan ini sudah selesai.",
    FollowUp.Kind.REOPEN: "Catatan ini masih terbuka.",
}
NEXT = {
    FollowUp.Kind.ANSWER: Finding.State.ANSWERED,
    FollowUp.Kind.CLOSE: Finding.State.CLOSED,
    FollowUp.Kind.REOPEN: Finding.State.OPEN,
}


class Stale(ValidationError):
    """Somebody else acted on the finding since the person looked."""

    def __init__(self) -> None:
        super().__init__("Catatan ini baru saja diubah orang lain. Periksa di bawah, lalu kirim lagi.", code="stale")


@dataclass(frozen=True, slots=True)
class Draft:
    """A finding as a reviewer writes it."""

    code: str
    kind: str
    text: str
    due_on: date | None


@transaction.atomic
def write_finding(*, assessment: Assessment, stage: str, draft: Draft, by: User) -> Finding:
    """Write a finding and tell the unit; praise needs no follow-up and is closed from the start.

    Raises ValidationError unless the stage may be written now.
    """
    row = assessment_services.lock(assessment)
    if stage not in {Stage.PRELIM, Stage.TPI} or not access.is_open_for_stage(row, stage):
        raise ValidationError(CLOSED, code="closed")
    criterion = selectors.worksheet_of(row.period.instrument).criteria[draft.code]
    is_praise = draft.kind == Finding.Kind.STRENGTH
    now = timezone.now()
    made = Finding.objects.create(
        assessment=row, criterion_id=criterion.pk, stage=stage, kind=draft.kind, text=draft.text,
        due_on=None if is_praise else draft.due_on,
        state=Finding.State.CLOSED if is_praise else Finding.State.OPEN,
        closed_at=now if is_praise else None, created_by=by, created_at=now,
    )  # fmt: skip
    facts = {"kind": draft.kind, "text": draft.text, "due_on": made.due_on.isoformat() if made.due_on else ""}
    data = {"from": dict.fromkeys(facts, ""), "to": facts, "finding": str(made.pk)}
    assessment_services.append_events(row, Event.Kind.FINDING, [(draft.code, data)], by=by, stage=stage)
    _tell(row, made, draft.code, {Group.TEAM}, f"{made.get_kind_display()} penilai", draft.text, by)
    return made


@transaction.atomic
def follow_up(
    *, finding: Finding, kind: str, text: str, revision: int, by: User, documents: Sequence[Document] = ()
) -> FollowUp:
    """Answer, close or reopen a finding; `revision` is the one the person saw.

    Only documents of the finding's own unit are kept, in their current version. Raises Stale if somebody else acted
    meanwhile, ValidationError where the state does not allow it or the text is missing.
    """
    row = assessment_services.lock(finding.assessment)
    stored = Finding.objects.select_related("criterion").select_for_update(of=("self",)).get(pk=finding.pk)
    if stored.revision != revision:
        raise Stale
    what = FollowUp.Kind(kind)
    if (stored.state == Finding.State.CLOSED) is not (what == FollowUp.Kind.REOPEN):
        raise ValidationError(FORBIDDEN[what], code="state")
    if not text and what != FollowUp.Kind.CLOSE:
        raise ValidationError({"text": [NO_TEXT]})
    before, stored.state = stored.state, NEXT[what]
    stored.revision += 1
    stored.closed_at = timezone.now() if what == FollowUp.Kind.CLOSE else None
    stored.save(update_fields=["state", "revision", "closed_at"])
    made = FollowUp.objects.create(finding=stored, kind=what, text=text, by=by, at=timezone.now())
    own = [d for d in documents if d.unit_id == row.unit_id and d.current_id]
    FollowUpDocument.objects.bulk_create(
        FollowUpDocument(follow_up=made, version_id=d.current_id)  # type: ignore[misc]
        for d in own
    )
    data: dict[str, Any] = {
        "from": {"state": before, "text": ""}, "to": {"state": stored.state, "text": text}, "finding": str(stored.pk),
        "documents": [str(d.pk) for d in own],
    }  # fmt: skip
    code = stored.criterion.code
    assessment_services.append_events(row, Event.Kind.FINDING_STATE, [(code, data)], by=by, stage=stored.stage)
    groups = _reviewers(stored) if what == FollowUp.Kind.ANSWER else {Group.TEAM}
    told = _reviewed_now(row, groups) if what == FollowUp.Kind.ANSWER else row
    _tell(told, stored, code, groups, made.get_kind_display(), text, by)
    return made


def _reviewers(finding: Finding) -> set[Group]:
    return {Group.PRELIM} if finding.stage == Stage.PRELIM else {Group.REVIEWERS}


def _reviewed_now(row: Assessment, groups: set[Group]) -> Assessment:
    """Return the unit's latest assessment if it has reviewers, else the one that the finding belongs to."""
    rows = Assessment.objects.for_page().filter(unit=row.unit_id, period__year__gt=row.period.year)
    latest = rows.order_by("-period__year").first()
    return latest if latest and people_of(latest, groups) else row


def _tell(row: Assessment, finding: Finding, code: str, groups: set[Group], subject: str, text: str, by: User) -> None:
    url = reverse("review:finding", args=[row.period.year, row.unit.code, finding.pk])
    tell(
        row, groups, kind=Notification.Kind.FINDING, subject=f"{subject} ({code})", text=text[:TEXT_SHOWN], by=by,
        url=url,
    )  # fmt: skip
