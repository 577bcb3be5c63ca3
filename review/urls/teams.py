"""Teams, assignments, the desk, conflicts of interest, second scoring."""

from django.urls import URLPattern, path

from ..views import conflicts, desk, second, teams

_ASSESSMENT = "penilaian/<year:year>/<unit:code>"
_TEAM = "tim/<year:year>/<count:team>"

urlpatterns: list[URLPattern] = [
    path("tugas/", desk.desk, name="desk"),
    path("tim/<year:year>/", teams.teams, name="teams"),
    path("tim/<year:year>/tambah/", teams.team_add, name="team-add"),
    path("tim/<year:year>/penugasan/", teams.assign_page, name="assign-page"),
    path("tim/<year:year>/penugasan/simpan/", teams.assign, name="assign"),
    path(f"{_TEAM}/", teams.team, name="team"),
    path(f"{_TEAM}/ubah-nama/", teams.team_rename, name="team-rename"),
    path(f"{_TEAM}/hapus/", teams.team_remove, name="team-remove"),
    path(f"{_TEAM}/anggota/tambah/", teams.member_add, name="member-add"),
    path(f"{_TEAM}/anggota/<count:member>/keluarkan/", teams.member_remove, name="member-remove"),
    path(f"{_ASSESSMENT}/benturan/", conflicts.conflict, name="conflict"),
    path(f"{_ASSESSMENT}/benturan/nyatakan/", conflicts.conflict_declare, name="conflict-declare"),
    path(f"{_ASSESSMENT}/benturan/<count:conflict>/putuskan/", conflicts.conflict_decide, name="conflict-decide"),
    path(f"{_ASSESSMENT}/penilai-kedua/", second.second, name="second"),
    path(f"{_ASSESSMENT}/penilai-kedua/tunjuk/", second.second_assign, name="second-assign"),
    path(f"{_ASSESSMENT}/penilai-kedua/selesai/", second.second_finish, name="second-finish"),
    path(f"{_ASSESSMENT}/penilai-kedua/<place:criterion>/putuskan/", second.second_settle, name="second-settle"),
]
