"""Periods: their windows, their instrument, and opening the assessments."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from accounts.models import Unit

from .. import instruments, services
from ..models import Instrument, Period, Scorecard
from .rescoring import rescore_all

SHOWN_PROBLEMS = 5


class PeriodForm(forms.ModelForm):
    class Meta:
        model = Period
        fields = (
            "year", "name", "instrument", "area_reading", "agency_kind", "unit_opens", "unit_closes",
            "allows_unanswered", "needs_prelim", "prelim_opens", "prelim_closes", "tpi_opens", "tpi_closes",
            "second_share", "is_proposing", "proposal_opens", "proposal_closes",
        )  # fmt: skip

    def clean_instrument(self) -> Instrument:
        """Refuse an instrument that nobody could be scored with: choosing it freezes it."""
        instrument: Instrument = self.cleaned_data["instrument"]
        if "instrument" in self.changed_data and (problems := instruments.problems_of(instrument)):
            shown = "; ".join(problems[:SHOWN_PROBLEMS])
            raise ValidationError(f"Instrumen ini belum dapat dipakai ({len(problems)} masalah): {shown}.")
        return instrument


@admin.register(Period)
class PeriodAdmin(admin.ModelAdmin):
    form = PeriodForm
    autocomplete_fields = ("instrument",)
    list_display = ("year", "name", "instrument", "unit_opens", "unit_closes", "assessment_count")
    list_select_related = ("instrument",)
    search_fields = ("year", "name")
    actions = ("open_for_all_units",)
    fieldsets = (
        (None, {"fields": ("year", "name", "instrument", "area_reading", "agency_kind")}),
        ("Pengisian oleh unit kerja", {"fields": (("unit_opens", "unit_closes"), "allows_unanswered")}),
        ("Penilaian pendahuluan", {"fields": ("needs_prelim", ("prelim_opens", "prelim_closes"))}),
        ("Penilaian TPI", {"fields": (("tpi_opens", "tpi_closes"), "second_share")}),
        ("Pengusulan lewat PortalRB", {"fields": ("is_proposing", ("proposal_opens", "proposal_closes"))}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Period]:
        return super().get_queryset(request).annotate(assessments_found=Count("assessments"))

    @admin.display(description="jumlah penilaian", ordering="assessments_found")
    def assessment_count(self, period: Period) -> int:
        return period.assessments_found  # type: ignore[attr-defined]

    def save_model(self, request: HttpRequest, obj: Period, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and "area_reading" in form.changed_data:
            rescore_all(Scorecard.objects.filter(assessment__period=obj))

    @admin.action(description="Buka penilaian bagi semua unit aktif", permissions=["change"])
    def open_for_all_units(self, request: HttpRequest, queryset: QuerySet[Period]) -> None:
        # An agency and the units above others are assessed through the units below them.
        units = Unit.objects.active().filter(kind=Unit.Kind.UNIT).order_by("code")
        for period in queryset.select_related("instrument"):
            made = services.open_assessments(period=period, units=units, by=request.user)  # type: ignore[arg-type]
            text = f"{made} penilaian dibuka" if made else "semua unit aktif sudah mempunyai penilaian"
            self.message_user(request, f"{period.name}: {text}.", messages.SUCCESS)
