"""The tree of units."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path

from .. import services
from ..models import Unit, UnitQuerySet, bytewise
from . import imports
from .base import PoliteDelete, report_changes


@admin.register(Unit)
class UnitAdmin(PoliteDelete):
    fields = ["code", "name", "kind", "affirmative", "parent", "is_active"]
    autocomplete_fields = ["parent"]
    list_display = ["tree_name", "code", "kind", "affirmative", "is_active"]
    list_filter = ["is_active", "kind", "affirmative"]
    search_fields = ["code", "name"]
    ordering = [bytewise("path")]
    actions = ["activate", "deactivate", "delete_selected"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Unit], search_term: str
    ) -> tuple[QuerySet[Unit], bool]:
        """Offer only active units where one is chosen; the list shows all."""
        found, duplicates = super().get_search_results(request, queryset, search_term)
        if request.resolver_match and request.resolver_match.url_name == "autocomplete":
            found = found.filter(is_active=True)
        return found, duplicates

    @admin.display(description="nama", ordering=bytewise("path"))
    def tree_name(self, unit: Unit) -> str:
        """Indent by characters: the content security policy allows no inline style."""
        return "\u2003" * unit.depth + ("└ " if unit.depth else "") + unit.name

    @admin.action(description="Aktifkan unit terpilih", permissions=["change"])
    def activate(self, request: HttpRequest, queryset: UnitQuerySet) -> None:
        self._set_active(request, queryset, True)

    @admin.action(description="Nonaktifkan unit terpilih", permissions=["change"])
    def deactivate(self, request: HttpRequest, queryset: UnitQuerySet) -> None:
        self._set_active(request, queryset, False)

    def _set_active(self, request: HttpRequest, units: UnitQuerySet, active: bool) -> None:
        count = services.set_units_active(units=units, active=active, by=request.user)  # type: ignore[arg-type]
        text = report_changes(count, "unit", "diaktifkan" if active else "dinonaktifkan")
        self.message_user(request, text, messages.SUCCESS if count else messages.WARNING)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("impor/", view(imports.import_page), name="accounts_import"),
            path("impor/hasil/", view(imports.import_result), name="accounts_import_result"),
            path("impor/templat/", view(imports.import_template), name="accounts_import_template"),
            *super().get_urls(),
        ]
