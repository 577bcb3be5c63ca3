from django.urls import path

from . import views

app_name = "assessment"
urlpatterns = [
    path("", views.home, name="home"),
    path("penilaian/", views.index, name="index"),
    path("penilaian/<int:year>/<str:code>/", views.detail, name="detail"),
    path("penilaian/<int:year>/<str:code>/lembar/<str:page>/", views.page, name="page"),
    path("penilaian/<int:year>/<str:code>/lembar/<str:page>/simpan/", views.page_save, name="page-save"),
    path("penilaian/<int:year>/<str:code>/jawaban/<str:criterion>/", views.answer_save, name="answer-save"),
    path("penilaian/<int:year>/<str:code>/berikutnya/", views.next_unanswered, name="next-unanswered"),
    path("penilaian/<int:year>/<str:code>/mengapa/", views.explain_total, name="explain-total"),
    path("penilaian/<int:year>/<str:code>/mengapa/<str:node>/", views.explain, name="explain"),
    path("penilaian/<int:year>/<str:code>/riwayat/", views.history, name="history"),
]
