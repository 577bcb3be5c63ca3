"""Evidence in the administration: to look up; of a unit's documents only their quota is set here."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from . import rows
from .models import Attachment, Blob, Document, DocumentEvent, Library


class LookUp(admin.ModelAdmin):
    """Rows that services alone write: nobody adds, changes or deletes them here."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Library)
class LibraryAdmin(LookUp):
    fields = ("unit", "quota_mib")
    readonly_fields = ("unit",)
    list_display = ("unit", "unit_code", "quota_mib")
    list_select_related = ("unit",)
    search_fields = ("unit__code", "unit__name")
    ordering = ("unit__code",)

    @admin.display(description="kode unit", ordering="unit__code")
    def unit_code(self, library: Library) -> str:
        return library.unit.code

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return admin.ModelAdmin.has_change_permission(self, request, obj)

    def save_model(self, request: HttpRequest, obj: Library, form: Any, change: bool) -> None:
        """Write the quota alone: documents may have been added since the form was opened."""
        obj.save(update_fields=["quota_mib"])


@admin.register(Document)
class DocumentAdmin(LookUp):
    fields = ("title", "unit", "number", "dated", "year", "is_public", "file", "created_by", "created_at")
    list_display = ("title", "unit", "number", "year", "file", "is_public")
    list_filter = ("is_public", "year")
    list_select_related = ("unit", "current__blob", "created_by")
    search_fields = ("title", "number", "unit__code", "unit__name", "current__file_name")
    ordering = ("-created_at",)

    @admin.display(description="versi terbaru")
    def file(self, document: Document) -> str:
        version = document.current
        if version is None:
            return "–"
        size = f" ({rows.size_text(version.blob.size)})" if version.blob else ""
        return f"{version.number}: {version.file_name or version.url}{size}"


@admin.register(Attachment)
class AttachmentAdmin(LookUp):
    fields = (
        "document", "assessment", "criterion", "expected", "page_ref", "verdict",
        "attached_by", "attached_at", "detached_by", "detached_at",
    )  # fmt: skip
    list_display = ("document", "assessment", "criterion", "verdict", "attached_at", "detached_at")
    list_filter = ("assessment__period", "verdict", ("detached_at", admin.EmptyFieldListFilter))
    list_select_related = ("document", "assessment__unit", "assessment__period", "criterion")
    search_fields = ("document__title", "assessment__unit__code", "assessment__unit__name", "criterion__code")
    ordering = ("-attached_at",)


@admin.register(Blob)
class BlobAdmin(LookUp):
    fields = ("sha256", "size_text", "pages", "scan", "scanned_at", "threat", "received_at")
    list_display = ("sha256", "size_text", "scan", "threat", "received_at")
    list_filter = ("scan",)
    search_fields = ("sha256", "versions__file_name")
    ordering = ("-received_at",)

    @admin.display(description="ukuran", ordering="size")
    def size_text(self, blob: Blob) -> str:
        return rows.size_text(blob.size)


@admin.register(DocumentEvent)
class DocumentEventAdmin(LookUp):
    fields = ("library", "number", "at", "actor", "kind", "document", "data", "digest")
    list_display = ("library", "number", "at", "actor", "kind", "document")
    list_filter = ("kind",)
    list_select_related = ("library__unit", "actor")
    search_fields = ("library__unit__code", "library__unit__name", "document")
    ordering = ("-at",)
