"""The page Rekap: filters, order, marks, what it says to whom."""

import random
import re
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from assessment import services
from assessment.models import Assessment, Scorecard, State
from assessment.scoring import SEPARATE
from assessment.scoring import shown as rounded
from assessment.tests.factories import UserFactory, best_entries, member, opened
from reports.recap.choosing import RecapForm, orders_of
from reports.recap.collect import get_recap
from review.models import TpnResult

from .recap_samples import agency, judged, result, text_of, unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def four(instrument):
    """Return the admin of an agency with four units: one excellent, one drawn, one empty, one elsewhere in the tree."""
    top, upper, admin = agency()
    best = unit(upper, "U1", name="Dinas Kesehatan")
    services.record_answers(assessment=best, entries=best_entries(best), by=UserFactory())
    unit(upper, "U2", name="Dinas Pendidikan", seed=5)
    unit(upper, "U3", name="dinas Perhubungan")
    other = unit(top, "U4", name="Inspektorat", seed=9)
    services.set_target(assessment=other, target="WBBM", by=None)
    Assessment.objects.filter(pk=other.pk).update(state=State.SUBMITTED)
    return admin


def shown(user, **asked):
    """Return the codes of the units that are shown, in their order."""
    form = RecapForm(get_recap(user, 2026)[0], asked)
    assert form.is_valid(), form.errors
    return [line.subject.code for line in form.lines()]


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ({}, ["U1", "U2", "U3", "U4"]),
        ({"q": "DINAS"}, ["U1", "U2", "U3"]),
        ({"q": "u4"}, ["U4"]),
        ({"q": "%"}, []),
        ({"di": "SEKDA"}, ["U1", "U2", "U3"]),
        ({"di": "PEMDA"}, ["U1", "U2", "U3", "U4"]),
        ({"target": "WBBM"}, ["U4"]),
        ({"status": "submitted"}, ["U4"]),
        ({"kurang": "lengkap"}, ["U1"]),
        ({"kurang": "ada"}, ["U2", "U3", "U4"]),
        ({"kurang": "award"}, ["U4"]),
        ({"kurang": "ada", "di": "SEKDA", "q": "p"}, ["U2", "U3"]),
        ({"tahap": "tpi"}, ["U1", "U2", "U3", "U4"]),
        ({"tahap": "tpi", "kurang": "ada"}, []),
        ({"tahap": "tpi", "kurang": "lengkap"}, []),
        ({"arah": "turun"}, ["U4", "U3", "U2", "U1"]),
        ({"urut": "nama", "arah": "turun"}, ["U4", "U3", "U2", "U1"]),
        ({"urut": "status"}, ["U1", "U2", "U3", "U4"]),
        ({"urut": "status", "arah": "turun"}, ["U4", "U1", "U2", "U3"]),
    ],
)
def test_filters_and_order(four, asked, codes):
    assert shown(four, **asked) == codes


def test_a_threshold_filter_names_the_units_that_miss_it(four):
    recap, _ = get_recap(four, 2026)
    for key in recap.thresholds:
        missing = [
            s.code for s in recap.subjects
            if any(not c.passed for c in s.cards["unit"].checks if c.key == key)
        ]  # fmt: skip
        assert shown(four, kurang=key) == missing
    assert shown(four, kurang="total") != shown(four, kurang="ada")


def test_every_figure_sorts_both_ways_with_the_unknown_last(four):
    recap, _ = get_recap(four, 2026)
    judged(Assessment.objects.for_page().get(unit__code="U1"))
    judged(Assessment.objects.for_page().get(unit__code="U4"), worse=30)
    for stage in ("unit", "tpi"):
        recap, _ = get_recap(four, 2026)
        cards = {s.code: s.card(stage) for s in recap.subjects}
        for measure in recap.measures:
            for way in ("naik", "turun"):
                codes = shown(four, tahap=stage, urut=measure.key, arah=way)
                known = [v for c in codes if cards[c] and (v := cards[c].value(measure.key)) is not None]
                assert known == sorted(known, reverse=way == "turun")
                assert [cards[c] is None for c in codes] == sorted(cards[c] is None for c in codes)
    assert shown(four, tahap="tpi", urut="total", arah="turun") == ["U1", "U4", "U2", "U3"]


def test_orders_by_what_is_not_a_score(four):
    recap, _ = get_recap(four, 2026)
    assert {"ambang", "bukti", "catatan"} <= orders_of(recap).keys()
    assert shown(four, urut="ambang")[0] == "U1"
    assert shown(four, urut="ambang", arah="turun")[-1] == "U1"


