import pytest

from evidence.layout import Confidence, folder_of, guess_document, match, plain_name, shortened
from evidence.layout.headings import Mark, heading_of, words_of
from evidence.tests.layout_styles import STYLES, paths_in, rows_of

# The least number of SURE among the 113 criteria; all 113 must be right in every style.
SURE_AT_LEAST = {"misspelled": 111, "in_file_name": 20, "title_as_file": 111}


def test_folders_are_named_as_the_worksheet_is(worksheet):
    assert folder_of(worksheet, "A.I.1.i.a") == (
        "A. PENGUNGKIT",
        "I. PEMENUHAN",
        "1. MANAJEMEN PERUBAHAN",
        "i. Penyusunan Tim Kerja",
        "a. Unit kerja telah membentuk",
    )
    assert len(folder_of(worksheet, "A.II.5.iii.i.a")) == 6
    assert len(folder_of(worksheet, "B.I.a")) == 3


def test_folders_are_short_safe_and_distinct(worksheet):
    folders = [folder_of(worksheet, code) for code in worksheet.criteria]
    assert len({"/".join(folder).casefold() for folder in folders}) == 113
    assert max(len("/".join(folder)) for folder in folders) <= 150
    assert {part for folder in folders for part in folder if plain_name(part) != part} == set()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('a<b>c:d"e|f?g*h', "abcde-fgh"),
        ("SOP/Peta \\ Proses", "SOP-Peta-Proses"),
        ("  dua   spasi . ", "dua spasi"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("Console", "Console"),
        ("balik\u202egnp.exe\x00\x1b", "balikgnp.exe"),
        ("baris\nbaru", "baris baru"),
        ("e\u0301", "é"),
        ("...", ""),
    ],
)
def test_plain_names_suit_every_system(text, expected):
    assert plain_name(text) == expected


def test_names_are_cut_at_a_word():
    assert shortened("a. Kebijakan tentang keterbukaan", 32) == "a. Kebijakan tentang keterbukaan"
    assert shortened("a. Pegawai yang disusun oleh unit kerja", 32) == "a. Pegawai yang disusun"
    assert shortened("x" * 40, 32) == "x" * 32


@pytest.mark.parametrize(
    ("name", "marks", "words"),
    [
        ("1) Mnj_Perubahan", [Mark(1, "1")], "manajemen perubahan"),
        ("Area III - Tatalaksana", [Mark(3, "I")], "tatalaksana"),
        ("sub area ii", [Mark(2, "i")], ""),
        ("03 TATALAKSANA  2026", [Mark(3, "1")], "tatalaksana"),
        ("A.I.1.i.a SK Tim", [Mark(1, "A"), Mark(1, "I"), Mark(1, "1"), Mark(1, "i"), Mark(1, "a")], "sk tim"),
        ("e-Kinerja pegawai", [], "e kinerja pegawai"),
        ("12-03-2026 Rapat", [], "12 03 rapat"),
        ("12 Maret 2026 Rapat", [], "12 maret rapat"),
        ("Indikator telah telah", [], "indikator telah"),
        ("Dinas Kesehatan", [], "dinas kesehatan"),
        ("monev ZI", [], "monitoring evaluasi zona integritas"),
        ("0. Sampul", [], "0 sampul"),
    ],
)
def test_headings_are_taken_apart(name, marks, words):
    heading = heading_of(name)
    assert (list(heading.marks), " ".join(heading.words)) == (marks, words)


def test_an_extension_is_no_part_of_a_file_name():
    assert heading_of("a. SK Tim.pdf", is_file=True).words == words_of("SK Tim")
    assert heading_of("A.II.5.iii.pdf", is_file=True).text == "A.II.5.iii"
    assert heading_of("A.II.5.iii", is_file=True).text == "A.II.5.iii"


@pytest.mark.parametrize("style", STYLES)
def test_every_criterion_is_found_in_every_style(worksheet, style):
    found = {code: match(worksheet, path) for code, path in paths_in(style, worksheet)}
    assert {code: m for code, m in found.items() if m.code != code} == {}
    assert sum(m.confidence == Confidence.SURE for m in found.values()) >= SURE_AT_LEAST.get(style, 113)
    assert {code: m for code, m in found.items() if m.confidence == Confidence.NONE} == {}
    assert max(len(m.why) for m in found.values()) <= 200


