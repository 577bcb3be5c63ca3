"""Ranking, distribution and change, and the pages that show them."""

import statistics
from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Role
from assessment import services
from assessment.models import Assessment, Stage, State
from assessment.scoring import shown
from assessment.tests.factories import UserFactory, best_entries, filled, member, opened
from reports.recap import charts
from reports.recap.collect import get_recap, latest_totals
from reports.recap.comparing import bins_of, changes, extremes, mean, ranking, spread_of
from reports.recap.figures import Card, Measure, Subject

from .recap_samples import agency, judged, text_of, unit

FIGURES = st.decimals(min_value=0, max_value=100, places=2)
TOTAL = Measure("total", "Nilai total", Decimal(100))


def subject(code, total, *, is_finished=True, **cards):
    made = {
        stage: Card(Stage(stage), {"total": value}, {}, (), {}, None, 113 if is_finished else 5, 113, is_finished)
        for stage, value in {"unit": total, **cards}.items()
        if value is not None
    }
    return Subject(1, code, f"Unit {code}", "/1/", 2026, "WBK", "", "draft", "", made, 0, 0, 0, 0)


@given(st.lists(st.one_of(st.none(), FIGURES), max_size=30))
@settings(max_examples=60)
def test_ranking_puts_the_best_first_and_equal_ones_in_one_place(totals):
    found = ranking([subject(f"U{n:02}", total) for n, total in enumerate(totals)], "unit", TOTAL)
    known = [t for t in totals if t is not None]
    assert [p.value for p in found] == sorted(known, reverse=True)
    for placed in found:
        assert placed.place == 1 + sum(t > placed.value for t in known)
        assert placed.percent == placed.value
    assert [p.subject.code for p in found] == sorted(
        (p.subject.code for p in found), key=lambda c: (-totals[int(c[1:])], c)
    )


@given(st.lists(FIGURES, min_size=2, max_size=40))
@settings(max_examples=60)
def test_the_spread_is_that_of_the_statistics_library(values):
    found = spread_of(values)
    lower, median, upper = statistics.quantiles([float(v) for v in values], n=4, method="inclusive")
    assert (found.count, found.lowest, found.highest) == (len(values), min(values), max(values))
    for ours, theirs in ((found.lower, lower), (found.median, median), (found.upper, upper)):
        assert abs(float(ours) - theirs) <= 0.0051
    assert abs(found.mean - sum(values) / len(values)) <= Decimal("0.005")
    assert found.lowest <= found.lower <= found.median <= found.upper <= found.highest


def test_the_spread_of_nothing_and_of_one():
    assert spread_of([]) is None
    one = spread_of([Decimal("60.005")])
    assert {one.lowest, one.median, one.highest, one.mean} == {shown(Decimal("60.01"))}
    assert mean([]) is None
    assert mean([Decimal("1"), Decimal("1.01")]) == Decimal("1.01")  # half up


@given(st.lists(FIGURES, max_size=60))
@settings(max_examples=60)
def test_every_figure_falls_into_one_bin(values):
    bins = bins_of(values)
    assert [(b.low, b.high) for b in bins] == [(n, n + 10) for n in range(0, 100, 10)]
    for each in bins:
        assert each.count == sum(each.low <= v < each.high or v == each.high == 100 for v in values)


def test_changes_are_between_finished_figures_of_the_same_unit():
    before = [subject("U1", Decimal(50)), subject("U2", Decimal(60)), subject("U3", Decimal(1)), subject("U5", None)]
    after = [
        subject("U1", Decimal(45)), subject("U2", Decimal(70)), subject("U3", Decimal(9), is_finished=False),
        subject("U4", Decimal(80)), subject("U5", Decimal(90)),
    ]  # fmt: skip
    found = changes(before, after, ("unit", "unit"), "total")
    assert [(c.subject.code, c.by) for c in found] == [("U2", 10), ("U1", -5)]
    assert changes(after, before, ("unit", "unit"), "total")[0].by == 5
    assert changes(before, after, ("unit", "tpi"), "total") == []


def test_extremes_are_the_biggest_and_leave_out_what_stayed():
    after = [subject(f"U{n}", Decimal(50 + n)) for n in range(-4, 5)]
    before = [subject(s.code, Decimal(50)) for s in after]
    gains, losses = extremes(changes(before, after, ("unit", "unit"), "total"), 3)
    assert [c.by for c in gains] == [4, 3, 2]
    assert [c.by for c in losses] == [-4, -3, -2]
    gains, losses = extremes(changes(before, before, ("unit", "unit"), "total"), 3)
    assert gains == losses == []