@pytest.mark.parametrize(
    ("name", "value"),
    [("di", "U-ASING"), ("target", "XXX"), ("status", "1"), ("kurang", "B.II.a"), ("tahap", "second"),
     ("urut", "password"), ("arah", "atas"), ("q", "x" * 101), ("q", "a\0b")],
)  # fmt: skip
def test_what_is_not_offered_is_refused_beside_its_field(client, four, name, value):
    client.force_login(four)
    response = client.get(reverse("reports:recap", args=[2026]), {name: value})
    assert response.status_code == 422
    assert "Saringan tidak dapat dipakai" in response.text
    assert f'id="id_{name}_error"' in response.text
    assert "Dinas Kesehatan" not in response.text


def test_filters_in_the_address_are_in_the_fields_and_in_every_link(client, four):
    client.force_login(four)
    text = client.get(reverse("reports:recap", args=[2026]), {"q": "dinas", "urut": "total", "arah": "turun"}).text
    assert 'value="dinas"' in text
    assert '<option value="total" selected>' in text
    heads = re.findall(r'<th scope="col"[^>]*><a href="\?([^"]*)"', text)
    assert all("q=dinas" in head for head in heads)
    assert heads[1] == "q=dinas&amp;urut=total"  # the same column again turns the order round
    assert heads[2] == "q=dinas&amp;urut=A&amp;arah=turun"
    assert text.count("aria-sort") == 1
    assert 'aria-sort="descending"' in text


def test_pages_keep_the_filters(client, instrument):
    _, upper, admin = agency()
    for number in range(30):
        unit(upper, f"U{number:02}")
    client.force_login(admin)
    first = client.get(reverse("reports:recap", args=[2026]), {"q": "unit"}).text
    assert first.count('<th scope="row">') == 25
    assert "?q=unit&amp;hal=2" in first
    second = client.get(reverse("reports:recap", args=[2026]), {"q": "unit", "hal": 2}).text
    assert second.count('<th scope="row">') == 5
    assert "<dt>Unit</dt><dd>30</dd>" in second


def test_a_missed_threshold_says_by_how_much(client, four):
    client.force_login(four)
    text = client.get(reverse("reports:recap", args=[2026]), {"q": "U2"}).text
    row = result(Assessment.objects.get(unit__code="U2"))
    for check in row.checks_of("WBK"):
        if check.decides and not check.passed:
            assert f"kurang {text_of(check.gap)}" in text
    assert text_of(row.checks_of("WBK")[0].value) in text
    assert text.count("memenuhi ambang") == sum(c.decides and c.passed for c in row.checks_of("WBK"))


def test_the_half_of_an_area_that_is_missed_is_named_where_halves_decide(client, instrument):
    _, upper, admin = agency()
    row = unit(upper, "U1", area_reading=SEPARATE)
    pemenuhan = [e for e in best_entries(row) if e.code.startswith("A.I.")]
    services.record_answers(assessment=row, entries=pemenuhan, by=UserFactory())
    client.force_login(admin)
    text = client.get(reverse("reports:recap", args=[2026])).text
    assert text.count("Reform kurang 60,00%") == 6
    assert "Pemenuhan kurang" not in text


def test_the_page_of_the_unit_has_no_figure_of_work_under_way(client, instrument):
    _, upper, admin = agency()
    row = judged(unit(upper, "U1", seed=5), state=State.LEAD_CHECK)
    recap, _ = get_recap(admin, 2026)
    own, theirs = (text_of(recap.subjects[0].cards[stage].points["total"]) for stage in ("unit", "tpi"))
    assert own != theirs
    url = reverse("reports:recap", args=[2026])
    client.force_login(member(row.unit, Role.HEAD))
    for stage in ("", "tpi", "terkini"):
        text = client.get(url, {"tahap": stage}).text
        assert theirs not in text
    assert own in client.get(url).text
    assert "belum ada nilai TPI" in client.get(url, {"tahap": "tpi"}).text
    client.force_login(admin)
    assert theirs in client.get(url).text


def test_the_summary_speaks_of_all_that_is_shown(client, four):
    client.force_login(four)
    url = reverse("reports:recap", args=[2026])
    text = client.get(url).text
    assert "<dd>1 dari 4</dd>" in text
    assert "<div><dt>Draf</dt><dd>3</dd></div>" in text
    totals = [s.cards["unit"].points["total"] for s in get_recap(four, 2026)[0].subjects]
    assert text_of((sum(totals) / 4).quantize(totals[0], rounding="ROUND_HALF_UP")) in text
    assert "Tidak ada unit yang cocok." in client.get(url, {"q": "tidak-ada"}).text
    assert "<dd>–</dd>" in client.get(url, {"q": "tidak-ada"}).text


