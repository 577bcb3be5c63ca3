"""Forms for the parts of an instrument: they refuse what would later break the worksheet."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from ..formula import FormulaError, parse_limit, parse_ratio
from ..models import Criterion, Instrument, Node
from ..models.instrument import FROZEN

RATIO_HELP = "Rumus hanya boleh berisi n1, n2, dan seterusnya dengan + − * dan satu pembagian di akhir, misalnya n2/n1."
LIMITS_HELP = (
    'Batas berupa daftar, misalnya [{"rule": "n2<=n1", "message": "Pesan bila dilanggar.", "blocks": true}]; '
    "blocks true berarti jawaban yang melanggar ditolak."
)


class PartForm(forms.ModelForm):
    """Base of what stands in an instrument chosen through another row; code unique, instrument not frozen."""

    def instrument(self) -> Instrument | None:
        """Return the instrument that the row belongs to."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        instrument = self.instrument()
        if instrument is None:
            return cleaned
        if instrument.frozen:
            raise ValidationError(FROZEN)
        self.instance.instrument = instrument
        same = type(self.instance).objects.filter(instrument=instrument, code=self.cleaned_data.get("code"))
        if same.exclude(pk=self.instance.pk).exists():
            self.add_error("code", "Kode ini sudah dipakai dalam instrumen yang sama.")
        return cleaned


class CriterionForm(PartForm):
    class Meta:
        model = Criterion
        fields = (
            "node", "code", "title", "answer_type", "weight", "order", "formula", "zero_rule", "limits", "help",
            "soal_id", "excel_row",
        )  # fmt: skip

    def instrument(self) -> Instrument | None:
        node = self.cleaned_data.get("node")
        return node.instrument if node else None

    def clean_node(self) -> Node:
        node: Node = self.cleaned_data["node"]
        if self.instance.pk and node.instrument_id != self.instance.instrument_id:
            raise ValidationError("Simpul ini milik instrumen lain.")
        return node

    def clean_formula(self) -> str:
        formula: str = self.cleaned_data["formula"].strip()
        try:
            if formula:
                parse_ratio(formula)
        except FormulaError as error:
            raise ValidationError(RATIO_HELP) from error
        return formula

    def clean_limits(self) -> list[dict[str, Any]]:
        limits = self.cleaned_data["limits"] or []
        if not isinstance(limits, list) or not all(_is_limit(limit) for limit in limits):
            raise ValidationError(LIMITS_HELP)
        return limits


def _is_limit(limit: object) -> bool:
    if not isinstance(limit, dict) or set(limit) != {"rule", "message", "blocks"}:
        return False
    if not isinstance(limit["rule"], str) or not isinstance(limit["message"], str) or type(limit["blocks"]) is not bool:
        return False
    try:
        parse_limit(limit["rule"])
    except FormulaError:
        return False
    return True


class NodeForm(PartForm):
    """A node, below its parent; the instrument is the parent's, and asked for only at the top of the tree."""

    top_of = forms.ModelChoiceField(
        label="instrumen (untuk komponen)",
        queryset=Instrument.objects.filter(frozen=False),
        required=False,
        help_text="Isi hanya bila simpul ini komponen; selain itu instrumennya mengikuti simpul atasan.",
    )

    class Meta:
        model = Node
        fields = ("parent", "code", "title", "level", "weight", "order", "area_key")

    def instrument(self) -> Instrument | None:
        parent = self.cleaned_data.get("parent")
        if parent:
            return parent.instrument
        return self.instance.instrument if self.instance.pk else self.cleaned_data.get("top_of")

    def clean_parent(self) -> Node | None:
        parent: Node | None = self.cleaned_data["parent"]
        if self.instance.pk and parent:
            if parent.instrument_id != self.instance.instrument_id:
                raise ValidationError("Simpul ini milik instrumen lain.")
            above: Node | None = parent
            while above is not None:
                if above.pk == self.instance.pk:
                    raise ValidationError("Simpul tidak boleh berada di bawah dirinya sendiri.")
                above = above.parent
        return parent

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not self.errors and self.instrument() is None:
            self.add_error("parent", "Pilih simpul atasan, atau instrumen bila simpul ini komponen.")
        return cleaned
