"""The forms of submitting: the statement, one condition, documents to lay beside a condition."""

from typing import Any

from django import forms

from accounts.models import User
from assessment.models import Assessment, ProposalCondition
from evidence.models import Document

from ..conditions import pickable_for
from ..models import ConditionAnswer
from .deciding import Paragraphs

OUTDATED = "Halaman ini sudah usang. Muat ulang halaman, lalu ulangi."
NOT_CONFIRMED = "Centang pernyataan ini untuk mengajukan."
PICK_LIMIT = 100


class SubmitForm(forms.Form):
    """The head's word that the statement holds; `seen` is the state that the person looked at."""

    seen = forms.CharField(required=False, max_length=20)
    confirm = forms.BooleanField(error_messages={"required": NOT_CONFIRMED})


class ConditionForm(forms.Form):
    """What the unit says about one condition; `version` is the one the person saw."""

    met = forms.ChoiceField(
        required=False, choices=ConditionAnswer.Met.choices,
        error_messages={"invalid_choice": "Pilih salah satu keadaan."},
    )  # fmt: skip
    note = Paragraphs(max_length=2000)
    version = forms.IntegerField(
        min_value=0, max_value=2_000_000_000,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), OUTDATED),
    )  # fmt: skip

    @property
    def problems(self) -> list[str]:
        """Return what is wrong with what nobody types."""
        return [str(message) for message in self.errors.get("version", [])]


class ConditionPickForm(forms.Form):
    """Documents of the unit to lay beside a condition; none other can be named."""

    documents: "forms.ModelMultipleChoiceField[Document]" = forms.ModelMultipleChoiceField(
        Document.objects.none(),
        error_messages={
            "required": "Centang paling sedikit satu dokumen.",
            "invalid_choice": "Salah satu dokumen tidak ada lagi atau sudah terlampir. Cari lagi.",
            "invalid_pk_value": OUTDATED,
            "list": OUTDATED,
        },
    )

    def __init__(self, user: User, assessment: Assessment, condition: ProposalCondition, data: Any) -> None:
        super().__init__(data)
        found = pickable_for(user, assessment, condition)
        self.fields["documents"].queryset = found  # type: ignore[attr-defined]

    def clean_documents(self) -> list[Document]:
        found = list(self.cleaned_data["documents"])
        if len(found) > PICK_LIMIT:
            raise forms.ValidationError(f"Paling banyak {PICK_LIMIT} dokumen sekali pilih.")
        return found

    @property
    def chosen(self) -> set[str]:
        """Return the ids that were ticked, as typed."""
        return set(self.data.getlist("documents"))  # type: ignore[attr-defined]
