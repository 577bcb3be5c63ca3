from django.urls import path

from . import views

app_name = "assessment"
urlpatterns = [
    path("penilaian/", views.index, name="index"),
    path("penilaian/<year:year>/<unit:code>/", views.detail, name="detail"),
    path("penilaian/<year:year>/<unit:code>/lembar/<place:page>/", views.page, name="page"),
    path("penilaian/<year:year>/<unit:code>/lembar/<place:page>/simpan/", views.page_save, name="page-save"),
    path("penilaian/<year:year>/<unit:code>/jawaban/<place:criterion>/", views.answer_save, name="answer-save"),
    path("penilaian/<year:year>/<unit:code>/berikutnya/", views.next_unanswered, name="next-unanswered"),
    path("penilaian/<year:year>/<unit:code>/mengapa/", views.explain_total, name="explain-total"),
    path("penilaian/<year:year>/<unit:code>/mengapa/<place:node>/", views.explain, name="explain"),
    path("penilaian/<year:year>/<unit:code>/riwayat/", views.history, name="history"),
]