def test_home_goes_to_the_newest_year_in_which_something_is_seen(client, instrument):
    _, upper, admin = agency()
    row = unit(upper, "U1", year=2025)
    opened(year=2026)
    client.force_login(admin)
    assert client.get("/rekap/").url == "/rekap/2025/"
    assert client.get("/rekap/2026/").status_code == 404
    opened(row.unit, year=2026)
    assert client.get("/rekap/").url == "/rekap/2026/"
    assert 'href="/rekap/2025/"' in client.get("/rekap/2026/").text
    client.force_login(UserFactory())
    assert "Belum ada penilaian" in client.get("/rekap/").text
    assert client.get("/rekap/2026/").status_code == 404


def test_names_are_escaped_and_the_menu_leads_here(client, instrument):
    _, upper, admin = agency()
    unit(upper, "U1", name="<script>alert(1)</script>")
    client.force_login(admin)
    text = client.get("/rekap/2026/").text
    assert "<script>alert" not in text
    assert '<a href="/rekap/" aria-current="true">Rekap</a>' in text
    assert '<a href="/rekap/">Rekap</a>' in client.get("/penilaian/").text


def test_the_page_asks_as_often_for_many_units_as_for_few(client, instrument, django_assert_num_queries):
    _, upper, admin = agency()
    client.force_login(admin)
    done = 0
    for count in (5, 40):
        for number in range(done, count):
            unit(upper, f"U{number:02}")
        done = count
        client.get("/rekap/2026/")
        with django_assert_num_queries(13):
            assert client.get("/rekap/2026/").status_code == 200


@pytest.mark.parametrize("value", ["%00", "9" * 40, "-1", "abc", "%25", "<script>", "'", "%F0%9F%92%A9", "%FF"])
def test_odd_parameters_are_refused_or_harmless(client, four, value):
    client.force_login(four)
    for page in ("", "peringkat/", "perbandingan/"):
        for name in ("q", "di", "target", "status", "kurang", "tahap", "urut", "arah", "ukuran", "dari", "ke", "hal"):
            response = client.get(f"/rekap/2026/{page}?{name}={value}")
            assert response.status_code in {200, 422}, (page, name)
            assert "<script>" not in response.text.replace("<script src=", "")
    for path in ("/rekap/0000/", "/rekap/9999/", "/rekap/unit/%00/", "/rekap/unit/TIDAK-ADA/", "/rekap/2026/unduh/x"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize("stage", ["unit", "tpi"])
def test_the_figures_on_the_page_are_those_of_the_scorecards(client, instrument, stage):
    _, upper, admin = agency()
    for seed in random.Random(stage).sample(range(1, 10_000), 3):
        judged(unit(upper, f"U{seed}", seed=seed), worse=seed % 50)
    client.force_login(admin)
    rows = client.get(reverse("reports:recap", args=[2026]), {"tahap": stage}).context["rows"]
    assert len(rows) == 3
    for row in rows:
        card = Scorecard.objects.get(assessment__unit__code=row.code, stage=stage)
        cells = {cell.label: cell for cell in row.cells}
        assert cells["Nilai total"].text == text_of(card.total)
        assert cells["Pengungkit"].text == text_of(card.pengungkit)
        assert cells["Hasil"].text == text_of(card.hasil)
        for check in card.checks:
            if check["measure"] == "area" and check["name"] in cells and check["predicate"] == "WBK":
                cell = cells[check["name"]]
                assert cell.text == check["value"].replace(".", ",") + "%"
                assert cell.below == text_of(getattr(card, f"area_{check['subject']}")) + " poin"
                assert cell.mark == ("ok" if Decimal(check["value"]) >= Decimal(check["minimum"]) else "no")
        for code, name in (("A.I", "Pemenuhan"), ("B.I.a", "Survei persepsi anti korupsi (IPAK)")):
            assert cells[name].text == text_of(rounded(Decimal(card.nodes[code]["score"])))
        assert row.passes is card.wbk


def test_figures_without_thresholds_neither_reach_nor_miss_them(client, four):
    row = Assessment.objects.get(unit__code="U1")
    TpnResult.objects.create(assessment=row, granted=False, predicate="WBK", total="81.25", by=four, at=timezone.now())
    assert shown(four, tahap="tpn", urut="total", arah="turun") == ["U1", "U2", "U3", "U4"]
    assert shown(four, tahap="tpn", kurang="lengkap") == shown(four, tahap="tpn", kurang="ada") == []
    assert shown(four, tahap="tpn", urut="ambang") == ["U1", "U2", "U3", "U4"]
    client.force_login(four)
    text = client.get("/rekap/2026/", {"tahap": "tpn", "q": "U1"}).text
    assert "81,25" in text
    assert "Predikat tidak diberikan" in text
    assert "memenuhi ambang" not in text
    assert "<dd>0 dari 0</dd>" in text
