"""The letterhead of a unit and of everything below it that has none of its own."""

from django.core.validators import MaxLengthValidator
from django.db import models


class Logo(models.Model):
    """A picture under its own SHA-256. Never changed or deleted: documents drawn from old copies still show it."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    content = models.BinaryField()  # PNG

    class Meta:
        verbose_name = "logo"
        verbose_name_plural = "logo"

    def __str__(self) -> str:
        return self.sha256[:12]


class Letterhead(models.Model):
    """How the documents of a unit begin and who signs letters."""

    unit = models.OneToOneField(
        "accounts.Unit", models.CASCADE, verbose_name="unit kerja", related_name="letterhead",
        help_text="Berlaku juga bagi unit di bawahnya yang tidak punya kop sendiri.",
    )  # fmt: skip
    lines = models.TextField(
        "baris nama", validators=[MaxLengthValidator(400)],
        help_text="Paling banyak empat baris, misalnya nama pemerintah daerah, lalu nama instansi.",
    )  # fmt: skip
    address = models.CharField("alamat", max_length=200, blank=True)
    contact = models.CharField(
        "kontak", max_length=200, blank=True, help_text="Telepon, laman, atau surel; dicetak di bawah alamat."
    )
    logo = models.ForeignKey(Logo, models.PROTECT, verbose_name="logo", null=True, blank=True, editable=False)
    place = models.CharField(
        "tempat", max_length=100, blank=True, help_text="Dicetak bersama tanggal di atas tanda tangan."
    )
    signatory_role = models.CharField(
        "jabatan penanda tangan surat", max_length=150, blank=True,
        help_text="Misalnya Sekretaris Daerah. Menjadi isian awal surat pengajuan.",
    )  # fmt: skip
    signatory_name = models.CharField("nama penanda tangan", max_length=150, blank=True)
    signatory_number = models.CharField("NIP penanda tangan", max_length=30, blank=True)

    class Meta:
        verbose_name = "kop surat"
        verbose_name_plural = "kop surat"

    def __str__(self) -> str:
        return f"Kop surat {self.unit}"
