"""System checks: what an installation that serves people needs."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register

NO_PORTAL_URL = "accounts.W001"


@register(Tags.security, deploy=True)
def check_portal_url(**kwargs: Any) -> list[CheckMessage]:
    """Report a portal that does not know its own address: its e-mails would lead nowhere."""
    if settings.PORTAL_URL.startswith(("https://", "http://")):
        return []
    hint = "Set PORTAL_URL to the portal's address, such as https://zi.instansi.go.id."
    return [Warning("PORTAL_URL: e-mails cannot link to the portal.", hint=hint, id=NO_PORTAL_URL)]
