"""Workbooks as units really have them: what each defect leads to, exactly. No database."""

import io
from dataclasses import dataclass
from typing import Any

import pytest
from openpyxl import Workbook

from reports.importing.comparing import Comparison, Effect, compare
from reports.importing.package import Unusable
from reports.importing.placing import Placing, place
from reports.importing.reading import Read, read_workbook
from reports.importing.targets import targets_of
from reports.tests.ministry import Line, Lke, best_answers, ministry, worksheet

EVERYTHING = list(worksheet().criteria)
A, B, C = "A.I.1.i.a", "A.I.1.i.b", "A.I.1.ii.a"
PCT = "A.II.1.i.a"
LHKPN = "A.II.5.iii.i.a"


@dataclass
class Outcome:
    """What came of one file: codes that are written, refusals by code, asked rows with their nearest codes."""

    read: Read
    placing: Placing
    comparison: Comparison

    @property
    def written(self) -> list[str]:
        return [line.code for line in self.comparison.writing]

    @property
    def refused(self) -> dict[str, str]:
        refusing = {Effect.REFUSED, Effect.LOCKED}
        return {line.code: s.why for line in self.comparison.lines for s in line.sides if s.effect in refusing}

    @property
    def asked(self) -> dict[str, str]:
        rows = {row.number: row.title for row in self.read.rows}
        return {rows[d.row]: d.nearest[0] if d.nearest else "" for d in self.placing.doubts}

    def given(self, code: str) -> Any:
        return next(line.entry.given for line in self.comparison.writing if line.code == code and line.entry)

    def line(self, code: str) -> Any:
        return next(line for line in self.comparison.lines if line.code == code)


def outcome(file: io.BytesIO) -> Outcome:
    read = read_workbook(file, worksheet())
    placing = place(read, targets_of(worksheet()))
    return Outcome(read, placing, compare(worksheet(), read, placing.where, {}, {}))


def full() -> Lke:
    return ministry().fill(best_answers())


def whole(lke: Lke) -> None:
    """Assert that everything is placed, nothing refused and nothing asked."""
    found = outcome(lke.file())
    assert (found.written, found.refused, found.asked) == (EVERYTHING, {}, {})


# Defects after which everything still finds its place.


def shifted_down(lke: Lke) -> None:
    lke.top += ["", "Unit Kerja: RSUD Contoh", "Tahun 2026"]


def no_title_rows(lke: Lke) -> None:
    lke.top = []


def double_spaces(lke: Lke) -> None:
    for line in lke.lines:
        line.title = f"  {line.title.replace(' ', '  ')} "


def known_typos(lke: Lke) -> None:
    for line in lke.lines:
        for right, wrong in (
            ("ditindaklanjuti", "dtindaklanjuti"),
            ("assessment", "assement"),
            ("telah", "telah telah"),
            ("Monitoring", "Monitorring"),
        ):
            line.title = line.title.replace(right, wrong)


def shouted(lke: Lke) -> None:
    for line in lke.lines:
        line.title = line.title.upper()


def marker_and_title_in_one_cell(lke: Lke) -> None:
    for line in lke.lines:
        if line.marker not in {"", "-"}:
            line.title, line.marker = f"{line.marker}. {line.title}", ""


def no_markers(lke: Lke) -> None:
    for line in lke.lines:
        line.marker = ""


def wrong_numbers(lke: Lke) -> None:
    for code in ("A.I.3.iv", "A.I.3.v", "A.I.3.vi"):
        lke[code].marker = "iii"


def choices_overwritten(lke: Lke) -> None:
    for line in lke.lines:
        line["J"] = "Pilihan"


def choices_heading_gone(lke: Lke) -> None:
    lke.headings["J"] = "xxx"


def extra_rows(lke: Lke) -> None:
    lke.insert(B, Line("", "", "Catatan tim: lihat lampiran", 5))
    lke.insert("A.I.2", Line("", "", "", 0), Line("", "", "Jumlah", 0, {"L": "=SUM(L5:L9)"}))


