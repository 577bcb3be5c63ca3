"""The exported workbook: layout, inputs, protection, print set-up, texts that stay texts, values beside formulas."""

import io
import re
import warnings
import zipfile
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.xml.functions import fromstring

from assessment.scoring import Given, shown
from assessment.worksheet import INDEX, PCT
from reports.lke import Lke
from reports.workbook import build, cached, controls
from reports.workbook.notes_sheet import pieces
from reports.workbook.printing import footer_text
from reports.workbook.text import ROW_LIMIT, clean, line_count, row_height

from .workbook_samples import lke_with, random_lke, worksheet

A, B, G, H, I, J, K, L, M, N, O, P = 1, 2, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16  # noqa: E741
FIRST = 5


def opened(lke: Lke, **options: Any) -> Workbook:
    return load_workbook(io.BytesIO(build(lke)), **options)


@cache
def empty_book() -> Workbook:
    return opened(lke_with({}))


@pytest.fixture
def sheet() -> Worksheet:
    """Return `LKE ZI` of an empty assessment, for reading."""
    return empty_book()["LKE ZI"]


def row_of(sheet: Worksheet, code: str) -> int:
    return next(number for number in range(FIRST, sheet.max_row + 1) if sheet.cell(number, A).value == code)


def noted(text: str, **changes: Any) -> Any:
    """Return the note's cell of a workbook with one note."""
    sheet = opened(lke_with({}, notes={"A.I.1.i.a": text}, **changes))["LKE ZI"]
    return sheet.cell(row_of(sheet, "A.I.1.i.a"), N)


def test_sheets_and_codes_in_worksheet_order(sheet):
    assert empty_book().sheetnames == ["LKE ZI", "Ringkasan", "Petunjuk"]
    expected = []
    for root in worksheet().roots:
        for node in root.walk():
            expected.append(node.code)
            for criterion in node.criteria:
                expected += [criterion.code, *(q.code for q in criterion.quantities)]
    found = [sheet.cell(number, A).value for number in range(FIRST, sheet.max_row + 1)]
    assert [code for code in found if code] == expected
    assert len(expected) == 197
    assert sheet.column_dimensions["A"].hidden


def test_each_level_stands_one_column_further_right(sheet):
    def place(code: str) -> list[tuple[str, str]]:
        cells = sheet[row_of(sheet, code)][B - 1 : G]
        return [(cell.column_letter, cell.value) for cell in cells if cell.value]

    assert place("A") == [("B", "A"), ("C", "PENGUNGKIT")]
    assert place("A.I") == [("C", "I"), ("D", "PEMENUHAN")]
    assert place("A.I.1") == [("D", "1"), ("E", "MANAJEMEN PERUBAHAN")]
    assert place("A.I.1.i") == [("E", "i"), ("F", "Penyusunan Tim Kerja")]
    assert place("A.I.1.i.a")[0] == ("F", "a")
    assert place("A.I.1.i.a")[1][0] == "G"
    assert place("A.II.5.iii.i.a") == [("F", "a"), ("G", "Persentase penyampaian LHKPN")]
    assert place("A.II.1.i.a.1") == [("G", "- Jumlah Agen Perubahan")]


def test_columns_say_what_they_hold(sheet):
    heads = {cell.column_letter: cell.value for cell in sheet[FIRST - 1] if cell.value}
    assert heads == {
        "A": "Kode", "B": "Penilaian", "H": "Bobot", "I": "Penjelasan", "J": "Pilihan Jawaban", "K": "Jawaban Unit",
        "L": "Nilai", "M": "%", "N": "Catatan", "O": "Nilai sementara", "P": "% sementara",
    }  # fmt: skip
    kinds = {c.answer_type: sheet.cell(row_of(sheet, code), J).value for code, c in worksheet().criteria.items()}
    assert kinds == {
        "YN": "Ya/Tidak", "ABC": "A/B/C", "ABCD": "A/B/C/D", "ABCDE": "A/B/C/D/E", "PCT": "%", "INDEX04": "0-4",
    }  # fmt: skip
    assert sheet.cell(row_of(sheet, "A.II.1.i.a.1"), J).value == "Jumlah"
    weights = {node.code: sheet.cell(row_of(sheet, node.code), H).value for node in worksheet().nodes.values()}
    assert weights == {code: float(node.weight) for code, node in worksheet().nodes.items()}


