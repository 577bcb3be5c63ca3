"""Addresses of the import of a filled workbook."""

from django.urls import URLPattern, path

from .views import importing

_IMPORT = "penilaian/<year:year>/<unit:code>/impor-lke"

urlpatterns: list[URLPattern] = [
    path(f"{_IMPORT}/", importing.lke_import_start, name="lke-import-start"),
    path(f"{_IMPORT}/unggah/", importing.lke_import_upload, name="lke-import-upload"),
    path(f"{_IMPORT}/<uuid:lke>/", importing.lke_import, name="lke-import"),
    path(f"{_IMPORT}/<uuid:lke>/pilih/", importing.lke_import_choose, name="lke-import-choose"),
    path(f"{_IMPORT}/<uuid:lke>/simpan/", importing.lke_import_apply, name="lke-import-apply"),
    path(f"{_IMPORT}/<uuid:lke>/batal/", importing.lke_import_discard, name="lke-import-discard"),
]
