from decimal import Decimal as D

import pytest

from assessment.scoring import NOTHING, Given, score, shown
from assessment.tests.bundled import bundled_worksheet
from assessment.trace import answer_text, comma, explain, explain_total, plain


def result(**given):
    return score(bundled_worksheet(), {code.replace("_", "."): value for code, value in given.items()})


def steps(found):
    return [(s.text, s.result) for s in found.steps]


def test_a_letter_is_explained_by_its_rubric_and_its_share():
    found = explain(result(A_I_1_i_b=Given(choice="B")), "A.I.1.i.b")
    rubric = bundled_worksheet().criteria["A.I.1.i.b"].choice("B").text
    assert steps(found) == [
        (f"Jawaban B: {rubric}", "0,5"),
        ("Sumbangan ke Penyusunan Tim Kerja: 0,5 ÷ 2 × bobot 0,50", "0,125"),
    ]
    assert found.legal == "Peraturan Menteri PANRB Nomor 90 Tahun 2021, Lampiran III, A.I.1.i.b"


def test_a_subarea_is_explained_in_both_readings():
    found = explain(result(A_I_1_i_a=Given(choice="Y")), "A.I.1.i")
    assert steps(found) == [
        ("Rata-rata seluruh 2 kriteria: (1) ÷ 2", "0,5"),
        ("Bila dikirim: 0,5 × bobot 0,50", "0,25"),
        ("Rata-rata 1 kriteria yang terjawab: (1) ÷ 1", "1"),
        ("Sementara: 1 × bobot 0,50", "0,50"),
    ]
    assert [(p.code, p.answer, p.amount) for p in found.parts] == [
        ("A.I.1.i.a", "Ya", "1"),
        ("A.I.1.i.b", "", "0 (belum dijawab)"),
    ]
    assert (found.score, found.provisional, found.shown) == ("0.25", "0.50", "0,25")


@pytest.mark.parametrize(
    ("code", "given", "expected"),
    [
        ("A.II.4.i.a", Given(counts=(8, 5)), [("n2/n1: 5 ÷ 8", "0,625 (62,50%)")]),
        (
            "A.II.1.i.a",
            Given(counts=(2, 5)),
            [("n2/n1: 5 ÷ 2", "2,5 (250,00%)"), ("Rasio di atas 100% dihitung 100%", "1")],
        ),
        (
            "A.II.3.iii.a",
            Given(counts=(10, 12, 0)),
            [("(n1-n2)/n1: (10-12) ÷ 10", "-0,2 (-20,00%)"), ("Rasio di bawah 0 dihitung 0", "0")],
        ),
        (
            "A.II.3.iii.a",
            Given(counts=(0, 0, 0)),
            [
                ("(n1-n2)/n1: (0-0) ÷ 0", "tidak terdefinisi"),
                ("Tidak ada pelanggaran pada kedua tahun: dihitung 100%", "1"),
            ],
        ),
        (
            "A.II.5.ii.a",
            Given(counts=(0, 0, 0)),
            [
                ("n3/n1: 0 ÷ 0", "tidak terdefinisi"),
                ("Penyebut nol: perlu penetapan TPI; sementara itu dihitung 0", "0"),
            ],
        ),
        (
            "A.II.5.ii.a",
            Given(counts=(0, 0, 0), ratio=D("0.8"), reason="nihil"),
            [("n3/n1: 0 ÷ 0", "tidak terdefinisi"), ("Penyebut nol; rasio ditetapkan TPI dengan alasan: nihil", "0,8")],
        ),
        ("A.II.5.iii.i.a", Given(counts=(1, 2, 3, 4)), [("n4/(n1+n2+n3): 4 ÷ (1+2+3)", "0,666666… (66,67%)")]),
    ],
)
def test_a_ratio_is_explained_with_its_numbers_and_its_rule(code, given, expected):
    found = explain(result(**{code.replace(".", "_"): given}), code)
    assert steps(found)[:-1] == expected


def test_an_index_is_explained_up_to_its_points():
    found = explain(result(B_I_a=Given(index=D("3.60"))), "B.I.a")
    assert steps(found) == [("Indeks survei 3,60 ÷ 4", "0,9"), ("Nilai 0,9 × bobot 17,50", "15,75")]
    assert (found.shown, found.weight) == ("15,75", "17,50")


def test_an_unanswered_criterion_says_what_it_counts():
    (first, _) = steps(explain(result(), "A.I.1.i.a"))
    assert first == ("Belum dijawab: dihitung 0 bila dikirim, tidak ikut rata-rata pada nilai sementara", "0")


def test_every_figure_of_the_worksheet_can_be_explained_and_agrees_with_the_engine():
    given = {"A.I.1.i.a": Given(choice="Y"), "B.I.a": Given(index=D("3.2")), "A.II.1.i.a": Given(counts=(3, 2))}
    scored = score(bundled_worksheet(), given)
    for code, node in scored.nodes.items():
        assert explain(scored, code).shown == comma(node.score)
    for code in scored.worksheet.criteria:
        assert explain(scored, code).steps
    total = explain_total(scored)
    assert total.shown == comma(scored.total)
    assert [p.code for p in total.parts] == ["A", "B"]


def test_an_unknown_code_is_an_error():
    with pytest.raises(KeyError):
        explain(result(), "A.I.9")


def test_numbers_are_written_with_a_decimal_comma():
    assert [plain(D(n)) for n in ("1", "0.5", "0.67", "0")] == ["1", "0,5", "0,67", "0"]
    assert comma(shown(D("12.345"))) == "12,35"


def test_answers_are_written_in_a_few_characters():
    criteria = bundled_worksheet().criteria
    assert answer_text(criteria["A.I.1.i.a"], Given(choice="Y")) == "Ya"
    assert answer_text(criteria["B.I.a"], Given(index=D("3.6"))) == "3,60"
    assert answer_text(criteria["A.II.4.i.a"], Given(counts=(8, None))) == "8 / …"
    assert {answer_text(criteria[c], NOTHING) for c in ("A.I.1.i.a", "B.I.a", "A.II.4.i.a")} == {""}
