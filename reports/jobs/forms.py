"""What somebody asks for on the page Rekap: which units' LKE, and in which form."""

from typing import Any

from django import forms

from ..recap.choosing import Line

ALL, TICKED = "semua", "dicentang"
FORMS = [("xlsx", "Excel"), ("pdf", "PDF")]
NO_UNIT = "Centang sekurang-kurangnya satu unit pada tabel, atau pilih semua unit yang ditampilkan."
NOT_SHOWN = "Ada unit yang tidak dapat Anda lihat pada rekap ini: {codes}."


class BulkForm(forms.Form):
    """Units of a recap whose LKE is wanted; `lines` are those that the reader's filter shows, and so may be asked."""

    cakupan = forms.ChoiceField(
        label="Unit", choices=[(ALL, "Semua unit yang ditampilkan"), (TICKED, "Hanya yang dicentang")],
        error_messages={"required": "Pilih unit mana.", "invalid_choice": "Pilih unit mana."},
    )  # fmt: skip
    bentuk = forms.MultipleChoiceField(
        label="Bentuk", choices=FORMS,
        error_messages={"required": "Pilih Excel, PDF, atau keduanya.", "invalid_choice": "Pilih Excel atau PDF."},
    )  # fmt: skip

    def __init__(self, lines: list[Line], *args: Any) -> None:
        super().__init__(*args)
        self.lines = lines
        self.ticked: list[str] = self.data.getlist("unit") if hasattr(self.data, "getlist") else []

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if found.get("cakupan") == TICKED:
            offered = {line.subject.code for line in self.lines}
            unknown = [code for code in self.ticked if code not in offered]
            if unknown:
                self.add_error("cakupan", NOT_SHOWN.format(codes=", ".join(code[:30] for code in unknown[:3])))
            elif not self.ticked:
                self.add_error("cakupan", NO_UNIT)
        return found

    def units(self) -> list[tuple[int, str]]:
        """Return key and code of the assessments asked for, in the order that is shown."""
        chosen = None if self.cleaned_data["cakupan"] == ALL else set(self.ticked)
        subjects = [line.subject for line in self.lines]
        return [(s.pk, s.code) for s in subjects if chosen is None or s.code in chosen]

    def shapes(self) -> list[str]:
        """Return the forms asked for, in one order whatever order they were sent in."""
        return [key for key, _ in FORMS if key in self.cleaned_data["bentuk"]]
