"""The conditions for being proposed: ticking, their documents, conflicts, who may."""

from contextlib import nullcontext

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, Unit
from assessment.models import Event, State
from evidence.models import Attachment
from evidence.services.attachments import pin_versions
from evidence.services.audit import uses_of
from evidence.services.documents import Content, replace_content
from evidence.tests.factories import attachment, document
from review.conditions import get_condition
from review.models import ConditionAnswer
from review.obstacles import unmet_conditions
from review.services import conditions
from review.services.conditions import Stale

from .factories import UnitFactory, at_state, member, opened, person, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("instrument", "media")]

KEY = "sakip-instansi"
OPEN_FOR_ADMIN = set(State) - {State.PROPOSED, State.RESULT}


def url(name, row, *args):
    return reverse(f"review:{name}", args=[row.period.year, row.unit.code, *args])


def save(client, row, key=KEY, **data):
    return client.post(url("condition-save", row, key), {"met": "ya", "note": "", "version": "0"} | data)


def attach(client, row, *documents, key=KEY):
    return client.post(url("condition-attach", row, key), {"documents": [str(d.pk) for d in documents]})


def held(row, doc, key=KEY):
    """Lay a document beside a condition as a member of the unit; return the attachment."""
    condition = get_condition(row, key)
    conditions.attach_documents(assessment=row, condition=condition, documents=[doc], by=member(row.unit))
    return row.attachments.get(condition=condition, document=doc)


def state_of(row):
    return (
        sorted(ConditionAnswer.objects.values_list("pk", "met", "note", "version")),
        sorted(Attachment.objects.values_list("pk", "detached_at")), Event.objects.filter(assessment=row).count(),
    )  # fmt: skip


def of_conditions(row):
    return list(row.events.filter(kind=Event.Kind.CONDITION).order_by("number"))


# The list


@pytest.mark.parametrize(("target", "agency"), [("WBK", "B"), ("WBBM", "BB")])
def test_the_list_is_that_of_the_target(client, target, agency):
    row = opened()
    row.target = target
    row.save(update_fields=["target"])
    client.force_login(member(row.unit))
    response = client.get(url("conditions", row))
    (agency_name, first), (unit_name, second) = response.context["groups"]
    assert (agency_name, len(first), unit_name, len(second)) == ("Tingkat instansi", 4, "Tingkat unit", 6)
    assert f"Predikat SAKIP instansi minimal {agency}<" in response.text
    assert "0 dari 10 syarat terpenuhi" in response.text
    assert "Indeks RB kementerian/lembaga" not in response.text


def test_a_ministry_has_its_own_index(client):
    row = opened(agency_kind="central")
    client.force_login(member(row.unit))
    page = client.get(url("conditions", row)).text
    assert "Indeks RB kementerian/lembaga minimal B" in page
    assert "Indeks RB pemerintah daerah" not in page


@pytest.mark.parametrize(
    ("affirmative", "kind", "is_told"),
    [("hospital", "local", True), ("hospital", "central", False), ("", "local", False)],
)
def test_affirmative_units_of_local_governments_are_told_what_that_means(client, affirmative, kind, is_told):
    row = opened(UnitFactory(affirmative=affirmative), agency_kind=kind)
    client.force_login(member(row.unit))
    page = client.get(url("conditions", row)).text
    assert ("dapat diusulkan sambil memenuhi syarat" in page) is is_told


@pytest.mark.parametrize("role", Role)
def test_everybody_inside_reads_and_only_who_may_gets_forms(client, role):
    row = opened()
    client.force_login(person(row, role))
    response = client.get(url("conditions", row), {"syarat": KEY})
    assert response.status_code == 200
    may = role in {Role.MEMBER, Role.HEAD, Role.ADMIN}
    assert (url("condition-save", row, KEY) in response.text) is may
    assert ('id="pilih"' in response.text) is may


