import re
from datetime import timedelta
from smtplib import SMTPServerDisconnected
from unittest import mock

import pytest
from axes.models import AccessAttempt
from django.contrib.messages import get_messages
from django.core import mail
from django.urls import reverse

from accounts.models import Role

from .factories import PASSWORD, MembershipFactory, UnitFactory, UserFactory, member

pytestmark = pytest.mark.django_db
LOGIN = "/masuk/"


@pytest.fixture
def user():
    return UserFactory(username="adi", email="adi@contoh.go.id", password=PASSWORD)


def sign_in(client, name="adi", password=PASSWORD, **extra):
    return client.post(LOGIN, {"username": name, "password": password, **extra})


def is_signed_in(client):
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("name", ["adi", "ADI@contoh.go.id"])
def test_login(client, user, name):
    response = sign_in(client, name)
    assert (response.status_code, response.url) == (302, reverse("dashboards:home"))
    assert client.session["_auth_user_id"] == str(user.pk)


@pytest.mark.parametrize(("name", "password"), [("adi", "salah"), ("tidak-ada", PASSWORD), ("", "")])
def test_login_refused(client, user, name, password):
    response = sign_in(client, name, password)
    assert response.status_code == 422
    assert not is_signed_in(client)
    assert ("tidak cocok" in response.text) == bool(name)
    assert "Nama pengguna atau surel" in response.text


def test_inactive_user_learns_no_more_than_a_stranger(client, user):
    user.is_active = False
    user.save()
    response = sign_in(client)
    assert response.status_code == 422
    assert "tidak cocok" in response.text
    assert not is_signed_in(client)


def test_deactivated_user_is_signed_out_at_once(client, user):
    client.force_login(user)
    user.is_active = False
    user.save()
    assert client.get("/profil/").status_code == 302


@pytest.mark.parametrize(
    ("target", "lands"),
    [
        ("/profil/", "/profil/"),
        ("https://jahat.example/", "/beranda/"),
        ("//jahat.example/", "/beranda/"),
        ("/\\jahat.example/", "/beranda/"),
        ("javascript:alert(1)", "/beranda/"),
    ],
)
def test_login_goes_only_to_pages_of_the_portal(client, user, target, lands):
    assert sign_in(client, next=target).url == lands


def test_login_sends_signed_in_people_away(client, user):
    client.force_login(user)
    response = client.get(LOGIN + "?next=/profil/")
    assert (response.status_code, response.url) == (302, "/profil/")


@pytest.fixture
def limit(settings):
    settings.AXES_FAILURE_LIMIT = 3
    return 3


def test_lockout_after_the_limit_even_with_the_right_password(client, user, limit):
    names = ["adi", "ADI", "adi@contoh.go.id"]  # one account, however its name is typed
    codes = [sign_in(client, name, "salah").status_code for name in names]
    assert codes == [422, 422, 429]
    response = sign_in(client)
    assert response.status_code == 429
    assert "Coba lagi 15 menit lagi" in response.text
    assert response["Retry-After"] == "900"
    assert not is_signed_in(client)


def test_lockout_leaves_other_names_and_other_computers_alone(client, user, limit):
    UserFactory(username="budi", password=PASSWORD)
    for _ in range(limit):
        sign_in(client, "adi", "salah")
    assert sign_in(client, "budi").status_code == 302
    client.logout()
    response = client.post(LOGIN, {"username": "adi", "password": PASSWORD}, REMOTE_ADDR="203.0.113.9")
    assert response.status_code == 302


def test_lockout_ends_after_the_wait_and_trying_meanwhile_does_not_prolong_it(client, user, limit, settings):
    for _ in range(limit):
        sign_in(client, "adi", "salah")
    before = AccessAttempt.objects.get().attempt_time
    assert sign_in(client, "adi", "salah").status_code == 429
    attempt = AccessAttempt.objects.get()
    assert attempt.attempt_time == before
    AccessAttempt.objects.update(attempt_time=before - timedelta(hours=settings.AXES_COOLOFF_TIME, seconds=1))
    assert sign_in(client).status_code == 302


