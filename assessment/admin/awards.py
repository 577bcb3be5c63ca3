"""The predicates that units hold; WBBM asks for WBK, so every change scores the unit anew."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from ..models import Award, Scorecard
from .rescoring import rescore_all


@admin.register(Award)
class AwardAdmin(admin.ModelAdmin):
    autocomplete_fields = ("unit",)
    list_display = ("unit", "predicate", "decree_number", "decree_date", "valid_until", "withdrawn_on")
    list_filter = ("predicate", ("withdrawn_on", admin.EmptyFieldListFilter))
    list_select_related = ("unit",)
    search_fields = ("unit__code", "unit__name", "decree_number")
    date_hierarchy = "decree_date"
    ordering = ("unit__code", "-decree_date")
    fieldsets = (
        (None, {"fields": ("unit", "predicate", "decree_number", "decree_date", "valid_until")}),
        ("Pencabutan", {"fields": ("withdrawn_on", "withdrawn_reason")}),
    )

    def has_change_permission(self, request: HttpRequest, obj: Award | None = None) -> bool:
        """Leave alone what was granted through an assessment: its history knows of every change, also a withdrawal."""
        return super().has_change_permission(request, obj) and (obj is None or obj.assessment_id is None)

    def has_delete_permission(self, request: HttpRequest, obj: Award | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.assessment_id is None)

    def save_model(self, request: HttpRequest, obj: Award, form: Any, change: bool) -> None:
        units = {obj.unit_id, form.initial.get("unit")}
        super().save_model(request, obj, form, change)
        _rescore_units(units)

    def delete_model(self, request: HttpRequest, obj: Award) -> None:
        units = {obj.unit_id}
        super().delete_model(request, obj)
        _rescore_units(units)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Award]) -> None:
        units = set(queryset.values_list("unit_id", flat=True))
        super().delete_queryset(request, queryset)
        _rescore_units(units)


def _rescore_units(units: set[Any]) -> None:
    rescore_all(Scorecard.objects.filter(assessment__unit__in=units - {None}))
