"""Signed addresses under which the ministry opens the evidence of one criterion without an account."""

from dataclasses import dataclass

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

# Another salt makes every link worthless that was ever handed out.
_signer = Signer(sep=".", salt="reports.portalrb.evidence")


@dataclass(frozen=True, slots=True)
class Place:
    """What a link opens: the evidence of one criterion of one assessment, in one generation of the unit's links."""

    assessment: int
    generation: int
    code: str


def signed(place: Place) -> str:
    """Return the text that stands for a place in an address: the same for the same place."""
    return _signer.sign_object([place.assessment, place.generation, place.code])


def place_of(text: str) -> Place | None:
    """Return what a signed text stands for; None for one that the portal did not make."""
    try:
        assessment, generation, code = _signer.unsign_object(text)
    except BadSignature:
        return None
    return Place(assessment, generation, code)


def origin_of_portal(asked: str = "") -> str:
    """Return scheme and host for addresses read elsewhere: the portal's own, else the one it was `asked` under."""
    return settings.PORTAL_URL.rstrip("/") or asked


def address_of(place: Place, origin: str) -> str:
    """Return the whole address of a place's evidence."""
    return origin + reverse("reports:portalrb-evidence", args=[signed(place)])
