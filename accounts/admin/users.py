"""The portal's accounts."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from .. import selectors, services
from ..forms import AdminPasswordForm
from ..http import origin
from ..models import User
from .base import PoliteDelete, report_changes
from .memberships import MembershipInline

MAX_LINKS = 200  # mails sent while the browser waits


class UserForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["username", "first_name", "email", "is_active", "is_staff", "is_superuser", "groups"]
        widgets = {"groups": forms.CheckboxSelectMultiple}


class NewUserForm(forms.ModelForm):
    """No password here: the person sets it through the link that is mailed to them."""

    class Meta:
        model = User
        fields = ["username", "first_name", "email"]


class PasswordFilter(admin.SimpleListFilter):
    title = "kata sandi"
    parameter_name = "kata_sandi"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("belum", "Belum diatur"), ("sudah", "Sudah diatur")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        unset = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
        if self.value() == "belum":
            return queryset.filter(unset)
        return queryset.exclude(unset) if self.value() == "sudah" else queryset


@admin.register(User)
class UserAdmin(PoliteDelete, DjangoUserAdmin):
    """Accounts. Only superusers make staff or touch a superuser's account: nobody can raise their own rights."""

    form = UserForm
    add_form = NewUserForm
    add_form_template = None
    add_fieldsets = ((None, {"fields": ("username", "first_name", "email")}),)
    fieldsets = (
        (None, {"fields": ("username", "password_state")}),
        ("Data diri", {"fields": ("first_name", "email")}),
        ("Hak akses", {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        ("Tanggal penting", {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ["password_state", "last_login", "date_joined"]
    filter_horizontal = []
    change_password_form = AdminPasswordForm
    change_user_password_template = "admin/accounts/user/change_password.html"  # noqa: S105
    inlines = [MembershipInline]
    list_display = ["username", "first_name", "email", "units", "is_active", "is_staff", "last_login"]
    list_filter = ["is_active", "is_staff", "memberships__role", PasswordFilter]
    search_fields = ["username", "first_name", "email"]
    ordering = ["username"]
    actions = ["send_links", "unlock", "activate", "deactivate", "delete_selected"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("memberships__unit")

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        own = list(super().get_readonly_fields(request, obj))
        return own if request.user.is_superuser else [*own, "is_staff", "is_superuser", "groups"]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and _within_reach(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and _within_reach(request, obj)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    def other_references(self, objs: Sequence[User] | QuerySet[User]) -> list[str]:
        count = LogEntry.objects.filter(user__in=[user.pk for user in objs]).count()
        return [f"Riwayat administrasi: {count} catatan"] if count else []

    @admin.display(description="kata sandi")
    def password_state(self, user: User) -> str:
        state = "Sudah diatur" if user.has_usable_password() else "Belum diatur"
        return format_html(
            '{} · <a href="{}">Atur kata sandi</a>', state, reverse("admin:auth_user_password_change", args=[user.pk])
        )

    @admin.display(description="unit kerja")
    def units(self, user: User) -> str:
        return selectors.unit_names(user) or "-"

    @admin.action(description="Kirim tautan atur kata sandi", permissions=["change"])
    def send_links(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        users = list(queryset.filter(is_active=True).exclude(email="")[: MAX_LINKS + 1])
        if len(users) > MAX_LINKS:
            text = f"Pilih paling banyak {MAX_LINKS} pengguna sekali kirim. Belum ada surel yang dikirim."
            self.message_user(request, text, messages.ERROR)
            return
        failed = [user for user in users if not _sent(user, request)]
        if count := len(users) - len(failed):
            self.message_user(request, f"Tautan atur kata sandi dikirim ke {count} pengguna.", messages.SUCCESS)
        if skipped := queryset.count() - len(users):
            text = f"{skipped} pengguna dilewati karena nonaktif atau tidak mempunyai surel."
            self.message_user(request, text, messages.WARNING)
        if failed:
            names = ", ".join(user.username for user in failed)
            self.message_user(
                request, f"Surel gagal dikirim ke: {names}. Periksa setelan server surel.", messages.ERROR
            )

    @admin.action(description="Buka kunci masuk", permissions=["change"])
    def unlock(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        services.unlock_sign_in(users=queryset)
        self.message_user(request, "Catatan percobaan masuk yang gagal dihapus; pengguna dapat mencoba lagi.")

    @admin.action(description="Aktifkan pengguna terpilih", permissions=["change"])
    def activate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self._set_active(request, queryset, True)

    @admin.action(description="Nonaktifkan pengguna terpilih", permissions=["change"])
    def deactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self._set_active(request, queryset, False)

    def _set_active(self, request: HttpRequest, users: QuerySet[User], active: bool) -> None:
        count = services.set_users_active(users=users, active=active, by=request.user)  # type: ignore[arg-type]
        text = report_changes(count, "pengguna", "diaktifkan" if active else "dinonaktifkan")
        self.message_user(request, text, messages.SUCCESS if count else messages.WARNING)


def _within_reach(request: HttpRequest, user: User | None) -> bool:
    return user is None or not user.is_superuser or bool(request.user.is_superuser)


def _sent(user: User, request: HttpRequest) -> bool:
    try:
        services.send_link(user=user, origin=origin(request))
    except OSError:
        return False
    return True
