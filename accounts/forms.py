"""Forms of the sign-in pages and of the profile."""

from typing import Any

from django import forms
from django.contrib.auth import forms as auth
from django.http import QueryDict

from .models import User


class SignInForm(auth.AuthenticationForm):
    username = forms.CharField(
        label="Nama pengguna atau surel",
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "username", "autocapitalize": "none"}),
    )
    error_messages = {
        "invalid_login": "Nama pengguna, surel, atau kata sandi tidak cocok. Periksa lalu coba lagi.",
        "inactive": "Akun ini tidak aktif. Hubungi admin portal.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Django sets the length of a username here; an address may be longer.
        self.fields["username"].max_length = 254  # type: ignore[attr-defined]
        self.fields["username"].widget.attrs["maxlength"] = 254
        self.fields["password"].label = "Kata sandi"


RULES = (
    "Paling sedikit 10 karakter, tidak hanya angka, tidak mirip nama atau surel pemiliknya, "
    "dan bukan kata sandi yang umum dipakai."
)
MISMATCH = {"password_mismatch": "Kedua kata sandi tidak sama."}


def name_password_fields(first: forms.Field, second: forms.Field) -> None:
    """Word the pair of fields as the rest of the portal does; Django's translation mixes terms and languages."""
    first.label, first.help_text = "Kata sandi baru", RULES
    second.label, second.help_text = "Ulangi kata sandi baru", ""


class SetPasswordForm(auth.SetPasswordForm):
    """Set a password through the mailed link."""

    error_messages = {**auth.SetPasswordForm.error_messages, **MISMATCH}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_password_fields(self.fields["new_password1"], self.fields["new_password2"])


class PasswordChangeForm(auth.PasswordChangeForm):
    """Change one's own password."""

    error_messages = {
        **auth.PasswordChangeForm.error_messages,
        **MISMATCH,
        "password_incorrect": "Kata sandi lama tidak benar.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = "Kata sandi lama"
        name_password_fields(self.fields["new_password1"], self.fields["new_password2"])


class AdminPasswordForm(auth.AdminPasswordChangeForm):
    """Set another person's password, for installations without mail; taking it away is done by deactivating."""

    error_messages = {**auth.AdminPasswordChangeForm.error_messages, **MISMATCH}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("usable_password", None)
        name_password_fields(self.fields["password1"], self.fields["password2"])


class PasswordResetForm(forms.Form):
    email = forms.EmailField(
        label="Surel", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True})
    )


class ProfileForm(forms.Form):
    """What people may change about themselves; the rest is for an admin."""

    name = forms.CharField(label="Nama", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label="Surel",
        required=False,
        max_length=254,
        help_text="Dipakai untuk masuk, mengatur ulang kata sandi, dan pemberitahuan.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, data: QueryDict | None = None, *, user: User) -> None:
        self.user = user
        super().__init__(data, initial={"name": user.get_full_name(), "email": user.email})


class ImportForm(forms.Form):
    file = forms.FileField(
        label="Berkas Excel (.xlsx)",
        help_text="Paling besar 2 MB dan paling banyak 5.000 baris.",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )


class AreaField(forms.MultipleChoiceField):
    """The six areas as checkboxes, kept as a sorted list of keys."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> list[str]:
        return sorted(set(super().clean(value)))
