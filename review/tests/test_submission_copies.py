"""Fixed copies: the list, the receipt that checks itself, and the command that checks all of them."""

import json
import uuid
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from accounts.models import Role
from assessment import selectors
from assessment.history import copy_digest
from assessment.models import Event, Snapshot, State
from assessment.models.history import HistoryIsFixed
from assessment.tests.factories import filled
from assessment.trace import comma
from evidence.models import DocumentVersion
from evidence.tests.factories import attachment, document
from review.services import steps
from review.services.verdicts import give_verdict

from .factories import (
    agreed,
    approved,
    at_state,
    in_review,
    member,
    opened,
    person,
    refreshed,
    returned,
    reviewer,
    second_of,
    submitted,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("instrument", "media")]

CODE = "A.I.1.i.a"


def url(name, row, *args):
    return reverse(f"review:{name}", args=[row.period.year, row.unit.code, *args])


def sql(text, *params):
    """Change rows as somebody with the database in hand would."""
    with connection.cursor() as cursor:
        cursor.execute(text, params)


def key_of(copy):
    return copy.pk.hex if connection.vendor == "sqlite" else str(copy.pk)


def tampered(copy, **changes):
    data = Snapshot.objects.get(pk=copy.pk).data | changes
    sql("UPDATE assessment_snapshot SET data = %s WHERE id = %s", json.dumps(data), key_of(copy))


def handed_in(*papers):
    """Return a submitted assessment with its fixed copy."""
    row = opened()
    for paper in papers:
        attachment(row, CODE, document(row.unit, **paper))
    row = submitted(row)
    return row, row.snapshots.get()


def receipt(client, row, copy):
    return client.get(url("snapshot", row, copy.pk))


def fine(response):
    return [is_fine for is_fine, _ in response.context["checks"]]


# Seeing


def test_the_list_names_each_copy_with_its_total(client):
    row, copy = handed_in()
    client.force_login(member(row.unit))
    page = client.get(url("snapshots", row)).text
    assert url("snapshot", row, copy.pk) in page
    assert copy.digest[:12] in page
    assert f"nilai {comma(selectors.stage_result(row).total)}" in page


def test_there_is_none_before_the_first_submission(client):
    row = opened()
    client.force_login(member(row.unit))
    assert "Belum ada salinan tetap." in client.get(url("snapshots", row)).text


def test_the_receipt_has_what_was_frozen(client):
    row, copy = handed_in({"title": "SK Tim Kerja"}, {"title": "Foto kegiatan", "url": "https://contoh.go.id/foto"})
    client.force_login(member(row.unit))
    response = receipt(client, row, copy)
    page = response.text
    version = DocumentVersion.objects.exclude(blob=None).get()
    for text in (copy.digest, str(copy.pk), version.blob_id, "https://contoh.go.id/foto", str(copy.by)):
        assert text in page
    assert sum(len(area.rows) for area in response.context["areas"]) == 113
    assert "Diperiksa sekarang: utuh" in page
    assert fine(response) == [True, True, True]
    assert reverse("evidence:file", args=[row.unit.code, version.document_id, 1]) in page


def test_the_receipt_shows_the_answers_of_then(client):
    row, copy = handed_in()
    row = steps.take_step(assessment=row, name="start_review", by=reviewer(row, Role.TPI_LEAD))
    tell = copy.data["answers"]["B.I.a"]["index"]
    client.force_login(member(row.unit))
    rows = {r.code: r for area in receipt(client, row, copy).context["areas"] for r in area.rows}
    assert rows["B.I.a"].answer == f"{Decimal(tell):.2f}".replace(".", ",")


@pytest.mark.parametrize("kind", ["submission", "decision"])
def test_the_documents_drawn_from_a_copy_are_linked(client, kind):
    row = approved()
    copy = row.snapshots.get(kind=kind)
    client.force_login(member(row.unit))
    page = receipt(client, row, copy).text
    where = [2026, row.unit.code, copy.pk]
    assert (reverse("reports:sptjm-pdf", args=where) in page) is (kind == "submission")
    for name in ("lhe-pdf", "lhe-docx"):
        assert (reverse(f"reports:{name}", args=where) in page) is (kind == "decision")


