"""What limits who may write which criteria: returns for correction, and a second reviewer's sample."""

import uuid
from datetime import datetime

from django.db import models
from django.utils import timezone

from accounts.models import User

from .answer import Assessment, Stage
from .instrument import Criterion


class Return(models.Model):
    """One round of correction: the criteria that a unit may change again, why, and until when.

    Collected by reviewers as a draft (`sent_at` empty), then sent; closed when the unit submits again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="returns")
    stage = models.CharField(max_length=6, choices=Stage)  # whose: PRELIM or TPI
    round = models.PositiveSmallIntegerField("putaran")
    until = models.DateTimeField("batas perbaikan", null=True, blank=True)
    message = models.TextField("pesan", max_length=2000, blank=True, default="")
    sent_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField("diajukan kembali", null=True, blank=True)
    changed = models.JSONField(default=list, blank=True)  # codes of the criteria that came back different

    class Meta:
        verbose_name = "pengembalian"
        verbose_name_plural = "pengembalian"
        default_permissions = ("view",)
        ordering = ["assessment", "round"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "round"], name="one_return_per_round"),
            models.UniqueConstraint(
                fields=["assessment"], condition=models.Q(answered_at=None), name="one_return_under_way"
            ),
            models.CheckConstraint(
                condition=models.Q(sent_at=None, answered_at=None)
                | models.Q(sent_at__isnull=False, until__isnull=False),
                name="a_sent_return_says_until_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id}: putaran {self.round}"

    def is_open(self, at: datetime | None = None) -> bool:
        """Tell whether the unit may correct now."""
        now = at or timezone.now()
        return self.sent_at is not None and self.answered_at is None and self.until is not None and now < self.until


class ReturnItem(models.Model):
    """One criterion to be corrected, and why."""

    of = models.ForeignKey(Return, models.CASCADE, related_name="items")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    reason = models.TextField("alasan", max_length=2000)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        verbose_name = "kriteria yang dikembalikan"
        verbose_name_plural = "kriteria yang dikembalikan"
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["of", "criterion"], name="one_return_item_per_criterion")]

    def __str__(self) -> str:
        return f"{self.of_id}/{self.criterion_id}"


class SecondScoring(models.Model):
    """A sample that a second reviewer scores without seeing the first; the lead settles what differs."""

    assessment = models.OneToOneField(Assessment, models.PROTECT, related_name="second")
    user = models.ForeignKey(User, models.PROTECT, related_name="second_scorings", verbose_name="penilai kedua")
    codes = models.JSONField(default=list)  # criterion codes of the sample, in worksheet order
    assigned_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    # {code: {"choice": "first" | "second", "by": username, "at": moment, "reason"}} of the criteria that differed
    settled = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = "penilaian kedua"
        verbose_name_plural = "penilaian kedua"
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.assessment_id}: {self.user_id}"
