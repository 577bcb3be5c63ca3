"""Checking completeness, submitting, and what the unit's pages say of the way on."""

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from assessment import selectors, services
from assessment.access import AFTER_PRELIM
from assessment.models import Assessment, Event, Period, Return, Snapshot, State
from assessment.tests.factories import answer, best_entries, filled
from evidence.tests.factories import attachment, document
from review.completeness import Condition, Paper, report
from review.services import steps
from review.sptjm import STATEMENT
from review.submitting import report_of

from .factories import (
    UserFactory,
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


def text_of(response):
    return unescape(response.text)


def written():
    return (
        Event.objects.count(), Snapshot.objects.count(), sorted(Assessment.objects.values_list("pk", "state")),
        Return.objects.filter(answered_at=None).count(),
    )  # fmt: skip


def head_of(client, row):
    head = member(row.unit, Role.HEAD)
    client.force_login(head)
    return head


def slugs(response, name="found"):
    return [group.slug for group in response.context[name]]


def group(response, slug):
    return next(g for g in response.context["found"] if g.slug == slug)


def texts(found):
    return [(item.code, item.detail) for part in found.parts for item in part.items]


# What is missing, without pages


def result_for(**given):
    row = opened()
    for code, what in given.items():
        answer(row, code.replace("_", "."), **what)
    return selectors.stage_result(row)


def reported(result, **changes):
    plain = {"year": 2026, "target": "WBK", "papers": [], "conditions": [], "met": "ya"}
    return report(result, **plain | changes)


def test_a_yes_without_a_document_is_unproved_and_a_no_is_not():
    result = result_for(A_I_1_i_a={"choice": "Y"}, A_I_1_ii_a={"choice": "T"})
    assert reported(result).unproved == (CODE,)
    assert reported(result, papers=[Paper(CODE, 0, "SK", 2026)]).unproved == ()


def test_documents_of_another_year_come_in_worksheet_order():
    papers = [Paper("A.I.1.ii.a", 0, "B", 2025), Paper(CODE, 1, "Z", 2024), Paper(CODE, 1, "A", 2026)]
    found = reported(result_for(), papers=papers).other_year
    assert [(p.code, p.title) for p in found] == [(CODE, "Z"), ("A.I.1.ii.a", "B")]


def test_conditions_that_are_not_met_and_thresholds_of_the_target_alone():
    conditions = [Condition("a", "Satu", "ya"), Condition("b", "Dua", "proses"), Condition("c", "Tiga", "")]
    found = reported(result_for(), conditions=conditions, target="WBBM")
    assert [c.key for c in found.conditions] == ["b", "c"]
    assert {c.predicate for c in found.failing} == {"WBBM"}
    assert all(c.decides and not c.passed for c in found.failing)


def test_missing_documents_are_counted_by_area():
    result = result_for()
    empty = reported(result)
    expected = sum(len(c.documents) for c in result.worksheet.criteria.values())
    assert empty.missing == expected
    one = reported(result, papers=[Paper(CODE, 1, "SK", 2026)])
    assert one.missing == expected - 1
    assert one.areas["A.I.1"].found == 1
    other = reported(result, papers=[Paper(CODE, 0, "SK", 2026)])
    assert other.missing == expected


def test_a_zero_denominator_that_nobody_decided_is_odd():
    (found,) = reported(result_for(A_II_1_i_a={"counts": (0, 0)})).contradictions
    assert found[0] == "A.II.1.i.a"
    assert "enyebut" in found[1]


# The page


def test_an_empty_worksheet_may_not_be_submitted_and_every_criterion_is_linked(client):
    row = opened()
    head_of(client, row)
    response = client.get(url("check", row))
    page = text_of(response)
    assert "Belum dapat diajukan" in page
    assert "113 kriteria belum dijawab." in page
    assert slugs(response)[0] == "belum-dijawab"
    worksheet = selectors.worksheet_of(row.period.instrument)
    for code, criterion in worksheet.criteria.items():
        assert f"/{worksheet.page_of[code]}/#k-{criterion.slug}" in page


def test_a_complete_one_may_be_submitted_with_its_warnings(client):
    row = opened()
    filled(row)
    answer(row, "A.II.1.i.a", counts=(0, 0))
    attachment(row, CODE, document(row.unit, title="SK lama", year=2020))
    head_of(client, row)
    response = client.get(url("check", row))
    page = text_of(response)
    assert "Boleh diajukan" in page
    assert url("submit-page", row) in page
    assert slugs(response) == ["tanpa-bukti", "bertentangan", "tahun-lain", "ambang", "syarat", "dokumen"]
    assert slugs(response, "fine") == ["belum-dijawab"]
    assert texts(group(response, "tahun-lain")) == [(CODE, "SK lama (tahun 2020)")]
    assert CODE not in [code for code, _ in texts(group(response, "tanpa-bukti"))]
    assert [code for code, _ in texts(group(response, "bertentangan"))] == ["A.II.1.i.a"]
    assert group(response, "syarat").count == 10
    for part in (p for g in response.context["found"] for p in g.parts):
        for item in part.items:
            assert client.get(item.url).status_code == 200


def test_the_best_answers_leave_no_threshold_open():
    row = opened()
    services.record_answers(assessment=row, entries=best_entries(row), by=UserFactory())
    found = report_of(row, selectors.stage_result(row))
    assert (found.unanswered, found.failing) == ((), ())


def test_unanswered_criteria_block_nothing_where_the_period_says_so(client):
    row = opened(allows_unanswered=True)
    head_of(client, row)
    response = client.get(url("check", row))
    assert "Boleh diajukan" in response.text
    assert not any(g.blocks for g in response.context["found"])


def test_a_closed_window_is_said(client):
    row = opened(unit_closes=timezone.now() - timedelta(hours=1))
    head_of(client, row)
    assert "Waktu pengisian unit sudah lewat" in client.get(url("check", row)).text


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("state", State)
def test_everybody_inside_may_check_and_only_the_head_is_led_to_submitting(client, role, state):
    row = opened()
    user = person(row, role)
    row = at_state(row, state)
    client.force_login(user)
    response = client.get(url("check", row))
    assert response.status_code == 200
    leads = role == Role.HEAD and state in {State.DRAFT, State.RETURNED}
    assert (url("submit-page", row) in response.text) is leads
    assert client.get(url("submit-page", row)).status_code == (200 if leads else 403)


@pytest.mark.parametrize("count", [1, 4])
def test_checking_takes_the_same_queries_however_much_there_is(client, django_assert_num_queries, count):
    row = opened()
    filled(row, share=0.2 * count)
    for number in range(count):
        attachment(row, CODE, document(row.unit, title=f"SK {number}", year=2020 + number))
    head_of(client, row)
    client.get(url("check", row))
    with django_assert_num_queries(10):
        # session, user, assessment, memberships, answers, attachments, conditions, their answers and documents,
        # the step's own check
        client.get(url("check", row))


# Submitting


def ready(**period):
    row = opened(**period)
    filled(row)
    return row


def test_the_head_sees_the_statement_and_what_is_submitted(client):
    row = ready()
    attachment(row, CODE)
    head = head_of(client, row)
    page = text_of(client.get(url("submit-page", row)))
    for line in STATEMENT:
        assert line in page
    assert str(head) in page
    assert "113/113" in page
    assert "disabled" not in page.split("<form")[-1]


def test_without_the_tick_nothing_is_submitted(client):
    row = ready()
    head_of(client, row)
    before = written()
    response = client.post(url("submit", row), {"seen": "draft"})
    assert response.status_code == 422
    assert "Centang pernyataan ini untuk mengajukan." in response.text
    assert written() == before


def test_with_the_tick_it_is_submitted_and_the_receipt_shown(client):
    row = ready()
    attachment(row, CODE)
    head = head_of(client, row)
    response = client.post(url("submit", row), {"confirm": "ya", "seen": "draft"})
    made = Snapshot.objects.get()
    assert response.status_code == 302
    assert response.url == url("snapshot", row, made.pk)
    assert refreshed(row).state == State.SUBMITTED
    assert (made.by, made.kind, made.round) == (head, "submission", 1)
    assert made.data["sptjm"]["statement"] == list(STATEMENT)
    page = client.get(response.url).text
    assert made.digest in page
    assert "Diperiksa sekarang: utuh" in page
    assert reverse("reports:sptjm-pdf", args=[2026, row.unit.code, made.pk]) in page


def test_what_is_unanswered_is_listed_with_links(client):
    row = ready()
    answer(row, CODE)
    head_of(client, row)
    before = written()
    response = client.post(url("submit", row), {"confirm": "ya", "seen": "draft"})
    page = text_of(response)
    assert response.status_code == 422
    assert "1 kriteria belum dijawab." in page
    assert reverse("assessment:page", args=[2026, row.unit.code, "A.I.1"]) + "#k-A-I-1-i-a" in page
    assert written() == before


def test_a_closed_window_refuses(client):
    row = ready()
    Period.objects.update(unit_closes=timezone.now() - timedelta(minutes=1))
    head_of(client, row)
    before = written()
    response = client.post(url("submit", row), {"confirm": "ya", "seen": "draft"})
    assert response.status_code == 422
    assert steps.CLOSED[steps.Window.UNIT] in response.text
    assert written() == before


def test_pressing_twice_submits_once_and_says_so(client):
    row = ready()
    head_of(client, row)
    client.post(url("submit", row), {"confirm": "ya", "seen": "draft"})
    before = written()
    response = client.post(url("submit", row), {"confirm": "ya", "seen": "draft"}, follow=True)
    assert response.redirect_chain == [(row.get_absolute_url(), 302)]
    assert steps.NOT_NOW in response.text
    assert written() == before


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("state", State)
def test_nobody_but_the_head_submits(client, role, state):
    row = opened()
    user = person(row, role)
    row = at_state(row, state)
    client.force_login(user)
    before = written()
    response = client.post(url("submit", row), {"confirm": "ya"})
    allowed = role == Role.HEAD and state in {State.DRAFT, State.RETURNED}
    assert response.status_code == (422 if allowed else 403)  # nothing is answered
    assert written() == before


def test_somebody_else_who_says_they_saw_a_draft_is_refused(client):
    row = submitted()
    client.force_login(member(row.unit))
    assert client.post(url("submit", row), {"confirm": "ya", "seen": "draft"}).status_code == 403


def test_corrections_are_submitted_again_with_what_was_corrected(client):
    row = in_review()
    lead = reviewer(row, Role.TPI_LEAD)
    row = returned(row, [CODE, "A.I.1.ii.a"], lead=lead)
    stored = selectors.answers_of(row, "unit")[CODE].choice.key
    answer(row, CODE, choice="T" if stored == "Y" else "Y")
    head_of(client, row)
    response = client.get(url("submit-page", row))
    assert (response.context["corrected"], response.context["asked"]) == ("1", "2")
    assert [item.code for item in response.context["unchanged"]] == ["A.I.1.ii.a"]
    response = client.post(url("submit", row), {"confirm": "ya", "seen": "returned"})
    made = Snapshot.objects.get(round=2)
    assert response.url == url("snapshot", row, made.pk)
    assert refreshed(row).state == State.REVIEW
    assert Return.objects.get().changed == [CODE]


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_the_same_queries(client, django_assert_num_queries, count):
    row = ready()
    codes = [CODE, "A.I.1.ii.a", "A.I.2.i.a"][:count]
    for code in codes:
        attachment(row, code)
    lead = reviewer(row, Role.TPI_LEAD)
    row = steps.take_step(assessment=row, name="submit", by=member(row.unit, Role.HEAD))
    row = steps.take_step(assessment=row, name="start_review", by=lead)
    row = returned(row, codes, lead=lead)
    head_of(client, row)
    client.get(url("submit-page", row))
    with django_assert_num_queries(21):
        client.get(url("submit-page", row))


# The overview's box and the returned sheet


def overview(client, row):
    return client.get(row.get_absolute_url())


def test_the_overview_leads_the_head_to_submitting_and_the_team_to_checking(client):
    row = ready()
    head_of(client, row)
    page = overview(client, row).text
    assert "Langkah berikutnya" in page
    assert url("submit-page", row) in page
    client.force_login(member(row.unit))
    page = overview(client, row).text
    assert url("submit-page", row) not in page
    assert url("check", row) in page


@pytest.mark.parametrize(
    ("state", "role", "name", "args"),
    [
        (State.SUBMITTED, Role.TPI_LEAD, "step-page", ["start_review"]),
        (State.REVIEW, Role.TPI_LEAD, "returns", []),
        (State.APPROVAL, Role.TPI_CONTROLLER, "step-page", ["approve"]),
        (State.PROPOSED, Role.ADMIN, "result-page", []),
        (State.UNFIT, Role.ADMIN, "step-page", ["reopen"]),
    ],
)
def test_each_step_leads_to_its_page(client, state, role, name, args):
    row = opened()
    client.force_login(person(row, role))
    row = at_state(row, state)
    assert f'href="{url(name, row, *args)}"' in overview(client, row).text


def test_an_administrator_is_led_to_the_proposals(client):
    row = opened()
    client.force_login(person(row, Role.ADMIN))
    row = at_state(row, State.FULFILS)
    assert reverse("review:proposals", args=[2026]) in overview(client, row).text


@pytest.mark.parametrize("state", [s for s in State if s != State.RETURNED])
def test_the_overview_costs_no_more_for_its_box(client, django_assert_num_queries, state):
    row = opened()
    client.force_login(member(row.unit))
    row = at_state(row, state)
    overview(client, row)
    # session, user, assessment, memberships, scorecard, answers, attachments, planning (three); stages to download
    with django_assert_num_queries(10 + (state in AFTER_PRELIM)):
        overview(client, row)


def sent_back(codes=(CODE, "A.I.1.ii.a"), **options):
    row = in_review()
    return returned(row, list(codes), lead=reviewer(row, Role.TPI_LEAD), **options)


def test_the_unit_sees_what_came_back_why_and_until_when(client):
    row = sent_back()
    client.force_login(member(row.unit))
    page = text_of(overview(client, row))
    assert "Dikembalikan oleh TPI (putaran 1): 2 kriteria" in page
    assert page.count("Perbaiki buktinya.") == 2
    assert reverse("assessment:page", args=[2026, row.unit.code, "A.I.1"]) + "#k-A-I-1-i-a" in page


@pytest.mark.parametrize("codes", [[CODE], [CODE, "A.I.1.ii.a", "A.I.2.i.a"]])
def test_a_returned_one_costs_the_same_for_any_number_of_criteria(client, django_assert_num_queries, codes):
    row = sent_back(codes)
    client.force_login(member(row.unit))
    overview(client, row)
    with django_assert_num_queries(14):  # ten, what is open (two), the return and its criteria
        overview(client, row)
    with django_assert_num_queries(13):  # nine, what is open (two), the return and its criteria
        client.get(reverse("assessment:page", args=[2026, row.unit.code, "A.I.1"]))


def test_the_sheet_marks_what_came_back_and_closes_the_rest(client):
    row = sent_back([CODE])
    client.force_login(member(row.unit))
    page = text_of(client.get(reverse("assessment:page", args=[2026, row.unit.code, "A.I.1"])))
    cards = page.split("<article")[1:]
    assert sum("Perlu diperbaiki (putaran 1, paling lambat" in c for c in cards) == 1
    assert "Perbaiki buktinya." in cards[0]
    assert "disabled" not in cards[0].split("</fieldset>")[0]
    assert all("Tidak termasuk yang dikembalikan" in c for c in cards[1:])
    other = text_of(client.get(reverse("assessment:page", args=[2026, row.unit.code, "A.I.2"])))
    assert "Tidak ada kriteria di lembar ini yang dikembalikan" in other


def test_the_sheet_says_that_the_time_to_correct_is_over(client):
    row = sent_back([CODE])
    Return.objects.update(until=timezone.now() - timedelta(minutes=1))
    client.force_login(member(row.unit))
    page = client.get(reverse("assessment:page", args=[2026, row.unit.code, "A.I.1"])).text
    assert "Batas waktu perbaikan sudah lewat." in page
    assert "disabled" in page
    assert "Batasnya sudah lewat" in overview(client, row).text


@pytest.mark.parametrize(
    ("state", "text"),
    [
        (State.SUBMITTED, "Penilaian sudah diajukan; jawaban unit tidak dapat diubah selama dinilai."),
        (State.APPROVAL, "Penilaian sudah diajukan; jawaban unit tidak dapat diubah selama dinilai."),
        (State.UNFIT, "belum layak dinilai TPI"),
        (State.NOT_YET, "Penilaian sudah diputuskan"),
        (State.PROPOSED, "Unit sudah diusulkan kepada TPN"),
        (State.RESULT, "Hasil TPN sudah dicatat"),
    ],
)
def test_a_closed_sheet_says_why(client, state, text):
    row = opened()
    client.force_login(member(row.unit))
    at_state(row, state)
    assert text in client.get(reverse("assessment:page", args=[2026, row.unit.code, "A.I.1"])).text


def test_a_blind_second_reviewer_reads_nothing_of_the_return(client):
    row = in_review()
    second = reviewer(row)
    second_of(row, second, [CODE])
    row = returned(row, [CODE], lead=reviewer(row, Role.TPI_LEAD))
    client.force_login(second)
    sheet = client.get(reverse("assessment:page", args=[2026, row.unit.code, "A.I.1"])).text
    for page in (overview(client, row).text, sheet):
        assert "Perbaiki buktinya." not in page
