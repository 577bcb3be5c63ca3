"""Who of a unit answers for which part of the worksheet."""

from django.db import models

from accounts.models import User
from assessment.models import Assessment


class Charge(models.Model):
    """The person in charge of one place: an area ("1" to "6"), a page without area ("B.I") or a criterion (its code).

    A criterion's own goes before its area's. What was before is in the events of the assessment.
    """

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="charges", verbose_name="penilaian")
    place = models.CharField("bagian", max_length=30)
    user = models.ForeignKey(User, models.PROTECT, related_name="charges", verbose_name="penanggung jawab")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "penanggung jawab kriteria"
        verbose_name_plural = "penanggung jawab kriteria"
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["assessment", "place"], name="one_person_in_charge_per_place")]

    def __str__(self) -> str:
        return f"{self.assessment_id}/{self.place}: {self.user_id}"


class Leader(models.Model):
    """The team lead whom the head of a unit named for one assessment: may assign criteria like the head."""

    assessment = models.OneToOneField(Assessment, models.PROTECT, related_name="leader", verbose_name="penilaian")
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="ketua tim kerja")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "ketua tim kerja"
        verbose_name_plural = "ketua tim kerja"
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.assessment_id}: {self.user_id}"
