"""Documents: what a unit shows as evidence, each a file or a link, in versions that are never overwritten."""

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse

from accounts.models import TEAM_ROLES, Membership, Unit, User
from assessment.models import Assessment

from ..content import KINDS, Kind

LINK = "link"  # the `kind` of a version that is an address instead of a file
YEARS = [MinValueValidator(2000), MaxValueValidator(2100)]


class Blob(models.Model):
    """The content of a file, stored once under its SHA-256 however many documents hold it.

    The row is made only after the file is durably in the store (see `evidence.storage.keep`).
    """

    class Scan(models.TextChoices):
        UNSCANNED = "unscanned", "Belum dipindai"
        PENDING = "pending", "Menunggu pemindaian virus"
        CLEAN = "clean", "Bebas virus"
        INFECTED = "infected", "Mengandung virus"

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField("ukuran (bita)")
    pages = models.PositiveIntegerField("halaman", null=True, blank=True)  # of a PDF
    scan = models.CharField("pemindaian", max_length=9, choices=Scan, default=Scan.UNSCANNED)
    scanned_at = models.DateTimeField("dipindai", null=True, blank=True)
    threat = models.CharField("ancaman", max_length=200, blank=True, default="")
    received_at = models.DateTimeField("terakhir diterima")  # what arrived lately is never reclaimed

    class Meta:
        verbose_name = "isi berkas"
        verbose_name_plural = "isi berkas"
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.sha256[:12]


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: User) -> "DocumentQuerySet":
        """Return the documents `user` may know exist.

        A unit's team sees all of its unit's; whoever may only look at the unit's assessments sees those that
        prove something in one: attached now, or part of a submission.
        """
        from .attachment import Attachment  # refers to documents itself

        if not user.is_active:
            return self.none()
        if user.is_superuser:
            return self
        team = Membership.objects.filter(user=user, role__in=TEAM_ROLES, unit=models.OuterRef("unit"))
        assessments = Assessment.objects.visible_to(user).values("pk")
        used = Attachment.objects.in_use().filter(document=models.OuterRef("pk"), assessment__in=assessments)
        return self.filter(models.Exists(team) | models.Exists(used))

    def published(self) -> "DocumentQuerySet":
        """Return the documents of active units that the public may read now, with what a list shows."""
        scans = [Blob.Scan.CLEAN, Blob.Scan.UNSCANNED]
        readable = models.Q(current__blob=None) | models.Q(current__blob__scan__in=scans)
        rows = self.filter(readable, is_public=True, unit__is_active=True)
        return rows.select_related("unit", "current__blob").order_by("unit__code", "title")

    def search(self, text: str) -> "DocumentQuerySet":
        """Return the documents in whose title, number or file name every word of `text` occurs; a year is one too."""
        rows = self
        for word in text.split()[:10]:
            found = (
                models.Q(title__icontains=word)
                | models.Q(number__icontains=word)
                | models.Q(current__file_name__icontains=word)
            )
            is_year = word.isascii() and word.isdigit() and len(word) == 4
            rows = rows.filter(found | models.Q(year=int(word)) if is_year else found)
        return rows

    def for_list(self) -> "DocumentQuerySet":
        """Load what a list shows in the same query."""
        return self.select_related("unit", "current__blob", "current__uploaded_by")


class Document(models.Model):
    """Something that proves an answer; its content is in `versions`, the newest is `current`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="documents", verbose_name="unit kerja")
    title = models.CharField("judul", max_length=200)
    number = models.CharField("nomor dokumen", max_length=100, blank=True, default="")
    dated = models.DateField("tanggal dokumen", null=True, blank=True)
    year = models.PositiveSmallIntegerField("tahun yang dibuktikan", validators=YEARS)
    revision = models.PositiveIntegerField(default=1, editable=False)  # grows with every change of the description
    is_public = models.BooleanField("publik", default=False, editable=False)
    current = models.OneToOneField("DocumentVersion", models.PROTECT, null=True, editable=False, related_name="+")
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="ditambahkan oleh")
    created_at = models.DateTimeField("ditambahkan", auto_now_add=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "dokumen"
        verbose_name_plural = "dokumen"
        default_permissions = ("view",)
        ordering = ["unit", "title"]
        indexes = [models.Index(fields=["unit", "year"], name="documents_of_a_year")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("evidence:document", args=[self.unit.code, self.pk])


class DocumentVersion(models.Model):
    """One state of a document: a file or an address. Written once; only a link's last check is noted on it."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("versi")
    blob = models.ForeignKey(Blob, models.PROTECT, null=True, blank=True, related_name="versions")
    kind = models.CharField("jenis", max_length=8)  # a key of `content.KINDS`, or LINK
    file_name = models.CharField("nama berkas", max_length=150, blank=True, default="")
    url = models.CharField("alamat", max_length=1000, blank=True, default="")
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    link_checked_at = models.DateTimeField(null=True, blank=True)
    link_ok = models.BooleanField(null=True, blank=True)
    link_message = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        verbose_name = "versi dokumen"
        verbose_name_plural = "versi dokumen"
        default_permissions = ("view",)
        ordering = ["document", "number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="one_version_per_number"),
            models.CheckConstraint(
                condition=models.Q(blob=None, kind=LINK, file_name="") & ~models.Q(url="")
                | models.Q(blob__isnull=False, url="") & ~models.Q(kind=LINK) & ~models.Q(file_name=""),
                name="a_version_is_a_file_or_a_link",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} v{self.number}"

    @property
    def file_kind(self) -> Kind | None:
        """Return what kind of file it is; None for a link."""
        return KINDS.get(self.kind)
