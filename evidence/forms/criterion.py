"""The forms of a criterion's evidence: a link, documents to pick, what is said about an attached document."""

import re
from datetime import date
from typing import Any

from django import forms

from assessment.models import Assessment
from assessment.worksheet import Criterion

from .. import links, selectors
from ..models import Document
from ..services.documents import Description
from ..services.together import Change

FIRST_YEAR, LAST_YEAR = 2000, 2100
# What date inputs send, and what people type where there is none.
DATE_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"]
YEAR_MESSAGE = f"Isi dengan tahun empat angka, {FIRST_YEAR} sampai {LAST_YEAR}."
DATE_MESSAGE = "Isi dengan tanggal, misalnya 31/12/2026."
OUTDATED = "Halaman ini sudah usang. Muat ulang halaman, lalu ulangi."
EARLIEST = date(1900, 1, 1)
PICK_LIMIT = 100
PAGE_WORD = re.compile(r"\A(?:halaman|hlm|hal|pages?|p)\b[.:]?\s*(?=\S)", re.IGNORECASE)


class Line(forms.CharField):
    """One line of text: whitespace of any kind becomes single spaces."""

    def __init__(self, *, max_length: int, missing: str = "") -> None:
        too_long = f"Paling panjang {max_length} karakter."
        messages = {
            "required": missing,
            "max_length": too_long,
            "null_characters_not_allowed": "Ada karakter terlarang.",
        }
        super().__init__(max_length=max_length, required=bool(missing), error_messages=messages)

    def to_python(self, value: Any) -> str:
        return " ".join((super().to_python(value) or "").split())


class DescriptionForm(forms.Form):
    """What people say about a document."""

    title = Line(max_length=200, missing="Isi judul dokumen.")
    number = Line(max_length=100)
    dated = forms.DateField(required=False, input_formats=DATE_FORMATS, error_messages={"invalid": DATE_MESSAGE})
    year = forms.IntegerField(
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), YEAR_MESSAGE),
    )

    def clean_dated(self) -> date | None:
        dated: date | None = self.cleaned_data["dated"]
        if dated and not EARLIEST <= dated <= date(LAST_YEAR, 12, 31):
            raise forms.ValidationError(DATE_MESSAGE)
        return dated

    @property
    def description(self) -> Description:
        given = self.cleaned_data
        return Description(given["title"], given["number"], given["dated"], given["year"])


class LinkForm(DescriptionForm):
    """An address with what is said about it; without a title the address is the title."""

    field_order = ["url", "title", "number", "dated", "year"]

    url = forms.CharField(max_length=5000, error_messages={"required": "Isi alamat tautan."})
    title = Line(max_length=200)

    def clean_url(self) -> str:
        try:
            return links.clean_url(self.cleaned_data["url"])
        except links.BadLink as problem:
            raise forms.ValidationError(str(problem)) from problem

    def clean_title(self) -> str:
        return self.cleaned_data["title"] or self.cleaned_data.get("url", "").partition("://")[2].strip("/")[:200]


class ChangeForm(DescriptionForm):
    """What is said about one attached document; `seen` names the revisions that the person saw."""

    page_ref = Line(max_length=60)
    expected = forms.IntegerField(
        min_value=0, error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), OUTDATED)
    )
    seen = forms.RegexField(r"\A[0-9]{1,9}-[0-9]{1,9}\Z", error_messages={"required": OUTDATED, "invalid": OUTDATED})

    def __init__(self, criterion: Criterion, data: Any) -> None:
        super().__init__(data)
        self.places = len(criterion.documents)

    def clean_expected(self) -> int:
        place: int = self.cleaned_data["expected"]
        if place > self.places:
            raise forms.ValidationError(OUTDATED)
        return place

    def clean_page_ref(self) -> str:
        """Leave out the word for "page", which stands before the reference wherever it is shown."""
        return PAGE_WORD.sub("", self.cleaned_data["page_ref"])

    @property
    def change(self) -> Change:
        given = self.cleaned_data
        revision, document_revision = (int(n) for n in given["seen"].split("-"))
        return Change(self.description, given["expected"], given["page_ref"], revision, document_revision)


class PickForm(forms.Form):
    """Documents of the unit to attach; none other can be named."""

    documents: "forms.ModelMultipleChoiceField[Document]" = forms.ModelMultipleChoiceField(
        Document.objects.none(),
        error_messages={
            "required": "Centang paling sedikit satu dokumen.",
            "invalid_choice": "Salah satu dokumen tidak ada lagi atau sudah terlampir. Cari lagi.",
            "invalid_pk_value": OUTDATED,
            "list": OUTDATED,
        },
    )

    def __init__(self, assessment: Assessment, code: str, data: Any) -> None:
        super().__init__(data)
        self.fields["documents"].queryset = selectors.pickable(assessment, code, "")  # type: ignore[attr-defined]

    def clean_documents(self) -> list[Document]:
        found = list(self.cleaned_data["documents"])
        if len(found) > PICK_LIMIT:
            raise forms.ValidationError(f"Paling banyak {PICK_LIMIT} dokumen sekali pilih.")
        return found
