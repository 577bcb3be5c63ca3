"""The unit's word on each condition for being proposed (Tabel 5)."""

from django.db import models

from accounts.models import User
from assessment.models import Assessment, ProposalCondition


class ConditionAnswer(models.Model):
    """What the unit says about one condition; its documents are attachments with this condition."""

    class Met(models.TextChoices):
        UNKNOWN = "", "Belum diisi"
        YES = "ya", "Terpenuhi"
        UNDER_WAY = "proses", "Sedang dipenuhi"
        NO = "tidak", "Belum terpenuhi"

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="condition_answers")
    condition = models.ForeignKey(ProposalCondition, models.PROTECT, related_name="+")
    met = models.CharField("keadaan", max_length=6, choices=Met, blank=True, default=Met.UNKNOWN)
    note = models.TextField("keterangan", max_length=2000, blank=True, default="")
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = "isian syarat pengusulan"
        verbose_name_plural = "isian syarat pengusulan"
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["assessment", "condition"], name="one_answer_per_condition")]

    def __str__(self) -> str:
        return f"{self.assessment_id}/{self.condition_id}: {self.met}"
