from django.urls import path

from . import views

urlpatterns = [
    path("pemberitahuan/", views.notifications, name="notifications"),
    path("pemberitahuan/dibaca/", views.read_all, name="notifications-read-all"),
    path("pemberitahuan/<int:notification>/buka/", views.read, name="notification-read"),
    path("pemberitahuan/pilihan/", views.choices, name="notification-choices"),
    path("pemberitahuan/pilihan/simpan/", views.choices_save, name="notification-choices-save"),
]