def test_a_copy_of_another_assessment_is_not_found(client):
    row, _ = handed_in()
    _, theirs = handed_in()
    client.force_login(member(row.unit))
    assert receipt(client, row, theirs).status_code == 404
    assert client.get(url("snapshot", row, uuid.uuid4())).status_code == 404


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("state", State)
def test_a_copy_is_there_for_those_who_may_read_its_stage(client, role, state):
    row = approved()
    decision = row.snapshots.get(kind="decision")
    user = person(row, role)
    at_state(row, state)
    client.force_login(user)
    decided = state in {State.FULFILS, State.NOT_YET, State.PROPOSED, State.RESULT}
    sees = decided or role not in {Role.MEMBER, Role.HEAD, Role.PRELIM}
    assert (receipt(client, row, decision).status_code == 200) is sees
    assert (url("snapshot", row, decision.pk) in client.get(url("snapshots", row)).text) is sees
    assert receipt(client, row, row.snapshots.get(kind="submission")).status_code == 200


def test_a_copy_of_the_unit_tells_nothing_of_what_reviewers_found(client):
    """Verdicts go into every copy; the unit and a blind second reviewer read only the unit's."""
    row = opened()
    held = attachment(row, CODE)
    row = in_review(row)
    lead = reviewer(row, Role.TPI_LEAD)
    give_verdict(assessment=row, attachment=held, stage="tpi", verdict="unfit", reason="Salah.", revision=0, by=lead)
    row = returned(row, [CODE], lead=lead)
    second = reviewer(row)
    second_of(row, second, [CODE])
    row = steps.take_step(assessment=row, name="resubmit", by=member(row.unit, Role.HEAD))
    copy = row.snapshots.get(round=2)
    assert copy.data["evidence"][0]["verdicts"]["tpi"]["verdict"] == "unfit"
    for user in (member(row.unit), second):
        client.force_login(user)
        page = receipt(client, row, copy).text
        assert "Tidak relevan" not in page
        assert "Salah." not in page


def test_a_blind_second_reviewer_sees_no_decision(client):
    row = approved()
    second = reviewer(row)
    second_of(row, second, [CODE])
    client.force_login(second)
    assert receipt(client, row, row.snapshots.get(kind="decision")).status_code == 404


@pytest.mark.parametrize("count", [1, 4])
def test_the_pages_take_the_same_queries(client, django_assert_num_queries, count):
    row, copy = handed_in(*({"title": f"SK {n}"} for n in range(count)))
    if count > 1:
        lead = reviewer(row, Role.TPI_LEAD)
        row = steps.take_step(assessment=row, name="start_review", by=lead)
        row = returned(row, [CODE], lead=lead)
        row = steps.take_step(assessment=row, name="resubmit", by=member(row.unit, Role.HEAD))
    client.force_login(member(row.unit))
    client.get(url("snapshots", row))
    with django_assert_num_queries(5):  # session, user, assessment, memberships, copies
        client.get(url("snapshots", row))
    with django_assert_num_queries(7):  # session, user, assessment, memberships, copy, event, versions
        receipt(client, row, copy)


# Checking


def test_copies_are_never_changed_by_the_portal():
    _, copy = handed_in()
    with pytest.raises(HistoryIsFixed):
        copy.save()
    with pytest.raises(HistoryIsFixed):
        Snapshot.objects.update(round=2)


def test_a_changed_copy_is_seen(client):
    row, copy = handed_in()
    tampered(copy, answers={})
    client.force_login(member(row.unit))
    response = receipt(client, row, copy)
    assert fine(response) == [False, True, True]
    assert "Diperiksa sekarang: berubah!" in response.text


