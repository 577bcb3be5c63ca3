"""Fixed copies of an assessment, made when it is submitted and when somebody decides on it."""

import uuid
from typing import Any

from django.db import models

from accounts.models import User

from .answer import Assessment, Stage
from .history import FixedModel


class Snapshot(FixedModel):
    """What a stage was at one moment: answers, scores, evidence with hashes. Never changed; `digest` covers `data`.

    The event that made it carries the digest too, so that the history's chain holds it.
    """

    class Kind(models.TextChoices):
        SUBMISSION = "submission", "Pengajuan unit"
        PRELIM = "prelim", "Penilaian pendahuluan"
        DECISION = "decision", "Keputusan TPI"
        RESULT = "result", "Hasil TPN"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="snapshots")
    kind = models.CharField(max_length=10, choices=Kind)
    stage = models.CharField(max_length=6, choices=Stage)
    round = models.PositiveSmallIntegerField("putaran")  # from 1, per kind
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    data: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField()
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = "salinan tetap"
        verbose_name_plural = "salinan tetap"
        default_permissions = ("view",)
        ordering = ["assessment", "at"]
        constraints = [models.UniqueConstraint(fields=["assessment", "kind", "round"], name="one_snapshot_per_round")]

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.kind} {self.round}"
