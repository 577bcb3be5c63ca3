"""The import as a whole: service, page, command."""

import pytest
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.urls import reverse

from accounts import services
from accounts.importing.sheet import read_import
from accounts.models import Membership, Unit, User

from .factories import MembershipFactory, UnitFactory, UserFactory
from .workbooks import workbook

pytestmark = pytest.mark.django_db
UNITS = [
    ["ANAK", "Anak", None, "INDUK"],
    ["INDUK", "Induk", "Instansi"],
    ["CUCU", "Cucu", None, "ANAK", "Penyelenggara Samsat"],
]
USERS = [
    ["siti", "Siti", "siti@contoh.go.id", "ANAK", "Anggota tim unit", "2; 1"],
    ["siti", None, None, "INDUK", "Kepala unit"],
    ["budi", "Budi"],
]


def imported(units=(), users=(), by=None, **options):
    return services.import_accounts(rows=read_import(workbook(units, users)), by=by, **options)


def state():
    return (
        sorted(Unit.objects.values_list("code", "name", "kind", "affirmative", "parent__code", "path")),
        sorted(User.objects.values_list("username", "first_name", "email")),
        sorted(Membership.objects.values_list("user__username", "unit__code", "role", "areas")),
    )


def test_import_writes_tree_users_and_roles():
    report = imported(UNITS, USERS)
    units = {unit.code: unit for unit in Unit.objects.all()}
    assert {code: unit.parent and unit.parent.code for code, unit in units.items()} == {
        "ANAK": "INDUK",
        "INDUK": None,
        "CUCU": "ANAK",
    }
    assert units["CUCU"].path == f"/{units['INDUK'].pk:08d}/{units['ANAK'].pk:08d}/{units['CUCU'].pk:08d}/"
    assert (units["INDUK"].kind, units["CUCU"].affirmative) == ("agency", "samsat")
    siti = User.objects.get(username="siti")
    assert (siti.first_name, siti.email, siti.has_usable_password(), siti.is_staff) == (
        "Siti",
        "siti@contoh.go.id",
        False,
        False,
    )
    assert {(m.unit.code, m.role, tuple(m.areas)) for m in siti.memberships.all()} == {
        ("ANAK", "member", ("1", "2")),
        ("INDUK", "head", ()),
    }
    assert [user.username for user in report.users_created] == ["siti", "budi"]
    assert (len(report.units_created), report.memberships_created) == (3, 2)


def test_importing_again_changes_nothing():
    imported(UNITS, USERS)
    before = state()
    report = imported(UNITS, USERS)
    assert state() == before
    assert report == services.ImportReport()


def test_import_updates_by_code_and_username_and_leaves_blanks_and_others_alone():
    imported(UNITS, USERS)
    User.objects.get(username="siti").set_password("x")
    report = imported(
        [["cucu", "Cucu Baru", None, "-"], ["ANAK", None, "Unit atasan (eselon I/provinsi)"]],
        [["SITI", None, "baru@contoh.go.id", "ANAK", "member"]],
    )
    cucu, anak = Unit.objects.get(code="CUCU"), Unit.objects.get(code="ANAK")
    assert (cucu.name, cucu.affirmative, cucu.parent, cucu.path) == ("Cucu Baru", "samsat", None, f"/{cucu.pk:08d}/")
    assert (anak.name, anak.kind, anak.parent.code) == ("Anak", "upper", "INDUK")
    siti = User.objects.get(username="siti")
    assert (siti.first_name, siti.email) == ("Siti", "baru@contoh.go.id")
    assert {(m.unit.code, tuple(m.areas)) for m in siti.memberships.all()} == {("ANAK", ()), ("INDUK", ())}
    assert (len(report.units_changed), len(report.users_changed), report.memberships_changed) == (2, 1, 1)