def test_success_forgets_the_failures(client, user, limit):
    for _ in range(limit - 1):
        sign_in(client, "adi@contoh.go.id", "salah")
    assert sign_in(client).status_code == 302
    assert not AccessAttempt.objects.exists()


def test_logout_only_by_post(client, user):
    client.force_login(user)
    assert client.get("/keluar/").status_code == 405
    assert is_signed_in(client)
    response = client.post("/keluar/")
    assert (response.status_code, response.url) == (302, LOGIN)
    assert not is_signed_in(client)
    assert client.post("/keluar/").url == LOGIN


PUBLIC = ["login", "password_reset", "password_reset_done", "password_reset_complete"]
PRIVATE = ["profile", "password_change", "password_change_done"]


@pytest.mark.parametrize("name", PUBLIC)
def test_public_page_opens_for_everybody(client, name):
    assert client.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("name", PRIVATE)
def test_private_page_needs_a_sign_in(client, user, name):
    url = reverse(name)
    response = client.get(url)
    assert (response.status_code, response.url) == (302, f"{LOGIN}?next={url}")
    client.force_login(user)
    assert client.get(url).status_code == 200


def test_htmx_of_a_signed_out_person_is_401_with_a_message(client):
    response = client.post("/profil/", {"name": "X"}, headers={"HX-Request": "true"})
    assert response.status_code == 401
    assert "Sesi Anda berakhir" in response.text
    assert "<html" not in response.text


@pytest.mark.parametrize(
    ("referer", "back"),
    [("http://testserver/profil/?a=1", "/profil/%3Fa%3D1"), ("https://jahat.example/x", "/"), (None, "/")],
)
def test_form_sent_after_the_session_ended_leads_back_to_its_page(client, referer, back):
    headers = {"Referer": referer} if referer else {}
    response = client.post("/profil/", {"name": "X"}, headers=headers)
    assert (response.status_code, response.url) == (302, f"{LOGIN}?next={back}")
    assert ["belum tersimpan" in str(m) for m in get_messages(response.wsgi_request)] == [True]


def test_profile_shows_roles(client, user):
    MembershipFactory(user=user, unit=UnitFactory(name="Dinas Uji"), areas=["1", "5"])
    MembershipFactory(user=user, role=Role.OBSERVER)
    member(UnitFactory(name="Unit Orang Lain"))
    client.force_login(user)
    text = client.get("/profil/").text
    assert "Dinas Uji" in text and "Manajemen Perubahan; Penguatan Pengawasan" in text
    assert "Pimpinan instansi/pemantau" in text and "Semua area" in text
    assert "Unit Orang Lain" not in text


@pytest.mark.parametrize("count", [1, 4])
def test_profile_query_count(client, user, count, django_assert_num_queries):
    MembershipFactory.create_batch(count, user=user)
    client.force_login(user)
    with django_assert_num_queries(3):  # session, user, memberships with units
        assert client.get("/profil/").status_code == 200


def test_profile_saves_name_and_address_and_nothing_else(client, user, django_capture_on_commit_callbacks):
    client.force_login(user)
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(
            "/profil/", {"name": "Adi Baru", "email": "baru@contoh.go.id", "username": "x", "is_staff": "on"}
        )
    assert (response.status_code, response.url) == (302, "/profil/")
    user.refresh_from_db()
    assert (user.get_full_name(), user.email, user.username, user.is_staff) == (
        "Adi Baru",
        "baru@contoh.go.id",
        "adi",
        False,
    )
    assert [message.to for message in mail.outbox] == [["adi@contoh.go.id"]]