def missing_headings(lke: Lke) -> None:
    for code in ("A.I.1", "A.I.1.ii", "A.II", "B.I", "A.II.5.iii"):
        lke.drop(code)


def lower_case_answers(lke: Lke) -> None:
    for line in lke.lines:
        if isinstance(line["K"], str) and not line["K"].startswith("="):
            line["K"] = f" {line['K'].lower()}  "


def answers_with_points(lke: Lke) -> None:
    for line in lke.lines:
        if isinstance(line["K"], str) and len(line["K"]) == 1:
            line["K"] += "."


def counts_as_text(lke: Lke) -> None:
    for line in lke.lines:
        if isinstance(line["K"], int):
            line["K"] = f" {line['K']} "


def percentages_typed(lke: Lke) -> None:
    for line in lke.lines:
        if line["J"] == "%":
            line["K"] = 0.875


def percentages_broken(lke: Lke) -> None:
    for line in lke.lines:
        if line["J"] == "%":
            line["K"] = "#DIV/0!"


def broken_sums(lke: Lke) -> None:
    for line in lke.lines:
        if line["L"]:
            line["L"] = "#REF!"


def index_with_comma(lke: Lke) -> None:
    lke["B.I.a"]["K"], lke["B.II.a"]["K"] = "3,60", " 3.2 "


def index_with_noise(lke: Lke) -> None:
    lke["B.I.a"]["K"] = 3.6000000000000001


def stale_hidden_sheet(lke: Lke) -> None:
    def add(book: Workbook) -> None:
        old = ministry().fill(dict.fromkeys((A, C), "Tidak")).book().worksheets[0]
        sheet = book.create_sheet("LKE ZI lama", 0)
        for row in old.iter_rows():
            for cell in row:
                sheet[cell.coordinate] = cell.value
        sheet.sheet_state = "hidden"

    lke.dress.append(add)


def other_sheets_first(lke: Lke) -> None:
    def add(book: Workbook) -> None:
        book.create_sheet("Sampul", 0)["A1"] = "Lembar Kerja Evaluasi"
        book.create_sheet("Rekap", 1)["B3"] = "Jawaban"

    lke.dress.append(add)


def another_sheet_name(lke: Lke) -> None:
    lke.sheet = "Sheet1 (2)"


def merged_cells(lke: Lke) -> None:
    def merge(book: Workbook) -> None:
        sheet = book.worksheets[0]
        sheet.merge_cells("B1:M1")
        sheet.merge_cells("B4:G4")
        for number in range(5, 60):
            if sheet.cell(number, 8).value is None and sheet.cell(number, 7).value:
                sheet.merge_cells(f"G{number}:H{number}")

    lke.dress.append(merge)


def columns_numbered(lke: Lke) -> None:
    numbers = {column: f"({n})" for n, column in enumerate("HIJKL", start=2)}
    lke.lines.insert(0, Line("", "", "(1)", 0, numbers))


def columns_moved(lke: Lke) -> None:
    moved = {"H": "M", "I": "H", "J": "I", "K": "J"}
    for cells in (lke.headings, *(line.cells for line in lke.lines)):
        values = {old: cells.pop(old, None) for old in moved}
        cells.pop("M", None)
        cells.update({moved[old]: value for old, value in values.items()})


def tpi_beside(lke: Lke) -> None:
    lke.headings |= {"K": "Jawaban Unit Kerja", "N": "Jawaban TPI", "P": "Catatan TPI"}
    for line in lke.lines:
        line["N"], line["P"] = ("E" if line["K"] else None), ("Kurang" if line["K"] else None)


def tpi_before(lke: Lke) -> None:
    lke.headings |= {"J": "Jawaban TPI", "K": "Jawaban Unit", "N": "Pilihan Jawaban"}
    for line in lke.lines:
        line["J"] = "E" if line["K"] else None


