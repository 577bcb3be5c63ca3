from smtplib import SMTPServerDisconnected
from unittest import mock

import pytest
from axes.models import AccessAttempt
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.messages import get_messages
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.admin.users import MAX_LINKS
from accounts.models import AREAS, Membership, Role, Unit, User

from .factories import PASSWORD, MembershipFactory, UnitFactory, UserFactory, member

pytestmark = pytest.mark.django_db
MODELS = {"user": UserFactory, "unit": UnitFactory, "membership": MembershipFactory}
LISTS = [f"admin:accounts_{model}_changelist" for model in MODELS]
ADDS = [f"admin:accounts_{model}_add" for model in MODELS]
IMPORT = ["admin:accounts_import", "admin:accounts_import_template"]


@pytest.fixture
def admin(client, portal_admin):
    client.force_login(portal_admin)
    return client


def run(client, model, action, rows):
    data = {"action": action, "_selected_action": [row.pk for row in rows]}
    return client.post(reverse(f"admin:accounts_{model}_changelist"), data)


def told(response):
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


# Who enters


@pytest.mark.parametrize("name", ["admin:index", *LISTS, *ADDS, *IMPORT])
def test_admin_pages_open_for_the_group(admin, name):
    assert admin.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("model", MODELS)
def test_admin_change_and_delete_pages_open_for_the_group(admin, model):
    row = MODELS[model]()
    for page in ("change", "delete", "history"):
        assert admin.get(reverse(f"admin:accounts_{model}_{page}", args=[row.pk])).status_code == 200


@pytest.mark.parametrize("name", ["admin:index", *LISTS, *ADDS, *IMPORT])
def test_admin_sends_strangers_to_the_portals_own_sign_in(client, name):
    response = client.get(reverse(name), follow=True)
    assert response.redirect_chain[-1][0] == f"/masuk/?next={reverse(name)}"


@pytest.mark.parametrize("role", Role)
def test_admin_is_closed_to_roles_without_staff(client, role):
    client.force_login(member(UnitFactory(), role))
    for name in ("admin:index", *LISTS, *ADDS, *IMPORT):
        assert client.get(reverse(name), follow=True).status_code == 403


def test_staff_without_the_group_see_no_data(client):
    client.force_login(UserFactory(is_staff=True))
    for name in (*LISTS, *ADDS, *IMPORT):
        assert client.get(reverse(name)).status_code == 403


def test_admin_login_takes_no_password_itself(client):
    UserFactory(username="adi", password=PASSWORD, is_staff=True)
    response = client.post("/admin/login/", {"username": "adi", "password": PASSWORD})
    assert (response.status_code, response.url) == (302, "/masuk/?next=/admin/")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("target", ["https://jahat.example/", "//jahat.example/"])
def test_admin_login_passes_on_no_foreign_address(client, target):
    assert client.get("/admin/login/", {"next": target}).url == "/masuk/?next=/admin/"


def test_admin_login_sends_staff_in(admin):
    assert admin.get("/admin/login/").url == "/admin/"


def test_admin_sign_out_and_password_are_the_portals(admin):
    assert admin.get("/admin/password_change/").url == "/kata-sandi/ubah/"
    assert admin.get("/admin/logout/").status_code == 405
    assert admin.post("/admin/logout/").url == "/masuk/"
    assert "_auth_user_id" not in admin.session


def test_admin_is_titled_in_indonesian(admin):
    text = admin.get("/admin/").text
    assert "Administrasi Portal ZI" in text and "Pengguna dan unit" in text
    assert "Access attempt" not in text and "Django" not in text.replace("django", "")


# Lists


@pytest.mark.parametrize("model", MODELS)
def test_list_query_count_does_not_grow(admin, model):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert admin.get(reverse(f"admin:accounts_{model}_changelist")).status_code == 200
        return len(captured)

    queries()  # fills the cache of content types
    MembershipFactory(unit=UnitFactory(parent=UnitFactory()))
    few = queries()
    for _ in range(6):
        MembershipFactory(user=MembershipFactory().user, unit=UnitFactory(parent=UnitFactory()))
    assert queries() == few


