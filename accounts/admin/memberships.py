"""Memberships: who has which role where."""

from django import forms
from django.contrib import admin

from ..forms import AreaField
from ..models import AREAS, Membership


class MembershipForm(forms.ModelForm):
    areas = AreaField(label="Area", choices=list(AREAS.items()), required=False, help_text="Kosong berarti semua area.")

    class Meta:
        model = Membership
        fields = ["user", "unit", "role", "areas"]


class MembershipInline(admin.TabularInline):
    model = Membership
    form = MembershipForm
    autocomplete_fields = ["unit"]
    extra = 0


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):
    form = MembershipForm
    autocomplete_fields = ["user", "unit"]
    list_display = ["user", "unit", "role", "area_list"]
    list_display_links = ["user"]
    list_filter = ["role", "unit__kind", "unit__is_active"]
    list_select_related = ["user", "unit"]
    search_fields = ["user__username", "user__first_name", "user__email", "unit__code", "unit__name"]
    ordering = ["unit__code", "role", "user__username"]

    @admin.display(description="area")
    def area_list(self, membership: Membership) -> str:
        return "; ".join(membership.area_names) or "Semua area"