def two_rows_of_heading(lke: Lke) -> None:
    lke.headings |= {"K": "Jawaban", "L": None}
    lke.lines.insert(0, Line("", "", "", 0, {"K": "Unit", "L": "TPI"}))
    for line in lke.lines[1:]:
        line["L"] = "E" if line["K"] else None


def signed_below(lke: Lke) -> None:
    lke.below = [{"B": "Mengetahui,"}, {"B": "Kepala Unit Kerja"}, {"B": "NIP 19700101"}]


HARMLESS = [
    shifted_down, no_title_rows, double_spaces, known_typos, shouted, marker_and_title_in_one_cell, no_markers,
    wrong_numbers, choices_overwritten, choices_heading_gone, extra_rows, missing_headings, lower_case_answers,
    answers_with_points, counts_as_text, percentages_typed, percentages_broken, broken_sums, index_with_comma,
    index_with_noise, stale_hidden_sheet, other_sheets_first, another_sheet_name, merged_cells, columns_numbered,
    columns_moved, tpi_beside, tpi_before, two_rows_of_heading, signed_below,
]  # fmt: skip


@pytest.mark.parametrize("defect", HARMLESS, ids=lambda defect: defect.__name__)
def test_everything_finds_its_place(defect):
    lke = full()
    defect(lke)
    found = outcome(lke.file())
    assert (found.written, found.refused, found.asked) == (EVERYTHING, {}, {})
    assert found.given(A).choice == "Y"
    assert found.given("A.I.2.iii.b").choice == "A"
    assert found.given(LHKPN).counts == (4, 4, 4, 12)
    assert found.given("B.I.a").index is not None


# What is refused, and what stays.


def filled(**answers: Any) -> Outcome:
    lke = full()
    lke.fill({code.replace("_", "."): value for code, value in answers.items()})
    return outcome(lke.file())


