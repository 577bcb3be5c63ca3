"""The engine over the whole official worksheet, by properties and by hand-computed figures."""

import random
from decimal import Decimal as D
from fractions import Fraction as F
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given as forall
from hypothesis import settings
from hypothesis import strategies as st

from assessment.scoring import Given, Rule, score, shown, value_of
from assessment.tests.bundled import bundled_worksheet
from assessment.worksheet import INDEX, PCT, Criterion, Worksheet


@cache
def sheet() -> Worksheet:
    return bundled_worksheet()


def answers_to(criterion: Criterion) -> st.SearchStrategy[Given]:
    if criterion.answer_type == INDEX:
        return st.one_of(st.just(Given()), st.decimals(0, 4, places=2).map(lambda i: Given(index=i)))
    if criterion.answer_type == PCT:
        count = st.one_of(st.none(), st.integers(0, 12))
        counts = st.tuples(*[count for _ in criterion.quantities])
        return counts.map(lambda c: Given(counts=c))
    return st.sampled_from([Given(), *(Given(choice=c.key) for c in criterion.choices)])


@st.composite
def worksheets(draw: st.DrawFn) -> dict[str, Given]:
    """Answers drawn from a seed: 113 draws each would exhaust hypothesis' buffer."""
    generator = random.Random(draw(st.integers(0, 2**32)))
    share = draw(st.sampled_from([0.0, 0.3, 0.9, 1.0]))
    return {c.code: random_given(c, generator) for c in sheet().criteria.values() if generator.random() < share}


def random_given(criterion: Criterion, generator: random.Random) -> Given:
    if criterion.answer_type == INDEX:
        return Given(index=D(generator.randint(0, 400)) / 100)
    if criterion.answer_type == PCT:
        return Given(counts=tuple(generator.randint(0, 6) for _ in criterion.quantities))
    return Given(choice=generator.choice(criterion.choices).key)


@settings(max_examples=60, deadline=None)
@forall(worksheets())
def test_every_score_lies_between_zero_and_its_weight(answers):
    result = score(sheet(), answers)
    assert all(0 <= n.score <= n.provisional <= F(n.weight) for n in result.nodes.values())


@settings(max_examples=60, deadline=None)
@forall(worksheets())
def test_provisional_is_final_once_everything_is_answered(answers):
    complete = {c.code: answers.get(c.code) or best(c) for c in sheet().criteria.values()}
    result = score(sheet(), complete)
    assert result.unanswered == ()
    assert {c: n.provisional for c, n in result.nodes.items()} == {c: n.score for c, n in result.nodes.items()}


@settings(max_examples=40, deadline=None)
@forall(worksheets(), st.integers(0, 112))
def test_raising_one_answer_lowers_no_node(answers, place):
    criterion = list(sheet().criteria.values())[place]
    before = score(sheet(), answers)
    after = score(sheet(), answers | {criterion.code: best(criterion)})
    assert all(after.nodes[code].score >= node.score for code, node in before.nodes.items())
    assert after.total >= before.total


@pytest.mark.parametrize("code", list(bundled_worksheet().criteria))
def test_values_of_one_criterion_stay_inside_zero_and_one(code):
    criterion = sheet().criteria[code]

    @settings(max_examples=25, deadline=None)
    @forall(answers_to(criterion))
    def check(given: Given) -> None:
        value = value_of(criterion, given)
        assert value.value is None or 0 <= value.value <= 1
        assert (value.value is None) == (value.rule == Rule.UNANSWERED)

    check()


def best(criterion: Criterion) -> Given:
    if criterion.answer_type == INDEX:
        return Given(index=D(4))
    if criterion.answer_type == PCT:
        n = len(criterion.quantities)
        if criterion.code == "A.II.3.iii.a":
            return Given(counts=(0, 0, 0))
        return Given(counts=(5,) * n if n < 4 else (1, 2, 3, 6))
    return Given(choice=criterion.choices[0].key)


