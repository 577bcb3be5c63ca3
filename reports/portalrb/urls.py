"""Addresses for PortalRB, for the ministry's evidence links and for the agency's admins."""

from django.urls import URLPattern, path, register_converter
from django.urls.converters import StringConverter

from .views import api, evidence, preflight


class SignedConverter(StringConverter):
    """What `links.signed` makes: two parts of URL-safe base64."""

    regex = r"[A-Za-z0-9_=-]{1,120}\.[A-Za-z0-9_-]{43}"


register_converter(SignedConverter, "signed")

_UNIT = "portalrb/<unit:code>"
_LINK = "bukti-dukung/<signed:link>"

urlpatterns: list[URLPattern] = [
    path("api/portalrb/pengusulan/unit-wbk", api.units_wbk, name="portalrb-units-wbk"),
    path("api/portalrb/pengusulan/unit-wbbm", api.units_wbbm, name="portalrb-units-wbbm"),
    path("api/portalrb/lke/jawaban-unit/<str:unit_id>", api.answers, name="portalrb-answers"),
    path(f"{_LINK}/", evidence.evidence, name="portalrb-evidence"),
    path(f"{_LINK}/<count:number>/", evidence.evidence_file, name="portalrb-evidence-file"),
    path("portalrb/", preflight.preflight, name="portalrb"),
    path(f"{_UNIT}/", preflight.unit, name="portalrb-unit"),
    path(f"{_UNIT}/jawaban.json", preflight.unit_json, name="portalrb-unit-json"),
    path(f"{_UNIT}/jawaban.xlsx", preflight.unit_xlsx, name="portalrb-unit-xlsx"),
    path(f"{_UNIT}/tautan/cabut/", preflight.links_revoke, name="portalrb-links-revoke"),
    path(f"{_UNIT}/tautan/buat/", preflight.links_renew, name="portalrb-links-renew"),
]