REFUSED = {
    "a letter that is no choice": (B, "D", "“D” bukan pilihan di sini: A, B, C."),
    "a word for a letter": (B, "Ya", "“Ya” bukan pilihan di sini: A, B, C."),
    "a letter for a word": (A, "A", "“A” bukan pilihan di sini: Ya, Tidak."),
    "the choices themselves": (B, "A/B/C", "“A/B/C” bukan pilihan di sini: A, B, C."),
    "a number for a letter": (B, 1, "“1” bukan pilihan di sini: A, B, C."),
    "a formula for a letter": (B, '=IF(1,"A","B")', "Rumus, bukan jawaban: ketik jawabannya sendiri."),
    "an error": (B, "#REF!", "Nilai kesalahan Excel (#REF!), bukan jawaban."),
    "a truth value": (A, True, "Nilai benar/salah Excel, bukan jawaban. Tulis salah satu pilihan."),
    "an index above four": ("B.I.a", 4.5, "“4.5” bukan indeks 0 sampai 4 dengan paling banyak dua desimal."),
    "an index too exact": ("B.I.a", 3.605, "“3.605” bukan indeks 0 sampai 4 dengan paling banyak dua desimal."),
    "a negative index": ("B.I.a", -1, "“-1” bukan indeks 0 sampai 4 dengan paling banyak dua desimal."),
    "a negative count": ("A.II.1.i.a.1", -3, "Jumlah Agen Perubahan: Jumlah tidak boleh negatif."),
    "half a person": ("A.II.1.i.a.1", 2.5, "Jumlah Agen Perubahan: “2.5” bukan bilangan bulat, misalnya 12."),
    "a word as a count": ("A.II.1.i.a.1", "dua", "Jumlah Agen Perubahan: “dua” bukan bilangan bulat, misalnya 12."),
    "a formula as a count": (
        "A.II.1.i.b.1", "=K150", "Jumlah Perubahan yang dibuat: Rumus, bukan jawaban: ketik jawabannya sendiri.",
    ),
    "a count too large": ("A.II.1.i.a.2", 10**11, "Jumlah terlalu besar."),
    "an absurd number": ("B.II.a", 1e300, "bukan indeks"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_a_value_that_is_no_answer_is_refused_alone(case):
    place_, value, why = REFUSED[case]
    code = place_ if place_ in worksheet().criteria else place_.rpartition(".")[0]
    found = filled(**{place_.replace(".", "_"): value})
    assert found.written == [c for c in EVERYTHING if c != code]
    assert list(found.refused) == [code]
    assert why in found.refused[code]
    assert found.asked == {}


def test_a_date_is_refused():
    def date_it(book: Workbook) -> None:
        book.worksheets[0].cell(lke.number("A.II.1.i.a.1"), 11).number_format = "dd/mm/yyyy"

    lke = full()
    lke.dress.append(date_it)
    found = outcome(lke.file())
    assert "Tanggal, bukan jawaban" in found.refused[PCT]


def test_counts_that_cannot_be_are_refused_together_and_their_note_is_taken():
    lke = full().fill({"A.II.1.i.b.2": 9, "A.II.1.i.b.1": 3})
    lke["A.II.1.i.b"]["O"] = "Sudah terintegrasi"
    found = outcome(lke.file())
    line = found.line("A.II.1.i.b")
    assert (line.answer.effect, line.note.effect) == (Effect.REFUSED, Effect.NEW)
    assert line.entry.given.counts == ()
    assert line.entry.note == "Sudah terintegrasi"


def test_blank_cells_bring_nothing():
    found = outcome(ministry().file())
    assert (found.comparison.lines, found.asked) == ((), {})


def test_thousands_with_points_are_whole_numbers():
    found = filled(A_II_1_i_a_1="1.250", A_II_1_i_a_2="2.500")
    assert found.given(PCT).counts == (1250, 2500)


# What is asked.


def test_a_row_that_is_missing_is_simply_missing():
    lke = full()
    lke.drop("A.I.5.iv.c")
    found = outcome(lke.file())
    assert found.written == [c for c in EVERYTHING if c != "A.I.5.iv.c"]
    assert (found.refused, found.asked) == ({}, {})


def test_a_title_overwritten_with_something_else_is_asked_with_the_free_place_first():
    lke = full()
    lke["A.I.1.iii.b"].title = "Data dukung ada di lemari arsip"
    found = outcome(lke.file())
    assert found.written == [c for c in EVERYTHING if c != "A.I.1.iii.b"]
    assert found.asked == {"Data dukung ada di lemari arsip": "A.I.1.iii.b"}


def test_a_row_without_a_title_is_asked():
    lke = full()
    lke["A.I.2.i.b"].title = lke["A.I.2.i.b"].marker = ""
    found = outcome(lke.file())
    assert found.asked == {"": "A.I.2.i.b"}
    assert "A.I.2.i.b" not in found.written


def test_the_same_row_twice_with_different_answers_is_asked():
    lke = full()
    lke.insert("A.I.1.ii", Line("", "b", worksheet().criteria[B].title, 4, {"K": "C"}))
    found = outcome(lke.file())
    assert [d.nearest[0] for d in found.placing.doubts] == [B, B]
    assert found.written == [c for c in EVERYTHING if c != B]


def test_the_same_row_twice_with_the_same_answer_is_taken_once():
    lke = full()
    lke.insert("A.I.1.ii", Line("", "b", worksheet().criteria[B].title, 4, {"K": "A"}))
    whole(lke)


def test_a_count_that_could_be_two_is_asked():
    lke = full()
    for code in ("A.II.1.i.b", "A.II.1.i.b.1"):
        lke.drop(code)
    found = outcome(lke.file())
    assert set(found.asked) == {"Jumlah Perubahan yang dibuat"}
    assert set(found.placing.doubts[0].nearest[:2]) == {"A.II.1.i.a.2", "A.II.1.i.b.1"}


def test_an_answer_beside_a_heading_is_asked():
    lke = full()
    lke["A.I.1.i"]["K"], lke[A]["K"] = "Ya", None
    found = outcome(lke.file())
    assert found.asked == {"Penyusunan Tim Kerja": A}
    assert A not in found.written


def test_areas_in_another_order_find_their_place():
    lke = full()
    at = [n for n, line in enumerate(lke.lines) if line.code.startswith("A.II")]
    moved = [lke.lines[n] for n in at]
    lke.lines = [*moved, *(line for line in lke.lines if line not in moved)]
    whole(lke)


def test_answers_below_the_table_are_asked():
    lke = full()
    lke.below = [{"B": "Jakarta, 3 Mei 2026", "K": "Kepala Unit"}]
    found = outcome(lke.file())
    assert found.written == EVERYTHING
    assert len(found.placing.doubts) == 1


# Notes and links.


def with_evidence(links: Any, names: Any = "SK Tim Kerja", **headings: Any) -> Outcome:
    lke = full()
    lke.headings |= {"P": "Nama Dokumen", "Q": "Link", **headings}
    lke[A]["P"], lke[A]["Q"], lke[A]["O"] = names, links, "Tim dibentuk Januari."
    return outcome(lke.file())


def added(found: Outcome, code: str = A) -> list[tuple[str, str]]:
    return [(link.url, link.title) for link in found.line(code).new_links]


URL = "https://drive.google.com/drive/folders/1AbC?usp=sharing"


@pytest.mark.parametrize("headings", [{}, {"P": None, "Q": None}, {"P": "Bukti Dukung", "Q": "Tautan Eviden"}])
def test_links_are_taken_whatever_their_columns_are_called(headings):
    found = with_evidence(URL, **headings)
    assert added(found) == [(URL, "SK Tim Kerja")]
    assert found.line(A).entry.note == "Tim dibentuk Januari."


def test_links_in_a_column_called_evidence():
    found = with_evidence(None, names=f"Lihat {URL}.", P="Data Dukung", Q=None)
    assert added(found) == [(URL, f"Bukti dukung {A}")]


def test_several_links_with_as_many_names():
    found = with_evidence(f"{URL}\nhttp://arsip.example.go.id/b", names="SK Tim\n\nNotulen")
    assert added(found) == [(URL, "SK Tim"), ("http://arsip.example.go.id/b", "Notulen")]


def test_an_address_behind_a_word():
    def link(book: Workbook) -> None:
        book.worksheets[0].cell(lke.number(A), 17).hyperlink = URL

    lke = full()
    lke.headings |= {"Q": "Link"}
    lke[A]["Q"] = "Klik di sini"
    lke.dress.append(link)
    assert added(outcome(lke.file())) == [(URL, "Klik di sini")]


BAD_LINKS = ["javascript:alert(1)", "file:///C:/bukti.pdf", "ftp://x/y", "ada di lemari", "https://u:p@example.com/"]


@pytest.mark.parametrize("text", BAD_LINKS)
def test_other_addresses_are_refused(text):
    found = with_evidence(text)
    assert added(found) == []
    assert list(found.refused) == [A]


def test_notes_of_counts_belong_to_their_criterion():
    lke = full()
    lke[PCT]["O"], lke["A.II.1.i.a.1"]["O"], lke["A.II.1.i.a.2"]["O"] = "Agen", "Lima orang", "Agen"
    assert outcome(lke.file()).line(PCT).entry.note == "Agen\nLima orang"


@pytest.mark.parametrize(("note", "why"), [("=A1", "Rumus"), ("x" * 5001, "paling panjang 5000")])
def test_a_note_that_cannot_be_kept_is_refused_and_the_answer_taken(note, why):
    lke = full()
    lke[A]["O"] = note
    found = outcome(lke.file())
    assert why in found.refused[A]
    assert found.given(A).choice == "Y"


def test_control_characters_do_not_come_in():
    lke = full()
    lke[A]["O"] = "a_x0000_b_x005F_c_xD800_d"
    assert outcome(lke.file()).line(A).entry.note == "ab_c" + "d"


# Files that are no LKE.


def plain_book(**cells: Any) -> io.BytesIO:
    book, out = Workbook(), io.BytesIO()
    for place_, value in cells.items():
        book.worksheets[0][place_] = value
    book.save(out)
    return out


def test_a_workbook_without_an_lke_is_unusable():
    with pytest.raises(Unusable, match="Tidak ada lembar LKE"):
        outcome(plain_book(A1="Nama", B1="Jumlah", C1="Jawaban"))


def test_an_lke_that_is_hidden_is_unusable():
    def hide(book: Workbook) -> None:
        book.create_sheet("Lain")
        book.worksheets[0].sheet_state = "hidden"

    lke = full()
    lke.dress.append(hide)
    with pytest.raises(Unusable, match="tersembunyi"):
        outcome(lke.file())


def test_answers_of_tpi_alone_are_not_taken_for_the_units():
    lke = full()
    lke.headings["K"] = "Jawaban TPI"
    with pytest.raises(Unusable, match=r"tahap lain \(Jawaban TPI\)"):
        outcome(lke.file())


def test_a_sheet_beside_that_looks_alike_is_named():
    lke = full()
    lke.dress.append(lambda book: setattr(book.copy_worksheet(book.worksheets[0]), "title", "LKE 2025"))
    assert outcome(lke.file()).read.others == ("LKE 2025",)


def test_more_answers_than_an_lke_has_are_refused():
    lke = full()
    lke.below = [{"B": f"Baris {n}", "K": "A"} for n in range(501)]
    with pytest.raises(Unusable, match="baris dengan isian"):
        outcome(lke.file())


def test_more_lines_than_any_lke_are_refused():
    lke = full()
    lke.below = [{"B": f"Baris {n}"} for n in range(900)]
    with pytest.raises(Unusable, match="sekitar 200"):
        outcome(lke.file())


def test_more_text_than_any_lke_is_refused():
    lke = full()
    for line in lke.lines:
        line["O"], line["P"] = "x" * 6000, "y" * 6000
    lke.headings["P"] = "Nama Dokumen"
    with pytest.raises(Unusable, match="terlalu banyak teks"):
        outcome(lke.file())


# PortalRB's sheet.


def portalrb(rows: dict[int, dict[str, Any]], **heads: str) -> Outcome:
    cells = {f"{column}{row}": value for row, found in rows.items() for column, value in found.items()}
    book, out = Workbook(), io.BytesIO()
    book.worksheets[0].title = "Jawaban"
    for place_, value in {**{f"{c}5": text for c, text in heads.items()}, **cells}.items():
        book.worksheets[0][place_] = value
    book.save(out)
    return outcome(out)


def test_portalrbs_rows_are_known_by_their_number_whatever_stands_beside():
    found = portalrb({6: {"C": "x", "K": "Ya", "L": "Ada", "N": "Tidak"}, 126: {"K": 4}, 127: {"K": 2}, 8: {"K": "Ya"}})
    assert found.written == [A, PCT]
    assert (found.given(PCT).counts, found.line(A).entry.note) == ((4, 2), "Ada")
    assert [(d.row, d.why) for d in found.placing.doubts] == [(8, "Tidak ada soal PortalRB di baris ini.")]


def test_our_upload_with_rows_shifted_is_known_by_its_codes():
    title = worksheet().criteria[A].title
    found = portalrb(
        {7: {"B": A, "C": title, "K": "Ya"}, 9: {"B": B, "C": "Hal lain", "K": "A"}}, B="Kode", C="Pertanyaan"
    )
    assert found.written == [A]
    assert [d.row for d in found.placing.doubts] == [9]


def test_evidence_of_portalrbs_counts_is_one_link():
    link = {"M": f"SK: {URL}; {URL}"}
    found = portalrb({126: {"K": 4, **link}, 127: {"K": 2, **link}})
    assert added(found, PCT) == [(URL, f"Bukti dukung {PCT}")]
