"""What a unit plans to do about a criterion, by whom and by when, and what came of it."""

import uuid
from calendar import monthrange
from datetime import date

from django.db import models
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from assessment.models import Assessment, Criterion, ExpectedDocument
from evidence.models import Document

ACTIVITY_LENGTH, OUTPUT_LENGTH = 500, 300


class ActionStatus(models.TextChoices):
    PLANNED = "planned", "Direncanakan"
    RUNNING = "running", "Berjalan"
    DONE = "done", "Selesai"
    CANCELLED = "cancelled", "Dibatalkan"


UNFINISHED = (ActionStatus.PLANNED, ActionStatus.RUNNING)


class ActionItemQuerySet(models.QuerySet["ActionItem"]):
    def unfinished(self) -> "ActionItemQuerySet":
        """Return those that still have to be done and were not carried into a later period."""
        return self.filter(status__in=UNFINISHED, continued=None)

    def overdue(self, day: date) -> "ActionItemQuerySet":
        """Return the unfinished ones whose target month was over before `day`."""
        return self.unfinished().filter(target__lt=day.replace(day=1))

    def for_list(self) -> "ActionItemQuerySet":
        """Load what a list shows in the same query, in worksheet order."""
        rows = self.select_related(
            "criterion", "in_charge", "proof", "continued__assessment__period", "carried_from__assessment__period"
        )
        return rows.order_by("criterion__order", "target", "created_at", "pk")


class ActionItem(models.Model):
    """One planned activity. Never deleted: what will not happen is cancelled. Its history is events of the assessment.

    `target` is the first day of the target month. `expected` is the document that it was made for, if it was.
    """

    Status = ActionStatus

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="actions", verbose_name="penilaian")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+", verbose_name="kriteria")
    expected = models.ForeignKey(ExpectedDocument, models.PROTECT, null=True, blank=True, related_name="+")
    activity = models.TextField("kegiatan", max_length=ACTIVITY_LENGTH)
    output = models.CharField("keluaran", max_length=OUTPUT_LENGTH, blank=True, default="")
    in_charge = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="penanggung jawab"
    )
    target = models.DateField("bulan target")
    status = models.CharField("status", max_length=9, choices=ActionStatus, default=ActionStatus.PLANNED)
    realised_on = models.DateField("tanggal realisasi", null=True, blank=True)
    proof = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="bukti pelaksanaan"
    )
    revision = models.PositiveIntegerField(default=1, editable=False)  # grows with every change
    carried_from = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="continued")
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects = ActionItemQuerySet.as_manager()

    class Meta:
        verbose_name = "rencana aksi"
        verbose_name_plural = "rencana aksi"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "expected"],
                condition=models.Q(expected__isnull=False),
                name="one_action_per_expected_document",
            ),
            models.CheckConstraint(
                condition=models.Q(status="done", realised_on__isnull=False)
                | ~models.Q(status="done") & models.Q(realised_on=None),
                name="a_done_action_says_when",
            ),
        ]
        indexes = [models.Index(fields=["assessment", "status", "target"], name="actions_by_status")]

    def __str__(self) -> str:
        return f"{self.assessment_id}/{self.criterion_id}: {self.activity[:50]}"

    def get_absolute_url(self) -> str:
        return reverse("planning:action", args=[self.assessment.period.year, self.assessment.unit.code, self.pk])

    @property
    def last_day(self) -> date:
        """Return the day by which it is to be done."""
        return self.target.replace(day=monthrange(self.target.year, self.target.month)[1])

    @property
    def is_continued(self) -> bool:
        """Tell whether it goes on in a later period; costs no query on rows from `for_list`."""
        return hasattr(self, "continued")

    def is_overdue(self, day: date | None = None) -> bool:
        """Tell whether it should have been done by now."""
        is_open = self.status in UNFINISHED and not self.is_continued
        return is_open and self.last_day < (day or timezone.localdate())
