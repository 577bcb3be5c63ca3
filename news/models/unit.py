"""What a unit tells the public about itself."""

from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator, URLValidator
from django.db import models

from accounts.models import Unit

ABOUT_LIMIT = 2000
YEARS = [MinValueValidator(2000), MaxValueValidator(2100)]


class UnitProfile(models.Model):
    """A unit's public details; `version` grows with every change, 0 while there is no row."""

    unit = models.OneToOneField(Unit, models.PROTECT, related_name="profile", verbose_name="unit kerja")
    about = models.TextField("tentang unit", blank=True, default="", validators=[MaxLengthValidator(ABOUT_LIMIT)])
    decree_title = models.CharField("judul keputusan", max_length=300, blank=True, default="")
    decree_number = models.CharField("nomor keputusan", max_length=100, blank=True, default="")
    decree_date = models.DateField("tanggal keputusan", null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = "profil publik unit"
        verbose_name_plural = "profil publik unit"
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"Profil {self.unit}"


class WorkTeamMember(models.Model):
    """One place in a unit's Tim Kerja; the name is what the unit enters, not an account."""

    profile = models.ForeignKey(UnitProfile, models.CASCADE, related_name="team")
    order = models.PositiveSmallIntegerField()
    function = models.CharField("kedudukan dalam tim", max_length=120)
    name = models.CharField("nama", max_length=150, blank=True, default="")

    class Meta:
        verbose_name = "anggota Tim Kerja"
        verbose_name_plural = "anggota Tim Kerja"
        default_permissions = ("view",)
        ordering = ["order"]

    def __str__(self) -> str:
        return self.function


class Innovation(models.Model):
    """An innovation that a unit shows."""

    profile = models.ForeignKey(UnitProfile, models.CASCADE, related_name="innovations")
    order = models.PositiveSmallIntegerField()
    title = models.CharField("nama inovasi", max_length=150)
    year = models.PositiveSmallIntegerField("tahun", null=True, blank=True, validators=YEARS)
    description = models.CharField("uraian", max_length=500, blank=True, default="")
    url = models.CharField(
        "tautan", max_length=500, blank=True, default="", validators=[URLValidator(schemes=["http", "https"])]
    )

    class Meta:
        verbose_name = "inovasi"
        verbose_name_plural = "inovasi"
        default_permissions = ("view",)
        ordering = ["order"]

    def __str__(self) -> str:
        return self.title