def test_every_choice_and_every_formula_is_explained(sheet):
    for code, criterion in worksheet().criteria.items():
        text = sheet.cell(row_of(sheet, code), I).value
        assert all(f"{choice.label}: {choice.text}" in text.split("\n") for choice in criterion.choices)
        assert criterion.choices or text.startswith(("Rumus: ", "Indeks survei "))
    discipline = sheet.cell(row_of(sheet, "A.II.3.iii.a"), I).value
    assert "([Jumlah pelanggaran tahun sebelumnya] − [Jumlah pelanggaran tahun ini]) ÷ " in discipline
    assert "100% bila pembilangnya tidak negatif" in discipline
    assert "sampai TPI menetapkan" in sheet.cell(row_of(sheet, "A.II.1.i.a"), I).value


def test_obliged_groups_have_their_sum_above_them():
    book = opened(lke_with({"A.II.5.iii.i.a": Given(counts=(1, 2, 4, 6))}))
    sheet = book["LKE ZI"]
    first = row_of(sheet, "A.II.5.iii.i.a.1")
    texts = [sheet.cell(number, G).value for number in range(first - 1, first + 4)]
    assert texts == [
        "- Jumlah yang harus melaporkan", "- Kepala satuan kerja",
        "- Pejabat yang diwajibkan menyampaikan LHKPN", "- Lainnya", "- Jumlah yang sudah melaporkan",
    ]  # fmt: skip
    assert sheet.cell(first - 1, A).value is None
    assert sheet.cell(first - 1, K).value == f'=IF(COUNT(K{first},K{first + 1},K{first + 2})<3,"",' + (
        f"SUM(K{first},K{first + 1},K{first + 2}))"
    )
    assert [sheet.cell(number, K).value for number in range(first, first + 4)] == [1, 2, 4, 6]


def test_answers_and_notes_are_written():
    given = {
        "A.I.1.i.a": Given(choice="Y"),
        "A.I.1.i.b": Given(choice="C"),
        "B.I.a": Given(index=Decimal("3.60")),
        "A.II.1.i.a": Given(counts=(4, None)),
    }
    sheet = opened(lke_with(given, notes={"A.I.1.i.b": "Belum ada\nnotula."}))["LKE ZI"]
    answers = {code: sheet.cell(row_of(sheet, code), K).value for code in (*given, "A.II.1.i.a.1", "A.II.1.i.a.2")}
    del answers["A.II.1.i.a"]
    assert answers == {
        "A.I.1.i.a": "Ya", "A.I.1.i.b": "C", "B.I.a": 3.6, "A.II.1.i.a.1": 4, "A.II.1.i.a.2": None,
    }  # fmt: skip
    assert sheet.cell(row_of(sheet, "A.I.1.i.b"), N).value == "Belum ada\nnotula."


def test_a_ratio_set_by_tpi_has_a_row_of_its_own():
    given = {"A.II.1.i.b": Given(counts=(0, 0), ratio=Decimal("0.75"), reason="Belum ada perubahan.")}
    lke = lke_with(given)
    sheet, values = opened(lke)["LKE ZI"], opened(lke, data_only=True)["LKE ZI"]
    ratio = row_of(sheet, "A.II.1.i.b.2") + 1
    assert "Alasan: Belum ada perubahan." in sheet.cell(ratio, G).value
    assert (sheet.cell(ratio, A).value, sheet.cell(ratio, K).value) == (None, 0.75)
    assert sheet.cell(ratio, K).protection.locked
    criterion = row_of(sheet, "A.II.1.i.b")
    assert f"K{ratio}" in sheet.cell(criterion, K).value
    assert values.cell(criterion, L).value == 0.75


