"""System checks: the settings of evidence make sense."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from . import antivirus
from .content import KINDS

UNKNOWN_KIND = "evidence.E001"
BAD_SCANNER = "evidence.E002"
BAD_PREFIX = "evidence.E003"


@register()
def check_settings(**kwargs: Any) -> list[CheckMessage]:
    """Report kinds nobody knows, a scanner address that cannot be one, an internal prefix that is no path."""
    unknown = sorted(set(settings.EVIDENCE_KINDS) - KINDS.keys())
    found: list[CheckMessage] = []
    if unknown:
        known = ", ".join(KINDS)
        found.append(Error(f"EVIDENCE_KINDS: unknown {', '.join(unknown)}; known are {known}.", id=UNKNOWN_KIND))
    if settings.CLAMD and (problem := antivirus.problems_of(settings.CLAMD)):
        found.append(Error(f"CLAMD: {problem}", id=BAD_SCANNER))
    prefix = settings.EVIDENCE_ACCEL_PREFIX
    if prefix and not (prefix.startswith("/") and prefix.endswith("/")):
        found.append(Error("EVIDENCE_ACCEL_PREFIX: must begin and end with a slash.", id=BAD_PREFIX))
    return found
