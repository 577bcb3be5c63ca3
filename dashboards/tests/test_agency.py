"""The agency's dashboard: who may open it, which units it counts, and that its figures are the recap's."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role
from accounts.tests.factories import MembershipFactory
from assessment.models import Assignment
from assessment.tests.factories import (
    PeriodFactory,
    UnitFactory,
    entry,
    filled,
    judge,
    member,
    opened,
    team_of,
)  # fmt: skip
from review.tests.factories import at_state

pytestmark = pytest.mark.django_db
HOME = reverse("dashboards:agency-home")
AGENCY = reverse("dashboards:agency", args=[2026])


@pytest.fixture
def top(instrument):
    return UnitFactory()


def unit_of(top, state="draft", seed=1, share=1.0):
    row = opened(UnitFactory(parent=top))
    if share:
        filled(row, seed=seed, share=share)
    return at_state(row, state)


@pytest.mark.parametrize("role", [Role.ADMIN, Role.OBSERVER])
def test_it_counts_the_units_that_its_reader_may_see(client, top, role):
    rows = [unit_of(top), unit_of(top, "review", share=0.5)]
    unit_of(UnitFactory(), "fulfils")
    client.force_login(member(top, role))
    response = client.get(HOME, follow=True)
    context = response.context
    assert context["summary"].units == "2"
    assert [(state, count) for state, _, count, _ in context["states"]] == [("draft", "1"), ("review", "1")]
    assert [row.code for row in context["heat"]] == [row.unit.code for row in rows]


def test_every_figure_leads_to_the_units_behind_it(client, top):
    unit_of(top)
    unit_of(top, "review", share=0.4)
    client.force_login(member(top, Role.OBSERVER))
    context = client.get(AGENCY).context
    links = [(count, url) for _, _, count, url in context["states"]]
    links += [(count, url) for _, _, count, _, url in context["thresholds"]]
    links.append((context["summary"].passing, context["passing_url"]))
    assert len(links) > 4
    for count, url in links:
        response = client.get(url)
        assert response.status_code == 200, url
        assert len(response.context["rows"]) == int(count), url


def test_a_cell_says_by_figure_and_mark_what_its_colour_says(client, top):
    unit_of(top, share=0.4)
    client.force_login(member(top, Role.OBSERVER))
    response = client.get(AGENCY)
    for cell in response.context["heat"][0].cells:
        percent = float(cell.text.rstrip("%").replace(",", "."))
        assert cell.band == ("low" if percent < 60 else "middle" if percent < 75 else "high")
        assert cell.missed is (percent < 60)
    assert response.text.count("di bawah minimum target:") == sum(c.missed for c in response.context["heat"][0].cells)


def test_a_head_who_observes_other_units_sees_no_early_figures_of_reviewers_there_or_here(client, top):
    """Rights are asked unit by unit: what TPI thinks of one's own unit is not told before the decision."""
    own, below = opened(state="review"), at_state(opened(UnitFactory(parent=top)), "review")
    for row in (own, below):
        judge(row, "tpi", *[entry(c, "Sesuai bukti.", choice="A") for c in ("B.I.b",)])
    user = member(top, Role.OBSERVER)
    MembershipFactory(unit=own.unit, role=Role.HEAD, user=user)
    client.force_login(user)
    subjects = {s.code: set(s.cards) for s in client.get(AGENCY).context["recap"].subjects}
    assert subjects == {own.unit.code: {"unit"}, below.unit.code: {"unit", "tpi"}}


def test_teams_show_what_waits_for_them(client, top):
    rows = [unit_of(top, state) for state in ("review", "fulfils")]
    team = team_of(rows[0])
    Assignment.objects.create(assessment=rows[1], team=team, assigned_at=rows[0].period.unit_opens)
    team_of(opened())
    judge(rows[0], "tpi", entry("A.I.1.i.a", "Sesuai bukti.", choice="Y"))
    client.force_login(member(top, Role.ADMIN))
    assert [load[:4] for load in client.get(AGENCY).context["loads"]] == [(team.name, "2", "1", "0")]


def test_the_screen_on_the_wall_has_no_navigation_and_refreshes_itself(client, top):
    best, worst = unit_of(top), unit_of(top, share=0)
    client.force_login(member(top, Role.OBSERVER))
    response = client.get(AGENCY, {"tampilan": "tv"})
    assert '<meta http-equiv="refresh" content="300">' in response.text
    assert "<nav" not in response.text
    assert "<script" not in response.text
    assert [row.code for row in response.context["heat"]] == [worst.unit.code, best.unit.code]


def test_without_periods_or_assessments_it_says_so(client, instrument):
    client.force_login(member(UnitFactory(), Role.ADMIN))
    assert "Belum ada periode penilaian." in client.get(HOME).text
    assert client.get(AGENCY).status_code == 404
    PeriodFactory()
    for params in ({}, {"tampilan": "tv"}):
        text = client.get(AGENCY, params).text
        assert "Belum ada penilaian pada periode ini yang dapat Anda lihat." in text


@pytest.mark.parametrize("params", [{"hal": "x"}, {"hal": "99999999999999999999"}, {"tampilan": "\0"}, {"hal": "-1"}])
def test_absurd_addresses_show_the_page(client, top, params):
    unit_of(top, share=0)
    client.force_login(member(top, Role.OBSERVER))
    assert client.get(AGENCY, params).status_code == 200


@pytest.mark.parametrize("params", [{}, {"tampilan": "tv"}])
def test_it_costs_the_same_queries_with_one_unit_and_with_many(client, top, params, django_assert_num_queries):
    team_of(unit_of(top, "review", share=0.2))
    client.force_login(member(top, Role.ADMIN))
    client.get(AGENCY, params)
    with CaptureQueriesContext(connection) as one:
        client.get(AGENCY, params)
    for seed in range(3):
        team_of(unit_of(top, "submitted", seed, share=0.2))
    with django_assert_num_queries(len(one)):
        client.get(AGENCY, params)


def test_units_come_in_pages(client, top, monkeypatch):
    monkeypatch.setattr("dashboards.agency_pages.PER_PAGE", 2)
    rows = [opened(UnitFactory(parent=top)) for _ in range(3)]
    client.force_login(member(top, Role.ADMIN))
    assert [row.code for row in client.get(AGENCY, {"hal": "2"}).context["heat"]] == [rows[2].unit.code]
