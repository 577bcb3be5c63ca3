"""What reviewers found in the attached documents."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from accounts.models import User
from assessment import access
from assessment import services as assessment_services
from assessment.models import Assessment, Event, Stage
from evidence.models import Attachment

from ..models import Verdict

CLOSED = "Penilaian ini tidak sedang dibuka; hasil pemeriksaan bukti tidak disimpan."
NO_REASON = "Tulis alasan mengapa bukti ini kurang atau tidak relevan."


class Stale(ValidationError):
    """Somebody else gave a verdict on the document meanwhile; `stored` is theirs."""

    def __init__(self, stored: Verdict) -> None:
        super().__init__("Bukti ini baru saja diperiksa orang lain.", code="stale")
        self.stored = stored


@transaction.atomic
def give_verdict(
    *, assessment: Assessment, attachment: Attachment, stage: str, verdict: str, reason: str, revision: int, by: User
) -> Verdict:
    """Write down what a reviewer found in a document, about the version that was submitted.

    `revision` is the one the person saw, 0 where there was none. Raises Stale if another one is stored by now,
    ValidationError if the stage is not open or a doubtful verdict has no reason.
    """
    row = assessment_services.lock(assessment)
    if stage not in {Stage.PRELIM, Stage.TPI} or not access.is_open_for_stage(row, stage):
        raise ValidationError(CLOSED, code="closed")
    if verdict in {Attachment.Verdict.PARTIAL, Attachment.Verdict.UNFIT} and not reason:
        raise ValidationError({"reason": [NO_REASON]})
    stored = Verdict.objects.filter(attachment=attachment, stage=stage).first()
    facts = _facts(attachment, stored)
    if facts == _facts(attachment, None) | {"verdict": verdict, "reason": reason} and stored:
        return stored
    if stored and stored.revision != revision:
        raise Stale(stored)
    pinned = attachment.pins.order_by("-at").first()
    made = Verdict(
        pk=stored.pk if stored else None, attachment=attachment, stage=stage, verdict=verdict, reason=reason,
        version_id=pinned.version_id if pinned else attachment.document.current_id,  # type: ignore[misc]
        revision=stored.revision + 1 if stored else 1, by=by, at=timezone.now(),
    )  # fmt: skip
    made.save()
    data = {"from": facts, "to": _facts(attachment, made)}
    code = attachment.criterion.code
    assessment_services.append_events(row, Event.Kind.VERDICT, [(code, data)], by=by, stage=stage)
    return made


def _facts(attachment: Attachment, verdict: Verdict | None) -> dict[str, str]:
    return {
        "document": attachment.document.title,
        "verdict": verdict.verdict if verdict else Attachment.Verdict.UNCHECKED.value,
        "reason": verdict.reason if verdict else "",
    }


def publish(row: Assessment, *, stage: str) -> None:
    """Show a stage's verdicts to the unit: one query for all."""
    given = Verdict.objects.filter(attachment=OuterRef("pk"), stage=stage)
    judged = Attachment.objects.filter(assessment=row, pk__in=Verdict.objects.filter(stage=stage).values("attachment"))
    judged.update(verdict=Subquery(given.values("verdict")[:1]))
