"""Who wrote, published and withdrew what."""

from django.db import models

from accounts.models import Unit, User
from assessment.models.history import FixedModel


class PublicEvent(FixedModel):
    """One thing that was done to what the public may read; never changed, never deleted."""

    class Kind(models.TextChoices):
        CREATED = "created", "Draf dibuat"
        EDITED = "edited", "Isi diubah"
        READY = "ready", "Diajukan untuk terbit"
        RETURNED = "returned", "Dikembalikan menjadi draf"
        PUBLISHED = "published", "Diterbitkan"
        WITHDRAWN = "withdrawn", "Ditarik dari publik"
        DISCARDED = "discarded", "Dibuang"
        PROFILE = "profile", "Profil publik diubah"
        SCORE_PUBLISHED = "score_published", "Nilai akhir diterbitkan"
        SCORE_WITHDRAWN = "score_withdrawn", "Nilai akhir ditarik"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="public_events")
    post = models.ForeignKey("Post", models.PROTECT, null=True, related_name="events")
    kind = models.CharField(max_length=20, choices=Kind)
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    data = models.JSONField(default=dict)  # what there was to read after it

    class Meta:
        verbose_name = "riwayat situs publik"
        verbose_name_plural = "riwayat situs publik"
        default_permissions = ("view",)
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["unit", "-at"], name="public_events_of_a_unit")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.kind}"
