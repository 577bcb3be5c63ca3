"""Findings with their follow-up, the register, returns as people send them."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from accounts.notifications.models import Notification
from assessment.models import Event, Return, SecondScoring, Stage, State
from evidence.models import Document
from evidence.services.documents import delete_document
from evidence.tests.factories import document
from review.models import Finding, FollowUp
from review.services import returns
from review.services.findings import Draft, Stale, follow_up, write_finding

from .factories import UserFactory, at_state, in_review, member, opened, person, refreshed, reviewer, second_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("instrument", "media")]
CODE = "A.I.1.i.a"


@pytest.fixture
def row():
    return at_state(opened(), State.REVIEW)


def url(name, row, *args):
    return reverse(f"review:{name}", args=[row.period.year, row.unit.code, *args])


def written(row, by=None, **more):
    data = {"code": CODE, "kind": "recommendation", "text": "Lengkapi notulen.", "due_on": None} | more
    return write_finding(assessment=row, stage=Stage.TPI, draft=Draft(**data), by=by or UserFactory())


def test_a_finding_is_written_told_and_kept(client, row):
    team, user = member(row.unit), reviewer(row)
    client.force_login(user)
    due = timezone.localdate() + timedelta(days=30)
    data = {"code": CODE, "kind": "recommendation", "text": "Lengkapi notulen.", "due_on": due.isoformat()}
    response = client.post(url("finding-add", row), data)
    made = Finding.objects.get()
    assert response.url == url("finding", row, made.pk)
    assert (made.stage, made.state, made.due_on, made.created_by) == ("tpi", "open", due, user)
    assert [n.recipient for n in Notification.objects.all()] == [team]
    event = Event.objects.latest("number")
    assert (event.kind, event.criterion, event.data["to"]["text"]) == ("finding", CODE, "Lengkapi notulen.")
    client.force_login(team)
    assert "Lengkapi notulen." in client.get(url("findings", row)).text


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("code", "X.9", "Pilih kriterianya."), ("kind", "lain", "Pilih jenisnya."), ("text", " ", "Tulis isi catatan."),
        ("text", "x" * 3001, "Paling panjang 3000"), ("due_on", "besok", "Isi dengan tanggal"),
        ("due_on", "2020-01-01", "sudah lewat"), ("text", "a\0b", "karakter terlarang"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_beside_the_field(client, row, field, value, said):
    client.force_login(reviewer(row))
    data = {"code": CODE, "kind": "remark", "text": "Isi", "due_on": ""} | {field: value}
    response = client.post(url("finding-add", row), data)
    assert response.status_code == 422
    assert said in response.text
    assert not Finding.objects.exists()


def test_praise_needs_no_follow_up(row):
    made = written(row, kind="strength", due_on=timezone.localdate())
    assert (made.state, made.due_on) == ("closed", None)


def test_findings_are_written_while_the_stage_is_open():
    row = at_state(opened(), State.FULFILS)
    with pytest.raises(ValidationError, match="tidak sedang dibuka"):
        written(row)


def test_the_unit_answers_and_the_reviewer_closes_even_after_the_decision(client, row):
    made, team, judge = written(row), member(row.unit), reviewer(row)
    at_state(row, State.FULFILS)
    paper, foreign = document(row.unit), document(opened().unit)
    client.force_login(team)
    assert client.post(url("finding-close", row, made.pk), {"seen": "1"}).status_code == 403
    refused = client.post(url("follow-up", row, made.pk), {"seen": "1", "text": "x", "documents": [foreign.pk]})
    assert refused.status_code == 422
    data = {"seen": "1", "text": "Notulen dilengkapi.", "documents": [str(paper.pk)]}
    assert client.post(url("follow-up", row, made.pk), data).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.revision) == ("answered", 2)
    client.force_login(judge)
    text = client.get(url("finding", row, made.pk)).text
    assert "Notulen dilengkapi." in text
    served = client.get(url("finding-file", row, made.pk, paper.current_id))
    assert b"".join(served.streaming_content).startswith(b"%PDF")
    assert client.post(url("follow-up", row, made.pk), {"seen": "2", "text": "x"}).status_code == 403
    client.post(url("finding-close", row, made.pk), {"seen": "2", "text": ""})
    made.refresh_from_db()
    assert (made.state, bool(made.closed_at)) == ("closed", True)
    client.post(url("finding-reopen", row, made.pk), {"seen": "3", "text": "Belum lengkap."})
    made.refresh_from_db()
    assert (made.state, made.closed_at) == ("open", None)
    assert [f.kind for f in FollowUp.objects.order_by("at", "pk")] == ["answer", "close", "reopen"]


def test_a_document_that_was_shown_cannot_be_deleted(row):
    made, paper = written(row), document(row.unit)
    follow_up(finding=made, kind="answer", text="Ada.", revision=1, by=UserFactory(), documents=[paper])
    with pytest.raises(ValidationError, match="tidak dapat dihapus"):
        delete_document(document=paper, by=UserFactory())
    assert Document.objects.filter(pk=paper.pk).exists()


def test_two_people_on_one_finding(client, row):
    made = written(row)
    follow_up(finding=made, kind="answer", text="Dari rekan.", revision=1, by=UserFactory())
    with pytest.raises(Stale):
        follow_up(finding=made, kind="answer", text="Dari saya.", revision=1, by=UserFactory())
    client.force_login(member(row.unit))
    late = client.post(url("follow-up", row, made.pk), {"seen": "1", "text": "Dari saya."})
    assert late.status_code == 409
    assert "Dari saya." in late.text
    assert "Dari rekan." in late.text
    assert FollowUp.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "text", "said"), [("answer", "", "Tulis uraiannya"), ("reopen", "x", "masih terbuka")]
)
def test_what_does_not_fit_the_state_is_refused(row, kind, text, said):
    made = written(row)
    with pytest.raises(ValidationError) as caught:
        follow_up(finding=made, kind=kind, text=text, revision=1, by=UserFactory())
    assert said in str(caught.value)
    assert not FollowUp.objects.exists()


def test_a_member_follows_up_only_in_their_areas(client, row):
    made = written(row)
    client.force_login(member(row.unit, areas=["2"]))
    assert client.post(url("follow-up", row, made.pk), {"seen": "1", "text": "x"}).status_code == 403


def test_open_findings_go_on_into_the_next_period(client, row):
    made = written(row)
    later = opened(row.unit, year=2027)
    client.force_login(member(row.unit))
    text = client.get(url("findings", later)).text
    assert "Masih terbuka dari periode sebelumnya" in text
    assert url("finding", later, made.pk) in text


def test_a_finding_under_another_unit_is_not_there(client, row):
    made, other = written(row), opened()
    client.force_login(member(other.unit))
    assert client.get(url("finding", other, made.pk)).status_code == 404
    assert client.get(url("finding", row, made.pk)).status_code == 404


def test_a_blind_reviewer_sees_no_findings(client, row):
    made, user = written(row), reviewer(row)
    second_of(row, user, [CODE])
    client.force_login(user)
    for name, args in (("findings", ()), ("finding", (made.pk,)), ("returns", ())):
        assert client.get(url(name, row, *args)).status_code == 403
    assert made.text not in client.get(reverse("review:register")).text
    SecondScoring.objects.update(finished_at=timezone.now())
    assert made.text in client.get(reverse("review:register")).text


def test_the_register_shows_ones_own_with_filters(client, row, django_assert_max_num_queries):
    mine = written(row, text="Punya unit ini.")
    theirs = at_state(opened(), State.REVIEW)
    written(theirs, text="Punya unit lain.")
    client.force_login(member(row.unit))
    address = reverse("review:register")
    text = client.get(address).text
    assert "Punya unit ini." in text
    assert "Punya unit lain." not in text
    Finding.objects.filter(pk=mine.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    shown = {
        "?status=open": True, "?status=closed": False, "?jenis=recommendation": True, "?jenis=strength": False,
        "?area=1": True, "?area=2": False, "?area=hasil": False, "?tahun=2026": True, "?tahun=2025": False,
        "?lewat=1": True, "?cari=Punya": True, "?cari=tidakada": False, "?cari=%00": True,
    }  # fmt: skip
    for query, is_there in shown.items():
        assert ("Punya unit ini." in client.get(address + query).text) is is_there, query
    counts = []
    for many in (1, 20):
        for _ in range(many):
            written(row)
        with django_assert_max_num_queries(10) as found:
            client.get(address)
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_who_assesses_the_unit_in_the_next_period_closes_what_is_open(client, row):
    made, before = written(row), reviewer(row)
    later = at_state(opened(row.unit, year=2027), State.REVIEW)
    team, judge, blind = member(row.unit), reviewer(later), reviewer(later)
    second_of(later, blind, [CODE])
    client.force_login(team)
    assert url("finding", later, made.pk) in client.get(url("findings", later)).text
    client.post(url("follow-up", later, made.pk), {"seen": "1", "text": "Notulen dilengkapi."})
    assert [n.url for n in Notification.objects.filter(recipient=judge)] == [url("finding", later, made.pk)]
    assert not Notification.objects.filter(recipient=before).exists()
    client.force_login(blind)
    assert client.get(url("finding", later, made.pk)).status_code == 403
    assert "Lengkapi notulen." not in client.get(reverse("review:register")).text
    client.force_login(reviewer(opened(year=2027)))
    assert client.get(url("finding", later, made.pk)).status_code == 404
    client.force_login(judge)
    assert client.get(url("finding", row, made.pk)).status_code == 404
    assert url("finding", later, made.pk) in client.get(reverse("review:register")).text
    response = client.post(url("finding-close", later, made.pk), {"seen": "2", "text": ""})
    assert response.url == url("finding", later, made.pk)
    assert client.get(response.url).status_code == 200
    made.refresh_from_db()
    assert made.state == "closed"
    assert Event.objects.latest("pk").assessment == row


def test_a_later_finding_is_not_found_under_an_earlier_year(client, row):
    later = at_state(opened(row.unit, year=2027), State.REVIEW)
    made = written(later)
    client.force_login(member(row.unit))
    assert client.get(url("finding", row, made.pk)).status_code == 404


def test_a_first_reviewers_finding_is_not_opened_blind_through_the_next_period(client, row):
    made, user = written(row), reviewer(row)
    second_of(row, user, [CODE])
    later = at_state(opened(row.unit, year=2027), State.REVIEW)
    reviewer(later, user=user)
    client.force_login(user)
    assert client.get(url("finding", later, made.pk)).status_code == 404


# Returns


def test_the_lead_sends_the_list_and_the_unit_sees_it_only_then(client):
    row = in_review()
    helper, lead, team = reviewer(row), reviewer(row, Role.TPI_LEAD), member(row.unit)
    client.force_login(helper)
    back = reverse("review:judge-page", args=[2026, row.unit.code, "A.I.1"])
    response = client.post(url("return-item", row, CODE), {"reason": "Lengkapi SK.", "kembali": back})
    assert response.url == back
    away = client.post(url("return-item", row, CODE), {"reason": "Lengkapi SK.", "kembali": "//jahat.example"})
    assert away.url == url("returns", row)
    assert client.post(url("return-send", row), {"until": "2099-01-01"}).status_code == 403
    client.force_login(team)
    assert "Lengkapi SK." not in client.get(url("returns", row)).text
    client.force_login(lead)
    for until, said in (("", "Isi batas waktu"), ("2020-01-01", "sudah lewat"), ("x", "Isi dengan tanggal")):
        refused = client.post(url("return-send", row), {"until": until})
        assert refused.status_code == 422
        assert said in refused.text
    assert Return.objects.get().sent_at is None
    until = timezone.localdate() + timedelta(days=7)
    client.post(url("return-send", row), {"until": until.isoformat(), "message": "Mohon dilengkapi."})
    sent = Return.objects.get()
    assert timezone.localdate(sent.until) == until
    assert refreshed(row).state == State.RETURNED
    client.force_login(team)
    text = client.get(url("returns", row)).text
    assert "Lengkapi SK." in text
    assert "Mohon dilengkapi." in text


def test_the_list_of_one_stage_is_not_for_the_reviewers_of_another(client, row):
    returns.set_item(assessment=row, stage=Stage.TPI, code=CODE, reason="Lengkapi SK.", by=reviewer(row))
    for user, is_shown in ((person(row, Role.PRELIM), False), (reviewer(row), True), (member(row.unit), False)):
        client.force_login(user)
        assert ("Lengkapi SK." in client.get(url("returns", row)).text) is is_shown


def test_a_return_ends_before_the_window_of_the_reviewers(client):
    row = in_review(tpi_opens=timezone.now() - timedelta(days=1), tpi_closes=timezone.now() + timedelta(days=5))
    lead = reviewer(row, Role.TPI_LEAD)
    returns.set_item(assessment=row, stage=Stage.TPI, code=CODE, reason="Lengkapi", by=lead)
    client.force_login(lead)
    late = (timezone.localdate() + timedelta(days=9)).isoformat()
    response = client.post(url("return-send", row), {"until": late})
    assert response.status_code == 422
    assert "tidak boleh sesudah" in response.text


def test_two_reviewers_do_not_overwrite_each_others_reason_for_a_return(client, row):
    mine, theirs = reviewer(row), reviewer(row)
    client.force_login(mine)
    address, page = url("return-item", row, CODE), reverse("review:judge-page", args=[2026, row.unit.code, "A.I.1"])
    assert 'name="seen" value=""' in client.get(page).text
    returns.set_item(assessment=row, stage=Stage.TPI, code=CODE, reason="Dari rekan.", by=theirs)
    late = client.post(address, {"reason": "Tulisan saya.", "seen": ""})
    assert late.status_code == 409
    assert "Tulisan saya.</textarea>" in late.text
    assert "Dari rekan." in late.text
    item = Return.objects.get().items.get()
    assert item.reason == "Dari rekan."
    mark = returns.mark_of(item.reason)
    assert f'name="seen" value="{mark}"' in late.text
    assert f'name="seen" value="{mark}"' in client.get(page).text
    assert client.post(address, {"reason": "Tulisan saya.", "seen": mark}).status_code == 302
    item.refresh_from_db()
    assert item.reason == "Tulisan saya."
    returns.set_item(assessment=row, stage=Stage.TPI, code=CODE, reason="", by=theirs)
    gone = client.post(address, {"reason": "Lebih lengkap.", "seen": returns.mark_of("Tulisan saya.")})
    assert gone.status_code == 409
    assert "Lebih lengkap.</textarea>" in gone.text
    assert "dikeluarkan dari daftar" in gone.text
    assert not Return.objects.exists()


@pytest.mark.parametrize("reason", ["x" * 2001, "Terlambat"], ids=["too-long", "closed"])
def test_a_reason_that_was_not_saved_stays_on_the_page(client, row, reason, monkeypatch):
    def closed(**given):
        raise ValidationError(returns.NOT_NOW)

    monkeypatch.setattr("review.views.findings.return_services.set_item", closed)
    client.force_login(reviewer(row))
    response = client.post(url("return-item", row, CODE), {"reason": reason, "seen": ""})
    assert response.status_code == 422
    assert f"{reason}</textarea>" in response.text
    assert not Return.objects.exists()
