from fractions import Fraction as F

import pytest

from assessment.formula import FormulaError, parse_limit, parse_ratio


@pytest.mark.parametrize(
    ("text", "counts", "expected"),
    [
        ("n2/n1", (4, 3), (F(3), F(4))),
        ("(n1-n2)/n1", (4, 6), (F(-2), F(4))),
        ("n4/(n1+n2+n3)", (1, 2, 3, 6), (F(6), F(6))),
        ("n1*n2/n3", (2, 3, 5), (F(6), F(5))),
        ("n2 / n1", (0, 0), (F(0), F(0))),
    ],
)
def test_a_ratio_is_numerator_and_denominator(text, counts, expected):
    assert parse_ratio(text).evaluate(counts) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", "n1", "n1+n2", "n1/", "n1/2", "n0/n1", "x/n1", "n1/n2/n3", "n1**n2/n1", "__import__('os')/n1", "n1/n2()",
        "n1.a/n2", "[n1]/n2", "n1//n2", "n1%n2", "-n1/n2", "n1/n2\nn1/n2", "n٣/n1", "n1/(" * 200, "\x00",
    ],
)  # fmt: skip
def test_anything_else_is_refused(text):
    with pytest.raises(FormulaError):
        parse_ratio(text)


@pytest.mark.parametrize(("counts", "holds"), [((3, 3), True), ((3, 2), True), ((3, 4), False)])
def test_a_limit_holds_or_not(counts, holds):
    assert parse_limit("n2<=n1").holds(counts) is holds


@pytest.mark.parametrize("text", ["n1<n2", "n1", "n1<=n2<=n3", "n1<=2", "n1==n2"])
def test_only_at_most_is_a_limit(text):
    with pytest.raises(FormulaError):
        parse_limit(text)


@pytest.mark.parametrize(
    ("text", "top", "bottom"),
    [
        ("n4/(n1+n2+n3)", "K4", "K1+K2+K3"),
        ("(n1-n2)/n1", "K1-K2", "K1"),
        ("(n1-(n2-n3))/n1", "K1-(K2-K3)", "K1"),
        ("(n1+n2)*n3/n1", "(K1+K2)*K3", "K1"),
        ("n1*(n2-n3)/n1", "K1*(K2-K3)", "K1"),
    ],
)
def test_it_is_written_with_other_names_and_only_the_brackets_it_needs(text, top, bottom):
    assert parse_ratio(text).render(lambda n: f"K{n}") == (top, bottom)


def test_quantities_are_those_it_uses():
    assert parse_ratio("(n1-n2)/n1").quantities == {1, 2}
    assert parse_limit("n4<=n1+n3").quantities == {1, 3, 4}
