from django.urls import path

from .views import search

app_name = "portal"
urlpatterns = [
    path("cari/", search.search, name="search"),
]
