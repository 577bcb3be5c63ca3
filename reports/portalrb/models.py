"""Who may read for PortalRB, how often, what was read, and which units' evidence may be opened."""

from django.core.validators import MinLengthValidator
from django.db import models

from accounts.models import Unit, User
from assessment.models import Assessment


class ApiToken(models.Model):
    """A token with which PortalRB reads one agency's proposals; only its SHA-256 is stored.

    `prefix` is its readable beginning: it finds the row and lets people tell tokens apart.
    """

    name = models.CharField("nama", max_length=100, validators=[MinLengthValidator(3)])
    agency = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", verbose_name="instansi", limit_choices_to={"parent": None}
    )
    prefix = models.CharField("awalan", max_length=12, db_index=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="dibuat oleh", editable=False)
    made_at = models.DateTimeField("dibuat", editable=False)
    revoked_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="dicabut oleh", editable=False
    )
    revoked_at = models.DateTimeField("dicabut", null=True, editable=False)
    last_used_at = models.DateTimeField("terakhir dipakai", null=True, editable=False)

    class Meta:
        verbose_name = "token PortalRB"
        verbose_name_plural = "token PortalRB"
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(revoked_at=None, revoked_by=None)
                | models.Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="a_revoked_token_says_by_whom",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def is_revoked(self) -> bool:
        return self.revoked_at is not None


class EvidenceGrant(models.Model):
    """Whether the ministry may open a proposed unit's evidence; without a row it may.

    Every link carries the generation it was made in: a new one makes all older links worthless.
    """

    assessment = models.OneToOneField(
        Assessment, models.PROTECT, primary_key=True, related_name="evidence_grant", verbose_name="penilaian"
    )
    generation = models.PositiveIntegerField(default=1)
    revoked_at = models.DateTimeField("dicabut", null=True)
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = "izin tautan bukti dukung"
        verbose_name_plural = "izin tautan bukti dukung"
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.assessment_id}: {'dicabut' if self.revoked_at else 'berlaku'}"


class AccessEntry(models.Model):
    """One request from outside: to the API, or for evidence. Holds no token and no link."""

    class What(models.TextChoices):
        UNITS_WBK = "units-wbk", "Daftar unit WBK"
        UNITS_WBBM = "units-wbbm", "Daftar unit WBBM"
        ANSWERS = "answers", "Jawaban unit"
        EVIDENCE = "evidence", "Daftar bukti dukung"
        FILE = "file", "Berkas bukti dukung"
        OTHER = "other", "Alamat lain"

    at = models.DateTimeField("waktu", db_index=True)
    what = models.CharField("yang diminta", max_length=10, choices=What)
    status = models.PositiveSmallIntegerField("jawaban HTTP")
    token = models.ForeignKey(ApiToken, models.PROTECT, null=True, related_name="+", verbose_name="token")
    assessment = models.ForeignKey(Assessment, models.PROTECT, null=True, related_name="+", verbose_name="penilaian")
    criterion = models.CharField("kriteria", max_length=30, blank=True, default="")
    item = models.PositiveSmallIntegerField("dokumen ke-", null=True)
    address = models.GenericIPAddressField("alamat IP", null=True)
    agent = models.CharField("program", max_length=200, blank=True, default="")

    class Meta:
        verbose_name = "catatan akses PortalRB"
        verbose_name_plural = "catatan akses PortalRB"
        default_permissions = ("view",)
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["assessment", "-at"], name="accesses_of_a_unit")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.what} {self.status}"


class RateWindow(models.Model):
    """How many requests a token or an address made in the minute numbered `minute` (since 1970)."""

    key = models.CharField(max_length=80, primary_key=True)
    minute = models.PositiveBigIntegerField()
    used = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.key}: {self.used}"