def test_every_score_is_a_live_formula(sheet):
    weighted = [*worksheet().nodes, *(code for code, c in worksheet().criteria.items() if c.weight is not None)]
    for code in [*weighted, *worksheet().criteria]:
        for column in (L, M, O, P):
            assert str(sheet.cell(row_of(sheet, code), column).value).startswith("="), code
    assert sheet.cell(sheet.max_row, B).value == "NILAI TOTAL"
    assert sheet.cell(sheet.max_row, A).value is None
    assert sheet.cell(sheet.max_row, L).value == f"=ROUND(SUM(L{row_of(sheet, 'A')},L{row_of(sheet, 'B')}),9)"


def test_every_input_has_its_validation(sheet):
    found = {}
    for rule in sheet.data_validations.dataValidation:
        for area in rule.sqref.ranges:
            for number in range(area.min_row, area.max_row + 1):
                found[f"{area.coord[0]}{number}"] = (rule.type, rule.formula1, rule.formula2)
                assert rule.showErrorMessage
                assert rule.error
    expected = {}
    for code, criterion in worksheet().criteria.items():
        expected[f"N{row_of(sheet, code)}"] = ("textLength", "5000", None)
        for quantity in criterion.quantities:
            expected[f"K{row_of(sheet, quantity.code)}"] = ("whole", "0", "1000000000")
        if criterion.answer_type == INDEX:
            expected[f"K{row_of(sheet, code)}"] = ("decimal", "0", "4")
        elif criterion.answer_type != PCT:
            labels = ",".join(choice.label for choice in criterion.choices)
            expected[f"K{row_of(sheet, code)}"] = ("list", f'"{labels}"', None)
    assert found == expected


def test_only_inputs_and_notes_are_unlocked(sheet):
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    unlocked = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
    expected = set()
    for code, criterion in worksheet().criteria.items():
        inputs = [q.code for q in criterion.quantities] or [code]
        expected |= {f"K{row_of(sheet, c)}" for c in inputs} | {f"N{row_of(sheet, code)}"}
    assert unlocked == expected
    paper = sheet.cell(FIRST, L).fill.fgColor.rgb
    assert {sheet[c].fill.fgColor.rgb for c in unlocked} == {"00FFF6D6"} != {paper}
    for name in ("Ringkasan", "Petunjuk"):
        assert empty_book()[name].protection.sheet
        assert all(cell.protection.locked for row in empty_book()[name].iter_rows() for cell in row)


def test_entries_that_do_not_count_are_marked(sheet):
    marked = {c for area in sheet.conditional_formatting for r in area.sqref.ranges for c in rows_of(r)}
    validated = {
        number for rule in sheet.data_validations.dataValidation if rule.type != "textLength"
        for area in rule.sqref.ranges for number in rows_of(area)
    }  # fmt: skip
    assert marked == validated


def rows_of(area: Any) -> range:
    return range(area.min_row, area.max_row + 1)


def test_print_setup():
    name = "Dinas A & B " + "&" * 200
    book = opened(lke_with({}, unit_name=name))
    sheet = book["LKE ZI"]
    assert sheet.freeze_panes == "A5"
    assert sheet.print_title_rows == "$4:$4"
    assert sheet.print_area == f"'LKE ZI'!$B$1:$P${sheet.max_row}"
    assert sheet.page_setup.orientation == "landscape"
    for each in book.worksheets:
        assert each.page_setup.paperSize == 9
        assert (each.page_setup.fitToWidth, each.page_setup.fitToHeight) == (1, 0)
        assert each.sheet_properties.pageSetUpPr.fitToPage
        assert each.oddFooter.right.text == "Halaman &P dari &N"
    raw = zipfile.ZipFile(io.BytesIO(build(lke_with({}, unit_name=name)))).read("xl/worksheets/sheet1.xml")
    footer = fromstring(raw).find(".//{*}oddFooter").text
    assert footer.startswith("&L&8 Dinas A && B &&&&")
    assert len(footer) <= 255


def test_footer_text_cuts_long_names_and_keeps_one_line():
    assert footer_text("A & B\n C") == "A && B C"
    assert len(footer_text("x" * 500)) == 90