def test_all_best_is_one_hundred_at_every_node():
    result = score(sheet(), {c.code: best(c) for c in sheet().criteria.values()}, held=["WBK"])
    assert result.total == 100
    assert {c: n.score for c, n in result.nodes.items()} == {c: F(n.weight) for c, n in result.nodes.items()}
    assert (result.passed("WBK"), result.passed("WBBM")) == (True, True)


def test_all_worst_is_zero():
    worst = {}
    for c in sheet().criteria.values():
        counts = (4, 0) if len(c.quantities) == 2 else (4, 4, 0) if len(c.quantities) == 3 else (1, 1, 1, 0)
        worst[c.code] = (
            Given(index=D(0)) if c.answer_type == INDEX
            else Given(counts=counts) if c.answer_type == PCT
            else Given(choice=c.choices[-1].key)
        )  # fmt: skip
    result = score(sheet(), worst)
    assert (result.total, result.provisional_total, result.answered) == (0, 0, 113)


def test_a_worksheet_of_middling_answers_gives_the_figures_reckoned_by_hand():
    """All letters B (Ya for Ya/Tidak), ratios 1/2, IPAK 3.60, IPKP 3.20, capaian kinerja C."""
    answers = {}
    for c in sheet().criteria.values():
        n = len(c.quantities)
        answers[c.code] = (
            Given(counts={2: (8, 4), 3: (8, 4, 4), 4: (2, 2, 4, 4)}[n]) if c.answer_type == PCT
            else Given(choice="Y") if c.answer_type == "YN"
            else Given(choice="B")
        )  # fmt: skip
    answers |= {"B.I.a": Given(index=D("3.60")), "B.II.a": Given(index=D("3.20")), "B.I.b": Given(choice="C")}
    result = score(sheet(), answers)
    # A.I.1: i (1+.5)/2×0.5; ii (1+.5+.5)/3×1; iii .67×1; iv (1+.5+.5+.67)/4×1.5
    assert result.nodes["A.I.1"].score == F(375, 1000) + F(2, 3) + F(67, 100) + F(267, 400) * F(3, 2)
    assert result.nodes["A.II.5.iii"].score == 1
    assert (result.nodes["B.I.a"].score, result.nodes["B.I.b"].score) == (F(63, 4), F(5, 2))
    checks = {(c.predicate, c.name): (str(c.value), c.passed) for c in result.checks if c.decides}
    assert checks["WBK", "Survei persepsi anti korupsi (IPAK)"] == ("15.75", True)
    assert checks["WBBM", "Survei persepsi anti korupsi (IPAK)"] == ("15.75", True)
    assert checks["WBK", "Pelayanan publik yang prima (IPKP)"] == ("14.00", True)
    assert checks["WBBM", "Pelayanan publik yang prima (IPKP)"] == ("14.00", False)
    assert checks["WBK", "Capaian kinerja lebih baik"] == ("2.50", True)
    assert checks["WBBM", "Capaian kinerja lebih baik"] == ("2.50", False)
    assert checks["WBK", "Birokrasi yang bersih dan akuntabel"] == ("18.25", True)
    assert shown(result.nodes["B"].score) == D("32.25")


def test_thresholds_are_those_of_tabel_6():
    found = {(t.predicate, t.measure, t.subject): t.minimum for t in sheet().thresholds}
    wbk = {"total": "75", "A": "40", "area": "60", "B.I": "18.25", "B.I.a": "15.75", "B.I.b": "2.50", "B.II": "14.00"}
    wbbm = {"total": "85", "A": "48", "area": "75", "B.I": "19.50", "B.I.a": "15.75", "B.I.b": "3.75", "B.II": "15.75"}
    expected = {("WBBM", "award", "WBK"): D(1)}
    for name, minima in (("WBK", wbk), ("WBBM", wbbm)):
        expected[name, "total", ""] = D(minima["total"])
        expected |= {(name, "node", code): D(minima[code]) for code in ("A", "B.I", "B.I.a", "B.I.b", "B.II")}
        expected |= {(name, "area", key): D(minima["area"]) for key in "123456"}
    assert found == expected


def test_scoring_needs_no_database():
    source = (Path(__file__).parents[1] / "scoring.py").read_text()
    assert "django" not in source
    assert "float(" not in source
