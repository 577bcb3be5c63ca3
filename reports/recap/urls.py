"""The recap's addresses."""

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("rekap/", views.recap_home, name="recap-home"),
    path("rekap/<year:year>/", views.recap, name="recap"),
    path("rekap/<year:year>/peringkat/", views.recap_rank, name="recap-rank"),
    path("rekap/<year:year>/perbandingan/", views.recap_compare, name="recap-compare"),
    path("rekap/unit/<unit:code>/", views.recap_unit, name="recap-unit"),
    path("rekap/<year:year>/unduh/rekap.xlsx", views.recap_xlsx, name="recap-xlsx"),
    path("rekap/<year:year>/unduh/rekap.pdf", views.recap_pdf, name="recap-pdf"),
]
