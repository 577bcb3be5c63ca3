"""Findings, the register, returns."""

from django.urls import URLPattern, path

from ..views import findings as views

_ASSESSMENT = "penilaian/<year:year>/<unit:code>"

urlpatterns: list[URLPattern] = [
    path("catatan/", views.register, name="register"),
    path(f"{_ASSESSMENT}/catatan/", views.findings, name="findings"),
    path(f"{_ASSESSMENT}/catatan/tambah/", views.finding_add, name="finding-add"),
    path(f"{_ASSESSMENT}/catatan/<uuid:finding>/", views.finding, name="finding"),
    path(f"{_ASSESSMENT}/catatan/<uuid:finding>/tindak-lanjut/", views.follow_up, name="follow-up"),
    path(f"{_ASSESSMENT}/catatan/<uuid:finding>/selesai/", views.finding_close, name="finding-close"),
    path(f"{_ASSESSMENT}/catatan/<uuid:finding>/buka/", views.finding_reopen, name="finding-reopen"),
    path(f"{_ASSESSMENT}/catatan/<uuid:finding>/dokumen/<count:version>/", views.finding_file, name="finding-file"),
    path(f"{_ASSESSMENT}/perbaikan/", views.returns, name="returns"),
    path(f"{_ASSESSMENT}/perbaikan/kirim/", views.return_send, name="return-send"),
    path(f"{_ASSESSMENT}/perbaikan/kriteria/<place:criterion>/", views.return_item, name="return-item"),
]
