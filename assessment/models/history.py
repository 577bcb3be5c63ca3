"""The append-only history."""

from typing import Any

from django.db import models

from accounts.models import User

from .answer import Assessment, Stage


class HistoryIsFixed(TypeError):
    """Somebody tried to change or delete history."""


class EventQuerySet(models.QuerySet["Event"]):
    def update(self, **kwargs: Any) -> int:
        raise HistoryIsFixed("Events are never changed.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise HistoryIsFixed("Events are never deleted.")

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        raise HistoryIsFixed("Events are never changed.")


class Event(models.Model):
    """One thing that happened to an assessment; `digest` covers the row and its predecessor's digest."""

    class Kind(models.TextChoices):
        OPENED = "opened", "Penilaian dibuka"
        ANSWERED = "answered", "Jawaban disimpan"
        TARGET_CHANGED = "target_changed", "Target predikat diubah"

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind)
    stage = models.CharField(max_length=6, choices=Stage)
    criterion = models.CharField(max_length=30, blank=True, default="")
    data = models.JSONField(default=dict)
    previous = models.CharField(max_length=64, blank=True, default="")
    digest = models.CharField(max_length=64)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = "peristiwa"
        verbose_name_plural = "peristiwa"
        default_permissions = ("view",)
        ordering = ["assessment", "number"]
        constraints = [models.UniqueConstraint(fields=["assessment", "number"], name="one_event_per_number")]
        indexes = [models.Index(fields=["assessment", "criterion", "number"], name="events_of_a_criterion")]

    def __str__(self) -> str:
        return f"{self.assessment_id}#{self.number} {self.kind}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise HistoryIsFixed("Events are never changed.")
        super().save(*args, force_insert=True)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise HistoryIsFixed("Events are never deleted.")
