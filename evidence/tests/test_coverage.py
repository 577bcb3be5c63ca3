"""How far answers are proved, without a database."""

from decimal import Decimal

import pytest

from assessment import scoring
from assessment.scoring import Given
from evidence.coverage import Attached, Coverage, missing, of_criterion, of_nodes, unproved

pytestmark = pytest.mark.django_db  # for the worksheet fixture alone


def test_a_criterion_counts_each_expected_document_once(worksheet):
    criterion = worksheet.criteria["A.I.1.i.a"]
    wanted = len(criterion.documents)
    assert of_criterion(criterion, []) == Coverage(1, 0, wanted, 0, 0)
    assert of_criterion(criterion, [1, 1, 0, 99]) == Coverage(1, 1, wanted, 1, 4)
    assert missing(criterion, [1, 0]) == list(criterion.documents[1:])


def test_a_node_is_the_sum_of_its_criteria(worksheet):
    attached = [Attached("A.I.1.i.a", 1), Attached("A.I.1.i.b", 0), Attached("B.I.a", 1)]
    found = of_nodes(worksheet, attached)
    documents = sum(len(c.documents) for c in worksheet.criteria.values())
    assert found["A"] + found["B"] == Coverage(113, 3, documents, 2, 3)
    assert (found["A.I.1"].proved, found["A.I.1.i"].proved, found["A.I.2"].proved, found["B.I"].proved) == (2, 2, 0, 1)
    assert set(found) == set(worksheet.nodes)


@pytest.mark.parametrize(
    ("coverage", "percent"),
    [
        (Coverage(), 100), (Coverage(3, 1, 0, 0), 33), (Coverage(1, 1, 3, 2), 66), (Coverage(200, 200, 500, 499), 99),
        (Coverage(1, 1, 3, 3), 100),
    ],
)  # fmt: skip
def test_percent_is_never_full_while_something_is_missing(coverage, percent):
    assert coverage.percent == percent


def test_only_answers_better_than_the_worst_must_be_proved(worksheet):
    given = {
        "A.I.1.i.a": Given(choice="Y"), "A.I.1.i.b": Given(choice="A"), "A.I.1.ii.a": Given(choice="T"),
        "A.II.1.i.a": Given(counts=(4, 2)), "A.II.1.i.b": Given(counts=(4, 0)),
        "B.I.a": Given(index=Decimal("3.20")), "B.II.a": Given(index=Decimal(0)),
    }  # fmt: skip
    result = scoring.score(worksheet, given)
    claims = ["A.I.1.i.a", "A.I.1.i.b", "A.II.1.i.a", "B.I.a"]
    assert unproved(result, []) == claims
    assert unproved(result, [Attached("A.I.1.i.b", 0)]) == [c for c in claims if c != "A.I.1.i.b"]
