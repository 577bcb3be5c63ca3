"""Assessments: to look up, and to set the predicate that a unit aims at."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from .. import services
from ..models import Assessment


@admin.register(Assessment)
class AssessmentAdmin(admin.ModelAdmin):
    fields = ("unit", "period", "target", "state")
    readonly_fields = ("unit", "period", "state")
    list_display = ("unit", "unit_code", "period", "target", "state")
    list_filter = ("period", "target", "state", "unit__kind")
    list_select_related = ("unit", "period")
    search_fields = ("unit__code", "unit__name")
    ordering = ("-period__year", "unit__code")

    @admin.display(description="kode unit", ordering="unit__code")
    def unit_code(self, assessment: Assessment) -> str:
        return assessment.unit.code

    def save_model(self, request: HttpRequest, obj: Assessment, form: Any, change: bool) -> None:
        """Change the target through the service, which writes the history."""
        services.set_target(assessment=obj, target=obj.target, by=request.user)  # type: ignore[arg-type]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Assessment | None = None) -> bool:
        return False
