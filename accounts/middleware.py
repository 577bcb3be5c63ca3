"""Every page needs a signed-in person unless its view says `login_not_required`."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware as DjangoLoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from .http import is_htmx


class LoginRequiredMiddleware(DjangoLoginRequiredMiddleware):
    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        """Send the visitor to the sign-in page and, after it, back to a page that can be opened.

        A partial save gets 401 and a message: a redirect would swap the sign-in page into a card.
        """
        if is_htmx(request):
            return render(request, "accounts/signed_out.html", status=401)
        if request.method in {"GET", "HEAD"}:
            return super().handle_no_permission(request, view_func)
        messages.warning(
            request, "Sesi Anda berakhir, jadi isian terakhir belum tersimpan. Masuk lagi untuk mengulang."
        )
        return redirect_to_login(_page_of(request), resolve_url(self.get_login_url(view_func)))


def _page_of(request: HttpRequest) -> str:
    """Return the page a form was sent from; the form's own address answers only to POST."""
    referer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(referer, {request.get_host()}, request.is_secure()):
        return "/"
    parts = urlsplit(referer)
    return parts.path + (f"?{parts.query}" if parts.query else "")
