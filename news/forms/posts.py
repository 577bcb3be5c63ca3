"""The forms of the editor."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import AREAS

from ..models.post import BODY_LIMIT, SUMMARY_LIMIT
from ..pictures import Made, make_sizes
from ..services.posts import PictureChange, Text

OUTDATED = "Halaman ini sudah usang. Muat ulang halaman, lalu ulangi."
NO_TEXT = "Tulis teks alternatif: apa yang tampak pada gambar, bagi yang tidak dapat melihatnya."


def _line(label: str, most: int, help_text: str = "", *, required: bool = True) -> forms.CharField:
    widget = forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"})
    return forms.CharField(label=label, max_length=most, help_text=help_text, required=required, widget=widget)


def version_field() -> forms.IntegerField:
    """Return the field that says which version the person saw."""
    return forms.IntegerField(
        min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput,
        error_messages={"required": OUTDATED, "invalid": OUTDATED, "min_value": OUTDATED, "max_value": OUTDATED},
    )  # fmt: skip


class PostForm(forms.Form):
    """What a post says; `has_picture` tells that there is a picture already."""

    version = version_field()
    title = _line("Judul", 160)
    summary = forms.CharField(
        label="Ringkasan", max_length=SUMMARY_LIMIT,
        help_text="Satu atau dua kalimat; tampil dalam daftar dan saat tautan dibagikan.",
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 2}),
    )  # fmt: skip
    area = forms.ChoiceField(
        label="Area", choices=[("", "Bukan tentang satu area"), *AREAS.items()], required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )  # fmt: skip
    body = forms.CharField(
        label="Isi", max_length=BODY_LIMIT,
        help_text="Markdown: ## Subjudul, **tebal**, *miring*, - daftar, > kutipan, [teks](https://alamat).",
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 16}),
    )  # fmt: skip
    picture = forms.FileField(
        label="Gambar", required=False,
        help_text="PNG, JPEG, atau WebP, paling besar 10 MB. Keterangan tersembunyi, seperti lokasi, dibuang.",
        widget=forms.FileInput(attrs={"class": "form-control", "accept": "image/png,image/jpeg,image/webp"}),
        error_messages={"empty": "Berkas gambar ini kosong."},
    )  # fmt: skip
    picture_alt = _line("Teks alternatif gambar", 200, "Wajib bila ada gambar.", required=False)
    without_picture = forms.BooleanField(
        label="Hapus gambar", required=False, widget=forms.CheckboxInput(attrs={"class": "form-check-input"})
    )

    def __init__(self, *args: Any, has_picture: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_picture = has_picture

    def clean_picture(self) -> Made | None:
        file = self.cleaned_data.get("picture")
        return make_sizes(file, file.size) if file else None

    def clean(self) -> None:
        given = self.cleaned_data
        kept = self.has_picture and not given.get("without_picture")
        if (given.get("picture") or kept) and not given.get("picture_alt") and "picture_alt" not in self.errors:
            self.add_error("picture_alt", ValidationError(NO_TEXT))

    @property
    def text(self) -> Text:
        given = self.cleaned_data
        body = str(given["body"]).replace("\r\n", "\n")
        return Text(given["title"], " ".join(str(given["summary"]).split()), body, given["area"], given["picture_alt"])

    @property
    def change(self) -> PictureChange:
        return PictureChange(self.cleaned_data["picture"], self.cleaned_data["without_picture"])


class StepForm(forms.Form):
    """A step of a post, and for publishing the moment from which it is public."""

    version = version_field()
    at = forms.DateTimeField(
        label="Terbit pada", required=False, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        help_text="Kosong: sekarang juga. Waktu yang akan datang menjadwalkan penerbitan.",
        widget=forms.DateTimeInput(attrs={"class": "form-control", "type": "datetime-local"}),
        error_messages={"invalid": "Isi tanggal dan jam yang benar."},
    )  # fmt: skip

    def clean_at(self) -> Any:
        at = self.cleaned_data.get("at")
        if at and not 2000 <= at.year <= 2100:
            raise ValidationError("Isi tahun antara 2000 dan 2100.")
        return at