def test_units_are_listed_as_a_tree(admin):
    root = UnitFactory(name="Pusat", code="Z")
    UnitFactory(name="Lain", code="A")
    UnitFactory(name="Cucu", code="B", parent=UnitFactory(name="Anak", code="C", parent=root))
    response = admin.get(reverse("admin:accounts_unit_changelist"))
    assert [unit.name for unit in response.context["cl"].result_list] == ["Pusat", "Anak", "Cucu", "Lain"]
    assert ">\u2003\u2003└ Cucu<" in response.text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=budi", "budi"),
        ("q=Siti", "siti"),
        ("q=budi@", "budi"),
        ("memberships__role__exact=head", "siti"),
        ("kata_sandi=sudah", "budi"),
        ("is_active__exact=0", "mati"),
    ],
)
def test_users_are_searched_and_filtered(admin, query, found):
    UserFactory(username="budi", password=PASSWORD)
    siti = UserFactory(username="siti", first_name="Siti")
    MembershipFactory.create_batch(2, user=siti, role=Role.HEAD)
    UserFactory(username="mati", is_active=False)
    response = admin.get(reverse("admin:accounts_user_changelist") + "?" + query)
    assert [user.username for user in response.context["cl"].result_list] == [found]


def test_user_list_shows_units(admin):
    MembershipFactory(user=MembershipFactory(unit__name="Unit Satu").user, unit__name="Unit Dua")
    assert "Unit Dua, Unit Satu" in admin.get(reverse("admin:accounts_user_changelist")).text


@pytest.mark.parametrize("query", ["q=kes", "kind__exact=upper", "affirmative__exact=samsat", "is_active__exact=0"])
def test_units_are_searched_and_filtered(admin, query):
    UnitFactory(name="Lain")
    UnitFactory(name="Dinas Kesehatan", kind=Unit.Kind.UPPER, affirmative="samsat", is_active=False)
    response = admin.get(reverse("admin:accounts_unit_changelist") + "?" + query)
    assert [unit.name for unit in response.context["cl"].result_list] == ["Dinas Kesehatan"]


def test_memberships_are_searched_and_filtered(admin):
    found = MembershipFactory(role=Role.HEAD, user__username="budi")
    MembershipFactory()
    for query in ("q=budi", f"q={found.unit.code}", "role__exact=head"):
        response = admin.get(reverse("admin:accounts_membership_changelist") + "?" + query)
        assert list(response.context["cl"].result_list) == [found]


def test_autocomplete_offers_active_units_only(admin):
    UnitFactory(name="Mati", is_active=False)
    alive = UnitFactory(name="Hidup")
    query = {"app_label": "accounts", "model_name": "membership", "field_name": "unit", "term": ""}
    results = admin.get("/admin/autocomplete/", query).json()["results"]
    assert results == [{"id": str(alive.pk), "text": "Hidup"}]


# Forms


def test_new_user_has_no_password_and_gets_memberships(admin):
    unit = UnitFactory()
    data = {
        "username": "baru",
        "first_name": "Orang Baru",
        "email": "baru@contoh.go.id",
        "is_superuser": "on",
        "memberships-TOTAL_FORMS": "1",
        "memberships-INITIAL_FORMS": "0",
        "memberships-0-unit": str(unit.pk),
        "memberships-0-role": "member",
        "memberships-0-areas": ["5", "1"],
    }
    assert admin.post(reverse("admin:accounts_user_add"), data).status_code == 302
    user = User.objects.get(username="baru")
    assert (user.first_name, user.has_usable_password(), user.is_superuser) == ("Orang Baru", False, False)
    assert [(m.unit, m.role, m.areas) for m in user.memberships.all()] == [(unit, "member", ["1", "5"])]


def test_areas_are_six_checkboxes_with_names(admin):
    row = MembershipFactory(areas=["2"])
    text = admin.get(reverse("admin:accounts_membership_change", args=[row.pk])).text
    assert all(f"{name}" in text for name in AREAS.values())
    assert text.count('type="checkbox" name="areas"') == 6
    assert text.count("checked") == 1


