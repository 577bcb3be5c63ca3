"""The form of a unit's public details: its own fields, the rows of the team, the rows of innovations."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.forms.models import model_to_dict

from ..models import UnitProfile
from ..models.unit import ABOUT_LIMIT
from ..services.units import Details, Innovated, Member
from .posts import _line, version_field

MOST_MEMBERS, MOST_INNOVATIONS = 40, 20
WEB = URLValidator(schemes=["http", "https"], message="Isi alamat yang diawali http:// atau https://.")


class DetailsForm(forms.Form):
    version = version_field()
    about = forms.CharField(
        label="Tentang unit", max_length=ABOUT_LIMIT, required=False,
        help_text="Tugas dan layanan unit, beberapa kalimat.",
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 4}),
    )  # fmt: skip
    decree_title = _line("Judul keputusan Tim Kerja", 300, required=False)
    decree_number = _line("Nomor keputusan", 100, required=False)
    decree_date = forms.DateField(
        label="Tanggal keputusan", required=False, widget=forms.DateInput(
            format="%Y-%m-%d", attrs={"class": "form-control", "type": "date"}
        ), input_formats=["%Y-%m-%d", "%d/%m/%Y"],
    )  # fmt: skip


class MemberForm(forms.Form):
    """One place in the team; a row left empty is none."""

    function = _line("Kedudukan dalam tim", 120, required=False)
    name = _line("Nama", 150, required=False)

    def clean(self) -> None:
        given = self.cleaned_data
        if given.get("name") and not given.get("function"):
            self.add_error("function", ValidationError("Isi kedudukannya dalam tim."))


class InnovationForm(forms.Form):
    title = _line("Nama inovasi", 150, required=False)
    year = forms.IntegerField(
        label="Tahun", required=False, min_value=2000, max_value=2100,
        widget=forms.TextInput(attrs={"class": "form-control", "inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    description = _line("Uraian", 500, required=False)
    url = _line("Tautan", 500, required=False)

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"])
        if url:
            WEB(url)
        return url

    def clean(self) -> None:
        given = self.cleaned_data
        if any(given.get(name) for name in ("year", "description", "url")) and not given.get("title"):
            self.add_error("title", ValidationError("Isi nama inovasinya."))


MemberSet = forms.formset_factory(
    MemberForm, extra=3, max_num=MOST_MEMBERS, absolute_max=MOST_MEMBERS + 10, validate_max=True
)
InnovationSet = forms.formset_factory(
    InnovationForm, extra=2, max_num=MOST_INNOVATIONS, absolute_max=MOST_INNOVATIONS + 10, validate_max=True
)


class DetailsForms:
    """The three as one: bound to what was posted, or filled with what is stored."""

    def __init__(self, profile: UnitProfile | None, data: Any = None) -> None:
        first = _initial(profile)
        self.main = DetailsForm(data, initial=first)
        self.team = MemberSet(data, initial=first["team"], prefix="tim")
        self.innovations = InnovationSet(data, initial=first["innovations"], prefix="inovasi")

    def is_valid(self) -> bool:
        return all([self.main.is_valid(), self.team.is_valid(), self.innovations.is_valid()])

    @property
    def seen(self) -> int:
        """Return the version that the person saw: of two side by side they may have chosen their own."""
        chosen = str(self.main.data.get("ganti", ""))
        is_number = chosen.isascii() and chosen.isdigit() and len(chosen) < 10
        return int(chosen) if is_number else int(self.main.cleaned_data["version"])

    @property
    def details(self) -> Details:
        given = {name: value for name, value in self.main.cleaned_data.items() if name != "version"}
        team = [Member(**row) for row in self.team.cleaned_data if row.get("function")]
        innovations = [Innovated(**row) for row in self.innovations.cleaned_data if row.get("title")]
        return Details(**given, team=team, innovations=innovations)


def _initial(profile: UnitProfile | None) -> dict[str, Any]:
    if profile is None:
        return {"version": 0, "team": [], "innovations": []}
    names = ("version", "about", "decree_title", "decree_number", "decree_date")
    rows = {name: getattr(profile, name) for name in names}
    rows["team"] = [model_to_dict(row, ["function", "name"]) for row in profile.team.all()]
    rows["innovations"] = [
        model_to_dict(row, ["title", "year", "description", "url"]) for row in profile.innovations.all()
    ]
    return rows
