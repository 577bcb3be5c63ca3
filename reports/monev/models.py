"""Monitoring letters, kept as they were made."""

import uuid
from typing import Any

from django.db import models

from accounts.models import User
from assessment.models import Award
from assessment.models.history import FixedModel


class MonitoringLetter(FixedModel):
    """One Surat monev about a predicate; `data` is what the letter says, fixed when it was made."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    award = models.ForeignKey(Award, models.PROTECT, related_name="monitoring_letters", verbose_name="predikat")
    number = models.CharField("nomor surat", max_length=100)
    dated = models.DateField("tanggal surat")
    fulfils = models.BooleanField("masih memenuhi kriteria")
    due_on = models.DateField("pemantauan berikutnya paling lambat")
    data: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField()
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = "surat monev"
        verbose_name_plural = "surat monev"
        default_permissions = ("view",)
        ordering = ["-dated", "-created_at"]

    def __str__(self) -> str:
        return self.number
