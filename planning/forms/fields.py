"""Fields that several forms have, with their messages."""

from datetime import date

from django import forms
from django.utils.formats import date_format

DATE_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"]
DATE_MESSAGE = "Isi dengan tanggal, misalnya 31/12/2026."
FORBIDDEN = "Ada karakter terlarang."
OUTDATED = "Halaman ini sudah usang. Muat ulang halaman, lalu ulangi."
NO_MONTH = "Pilih bulan target."


class Words(forms.CharField):
    """Text; line ends are made one kind, one line of them where `is_line`."""

    def __init__(self, *, max_length: int, missing: str = "", is_line: bool = False) -> None:
        messages = {
            "required": missing,
            "max_length": f"Paling panjang {max_length} karakter.",
            "null_characters_not_allowed": FORBIDDEN,
        }
        self.is_line = is_line
        super().__init__(max_length=max_length, required=bool(missing), error_messages=messages)

    def to_python(self, value: object) -> str:
        text = (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n").strip()
        return " ".join(text.split()) if self.is_line else text


class Day(forms.DateField):
    """A day of this century."""

    def __init__(self) -> None:
        messages = {"invalid": DATE_MESSAGE}
        super().__init__(required=False, input_formats=DATE_FORMATS, error_messages=messages)

    def validate(self, value: date | None) -> None:
        if value and not 2000 <= value.year <= 2100:
            raise forms.ValidationError(DATE_MESSAGE)
        super().validate(value)


class Month(forms.TypedChoiceField):
    """A month, as its first day; every browser shows a list, few know a field for months."""

    def __init__(self, months: list[date]) -> None:
        choices = [(f"{m:%Y-%m}", date_format(m, "F Y")) for m in months]
        messages = dict.fromkeys(("required", "invalid_choice"), NO_MONTH)
        super().__init__(choices=choices, coerce=_first_day, error_messages=messages)


def _first_day(value: str) -> date:
    return date.fromisoformat(f"{value}-01")


def seen_field() -> forms.IntegerField:
    """Return the field of the revision that a person saw."""
    messages = dict.fromkeys(("required", "invalid", "min_value", "max_value"), OUTDATED)
    return forms.IntegerField(min_value=1, max_value=10**9, error_messages=messages)


def months_of(year: int, *more: date) -> list[date]:
    """Return the months that can be chosen: those of the period's year and of the next, and `more`."""
    found = {date(y, month, 1) for y in (year, year + 1) for month in range(1, 13)}
    return sorted(found | {day.replace(day=1) for day in more})
