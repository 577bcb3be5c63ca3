"""What came from the period before: answers to be confirmed, and the record that a unit was carried over."""

import uuid

from django.db import models

from accounts.models import User
from assessment.models import Answer, Assessment, Criterion


class Carry(models.Model):
    """That an assessment was filled from an earlier one, once; `summary` counts what came, names what could not."""

    assessment = models.OneToOneField(Assessment, models.PROTECT, related_name="carry", verbose_name="penilaian")
    source = models.ForeignKey(Assessment, models.PROTECT, related_name="+", verbose_name="penilaian asal")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # {"suggestions": n, "documents": n, "actions": n, "left": [[code, title, why]]}
    summary = models.JSONField(default=dict)

    class Meta:
        verbose_name = "lanjutan periode"
        verbose_name_plural = "lanjutan periode"
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.source_id} → {self.assessment_id}"


class Suggestion(models.Model):
    """Last period's answer to a criterion, to be confirmed or dismissed. It is no answer: nothing scores it."""

    class State(models.TextChoices):
        OPEN = "open", "Perlu dikonfirmasi"
        CONFIRMED = "confirmed", "Dikonfirmasi"
        DISMISSED = "dismissed", "Diabaikan"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="suggestions")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    source = models.ForeignKey(Answer, models.PROTECT, related_name="+")
    # As the answer was when it was carried over: the letter, the counts, the index, the note.
    choice = models.CharField(max_length=1, blank=True, default="")
    counts = models.JSONField(default=list, blank=True)
    index = models.DecimalField(max_digits=3, decimal_places=2, null=True, blank=True)
    note = models.TextField(blank=True, default="")
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "jawaban periode lalu"
        verbose_name_plural = "jawaban periode lalu"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["assessment", "criterion"], name="one_suggestion_per_criterion"),
            models.CheckConstraint(
                condition=models.Q(state="open", decided_at=None)
                | ~models.Q(state="open") & models.Q(decided_at__isnull=False),
                name="a_decided_suggestion_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id}/{self.criterion_id}: {self.state}"
