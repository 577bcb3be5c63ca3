"""Imports of many files at once, between choosing the files and attaching them."""

import uuid

from django.db import models
from django.urls import reverse

from accounts.models import User
from assessment.models import Assessment

from ..layout.confidence import Confidence
from .document import Blob, Document


class ImportBatch(models.Model):
    """The files of one ZIP or folder, checked and stored, waiting for a person to say where they go."""

    class State(models.TextChoices):
        RECEIVING = "receiving", "Menerima berkas"
        READY = "ready", "Menunggu keputusan"
        APPLIED = "applied", "Sudah dilampirkan"
        DISCARDED = "discarded", "Dibatalkan"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="import_batches")
    source = models.CharField("asal", max_length=150)
    state = models.CharField(max_length=9, choices=State, default=State.RECEIVING)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "impor bukti"
        verbose_name_plural = "impor bukti"
        default_permissions = ("view",)
        indexes = [models.Index(fields=["assessment", "state"], name="imports_of_an_assessment")]

    def __str__(self) -> str:
        return f"{self.source} → {self.assessment_id}"

    def get_absolute_url(self) -> str:
        return reverse("evidence:import", args=[self.assessment.period.year, self.assessment.unit.code, self.pk])


class ImportItem(models.Model):
    """One file of an import: where it lay, what it is, which criterion it seems to prove."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="items")
    order = models.PositiveIntegerField()
    path = models.CharField(max_length=500)
    file_name = models.CharField(max_length=150, blank=True, default="")
    size = models.PositiveBigIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True, default="")  # why it is refused; "" if it may be attached
    blob = models.ForeignKey(Blob, models.PROTECT, null=True, blank=True, related_name="import_items")
    kind = models.CharField(max_length=8, blank=True, default="")
    code = models.CharField(max_length=30, blank=True, default="")  # the criterion proposed or chosen; "" for none
    place = models.CharField(max_length=30, blank=True, default="")  # the deepest node recognised
    confidence = models.CharField(
        max_length=6, choices=[(c.value, c.label) for c in Confidence], default=Confidence.NONE
    )
    why = models.CharField(max_length=200, blank=True, default="")
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="import_items"
    )  # once attached

    class Meta:
        verbose_name = "berkas impor"
        verbose_name_plural = "berkas impor"
        default_permissions = ("view",)
        ordering = ["batch", "order"]
        constraints = [models.UniqueConstraint(fields=["batch", "order"], name="one_item_per_order")]

    def __str__(self) -> str:
        return self.path
