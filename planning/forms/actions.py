"""What people post about the plan of action."""

from typing import Any

from django import forms

from accounts.models import User
from assessment.models import Assessment
from assessment.selectors import worksheet_of
from evidence.models import Document

from ..access import PlanMay
from ..models import ActionItem, ActionStatus
from ..models.actions import ACTIVITY_LENGTH, OUTPUT_LENGTH
from ..selectors import users_of
from ..services.actions import Plan
from .fields import Day, Month, Words, months_of, seen_field

NO_PERSON = "Pilih anggota tim unit ini."
NO_DOCUMENT = "Pilih dokumen unit ini."
NO_STATUS = "Pilih statusnya."
NO_CRITERION = "Pilih kriterianya."
NO_PART = "Pilih bagiannya."


class ActionForm(forms.Form):
    """One action; `action` is the stored one, None for a new one."""

    activity = Words(max_length=ACTIVITY_LENGTH, missing="Isi kegiatan yang direncanakan.")
    output = Words(max_length=OUTPUT_LENGTH, is_line=True)
    status = forms.ChoiceField(
        choices=ActionStatus.choices, error_messages=dict.fromkeys(("required", "invalid_choice"), NO_STATUS)
    )
    realised_on = Day()

    def __init__(self, assessment: Assessment, action: ActionItem | None, data: Any = None) -> None:
        super().__init__(data)
        year = assessment.period.year
        self.fields["target"] = Month(months_of(year, *([action.target] if action else [])))
        people = users_of(assessment.unit)
        if action and action.in_charge_id:
            people = people | User.objects.filter(pk=action.in_charge_id)
        self.fields["in_charge"] = chosen_field(people.distinct(), NO_PERSON)
        self.fields["proof"] = chosen_field(Document.objects.filter(unit=assessment.unit), NO_DOCUMENT)

    @property
    def plan(self) -> Plan:
        given = self.cleaned_data
        return Plan(
            given["activity"], given["output"], given["in_charge"], given["target"], given["status"],
            given["realised_on"], given["proof"],
        )  # fmt: skip


class NewActionForm(ActionForm):
    """An action for a criterion that the person may plan for."""

    code = forms.CharField(max_length=30, error_messages={"required": NO_CRITERION, "max_length": NO_CRITERION})

    def __init__(self, assessment: Assessment, may: PlanMay, data: Any = None) -> None:
        super().__init__(assessment, None, data)
        self.worksheet, self.may = worksheet_of(assessment.period.instrument), may

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if code not in self.worksheet.criteria or not self.may.plan_criterion(self.worksheet, code):
            raise forms.ValidationError(NO_CRITERION)
        return code


class ChangeForm(ActionForm):
    """An action as somebody changes it; `seen` is the revision they saw."""

    seen = seen_field()


class StatusForm(forms.Form):
    """A step on the board."""

    status = forms.ChoiceField(
        choices=ActionStatus.choices, error_messages=dict.fromkeys(("required", "invalid_choice"), NO_STATUS)
    )
    seen = seen_field()


class MakeForm(forms.Form):
    """For which parts of the worksheet actions are made, and until when."""

    def __init__(self, year: int, parts: list[tuple[str, str]], data: Any = None) -> None:
        super().__init__(data)
        self.fields["part"] = forms.MultipleChoiceField(
            choices=parts, error_messages=dict.fromkeys(("required", "invalid_choice", "invalid_list"), NO_PART)
        )
        self.fields["target"] = Month(months_of(year))


class Chosen(forms.ModelChoiceField):
    """One of some rows or none; an id that is no id is none of them."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except forms.ValidationError as error:
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice") from error


def chosen_field(rows: Any, message: str) -> Chosen:
    return Chosen(rows, required=False, error_messages={"invalid_choice": message})
