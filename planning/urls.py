"""Planning: the plan of action, who is in charge, discussions, what is carried from one period to the next."""

from django.urls import URLPattern, path

from .views import actions, carrying, charges, suggestions, talk

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
    path(f"{_ASSESSMENT}/kriteria-saya/", charges.mine, name="mine"),
    path(f"{_ASSESSMENT}/penanggung-jawab/", charges.charges, name="charges"),
    path(f"{_ASSESSMENT}/penanggung-jawab/simpan/", charges.assign, name="assign"),
    path(f"{_ASSESSMENT}/penanggung-jawab/ketua/", charges.leader, name="leader"),
    path(f"{_ASSESSMENT}/diskusi/", talk.talks, name="talks"),
    path(f"{_ASSESSMENT}/diskusi/<place:criterion>/", talk.talk, name="talk"),
    path(f"{_ASSESSMENT}/diskusi/<place:criterion>/kirim/", talk.say, name="say"),
    path(f"{_ASSESSMENT}/pesan/<uuid:message>/tarik/", talk.withdraw, name="withdraw"),
    path(f"{_ASSESSMENT}/jawaban-lalu/", suggestions.suggestions, name="suggestions"),
    path(f"{_ASSESSMENT}/jawaban-lalu/konfirmasi/", suggestions.confirm, name="confirm"),
    path(f"{_ASSESSMENT}/jawaban-lalu/<uuid:suggestion>/abaikan/", suggestions.dismiss, name="dismiss"),
    path("periode/<year:year>/lanjutkan/", carrying.carry, name="carry"),
    path("periode/<year:year>/lanjutkan/periksa/", carrying.carry_preview, name="carry-preview"),
    path("periode/<year:year>/lanjutkan/simpan/", carrying.carry_apply, name="carry-apply"),
]
