"""What reviewers ask of a unit, and what came of it. Findings outlive the decision and the period."""

import uuid
from typing import Any

from django.db import models

from accounts.models import User
from assessment.models import Assessment, Criterion, SecondScoring, Stage
from assessment.models.history import FixedModel


class FindingQuerySet(models.QuerySet["Finding"]):
    def visible_to(self, user: User) -> "FindingQuerySet":
        """Return the findings on assessments that `user` may know exist, and what earlier periods left those units.

        Nothing of what they are to score without knowing it.
        """
        seen = Assessment.objects.visible_to(user)
        blind = SecondScoring.objects.filter(user=user, finished_at=None).values("assessment")
        later = seen.exclude(pk__in=blind).filter(
            unit=models.OuterRef("assessment__unit"), period__year__gt=models.OuterRef("assessment__period__year")
        )
        return self.filter(models.Q(assessment__in=seen) | models.Exists(later)).unless_blind(user)

    def unless_blind(self, user: User) -> "FindingQuerySet":
        """Leave out what first reviewers wrote where `user` is to score without knowing it."""
        blind = SecondScoring.objects.filter(user=user, finished_at=None)
        return self.exclude(assessment__in=blind.values("assessment"))

    def pending(self) -> "FindingQuerySet":
        """Return those that nobody closed, of whatever period."""
        return self.exclude(state=Finding.State.CLOSED)

    def for_list(self) -> "FindingQuerySet":
        """Load what a register shows in the same query."""
        return self.select_related("assessment__unit", "assessment__period", "criterion", "created_by")


class Finding(models.Model):
    """A note or recommendation of a reviewer to a unit, visible to the unit from the moment it is written."""

    class Kind(models.TextChoices):
        REMARK = "remark", "Catatan"
        RECOMMENDATION = "recommendation", "Rekomendasi"
        STRENGTH = "strength", "Kekuatan"  # praise for the LHE; nothing to follow up, closed from the start

    class State(models.TextChoices):
        OPEN = "open", "Terbuka"
        ANSWERED = "answered", "Sudah ditindaklanjuti unit"
        CLOSED = "closed", "Selesai"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="findings")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    stage = models.CharField(max_length=6, choices=Stage)  # whose: PRELIM or TPI
    kind = models.CharField("jenis", max_length=14, choices=Kind, default=Kind.REMARK)
    text = models.TextField("isi", max_length=3000)
    due_on = models.DateField("tenggat", null=True, blank=True)
    state = models.CharField("status", max_length=8, choices=State, default=State.OPEN)
    revision = models.PositiveIntegerField(default=1, editable=False)  # grows with every follow-up
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = "catatan penilai"
        verbose_name_plural = "catatan penilai"
        default_permissions = ("view",)
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["state", "due_on"], name="findings_by_state")]

    def __str__(self) -> str:
        return f"{self.assessment_id}/{self.criterion_id}: {self.get_kind_display()}"


class FollowUp(FixedModel):
    """One step in a finding's life: the unit's answer, or a reviewer closing or reopening it."""

    class Kind(models.TextChoices):
        ANSWER = "answer", "Tindak lanjut unit"
        CLOSE = "close", "Dinyatakan selesai"
        REOPEN = "reopen", "Dibuka kembali"

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="follow_ups")
    kind = models.CharField(max_length=6, choices=Kind)
    text = models.TextField("uraian", max_length=3000, blank=True, default="")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # The versions that were current then: what a reviewer looked at stays findable.
    documents: "models.ManyToManyField[Any, FollowUpDocument]" = models.ManyToManyField(
        "evidence.DocumentVersion", through="FollowUpDocument", related_name="+", blank=True
    )

    class Meta:
        verbose_name = "tindak lanjut"
        verbose_name_plural = "tindak lanjut"
        default_permissions = ("view",)
        ordering = ["finding", "at", "pk"]

    def __str__(self) -> str:
        return f"{self.finding_id} {self.kind}"


class FollowUpDocument(FixedModel):
    """A document shown with a follow-up, in the version of that moment; it cannot be deleted while this names it."""

    follow_up = models.ForeignKey(FollowUp, models.PROTECT, related_name="shown")
    version = models.ForeignKey("evidence.DocumentVersion", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "dokumen tindak lanjut"
        verbose_name_plural = "dokumen tindak lanjut"
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["follow_up", "version"], name="one_document_per_follow_up")]

    def __str__(self) -> str:
        return f"{self.follow_up_id}: {self.version_id}"
