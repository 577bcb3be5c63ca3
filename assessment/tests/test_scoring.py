from decimal import Decimal as D
from fractions import Fraction as F

import pytest

from assessment.formula import parse_ratio
from assessment.scoring import SEPARATE, TOGETHER, Given, Rule, exact, score, shown, value_of
from assessment.worksheet import Choice, Criterion, Node, Quantity, Threshold, Worksheet

LETTERS = {
    "YN": {"Y": "1", "T": "0"},
    "ABC": {"A": "1", "B": "0.5", "C": "0"},
    "ABCD": {"A": "1", "B": "0.67", "C": "0.33", "D": "0"},
    "ABCDE": {"A": "1", "B": "0.75", "C": "0.5", "D": "0.25", "E": "0"},
}


def choice_criterion(kind: str, code: str = "A.I.1.i.a", parent: str = "A.I.1.i") -> Criterion:
    choices = tuple(Choice(k, D(v), f"rubrik {k}") for k, v in LETTERS[kind].items())
    return Criterion(code, "judul", kind, None, parent, choices)


def ratio_criterion(formula: str, n: int, zero_rule: str = "undecided", code: str = "A.I.1.i.a") -> Criterion:
    quantities = tuple(Quantity(i, f"{code}.{i}", f"n{i}", "", None, None) for i in range(1, n + 1))
    return Criterion(
        code, "judul", "PCT", None, "A.I.1.i", quantities=quantities, formula=parse_ratio(formula), zero_rule=zero_rule
    )


def index_criterion(weight: str = "17.50") -> Criterion:
    return Criterion("B.I.a", "indeks", "INDEX04", D(weight), "B.I")


@pytest.mark.parametrize(
    ("kind", "key", "value"), [(kind, key, value) for kind, keys in LETTERS.items() for key, value in keys.items()]
)
def test_each_letter_has_its_value(kind, key, value):
    found = value_of(choice_criterion(kind), Given(choice=key))
    assert (found.rule, found.value) == (Rule.CHOICE, F(D(value)))


@pytest.mark.parametrize("kind", LETTERS)
@pytest.mark.parametrize("choice", ["", "Z", "a"])
def test_a_letter_that_is_none_of_the_choices_is_no_answer(kind, choice):
    assert value_of(choice_criterion(kind), Given(choice=choice)).value is None


DISCIPLINE = ratio_criterion("(n1-n2)/n1", 3, "full")
PLAIN = ratio_criterion("n2/n1", 2)
REPORTS = ratio_criterion("n4/(n1+n2+n3)", 4)


@pytest.mark.parametrize(
    ("criterion", "counts", "rule", "value"),
    [
        (PLAIN, (8, 5), Rule.RATIO, F(5, 8)),
        (PLAIN, (3, 1), Rule.RATIO, F(1, 3)),
        (PLAIN, (8, 8), Rule.RATIO, F(1)),
        (PLAIN, (8, 0), Rule.RATIO, F(0)),
        (PLAIN, (2, 5), Rule.CLIPPED_HIGH, F(1)),
        (PLAIN, (0, 0), Rule.ZERO_UNDECIDED, F(0)),
        (PLAIN, (0, 4), Rule.ZERO_UNDECIDED, F(0)),
        (DISCIPLINE, (10, 2, 2), Rule.RATIO, F(4, 5)),
        (DISCIPLINE, (10, 10, 0), Rule.RATIO, F(0)),
        (DISCIPLINE, (10, 12, 0), Rule.CLIPPED_LOW, F(0)),
        (DISCIPLINE, (4, 0, 0), Rule.RATIO, F(1)),
        (DISCIPLINE, (0, 0, 0), Rule.ZERO_FULL, F(1)),
        (DISCIPLINE, (0, 3, 3), Rule.ZERO_NONE, F(0)),
        (REPORTS, (1, 4, 10, 15), Rule.RATIO, F(1)),
        (REPORTS, (1, 4, 10, 6), Rule.RATIO, F(2, 5)),
        (REPORTS, (0, 0, 0, 0), Rule.ZERO_UNDECIDED, F(0)),
        (PLAIN, (8, None), Rule.UNANSWERED, None),
        (PLAIN, (), Rule.UNANSWERED, None),
        (DISCIPLINE, (0, 0, None), Rule.UNANSWERED, None),
    ],
)
def test_counts_become_a_ratio(criterion, counts, rule, value):
    found = value_of(criterion, Given(counts=counts))
    assert (found.rule, found.value) == (rule, value)


def test_ratio_set_by_hand_counts_only_where_the_denominator_is_zero_and_undecided():
    by_hand = {"ratio": D("0.8"), "reason": "tidak ada pengaduan"}
    assert value_of(PLAIN, Given(counts=(0, 0), **by_hand)).value == F(4, 5)
    assert value_of(PLAIN, Given(counts=(4, 1), **by_hand)).value == F(1, 4)
    assert value_of(DISCIPLINE, Given(counts=(0, 3, 0), **by_hand)).value == F(0)
    assert value_of(PLAIN, Given(counts=(None, 0), **by_hand)).value is None


@pytest.mark.parametrize(
    ("index", "value"),
    [("3.60", F(9, 10)), ("3.2", F(4, 5)), ("0", F(0)), ("4", F(1)), ("4.01", None), ("-0.01", None), (None, None)],
)
def test_index_is_a_quarter_each(index, value):
    assert value_of(index_criterion(), Given(index=D(index) if index else None)).value == value


