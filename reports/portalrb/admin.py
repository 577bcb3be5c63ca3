"""Tokens for PortalRB and the log of what was read from outside, in the admin site."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from accounts.http import origin

from . import services
from .links import origin_of_portal
from .middleware import PREFIX
from .models import AccessEntry, ApiToken


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):
    """A token is made and revoked, never changed or deleted: the log names it."""

    fields = ("name", "agency")
    list_display = ("name", "agency", "shown_prefix", "made_by", "made_at", "last_used_at", "revoked_at")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    list_select_related = ("agency", "made_by")
    search_fields = ("name", "prefix")
    actions = ("revoke",)

    @admin.display(description="awalan", ordering="prefix")
    def shown_prefix(self, token: ApiToken) -> str:
        return f"{token.prefix}…"

    def get_fields(self, request: HttpRequest, obj: ApiToken | None = None) -> Any:
        if obj is None:
            return self.fields
        return ("name", "agency", "shown_prefix", "made_by", "made_at", "last_used_at", "revoked_by", "revoked_at")

    def has_change_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        """Let the list be opened for revoking; a single token is only looked at."""
        return obj is None and super().has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: ApiToken, form: Any, change: bool) -> None:
        """Make the token; the secret lives on the request until the answer shows it."""
        request.portalrb_token = services.make_token(obj, by=request.user)  # type: ignore[attr-defined, arg-type]

    def response_add(self, request: HttpRequest, obj: ApiToken, post_url_continue: str | None = None) -> HttpResponse:
        """Show the token in the answer itself: kept in a message or in a session it would outlive its showing."""
        context = {
            **self.admin_site.each_context(request),
            "title": "Token dibuat",
            "opts": self.opts,
            "token": obj,
            "base": origin_of_portal(origin(request)) + PREFIX,
            "secret": request.portalrb_token,  # type: ignore[attr-defined]
        }
        return TemplateResponse(request, "admin/reports/apitoken/shown.html", context)

    @admin.action(description="Cabut token yang dipilih", permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> None:
        ended = [row for row in queryset if services.revoke_token(row, by=request.user)]  # type: ignore[arg-type]
        for row in ended:
            self.log_change(request, row, "Token dicabut.")
        text = f"{len(ended)} token dicabut." if ended else "Token yang dipilih sudah dicabut sebelumnya."
        self.message_user(request, text, messages.SUCCESS if ended else messages.WARNING)


@admin.register(AccessEntry)
class AccessEntryAdmin(admin.ModelAdmin):
    """To look up only."""

    list_display = ("at", "what", "status", "token", "unit", "criterion", "item", "address")
    list_filter = ("what", "status", "token")
    list_select_related = ("token", "assessment__unit")
    search_fields = ("assessment__unit__code", "assessment__unit__name", "address")
    date_hierarchy = "at"
    show_full_result_count = False

    @admin.display(description="unit kerja", ordering="assessment__unit__code")
    def unit(self, entry: AccessEntry) -> str:
        return entry.assessment.unit.code if entry.assessment else "–"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: AccessEntry | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AccessEntry | None = None) -> bool:
        return False
