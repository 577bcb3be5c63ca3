"""What is tried, as the query string has it."""

from fractions import Fraction

import pytest

from assessment.advice import Improvement, Level
from assessment.tests.bundled import bundled_worksheet
from dashboards import whatif


def read(**typed: str) -> whatif.Tried:
    return whatif.read(bundled_worksheet(), {f"u.{code}": text for code, text in typed.items()})


@pytest.mark.parametrize(
    ("code", "text", "value"),
    [
        ("A.I.1.i.a", "Y", 1), ("A.I.1.i.a", "T", 0), ("A.I.1.iii.a", "B", Fraction("0.67")),
        ("A.II.1.i.a", "80", Fraction("0.8")), ("A.II.1.i.a", " 62,5 ", Fraction("0.625")), ("A.II.1.i.a", "0", 0),
        ("B.I.a", "3.6", Fraction("0.9")), ("B.I.a", "4,00", 1),
    ],
)  # fmt: skip
def test_values_are_read_as_shares(code, text, value):
    tried = read(**{code: text})
    assert (tried.values, tried.errors) == ({code: value}, {})


@pytest.mark.parametrize(
    ("code", "text", "error"),
    [
        ("A.I.1.i.a", "A", whatif.WRONG_CHOICE), ("A.I.1.i.a", "y", whatif.WRONG_CHOICE),
        ("A.I.1.i.a", "\0", whatif.WRONG_CHOICE), ("A.II.1.i.a", "101", whatif.WRONG_PERCENT),
        ("A.II.1.i.a", "-1", whatif.WRONG_PERCENT), ("A.II.1.i.a", "1e1", whatif.WRONG_PERCENT),
        ("A.II.1.i.a", "NaN", whatif.WRONG_PERCENT), ("A.II.1.i.a", "٣", whatif.WRONG_PERCENT),
        ("B.I.a", "4,01", whatif.WRONG_INDEX), ("B.I.a", "3,605", whatif.WRONG_INDEX),
        ("B.I.a", "9" * 5000, whatif.WRONG_INDEX),
    ],
)  # fmt: skip
def test_nonsense_is_refused_with_a_reason_and_shown_again_in_short(code, text, error):
    tried = read(**{code: text})
    assert (tried.values, tried.errors) == ({}, {code: error})
    assert len(tried.typed[code]) <= whatif.LONGEST


def test_empty_fields_and_codes_that_are_no_criteria_change_nothing():
    assert read(**{"A.I.1.i.a": "", "A.I.1": "A", "X": "1"}) == whatif.Tried()


def test_suggestions_are_tried_as_somebody_would_type_them():
    improvements = [
        Improvement("A.I.1.i.b", Level(Fraction(1, 2), "B"), 1, Fraction(0)),
        Improvement("A.II.1.i.a", Level(Fraction(9, 10)), 1, Fraction(0)),
        Improvement("B.I.a", Level(Fraction(9, 10)), 1, Fraction(0)),
    ]
    tried = whatif.suggested(improvements, bundled_worksheet())
    assert tried.typed == {"A.I.1.i.b": "B", "A.II.1.i.a": "90", "B.I.a": "3,6"}
    assert whatif.read(bundled_worksheet(), whatif.query_of(tried)) == tried