def test_membership_with_areas_of_a_head_is_refused_beside_the_field(admin):
    row = MembershipFactory()
    data = {"user": row.user_id, "unit": row.unit_id, "role": "head", "areas": ["1"]}
    response = admin.post(reverse("admin:accounts_membership_change", args=[row.pk]), data)
    assert response.status_code == 200
    assert list(response.context["adminform"].form.errors) == ["areas"]
    assert Membership.objects.get().role == Role.MEMBER


def test_unit_moved_under_itself_is_refused_beside_the_field(admin):
    root = UnitFactory()
    child = UnitFactory(parent=root)
    data = {"code": root.code, "name": root.name, "kind": "unit", "affirmative": "", "parent": child.pk}
    response = admin.post(reverse("admin:accounts_unit_change", args=[root.pk]), data)
    assert list(response.context["adminform"].form.errors) == ["parent"]


def test_group_members_cannot_raise_their_own_rights(admin, portal_admin):
    data = {
        "username": portal_admin.username,
        "first_name": "X",
        "is_active": "on",
        "is_staff": "on",
        "is_superuser": "on",
        "groups": [],
        "memberships-TOTAL_FORMS": "0",
        "memberships-INITIAL_FORMS": "0",
    }
    assert admin.post(reverse("admin:accounts_user_change", args=[portal_admin.pk]), data).status_code == 302
    portal_admin.refresh_from_db()
    assert (portal_admin.first_name, portal_admin.is_superuser, portal_admin.groups.count()) == ("X", False, 1)


def test_group_members_cannot_touch_a_superuser(admin, superuser):
    page = reverse("admin:accounts_user_change", args=[superuser.pk])
    assert admin.post(page, {"username": "diambil"}).status_code == 403
    assert admin.post(page.replace("change", "password"), {}).status_code == 403
    assert admin.post(page.replace("change", "delete"), {"post": "yes"}).status_code == 403
    run(admin, "user", "deactivate", [superuser])
    superuser.refresh_from_db()
    assert (superuser.username, superuser.is_active) == ("kepala", True)


def test_superuser_appoints_staff(client, superuser):
    user = UserFactory()
    client.force_login(superuser)
    data = {
        "username": user.username,
        "is_active": "on",
        "is_staff": "on",
        "memberships-TOTAL_FORMS": "0",
        "memberships-INITIAL_FORMS": "0",
    }
    client.post(reverse("admin:accounts_user_change", args=[user.pk]), data)
    user.refresh_from_db()
    assert user.is_staff


@pytest.mark.parametrize("password", [PASSWORD, None])
def test_the_password_hash_is_not_shown(admin, superuser, password):
    for user in (UserFactory(password=password), superuser):
        text = admin.get(reverse("admin:accounts_user_change", args=[user.pk])).text
        assert user.password not in text
        assert ("Sudah diatur" if user.has_usable_password() else "Belum diatur") in text


def test_admin_sets_a_password_for_somebody_without_mail(admin):
    user = UserFactory(password=PASSWORD)
    page = reverse("admin:auth_user_password_change", args=[user.pk])
    text = admin.get(page).text
    assert "Ulangi kata sandi baru" in text and "password-based" not in text
    assert admin.post(page, {"password1": "Sandi-baru-88", "password2": "lain"}).status_code == 200
    assert admin.post(page, {"password1": "", "password2": ""}).status_code == 200
    response = admin.post(
        page, {"password1": "Sandi-baru-88", "password2": "Sandi-baru-88", "usable_password": "false"}
    )
    assert response.status_code == 302
    user.refresh_from_db()
    assert user.check_password("Sandi-baru-88")


# Deleting


@pytest.mark.parametrize("model", ["user", "unit"])
@pytest.mark.parametrize("way", ["page", "action"])
def test_deleting_what_is_referred_to_is_refused_with_the_reason(admin, model, way):
    membership = MembershipFactory()
    row = getattr(membership, model)
    if way == "page":
        response = admin.post(reverse(f"admin:accounts_{model}_delete", args=[row.pk]), {"post": "yes"})
    else:
        data = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
        response = admin.post(reverse(f"admin:accounts_{model}_changelist"), data)
    assert response.status_code == 200
    assert str(membership) in response.text and "Nonaktifkan saja" in response.text
    assert type(row).objects.filter(pk=row.pk).exists()


