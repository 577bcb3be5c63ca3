"""Signing in and out, the password, the profile."""

from math import ceil
from typing import Any

from axes.helpers import get_cool_off
from django.contrib import messages
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import SetPasswordForm as DjangoSetPasswordForm
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

from . import selectors, services
from .forms import PasswordChangeForm, PasswordResetForm, ProfileForm, SetPasswordForm, SignInForm
from .http import UserRequest, origin


class Unprocessable:
    """Answer an invalid form with 422, as every page of the portal does."""

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)  # type: ignore[attr-defined]


class SignIn(Unprocessable, auth.LoginView):
    template_name = "accounts/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True


@method_decorator(login_not_required, name="dispatch")
class SignOut(auth.LogoutView):
    """Sign out by POST; signing out twice does no harm."""


class PasswordChange(Unprocessable, auth.PasswordChangeView):
    template_name = "accounts/password_change.html"
    form_class = PasswordChangeForm


class PasswordChangeDone(auth.PasswordChangeDoneView):
    template_name = "accounts/password_change_done.html"


class PasswordResetDone(auth.PasswordResetDoneView):
    template_name = "accounts/password_reset_done.html"


class PasswordResetConfirm(Unprocessable, auth.PasswordResetConfirmView):
    template_name = "accounts/password_reset_confirm.html"
    form_class = SetPasswordForm

    def form_valid(self, form: DjangoSetPasswordForm) -> HttpResponse:
        response = super().form_valid(form)
        services.unlock_sign_in(users=[form.user])
        return response


class PasswordResetComplete(auth.PasswordResetCompleteView):
    template_name = "accounts/password_reset_complete.html"


@login_not_required
@require_http_methods(["GET", "POST"])
def password_reset(request: HttpRequest) -> HttpResponse:
    """Mail a link to the owner of an address; say the same whether or not there is one."""
    form = PasswordResetForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        services.send_reset_link(email=form.cleaned_data["email"], origin=origin(request))
        return redirect("password_reset_done")
    return render(request, "accounts/password_reset.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def profile(request: UserRequest) -> HttpResponse:
    form = ProfileForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        try:
            services.update_profile(user=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "Profil disimpan.")
            return redirect("profile")
    context = {"form": form, "memberships": selectors.memberships_of(request.user)}
    return render(request, "accounts/profile.html", context, status=422 if form.is_bound else 200)


def locked(
    request: HttpRequest, original_response: HttpResponse | None, credentials: dict[str, Any] | None
) -> HttpResponse:
    """Answer a sign-in after too many failures; called by django-axes, which undoes the lock by itself."""
    wait = get_cool_off(request)
    seconds = ceil(wait.total_seconds()) if wait else 0
    response = render(request, "accounts/locked.html", {"minutes": ceil(seconds / 60)}, status=429)
    response["Retry-After"] = str(seconds)
    return response
