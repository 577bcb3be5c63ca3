from django.urls import path

from .views import glossary, help, search

app_name = "portal"
urlpatterns = [
    path("cari/", search.search, name="search"),
    path("bantuan/", help.help_start, name="help"),
    path("bantuan/istilah/", glossary.glossary, name="glossary"),
    path("bantuan/istilah/<slug:term>/", glossary.term, name="term"),
    path("bantuan/topik/<slug:topic>/", help.topic, name="topic"),
    path("bantuan/<slug:guide>/", help.guide, name="guide"),
]
