import pytest

from assessment.portalrb_text import likeness, one_line, paired, plain, rubric_of, unnumbered


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1. MANAJEMEN PERUBAHAN", "MANAJEMEN PERUBAHAN"),
        ("iv) Perubahan Pola Pikir", "Perubahan Pola Pikir"),
        ("A. PENGUNGKIT", "PENGUNGKIT"),
        ("A. II. REFORM", "REFORM"),
        ("- Jumlah Agen Perubahan", "Jumlah Agen Perubahan"),
        ("a. Unit kerja  telah\tmembentuk tim", "Unit kerja telah membentuk tim"),
        ("SOP mengacu pada peta", "SOP mengacu pada peta"),
        ("Di. Pusat", "Di. Pusat"),
        ("1.", "1."),
        ("<b>2.</b> Judul &amp; isi", "Judul & isi"),
    ],
)
def test_titles_lose_their_numbers(text, expected):
    assert unnumbered(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p>Satu</p><p>Dua</p>", "Satu\nDua"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("R &amp; D &lt; 5 &nbsp; lagi", "R & D < 5 lagi"),
        ("dua kali &amp;nbsp; lolos &amp;lt;b&amp;gt;", "dua kali lolos <b>"),
        ("nilai < 5 dan > 3", "nilai < 5 dan > 3"),
        ("<script>alert(1)</script>isi<style>p{}</style>", "isi"),
        ("nol\x00 dan \ud800surogat\u200b", "nol dan surogat"),
        ("<![x awal", "<![x awal"),
        ("", ""),
    ],
)
def test_markup_becomes_plain_text(text, expected):
    assert plain(text) == expected


def test_one_line_joins_lines():
    assert one_line("a<br>b\n  c") == "a b c"


def test_likeness_forgives_case_spaces_typos_and_a_missing_heading():
    assert likeness("Hasil  MONITORING dan evaluasi", "Hasil monitoring dan evaluasi") == 1
    assert likeness("telah dtindaklanjuti", "telah ditindaklanjuti") > 0.95
    assert likeness("Lainnya", "Jumlah yang harus melaporkan: Lainnya") == 1
    assert likeness("Standar Pelayanan", "Kinerja Individu") < 0.6


def test_paired_takes_the_most_alike_first_and_equals_in_order():
    assert paired(["b", "a"], ["a", "b"]) == {0: 1, 1: 0}
    assert paired(["sama", "sama"], ["sama", "sama"]) == {0: 0, 1: 1}
    assert paired([], ["a"]) == {}
    assert paired(["a"], []) == {}


def test_paired_gives_a_new_name_at_the_same_place_its_place():
    ours = ["Kinerja Individu", "Standar Pelayanan", "Sistem Informasi"]
    assert paired(["Kinerja Individu", "Xyz", "Sistem Informasi"], ours) == {0: 0, 1: 1, 2: 2}
    assert paired(["Kinerja Individu", "Xyz", "Sistem Informasi", "Qqq"], ours) == {0: 0, 1: 1, 2: 2}
    assert paired(["Kinerja Individu", "Sistem Informasi", "Xyz"], ours) == {0: 0, 1: 2}


def test_rubric_is_taken_apart_by_its_letters():
    assert rubric_of("a. Satu\nb. Dua;\nc. Tiga", "ABC") == {"A": "Satu", "B": "Dua", "C": "Tiga"}
    assert rubric_of("A) Satu B) Dua C) Tiga", "ABC") == {"A": "Satu", "B": "Dua", "C": "Tiga"}
    assert rubric_of("a. Satu yang a. n. unit b. Dua c. Tiga", "ABC")["B"] == "Dua"


@pytest.mark.parametrize("text", ["", "bebas", "a. Satu b. Dua", "a. Satu b. Dua c. Tiga d. Empat", "a. b. c."])
def test_rubric_of_other_letters_is_left(text):
    assert rubric_of(text, "ABC") == {}


def test_rubric_of_yes_and_no():
    both = rubric_of("Ya, apabila ada tim\nTidak, apabila belum ada", "YT")
    assert both == {"Y": "apabila ada tim", "T": "apabila belum ada"}
    assert rubric_of("Ya, apabila ada tim", "YT") == {"Y": "apabila ada tim"}
    assert rubric_of("Ada tim", "YT") == {}
