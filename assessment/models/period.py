"""Periods and the predicates that units hold."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models, transaction
from django.utils import timezone

from accounts.models import Unit

from .. import scoring
from .instrument import Instrument


class Predicate(models.TextChoices):
    WBK = "WBK", "Menuju WBK"
    WBBM = "WBBM", "Menuju WBBM"


class Period(models.Model):
    """One year's assessment: its instrument, its windows and its settings."""

    class AreaReading(models.TextChoices):
        TOGETHER = scoring.TOGETHER, "Pemenuhan dan Reform digabung"
        SEPARATE = scoring.SEPARATE, "Pemenuhan dan Reform masing-masing"

    year = models.PositiveSmallIntegerField("tahun", unique=True)
    name = models.CharField("nama", max_length=150)
    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="periods", verbose_name="instrumen LKE")
    area_reading = models.CharField(
        "pembacaan nilai minimum area",
        max_length=10,
        choices=AreaReading,
        default=AreaReading.TOGETHER,
        help_text="Menentukan apakah ambang batas area diukur pada gabungan atau pada tiap rincian.",
    )
    needs_prelim = models.BooleanField("memakai penilaian pendahuluan", default=False)
    allows_unanswered = models.BooleanField(
        "boleh diajukan walau ada kriteria belum dijawab",
        default=False,
        help_text="Kriteria yang belum dijawab dinilai 0.",
    )
    agency_kind = models.CharField(
        "jenis instansi",
        max_length=10,
        choices=[("local", "Pemerintah daerah"), ("central", "Kementerian/lembaga")],
        default="local",
        help_text="Menentukan syarat pengusulan yang berlaku dan kelonggaran bagi unit afirmasi.",
    )
    second_share = models.PositiveSmallIntegerField(
        "sampel penilaian kedua (%)",
        default=0,
        validators=[MaxValueValidator(100)],
        help_text="Bagian kriteria yang dinilai dua kali tanpa saling melihat. 0 berarti tidak dipakai.",
    )
    unit_opens = models.DateTimeField("pengisian dibuka")
    unit_closes = models.DateTimeField("pengisian ditutup")
    prelim_opens = models.DateTimeField("penilaian pendahuluan dibuka", null=True, blank=True)
    prelim_closes = models.DateTimeField("penilaian pendahuluan ditutup", null=True, blank=True)
    tpi_opens = models.DateTimeField("penilaian TPI dibuka", null=True, blank=True)
    tpi_closes = models.DateTimeField("penilaian TPI ditutup", null=True, blank=True)
    is_proposing = models.BooleanField(
        "usulan periode ini dibaca PortalRB",
        default=False,
        help_text="Hanya satu periode. Di luar waktu pengusulan di bawah ini PortalRB tidak menerima apa pun.",
    )
    proposal_opens = models.DateTimeField("pengusulan dibuka", null=True, blank=True)
    proposal_closes = models.DateTimeField(
        "pengusulan ditutup",
        null=True,
        blank=True,
        help_text="Tautan bukti dukung bagi kementerian berlaku sampai saat ini.",
    )

    class Meta:
        verbose_name = "periode"
        verbose_name_plural = "periode"
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(unit_opens__lt=models.F("unit_closes")),
                name="unit_window_opens_before_it_closes",
                violation_error_message="Pengisian harus dibuka sebelum ditutup.",
            ),
            models.CheckConstraint(
                condition=models.Q(prelim_opens=None)
                | models.Q(prelim_closes=None)
                | models.Q(prelim_opens__lt=models.F("prelim_closes")),
                name="prelim_window_opens_before_it_closes",
                violation_error_message="Penilaian pendahuluan harus dibuka sebelum ditutup.",
            ),
            models.CheckConstraint(
                condition=models.Q(tpi_opens=None)
                | models.Q(tpi_closes=None)
                | models.Q(tpi_opens__lt=models.F("tpi_closes")),
                name="tpi_window_opens_before_it_closes",
                violation_error_message="Penilaian TPI harus dibuka sebelum ditutup.",
            ),
            models.CheckConstraint(
                condition=models.Q(proposal_opens=None)
                | models.Q(proposal_closes=None)
                | models.Q(proposal_opens__lt=models.F("proposal_closes")),
                name="proposal_window_opens_before_it_closes",
                violation_error_message="Pengusulan harus dibuka sebelum ditutup.",
            ),
            models.CheckConstraint(
                condition=models.Q(is_proposing=False) | models.Q(proposal_closes__isnull=False),
                name="a_proposing_period_says_when_it_closes",
                violation_error_message="Isi waktu pengusulan ditutup bagi periode yang dibaca PortalRB.",
            ),
            models.UniqueConstraint(
                fields=["is_proposing"],
                condition=models.Q(is_proposing=True),
                name="one_proposing_period",
                violation_error_message="Periode lain sudah dibaca PortalRB. Hapus dahulu tandanya di sana.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the period; its instrument is frozen from then on."""
        with transaction.atomic():
            super().save(*args, **kwargs)
            Instrument.objects.filter(pk=self.instrument_id, frozen=False).update(frozen=True)

    def clean(self) -> None:
        if not self.pk:
            return
        old = Period.objects.get(pk=self.pk)
        if old.instrument_id != self.instrument_id and self.assessments.exists():
            raise ValidationError({"instrument": "Periode ini sudah mempunyai penilaian; instrumennya tetap."})
        if old.year != self.year and self.assessments.exists():
            raise ValidationError({"year": "Periode ini sudah mempunyai penilaian; tahunnya tetap."})

    def is_open_for_units(self, at: datetime | None = None) -> bool:
        """Tell whether units may fill in now."""
        return self.unit_opens <= (at or timezone.now()) < self.unit_closes

    def is_open_for_prelim(self, at: datetime | None = None) -> bool:
        """Tell whether the preliminary assessment may be written now; a limit that is not set is none."""
        return _is_within(self.prelim_opens, self.prelim_closes, at)

    def is_open_for_tpi(self, at: datetime | None = None) -> bool:
        """Tell whether TPI may write now; a limit that is not set is none."""
        return _is_within(self.tpi_opens, self.tpi_closes, at)

    def is_open_for_proposals(self, at: datetime | None = None) -> bool:
        """Tell whether the ministry may read this period's proposals now."""
        return self.is_proposing and _is_within(self.proposal_opens, self.proposal_closes, at)


def _is_within(opens: datetime | None, closes: datetime | None, at: datetime | None) -> bool:
    now = at or timezone.now()
    return (opens is None or opens <= now) and (closes is None or now < closes)


class Award(models.Model):
    """A predicate that a unit received by decree; withdrawn ones stay on record."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="awards", verbose_name="unit kerja")
    predicate = models.CharField("predikat", max_length=5, choices=Predicate)
    decree_number = models.CharField("nomor keputusan", max_length=100)
    decree_date = models.DateField("tanggal keputusan")
    valid_until = models.DateField("berlaku sampai", null=True, blank=True)
    # Where the portal saw it granted; older ones were entered by hand.
    assessment = models.OneToOneField(
        "Assessment", models.PROTECT, null=True, blank=True, editable=False, related_name="award"
    )
    withdrawn_on = models.DateField("dicabut pada", null=True, blank=True)
    withdrawn_reason = models.TextField("alasan pencabutan", blank=True, default="")

    class Meta:
        verbose_name = "predikat unit"
        verbose_name_plural = "predikat unit"
        ordering = ["unit", "-decree_date"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(withdrawn_on=None) | ~models.Q(withdrawn_reason=""),
                name="withdrawal_has_a_reason",
                violation_error_message="Pencabutan predikat harus disertai alasan.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.get_predicate_display()}"
