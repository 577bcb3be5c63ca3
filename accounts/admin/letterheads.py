"""Letterheads in the admin site."""

import base64
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ..letterheads.models import Letterhead
from ..letterheads.pictures import make_logo
from .base import PoliteDelete

MOST_LINES = 4
SIGNATORY = ("signatory_role", "signatory_name", "signatory_number")


class LetterheadForm(forms.ModelForm):
    """A letterhead with its logo; a new picture replaces the old one on documents made from now on."""

    new_logo = forms.FileField(
        label="Logo baru", required=False, help_text="PNG, JPEG, atau WebP, paling besar 2 MB.",
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )  # fmt: skip
    without_logo = forms.BooleanField(label="Hapus logo", required=False)

    class Meta:
        model = Letterhead
        fields = ("unit", "lines", "address", "contact", "place", *SIGNATORY)

    def clean_lines(self) -> str:
        lines = [" ".join(line.split()) for line in str(self.cleaned_data["lines"]).splitlines()]
        lines = [line for line in lines if line]
        if len(lines) > MOST_LINES:
            raise ValidationError(f"Paling banyak {MOST_LINES} baris.")
        return "\n".join(lines)

    def clean_new_logo(self) -> Any:
        file = self.cleaned_data.get("new_logo")
        return make_logo(file, file.size) if file else None

    def save(self, commit: bool = True) -> Letterhead:
        if self.cleaned_data.get("without_logo"):
            self.instance.logo = None
        if logo := self.cleaned_data.get("new_logo"):
            self.instance.logo = logo
        saved: Letterhead = super().save(commit)
        return saved


@admin.register(Letterhead)
class LetterheadAdmin(PoliteDelete):
    form = LetterheadForm
    autocomplete_fields = ["unit"]
    list_display = ["unit", "first_line", "place"]
    search_fields = ["unit__code", "unit__name", "lines"]
    readonly_fields = ["shown_logo"]
    fields = [
        "unit", "lines", "address", "contact", "shown_logo", "new_logo", "without_logo", "place",
        *SIGNATORY,
    ]  # fmt: skip

    @admin.display(description="baris pertama")
    def first_line(self, head: Letterhead) -> str:
        return head.lines.partition("\n")[0]

    @admin.display(description="logo sekarang")
    def shown_logo(self, head: Letterhead) -> SafeString | str:
        if not head.logo:
            return "–"
        content = base64.b64encode(bytes(head.logo.content)).decode()
        return format_html('<img src="data:image/png;base64,{}" alt="Logo {}" height="80">', content, head.unit)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("unit")
