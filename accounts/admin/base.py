"""What the admin pages of this app share."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.utils import quote
from django.db import transaction
from django.db.models import ProtectedError, QuerySet, RestrictedError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy

HINT = "Selama masih dirujuk, data ini tidak dapat dihapus. Nonaktifkan saja: riwayat tetap utuh."


class PoliteDelete(admin.ModelAdmin):
    """Refuse to delete what something refers to, with a page that says what; never with an error page."""

    def get_deleted_objects(
        self, objs: Sequence[Any] | QuerySet[Any], request: HttpRequest
    ) -> tuple[list[Any], dict[Any, Any], set[Any], list[Any]]:
        to_delete, counts, perms_needed, protected = super().get_deleted_objects(objs, request)
        found = [*protected, *self.other_references(objs)]
        return to_delete, counts, perms_needed, [*found, HINT] if found else []

    def other_references(self, objs: Sequence[Any] | QuerySet[Any]) -> list[str]:
        """Name references that the database would delete along although people need them."""
        return []

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except (ProtectedError, RestrictedError):  # referred to since the check a moment ago
            self.message_user(request, HINT, messages.ERROR)
            return HttpResponseRedirect(
                reverse(f"admin:accounts_{self.opts.model_name}_change", args=[quote(object_id)])
            )

    @admin.action(description=gettext_lazy("Delete selected %(verbose_name_plural)s"), permissions=["delete"])
    def delete_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        try:
            with transaction.atomic():  # takes back Django's log entry as well
                return delete_selected(self, request, queryset)
        except (ProtectedError, RestrictedError):
            self.message_user(request, HINT, messages.ERROR)
            return None


def report_changes(count: int, noun: str, done: str) -> str:
    return f"{count} {noun} {done}." if count else f"Tidak ada {noun} yang berubah."
