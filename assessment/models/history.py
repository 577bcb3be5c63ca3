"""The append-only history."""

from typing import Any, TypeVar

from django.db import models

from accounts.models import User

from .answer import Assessment, Stage


class HistoryIsFixed(TypeError):
    """Somebody tried to change or delete history."""


M = TypeVar("M", bound=models.Model)


class FixedQuerySet(models.QuerySet[M]):
    """Rows that are added and read, nothing else."""

    def update(self, **kwargs: Any) -> int:
        raise HistoryIsFixed("History is never changed.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise HistoryIsFixed("History is never deleted.")

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        raise HistoryIsFixed("History is never changed.")


class FixedModel(models.Model):
    """Base of rows that are never changed or deleted once they are there."""

    objects = FixedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise HistoryIsFixed("History is never changed.")
        super().save(*args, force_insert=True)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise HistoryIsFixed("History is never deleted.")


class Event(FixedModel):
    """One thing that happened to an assessment; `digest` covers the row and its predecessor's digest."""

    class Kind(models.TextChoices):
        OPENED = "opened", "Penilaian dibuka"
        ANSWERED = "answered", "Jawaban disimpan"
        TARGET_CHANGED = "target_changed", "Target predikat diubah"
        EVIDENCE_ATTACHED = "evidence_attached", "Bukti dukung dilampirkan"
        EVIDENCE_CHANGED = "evidence_changed", "Keterangan bukti dukung diubah"
        EVIDENCE_REPLACED = "evidence_replaced", "Bukti dukung diganti versi baru"
        EVIDENCE_DETACHED = "evidence_detached", "Bukti dukung dilepas"
        MOVED = "moved", "Status penilaian berubah"
        CONDITION = "condition", "Syarat pengusulan diubah"
        VERDICT = "verdict", "Hasil pemeriksaan bukti"
        RETURN_ITEM = "return_item", "Daftar perbaikan diubah"
        FINDING = "finding", "Catatan ditulis"
        FINDING_STATE = "finding_state", "Catatan ditindaklanjuti"
        ASSIGNED = "assigned", "Tim TPI ditugaskan"
        CONFLICT = "conflict", "Benturan kepentingan"
        SECOND = "second", "Penilaian kedua"
        AWARD = "award", "Predikat"
        ACTION = "action", "Rencana aksi"
        CHARGE = "charge", "Penanggung jawab kriteria"
        CARRIED = "carried", "Dibawa dari periode lalu"

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

    class Meta:
        verbose_name = "peristiwa"
        verbose_name_plural = "peristiwa"
        default_permissions = ("view",)
        ordering = ["assessment", "number"]
        constraints = [models.UniqueConstraint(fields=["assessment", "number"], name="one_event_per_number")]
        indexes = [models.Index(fields=["assessment", "criterion", "number"], name="events_of_a_criterion")]

    def __str__(self) -> str:
        return f"{self.assessment_id}#{self.number} {self.kind}"
