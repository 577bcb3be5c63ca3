from django.urls import path

from . import views

app_name = "dashboards"
_UNIT = "penilaian/<year:year>/<unit:code>"

urlpatterns = [
    path(f"{_UNIT}/jalan/", views.way, name="way"),
]
