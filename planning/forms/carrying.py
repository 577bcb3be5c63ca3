"""The new period, and which units come along."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from assessment import instruments
from assessment.models import Instrument, Period

WINDOWS = (
    ("unit_opens", "Pengisian dibuka", True), ("unit_closes", "Pengisian ditutup", True),
    ("prelim_opens", "Penilaian pendahuluan dibuka", False), ("prelim_closes", "Penilaian pendahuluan ditutup", False),
    ("tpi_opens", "Penilaian TPI dibuka", False), ("tpi_closes", "Penilaian TPI ditutup", False),
)  # fmt: skip
KEPT = ("area_reading", "needs_prelim", "allows_unanswered", "agency_kind", "second_share")
MOMENTS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M", "%d/%m/%Y %H.%M"]
NO_MOMENT = "Isi dengan tanggal dan jam, misalnya 31/05/2027 23.59."
NO_UNIT = "Pilih unit yang dilanjutkan."
NO_INSTRUMENT = "Pilih instrumennya."


class CarryForm(forms.Form):
    """A period made from `source`: its settings stay, its windows are new."""

    year = forms.IntegerField(label="Tahun")
    name = forms.CharField(
        label="Nama periode",
        max_length=150,
        error_messages={
            "required": "Isi nama periode.", "max_length": "Paling panjang 150 karakter.",
            "null_characters_not_allowed": "Ada karakter terlarang.",
        },
    )  # fmt: skip

    def __init__(self, source: Period, units: list[tuple[str, str]], data: Any = None) -> None:
        super().__init__(data)
        self.source = source
        low, high = source.year + 1, min(source.year + 20, 2100)
        text = f"Isi dengan tahun {low} sampai {high}."
        names = ("required", "invalid", "min_value", "max_value")
        self.fields["year"] = forms.IntegerField(
            label="Tahun", min_value=low, max_value=high, error_messages=dict.fromkeys(names, text)
        )
        self.fields["instrument"] = forms.ModelChoiceField(
            Instrument.objects.order_by("code", "-version"), label="Instrumen LKE",
            error_messages=dict.fromkeys(("required", "invalid_choice"), NO_INSTRUMENT),
        )  # fmt: skip
        for name, label, is_needed in WINDOWS:
            self.fields[name] = forms.DateTimeField(
                label=label, required=is_needed, input_formats=MOMENTS,
                error_messages=dict.fromkeys(("required", "invalid"), NO_MOMENT),
            )  # fmt: skip
        self.fields["unit"] = forms.MultipleChoiceField(
            choices=units, error_messages=dict.fromkeys(("required", "invalid_choice", "invalid_list"), NO_UNIT)
        )

    def clean_instrument(self) -> Instrument:
        instrument: Instrument = self.cleaned_data["instrument"]
        if instrument.pk != self.source.instrument_id and (problems := instruments.problems_of(instrument)):
            raise forms.ValidationError(f"Instrumen ini belum dapat dipakai ({len(problems)} masalah).")
        return instrument

    def clean(self) -> None:
        for part in ("unit", "prelim", "tpi"):
            opens, closes = f"{part}_opens", f"{part}_closes"
            first, last = self.cleaned_data.get(opens), self.cleaned_data.get(closes)
            if first and last and first >= last:
                self.add_error(closes, "Harus sesudah waktu dibuka.")

    @property
    def period(self) -> Period:
        """Return the period that is asked for, not saved."""
        given = self.cleaned_data
        kept = {name: getattr(self.source, name) for name in KEPT}
        windows = {name: given[name] for name, _, _ in WINDOWS}
        return Period(year=given["year"], name=given["name"], instrument=given["instrument"], **kept, **windows)


def initial_of(source: Period) -> dict[str, str]:
    """Return what the form shows first: one year later."""
    values = {
        "year": str(source.year + 1),
        "name": source.name.replace(str(source.year), str(source.year + 1)),
        "instrument": str(source.instrument_id),
    }
    return values | {name: _later(getattr(source, name)) for name, _, _ in WINDOWS}


def _later(moment: datetime | None) -> str:
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    day = min(local.day, 28) if local.month == 2 else local.day
    return local.replace(year=local.year + 1, day=day).strftime("%Y-%m-%dT%H:%M")
