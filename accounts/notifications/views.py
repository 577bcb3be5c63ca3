"""What a person was told, and what they want to be told."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.http import UserRequest

from . import selectors, services
from .models import Kind


@require_safe
def notifications(request: UserRequest) -> HttpResponse:
    if selectors.unread_of(request.user) != request.user.unread_notifications:
        services.recount(user=request.user)  # saving a whole user elsewhere can put an old count back
    page = Paginator(selectors.notifications_of(request.user), 25).get_page(request.GET.get("hal"))
    return render(request, "accounts/notifications.html", {"page": page})


@require_POST
def read(request: UserRequest, notification: int) -> HttpResponse:
    """Mark one as read and go where it is about."""
    found = get_object_or_404(selectors.notifications_of(request.user), pk=notification)
    services.mark_read(user=request.user, notification=found)
    return redirect(found.url if services.is_portal_path(found.url) else "notifications")


@require_POST
def read_all(request: UserRequest) -> HttpResponse:
    services.mark_read(user=request.user)
    return redirect("notifications")


@require_safe
def choices(request: UserRequest) -> HttpResponse:
    rows = selectors.choices_of(request.user)
    return render(request, "accounts/notification_choices.html", {"rows": rows, "email": request.user.email})


@require_POST
def choices_save(request: UserRequest) -> HttpResponse:
    wishes = {kind: (f"{kind}-portal" in request.POST, f"{kind}-surel" in request.POST) for kind in Kind.values}
    services.choose(user=request.user, wishes=wishes)
    messages.success(request, "Pilihan pemberitahuan tersimpan.")
    return redirect("notification-choices")
