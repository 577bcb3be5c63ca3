"""The page "Jalan menuju WBK/WBBM"."""

from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import TPI_ROLES, Role
from assessment import selectors
from assessment.access import DECIDED
from assessment.advice import advise, raised
from assessment.models import Answer, Assessment, Award, Event, Scorecard, State
from assessment.tests.factories import answer, entry, filled, judge, member, opened, person, reviewer
from assessment.trace import comma
from dashboards import asked, whatif
from review.tests.factories import agreed, at_state, in_review

pytestmark = pytest.mark.django_db


def url(assessment: Assessment) -> str:
    return reverse("dashboards:way", args=[assessment.period.year, assessment.unit.code])


@pytest.fixture
def half(instrument):
    """An assessment that was answered in part."""
    row = opened()
    filled(row, share=0.6)
    return row


def advice_on(assessment, predicate="WBK", **options):
    return advise(selectors.stage_result(assessment), predicate, **options)


def test_it_says_what_fails_by_how_much_and_the_smallest_way(client, half):
    client.force_login(member(half.unit))
    found = advice_on(half)
    text = client.get(url(half)).text
    assert f"{len(found.missing)} ambang belum tercapai" in text
    for check in found.missing:
        assert check.name in text
    assert f"Perbaikan paling sedikit: {len(found.improvements)} kriteria" in text
    for each in found.improvements:
        assert f'id="k-{each.code.replace(".", "-")}"' in text
        assert f"+{comma(each.points)} poin" in text
    assert f"<strong>{comma(found.after.total)}</strong>" in text


def test_each_suggestion_leads_to_its_criterion_where_the_reader_works(client, half):
    code = advice_on(half).improvements[0].code
    page = selectors.worksheet_of(half.period.instrument).page_of[code]
    places = {Role.MEMBER: "assessment:page", Role.TPI_MEMBER: "review:judge-page", Role.OBSERVER: "review:judge-page"}
    for role, name in places.items():
        client.force_login(person(half, role))
        where = reverse(name, args=[2026, half.unit.code, page])
        assert f'href="{where}#k-{code.replace(".", "-")}"' in client.get(url(half)).text, role


def test_the_other_reading_of_the_area_minimum_is_told_too(client, half):
    client.force_login(member(half.unit))
    found = advice_on(half, area_reading="separate")
    text = client.get(url(half)).text
    assert "Bila area dibaca: Pemenuhan dan Reform masing-masing" in text
    assert f"{len(found.missing)} ambang belum tercapai; jalan terpendeknya {len(found.improvements)} kriteria" in text


def test_wbbm_asks_for_wbk_first(client, half):
    client.force_login(member(half.unit))
    said = "Unit belum menyandang predikat WBK; nilai tidak dapat menggantikannya."
    assert said in client.get(url(half), {"predikat": "WBBM"}).text
    Award.objects.create(unit=half.unit, predicate="WBK", decree_number="1", decree_date="2025-01-01")
    assert said not in client.get(url(half), {"predikat": "WBBM"}).text


def test_a_criterion_that_cannot_change_is_never_suggested(client, half):
    client.force_login(member(half.unit))
    code = advice_on(half).improvements[0].code
    found = advice_on(half, fixed={code})
    text = client.get(url(half), {"tetap": code}).text
    assert "Tetap seperti sekarang" in text
    assert f"Perbaikan paling sedikit: {len(found.improvements)} kriteria" in text
    suggestions = text.partition('<ol class="db-suggestions">')[2].partition("</ol>")[0]
    assert f'id="k-{code.replace(".", "-")}"' not in suggestions


def test_a_threshold_out_of_reach_says_how_far_it_goes(client, half):
    answer(half, "B.II.a", index=Decimal("2.00"))
    client.force_login(member(half.unit))
    text = client.get(url(half), {"tetap": "B.II.a"}).text
    assert "dengan semua kriteria yang boleh berubah bernilai tertinggi pun hanya 8,75." in text


