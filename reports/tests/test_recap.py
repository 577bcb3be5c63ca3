"""The recap's figures: they are the scorecards', and nobody reads a stage that is not theirs to read."""

import random
from decimal import Decimal

import pytest
from django.http import Http404
from django.utils import timezone

from accounts.models import Role
from accounts.tests.factories import MembershipFactory
from assessment import services
from assessment.models import Scorecard, SecondScoring, State
from assessment.scoring import SEPARATE, TOGETHER, shown
from assessment.tests.factories import UserFactory, best_entries, member, opened, reviewer
from evidence.overview import overview_of
from evidence.selectors import coverage_of
from evidence.tests.factories import attachment
from reports.recap.collect import get_recap, recap_of
from reports.recap.figures import LATEST, percent_of
from review.models import Finding, TpnResult

from .recap_samples import agency, judged, result, unit

pytestmark = pytest.mark.django_db


def seen(user, year=2026):
    return {s.code: s for s in get_recap(user, year)[0].subjects}


@pytest.mark.parametrize("reading", [TOGETHER, SEPARATE])
@pytest.mark.parametrize("target", ["WBK", "WBBM"])
def test_every_figure_is_the_one_that_scoring_gives(instrument, reading, target):
    top, _, admin = agency()
    rows = {}
    for seed in random.Random(f"{reading}{target}").sample(range(1, 10_000), 4):
        row = unit(top, f"U{seed}", seed=seed, area_reading=reading)
        services.set_target(assessment=row, target=target, by=None)
        judged(row, worse=seed % 40)
        rows[row.unit.code] = row
    recap, _ = get_recap(admin, 2026)
    for subject in recap.subjects:
        for stage in ("unit", "tpi"):
            card, scored = subject.cards[stage], result(rows[subject.code], stage)
            assert card.points["total"] == shown(scored.total)
            assert card.provisional == shown(scored.provisional_total)
            assert card.passes == {"WBK": scored.passed("WBK"), "WBBM": scored.passed("WBBM")}
            for measure in recap.measures[1:]:
                nodes = scored.worksheet.areas[measure.key[-1]] if measure.is_area else ()
                exact = sum(scored.nodes[n.code].score for n in nodes) or scored.nodes.get(measure.key, 0)
                assert card.points[measure.key] == shown(exact if nodes else exact.score)
            deciding = [c for c in scored.checks_of(target) if c.decides]
            assert [(c.name, c.value, c.minimum, c.passed, c.gap) for c in card.checks] == [
                (c.name, c.value, c.minimum, c.passed, c.gap) for c in deciding
            ]
            whole = {f"area-{c.subject}": c.value for c in scored.checks if c.measure == "area" and "(" not in c.name}
            assert card.percents == whole
            assert len(whole) == 6


def test_measures_are_the_total_the_sections_the_areas_and_what_thresholds_name(instrument):
    _, upper, admin = agency()
    unit(upper, "U1")
    measures = get_recap(admin, 2026)[0].measures
    assert [m.key for m in measures] == [
        "total", "A", "A.I", "A.II", *(f"area-{n}" for n in range(1, 7)), "B", "B.I", "B.I.a", "B.I.b", "B.II",
    ]  # fmt: skip
    assert [m.short for m in measures] == [
        "Total", "Pengungkit", "Pemenuhan", "Reform", *(f"Area {n}" for n in range(1, 7)), "Hasil", "Birokrasi",
        "IPAK", "Capaian", "Pelayanan",
    ]  # fmt: skip
    weights = ["100", "60", "30", "30", "8", "7", "10", "10", "15", "10", "40", "22.5", "17.5", "5", "17.5"]
    assert [m.weight for m in measures] == [Decimal(weight) for weight in weights]


def test_shares_of_the_weight(instrument):
    _, upper, admin = agency()
    row = unit(upper, "U1")
    services.record_answers(assessment=row, entries=best_entries(row, index="3.60"), by=UserFactory())
    recap, _ = get_recap(admin, 2026)
    card = recap.subjects[0].cards["unit"]
    assert percent_of(recap.measure("B.I.a"), card) == shown(90)
    assert percent_of(recap.measure("area-5"), card) == shown(100)
    assert percent_of(recap.measure("total"), card) == card.points["total"] == shown(100 - 17.5 / 10)


def test_a_unit_is_told_nothing_of_work_under_way(instrument):
    _, upper, admin = agency()
    row = judged(unit(upper, "U1", seed=3), state=State.APPROVAL)
    own = seen(member(row.unit, Role.HEAD))["U1"]
    assert set(own.cards) == {"unit"}
    assert own.card(LATEST) == own.cards["unit"]
    assert own.card("tpi") is None
    assert seen(admin)["U1"].card(LATEST).stage == "tpi"
    assert set(seen(reviewer(row))["U1"].cards) == {"unit", "tpi"}
    judged_row = row
    type(row).objects.filter(pk=judged_row.pk).update(state=State.NOT_YET)
    assert seen(member(row.unit))["U1"].card(LATEST).stage == "tpi"


def test_units_are_those_that_the_reader_may_see(instrument):
    top, upper, admin = agency()
    first, second = unit(upper, "U1"), unit(top, "U2")
    assert set(seen(admin)) == {"U1", "U2"}
    assert set(seen(member(upper, Role.OBSERVER))) == {"U1"}
    assert set(seen(member(second.unit))) == {"U2"}
    assert set(seen(reviewer(first, Role.TPI_LEAD))) == {"U1"}
    for stranger in (UserFactory(), member(upper, Role.TPI_LEAD), member(opened(year=2025).unit)):
        with pytest.raises(Http404):
            get_recap(stranger, 2026)
    assert {s.code for s in recap_of(first.period, None).subjects} == {"U1", "U2"}


