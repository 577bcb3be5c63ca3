"""The forms of a unit's documents: what to show, and what to do with several at once."""

from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.models import AREAS

from ..models import LINK, Attachment, Document

NOTHING_TICKED = "Centang paling sedikit satu dokumen."
GONE = "Salah satu dokumen yang dicentang tidak ada lagi. Muat ulang halaman, lalu ulangi."
OUTDATED = "Halaman ini sudah usang. Muat ulang halaman, lalu ulangi."
RESULTS = "hasil"  # what the filter by area calls the part of the worksheet that has no areas

# How people group files; every kind is in exactly one group.
KIND_GROUPS = {
    "pdf": ("PDF", frozenset({"pdf"})),
    "gambar": ("Gambar", frozenset({"png", "jpeg", "webp"})),
    "naskah": ("Naskah (Word, ODT)", frozenset({"docx", "odt"})),
    "lembar": ("Lembar kerja (Excel, ODS, CSV)", frozenset({"xlsx", "ods", "csv"})),
    "paparan": ("Paparan (PowerPoint)", frozenset({"pptx"})),
    "video": ("Video", frozenset({"mp4"})),
    "teks": ("Teks", frozenset({"txt"})),
    "tautan": ("Tautan", frozenset({LINK})),
}


class Choice(forms.ChoiceField):
    """One of several, or any; what is not among them counts as any."""

    def __init__(self, label: str, blank: str, choices: Sequence[tuple[str, str]] = ()) -> None:
        widget = forms.Select(attrs={"class": "form-select"})
        super().__init__(choices=[("", blank), *choices], label=label, required=False, widget=widget)


class FilterForm(forms.Form):
    """Which documents to show and how; made from the page's address, so nothing in it is ever refused."""

    q = forms.CharField(
        label="Cari",
        required=False,
        widget=forms.TextInput(
            attrs={
                "class": "form-control",
                "type": "search",
                "maxlength": 100,
                "placeholder": "Judul, nomor, tahun, atau nama berkas",
            }
        ),
    )
    pakai = Choice("Pemakaian", "Semua", [("belum", "Belum dilampirkan"), ("sudah", "Sudah dilampirkan")])
    area = Choice("Area", "Semua area", [*AREAS.items(), (RESULTS, "Hasil")])
    periode = Choice("Penilaian tahun", "Terbaru")
    tahun = Choice("Tahun yang dibuktikan", "Semua tahun")
    jenis = Choice("Jenis", "Semua jenis", [(key, label) for key, (label, _) in KIND_GROUPS.items()])
    hasil = Choice("Hasil pemeriksaan", "Semua", list(Attachment.Verdict.choices))
    publik = Choice("Keterbukaan", "Semua", [("ya", "Publik"), ("tidak", "Tidak publik")])
    urut = Choice("Urutan", "Terbaru ditambahkan", [("judul", "Judul A–Z")])

    def __init__(self, data: Any, *, periods: Sequence[int], years: Sequence[int]) -> None:
        # Bound fields left out of the address read as empty; a line too long or with NUL is cut, not refused.
        given = {name: str(data.get(name, "")).replace("\0", "").strip()[:100] for name in self.base_fields}
        super().__init__(given)
        self._add("periode", periods)
        self._add("tahun", years)

    def _add(self, name: str, years: Sequence[int]) -> None:
        field = self.fields[name]
        field.choices = [*field.choices, *((str(y), str(y)) for y in years)]  # type: ignore[attr-defined]

    def value(self, name: str) -> str:
        """Return what is asked for; "" for anything."""
        self.is_valid()
        return str(self.cleaned_data.get(name, ""))

    @property
    def active(self) -> int:
        """Return how many filters narrow the list, the search and the order not counted."""
        return sum(bool(self.value(name)) for name in self.fields if name not in {"q", "urut"})


class TickedForm(forms.Form):
    """Ticked documents; only those of the given ones can be named."""

    documents: "forms.ModelMultipleChoiceField[Document]" = forms.ModelMultipleChoiceField(
        Document.objects.none(),
        error_messages={
            "required": NOTHING_TICKED,
            "invalid_choice": GONE,
            "invalid_pk_value": OUTDATED,
            "list": OUTDATED,
        },
    )

    def __init__(self, documents: QuerySet[Document], data: Any) -> None:
        super().__init__(data)
        self.fields["documents"].queryset = documents  # type: ignore[attr-defined]


class BulkForm(TickedForm):
    """What to do with the ticked documents."""

    action = forms.ChoiceField(
        choices=[(name, name) for name in ("choose", "attach", "publish", "withdraw")],
        error_messages={"required": OUTDATED, "invalid_choice": OUTDATED},
    )


class AttachForm(TickedForm):
    """The criteria that the ticked documents shall prove; `codes` are those that the person may answer."""

    criteria = forms.MultipleChoiceField(
        error_messages={
            "required": "Centang paling sedikit satu kriteria.",
            "invalid_choice": "Salah satu kriteria tidak dapat Anda isi.",
            "invalid_list": OUTDATED,
        }
    )

    def __init__(self, documents: QuerySet[Document], codes: Collection[str], data: Any) -> None:
        super().__init__(documents, data)
        self.fields["criteria"].choices = [(code, code) for code in codes]  # type: ignore[attr-defined]
