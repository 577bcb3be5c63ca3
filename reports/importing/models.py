"""A filled workbook between sending it and agreeing to what it changes."""

import uuid

from django.db import models
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from assessment.models import Assessment


class LkeImport(models.Model):
    """What was read from one workbook, kept here and never sent back by the browser, until it is written or expires.

    `content` is what was read, `placing` where its rows belong; `choices` are a person's own placings by row number
    ("" leaves a row out), `skipped` the criteria that are not to be changed. They are emptied when it is over.
    """

    class State(models.TextChoices):
        READY = "ready", "Menunggu keputusan"
        APPLIED = "applied", "Sudah disimpan"
        DISCARDED = "discarded", "Dibatalkan"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="lke_imports")
    source = models.CharField("asal", max_length=150)
    state = models.CharField(max_length=9, choices=State, default=State.READY)
    content = models.JSONField(default=dict)
    placing = models.JSONField(default=dict)
    choices = models.JSONField(default=dict)
    skipped = models.JSONField(default=list)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "impor LKE"
        verbose_name_plural = "impor LKE"
        default_permissions = ("view",)
        indexes = [models.Index(fields=["assessment", "state"], name="lke_imports_of_an_assessment")]

    def __str__(self) -> str:
        return f"{self.source} → {self.assessment_id}"

    def get_absolute_url(self) -> str:
        return reverse("reports:lke-import", args=[self.assessment.period.year, self.assessment.unit.code, self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == self.State.READY and self.expires_at > timezone.now()