def test_numbers_show_a_decimal_comma_where_programs_heed_it(sheet):
    assert sheet.cell(FIRST, L).number_format == "[$-421]0.00_-"
    assert sheet.cell(FIRST, M).number_format == "[$-421]0.00%_-"
    assert empty_book().properties.language == "id-ID"


@pytest.mark.parametrize(
    "text", ["=1+1", "+62 21", "-", "- butir", "@SUM(A1)", "\t=1", "=", '=HYPERLINK("x")', "#N/A", "#REF!"]
)
def test_text_never_becomes_a_formula_or_an_error(text):
    cell = noted(text)
    assert (cell.value, cell.data_type) == (text, "s")
    assert bool(cell.quotePrefix) is (text[0] in "=+-@\t")


def test_unit_names_are_text_too():
    book = opened(lke_with({}, unit_name="=cmd|'/c calc'!A1", parent_name="=2", period_name="=3", unit_code="=4"))
    inputs = [cell for name in ("Ringkasan", "Petunjuk") for row in book[name].iter_rows() for cell in row]
    texts = {cell.value: cell.data_type for cell in inputs if isinstance(cell.value, str)}
    assert {text: texts[text] for text in ("=cmd|'/c calc'!A1", "=2", "=3", "=4")} == dict.fromkeys(
        ("=cmd|'/c calc'!A1", "=2", "=3", "=4"), "s"
    )
    assert {cell.data_type for row in book["LKE ZI"].iter_rows(max_row=3) for cell in row if cell.value} == {"s"}


def test_control_characters_are_left_out():
    assert noted("a\x00b\x0bc\ud800d\uffffe").value == "abcde"
    assert noted("baris satu\r\nbaris dua\rtiga").value == "baris satu\nbaris dua\ntiga"
    assert clean("_x0041_") == "_x005F_x0041_"
    assert len(clean("x" * 40_000)) == 32_767


def test_long_notes_are_whole_and_printed_on_a_sheet_of_their_own():
    note = "\n".join(f"Kalimat nomor {n} tentang pelaksanaan kegiatan pada unit kerja." for n in range(78))
    assert 4500 < len(note) <= 5000
    assert noted(note).value == note
    sheet = opened(lke_with({}, notes={"A.I.1.i.a": note, "A.I.1.i.b": "pendek"}))["Catatan panjang"]
    rows = [(sheet.cell(n, 1).value, sheet.cell(n, 2).value) for n in range(5, sheet.max_row + 1)]
    assert rows[0][0] == "A.I.1.i.a (baris 9)"
    assert {code for code, _ in rows[1:]} == {"lanjutan"}
    assert "\n".join(text for _, text in rows) == note
    for number in range(5, sheet.max_row + 1):
        assert sheet.row_dimensions[number].height < ROW_LIMIT


def test_pieces_lose_no_word():
    text = "kata " * 2000 + "\n" + "y" * 4000
    found = list(pieces(text))
    assert all(len(piece) <= 1500 for piece in found)
    assert re.sub(r"\s", "", "".join(found)) == re.sub(r"\s", "", text)


def test_rows_are_high_enough_for_their_texts(sheet):
    assert line_count("satu dua", 50, 9) == 1
    assert line_count("satu\ndua\n\ntiga", 50, 9) == 4
    assert line_count("m" * 400, 50, 9) >= 10
    for code, criterion in worksheet().criteria.items():
        number = row_of(sheet, code)
        needed = line_count(sheet.cell(number, I).value, sheet.column_dimensions["I"].width, 9)
        assert sheet.row_dimensions[number].height >= row_height(max(needed, len(criterion.choices)), 9)


def test_every_formula_has_its_value():
    written = zipfile.ZipFile(io.BytesIO(build(random_lke(5, complete=0.8))))
    for name in ("sheet1", "sheet2"):
        root = fromstring(written.read(f"xl/worksheets/{name}.xml"))
        cells = [cell for cell in root.findall(".//{*}c") if cell.find("{*}f") is not None]
        assert len(cells) > 50
        for cell in cells:
            value = cell.find("{*}v").text
            assert cell.get("t") == "str" or float(value) >= 0, cell.get("r")
    assert b'fullCalcOnLoad="1"' in written.read("xl/workbook.xml")