def test_a_changed_copy_with_a_new_digest_is_seen_by_the_history(client):
    row, copy = handed_in()
    tampered(copy, answers={})
    again = Snapshot.objects.get(pk=copy.pk)
    sql("UPDATE assessment_snapshot SET digest = %s WHERE id = %s", copy_digest(again), key_of(copy))
    client.force_login(member(row.unit))
    assert fine(receipt(client, row, copy)) == [True, False, True]


def test_an_event_that_was_changed_along_is_seen(client):
    row, copy = handed_in()
    tampered(copy, answers={})
    made = copy_digest(Snapshot.objects.get(pk=copy.pk))
    event = Event.objects.get(kind="moved")
    sql("UPDATE assessment_snapshot SET digest = %s WHERE id = %s", made, key_of(copy))
    data = json.dumps(event.data | {"digest": made})
    sql("UPDATE assessment_event SET data = %s WHERE id = %s", data, event.pk)
    client.force_login(member(row.unit))
    assert fine(receipt(client, row, copy)) == [True, False, True]


def test_evidence_whose_version_is_another_one_is_seen(client):
    row, copy = handed_in({"title": "SK Tim Kerja"}, {"title": "SK lain"})
    first, second = DocumentVersion.objects.order_by("pk")
    sql("UPDATE evidence_documentversion SET blob_id = %s WHERE id = %s", second.blob_id, first.pk)
    client.force_login(member(row.unit))
    response = receipt(client, row, copy)
    assert fine(response) == [True, True, False]
    assert [p.title for p in response.context["papers"] if p.is_lost] == ["SK Tim Kerja"]


# All of them: manage.py verify_history


def verified():
    out, problems = StringIO(), StringIO()
    try:
        call_command("verify_history", stdout=out, stderr=problems)
    except CommandError:
        return problems.getvalue()
    return out.getvalue()


def test_whole_copies_are_counted():
    approved()
    filled(opened(), share=0.1)
    assert verified() == "The history of 2 assessments is whole.\nTheir 2 fixed copies are whole.\n"


def test_a_changed_copy_is_reported():
    row, copy = handed_in()
    tampered(copy, answers={})
    assert verified() == f"{row.unit.code} 2026: fixed copy {copy.pk} does not match its digest\n"


def test_a_copy_that_was_changed_with_its_digest_is_reported():
    row, copy = handed_in()
    tampered(copy, answers={})
    made = copy_digest(Snapshot.objects.get(pk=copy.pk))
    sql("UPDATE assessment_snapshot SET digest = %s WHERE id = %s", made, key_of(copy))
    assert verified() == f"{row.unit.code} 2026: fixed copy {copy.pk} has another digest than the history\n"


def test_a_copy_that_is_gone_is_reported():
    row, copy = handed_in()
    sql("DELETE FROM assessment_snapshot WHERE id = %s", key_of(copy))
    assert verified() == f"{row.unit.code} 2026: fixed copy {copy.pk} is in the history but gone\n"


def test_a_copy_that_was_put_in_is_reported():
    row, copy = handed_in()
    added = Snapshot(
        assessment=row, kind="submission", stage="unit", round=2, at=copy.at, by=copy.by, data=copy.data, digest=""
    )
    added.digest = copy_digest(added)
    added.save()
    assert verified() == f"{row.unit.code} 2026: fixed copy {added.pk} is not in the history\n"


def test_every_copy_of_a_whole_story_verifies():
    row = in_review()
    lead, controller = reviewer(row, Role.TPI_LEAD), reviewer(row, Role.TPI_CONTROLLER)
    row = returned(row, [CODE], lead=lead)
    row = steps.take_step(assessment=row, name="take_back", by=lead, reason="Waktu habis.")
    agreed(row, lead)
    for name, by in (("finish", lead), ("pass_on", lead)):
        row = steps.take_step(assessment=row, name=name, by=by)
    steps.take_step(assessment=row, name="approve", by=controller, reason="Baik.")
    assert refreshed(row).snapshots.count() == 3
    assert verified().endswith("Their 3 fixed copies are whole.\n")
