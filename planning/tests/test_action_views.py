"""The pages of the plan of action."""

import io
from datetime import date

import pytest
from django.urls import reverse
from icalendar import Calendar
from openpyxl import load_workbook

from accounts.models import Role
from assessment.tests.factories import answer, filled, member, opened, person, reviewer
from evidence.tests.factories import attachment, document
from planning.models import ActionItem
from planning.services.actions import set_status

from .factories import CODE, action

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def url(name, row, *more):
    return reverse(f"planning:{name}", args=[row.period.year, row.unit.code, *more])


@pytest.fixture
def user(assessment, client):
    found = member(assessment.unit, Role.HEAD)
    client.force_login(found)
    return found


POSTED = {"code": CODE, "activity": "Rapat", "output": "Notulen", "target": "2026-05", "status": "planned"}


def test_an_action_is_added_seen_and_changed(client, assessment, user):
    response = client.post(url("action-add", assessment), POSTED, follow=True)
    assert "Rencana aksi ditambahkan." in response.text
    made = ActionItem.objects.get()
    data = POSTED | {"seen": "1", "status": "done", "realised_on": "02/03/2026", "in_charge": str(user.pk)}
    text = client.post(url("action-save", assessment, made.pk), data, follow=True).text
    assert "Perubahan tersimpan." in text and "2 Maret 2026" in text
    made.refresh_from_db()
    assert (made.status, made.realised_on, made.in_charge, made.revision) == ("done", date(2026, 3, 2), user, 2)


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ({"activity": ""}, "Isi kegiatan"), ({"activity": "x" * 501}, "Paling panjang 500"),
        ({"activity": "a\0b"}, "karakter terlarang"), ({"target": "2099-13"}, "Pilih bulan target."),
        ({"target": ""}, "Pilih bulan target."), ({"code": "X.1"}, "Pilih kriterianya."),
        ({"code": "a" * 99}, "Pilih kriterianya."), ({"status": "gone"}, "Pilih statusnya."),
        ({"status": "done"}, "Isi tanggal realisasinya."), ({"realised_on": "kemarin"}, "Isi dengan tanggal"),
        ({"realised_on": "0001-01-01"}, "Isi dengan tanggal"), ({"in_charge": "9" * 30}, "Pilih anggota tim"),
        ({"proof": "bukan-id"}, "Pilih dokumen unit ini."), ({"output": "y" * 301}, "Paling panjang 300"),
    ],
)  # fmt: skip
def test_bad_input_is_said_beside_the_field_and_changes_nothing(client, assessment, user, bad, message):
    response = client.post(url("action-add", assessment), POSTED | bad)
    assert (response.status_code, message in response.text) == (422, True)
    assert not ActionItem.objects.exists()


@pytest.mark.parametrize("seen", ["", "0", "x", "9" * 40, "\0"])
def test_a_change_without_the_revision_seen_is_refused(client, assessment, user, seen):
    made = action(assessment)
    response = client.post(url("action-save", assessment, made.pk), POSTED | {"seen": seen})
    assert (response.status_code, "sudah usang" in response.text) == (422, True)
    assert ActionItem.objects.get().activity == "Menyusun SK tim"


def test_a_stale_page_shows_both_and_lets_the_person_choose(client, assessment, user):
    made = action(assessment)
    set_status(action=made, status="running", revision=1, by=member(assessment.unit))
    response = client.post(url("action-save", assessment, made.pk), POSTED | {"seen": "1"})
    assert response.status_code == 409
    assert "baru saja diubah orang lain" in response.text and "<dd>Menyusun SK tim</dd>" in response.text
    assert "\nRapat</textarea>" in response.text and 'name="seen" value="2"' in response.text
    assert 'name="seen" value="1"' not in response.text
    assert ActionItem.objects.get().activity == "Menyusun SK tim"
    assert client.post(url("action-save", assessment, made.pk), POSTED | {"seen": "2"}).status_code == 302
    assert ActionItem.objects.get().activity == "Rapat"


