"""Reviewers at the same moment, over real connections: no answer, verdict or step is overwritten."""

from collections import Counter
from itertools import pairwise

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from assessment import selectors
from assessment.models import Event, Snapshot, Stage, State
from assessment.services import record_answers
from assessment.tests.factories import entry
from evidence.tests.factories import attachment
from review.models import Verdict
from review.services import verdicts
from review.services.snapshots import is_intact
from review.services.steps import take_step
from review.tests.factories import agreed, in_review, opened, refreshed, reviewer

from .parallel import in_parallel
from .test_concurrency import assert_whole

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("instrument", "media")]
PEOPLE = 4
CODE = "A.I.1.i.a"


def events_of(row, kind, stage=Stage.TPI):
    return list(row.events.filter(kind=kind, stage=stage).order_by("number"))


def test_of_reviewers_on_one_criterion_one_is_saved_and_the_others_see_what_is_stored():
    row = in_review()
    people = [reviewer(row) for _ in range(PEOPLE)]
    before = selectors.answers_of(row, Stage.UNIT)[CODE]
    own = before.choice.key
    address = reverse("review:judge-save", args=[2026, row.unit.code, CODE])

    def job(number):
        client = Client(headers={"HX-Request": "true"})
        client.force_login(people[number])
        statuses = []
        for turn in range(3):
            note = f"Penilai {number} pada giliran {turn}"
            data = {f"{CODE}-choice": own, f"{CODE}-note": note, f"{CODE}-version": str(turn)}
            response = client.post(address, data)
            statuses.append(response.status_code)
            stored = selectors.answers_of(row, Stage.TPI)[CODE]
            assert response.status_code != 409 or stored.note != note
            assert response.status_code != 409 or "baru saja dinilai" in response.text
        return statuses

    statuses = Counter(status for found in in_parallel(job, PEOPLE) for status in found)
    stored, events = selectors.answers_of(row, Stage.TPI)[CODE], events_of(row, Event.Kind.ANSWERED)
    assert set(statuses) == {200, 409}
    assert statuses[200] == stored.version == len(events)
    assert events[-1].data["to"]["note"] == stored.note
    assert all(later.data["from"] == earlier.data["to"] for earlier, later in pairwise(events))
    after = selectors.answers_of(row, Stage.UNIT)[CODE]
    assert (after.version, after.changed_at) == (before.version, before.changed_at)
    assert_whole(row, Stage.TPI)


def test_of_reviewers_on_one_document_one_verdict_is_stored():
    row = opened()
    held = attachment(row, CODE)
    row = in_review(row)
    people = [reviewer(row) for _ in range(PEOPLE)]

    def job(number):
        try:
            verdicts.give_verdict(
                assessment=row, attachment=held, stage=Stage.TPI, verdict="partial", reason=f"Penilai {number}",
                revision=0, by=people[number],
            )  # fmt: skip
        except verdicts.Stale as error:
            return error.stored.reason
        return "saved"

    outcomes = in_parallel(job, PEOPLE)
    stored = Verdict.objects.get()
    assert outcomes.count("saved") == stored.revision == len(events_of(row, Event.Kind.VERDICT)) == 1
    assert [o for o in outcomes if o != "saved"] == [stored.reason] * (PEOPLE - 1)
    assert stored.reason == f"Penilai {outcomes.index('saved')}"


def test_of_leads_who_take_one_step_one_takes_it():
    row = in_review()
    people = [reviewer(row, Role.TPI_LEAD) for _ in range(PEOPLE)]
    agreed(row, people[0])
    moves = row.events.filter(kind=Event.Kind.MOVED).count()

    def job(number):
        try:
            take_step(assessment=row, name="finish", by=people[number])
        except ValidationError:
            return "refused"
        return "taken"

    assert sorted(in_parallel(job, PEOPLE)) == ["refused"] * (PEOPLE - 1) + ["taken"]
    assert refreshed(row).state == State.LEAD_CHECK
    assert row.events.filter(kind=Event.Kind.MOVED).count() == moves + 1


def test_what_is_saved_while_a_stage_is_frozen_is_in_the_copy_or_refused():
    row = in_review()
    lead, controller = reviewer(row, Role.TPI_LEAD), reviewer(row, Role.TPI_CONTROLLER)
    agreed(row, lead)
    take_step(assessment=row, name="finish", by=lead)

    def job(number):
        if number == 0:
            take_step(assessment=row, name="pass_on", by=lead)
            take_step(assessment=row, name="approve", by=controller, reason="Layak.")
            return 0
        saved = 0
        for code in ("A.I.1.i.b", "A.I.1.ii.a", "A.I.2.i.a"):
            held = selectors.answers_of(row, Stage.TPI)[code]
            again = entry(code, f"Penilai {number}", version=held.version, choice=held.choice.key)
            try:
                recorded = record_answers(assessment=row, entries=[again], by=lead, stage=Stage.TPI)
            except ValidationError:
                continue
            saved += recorded.outcomes[code] == "saved"
        return saved

    saved = sum(in_parallel(job, PEOPLE))
    copy = row.snapshots.get(kind=Snapshot.Kind.DECISION)
    stored = selectors.answers_of(row, Stage.TPI)
    assert is_intact(copy)
    assert {c: (a["version"], a["note"]) for c, a in copy.data["answers"].items()} == {
        c: (a.version, a.note) for c, a in stored.items()
    }
    assert sum(a.version - 1 for a in stored.values()) == saved
    assert_whole(row, Stage.TPI)
