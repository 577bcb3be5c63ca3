from django.urls import path

from . import views

app_name = "dashboards"
_UNIT = "penilaian/<year:year>/<unit:code>"

urlpatterns = [
    path("beranda/", views.home, name="home"),
    path("dasbor/", views.agency_home, name="agency-home"),
    path("dasbor/<year:year>/", views.agency, name="agency"),
    path(f"{_UNIT}/dasbor/", views.unit, name="unit"),
    path(f"{_UNIT}/jalan/", views.way, name="way"),
]
