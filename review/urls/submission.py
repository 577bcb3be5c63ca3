"""Checking completeness, the conditions for being proposed, submitting, and the fixed copies."""

from django.urls import URLPattern, path

from ..views import submission

_ASSESSMENT = "penilaian/<year:year>/<unit:code>"
_CONDITION = f"{_ASSESSMENT}/syarat/<slug:key>"

urlpatterns: list[URLPattern] = [
    path(f"{_ASSESSMENT}/periksa/", submission.check, name="check"),
    path(f"{_ASSESSMENT}/syarat/", submission.conditions, name="conditions"),
    path(f"{_CONDITION}/simpan/", submission.condition_save, name="condition-save"),
    path(f"{_CONDITION}/lampirkan/", submission.condition_attach, name="condition-attach"),
    path(f"{_CONDITION}/<uuid:attachment>/lepas/", submission.condition_detach, name="condition-detach"),
    path(f"{_ASSESSMENT}/ajukan/", submission.submit_page, name="submit-page"),
    path(f"{_ASSESSMENT}/ajukan/kirim/", submission.submit, name="submit"),
    path(f"{_ASSESSMENT}/salinan/", submission.snapshots, name="snapshots"),
    path(f"{_ASSESSMENT}/salinan/<uuid:snapshot>/", submission.snapshot, name="snapshot"),
]