def test_the_board_moves_an_action_once(client, assessment, user):
    made = action(assessment)
    board = url("actions", assessment) + "?tampilan=papan"
    assert 'value="running"' in client.get(board).text
    data = {"status": "running", "seen": "1", "kembali": board}
    response = client.post(url("action-status", assessment, made.pk), data)
    assert (response.status_code, response.url) == (302, board)
    assert "baru saja diubah" in client.post(url("action-status", assessment, made.pk), data, follow=True).text
    response = client.post(url("action-status", assessment, made.pk), data | {"kembali": "https://evil.example/"})
    assert response.url == made.get_absolute_url()
    assert ActionItem.objects.get().status == "running"


def test_the_calendar_shows_every_month_between_the_first_and_the_last_target(client, assessment, user):
    action(assessment, activity="Awal", target=date(2026, 11, 1))
    action(assessment, activity="Akhir", target=date(2027, 1, 1))
    text = client.get(url("actions", assessment) + "?tampilan=kalender").text
    places = [text.index(word) for word in ("November 2026", "Desember 2026", "Tidak ada target.", "Januari 2027")]
    assert places == sorted(places)


def test_filters(client, assessment, user):
    action(assessment, activity="Satu", in_charge=user, target=date(2020, 1, 1))
    action(assessment, "A.I.2.i.a", activity="Dua")
    last = action(assessment, "B.I.a", activity="Tiga")
    set_status(action=last, status="running", revision=1, by=user)
    for query, shown in (
        ("", "Satu Dua Tiga"), ("bagian=2", "Dua"), ("bagian=B.I", "Tiga"), ("status=running", "Tiga"),
        ("pj=saya", "Satu"), (f"pj={user.pk}", "Satu"), ("pj=kosong", "Dua Tiga"), ("lewat=1", "Satu"),
        ("kriteria=A.I.2.i.a", "Dua"), ("bagian=%00&status=x&pj=999999999999&tampilan=z", "Satu Dua Tiga"),
        ("hal=x", "Satu Dua Tiga"), ("hal=99", "Satu Dua Tiga"), ("pj=²", "Satu Dua Tiga"),
    ):  # fmt: skip
        text = client.get(f"{url('actions', assessment)}?{query}").text
        found = " ".join(word for word in ("Satu", "Dua", "Tiga") if f">{word}</a>" in text)
        assert found == shown, query


def test_making_shows_first_and_then_does_what_was_chosen(client, assessment, user):
    answer(assessment, CODE, choice="Y")
    text = client.get(url("make", assessment)).text
    assert "Manajemen Perubahan" in text and f">{CODE}<" not in text and ">A.I.1.i.b<" in text
    assert not ActionItem.objects.exists()
    data = {"part": ["2"], "target": "2026-06"}
    assert "rencana aksi dibuat" in client.post(url("make-apply", assessment), data, follow=True).text
    made = list(ActionItem.objects.for_list())
    assert {a.criterion.code.split(".")[2] for a in made} == {"2"}
    assert {a.target for a in made} == {date(2026, 6, 1)}
    assert "Tidak ada lagi" in client.post(url("make-apply", assessment), data, follow=True).text
    assert ActionItem.objects.count() == len(made)


@pytest.mark.parametrize("data", [{}, {"part": ["9"]}, {"part": ["1"], "target": "2026-99"}, {"part": ["1", "\0"]}])
def test_making_refuses_what_it_does_not_know(client, assessment, user, data):
    assert client.post(url("make-apply", assessment), data).status_code == 422
    assert not ActionItem.objects.exists()


def test_making_stays_inside_the_areas_of_the_member(client, assessment):
    client.force_login(member(assessment.unit, areas=["2"]))
    assert ">A.I.1.i.a<" not in client.get(url("make", assessment)).text
    client.post(url("make-apply", assessment), {"part": ["1"], "target": "2026-06"})
    assert not ActionItem.objects.exists()


def test_nothing_is_left_to_make_when_everything_is_answered(client, assessment, user):
    filled(assessment)
    assert "Tidak ada yang perlu dibuat" in client.get(url("make", assessment)).text