def small_worksheet(**thresholds: tuple[Threshold, ...]) -> Worksheet:
    """A tree of the LKE's shape: two sections with one area each (Pemenuhan, Reform), and Hasil."""
    abcd = [choice_criterion("ABCD", f"A.I.1.i.{x}") for x in "abc"]
    reform = choice_criterion("ABC", "A.II.1.i.a", "A.II.1.i")
    sub = Node("A.I.1.i", "Sub", "subarea", D("1.00"), "A.I.1", criteria=tuple(abcd))
    other = Node("A.II.1.i", "Sub", "subarea", D("3.00"), "A.II.1", criteria=(reform,))
    area = Node("A.I.1", "AREA", "area", D("1.00"), "A.I", "1", (sub,))
    area2 = Node("A.II.1", "AREA", "area", D("3.00"), "A.II", "1", (other,))
    first = Node("A.I", "PEMENUHAN", "section", D("1.00"), "A", children=(area,))
    second = Node("A.II", "REFORM", "section", D("3.00"), "A", children=(area2,))
    a = Node("A", "PENGUNGKIT", "component", D("4.00"), "", children=(first, second))
    b_i = Node("B.I", "BIROKRASI", "section", D("17.50"), "B", criteria=(index_criterion(),))
    b = Node("B", "HASIL", "component", D("17.50"), "", children=(b_i,))
    return Worksheet("uji", (a, b), thresholds.get("thresholds", ()))


def test_subarea_is_the_average_of_its_criteria_times_its_weight():
    result = score(small_worksheet(), {"A.I.1.i.a": Given(choice="A"), "A.I.1.i.b": Given(choice="B")})
    assert result.nodes["A.I.1.i"].score == F(167, 300)
    assert result.nodes["A.I.1.i"].provisional == F(167, 200)
    assert (result.nodes["A.I.1.i"].answered, result.nodes["A.I.1.i"].total) == (2, 3)


def test_thirds_stay_exact_up_to_the_total():
    given = {f"A.I.1.i.{x}": Given(choice=k) for x, k in zip("abc", "BCD", strict=True)}
    result = score(small_worksheet(), given)
    assert result.nodes["A.I.1.i"].score == F(1, 3)
    assert result.total == F(1, 3)


def test_nodes_are_sums_and_the_total_is_the_sum_of_the_roots():
    given = {"A.II.1.i.a": Given(choice="B"), "B.I.a": Given(index=D("3.60"))}
    result = score(small_worksheet(), given)
    points = {code: node.score for code, node in result.nodes.items()}
    assert points == {
        "A": F(3, 2), "A.I": 0, "A.I.1": 0, "A.I.1.i": 0, "A.II": F(3, 2), "A.II.1": F(3, 2), "A.II.1.i": F(3, 2),
        "B": F(63, 4), "B.I": F(63, 4), "B.I.a": F(63, 4),
    }  # fmt: skip
    assert result.total == F(69, 4)
    assert result.unanswered == ("A.I.1.i.a", "A.I.1.i.b", "A.I.1.i.c")


def test_nothing_answered_scores_nothing_in_both_readings():
    result = score(small_worksheet(), {})
    assert (result.total, result.provisional_total, result.answered) == (0, 0, 0)


AREA_60 = Threshold("WBK", "Area 1", "area", "1", D("60"))


@pytest.mark.parametrize(("reading", "passed"), [(TOGETHER, True), (SEPARATE, False)])
def test_area_minimum_has_two_readings_and_the_period_says_which_decides(reading, passed):
    given = {"A.II.1.i.a": Given(choice="A")}  # Reform 3 of 3, Pemenuhan 0 of 1: together 75 %
    result = score(small_worksheet(thresholds=(AREA_60,)), given, area_reading=reading)
    assert [(c.name, c.value, c.passed) for c in result.checks] == [
        ("Area 1", D("75.00"), True),
        ("Area 1 (Pemenuhan)", D("0.00"), False),
        ("Area 1 (Reform)", D("100.00"), True),
    ]
    assert result.passed("WBK") is passed


def test_threshold_is_compared_on_the_figure_that_is_shown():
    given = {f"A.I.1.i.{x}": Given(choice=k) for x, k in zip("abc", "ABD", strict=True)}  # 0.55666… shown 0.56
    exactly = Threshold("WBK", "x", "node", "A.I.1.i", D("0.56"))
    result = score(small_worksheet(thresholds=(exactly,)), given)
    assert result.nodes["A.I.1.i"].score < F(56, 100)
    assert result.checks[0].passed


def test_award_is_asked_of_what_the_unit_holds():
    needs = small_worksheet(thresholds=(Threshold("WBBM", "Sudah WBK", "award", "WBK", D("1")),))
    assert score(needs, {}, held=["WBK"]).passed("WBBM") is True
    assert score(needs, {}).passed("WBBM") is False


def test_predicate_without_thresholds_is_not_passed():
    assert score(small_worksheet(), {}).passed("WBK") is False


@pytest.mark.parametrize(
    ("number", "text"),
    [("0.335", "0.34"), ("0.125", "0.13"), ("0.124999", "0.12"), ("2.675", "2.68"), ("0", "0.00"), ("100", "100.00")],
)
def test_figures_are_shown_half_up(number, text):
    assert str(shown(D(number))) == text


def test_exact_figures_keep_all_their_decimals_and_at_least_two():
    numbers = [F(1, 2), F(67, 200), F(1, 3), F(0), F(100), F(63, 4)]
    assert [f"{exact(n):f}" for n in numbers] == [
        "0.50", "0.335", "0.3333333333333333333333333333", "0.00", "100.00", "15.75",
    ]  # fmt: skip