def test_moving_a_branch_moves_what_is_under_it():
    imported(UNITS)
    imported([["BARU", "Baru"], ["ANAK", None, None, "BARU"]])
    paths = dict(Unit.objects.values_list("code", "path"))
    assert paths["CUCU"].startswith(paths["ANAK"]) and paths["ANAK"].startswith(paths["BARU"])


def test_one_problem_and_nothing_is_written():
    before = state()
    report = imported([*UNITS, ["X X", "Salah"]], USERS)
    assert [(p.sheet, p.row, p.column) for p in report.problems] == [("Unit", 5, "Kode")]
    assert state() == before and report.units_created == []


def test_dry_run_reports_and_writes_nothing():
    before = state()
    report = imported(UNITS, USERS, dry_run=True)
    assert (len(report.units_created), len(report.users_created)) == (3, 2)
    assert state() == before


def test_only_superusers_and_the_command_line_change_superusers(portal_admin, superuser):
    row = [["kepala", "Diambil", "lain@contoh.go.id"]]
    assert [p.column for p in imported(users=row, by=portal_admin).problems] == ["Nama pengguna"]
    assert imported(users=row, by=superuser).problems == []


def test_import_is_noted_in_the_admin_log(portal_admin):
    unit = UnitFactory(code="INDUK", name="Lama")
    imported(UNITS, USERS, by=portal_admin)
    notes = LogEntry.objects.values_list("user", "action_flag", "content_type__model", "object_repr")
    assert set(notes) == {
        (portal_admin.pk, ADDITION, "unit", "Anak"),
        (portal_admin.pk, ADDITION, "unit", "Cucu"),
        (portal_admin.pk, CHANGE, "unit", "Induk"),
        (portal_admin.pk, ADDITION, "user", "Siti"),
        (portal_admin.pk, ADDITION, "user", "Budi"),
    }
    assert LogEntry.objects.get(object_repr="Induk").object_id == str(unit.pk)


def test_change_by_somebody_else_meanwhile_writes_nothing(monkeypatch):
    def taken(*args):
        raise IntegrityError

    monkeypatch.setattr("accounts.services.imports._write_users", taken)
    with pytest.raises(ValidationError, match="Data berubah selama impor"):
        imported(UNITS, USERS)
    assert not Unit.objects.exists()


@pytest.mark.parametrize("count", [5, 60])
def test_import_query_count_does_not_grow_with_the_file(count, django_assert_max_num_queries):
    units = [[f"N{n}", f"Unit {n}", None, "N0" if n else None] for n in range(count)]
    users = [[f"p{n}", f"Orang {n}", None, f"N{n}", "head"] for n in range(count)]
    with django_assert_max_num_queries(20):
        assert imported(units, users).problems == []


# The page


@pytest.fixture
def admin(client, portal_admin):
    client.force_login(portal_admin)
    return client


def upload(client, file, name="impor.xlsx"):
    return client.post(reverse("admin:accounts_import"), {"file": SimpleUploadedFile(name, file.getvalue())})


def test_page_imports_and_shows_who_is_new(admin):
    response = upload(admin, workbook(UNITS, USERS))
    assert (response.status_code, response.url) == (302, reverse("admin:accounts_import_result"))
    page = admin.get(response.url)
    assert [user.username for user in page.context["users"]] == ["budi", "siti"]
    assert "siti@contoh.go.id" in page.text and "kata_sandi=belum" in page.text


def test_page_reports_every_problem_by_row_and_writes_nothing(admin):
    before = state()
    response = upload(admin, workbook([["A", "<b>Nama</b>", "Cabang"]], [["budi", "Budi", "salah"]]))
    assert response.status_code == 422
    assert [(p.sheet, p.row, p.column, p.value) for p in response.context["problems"]] == [
        ("Unit", 2, "Jenis", "Cabang"),
        ("Pengguna", 2, "Surel", "salah"),
    ]
    assert "2 kesalahan ditemukan" in response.text and "Alamat surel tidak sah." in response.text
    assert "<b>Nama</b>" not in response.text
    assert state() == before