def test_a_title_beside_another_ones_number_wins_but_is_never_sure(worksheet):
    wrong = {}
    for node in worksheet.nodes.values():
        for criterion, other in zip(node.criteria, node.criteria[1:], strict=False):
            *folders, _ = folder_of(worksheet, criterion.code)
            found = match(worksheet, "/".join([*folders, plain_name(f"{other.marker}. {criterion.title}"), "x.pdf"]))
            if found.code != criterion.code or found.confidence != Confidence.LIKELY:
                wrong[criterion.code] = found
    assert wrong == {}


def test_a_title_from_elsewhere_in_the_tree_is_never_sure(worksheet):
    codes = list(worksheet.criteria)
    wrong = {}
    for code, other in zip(codes, codes[40:] + codes[:40], strict=True):
        *folders, _ = folder_of(worksheet, code)
        title = worksheet.criteria[other].title
        found = match(worksheet, "/".join([*folders, plain_name(f"{code[-1]}. {title}"), "x.pdf"]))
        if found.confidence == Confidence.SURE:
            wrong[code, other] = found
    assert wrong == {}


def test_numbers_alone_that_fit_two_sections_are_left_open(worksheet):
    for code in ("A.I.1.i.a", "A.I.3.i.a", "A.I.6.ii.a"):
        found = match(worksheet, "/".join([*code.split(".")[2:], "x.pdf"]))
        assert (found.code, found.confidence) == ("", Confidence.NONE)


@pytest.mark.parametrize(
    ("path", "code", "confidence"),
    [
        ("Data ZI 2026 Dinas X/LKE/A. PENGUNGKIT/I/MP/i. Tim Kerja/a. Tim/SK.pdf", "A.I.1.i.a", "sure"),
        ("A.I.1/i/a/x.pdf", "A.I.1.i.a", "sure"),
        ("pemenuhan/area 3/ii/b/x.pdf", "A.I.3.ii.b", "sure"),
        ("V. Pengawasan/iii Pengaduan Masyarakat/b. pengaduan masyarakat dtindaklanjuti/x.pdf", "A.I.5.iii.b", "sure"),
        ("REFORM/III. PENATAAN SISTEM MANAJEMEN SDM/ii/a. Hasil assement/x.pdf", "A.II.3.ii.a", "sure"),
        ("IV. AKUNTABILITAS/ii/d. Indikator kinerja telah telah memenuhi kriteria SMART/x.pdf", "A.I.4.ii.d", "sure"),
        ("Hasil/I/b/x.pdf", "B.I.b", "sure"),
        ("A. PENGUNGKIT/II. REFORM/5/iii/i/a/x.pdf", "A.II.5.iii.i.a", "sure"),
        ("Reform/Manajemen Perubahan/Komitmen Pimpinan/foto.jpg", "A.II.1.ii.a", "sure"),  # its only criterion
        ("A.I.1.i.a/Triwulan I/Foto/IMG 01.jpg", "A.I.1.i.a", "sure"),
        ("Bukti/SK Tim A.I.1.i.a 2026.pdf", "A.I.1.i.a", "sure"),
        ("A\\I\\1\\i\\a\\x.pdf", "A.I.1.i.a", "sure"),
        ("Mnj Perubahan/Penyusunan Tim/a) SK Tim.pdf", "A.I.1.i.a", "likely"),
        ("I. PEMENUHAN/1. MANAJEMEN PERUBAHAN/i. Penyusunan Tim Kerja/1/x.pdf", "A.I.1.i.a", "likely"),
        ("II. TATALAKSANA/i. Penyusunan Tim Kerja/a. SOP mengacu pada peta proses bisnis/x.pdf", "A.I.2.i.a", "likely"),
        ("III. SISTEM MNJ SDM/iii Penetapan Kinerja Individu/c. Pengukuran kinerja/x.pdf", "A.I.3.iv.c", "likely"),
        ("PENGUNGKIT/REFORM/iii/ii/a/x.pdf", "A.II.3.ii.a", "likely"),  # or A.II.5.iii.ii.a, its area left out
        ("Reform/Manajemen Perubahan/Komitmen Pimpinan/b. foto.jpg", "A.II.1.ii.a", "likely"),
        ("I. PEMENUHAN/1. MANAJEMEN PERUBAHAN/i. Penyusunan Tim Kerja/a.pdf", "A.I.1.i.a", "likely"),
        ("A.I.1.i.a/A.I.5.i.a SK.pdf", "A.I.5.i.a", "likely"),
        ("Sudah ditetapkan agen perubahan.pdf", "A.I.1.iv.b", "likely"),
    ],
)  # fmt: skip
def test_headings_as_units_write_them(worksheet, path, code, confidence):
    found = match(worksheet, path)
    assert (found.code, found.confidence) == (code, confidence)


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("I. PEMENUHAN/1. MANAJEMEN PERUBAHAN/i. Penyusunan Tim Kerja/SK.pdf", "A.I.1.i"),
        ("I. PEMENUHAN/1. MANAJEMEN PERUBAHAN/SK.pdf", "A.I.1"),
        ("Pemenuhan/Manajemen Perubahan/Tim Kerja/SK Tim Kerja.pdf", "A.I.1.i"),
        ("3 TATALAKSANA/x.pdf", "A.I.2"),
        ("Penguatan Pengawasan/x.pdf", "A.I.5"),
        ("A. PENGUNGKIT/II. REFORM/5. PENGUATAN PENGAWASAN/LHKPN/x.pdf", "A.II.5.iii"),
        ("A. PENGUNGKIT/x.pdf", "A"),
    ],
)
def test_a_place_without_a_criterion_is_kept(worksheet, path, place):
    found = match(worksheet, path)
    assert (found.code, found.confidence, found.place) == ("", Confidence.NONE, place)