def test_a_formula_without_value_is_refused():
    saved = io.BytesIO()
    book = Workbook()
    book.active["A1"], book.active["A2"] = "=1+1", "=2+2"
    book.save(saved)
    assert (
        load_workbook(io.BytesIO(cached.with_values(saved.getvalue(), [{"A1": 2.0, "A2": "<&"}])), data_only=True)
        .active["A2"]
        .value
        == "<&"
    )
    with pytest.raises(ValueError, match="2 of 3 formulas"):
        cached.with_values(saved.getvalue(), [{"A1": 2.0, "A2": 4.0, "A3": 1.0}])
    with pytest.raises(KeyError):
        cached.with_values(saved.getvalue(), [{"A1": 2.0}])


def test_stage_and_reading_are_named():
    book = opened(lke_with({}, stage="tpi", stage_label="TPI", area_reading_label="Pemenuhan dan Reform masing-masing"))
    assert book["LKE ZI"].cell(FIRST - 1, K).value == "Jawaban TPI"
    assert "Tahap penilaian: TPI" in book["LKE ZI"].cell(3, B).value
    texts = [str(row[2].value) for row in book["Petunjuk"].iter_rows()]
    assert "Cara yang berlaku pada periode ini: Pemenuhan dan Reform masing-masing." in texts


def test_the_target_comes_first_in_the_summary():
    def headings(target: str) -> list[str]:
        rows = opened(lke_with({}, target=target))["Ringkasan"].iter_rows(values_only=True)
        return [row[1] for row in rows if str(row[1]).startswith("Ambang batas Menuju")]

    assert headings("WBK") == ["Ambang batas Menuju WBK", "Ambang batas Menuju WBBM"]
    assert headings("WBBM") == ["Ambang batas Menuju WBBM", "Ambang batas Menuju WBK"]


def test_note_limit_is_the_portals():
    from assessment.models.answer import NOTE_LIMIT

    assert controls.NOTE_LIMIT == NOTE_LIMIT


# 1.16 ÷ 4 × 17.5 + 0.5 × 5 is 7.575, in binary fractions 7.574999999999999.
NOISE = lke_with({"B.I.a": Given(index=Decimal("1.16")), "B.I.b": Given(choice="C")})


@pytest.mark.parametrize("lke", [random_lke(101, complete=0.9), NOISE], ids=["random", "noise"])
def test_another_calculator_gives_the_same_scores(lke, tmp_path):
    """A second opinion beside LibreOffice's, from one that does not smooth over the noise of binary fractions."""
    path = tmp_path / "lke.xlsx"
    path.write_bytes(build(lke))
    with warnings.catch_warnings(action="ignore"):
        import formulas

        solution = formulas.ExcelModel().loads(str(path)).finish().calculate()

    def value(sheet: str, cell: str) -> Any:
        return solution[f"'[lke.xlsx]{sheet.upper()}'!{cell}"].value[0, 0]

    sheet = opened(lke)["LKE ZI"]
    for code, scored in lke.result.nodes.items():
        for column, exact in (("L", scored.score), ("O", scored.provisional)):
            number = float(value("LKE ZI", f"{column}{row_of(sheet, code)}"))
            assert abs(number - float(exact)) < 1e-9, code
            assert shown(Decimal(repr(number))) == shown(exact), code
    summary = opened(lke)["Ringkasan"]
    checks = iter([*lke.result.checks_of("WBK"), *lke.result.checks_of("WBBM")])
    for cells in summary.iter_rows(min_col=4, max_col=7):
        if cells[3].value in {"Menentukan", "Pembanding"}:
            check = next(checks)
            if check.measure != "award":
                assert float(value("Ringkasan", cells[0].coordinate)) == float(check.value), check.name
            assert value("Ringkasan", cells[2].coordinate) == ("Lulus" if check.passed else "Belum")
    assert next(checks, None) is None
