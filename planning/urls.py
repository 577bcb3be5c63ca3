"""Planning: the plan of action, who is in charge, discussions, what is carried from one period to the next."""

from django.urls import URLPattern, path

from .views import actions

app_name = "planning"
_ASSESSMENT = "penilaian/<year:year>/<unit:code>"
_ACTIONS = f"{_ASSESSMENT}/rencana-aksi"

urlpatterns: list[URLPattern] = [
    path(f"{_ACTIONS}/", actions.actions, name="actions"),
    path(f"{_ACTIONS}/unduh.xlsx", actions.actions_xlsx_file, name="actions-xlsx"),
    path(f"{_ACTIONS}/unduh.ics", actions.actions_ics_file, name="actions-ics"),
    path(f"{_ACTIONS}/baru/", actions.action_new, name="action-new"),
    path(f"{_ACTIONS}/tambah/", actions.action_add, name="action-add"),
    path(f"{_ACTIONS}/buat/", actions.make, name="make"),
    path(f"{_ACTIONS}/buat/simpan/", actions.make_apply, name="make-apply"),
    path(f"{_ACTIONS}/<uuid:action>/", actions.action, name="action"),
    path(f"{_ACTIONS}/<uuid:action>/simpan/", actions.action_save, name="action-save"),
    path(f"{_ACTIONS}/<uuid:action>/status/", actions.action_status, name="action-status"),
]