@pytest.mark.parametrize(
    "path",
    [
        "", "/", "...", "SK.pdf", "foto liburan.jpg", "IMG-20260114-WA0003.jpg", "Dokumen/Surat/Masuk/undangan.docx",
        "1. Surat Masuk/a. Undangan/x.pdf", "Data ZI 2026/LKE/bukti dukung.pdf", "Zona Integritas/foto.png", "1/a.pdf",
        "a/b/c.pdf", "Laporan kinerja.pdf", "日本語/ファイル.pdf", "x" * 400 + ".pdf", "C:/Users/a/1.pdf",
        "\x00\x01/\u202e.pdf",
        "Z.I.1.i.a SK.pdf", "A.I.9.i.a SK.pdf", "2026/01/12/IMG.jpg", "Triwulan I/1. SK.pdf",
    ],
)  # fmt: skip
def test_what_is_no_place_is_not_recognised(worksheet, path):
    found = match(worksheet, path)
    assert (found.code, found.confidence, found.place) == ("", Confidence.NONE, "")
    assert found.why == "nama folder dan berkas tidak dikenali"


def test_the_reason_is_told(worksheet):
    assert match(worksheet, "A.I.1.i.a/SK.pdf").why == "kode pada nama folder 'A.I.1.i.a'"
    assert match(worksheet, "Pemenuhan/1. Mnj Perubahan/i/b/x.pdf").why == "cocok dengan nomor pada nama folder 'b'"
    alone = match(worksheet, "Reform/Manajemen Perubahan/Komitmen Pimpinan/foto.jpg")
    assert alone.why == "satu-satunya kriteria di nama folder 'Komitmen Pimpinan'"


def test_confidence_has_words_for_people():
    assert [c.label for c in Confidence] == ["Pasti", "Perlu dilihat", "Belum dikenali"]


def test_expected_documents_are_guessed_only_if_clear(worksheet):
    documents = worksheet.criteria["A.I.1.i.a"].documents
    assert documents[0] == "SK Tim Kerja Pembangunan ZI beserta uraian tugas"
    assert guess_document(documents, "SK Tim Kerja ZI 2026") == 0
    assert guess_document(documents, "Notulen rapat pembentukan tim") == 2
    assert guess_document(documents, "Struktur tim kerja") == 1
    assert guess_document(documents, "Tim kerja") is None
    assert guess_document(documents, "IMG 20260114") is None
    assert guess_document([], "SK Tim") is None
    assert guess_document(["SK Tim", "SK Tim"], "SK Tim") is None


def test_most_expected_documents_are_found_by_their_own_title(worksheet):
    pairs = [(c.documents, i) for c in worksheet.criteria.values() for i in range(len(c.documents))]
    found = [guess_document(documents, documents[i]) for documents, i in pairs]
    wrong = [(d, i, f) for (d, i), f in zip(pairs, found, strict=True) if f not in {i, None}]
    assert wrong == []
    assert sum(f is not None for f in found) >= 0.97 * len(pairs)


def test_rows_of_a_criterion_run_from_component_down(worksheet):
    assert [row.code for row in rows_of(worksheet, "B.I.a")] == ["B", "B.I", "B.I.a"]