def test_trying_scores_on_the_server_and_saves_nothing(client, half):
    client.force_login(member(half.unit))
    before = list(Answer.objects.values()), Event.objects.count(), list(Scorecard.objects.values())
    answer_now = selectors.stage_result(half)
    response = client.get(url(half), {"coba": "1", "u.B.I.a": "4", "u.A.I.1.i.a": "Y"})
    tried = whatif.read(answer_now.worksheet, {"u.B.I.a": "4", "u.A.I.1.i.a": "Y"})
    assert response.context["total_after"] == comma(raised(answer_now, tried.values, area_reading="together").total)
    assert (list(Answer.objects.values()), Event.objects.count(), list(Scorecard.objects.values())) == before


def test_the_link_of_a_trial_shows_the_same_again(client, half):
    client.force_login(member(half.unit))
    first = client.get(url(half), {"u.B.I.a": "3,6", "predikat": "WBBM", "tetap": "A.I.1.i.a"})
    again = client.get(first.context["share"])
    for key in ("total_after", "predicate", "rows", "tried_count", "share"):
        assert again.context[key] == first.context[key]


def test_while_typing_only_the_outcome_comes_back(client, half):
    client.force_login(member(half.unit))
    response = client.get(url(half), {"coba": "1", "u.B.I.a": "4"}, headers={"HX-Request": "true"})
    assert "<html" not in response.text
    assert 'id="hasil-ambang" hx-swap-oob="innerHTML"' in response.text
    assert "HX-Request" in response["Vary"]


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"u.B.I.a": "9"}, whatif.WRONG_INDEX),
        ({"u.A.II.1.i.a": "\0"}, whatif.WRONG_PERCENT),
        ({"u.A.I.1.i.a": "X" * 3000}, whatif.WRONG_CHOICE),
        ({"predikat": "WTP"}, asked.WRONG_PREDICATE),
        ({"predikat": "\0"}, asked.WRONG_PREDICATE),
        ({"tahap": "second"}, asked.WRONG_STAGE),
        ({"tetap": "A.I"}, asked.WRONG_KEPT),
    ],
)
def test_nonsense_is_said_and_changes_nothing(client, half, params, said):
    client.force_login(member(half.unit))
    for headers in ({}, {"HX-Request": "true"}):
        response = client.get(url(half), params, headers=headers)
        assert response.status_code == 422
    assert said in client.get(url(half), params).text


@pytest.mark.parametrize("role", Role)
def test_tpis_figures_are_shown_to_who_may_read_them_and_nobody_else(client, instrument, role):
    row = opened(state="review")
    judge(row, "tpi", entry("A.I.1.i.a", "Ada SK.", choice="Y"))
    client.force_login(person(row, role))
    for state in State:
        row = at_state(row, state)
        params = {"tahap": "tpi", "coba": "1"}
        response = client.get(url(row), params, headers={"HX-Request": "true"})
        allowed = role in {*TPI_ROLES, Role.OBSERVER, Role.ADMIN} or state in DECIDED
        assert (response.status_code == 200) is allowed, state
        assert response.context["total"] == ("0,25" if allowed else "0,00"), state


def test_tpis_figures_are_the_base_where_they_may_be_read(client, instrument):
    row = in_review()
    lead = reviewer(row, Role.TPI_LEAD)
    agreed(row, lead)
    client.force_login(lead)
    response = client.get(url(row), {"tahap": "tpi"})
    assert response.context["total"] == comma(selectors.stage_result(row, "tpi").total)


def test_it_costs_the_same_queries_however_much_is_answered(client, instrument, django_assert_num_queries):
    empty, full = opened(), opened()
    filled(full)
    for row in (empty, full):
        client.force_login(member(row.unit))
        client.get(url(row))
        with django_assert_num_queries(6):
            client.get(url(row))