def test_charts_are_named_told_in_words_and_hold_under_the_policy():
    spread = spread_of([Decimal(20), Decimal(80)])
    drawn = [
        charts.histogram(bins_of([Decimal(5), Decimal(100)]), "A <b>"), charts.histogram(bins_of([]), "A"),
        charts.trend([("2025", Decimal(70)), ("2026", Decimal("80.5"))], "A"), charts.trend([], "A"),
        charts.trend([("2026", Decimal(100))], "A"), charts.spreads([("Area 1 <b>", spread)], "A"),
        charts.spreads([], "A"),
    ]  # fmt: skip
    for svg in drawn:
        assert 'role="img"' in svg
        assert "style=" not in svg
        assert "<b>" not in svg
        ident = svg.split('aria-labelledby="')[1].split("-judul")[0]
        assert f'<title id="{ident}-judul">' in svg
        assert f'<desc id="{ident}-uraian">' in svg
    assert "0 sampai 10 persen: 1 unit. 90 sampai 100 persen: 1 unit." in drawn[0]
    assert "2025: 70,00. 2026: 80,50." in drawn[2]
    assert "terendah 20,00%, median 50,00%, tertinggi 80,00%" in drawn[5]
    assert drawn[1].count("Belum ada nilai.") == drawn[3].count("Belum ada nilai.") == 1


def test_charts_are_drawn_to_scale():
    histogram = charts.histogram(bins_of([Decimal(5)] * 2 + [Decimal(95)]), "A")
    heights = [Decimal(part.split('"')[0]) for part in histogram.split(' height="')[1:]]
    assert [h for h in heights if h] == [charts.FLOOR - charts.TOP, Decimal(charts.FLOOR - charts.TOP) / 2]
    trend = charts.trend([("2025", Decimal(0)), ("2026", Decimal(100))], "A")
    assert f'd="M48.00 {charts.FLOOR}.00 L288.00 {charts.TOP}.00"' in trend
    spread = charts.spreads([("A", spread_of([Decimal(0), Decimal(50), Decimal(100)]))], "A")
    assert 'd="M160.00 20v16"' in spread
    assert 'x="82.00"' in spread
    assert 'width="156.00"' in spread


@pytest.fixture
def grown(instrument):
    """Return an admin whose two units have figures in two years, and one of them TPI's too."""
    _, upper, admin = agency()
    for code, seeds in (("U1", (3, 4)), ("U2", (5, 6))):
        row = unit(upper, code, seed=seeds[0], year=2025)
        filled(opened(row.unit, year=2026), seed=seeds[1])
    judged(Assessment.objects.for_page().get(unit__code="U1", period__year=2026), worse=10)
    unit(upper, "U3")
    return admin


def totals(user, year, stage="terkini"):
    return {s.code: s.card(stage).points["total"] for s in get_recap(user, year)[0].subjects if s.card(stage)}


@pytest.mark.django_db
def test_years_are_compared_by_their_latest_figures(client, grown):
    client.force_login(grown)
    text = client.get(reverse("reports:recap-compare", args=[2026])).text
    assert "Dari 2025, Terkini ke 2026, Terkini" in text
    before, after = totals(grown, 2025), totals(grown, 2026)
    for code in ("U1", "U2"):
        by = after[code] - before[code]
        assert f"{'+' if by > 0 else '−'}{text_of(abs(by))}" in text
    assert "1 unit belum dapat dibandingkan" in text
    average = mean([after["U1"], after["U2"]])
    assert text_of(average) in text
    assert f'<tr><th scope="row">2026</th><td class="num">{text_of(average)}</td><td class="num">2</td></tr>' in text


@pytest.mark.django_db
def test_stages_are_compared_where_both_are_finished(client, grown):
    client.force_login(grown)
    asked = {"dari": "unit", "ke": "tpi", "ukuran": "area-1"}
    text = client.get(reverse("reports:recap-compare", args=[2026]), asked).text
    assert "Dari 2026, Unit ke 2026, TPI" in text
    assert "2 unit belum dapat dibandingkan" in text
    (first,) = [s for s in get_recap(grown, 2026)[0].subjects if s.code == "U1"]
    by = first.cards["tpi"].percents["area-1"] - first.cards["unit"].percents["area-1"]
    assert by < 0
    assert f"−{text_of(-by)} poin persen" in text
    assert "Tidak ada unit yang naik." in text
    same = client.get(reverse("reports:recap-compare", args=[2026]), {"dari": "terkini"}).text
    assert "Kedua sisi sama." in same


@pytest.mark.django_db
def test_a_comparison_keeps_to_the_units_asked_for(client, grown):
    services.set_target(assessment=Assessment.objects.get(unit__code="U2", period__year=2026), target="WBBM", by=None)
    client.force_login(grown)
    for sides in ({}, {"dari": "2025", "ke": "2025"}, {"dari": "terkini", "ke": "2025"}):
        text = client.get(reverse("reports:recap-compare", args=[2026]), {"target": "WBBM", **sides}).text
        assert "/rekap/unit/U2/" in text
        assert "/rekap/unit/U1/" not in text


