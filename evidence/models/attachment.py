"""Which document proves which criterion of which assessment."""

import uuid

from django.db import models

from accounts.models import User
from assessment.models import Assessment, Criterion, ExpectedDocument, ProposalCondition
from assessment.models.history import FixedModel


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def live(self) -> "AttachmentQuerySet":
        """Return those that prove a criterion now."""
        return self.filter(detached_at=None, condition=None)

    def of_conditions(self) -> "AttachmentQuerySet":
        """Return those that prove a condition for being proposed now."""
        return self.filter(detached_at=None, criterion=None)

    def in_use(self) -> "AttachmentQuerySet":
        """Return those that are attached now or were part of a submission."""
        return self.filter(
            models.Q(detached_at=None) | models.Exists(Pin.objects.filter(attachment=models.OuterRef("pk")))
        )

    def with_place(self) -> "AttachmentQuerySet":
        """Annotate `expected_place`: the expected document's place, from 1, among its criterion's; null for none."""
        before = ExpectedDocument.objects.filter(
            criterion=models.OuterRef("expected__criterion"), order__lte=models.OuterRef("expected__order")
        )
        place = before.order_by().values("criterion").annotate(place=models.Count("pk")).values("place")
        return self.annotate(expected_place=models.Subquery(place))

    def for_page(self) -> "AttachmentQuerySet":
        """Load all that a page shows of attachments, in two queries."""
        versions = Pin.objects.select_related("version__blob", "version__uploaded_by")
        pins = models.Prefetch("pins", versions.order_by("at"))
        return (
            self.with_place()
            .select_related(
                "document__current__blob", "document__current__uploaded_by", "document__unit", "expected", "attached_by"
            )
            .prefetch_related(pins)
            .order_by("attached_at", "document__title", "pk")
        )  # fmt: skip


class Attachment(models.Model):
    """A document laid beside an answer, or beside a condition for being proposed.

    Taking it away sets `detached_at`; the row stays.
    """

    class Verdict(models.TextChoices):
        """What a reviewer found; written by the review, never by a unit."""

        UNCHECKED = "unchecked", "Belum diperiksa"
        SUFFICIENT = "sufficient", "Sesuai"
        PARTIAL = "partial", "Kurang"
        UNFIT = "unfit", "Tidak relevan"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="attachments")
    criterion: "models.ForeignKey[Criterion, Criterion]" = models.ForeignKey(
        Criterion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",  # type: ignore[misc]
    )  # None only beside a condition, which `live` leaves out
    condition = models.ForeignKey(ProposalCondition, models.PROTECT, null=True, blank=True, related_name="+")
    document = models.ForeignKey("Document", models.PROTECT, related_name="attachments")
    expected = models.ForeignKey(ExpectedDocument, models.PROTECT, null=True, blank=True, related_name="+")
    page_ref = models.CharField("halaman", max_length=60, blank=True, default="")
    revision = models.PositiveIntegerField(default=1, editable=False)
    verdict = models.CharField(
        "hasil pemeriksaan", max_length=10, choices=Verdict, default=Verdict.UNCHECKED, editable=False
    )
    attached_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    attached_at = models.DateTimeField()
    detached_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    detached_at = models.DateTimeField(null=True, blank=True)

    expected_place: int | None  # only on rows from `with_place` and `for_page`

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = "lampiran bukti"
        verbose_name_plural = "lampiran bukti"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "criterion", "document"],
                condition=models.Q(detached_at=None),
                name="one_live_attachment_per_document",
            ),
            models.UniqueConstraint(
                fields=["assessment", "condition", "document"],
                condition=models.Q(detached_at=None),
                name="one_live_document_per_condition",
            ),
            models.CheckConstraint(
                condition=models.Q(criterion=None) ^ models.Q(condition=None), name="proves_a_criterion_or_a_condition"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id}/{self.criterion_id}: {self.document_id}"


class Pin(FixedModel):
    """The version of an attached document that was current when the assessment was submitted."""

    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="pins")
    version = models.ForeignKey("DocumentVersion", models.PROTECT, related_name="pins")
    at = models.DateTimeField("diajukan")

    class Meta:
        verbose_name = "versi saat diajukan"
        verbose_name_plural = "versi saat diajukan"
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["attachment", "at"], name="one_pin_per_submission")]

    def __str__(self) -> str:
        return f"{self.attachment_id} @ {self.version_id}"