@pytest.mark.parametrize("data", [b"kode;nama", b""])
def test_page_says_why_a_file_is_unusable(admin, data):
    response = admin.post(reverse("admin:accounts_import"), {"file": SimpleUploadedFile("a.xlsx", data)})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["file"]
    assert "Tidak ada yang disimpan" in response.text


def test_page_without_a_file(admin):
    assert admin.post(reverse("admin:accounts_import")).status_code == 422


def test_page_limits_what_it_shows(admin):
    response = upload(admin, workbook([[f"X {n}", f"Nama {n}"] for n in range(600)]))
    assert len(response.context["problems"]) == 500
    assert response.context["problem_count"] == 600
    assert "500 kesalahan pertama" in response.text


def test_result_without_an_import_leads_to_the_page(admin):
    assert admin.get(reverse("admin:accounts_import_result")).url == reverse("admin:accounts_import")


def test_template_is_a_download(admin):
    response = admin.get(reverse("admin:accounts_import_template"))
    assert 'filename="templat-impor-unit-pengguna.xlsx"' in response["Content-Disposition"]
    assert b"".join(response.streaming_content)[:2] == b"PK"


@pytest.mark.parametrize("codenames", [["add_unit"], ["add_user"], ["change_unit", "change_user"]])
def test_import_needs_both_add_permissions(client, codenames):
    staff = UserFactory(is_staff=True)
    staff.user_permissions.set(Permission.objects.filter(codename__in=codenames, content_type__app_label="accounts"))
    client.force_login(staff)
    for name in ("import", "import_result", "import_template"):
        assert client.get(reverse(f"admin:accounts_{name}")).status_code == 403
    assert upload(client, workbook(UNITS)).status_code == 403
    assert not Unit.objects.exists()


@pytest.mark.parametrize("model", ["unit", "user"])
def test_lists_link_to_the_import_for_those_who_may(admin, client, model, superuser):
    url = reverse(f"admin:accounts_{model}_changelist")
    assert reverse("admin:accounts_import") in admin.get(url).text
    viewer = UserFactory(is_staff=True)
    viewer.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client.force_login(viewer)
    assert reverse("admin:accounts_import") not in client.get(url).text


# The command


@pytest.fixture
def path(tmp_path):
    def write(units=(), users=()):
        file = tmp_path / "impor.xlsx"
        file.write_bytes(workbook(units, users).getvalue())
        return str(file)

    return write


def test_command_imports(path, capsys):
    MembershipFactory()
    call_command("accounts_import", path(UNITS, USERS))
    out = capsys.readouterr().out
    assert "Pengguna baru: siti (Siti)" in out
    assert "Unit: 3 baru, 0 diperbarui. Pengguna: 2 baru, 0 diperbarui. Peran: 2 baru, 0 diperbarui." in out
    assert Unit.objects.filter(code="CUCU").exists()


def test_command_dry_run(path, capsys):
    call_command("accounts_import", path(UNITS), "--dry-run")
    assert "Unit: 3 baru" in capsys.readouterr().out
    assert not Unit.objects.exists()


def test_command_reports_problems_and_fails(path, capsys):
    with pytest.raises(CommandError, match="1 kesalahan; tidak ada yang disimpan"):
        call_command("accounts_import", path([["A", "Nama", "Cabang"]]))
    assert "Unit, baris 2, kolom Jenis, isi “Cabang”: Pilihan tidak dikenal." in capsys.readouterr().err
    assert not Unit.objects.exists()


@pytest.mark.parametrize("content", [None, b"bukan excel"])
def test_command_says_why_a_file_is_unusable(tmp_path, content):
    file = tmp_path / "impor.xlsx"
    if content:
        file.write_bytes(content)
    with pytest.raises(CommandError, match="Berkas"):
        call_command("accounts_import", str(file))