@pytest.mark.django_db
def test_the_ranking_is_by_the_measure_asked_for(client, grown):
    client.force_login(grown)
    recap, _ = get_recap(grown, 2026)
    for measure in recap.measures:
        text = client.get(reverse("reports:recap-rank", args=[2026]), {"ukuran": measure.key, "tahap": "unit"}).text
        order = [p.subject.code for p in ranking(recap.subjects, "unit", measure)]
        places = [text.index(f'/rekap/unit/{code}/"') for code in order]
        assert places == sorted(places)
        assert f"Peringkat menurut {measure.label}" in text
    text = client.get(reverse("reports:recap-rank", args=[2026]), {"tahap": "tpi"}).text
    assert "2 unit belum mempunyai nilai ini" in text
    assert "/rekap/unit/U2/" not in text
    empty = client.get(reverse("reports:recap-rank", args=[2026]), {"tahap": "tpn"}).text
    assert "Tidak ada unit yang mempunyai nilai ini." in empty


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "asked"),
    [("recap-rank", {"ukuran": "B.II.a"}), ("recap-rank", {"tahap": "second"}), ("recap-compare", {"dari": "2020"}),
     ("recap-compare", {"ke": "second"}), ("recap-compare", {"di": "X"})],
)  # fmt: skip
def test_odd_choices_are_refused_beside_their_field(client, grown, name, asked):
    client.force_login(grown)
    response = client.get(reverse(f"reports:{name}", args=[2026]), asked)
    assert response.status_code == 422
    assert f'id="id_{next(iter(asked))}_error"' in response.text
    assert "/rekap/unit/" not in response.text


@pytest.mark.django_db
def test_a_units_page_has_its_years_and_their_stages(client, grown):
    client.force_login(grown)
    text = client.get(reverse("reports:recap-unit", args=["U1"])).text
    assert text.index('id="tahun-2026"') < text.index('id="tahun-2025"')
    before, after = totals(grown, 2025)["U1"], totals(grown, 2026)["U1"]
    for figure in (before, after, totals(grown, 2026, "unit")["U1"], abs(after - before)):
        assert text_of(figure) in text
    assert "2026: nilai TPI" in text
    assert "Perubahan dari 2025" in text
    assert "Perubahan dari 2024" not in text
    alone = client.get(reverse("reports:recap-unit", args=["U3"])).text
    assert "2026: nilai Unit, 0 dari 113 kriteria" in alone
    assert "Perubahan dari" not in alone


@pytest.mark.django_db
def test_no_page_tells_the_unit_of_work_under_way(client, grown):
    row = Assessment.objects.get(unit__code="U1", period__year=2026)
    head = member(row.unit, Role.HEAD)
    secret = text_of(totals(grown, 2026, "tpi")["U1"])
    pages = [
        reverse("reports:recap-unit", args=["U1"]), reverse("reports:recap-rank", args=[2026]),
        reverse("reports:recap-rank", args=[2026]) + "?tahap=tpi", reverse("reports:recap-compare", args=[2026]),
        reverse("reports:recap-compare", args=[2026]) + "?dari=unit&ke=tpi",
    ]  # fmt: skip
    for user, is_told in ((head, False), (grown, True)):
        client.force_login(user)
        told = [secret in client.get(url).text for url in pages]
        assert any(told) is is_told, told
    client.force_login(head)
    assert "/rekap/unit/U2/" not in client.get(pages[1]).text
    assert client.get(reverse("reports:recap-unit", args=["U2"])).status_code == 404
    assert set(latest_totals(head)) == {2025, 2026}
    assert latest_totals(head)[2026] == [totals(grown, 2026, "unit")["U1"]]
    Assessment.objects.filter(pk=row.pk).update(state=State.FULFILS)
    assert latest_totals(head)[2026] == [totals(grown, 2026, "tpi")["U1"]]


@pytest.mark.django_db
def test_pages_ask_as_often_for_many_units_as_for_few(client, instrument, django_assert_num_queries):
    _, upper, admin = agency()
    client.force_login(admin)
    done = 0
    for count in (5, 40):
        for number in range(done, count):
            row = unit(upper, f"U{number:02}", year=2025)
            opened(row.unit, year=2026)
        done = count
        for url, queries in (
            (reverse("reports:recap-rank", args=[2026]), 13),
            (reverse("reports:recap-compare", args=[2026]), 31),
            (reverse("reports:recap-unit", args=["U01"]), 11),
        ):
            client.get(url)
            with django_assert_num_queries(queries):
                assert client.get(url).status_code == 200


@pytest.mark.django_db
def test_the_list_of_changes_is_paged(client, instrument):
    _, upper, admin = agency()
    by = UserFactory()
    for number in range(27):
        row = unit(upper, f"U{number:02}", year=2025)
        services.record_answers(assessment=row, entries=best_entries(row), by=by)
    client.force_login(admin)
    url = reverse("reports:recap-compare", args=[2025])
    assert "hal=2" in client.get(url, {"ke": "unit"}).text
    assert client.get(url, {"ke": "unit", "hal": 2}).text.count("/rekap/unit/") == 2
