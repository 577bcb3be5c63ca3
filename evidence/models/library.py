"""A unit's collection of documents, and the append-only history of what happened to them."""

from django.db import models

from accounts.models import Unit, User
from assessment.models.history import FixedModel


class Library(models.Model):
    """The documents of one unit: the row that writers lock, the room they have, the end of their history."""

    unit = models.OneToOneField(
        Unit, models.PROTECT, primary_key=True, related_name="library", verbose_name="unit kerja"
    )
    quota_mib = models.PositiveIntegerField(
        "kuota khusus (MiB)", null=True, blank=True, help_text="Kosong berarti kuota umum dari pengaturan portal."
    )
    event_count = models.PositiveIntegerField(default=0, editable=False)
    event_head = models.CharField(max_length=64, default="", blank=True, editable=False)

    class Meta:
        verbose_name = "perpustakaan dokumen"
        verbose_name_plural = "perpustakaan dokumen"

    def __str__(self) -> str:
        return f"Dokumen {self.unit}"


class DocumentEvent(FixedModel):
    """One thing that happened to a unit's document; `digest` covers the row and its predecessor's digest."""

    class Kind(models.TextChoices):
        ADDED = "added", "Dokumen ditambahkan"
        REPLACED = "replaced", "Versi baru"
        DESCRIBED = "described", "Keterangan diubah"
        PUBLISHED = "published", "Dijadikan publik"
        WITHDRAWN = "withdrawn", "Ditarik dari publik"
        DELETED = "deleted", "Dokumen dihapus"

    library = models.ForeignKey(Library, models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind)
    document = models.UUIDField()  # no foreign key: the history outlives a deleted document
    data = models.JSONField(default=dict)
    previous = models.CharField(max_length=64, blank=True, default="")
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = "peristiwa dokumen"
        verbose_name_plural = "peristiwa dokumen"
        default_permissions = ("view",)
        ordering = ["library", "number"]
        constraints = [models.UniqueConstraint(fields=["library", "number"], name="one_document_event_per_number")]
        indexes = [models.Index(fields=["document", "number"], name="events_of_a_document")]

    def __str__(self) -> str:
        return f"{self.library_id}#{self.number} {self.kind}"