def test_profile_mails_nobody_when_only_the_name_changes(client, user, django_capture_on_commit_callbacks):
    client.force_login(user)
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/profil/", {"name": "Adi Baru", "email": "ADI@contoh.go.id"})
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"name": "", "email": ""}, "tidak boleh kosong"),
        ({"name": "Adi", "email": "bukan surel"}, "surel"),
        ({"name": "Adi", "email": "BUDI@contoh.go.id"}, "Surel ini sudah dipakai pengguna lain."),
        ({"name": "Adi", "email": "budi@kantor.go.id"}, "Surel ini adalah nama pengguna orang lain."),
    ],
)
def test_profile_refuses_with_the_reason_beside_the_field(client, user, data, message):
    UserFactory(username="budi", email="budi@contoh.go.id")
    UserFactory(username="budi@kantor.go.id", email="")
    client.force_login(user)
    before = user.first_name
    response = client.post("/profil/", data)
    assert response.status_code == 422
    assert message in response.text
    assert response.context["form"].errors.keys() <= {"name", "email"}
    user.refresh_from_db()
    assert (user.first_name, user.email) == (before, "adi@contoh.go.id")


def test_password_change(client, user):
    client.force_login(user)
    data = {"old_password": PASSWORD, "new_password1": "Sandi-baru-88", "new_password2": "Sandi-baru-88"}
    assert client.post("/kata-sandi/ubah/", data).url == "/kata-sandi/ubah/selesai/"
    assert client.get("/profil/").status_code == 200  # still signed in here
    user.refresh_from_db()
    assert user.check_password("Sandi-baru-88")


def test_password_change_refuses_a_weak_one_in_indonesian(client, user):
    client.force_login(user)
    data = {"old_password": PASSWORD, "new_password1": "12345", "new_password2": "12345"}
    response = client.post("/kata-sandi/ubah/", data)
    assert response.status_code == 422
    assert "terlalu pendek" in response.text
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def ask_reset(client, email="adi@contoh.go.id"):
    return client.post("/kata-sandi/lupa/", {"email": email})


def mailed_link():
    return re.search(r"http://testserver(/\S+)", mail.outbox[0].body)[1]


@pytest.mark.parametrize("first", [True, False])
def test_reset_through_the_mail_to_signing_in(client, user, first, limit):
    if first:
        user.set_unusable_password()
        user.save()
    for _ in range(limit):
        sign_in(client, "adi", "salah")
    assert ask_reset(client, "ADI@contoh.go.id").url == "/kata-sandi/lupa/terkirim/"
    assert (mail.outbox[0].to, len(mail.outbox)) == (["adi@contoh.go.id"], 1)
    assert ("sudah dibuat" in mail.outbox[0].body) == first
    link = mailed_link()
    page = client.get(link, follow=True)
    assert page.status_code == 200
    form_url = page.redirect_chain[-1][0]
    data = {"new_password1": "Sandi-baru-88", "new_password2": "Sandi-baru-88"}
    assert client.post(form_url, {**data, "new_password2": "lain"}).status_code == 422
    assert client.post(form_url, data).url == "/kata-sandi/atur/selesai/"
    assert sign_in(client, password="Sandi-baru-88").status_code == 302  # and no longer locked out
    assert "Tautan tidak berlaku" in client.get(link, follow=True).text


@pytest.mark.parametrize("email", ["tidak-ada@contoh.go.id", "mati@contoh.go.id"])
def test_reset_says_the_same_for_unknown_and_inactive_and_mails_nobody(client, user, email):
    UserFactory(email="mati@contoh.go.id", is_active=False)
    UserFactory(email="")
    unknown, known = ask_reset(client, email), ask_reset(client)
    assert (unknown.status_code, unknown.url) == (known.status_code, known.url)
    assert [message.to for message in mail.outbox] == [["adi@contoh.go.id"]]


def test_reset_says_the_same_when_the_mail_server_is_down(client, user, caplog):
    with mock.patch("accounts.services.people.send_mail", side_effect=SMTPServerDisconnected):
        assert ask_reset(client).url == "/kata-sandi/lupa/terkirim/"
    assert [record.levelname for record in caplog.records if record.name == "accounts.services.people"] == ["ERROR"]


@pytest.mark.parametrize("email", ["", "bukan surel"])
def test_reset_refuses_what_is_no_address(client, email):
    assert ask_reset(client, email).status_code == 422


def test_broken_link_is_explained(client):
    response = client.get("/kata-sandi/atur/xx/yy-zz/")
    assert response.status_code == 200
    assert "Tautan tidak berlaku" in response.text
