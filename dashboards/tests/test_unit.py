"""A unit's dashboard."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import TPI_ROLES, Role
from assessment import selectors
from assessment.access import DECIDED
from assessment.models import Assessment, Criterion, State
from assessment.tests.factories import UserFactory, entry, filled, judge, member, opened, person, reviewer
from assessment.trace import comma
from dashboards.radar import Line, radar
from evidence.tests.factories import attachment
from review.models import Finding
from review.tests.factories import at_state, in_review, second_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def url(assessment: Assessment) -> str:
    return reverse("dashboards:unit", args=[assessment.period.year, assessment.unit.code])


def test_it_shows_figures_areas_progress_and_evidence(client, instrument):
    row = opened()
    filled(row, share=0.6)
    attachment(row)
    client.force_login(member(row.unit))
    context = client.get(url(row)).context
    card = selectors.scorecard_of(row, "unit")
    assert context["total"] == comma(card.total)
    assert (context["answered"], context["criteria"]) == (str(card.answered), "113")
    assert context["documents"].startswith("1 dari ")
    assert {part.page: part.answered for part in context["parts"]}["A.I.1"] == str(card.nodes["A.I.1"]["answered"])
    wanted = {c["subject"]: c for c in card.checks if c["measure"] == "area" and c["decides"]}
    assert [value for _, value, _ in context["areas"]] == [
        f"{comma(Decimal(wanted[key]['value']))}%" for key in "123456"
    ]


@pytest.mark.parametrize("role", Role)
def test_no_stage_is_shown_before_its_time(client, instrument, role):
    row = opened(state="review")
    judge(row, "tpi", entry("B.I.b", "Sesuai bukti.", choice="A"))
    client.force_login(person(row, role))
    for state in State:
        response = client.get(url(at_state(row, state)))
        allowed = role in {*TPI_ROLES, Role.OBSERVER, Role.ADMIN} or state in DECIDED
        assert ("TPI" in response.context["stages"]) is allowed, state
        assert (">5,00" in response.text) is allowed, state


def test_open_findings_are_listed_but_not_for_a_blind_reviewer(client, instrument):
    row = in_review()
    criterion = Criterion.objects.get(instrument=row.period.instrument, code="A.I.1.i.a")
    Finding.objects.create(
        assessment=row, criterion=criterion, stage="tpi", text="Lengkapi SK.", created_by=UserFactory(),
        created_at=timezone.now(),
    )  # fmt: skip
    blind = reviewer(row)
    second_of(row, blind, ["A.I.1.i.a"])
    for user, shown in ((member(row.unit), True), (blind, False)):
        client.force_login(user)
        response = client.get(url(row))
        assert ("Lengkapi SK." in response.text) is shown
        assert response.context["findings"] == ("1" if shown else "–")


def test_years_are_compared_once_there_are_two(client, instrument):
    row = opened()
    client.force_login(member(row.unit))
    assert client.get(url(row)).context["trend"] == ""
    before = opened(row.unit, year=2025)
    filled(before)
    context = client.get(url(row)).context
    assert [year for year, *_ in context["years"]] == ["2025", "2026"]
    assert "2025" in context["trend"]


def test_it_costs_the_same_queries_however_many_years_there_are(client, instrument, django_assert_num_queries):
    row = opened()
    client.force_login(member(row.unit))
    client.get(url(row))
    with CaptureQueriesContext(connection) as one:
        client.get(url(row))
    for year in (2023, 2024, 2025):
        filled(opened(row.unit, year=year))
    with django_assert_num_queries(len(one)):
        client.get(url(row))


def test_the_radar_has_every_figure_in_words_and_nothing_the_policy_forbids():
    axes = ["Area 1", "Area <2>", "Area 3"]
    figures = Line("Nilai Unit", (Decimal("50.00"), Decimal(120), Decimal(0)))
    drawn = radar(axes, figures, [Line("Minimum", (Decimal(60),) * 3)])
    assert "Area 1: 50,00%." in drawn
    assert "Area &lt;2&gt;" in drawn
    assert "style" not in drawn
    assert 'points="160.0,76.0 239.7,168.0 160.0,122.0"' in drawn  # half way up, clipped at the end, the middle
