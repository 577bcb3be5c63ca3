from django.urls import URLPattern, path

from . import views

_AWARD = "unit/<unit:code>/predikat/<count:award>/monev"
_LETTER = "unit/<unit:code>/surat-monev/<uuid:monitoring>"

urlpatterns: list[URLPattern] = [
    path(f"{_AWARD}/", views.monev_start, name="monev-start"),
    path(f"{_AWARD}/buat/", views.monev_add, name="monev-add"),
    path(f"{_LETTER}/", views.monev_letter, name="monev-letter"),
    path(f"{_LETTER}/surat.pdf", views.monev_pdf, name="monev-pdf"),
    path(f"{_LETTER}/surat.docx", views.monev_docx, name="monev-docx"),
]
