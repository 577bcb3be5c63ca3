"""Who is in charge: writing it, the pages, one's own criteria."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse

from accounts.models import Role
from accounts.notifications.models import Notification
from assessment.models import Event
from assessment.tests.factories import UserFactory, answer, member, reviewer
from planning.models import Charge, Leader
from planning.services.charges import Wish, assign, name_leader

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def url(name, row):
    return reverse(f"planning:{name}", args=[row.period.year, row.unit.code])


@pytest.fixture
def head(assessment, client):
    found = member(assessment.unit, Role.HEAD)
    client.force_login(found)
    return found


def held(row):
    return dict(Charge.objects.filter(assessment=row).values_list("place", "user__username"))


def test_people_are_put_in_charge_and_told_once(assessment, head):
    person = member(assessment.unit)
    wishes = [Wish("1", person, 0), Wish("A.I.2.i.a", person, 0), Wish("2", head, 0)]
    assert assign(assessment=assessment, wishes=wishes, by=head).changed == 3
    assert held(assessment) == {"1": person.username, "A.I.2.i.a": person.username, "2": head.username}
    (told,) = Notification.objects.all()
    assert (told.recipient, told.kind) == (person, "assignment")
    assert "Area Manajemen Perubahan" in told.text and "A.I.2.i.a" in told.text
    assert list(assessment.events.filter(kind=Event.Kind.CHARGE).values_list("criterion", flat=True)) == [
        "", "A.I.2.i.a", "",
    ]  # fmt: skip
    call_command("verify_history")


def test_what_somebody_else_changed_meanwhile_is_left_alone(assessment, head):
    first, second = member(assessment.unit), member(assessment.unit)
    assign(assessment=assessment, wishes=[Wish("1", first, 0)], by=head)
    found = assign(assessment=assessment, wishes=[Wish("1", second, 0), Wish("2", second, 0)], by=head)
    assert ([w.place for w in found.conflicts], found.changed) == (["1"], 1)
    assert held(assessment) == {"1": first.username, "2": second.username}
    assert assign(assessment=assessment, wishes=[Wish("1", None, first.pk)], by=head).changed == 1
    assert held(assessment) == {"2": second.username}


def test_strangers_and_members_of_other_areas_are_refused(assessment, head):
    limited = member(assessment.unit, areas=["2"])
    for wish in (
        Wish("1", UserFactory(), 0),
        Wish("1", limited, 0),
        Wish("A.I.1.i.a", limited, 0),
        Wish("B.I", limited, 0),
    ):
        with pytest.raises(ValidationError):
            assign(assessment=assessment, wishes=[Wish("2", limited, 0), wish], by=head)
        assert held(assessment) == {}
    assert assign(assessment=assessment, wishes=[Wish("A.II.2.i.a", limited, 0)], by=head).changed == 1


def test_the_page_saves_and_shows_a_conflict_with_both(client, assessment, head):
    first, second = member(assessment.unit), member(assessment.unit)
    data = {"lembar": "A.I.1", "pj-1": first.pk, "seen-1": "0", "pj-A.I.1.i.b": second.pk, "seen-A.I.1.i.b": "0"}
    assert client.post(url("assign", assessment), data).status_code == 302
    assert held(assessment) == {"1": first.username, "A.I.1.i.b": second.username}
    text = client.get(url("charges", assessment) + "?lembar=A.I.1").text
    assert f"Mengikuti area: {first}" in text
    response = client.post(url("assign", assessment), {"pj-1": second.pk, "seen-1": "0"})
    assert response.status_code == 409
    assert f"Tersimpan sekarang: {first}" in response.text and f'name="seen-1" value="{first.pk}"' in response.text
    assert held(assessment)["1"] == first.username


@pytest.mark.parametrize("data", [
    {"pj-1": "999999", "seen-1": "0"}, {"pj-1": "x\0", "seen-1": "0"}, {"pj-1": "", "seen-1": ""},
    {"pj-1": "", "seen-1": "-1"}, {"pj-1": "9" * 40, "seen-1": "0"}, {"pj-1": "", "seen-1": "²"},
])  # fmt: skip
def test_nonsense_is_refused(client, assessment, head, data):
    assert client.post(url("assign", assessment), data).status_code == 422
    assert held(assessment) == {}


def test_unknown_places_are_left_alone(client, assessment, head):
    data = {"pj-X.9": head.pk, "seen-X.9": "0", "lembar": "Z", "pj-A.I.1.i.a": head.pk, "seen-A.I.1.i.a": "0"}
    assert client.post(url("assign", assessment), data).status_code == 302
    assert held(assessment) == {}


def test_the_head_names_a_lead_who_then_assigns(client, assessment, head):
    person = member(assessment.unit)
    assert client.post(url("leader", assessment), {"leader": UserFactory().pk}).status_code == 422
    assert client.post(url("leader", assessment), {"leader": person.pk}).status_code == 302
    assert Leader.objects.get().user == person
    client.force_login(person)
    assert client.post(url("assign", assessment), {"pj-1": person.pk, "seen-1": "0"}).status_code == 302
    assert held(assessment) == {"1": person.username}
    assert client.post(url("leader", assessment), {"leader": ""}).status_code == 403
    name_leader(assessment=assessment, user=None, by=head)
    assert not Leader.objects.exists()
    assert client.post(url("assign", assessment), {"pj-1": "", "seen-1": str(person.pk)}).status_code == 403


def test_my_criteria_with_progress_and_a_criterions_own_person_first(client, assessment, head):
    person = member(assessment.unit)
    wishes = [Wish("1", person, 0), Wish("A.I.1.i.b", head, 0), Wish("B.I", person, 0)]
    assign(assessment=assessment, wishes=wishes, by=head)
    answer(assessment, "A.I.1.i.a", choice="Y")
    client.force_login(person)
    text = client.get(url("mine", assessment)).text
    assert ">A.I.1.i.a<" in text and ">A.I.1.i.b<" not in text and ">B.I.a<" in text and ">A.I.2.i.a<" not in text
    assert "<strong>1</strong> dari" in text
    assert ">A.I.1.i.a<" not in client.get(url("mine", assessment) + "?belum=1").text


def test_the_sheet_says_who_is_in_charge_and_filters_to_ones_own(client, assessment, head):
    person = member(assessment.unit)
    assign(assessment=assessment, wishes=[Wish("1", person, 0), Wish("A.I.1.i.b", head, 0)], by=head)
    sheet = reverse("assessment:page", args=[2026, assessment.unit.code, "A.I.1"])
    text = client.get(sheet).text
    assert str(person) in text and f"{head} (Anda)" in text and 'id="k-A-I-1-i-a"' in text
    text = client.get(sheet + "?milik=saya").text
    assert 'id="k-A-I-1-i-b"' in text and 'id="k-A-I-1-i-a"' not in text
    client.force_login(reviewer(assessment))
    text = client.get(sheet + "?milik=saya").text
    assert f"Penanggung jawab: {person}" in text and 'id="k-A-I-1-i-a"' in text


@pytest.mark.parametrize("name", ["charges", "mine"])
def test_pages_take_the_same_queries_however_many(client, assessment, head, django_assert_num_queries, name):
    for place in ("1", "2"):
        assign(assessment=assessment, wishes=[Wish(place, member(assessment.unit), 0)], by=head)
        # session, user, assessment, memberships; charges, members, lead or charges, scorecard
        with django_assert_num_queries(7 if name == "charges" else 6):
            client.get(url(name, assessment) + "?lembar=A.I.1")