@pytest.mark.parametrize("count", [1, 4])
def test_the_list_takes_the_same_queries_however_many_documents(client, django_assert_num_queries, count):
    row = opened()
    for number in range(count):
        held(row, document(row.unit, title=f"SK {number}"), ["opini-bpk", KEY][number % 2])
        document(row.unit, title=f"Lain {number}")
    client.force_login(member(row.unit))
    client.get(url("conditions", row))
    with django_assert_num_queries(7):  # session, user, assessment, memberships, answers, documents, conditions
        client.get(url("conditions", row))
    with django_assert_num_queries(9):  # and the documents to pick from, counted and listed
        client.get(url("conditions", row), {"syarat": KEY})


# Ticking


def test_ticking_writes_the_answer_and_an_event(client):
    row = opened()
    user = member(row.unit, Role.HEAD)
    client.force_login(user)
    response = save(client, row, note="Predikat BB tahun 2025.\r\nLihat LHE.")
    assert response.url == url("conditions", row) + f"#s-{KEY}"
    made = ConditionAnswer.objects.get()
    assert (made.met, made.note, made.version, made.changed_by) == (
        "ya",
        "Predikat BB tahun 2025.\nLihat LHE.",
        1,
        user,
    )
    (event,) = of_conditions(row)
    assert event.data == {
        "key": KEY, "condition": "Predikat SAKIP instansi minimal B",
        "from": {"met": "", "note": ""}, "to": {"met": "ya", "note": "Predikat BB tahun 2025.\nLihat LHE."},
    }  # fmt: skip
    assert "Predikat SAKIP instansi minimal B" not in unmet_conditions(row)
    page = client.get(reverse("assessment:history", args=[2026, row.unit.code])).text
    assert "Terpenuhi" in page
    assert "Predikat SAKIP instansi minimal B" in page


def test_saving_the_same_again_writes_nothing(client):
    row = opened()
    client.force_login(member(row.unit))
    save(client, row)
    before = state_of(row)
    assert save(client, row).status_code == 302
    assert state_of(row) == before


def test_somebody_elses_change_is_shown_and_not_overwritten(client):
    row = opened()
    client.force_login(member(row.unit))
    save(client, row, met="proses", note="Menunggu hasil evaluasi.")
    before = state_of(row)
    client.force_login(member(row.unit))
    response = save(client, row, met="tidak", note="Belum dinilai.")
    assert response.status_code == 409
    assert state_of(row) == before
    for text in ("baru saja diubah orang lain", "Menunggu hasil evaluasi.", "Belum dinilai.", "Pakai isian saya"):
        assert text in response.text
    assert 'name="version" value="0"' in response.text  # saving again does not win
    assert save(client, row, met="tidak", note="Belum dinilai.", version=["0", "1"]).status_code == 302
    made = ConditionAnswer.objects.get()
    assert (made.met, made.note, made.version) == ("tidak", "Belum dinilai.", 2)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({"met": "mungkin"}, "Pilih salah satu keadaan."),
        ({"note": "x" * 2001}, "Paling panjang 2000 karakter."),
        ({"note": "a\0b"}, "Ada karakter terlarang."),
        ({"version": ""}, "Halaman ini sudah usang."),
        ({"version": "-1"}, "Halaman ini sudah usang."),
        ({"version": "9" * 30}, "Halaman ini sudah usang."),
    ],
)
def test_bad_input_changes_nothing_and_is_named(client, data, text):
    row = opened()
    client.force_login(member(row.unit))
    before = state_of(row)
    response = save(client, row, **data)
    assert response.status_code == 422
    assert text in response.text
    assert state_of(row) == before


@pytest.mark.parametrize("key", ["tidak-ada", "indeks-rb-pusat"])
def test_a_condition_that_does_not_apply_is_not_there(client, key):
    row = opened()
    client.force_login(member(row.unit))
    before = state_of(row)
    assert save(client, row, key).status_code == 404
    assert attach(client, row, document(row.unit), key=key).status_code == 404
    assert state_of(row) == before


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("state", State)
def test_who_may_tick_in_which_state(client, role, state):
    row = opened()
    doc = document(row.unit)
    there = held(row, document(row.unit, title="Terlampir"))
    user = person(row, role)
    row = at_state(row, state)
    client.force_login(user)
    allowed = (role in {Role.MEMBER, Role.HEAD} and state == State.DRAFT) or (
        role == Role.ADMIN and state in OPEN_FOR_ADMIN
    )
    before = state_of(row)
    codes = {
        save(client, row, met="proses").status_code,
        client.post(url("condition-attach", row, KEY)).status_code,
        client.post(url("condition-detach", row, KEY, there.pk)).status_code,
    }
    assert codes == ({302, 422} if allowed else {403})
    assert (state_of(row) == before) is not allowed
    assert ConditionAnswer.objects.exists() is allowed
    with pytest.raises(ValidationError) if not allowed else nullcontext():
        conditions.attach_documents(assessment=row, condition=get_condition(row, KEY), documents=[doc], by=user)


