"""The forms of deciding: one step's text, a letter of proposal, TPN's result, the withdrawal of a predicate."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from accounts.models import User
from assessment.models import Assessment, Period, Predicate, State

from ..services.proposals import Letter
from ..services.results import Outcome
from ..services.steps import REASON_LIMIT
from ..workflow import Step

# What date inputs send, and what people type where there is none.
DATE_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"]
DATE_MESSAGE = "Isi dengan tanggal, misalnya 31/12/2026."
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)
SCORE = re.compile(r"[0-9]{1,3}([.,][0-9]{1,2})?")
KEY = re.compile(r"[0-9]{1,18}")
SCORE_MESSAGE = "Isi dengan angka 0 sampai 100, paling banyak dua desimal, misalnya 76,50."
WHEN_GRANTED = "Wajib bila predikat diberikan."
FORBIDDEN = "Ada karakter terlarang."
MOST_COPIES = 20
COPY_LENGTH = 200


class Styled(forms.Field):
    """A field drawn as Bootstrap draws them."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"class": "form-control"}


class Line(Styled, forms.CharField):
    """One line of text: whitespace of any kind becomes single spaces."""

    def __init__(self, *, max_length: int, missing: str = "", **kwargs: Any) -> None:
        messages = {
            "required": missing,
            "max_length": f"Paling panjang {max_length} karakter.",
            "null_characters_not_allowed": FORBIDDEN,
        }
        super().__init__(max_length=max_length, required=bool(missing), error_messages=messages, **kwargs)

    def to_python(self, value: Any) -> str:
        return " ".join((super().to_python(value) or "").split())


class Paragraphs(Styled, forms.CharField):
    """Longer text; line ends count as one character, as the browser counts them."""

    def __init__(self, *, max_length: int, missing: str = "", rows: int = 5, **kwargs: Any) -> None:
        messages = {
            "required": missing,
            "max_length": f"Paling panjang {max_length} karakter.",
            "null_characters_not_allowed": FORBIDDEN,
        }
        widget = forms.Textarea(attrs={"rows": rows})
        super().__init__(
            max_length=max_length, required=bool(missing), error_messages=messages, widget=widget, **kwargs
        )

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n").strip()


class Day(Styled, forms.DateField):
    """A day between 2000 and 2100."""

    def __init__(self, *, missing: str = "", **kwargs: Any) -> None:
        super().__init__(
            required=bool(missing), input_formats=DATE_FORMATS,
            error_messages={"invalid": DATE_MESSAGE, "required": missing},
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs,
        )  # fmt: skip

    def to_python(self, value: Any) -> date | None:
        day: date | None = super().to_python(value)
        if day and not EARLIEST <= day <= LATEST:
            raise forms.ValidationError(DATE_MESSAGE)
        return day


class Units(forms.ModelMultipleChoiceField):
    """Assessments by their keys; a number that no database takes is none of them."""

    def clean(self, value: Any) -> Any:
        if isinstance(value, list | tuple) and not all(KEY.fullmatch(str(key)) for key in value):
            raise forms.ValidationError(self.error_messages["invalid_pk_value"], code="invalid_pk_value")
        return super().clean(value)


class StepForm(forms.Form):
    """The text that comes along with a step; `seen` is the state that the person looked at."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, step: Step, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if step.reason:
            missing = f"{step.reason} wajib diisi."
            self.fields["reason"] = Paragraphs(max_length=REASON_LIMIT, missing=missing, rows=6, label=step.reason)

    @property
    def text(self) -> str:
        return str(self.cleaned_data.get("reason", ""))


class ProposalForm(forms.Form):
    """The letter and the units in it; none other can be named."""

    number = Line(label="Nomor surat", max_length=100, missing="Isi nomor surat.")
    dated = Day(label="Tanggal surat", missing="Isi tanggal surat.")
    place = Line(label="Tempat", max_length=100, missing="Isi tempat surat dibuat.")
    signatory_role = Line(
        label="Jabatan penanda tangan",
        max_length=150,
        missing="Isi jabatan penanda tangan.",
        help_text="Misalnya Sekretaris Daerah atau Sekretaris Jenderal.",
    )
    copies = Paragraphs(
        label="Tembusan", max_length=MOST_COPIES * COPY_LENGTH, rows=3, help_text="Satu penerima per baris."
    )
    units = Units(
        Assessment.objects.none(),
        error_messages={
            "required": "Pilih paling sedikit satu unit.",
            "invalid_choice": "Salah satu unit tidak lagi dapat diusulkan. Periksa daftarnya, lalu kirim lagi.",
            "invalid_pk_value": "Salah satu unit tidak dikenal. Muat ulang halaman ini.",
        },
    )

    def __init__(self, user: User, period: Period, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Assessment.objects.visible_to(user).filter(period=period, state=State.FULFILS)
        self.fields["units"].queryset = rows  # type: ignore[attr-defined]

    def clean_copies(self) -> tuple[str, ...]:
        lines = tuple(filter(None, (" ".join(line.split()) for line in self.cleaned_data["copies"].split("\n"))))
        if len(lines) > MOST_COPIES or any(len(line) > COPY_LENGTH for line in lines):
            raise forms.ValidationError(f"Paling banyak {MOST_COPIES} baris, masing-masing {COPY_LENGTH} karakter.")
        return lines

    @property
    def letter(self) -> Letter:
        given = self.cleaned_data
        return Letter(given["number"], given["dated"], given["place"], given["signatory_role"], given["copies"])

    @property
    def chosen(self) -> set[str]:
        """Return the ids that were ticked, as typed."""
        return set(self.data.getlist("units")) if self.is_bound else set()  # type: ignore[attr-defined]


class ResultForm(forms.Form):
    """What TPN decided."""

    granted = forms.ChoiceField(
        label="Keputusan",
        choices=[("ya", "Predikat diberikan"), ("tidak", "Predikat tidak diberikan")],
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih keputusan TPN.", "invalid_choice": "Pilih keputusan TPN."},
    )
    predicate = forms.ChoiceField(
        label="Predikat",
        choices=Predicate.choices,
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"required": "Pilih predikat.", "invalid_choice": "Pilih predikat."},
    )
    total = Line(label="Nilai TPN", max_length=10, help_text="Misalnya 76,50.")
    decree_number = Line(label="Nomor keputusan", max_length=100, help_text=WHEN_GRANTED)
    decree_date = Day(label="Tanggal keputusan", help_text=WHEN_GRANTED)
    valid_until = Day(label="Berlaku sampai")
    note = Paragraphs(label="Catatan", max_length=2000, rows=3)

    def clean_total(self) -> Decimal | None:
        typed: str = self.cleaned_data["total"]
        if not typed:
            return None
        total = Decimal(typed.replace(",", ".")).quantize(Decimal("0.01")) if SCORE.fullmatch(typed) else None
        if total is None or total > 100:
            raise forms.ValidationError(SCORE_MESSAGE)
        return total

    @property
    def outcome(self) -> Outcome:
        given = self.cleaned_data
        return Outcome(
            given["granted"] == "ya", given["predicate"], given["total"], given["decree_number"], given["decree_date"],
            given["valid_until"], given["note"],
        )  # fmt: skip


class WithdrawForm(forms.Form):
    """From when a predicate is withdrawn, and why."""

    on = Day(label="Dicabut pada", missing="Isi tanggal pencabutan.")
    reason = Paragraphs(label="Alasan", max_length=2000, missing="Tulis alasan pencabutan.")
