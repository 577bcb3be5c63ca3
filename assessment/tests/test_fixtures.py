"""The bundled instrument against the regulation's own figures, written here by hand."""

import json
from collections import Counter
from decimal import Decimal as D

import pytest

from assessment.checks import check_fixture_files
from assessment.fixture_files import BrokenFixture, bundled_instruments, newest_bundled
from assessment.instrument_rows import model_of
from assessment.models import Predicate
from assessment.worksheet import PCT

from .bundled import bundled_worksheet

AREA_WEIGHTS = {
    "A.I.1": "4", "A.I.2": "3.5", "A.I.3": "5", "A.I.4": "5", "A.I.5": "7.5", "A.I.6": "5",
    "A.II.1": "4", "A.II.2": "3.5", "A.II.3": "5", "A.II.4": "5", "A.II.5": "7.5", "A.II.6": "5",
}  # fmt: skip
SECTION_WEIGHTS = {"A": "60", "A.I": "30", "A.II": "30", "B": "40", "B.I": "22.5", "B.II": "17.5"}
RESULT_WEIGHTS = {"B.I.a": "17.5", "B.I.b": "5", "B.II.a": "17.5"}
SUBAREA_WEIGHTS = {
    "A.I.1": ".5 1 1 1.5", "A.I.2": "1 2 .5", "A.I.3": ".25 .5 1.25 2 .75 .25", "A.I.4": "2.5 2.5",
    "A.I.5": "1.5 1.5 1.5 1.5 1.5", "A.I.6": "1 1 1 1 1",
    "A.II.1": "2 1 1", "A.II.2": ".5 1 2", "A.II.3": "1.5 1.5 2", "A.II.4": "2 1.5 1.5", "A.II.5": "2.5 3 2",
    "A.II.6": "2.5 2.5", "A.II.5.iii": "1 1",
}  # fmt: skip
TYPES = {"YN": 17, "ABC": 36, "ABCD": 33, "ABCDE": 17, "PCT": 8, "INDEX04": 2}
MINIMA = {
    "WBK": "total 75; A 40; 1 60; 2 60; 3 60; 4 60; 5 60; 6 60; B.I 18.25; B.I.a 15.75; B.I.b 2.5; B.II 14",
    "WBBM": "total 85; A 48; 1 75; 2 75; 3 75; 4 75; 5 75; 6 75; B.I 19.5; B.I.a 15.75; B.I.b 3.75; B.II 15.75; WBK 1",
}


@pytest.fixture(scope="module")
def sheet():
    return bundled_worksheet()


def test_bundled_instruments_pass_the_system_check():
    assert check_fixture_files() == []


def test_bundled_instrument_has_every_row(sheet):
    criteria = list(sheet.criteria.values())
    assert len(sheet.nodes) == 62
    assert len(criteria) == 113
    assert sum(len(c.choices) for c in criteria) == 359
    assert sum(len(c.quantities) for c in criteria) == 22


def test_bundled_answer_types(sheet):
    assert Counter(c.answer_type for c in sheet.criteria.values()) == TYPES


def test_bundled_weights(sheet):
    weights = {code: sheet.nodes[code].weight for code in [*AREA_WEIGHTS, *SECTION_WEIGHTS]}
    assert weights == {code: D(weight) for code, weight in (AREA_WEIGHTS | SECTION_WEIGHTS).items()}
    for code, expected in SUBAREA_WEIGHTS.items():
        assert [child.weight for child in sheet.nodes[code].children] == [D(w) for w in expected.split()], code
    weighted = {c.code: c.weight for c in sheet.criteria.values() if c.weight is not None}
    assert weighted == {code: D(weight) for code, weight in RESULT_WEIGHTS.items()}


def test_bundled_portalrb_ids_and_rows_run_in_worksheet_order(sheet):
    rows = []
    for criterion in sheet.criteria.values():
        rows += criterion.quantities or (criterion,)
    assert [row.soal_id for row in rows] == list(range(1, 128))
    excel = [row.excel_row for row in rows]
    assert excel == sorted(set(excel))
    assert (excel[0], excel[-1]) == (6, 202)


def test_bundled_choice_values(sheet):
    values = {"YN": "1 0", "ABC": "1 .5 0", "ABCD": "1 .67 .33 0", "ABCDE": "1 .75 .5 .25 0"}
    for criterion in sheet.criteria.values():
        expected = values.get(criterion.answer_type, "").split()
        assert [c.value for c in criterion.choices] == [D(value) for value in expected], criterion.code


