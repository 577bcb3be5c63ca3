"""The reviewers' pages."""

from django.urls import URLPattern, path

from ..views import judging as views

_ASSESSMENT = "penilaian/<year:year>/<unit:code>/nilai"

urlpatterns: list[URLPattern] = [
    path(f"{_ASSESSMENT}/", views.judge, name="judge"),
    path(f"{_ASSESSMENT}/lembar/<place:page>/", views.judge_page, name="judge-page"),
    path(f"{_ASSESSMENT}/lembar/<place:page>/simpan/", views.judge_page_save, name="judge-page-save"),
    path(f"{_ASSESSMENT}/jawaban/<place:criterion>/", views.judge_save, name="judge-save"),
    path(f"{_ASSESSMENT}/jawaban/<place:criterion>/setuju/", views.agree, name="agree"),
    path(f"{_ASSESSMENT}/jawaban/<place:criterion>/bukti/<uuid:attachment>/", views.verdict, name="verdict"),
    path(f"{_ASSESSMENT}/setuju-sisa/<place:node>/", views.agree_rest_page, name="agree-rest-page"),
    path(f"{_ASSESSMENT}/setuju-sisa/<place:node>/simpan/", views.agree_rest, name="agree-rest"),
    path(f"{_ASSESSMENT}/setuju-sisa/<place:node>/batal/", views.agree_undo, name="agree-undo"),
]