def test_a_member_of_some_areas_may_not(client):
    row = opened()
    client.force_login(member(row.unit, areas=["1"]))
    assert save(client, row).status_code == 403
    assert not ConditionAnswer.objects.exists()


def test_the_service_asks_again_under_the_lock(client):
    row = opened()
    user = member(row.unit)
    at_state(row, State.SUBMITTED)
    with pytest.raises(ValidationError) as raised:
        conditions.save_condition(
            assessment=row, condition=get_condition(row, KEY), met="ya", note="", version=0, by=user
        )
    assert raised.value.code == "closed"
    assert not ConditionAnswer.objects.exists()


def test_a_stale_version_raises_in_the_service():
    row = opened()
    user = member(row.unit)
    about = {"assessment": row, "condition": get_condition(row, KEY), "by": user}
    conditions.save_condition(**about, met="ya", note="", version=0)
    with pytest.raises(Stale) as raised:
        conditions.save_condition(**about, met="tidak", note="", version=0)
    assert raised.value.stored.met == "ya"
    with pytest.raises(Stale):
        conditions.save_condition(**about, met="tidak", note="", version=7)


# Documents


def test_documents_of_the_unit_are_laid_beside_a_condition(client):
    row = opened()
    user = member(row.unit)
    docs = [document(row.unit, title=t) for t in ("LHE SAKIP", "Surat")]
    client.force_login(user)
    assert attach(client, row, *docs).status_code == 302
    rows = row.attachments.of_conditions().order_by("document__title")
    assert [(a.condition.key, a.criterion, a.document.title) for a in rows] == [
        (KEY, None, "LHE SAKIP"), (KEY, None, "Surat"),
    ]  # fmt: skip
    assert [e.data["to"] for e in of_conditions(row)] == [{"document": "LHE SAKIP"}, {"document": "Surat"}]
    assert not row.attachments.live().exists()
    page = client.get(url("conditions", row)).text
    assert "LHE SAKIP" in page


def test_the_same_document_is_attached_once_and_elsewhere_again(client):
    row = opened()
    doc = document(row.unit)
    held(row, doc)
    client.force_login(member(row.unit))
    assert attach(client, row, doc).status_code == 422
    about = {"assessment": row, "documents": [doc], "by": member(row.unit)}
    assert conditions.attach_documents(condition=get_condition(row, KEY), **about) == 0
    assert conditions.attach_documents(condition=get_condition(row, "opini-bpk"), **about) == 1


@pytest.mark.parametrize("which", ["other", "nonsense", "none"])
def test_no_other_documents_can_be_named(client, which):
    row = opened()
    client.force_login(member(row.unit))
    theirs = document(opened().unit)
    before = state_of(row)
    given = {"other": [str(theirs.pk)], "nonsense": ["x"], "none": []}[which]
    response = client.post(url("condition-attach", row, KEY), {"documents": given})
    assert response.status_code == 422
    assert "field-error" in response.text
    assert state_of(row) == before


def test_the_service_takes_no_other_units_document():
    row = opened()
    theirs = document(opened().unit)
    condition = get_condition(row, KEY)
    assert (
        conditions.attach_documents(assessment=row, condition=condition, documents=[theirs], by=member(row.unit)) == 0
    )
    assert not row.attachments.exists()


def test_an_administrator_picks_only_from_what_they_may_see(client):
    row = opened()
    hidden, shown = document(row.unit, title="Belum dilampirkan"), document(row.unit, title="Sudah dilampirkan")
    attachment(row, doc=shown)
    client.force_login(member(row.unit.parent or _parent_of(row.unit), Role.ADMIN))
    page = client.get(url("conditions", row), {"syarat": KEY}).text
    assert "Sudah dilampirkan" in page
    assert "Belum dilampirkan" not in page
    assert attach(client, row, hidden).status_code == 422
    assert attach(client, row, shown).status_code == 302