def test_bundled_formulas_and_zero_rules(sheet):
    found = {c.code: (c.formula.text, c.zero_rule) for c in sheet.criteria.values() if c.answer_type == PCT}
    assert found == {
        "A.II.1.i.a": ("n2/n1", "undecided"),
        "A.II.1.i.b": ("n2/n1", "undecided"),
        "A.II.3.iii.a": ("(n1-n2)/n1", "full"),
        "A.II.4.i.a": ("n2/n1", "undecided"),
        "A.II.5.ii.a": ("n3/n1", "undecided"),
        "A.II.5.iii.i.a": ("n4/(n1+n2+n3)", "undecided"),
        "A.II.5.iii.ii.a": ("n4/(n1+n2+n3)", "undecided"),
        "A.II.6.i.b": ("n2/n1", "undecided"),
    }


@pytest.mark.parametrize("predicate", Predicate.values)
def test_bundled_minima(sheet, predicate):
    found = [(t.subject or t.measure, t.minimum) for t in sheet.thresholds if t.predicate == predicate]
    expected = [pair.split() for pair in MINIMA[predicate].split(";")]
    assert found == [(subject, D(minimum)) for subject, minimum in expected]


def test_bundled_criteria_expect_two_to_six_documents(sheet):
    assert {c.code: len(c.documents) for c in sheet.criteria.values() if not 2 <= len(c.documents) <= 6} == {}
    assert {c.code for c in sheet.criteria.values() if len(set(c.documents)) < len(c.documents)} == set()


def test_bundled_texts_are_neither_empty_nor_repeated_nor_marked_up(sheet):
    texts = [n.title for n in sheet.nodes.values()]
    for c in sheet.criteria.values():
        rubric = [choice.text for choice in c.choices]
        assert len(set(rubric)) == len(rubric), c.code
        texts += [c.title, *rubric, *c.documents, *(q.title for q in c.quantities), *(q.help for q in c.quantities)]
    wrong = [t for t in texts if not t.strip() or t != " ".join(t.split()) or "<" in t or "&" in t]
    assert wrong == []


def test_every_count_has_help(sheet):
    counted = [c for c in sheet.criteria.values() if c.quantities]
    assert [c.code for c in counted if not c.help] == []


def test_newest_bundled_is_the_latest_year(tmp_path):
    one, two = newest_bundled(), tmp_path / "lke_2.json"
    head = next(row for row in one.rows if model_of(row) == "instrument")
    later = head["fields"] | {"version": 2, "year": head["fields"]["year"] + 1}
    two.write_text(json.dumps([{"model": "assessment.instrument", "fields": later}]))
    directories = [one.paths[0].parent, tmp_path]
    assert [b.key for b in bundled_instruments(directories)] == [("lke-zi", 1), ("lke-zi", 2)]
    assert newest_bundled(directories).key == ("lke-zi", 2)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('[{"model": "assessment.node", ', "Expecting"),
        ('[{"model": "assessment.node", "fields": {"code": "A"}}]', "node row without an instrument"),
        ('[{"model": "assessment.instrument", "fields": {"code": "x", "version": "1"}}]', "without an instrument"),
        (
            '[{"model": "assessment.instrument", "fields": {"code": "x", "version": 1}},'
            ' {"model": "accounts.unit", "fields": {}}]',
            "no part of an instrument",
        ),
        (
            '[{"model": "assessment.instrument", "fields": {"code": "x", "version": 1}},'
            ' {"model": "assessment.instrument", "fields": {"code": "x", "version": 2}}]',
            "rows of 2 instruments",
        ),
        ('{"model": "assessment.node"}', "not a list"),
    ],
)
def test_broken_fixture_files_are_named(tmp_path, settings, content, message):
    (tmp_path / "lke_broken.json").write_text(content)
    with pytest.raises(BrokenFixture, match=message):
        bundled_instruments([tmp_path])
    settings.FIXTURE_DIRS = [tmp_path]
    (found,) = check_fixture_files()
    assert found.id == "assessment.E001"
    assert "lke_broken.json" in found.msg


def test_fixtures_of_other_things_are_passed_over(tmp_path):
    (tmp_path / "other.json").write_text('[{"model": "accounts.unit", "fields": {}}]')
    assert bundled_instruments([tmp_path]) == []