def test_the_workbook_says_what_the_page_says_and_holds_no_formula(client, assessment, user):
    action(assessment, activity="=HYPERLINK(1)", in_charge=user, target=date(2020, 3, 1), output="+1\x0b")
    response = client.get(url("actions-xlsx", assessment))
    assert response["Content-Disposition"].endswith(f'rencana-aksi-{assessment.unit.code}-2026.xlsx"')
    sheet = load_workbook(io.BytesIO(response.content)).active
    head, row = ([cell.value for cell in sheet[n]] for n in (4, 5))
    found = dict(zip(head, row, strict=True))
    assert (found["Kegiatan"], sheet["E5"].data_type, found["Keluaran"]) == ("=HYPERLINK(1)", "s", "+1")
    assert (found["Kode"], found["Penanggung jawab"], found["Terlambat"]) == (CODE, str(user), "Ya")
    assert found["Bulan target"].date() == date(2020, 3, 1)


def test_the_calendar_file_has_every_action_under_a_lasting_id(client, assessment, user, settings):
    settings.PORTAL_URL = "https://zi.contoh.go.id"
    made = action(assessment, activity="Rapat, dengan; “ahli”", in_charge=user)
    for more, kind in (("", "VEVENT"), ("?bentuk=tugas", "VTODO")):
        response = client.get(url("actions-ics", assessment) + more)
        (found,) = Calendar.from_ical(response.content).walk(kind)
        assert str(found["SUMMARY"]) == f"{CODE} Rapat, dengan; “ahli”"
        assert str(found["UID"]) == f"rencana-aksi-{made.pk}@zi.contoh.go.id"
        assert str(found["URL"]) == f"https://zi.contoh.go.id{made.get_absolute_url()}"
        assert str(user) in str(found["DESCRIPTION"])


@pytest.mark.parametrize("role", [Role.PRELIM, Role.TPI_MEMBER, Role.OBSERVER, Role.ADMIN])
def test_others_read_the_plan_and_change_nothing(client, assessment, role):
    made = action(assessment)
    client.force_login(person(assessment, role))
    text = client.get(url("actions", assessment) + "?tampilan=papan").text
    assert "Menyusun SK tim" in text and "Hanya dapat dilihat" in text
    assert "Tambah rencana aksi" not in text and 'name="status" value' not in text
    assert "csrfmiddlewaretoken" not in client.get(made.get_absolute_url()).text.split("<main")[1]


def test_a_proof_that_a_reviewer_may_not_open_is_named_without_a_link(client, assessment):
    hidden, shown = document(assessment.unit, title="Draf notulen"), document(assessment.unit, title="SK")
    attachment(assessment, doc=shown)
    action(assessment, proof=hidden)
    action(assessment, proof=shown)
    client.force_login(reviewer(assessment))
    text = client.get(url("actions", assessment)).text
    assert "Draf notulen" in text and str(hidden.pk) not in text and str(shown.pk) in text
    client.force_login(member(assessment.unit))
    assert str(hidden.pk) in client.get(url("actions", assessment)).text


@pytest.mark.parametrize("view", ["", "papan", "kalender"])
def test_lists_take_the_same_queries_however_long(client, assessment, user, django_assert_num_queries, view):
    address = f"{url('actions', assessment)}?tampilan={view}"
    for count in (1, 4):
        for n in range(count):
            action(assessment, proof=document(assessment.unit), in_charge=user, activity=f"Kegiatan {n}")
        # session, user, assessment, memberships, counts, (number of pages,) actions, proofs
        with django_assert_num_queries(8 if not view else 7):
            client.get(address)


def test_one_action_takes_the_same_queries_however_long_its_history(
    client, assessment, user, django_assert_num_queries
):
    made = action(assessment)
    address = made.get_absolute_url()
    for status in ("running", "done", "running", "planned"):
        # session, user, assessment, memberships, action, events, documents, people
        with django_assert_num_queries(8):
            client.get(address)
        made.refresh_from_db()
        set_status(action=made, status=status, revision=made.revision, by=user)


def test_long_plans_are_paged(client, assessment, user):
    opened()
    client.post(url("make-apply", assessment), {"part": ["1", "2"], "target": "2026-06"})
    text = client.get(url("actions", assessment)).text
    assert "Halaman 1 dari" in text and text.count('class="pl-item') == 50
    assert "hal=2" in text
