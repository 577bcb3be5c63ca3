"""What a reviewer posts for one criterion, and for one document."""

import re
from collections.abc import Mapping
from decimal import Decimal

from django import forms

from assessment import rules
from assessment.forms import AnswerForm
from assessment.scoring import Given
from assessment.services import Entry
from assessment.worksheet import PCT, Criterion
from evidence.models import Attachment

PERCENT = re.compile(r"[0-9]{1,3}([.,][0-9]{1,4})?")
REASON_LIMIT = 2000
PAIR = re.compile(r"\A([A-Z0-9a-z.]{1,30}):([0-9]{1,9})\Z")
OUTDATED = "Halaman ini sudah usang. Muat ulang halaman, lalu ulangi."


class JudgeForm(AnswerForm):
    """A reviewer's answer to one criterion beside the unit's; `unit` is None where it is not compared (TPN)."""

    def __init__(self, criterion: Criterion, data: Mapping[str, str], unit: Given | None) -> None:
        super().__init__(criterion, data)
        self.unit = unit

    def is_valid(self) -> bool:
        self.errors = {}
        given = Given(
            choice=self._choice(), counts=self._counts(), index=self._index(), ratio=self._ratio(),
            reason=self._reason(),
        )  # fmt: skip
        note, version = self._note(), self._version()
        if not self.errors:
            problems = rules.refusals(self.criterion, given)
            if self.unit is not None:
                problems += rules.judge_refusals(self.criterion, given, note, self.unit)
            for problem in problems:
                self._refuse(problem.field, problem.message)
        confirms = self.text("confirm") == "1"
        self.entry = None if self.errors else Entry(self.criterion.code, given, note, version, confirms)
        return not self.errors

    def _ratio(self) -> Decimal | None:
        """Read a percentage; stored as a ratio with six decimals."""
        typed = self.text("ratio").strip().removesuffix("%").strip()
        if self.criterion.answer_type != PCT or not typed:
            return None
        if not PERCENT.fullmatch(typed):
            self._refuse("ratio", "Isi dengan persen 0 sampai 100, paling banyak empat desimal, misalnya 66,67.")
            return None
        return (Decimal(typed.replace(",", ".")) / 100).quantize(Decimal("0.000001"))

    def _reason(self) -> str:
        reason = self.text("reason").replace("\r\n", "\n").replace("\r", "\n").strip()
        if "\x00" in reason or len(reason) > REASON_LIMIT:
            self._refuse("reason", f"Alasan paling panjang {REASON_LIMIT} karakter, tanpa karakter khusus.")
            return ""
        return reason if self.criterion.answer_type == PCT else ""


class VerdictForm(forms.Form):
    """What was found in one document; `seen` is the revision that the person saw."""

    verdict = forms.ChoiceField(
        choices=Attachment.Verdict.choices,
        error_messages={"required": "Pilih hasil pemeriksaan.", "invalid_choice": "Pilih hasil pemeriksaan."},
    )
    reason = forms.CharField(
        required=False, max_length=1000,
        error_messages={
            "max_length": "Paling panjang 1000 karakter.", "null_characters_not_allowed": "Ada karakter terlarang.",
        },
    )  # fmt: skip
    seen = forms.IntegerField(
        min_value=0, max_value=10**9,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), OUTDATED),
    )  # fmt: skip

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"].strip()
        return reason

    def clean(self) -> None:
        verdict, reason = self.cleaned_data.get("verdict"), self.cleaned_data.get("reason")
        if verdict in {Attachment.Verdict.PARTIAL, Attachment.Verdict.UNFIT} and reason == "":
            self.add_error("reason", "Tulis alasan mengapa bukti ini kurang atau tidak relevan.")


def versions_in(posted: list[str]) -> dict[str, int]:
    """Read "code:version" pairs; what is neither is left out."""
    found = (PAIR.match(text) for text in posted[:200])
    return {match[1]: int(match[2]) for match in found if match}
