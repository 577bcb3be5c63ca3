"""What of a recap is shown and in which order: a form over the query string, so that a link keeps it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms

from assessment.models import Predicate, State

from .collect import Recap
from .figures import LATEST, TOTAL, Card, Measure, Subject

STAGE_NAMES = {LATEST: "Terkini", "unit": "Unit", "prelim": "Pendahuluan", "tpi": "TPI", "tpn": "TPN"}
UNREACHED, REACHED = "ada", "lengkap"
NOT_OFFERED = "Pilih salah satu dari daftar."
Sortable = Decimal | int | str | None


@dataclass(frozen=True, slots=True)
class Line:
    """One unit of a recap with the card of the chosen stage; None where it has none."""

    subject: Subject
    card: Card | None


class ScopeForm(forms.Form):
    """Which units, and by which stage. Every field may be left out; whatever is not offered is refused."""

    di = forms.ChoiceField(label="Di bawah unit", required=False)
    target = forms.ChoiceField(label="Target", required=False, choices=[("", "Semua"), *Predicate.choices])
    status = forms.ChoiceField(label="Status", required=False, choices=[("", "Semua"), *State.choices])

    plain: Mapping[str, str] = {}  # what is meant where nothing is asked for

    def __init__(self, recap: Recap, *args: Any) -> None:
        super().__init__(*args)
        self.recap = recap
        for name, choices in self.offered().items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.error_messages["invalid_choice"] = NOT_OFFERED
            is_list = isinstance(field, forms.ChoiceField)
            field.widget.attrs["class"] = "form-select" if is_list else "form-control"

    def offered(self) -> dict[str, list[tuple[str, str]]]:
        """Return the choices that depend on the recap, by field."""
        uppers = [(unit.code, f"{'– ' * unit.depth}{unit.name}") for unit in self.recap.uppers]
        return {"di": [("", "Semua"), *uppers]}

    def asked(self, name: str) -> str:
        """Return what was asked for in a field, or what is meant without it."""
        return str(self.cleaned_data.get(name) or self.plain.get(name, ""))

    @property
    def look(self) -> dict[str, str]:
        """What was asked for, without what is the same when left out."""
        return {name: text for name in self.fields if (text := self.asked(name)) != self.plain.get(name, "")}

    def query(self, **changed: str) -> str:
        """Return the query string that shows the same, but for what is changed; "" takes a field out."""
        return urlencode({k: v for k, v in (self.look | changed).items() if v})

    def subjects(self) -> list[Subject]:
        """Return the units asked for, by code."""
        return [subject for subject in self.recap.subjects if self.is_asked_for(subject)]

    def is_asked_for(self, subject: Subject) -> bool:
        """Tell whether a unit is one of those asked for."""
        top = next((u.path for u in self.recap.uppers if u.code == self.asked("di")), "")
        return (
            subject.path.startswith(top)
            and self.asked("target") in {"", subject.target}
            and self.asked("status") in {"", subject.state}
        )


class StageForm(ScopeForm):
    """A scope with one stage."""

    tahap = forms.ChoiceField(label="Nilai tahap", required=False, choices=list(STAGE_NAMES.items()))

    plain = {"tahap": LATEST}

    @property
    def stage(self) -> str:
        return self.asked("tahap")


class RecapForm(StageForm):
    """Filters and order of the page Rekap."""

    q = forms.CharField(label="Cari unit", required=False, max_length=100)
    kurang = forms.ChoiceField(label="Ambang batas", required=False)
    urut = forms.ChoiceField(label="Urut menurut", required=False)
    arah = forms.ChoiceField(label="Arah", required=False, choices=[("naik", "Naik"), ("turun", "Turun")])

    field_order = ("q", "di", "target", "status", "kurang", "tahap", "urut", "arah")
    plain = {"tahap": LATEST, "urut": "kode", "arah": "naik"}

    def offered(self) -> dict[str, list[tuple[str, str]]]:
        missing = [(key, f"Kurang: {name}") for key, name in self.recap.thresholds.items()]
        return super().offered() | {
            "kurang": [("", "Semua"), (REACHED, "Semua tercapai"), (UNREACHED, "Ada yang kurang"), *missing],
            "urut": [(key, label) for key, (label, _) in orders_of(self.recap).items()],
        }

    def lines(self) -> list[Line]:
        """Return the units asked for, in the order asked for; those without a figure to sort by come last."""
        found = [Line(subject, subject.card(self.stage)) for subject in self.subjects()]
        found = [line for line in found if _has_gap(line.card, self.asked("kurang"))]
        of = orders_of(self.recap)[self.asked("urut")][1]
        placed = [(of(line), line) for line in found]
        there = [(value, line) for value, line in placed if value is not None]
        there.sort(key=lambda pair: pair[0], reverse=self.asked("arah") == "turun")
        return [line for _, line in there] + [line for value, line in placed if value is None]

    def is_asked_for(self, subject: Subject) -> bool:
        text = self.asked("q").casefold()
        return super().is_asked_for(subject) and (text in subject.name.casefold() or text in subject.code.casefold())


class RankForm(StageForm):
    """What units are ranked by, and which of them."""

    ukuran = forms.ChoiceField(label="Ukuran", required=False)

    field_order = ("ukuran", "tahap", "di", "target", "status")
    plain = {"tahap": LATEST, "ukuran": TOTAL}

    def offered(self) -> dict[str, list[tuple[str, str]]]:
        return super().offered() | {"ukuran": [(m.key, m.label) for m in self.recap.measures]}

    @property
    def measure(self) -> Measure:
        return self.recap.measure(self.asked("ukuran"))


class CompareForm(ScopeForm):
    """What is compared with what: stages of this year, or the latest figures of another; and by which measure."""

    dari = forms.ChoiceField(label="Dari", required=False)
    ke = forms.ChoiceField(label="Ke", required=False)
    ukuran = forms.ChoiceField(label="Ukuran", required=False)

    field_order = ("dari", "ke", "ukuran", "di", "target", "status")

    def __init__(self, recap: Recap, years: Sequence[int], *args: Any) -> None:
        self.years = years
        earlier = [year for year in years if year < recap.period.year]
        self.plain = {"dari": str(earlier[0]) if earlier else "unit", "ke": LATEST, "ukuran": TOTAL}
        super().__init__(recap, *args)

    def offered(self) -> dict[str, list[tuple[str, str]]]:
        here = self.recap.period.year
        sides = [(key, f"{here}, {label}") for key, label in STAGE_NAMES.items()]
        sides += [(str(year), f"{year}, Terkini") for year in self.years if year != here]
        measures = [(m.key, m.label) for m in self.recap.measures]
        return super().offered() | {"dari": sides, "ke": sides, "ukuran": measures}

    def side(self, name: str) -> tuple[int, str]:
        """Return the year and the stage of a side."""
        asked = self.asked(name)
        return (int(asked), LATEST) if asked.isdigit() else (self.recap.period.year, asked)

    def side_name(self, name: str) -> str:
        year, stage = self.side(name)
        return f"{year}, {STAGE_NAMES[stage]}"

    @property
    def measure(self) -> Measure:
        return self.recap.measure(self.asked("ukuran"))


def _has_gap(card: Card | None, asked: str) -> bool:
    """Tell whether the thresholds of a card are as asked; one without thresholds matches no such question."""
    if not asked:
        return True
    if card is None or not card.checks:
        return False
    return not card.missed if asked == REACHED else bool(card.missed) if asked == UNREACHED else asked in card.missed


def orders_of(recap: Recap) -> dict[str, tuple[str, Callable[[Line], Sortable]]]:
    """Return by what lines may be sorted: label and the figure of a line."""
    measures = {m.key: (m.label, _value_of(m.key)) for m in recap.measures}
    return {
        "kode": ("Kode unit", lambda line: line.subject.code),
        "nama": ("Nama unit", lambda line: line.subject.name.casefold()),
        **measures,
        "ambang": (
            "Ambang yang kurang",
            lambda line: len(line.card.missed) if line.card and line.card.checks else None,
        ),
        "status": ("Status", lambda line: list(State).index(State(line.subject.state))),
        "bukti": ("Bukti dukung", lambda line: line.subject.evidence),
        "catatan": ("Catatan terbuka", lambda line: line.subject.findings),
    }


def _missed(line: Line) -> Sortable:
    return len(line.card.missed) if line.card and line.card.checks else None


def _value_of(key: str) -> Callable[[Line], Sortable]:
    return lambda line: line.card.value(key) if line.card else None
