"""What people post about findings and returns."""

from datetime import date, datetime, time

from django import forms
from django.utils import timezone

from assessment.models import Assessment
from assessment.worksheet import Worksheet
from evidence.models import Document

from ..models import Finding
from ..services.findings import Draft

DATE_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"]
DATE_MESSAGE = "Isi dengan tanggal, misalnya 31/12/2026."
FORBIDDEN = "Ada karakter terlarang."
OUTDATED = "Halaman ini sudah usang. Muat ulang halaman, lalu ulangi."
PAST = "Tanggal ini sudah lewat."


class Words(forms.CharField):
    """Text of several lines."""

    def __init__(self, *, max_length: int, missing: str = "") -> None:
        messages = {
            "required": missing,
            "max_length": f"Paling panjang {max_length} karakter.",
            "null_characters_not_allowed": FORBIDDEN,
        }
        super().__init__(max_length=max_length, required=bool(missing), error_messages=messages)

    def to_python(self, value: object) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n").strip()


def _date(*, missing: str = "") -> forms.DateField:
    messages = {"invalid": DATE_MESSAGE, "required": missing}
    return forms.DateField(required=bool(missing), input_formats=DATE_FORMATS, error_messages=messages)


class FindingForm(forms.Form):
    """A finding on one criterion of the worksheet."""

    code = forms.CharField(max_length=30, error_messages={"required": "Pilih kriterianya."})
    kind = forms.ChoiceField(
        choices=Finding.Kind.choices, error_messages=dict.fromkeys(("required", "invalid_choice"), "Pilih jenisnya.")
    )
    text = Words(max_length=3000, missing="Tulis isi catatan.")
    due_on = _date()

    def __init__(self, worksheet: Worksheet, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.worksheet = worksheet

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if code not in self.worksheet.criteria:
            raise forms.ValidationError("Pilih kriterianya.")
        return code

    def clean_due_on(self) -> date | None:
        due: date | None = self.cleaned_data["due_on"]
        if due and due < timezone.localdate():
            raise forms.ValidationError(PAST)
        if due and due.year > 2100:
            raise forms.ValidationError(DATE_MESSAGE)
        return due

    @property
    def draft(self) -> Draft:
        given = self.cleaned_data
        return Draft(given["code"], given["kind"], given["text"], given["due_on"])


class FollowUpForm(forms.Form):
    """A word on a finding; `seen` is the revision that the person saw."""

    text = Words(max_length=3000)
    seen = forms.IntegerField(
        min_value=1, max_value=10**9,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), OUTDATED),
    )  # fmt: skip
    documents: "forms.ModelMultipleChoiceField[Document]" = forms.ModelMultipleChoiceField(
        Document.objects.none(), required=False,
        error_messages=dict.fromkeys(("invalid_choice", "invalid_pk_value", "list"), "Pilih dokumen unit ini."),
    )  # fmt: skip

    def __init__(self, assessment: Assessment, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        field = self.fields["documents"]
        field.queryset = Document.objects.filter(unit=assessment.unit)  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why a criterion shall be corrected; empty takes it off the list."""

    reason = Words(max_length=2000)
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


class SendForm(forms.Form):
    """Until when the unit may correct, and a word with it."""

    until = _date(missing="Isi batas waktu perbaikan.")
    message = Words(max_length=2000)

    def __init__(self, closes: datetime | None, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.closes = closes

    def clean_until(self) -> datetime:
        """Return the end of that day, local time."""
        day: date = self.cleaned_data["until"]
        if not timezone.localdate() <= day or day.year > 2100:
            raise forms.ValidationError(PAST if day.year <= 2100 else DATE_MESSAGE)
        end = timezone.make_aware(datetime.combine(day, time(23, 59, 59)))
        if self.closes and end > self.closes:
            raise forms.ValidationError("Batas waktu tidak boleh sesudah waktu penilaian ditutup.")
        return end