def test_a_blind_reviewer_is_not_told_the_first_ones_figures_or_findings(instrument):
    _, upper, admin = agency()
    row = judged(unit(upper, "U1", seed=3))
    user = reviewer(row)
    Finding.objects.create(
        assessment=row, criterion_id=row.answers.first().criterion_id, stage="tpi", text="Lengkapi",
        created_by=admin, created_at=timezone.now(),
    )  # fmt: skip
    assert seen(user)["U1"].findings == 1
    second = SecondScoring.objects.create(
        assessment=row, user=user, codes=["A.I.1.i.a"], assigned_by=user, assigned_at=timezone.now()
    )
    assert seen(user)["U1"].findings is None
    assert set(seen(user)["U1"].cards) == {"unit"}
    second.finished_at = timezone.now()
    second.save()
    assert set(seen(user)["U1"].cards) == {"unit", "tpi"}


def test_findings_that_somebody_closed_are_not_counted(instrument):
    _, upper, admin = agency()
    row = unit(upper, "U1", seed=1)
    for state in Finding.State:
        Finding.objects.create(
            assessment=row, criterion_id=row.answers.first().criterion_id, stage="tpi", text="x", state=state,
            created_by=admin, created_at=timezone.now(),
        )  # fmt: skip
    assert seen(admin)["U1"].findings == 2


@pytest.mark.usefixtures("media")
def test_evidence_is_covered_as_the_overview_of_the_unit_says(instrument):
    _, upper, admin = agency()
    row, empty = unit(upper, "U1"), unit(upper, "U2")
    attachment(row, "A.I.1.i.a", expected=1)
    attachment(row, "A.I.1.i.a", expected=1)
    attachment(row, "A.I.1.i.b", expected=2)
    attachment(row, "A.I.1.ii.a")
    gone = attachment(row, "A.I.2.i.a", expected=1)
    gone.detached_by, gone.detached_at = admin, timezone.now()
    gone.save()
    for each in (row, empty):
        total = overview_of(each).total
        assert coverage_of([each]) == {each.pk: total}
        subject = seen(admin)[each.unit.code]
        assert (subject.evidence, subject.found, subject.expected) == (total.percent, total.found, total.expected)
    assert seen(admin)["U1"].found == 2


def test_the_latest_stage_is_the_last_that_is_finished(instrument):
    _, upper, admin = agency()
    half = judged(unit(upper, "U1", seed=1), share=0.5)
    whole = judged(unit(upper, "U2", seed=2))
    draft = unit(upper, "U3")
    there = seen(admin)
    assert there["U1"].card(LATEST).stage == "unit"
    assert there["U1"].card("tpi").answered == 56
    assert there["U2"].card(LATEST).stage == "tpi"
    assert there["U3"].card(LATEST).stage == "unit"
    assert {half.unit.code, whole.unit.code, draft.unit.code} == set(there)


def tpn(row, admin, total="81.25", granted=True):
    now = timezone.now()
    return TpnResult.objects.create(
        assessment=row, granted=granted, predicate="WBK", total=total, decree_number="1",
        decree_date=now.date(), by=admin, at=now,
    )  # fmt: skip


def test_tpn_counts_with_its_own_total_once_it_may_be_known(instrument):
    _, upper, admin = agency()
    row = judged(unit(upper, "U1", seed=1), state=State.PROPOSED)
    head = member(row.unit, Role.HEAD)
    services.record_answers(
        assessment=row, entries=best_entries(row)[:3], by=admin, stage="tpn"
    )  # handed over, but not a result yet
    assert "tpn" not in seen(admin)["U1"].cards
    tpn(row, admin)
    assert "tpn" not in seen(head)["U1"].cards
    assert seen(head)["U1"].granted is None
    type(row).objects.filter(pk=row.pk).update(state=State.RESULT)
    for user in (head, admin):
        card = seen(user)["U1"].card(LATEST)
        assert (card.stage, dict(card.points), card.checks) == ("tpn", {"total": shown(81.25)}, ())
        assert seen(user)["U1"].granted is True


def test_tpns_areas_are_shown_where_every_criterion_was_handed_over(instrument):
    _, upper, admin = agency()
    row = judged(unit(upper, "U1", seed=1), state=State.PROPOSED)
    services.record_answers(assessment=row, entries=best_entries(row), by=admin, stage="tpn")
    made = tpn(row, admin)
    card = seen(admin)["U1"].cards["tpn"]
    assert card.points["total"] == shown(81.25)
    assert card.percents["area-1"] == shown(100)
    made.total = None
    made.save()
    card = seen(admin)["U1"].cards["tpn"]
    assert "total" not in card.points
    assert not card.is_finished


def test_the_agency_is_the_unit_above_all_that_are_seen(instrument):
    top, upper, admin = agency()
    row = unit(upper, "U1")
    assert get_recap(admin, 2026)[0].agency == "Pemerintah Daerah Contoh"
    assert get_recap(member(row.unit), 2026)[0].agency == "Pemerintah Daerah Contoh"
    elsewhere = opened()
    MembershipFactory(user=admin, unit=elsewhere.unit, role=Role.OBSERVER)
    assert get_recap(admin, 2026)[0].agency == ""
    assert [u.code for u in get_recap(admin, 2026)[0].uppers] == [top.code, upper.code]


def test_the_number_of_queries_does_not_grow(instrument, django_assert_num_queries):
    _, upper, admin = agency()
    done = 0
    for count in (5, 40):
        for number in range(done, count):
            unit(upper, f"U{number}")
        done = count
        get_recap(admin, 2026)
        with django_assert_num_queries(11):
            assert len(get_recap(admin, 2026)[0].subjects) == count
    assert Scorecard.objects.count() == 40
