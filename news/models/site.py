"""What the admin says on the public pages about the agency as a whole: one row."""

from typing import Any

from django.core.validators import MaxLengthValidator, URLValidator
from django.db import models

ONLY = 1  # the primary key of the one row
_WEB = URLValidator(schemes=["http", "https"], message="Isi alamat yang diawali http:// atau https://.")


def _link(label: str, help_text: str = "") -> "models.CharField[str, str]":
    return models.CharField(label, max_length=500, blank=True, default="", validators=[_WEB], help_text=help_text)


class SiteSettings(models.Model):
    """The one row of settings of the public pages; `selectors.site_settings` reads it."""

    agency_name = models.CharField(
        "nama instansi", max_length=200, blank=True, default="",
        help_text="Kosong: nama unit teratas dalam pohon unit kerja.",
    )  # fmt: skip
    statement = models.TextField(
        "pernyataan instansi", blank=True, default="", validators=[MaxLengthValidator(3000)],
        help_text="Komitmen pimpinan, ditampilkan di beranda. Boleh memakai Markdown.",
    )  # fmt: skip
    statement_by = models.CharField(
        "jabatan yang menyatakan", max_length=150, blank=True, default="", help_text="Misalnya Rektor atau Bupati."
    )
    decree_title = models.CharField(
        "judul keputusan", max_length=300, blank=True, default="",
        help_text="Keputusan yang mendasari pembangunan Zona Integritas di instansi ini.",
    )  # fmt: skip
    decree_number = models.CharField("nomor keputusan", max_length=100, blank=True, default="")
    decree_date = models.DateField("tanggal keputusan", null=True, blank=True)
    complaint_url = _link("tautan pengaduan masyarakat", "Kosong: tidak ditampilkan. Berlaku bagi keempat tautan.")
    wbs_url = _link("tautan Whistle-Blowing System (WBS)")
    lapor_url = _link("tautan SP4N-LAPOR!")
    survey_url = _link("tautan survei kepuasan")
    heads_publish = models.BooleanField(
        "kepala unit boleh menerbitkan berita", default=False,
        help_text="Bila tidak, hanya admin yang menerbitkan tulisan unit.",
    )  # fmt: skip
    changed_at = models.DateTimeField("diubah", auto_now=True)

    class Meta:
        verbose_name = "pengaturan situs publik"
        verbose_name_plural = "pengaturan situs publik"
        default_permissions = ("add", "change", "view")
        constraints = [models.CheckConstraint(condition=models.Q(pk=ONLY), name="one_row_of_site_settings")]

    def __str__(self) -> str:
        return "Pengaturan situs publik"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = ONLY
        super().save(*args, **kwargs)

    @property
    def channels(self) -> list[tuple[str, str, str, str]]:
        """Return the links that are configured: address, icon, label, what it is for."""
        rows = [
            (self.complaint_url, "megaphone", "Pengaduan masyarakat", "Sampaikan keluhan tentang layanan kami."),
            (self.wbs_url, "shield-exclamation", "Whistle-Blowing System", "Laporkan dugaan pelanggaran dengan aman."),
            (self.lapor_url, "flag", "SP4N-LAPOR!", "Kanal pengaduan nasional."),
            (self.survey_url, "clipboard-check", "Survei kepuasan", "Nilai layanan yang Anda terima."),
        ]
        return [row for row in rows if row[0]]
