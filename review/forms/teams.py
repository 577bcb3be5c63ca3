"""The forms of teams, assignments, conflicts of interest and second scoring."""

from collections.abc import Collection, Sequence
from typing import Any

from django import forms

from accounts.models import User
from assessment.models import Conflict, Team, TeamMember

from ..assigning import Filter, Place
from ..services.seconds import Decision
from ..services.teams import Order
from .deciding import Day, Line, Paragraphs

UNKNOWN = "Salah satu unit tidak lagi ada dalam daftar. Muat ulang halaman ini."
SELECT = {"class": "form-select"}


def plain(text: str, longest: int = 100) -> str:
    """Return what was typed into an address, as a database can take it."""
    return " ".join(text.replace("\0", "").split())[:longest]


def filter_of(data: Any) -> Filter:
    """Read which units are to be shown; whatever makes no sense shows all."""
    return Filter(plain(data.get("q", "")), data.get("belum", "") == "1", plain(data.get("di", ""), 30))


class TeamForm(forms.Form):
    name = Line(label="Nama tim", max_length=100, missing="Isi nama tim.")


class MemberForm(forms.Form):
    """Somebody who joins a team; none but its candidates can be named."""

    user: "forms.ModelChoiceField[User]" = forms.ModelChoiceField(
        User.objects.none(),
        label="Pengguna",
        empty_label="Pilih pengguna",
        widget=forms.Select(attrs=SELECT),
        error_messages={
            "required": "Pilih pengguna.",
            "invalid_choice": "Hanya pengguna aktif dengan peran TPI yang belum menjadi anggota tim ini.",
        },
    )
    role = forms.ChoiceField(
        label="Peran dalam tim",
        choices=TeamMember.Part.choices,
        widget=forms.Select(attrs=SELECT),
        error_messages={"required": "Pilih peran.", "invalid_choice": "Pilih peran."},
    )

    def __init__(self, candidates: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = candidates  # type: ignore[attr-defined]


class AssignForm(forms.Form):
    """Which team assesses which of the units on the page; a unit may be named alone or with all below it."""

    team = forms.TypedChoiceField(
        label="Tim",
        coerce=int,
        empty_value=None,
        widget=forms.Select(attrs=SELECT),
        error_messages={"required": "Pilih tim.", "invalid_choice": "Pilih tim dalam daftar."},
    )
    due_on = Day(label="Tenggat", help_text="Tanpa tenggat, berlaku penutupan penilaian TPI.")
    confirmed = forms.BooleanField(label="Ganti tim walaupun penilaian sedang berjalan", required=False)

    def __init__(self, teams: Sequence[Team], places: Sequence[Place], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places, self.teams = places, {team.pk: team for team in teams}
        self.fields["team"].choices = [("", "Pilih tim"), *((t.pk, t.name) for t in teams)]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> tuple[set[str], set[str]]:
        """Return the ids that were ticked, as posted: of units, and of units with all below them."""
        if not self.is_bound:
            return set(), set()
        return set(self.data.getlist("units")), set(self.data.getlist("below"))  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        units, below = self.chosen
        there = {str(p.unit.pk): p for p in self.places}
        if not units | below <= there.keys():
            self.add_error(None, UNKNOWN)
        tops = [there[pk].unit.path for pk in below if pk in there]
        self.cleaned_data["units"] = [p.assessment for p in self.places if _is_meant(p, units, tops)]
        return self.cleaned_data

    @property
    def order(self) -> Order:
        given = self.cleaned_data
        return Order(self.teams[given["team"]], given["units"], given["due_on"], given["confirmed"])


def _is_meant(place: Place, units: Collection[str], tops: Sequence[str]) -> bool:
    if place.assessment is None:
        return False
    return str(place.unit.pk) in units or any(place.unit.path.startswith(top) for top in tops)


class ConflictForm(forms.Form):
    reason = Paragraphs(
        label="Alasan",
        max_length=2000,
        missing="Tulis alasannya.",
        help_text="Misalnya hubungan keluarga, atau pernah bekerja di unit ini. Alasan dibaca tim penilai dan admin.",
    )


class DecisionForm(forms.Form):
    """Whether a declared conflict holds."""

    state = forms.ChoiceField(
        label="Keputusan",
        choices=[(s.value, s.label) for s in (Conflict.State.UPHELD, Conflict.State.DISMISSED)],
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih keputusan.", "invalid_choice": "Pilih keputusan."},
    )
    decision = Paragraphs(label="Pertimbangan", max_length=2000, missing="Tulis pertimbangannya.", rows=3)


class SecondForm(forms.Form):
    """Who scores the sample."""

    user = forms.TypedChoiceField(
        label="Penilai kedua",
        coerce=int,
        empty_value=None,
        widget=forms.Select(attrs=SELECT),
        error_messages={
            "required": "Pilih penilai kedua.",
            "invalid_choice": "Pilih anggota tim yang belum menilai unit ini.",
        },
    )

    def __init__(self, people: Sequence[User], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {user.pk: user for user in people}
        self.fields["user"].choices = [("", "Pilih anggota tim"), *((u.pk, str(u)) for u in people)]  # type: ignore[attr-defined]

    @property
    def person(self) -> User:
        return self.people[self.cleaned_data["user"]]


class SettleForm(forms.Form):
    """Which of two answers holds; the versions are those that the lead saw."""

    choice = forms.ChoiceField(
        label="Keputusan",
        choices=[("first", "Pakai jawaban penilai pertama"), ("second", "Pakai jawaban penilai kedua")],
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih jawaban yang dipakai.", "invalid_choice": "Pilih jawaban yang dipakai."},
    )
    reason = Paragraphs(label="Alasan", max_length=2000, missing="Tulis alasannya.", rows=2)
    first = forms.IntegerField(min_value=0, max_value=10**9, widget=forms.HiddenInput)
    second = forms.IntegerField(min_value=0, max_value=10**9, widget=forms.HiddenInput)

    @property
    def decision(self) -> Decision:
        given = self.cleaned_data
        return Decision(given["choice"] == "second", given["reason"], (given["first"], given["second"]))
