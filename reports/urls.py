from django.urls import path

from . import views

app_name = "reports"
urlpatterns = [
    path("penilaian/<year:year>/<unit:code>/unduh/lke.xlsx", views.lke_xlsx, name="lke-xlsx"),
    path("penilaian/<year:year>/<unit:code>/unduh/lke.pdf", views.lke_pdf, name="lke-pdf"),
]
