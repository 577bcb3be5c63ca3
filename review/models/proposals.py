"""The letter that proposes units to TPN, and what TPN decided."""

import uuid
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from accounts.models import User
from assessment.models import Assessment, Period, Predicate
from assessment.models.history import FixedModel


class Proposal(FixedModel):
    """One Surat pengajuan; `data` is what the letter says, fixed when it was made."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    period = models.ForeignKey(Period, models.PROTECT, related_name="proposals", verbose_name="periode")
    number = models.CharField("nomor surat", max_length=100)
    dated = models.DateField("tanggal surat")
    data: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField()
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = "surat pengajuan"
        verbose_name_plural = "surat pengajuan"
        default_permissions = ("view",)
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.number


class ProposalItem(models.Model):
    """A unit proposed by a letter; taken off again only with a reason."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="items")
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="proposal_items")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "unit yang diusulkan"
        verbose_name_plural = "unit yang diusulkan"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["assessment"], condition=models.Q(withdrawn_at=None), name="one_standing_proposal_per_unit"
            )
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id}: {self.assessment_id}"


class TpnResult(models.Model):
    """What the national team (TPN) decided about a proposed unit."""

    assessment = models.OneToOneField(Assessment, models.PROTECT, related_name="tpn_result")
    granted = models.BooleanField("predikat diberikan")
    predicate = models.CharField("predikat", max_length=5, choices=Predicate)
    total = models.DecimalField(
        "nilai TPN", max_digits=5, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )  # fmt: skip
    decree_number = models.CharField("nomor keputusan", max_length=100, blank=True, default="")
    decree_date = models.DateField("tanggal keputusan", null=True, blank=True)
    valid_until = models.DateField("berlaku sampai", null=True, blank=True)
    note = models.TextField("catatan", max_length=2000, blank=True, default="")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "hasil TPN"
        verbose_name_plural = "hasil TPN"
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(granted=False) | ~models.Q(decree_number="") & models.Q(decree_date__isnull=False),
                name="a_granted_predicate_has_a_decree",
            )
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id}: {'diberikan' if self.granted else 'tidak diberikan'}"