def _parent_of(unit: Unit) -> Unit:
    unit.parent = UnitFactory()
    unit.save()
    return unit.parent


def test_searching_finds_by_title_and_keeps_the_condition(client):
    row = opened()
    for title in ("LHE SAKIP 2025", "Notulen rapat"):
        document(row.unit, title=title)
    client.force_login(member(row.unit))
    page = client.get(url("conditions", row), {"syarat": KEY, "cari": "sakip\0"}).text
    assert "LHE SAKIP 2025" in page
    assert "Notulen rapat" not in page
    assert page.count('name="documents"') == 1


def test_detaching_keeps_the_document_and_says_so_in_the_history(client):
    row = opened()
    doc = document(row.unit, title="LHE SAKIP")
    there = held(row, doc)
    user = member(row.unit)
    client.force_login(user)
    assert client.post(url("condition-detach", row, KEY, there.pk)).status_code == 302
    there.refresh_from_db()
    assert there.detached_by == user
    assert of_conditions(row)[-1].data["from"] == {"document": "LHE SAKIP"}
    assert client.get(doc.get_absolute_url()).status_code == 200
    before = state_of(row)
    assert client.post(url("condition-detach", row, KEY, there.pk)).status_code == 404
    assert state_of(row) == before
    assert attach(client, row, doc).status_code == 302


def test_nothing_but_a_conditions_own_document_is_detached_there(client):
    row = opened()
    of_criterion = attachment(row)
    other = held(row, document(row.unit), "opini-bpk")
    client.force_login(member(row.unit))
    before = state_of(row)
    for found in (of_criterion, other):
        assert client.post(url("condition-detach", row, KEY, found.pk)).status_code == 404
    assert state_of(row) == before


def test_the_fixed_copy_has_the_answers_and_the_documents_with_their_versions():
    row = opened()
    doc = document(row.unit, title="LHE SAKIP")
    held(row, doc)
    about = {"assessment": row, "condition": get_condition(row, KEY), "by": member(row.unit)}
    conditions.save_condition(**about, met="ya", note="BB", version=0)
    data = submitted(row).snapshots.get().data
    (kept,) = [c for c in data["conditions"] if c["key"] == KEY]
    assert (kept["met"], kept["note"]) == ("ya", "BB")
    (item,) = data["evidence"]
    assert (item["condition"], item["criterion"], item["sha256"]) == (KEY, "", doc.current.blob_id)


# What else shows a document beside a condition


def test_the_documents_own_page_names_the_conditions_that_it_proves(client):
    row = opened()
    doc = document(row.unit, title="Keputusan SAKIP")
    attached = held(row, doc)
    team = member(row.unit)
    client.force_login(team)
    text = get_condition(row, KEY).text
    page = client.get(doc.get_absolute_url())
    assert page.status_code == 200
    assert f"Syarat pengusulan: {text}" in page.text
    assert url("conditions", row) in page.text
    library = reverse("evidence:library", args=[row.unit.code])
    assert doc.title in client.get(library, {"pakai": "sudah"}).text
    assert doc.title not in client.get(library, {"pakai": "belum"}).text
    pin_versions(assessment=row, at=timezone.now())
    conditions.detach_document(assessment=row, attachment=attached, by=team)
    assert "sudah dilepas" in client.get(doc.get_absolute_url()).text
    assert uses_of(doc.current.blob_id)[0].endswith(f"proves 2026 condition {KEY}")


def test_a_new_version_beside_a_condition_is_in_the_history(client):
    row = opened()
    doc = document(row.unit)
    held(row, doc)
    by = member(row.unit)
    replace_content(document=doc, content=Content(url="https://contoh.go.id/sakip"), seen=1, by=by)
    event = row.events.get(kind=Event.Kind.EVIDENCE_REPLACED)
    assert (event.criterion, event.data["document_id"]) == ("", str(doc.pk))
    client.force_login(by)
    assert client.get(reverse("assessment:history", args=[2026, row.unit.code])).status_code == 200