def test_deleting_a_user_with_entries_in_the_admin_log_is_refused(admin, portal_admin):
    other = UserFactory()
    LogEntry.objects.log_actions(other.pk, [UnitFactory()], CHANGE, "x")
    response = admin.post(reverse("admin:accounts_user_delete", args=[other.pk]), {"post": "yes"})
    assert "Riwayat administrasi: 1 catatan" in response.text
    assert LogEntry.objects.filter(user=other).exists()


@pytest.mark.parametrize("model", ["user", "unit"])
def test_reference_that_comes_between_check_and_delete_is_no_error_page(admin, model):
    row = getattr(MembershipFactory(), model)
    nothing = ([], {}, set(), [])
    with mock.patch("accounts.admin.base.PoliteDelete.get_deleted_objects", return_value=nothing):
        one = admin.post(reverse(f"admin:accounts_{model}_delete", args=[row.pk]), {"post": "yes"})
        data = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
        many = admin.post(reverse(f"admin:accounts_{model}_changelist"), data)
    assert (one.status_code, many.status_code) == (302, 302)
    assert "Nonaktifkan saja" in told(one)
    assert "Nonaktifkan saja" in told(many) and "Sukses" not in told(many)
    assert type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("model", MODELS)
def test_deleting_what_nothing_refers_to_works(admin, model):
    row = MODELS[model]()
    assert admin.post(reverse(f"admin:accounts_{model}_delete", args=[row.pk]), {"post": "yes"}).status_code == 302
    assert not type(row).objects.filter(pk=row.pk).exists()


# Actions


@pytest.mark.parametrize("model", ["user", "unit"])
def test_deactivate_and_activate(admin, model):
    row, other = MODELS[model](), MODELS[model]()
    for action, active in (("deactivate", False), ("activate", True)):
        run(admin, model, action, [row])
        row.refresh_from_db()
        assert row.is_active is active
    other.refresh_from_db()
    assert other.is_active
    notes = LogEntry.objects.order_by("pk").values_list("object_id", "change_message")
    assert list(notes) == [(str(row.pk), "Dinonaktifkan."), (str(row.pk), "Diaktifkan.")]


def test_nobody_switches_off_their_own_account(admin, portal_admin):
    response = run(admin, "user", "deactivate", [portal_admin])
    portal_admin.refresh_from_db()
    assert portal_admin.is_active
    assert "Tidak ada pengguna yang berubah." in told(response)


def test_links_go_to_active_users_with_an_address(admin):
    users = [
        UserFactory(username="ada", email="ada@contoh.go.id"),
        UserFactory(email=""),
        UserFactory(is_active=False),
    ]
    response = run(admin, "user", "send_links", users)
    assert [message.to for message in mail.outbox] == [["ada@contoh.go.id"]]
    assert "http://testserver/kata-sandi/atur/" in mail.outbox[0].body
    assert "dikirim ke 1 pengguna" in told(response) and "2 pengguna dilewati" in told(response)


def test_links_that_could_not_be_sent_are_named(admin):
    user = UserFactory(username="budi")
    with mock.patch("accounts.services.people.send_mail", side_effect=SMTPServerDisconnected):
        response = run(admin, "user", "send_links", [user])
    assert "gagal dikirim ke: budi" in told(response) and "dikirim ke 1" not in told(response)


def test_links_are_limited_per_run(admin):
    users = User.objects.bulk_create(
        User(username=f"massal{n}", email=f"massal{n}@contoh.go.id") for n in range(MAX_LINKS + 1)
    )
    assert "paling banyak 200" in told(run(admin, "user", "send_links", users))
    assert mail.outbox == []


def test_unlock_forgets_failed_sign_ins_of_the_chosen(admin):
    user = UserFactory(username="Budi")
    for name in ("budi", "siti"):
        AccessAttempt.objects.create(username=name, ip_address="10.0.0.1", failures_since_start=9)
    run(admin, "user", "unlock", [user])
    assert [attempt.username for attempt in AccessAttempt.objects.all()] == ["siti"]
