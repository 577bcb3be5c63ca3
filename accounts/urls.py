from django.urls import path

from . import views
from .notifications.urls import urlpatterns as notification_patterns

urlpatterns = [
    *notification_patterns,
    path("masuk/", views.SignIn.as_view(), name="login"),
    path("keluar/", views.SignOut.as_view(), name="logout"),
    path("profil/", views.profile, name="profile"),
    path("kata-sandi/ubah/", views.PasswordChange.as_view(), name="password_change"),
    path("kata-sandi/ubah/selesai/", views.PasswordChangeDone.as_view(), name="password_change_done"),
    path("kata-sandi/lupa/", views.password_reset, name="password_reset"),
    path("kata-sandi/lupa/terkirim/", views.PasswordResetDone.as_view(), name="password_reset_done"),
    path("kata-sandi/atur/<uidb64>/<token>/", views.PasswordResetConfirm.as_view(), name="password_reset_confirm"),
    path("kata-sandi/atur/selesai/", views.PasswordResetComplete.as_view(), name="password_reset_complete"),
]
