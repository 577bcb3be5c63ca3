"""A unit's final score, where the admin chose to publish it."""

from django.db import models

from accounts.models import User
from assessment.models import Assessment, Snapshot


class PublishedScore(models.Model):
    """That the public may read the total of one decided copy. Withdrawing takes the row away; the history stays."""

    assessment = models.OneToOneField(Assessment, models.PROTECT, related_name="published_score")
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="+")
    total = models.DecimalField("nilai", max_digits=6, decimal_places=2)  # the figure of the copy, as it is shown
    published_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    published_at = models.DateTimeField()

    class Meta:
        verbose_name = "nilai akhir yang diterbitkan"
        verbose_name_plural = "nilai akhir yang diterbitkan"
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.assessment_id}: {self.total}"
