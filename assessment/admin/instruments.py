"""Instruments and their parts: read only once frozen."""

from typing import Any, cast

from django.contrib import admin, messages
from django.db import models
from django.db.models import Count, QuerySet
from django.forms import Textarea
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from .. import instruments
from ..models import (
    Choice,
    Criterion,
    ExpectedDocument,
    Instrument,
    Node,
    ProposalCondition,
    Quantity,
    Threshold,
)
from .parts import CriterionForm, NodeForm

SHORT_TEXT: "dict[type[models.Field[Any, Any]], dict[str, Any]]" = {
    models.TextField: {"widget": Textarea(attrs={"rows": 2, "cols": 60})}
}


class Freezable(admin.ModelAdmin):
    """Show what belongs to a frozen instrument without letting anybody change it; note every edit of another one."""

    formfield_overrides = SHORT_TEXT

    def instrument_of(self, row: Any) -> Instrument:
        return cast(Instrument, row.instrument)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._is_open(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._is_open(obj) and super().has_delete_permission(request, obj)

    def _is_open(self, obj: Any) -> bool:
        return obj is None or not self.instrument_of(obj).frozen

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Leave deleting to the page of one row: a selection may hold frozen ones."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if form.has_changed() or any(formset.has_changed() for formset in formsets):
            instruments.mark_edited(instrument=self.instrument_of(form.instance))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        instrument = self.instrument_of(obj)
        super().delete_model(request, obj)
        if instrument.pk:
            instruments.mark_edited(instrument=instrument)


class PartInline(admin.TabularInline):
    """Rows of an instrument or criterion; who may change that may change these."""

    formfield_overrides = SHORT_TEXT
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not _is_frozen(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not _is_frozen(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not _is_frozen(obj) and super().has_delete_permission(request, obj)


def _is_frozen(obj: Any) -> bool:
    instrument = obj if isinstance(obj, Instrument) or obj is None else obj.instrument
    return bool(instrument and instrument.frozen)


class NodeInline(PartInline):
    """The tree's rows; they are added and moved on pages of their own, where the parent is chosen."""

    model = Node
    fields = ("code", "title", "level", "weight", "order", "area_key")
    ordering = ("order",)
    show_change_link = True
    max_num = 0
    can_delete = False


class ThresholdInline(PartInline):
    model = Threshold
    fields = ("predicate", "order", "name", "measure", "subject", "minimum")


class ConditionInline(PartInline):
    model = ProposalCondition
    fields = ("predicate", "order", "key", "scope", "applies_to", "text")


@admin.register(Instrument)
class InstrumentAdmin(Freezable):
    fields = ("name", "code", "version", "legal_basis", "year", "condition")
    readonly_fields = ("condition",)
    list_display = ("name", "code", "version", "year", "is_frozen", "criteria_count")
    list_filter = ("frozen", "year")
    search_fields = ("name", "code", "legal_basis")
    ordering = ("-year", "code", "-version")
    inlines = (NodeInline, ThresholdInline, ConditionInline)
    actions = ("make_new_version",)

    def instrument_of(self, row: Instrument) -> Instrument:
        return row

    def get_queryset(self, request: HttpRequest) -> QuerySet[Instrument]:
        return super().get_queryset(request).annotate(criteria_found=Count("criteria"))

    @admin.display(description="beku", boolean=True, ordering="frozen")
    def is_frozen(self, instrument: Instrument) -> bool:
        return instrument.frozen

    @admin.display(description="jumlah kriteria", ordering="criteria_found")
    def criteria_count(self, instrument: Instrument) -> int:
        return instrument.criteria_found  # type: ignore[attr-defined]

    @admin.display(description="hasil pemeriksaan")
    def condition(self, instrument: Instrument) -> str | SafeString:
        if not instrument.pk:
            return "Simpan dahulu, lalu lengkapi simpul dan kriterianya."
        problems = instruments.problems_of(instrument)
        if not problems:
            return "Lengkap: bobot sesuai dan semua kriteria dapat dijawab."
        items = format_html_join("", "<li>{}</li>", ((text,) for text in problems))
        return format_html("Belum dapat dipakai sebuah periode:<ul>{}</ul>", items)

    @admin.action(description="Buat versi baru", permissions=["add"])
    def make_new_version(self, request: HttpRequest, queryset: QuerySet[Instrument]) -> None:
        for instrument in queryset:
            try:
                copy = instruments.new_version(instrument)
            except instruments.Unusable as error:
                self.message_user(request, f"{instrument}: {error}", messages.ERROR)
            else:
                self.log_addition(request, copy, f"Versi baru dari {instrument}.")
                self.message_user(request, f"{copy} dibuat dan dapat diubah.", messages.SUCCESS)


@admin.register(Node)
class NodeAdmin(Freezable):
    form = NodeForm
    autocomplete_fields = ("parent",)
    list_display = ("code", "title", "level", "weight", "instrument")
    list_filter = ("instrument", "level")
    list_select_related = ("instrument",)
    search_fields = ("code", "title")
    ordering = ("instrument", "order")

    def get_fields(self, request: HttpRequest, obj: Node | None = None) -> tuple[str, ...]:
        shared = ("parent", "code", "title", "level", "weight", "order", "area_key")
        return ("instrument", *shared) if obj else ("top_of", *shared)

    def get_readonly_fields(self, request: HttpRequest, obj: Node | None = None) -> tuple[str, ...]:
        return ("instrument",) if obj else ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Node]:
        return super().get_queryset(request).select_related("instrument")


class ChoiceInline(PartInline):
    model = Choice
    fields = ("key", "value", "text")


class QuantityInline(PartInline):
    model = Quantity
    fields = ("number", "title", "help", "soal_id", "excel_row")


class DocumentInline(PartInline):
    model = ExpectedDocument
    fields = ("order", "title")


@admin.register(Criterion)
class CriterionAdmin(Freezable):
    form = CriterionForm
    autocomplete_fields = ("node",)
    list_display = ("code", "short_title", "answer_type", "weight", "instrument")
    list_filter = ("instrument", "answer_type")
    list_select_related = ("instrument",)
    search_fields = ("code", "title")
    ordering = ("instrument", "order")
    inlines = (ChoiceInline, QuantityInline, DocumentInline)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Criterion]:
        return super().get_queryset(request).select_related("instrument")

    @admin.display(description="judul", ordering="title")
    def short_title(self, criterion: Criterion) -> str:
        return criterion.title if len(criterion.title) <= 120 else f"{criterion.title[:119]}…"
