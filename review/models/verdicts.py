"""What a reviewer found in one attached document."""

from django.db import models

from accounts.models import User
from assessment.models import Stage
from evidence.models import Attachment, DocumentVersion


class Verdict(models.Model):
    """A stage's verdict on an attachment, about the version it was given for.

    The unit sees it once the round is sent back or decided: then it is copied to `Attachment.verdict`.
    """

    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="verdicts")
    stage = models.CharField(max_length=6, choices=Stage)  # PRELIM or TPI
    verdict = models.CharField(max_length=10, choices=Attachment.Verdict)
    reason = models.TextField("alasan", max_length=1000, blank=True, default="")
    version = models.ForeignKey(DocumentVersion, models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "hasil pemeriksaan bukti"
        verbose_name_plural = "hasil pemeriksaan bukti"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["attachment", "stage"], name="one_verdict_per_attachment_and_stage"),
            models.CheckConstraint(
                condition=models.Q(verdict__in=["unchecked", "sufficient"]) | ~models.Q(reason=""),
                name="a_doubtful_verdict_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attachment_id} {self.stage}: {self.verdict}"
