"""The settings of the public pages in the admin site, and what was published, to look at."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from .models import Post, PublicEvent, PublishedScore, SiteSettings, UnitProfile
from .models.site import ONLY

CHANNELS = ("complaint_url", "wbs_url", "lapor_url", "survey_url")


@admin.register(SiteSettings)
class SiteSettingsAdmin(admin.ModelAdmin):
    """One row: the list leads straight to it."""

    fieldsets = (
        ("Instansi", {"fields": ("agency_name", "statement", "statement_by")}),
        ("Keputusan", {"fields": ("decree_title", "decree_number", "decree_date")}),
        ("Pengaduan dan survei", {"fields": CHANNELS}),
        ("Berita", {"fields": ("heads_publish",)}),
    )

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if SiteSettings.objects.exists():
            return redirect(reverse("admin:news_sitesettings_change", args=[ONLY]))
        return redirect("admin:news_sitesettings_add")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not SiteSettings.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnly(admin.ModelAdmin):
    """Written in the portal; here it can only be looked at."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Post)
class PostAdmin(ReadOnly):
    list_display = ("title", "unit", "state", "published_at", "changed_at")
    list_filter = ("state", "area")
    list_select_related = ("unit",)
    search_fields = ("title", "unit__name")
    fields = ("title", "unit", "summary", "body", "area", "picture_alt", "state", "published_at", "created_by")


@admin.register(PublicEvent)
class PublicEventAdmin(ReadOnly):
    list_display = ("at", "unit", "kind", "post", "actor")
    list_filter = ("kind",)
    list_select_related = ("unit", "post", "actor")
    fields = ("at", "unit", "post", "kind", "actor", "data")


@admin.register(PublishedScore)
class PublishedScoreAdmin(ReadOnly):
    list_display = ("assessment", "total", "published_by", "published_at")
    list_select_related = ("assessment__unit", "assessment__period", "published_by")
    fields = ("assessment", "total", "published_by", "published_at")


@admin.register(UnitProfile)
class UnitProfileAdmin(ReadOnly):
    list_display = ("unit", "decree_number", "changed_at")
    list_select_related = ("unit",)
    search_fields = ("unit__name", "unit__code")
    fields = ("unit", "about", "decree_title", "decree_number", "decree_date", "changed_at")
