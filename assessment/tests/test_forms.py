from decimal import Decimal as D

import pytest

from assessment.forms import AnswerForm
from assessment.tests.bundled import bundled_worksheet


def form(code, **fields):
    data = {f"{code}-{name}": value for name, value in ({"version": "0"} | fields).items()}
    return AnswerForm(bundled_worksheet().criteria[code], data)


@pytest.mark.parametrize(
    ("typed", "index"), [("3,60", "3.60"), ("3.6", "3.60"), (" 4 ", "4.00"), ("0", "0.00"), ("", None)]
)
def test_an_index_is_read_with_comma_or_point(typed, index):
    found = form("B.I.a", index=typed)
    assert found.is_valid()
    assert found.entry.given.index == (D(index) if index else None)


@pytest.mark.parametrize("typed", ["4,01", "-1", "-0,5", "12", "tiga", "3,605", "3,6,0", "1e1", "NaN", "٣", "4" * 50])
def test_an_index_outside_0_to_4_or_unreadable_is_refused_beside_the_field(typed):
    found = form("B.I.a", index=typed)
    assert not found.is_valid()
    assert list(found.errors) == ["index"]
    assert found.entry is None


@pytest.mark.parametrize(
    ("typed", "count"), [("12", 12), (" 7 ", 7), ("1.250", 1250), ("0", 0), ("", None), ("1 250", 1250)]
)
def test_a_count_is_read_as_offices_write_it(typed, count):
    found = form("A.II.1.i.a", n1=typed, n2="1")
    assert found.is_valid()
    assert found.entry.given.counts == (count, 1)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("-3", "Jumlah tidak boleh negatif."),
        ("−3", "Jumlah tidak boleh negatif."),
        ("2,5", "Isi dengan bilangan bulat, misalnya 12."),
        ("2.5", "Isi dengan bilangan bulat, misalnya 12."),
        ("dua", "Isi dengan bilangan bulat, misalnya 12."),
        ("1e3", "Isi dengan bilangan bulat, misalnya 12."),
        ("٣", "Isi dengan bilangan bulat, misalnya 12."),
        ("9" * 12, "Jumlah terlalu besar."),
        ("9" * 15, "Isi dengan bilangan bulat, misalnya 12."),
    ],
)
def test_a_bad_count_is_refused_with_a_message_beside_it(typed, message):
    found = form("A.II.1.i.a", n1=typed, n2="1")
    assert not found.is_valid()
    assert found.errors == {"n1": [message]}


@pytest.mark.parametrize(
    ("code", "counts", "field"),
    [
        ("A.II.1.i.b", (2, 3), "n2"),
        ("A.II.4.i.a", (2, 3), "n2"),
        ("A.II.5.ii.a", (2, 0, 3), "n3"),
        ("A.II.5.iii.i.a", (1, 1, 1, 4), "n4"),
        ("A.II.5.iii.ii.a", (1, 1, 1, 4), "n4"),
        ("A.II.6.i.b", (2, 3), "n2"),
    ],
)
def test_counts_that_contradict_each_other_are_refused_beside_the_last_of_them(code, counts, field):
    found = form(code, **{f"n{i}": str(n) for i, n in enumerate(counts, start=1)})
    assert not found.is_valid()
    assert list(found.errors) == [field]


def test_half_filled_counts_are_saved_and_not_yet_held_against_each_other():
    assert form("A.II.5.ii.a", n3="9").is_valid()


def test_more_changes_than_agents_is_no_contradiction():
    assert form("A.II.1.i.a", n1="2", n2="5").is_valid()


def test_an_unknown_letter_is_refused():
    assert form("A.I.1.i.b", choice="Z").errors == {}
    found = form("A.I.1.i.b", choice="Z")
    assert not found.is_valid()
    assert found.errors == {"choice": ["Pilihan ini tidak ada pada kriteria ini."]}


def test_a_note_keeps_its_lines_and_has_a_limit():
    found = form("A.I.1.i.b", choice="A", note="  satu\r\ndua  ")
    assert found.is_valid()
    assert found.entry.note == "satu\ndua"
    assert not form("A.I.1.i.b", note="x" * 5001).is_valid()
    assert not form("A.I.1.i.b", note="a\x00b").is_valid()


@pytest.mark.parametrize("version", ["", "x", "-1", "1.5", "9" * 30])
def test_a_form_without_a_proper_version_is_refused(version):
    found = form("A.I.1.i.b", choice="A", version=version)
    assert not found.is_valid()
    assert list(found.errors) == ["version"]
