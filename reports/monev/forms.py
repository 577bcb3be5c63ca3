"""The form of a monitoring letter."""

from typing import Any

from django import forms

from review.forms.deciding import Day, Line, Paragraphs, Styled

from .services import Letter

MOST_NOTES, NOTE_LENGTH = 20, 600
CONCLUSIONS = [("ya", "Masih memenuhi kriteria"), ("tidak", "Tidak lagi memenuhi kriteria")]


class Conclusion(Styled, forms.ChoiceField):
    """Whether the unit still fulfils what it was awarded for."""


class MonitoringForm(forms.Form):
    """What a person writes; scores and findings come from the portal."""

    number = Line(label="Nomor surat", max_length=100, missing="Isi nomor surat.")
    dated = Day(label="Tanggal surat", missing="Isi tanggal surat.")
    place = Line(label="Tempat", max_length=100, missing="Isi tempat surat dibuat.")
    signatory_role = Line(
        label="Jabatan penanda tangan", max_length=150, missing="Isi jabatan penanda tangan.",
        help_text="Misalnya Sekretaris Daerah atau Sekretaris Jenderal.",
    )  # fmt: skip
    fulfils = Conclusion(
        label="Simpulan", choices=[("", "Pilih simpulan"), *CONCLUSIONS],
        error_messages={"required": "Pilih simpulannya.", "invalid_choice": "Pilih salah satu simpulan."},
    )  # fmt: skip
    due_on = Day(label="Pemantauan berikutnya paling lambat", missing="Isi tanggal pemantauan berikutnya.")
    notes = Paragraphs(
        label="Catatan hasil pemantauan", max_length=MOST_NOTES * NOTE_LENGTH, rows=6,
        missing="Tulis paling sedikit satu catatan.", help_text="Satu catatan per baris.",
    )  # fmt: skip

    def clean_notes(self) -> tuple[str, ...]:
        lines = tuple(filter(None, (" ".join(line.split()) for line in self.cleaned_data["notes"].split("\n"))))
        if len(lines) > MOST_NOTES or any(len(line) > NOTE_LENGTH for line in lines):
            raise forms.ValidationError(f"Paling banyak {MOST_NOTES} baris, masing-masing {NOTE_LENGTH} karakter.")
        return lines

    @property
    def letter(self) -> Letter:
        given: dict[str, Any] = self.cleaned_data
        return Letter(
            given["number"], given["dated"], given["place"], given["signatory_role"], given["fulfils"] == "ya",
            given["notes"], given["due_on"],
        )  # fmt: skip
