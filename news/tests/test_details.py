"""A unit's public details and its final score."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import Role
from accounts.tests.factories import UnitFactory, UserFactory, member
from assessment.models import Assessment, Snapshot
from assessment.models.history import FixedQuerySet
from assessment.tests.factories import opened
from assessment.trace import comma
from news.models import PublicEvent, PublishedScore, UnitProfile
from news.services.units import Details, Innovated, Member, save_details
from news.tests.factories import decided

pytestmark = pytest.mark.django_db
EMPTY = {
    "version": "0", "about": "", "decree_title": "", "decree_number": "", "decree_date": "",
    "tim-TOTAL_FORMS": "3", "tim-INITIAL_FORMS": "0", "inovasi-TOTAL_FORMS": "2", "inovasi-INITIAL_FORMS": "0",
}  # fmt: skip
FILLED = EMPTY | {
    "about": "Melayani", "decree_number": "1/SK", "decree_date": "2026-01-05", "tim-0-function": "Ketua Tim Kerja",
    "tim-0-name": "Pegawai 01", "tim-2-function": "Sekretaris", "inovasi-1-title": "Loket", "inovasi-1-year": "2025",
    "inovasi-1-url": "https://contoh.go.id/",
}  # fmt: skip


@pytest.fixture
def unit():
    return UnitFactory()


@pytest.fixture
def writer(client, unit):
    client.force_login(member(unit))
    return client


def save(client, unit, data):
    return client.post(reverse("news:details-save", args=[unit.code]), data)


def test_all_is_saved_at_once_and_empty_rows_are_none(writer, unit):
    assert save(writer, unit, FILLED).status_code == 302
    profile = UnitProfile.objects.get()
    assert (profile.about, profile.decree_date, profile.version) == ("Melayani", date(2026, 1, 5), 1)
    assert list(profile.team.values_list("function", "name")) == [("Ketua Tim Kerja", "Pegawai 01"), ("Sekretaris", "")]
    assert list(profile.innovations.values_list("title", "year")) == [("Loket", 2025)]
    assert PublicEvent.objects.get().data["team"][0] == {"function": "Ketua Tim Kerja", "name": "Pegawai 01"}
    page = writer.get(reverse("news:details", args=[unit.code])).text
    assert 'value="Pegawai 01"' in page
    assert "Profil publik diubah" in page


def test_a_row_that_is_emptied_goes(writer, unit):
    save(writer, unit, FILLED)
    later = FILLED | {"version": "1", "tim-INITIAL_FORMS": "2", "tim-0-function": "", "tim-0-name": ""}
    assert save(writer, unit, later).status_code == 302
    assert list(UnitProfile.objects.get().team.values_list("function", flat=True)) == ["Sekretaris"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"tim-0-function": ""}, "Isi kedudukannya"), ({"inovasi-1-title": ""}, "Isi nama inovasinya"),
        ({"inovasi-1-url": "javascript:alert(1)"}, "http:// atau https://"), ({"inovasi-1-year": "1800"}, "2000"),
        ({"inovasi-1-url": "ftp://x.go.id/"}, "http:// atau https://"), ({"decree_date": "2026-13-40"}, "tanggal"),
        ({"about": "x" * 2001}, "2000"), ({"about": "a\0"}, "null"), ({"version": ""}, "usang"),
        ({"tim-TOTAL_FORMS": "x"}, "Belum ada yang disimpan"), ({"tim-TOTAL_FORMS": "9999"}, "40"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_and_changes_nothing(writer, unit, changes, message):
    response = save(writer, unit, FILLED | changes)
    assert response.status_code == 422
    assert message in response.text
    assert not UnitProfile.objects.exists()
    assert not PublicEvent.objects.exists()


def test_stale_details_are_shown_beside_the_stored_ones_and_only_choosing_overwrites(writer, unit):
    save_details(unit=unit, details=Details(about="Punya rekan"), seen=0, by=UserFactory())
    for _ in range(2):
        response = save(writer, unit, FILLED)
        assert response.status_code == 409
        assert "Punya rekan" in response.text
        assert UnitProfile.objects.get().about == "Punya rekan"
    assert 'name="ganti" value="1"' in response.text
    assert save(writer, unit, FILLED | {"ganti": "1"}).status_code == 302
    assert UnitProfile.objects.get().about == "Melayani"


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_the_same_queries(writer, unit, django_assert_num_queries, count):
    details = Details(team=[Member("Ketua")] * count, innovations=[Innovated("Loket")] * count)
    for seen in range(count):
        save_details(unit=unit, details=details, seen=seen, by=UserFactory())
    with django_assert_num_queries(9):
        writer.get(reverse("news:details", args=[unit.code]))


# The final score


@pytest.fixture
def admin(client, instrument):
    client.force_login(member(UnitFactory(), Role.ADMIN))
    return client


def score(client, assessment, name, year=2026):
    client.force_login(member(assessment.unit, Role.ADMIN))
    return client.post(reverse(f"news:score-{name}", args=[assessment.unit.code, year]), follow=True)


def test_an_admin_publishes_the_decided_copys_total_and_takes_it_back(client, instrument):
    assessment = decided()
    copy = Snapshot.objects.get()
    figure = comma(Decimal(copy.data["scores"]["total"]))
    assert "Nilai akhir diterbitkan" in score(client, assessment, "publish").text
    row = PublishedScore.objects.get()
    assert (row.snapshot, comma(row.total), row.published_by is not None) == (copy, figure, True)
    client.logout()
    public = reverse("news:unit", args=[assessment.unit.code])
    assert figure in client.get(public).text
    assert "ditarik dari publik" in score(client, assessment, "withdraw").text
    client.logout()
    assert figure not in client.get(public).text
    assert list(PublicEvent.objects.order_by("pk").values_list("kind", flat=True)) == [
        "score_published", "score_withdrawn",
    ]  # fmt: skip
    assert PublicEvent.objects.first().data["total"] == str(row.total)


def test_there_is_nothing_to_publish_before_a_decision(client, instrument):
    for assessment in (opened(), decided(state="review")):
        assert "Belum ada keputusan TPI" in score(client, assessment, "publish").text
    assert "Belum ada keputusan TPI" in score(client, assessment, "publish", year=2030).text
    assert "tidak sedang diterbitkan" in score(client, assessment, "withdraw").text
    assert not PublishedScore.objects.exists()
    assert not PublicEvent.objects.exists()


def test_a_copy_that_was_tampered_with_is_not_published(client, instrument):
    assessment = decided()
    data = Snapshot.objects.get().data
    data["scores"]["total"] = "99.99"
    super(FixedQuerySet, Snapshot.objects.all()).update(data=data)
    assert "tidak utuh lagi" in score(client, assessment, "publish").text
    assert not PublishedScore.objects.exists()


def test_what_was_published_stays_when_answers_change_later(client, instrument):
    assessment = decided()
    score(client, assessment, "publish")
    before = PublishedScore.objects.get().total
    Assessment.objects.update(state="returned")
    assessment.answers.update(choice=None, counts=[], index=None)
    client.logout()
    assert comma(before) in client.get(reverse("news:unit", args=[assessment.unit.code])).text
