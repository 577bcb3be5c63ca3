"""The upload workbook, the export command, and the rows that both are made of."""

import io
import json
import zipfile
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from assessment.models import Snapshot
from assessment.tests.bundled import bundled_worksheet
from assessment.tests.factories import answer, best_entries, filled, judge, opened
from evidence.tests.factories import attachment, document
from reports.portalrb.answers import Row, rows_of
from reports.portalrb.upload import upload_workbook
from review.tests.factories import UnitFactory, at_state, in_review

from .portalrb import LINKED, NOTES, PCT, PLAIN, damage, sent

INDEX, ABCD = "B.I.a", "A.I.1.iii.a"


def rows(unit=None, tpi=None, evidence=lambda code: None) -> dict[str, Row]:
    return {row.shown_code: row for row in rows_of(bundled_worksheet(), unit or {}, tpi or {}, evidence)}


def plain(**given):
    return {"choice": "", "counts": [], "index": "", "ratio": "", "reason": "", "note": ""} | given


def sheet_of(content: bytes):
    return load_workbook(io.BytesIO(content))["Jawaban"]


def test_there_is_a_row_for_each_answerable_row_of_the_worksheet_in_order():
    found = list(rows().values())
    assert len(found) == 127
    assert [row.soal_id for row in found] == list(range(1, 128))
    assert [row.excel_row for row in found] == sorted({row.excel_row for row in found})
    assert {row.code for row in found} == set(bundled_worksheet().criteria)
    assert sum(bool(row.number) for row in found) == 22
    assert {(row.unit, row.tpi, row.unit_note, row.tpi_note, row.evidence) for row in found} == {(None,) * 5}


def test_answers_are_written_as_the_worksheet_words_them():
    stored = {
        PLAIN: plain(choice="T"), ABCD: plain(choice="C"), INDEX: plain(index="3.60"),
        PCT: plain(counts=[0, None]), LINKED: plain(),
    }  # fmt: skip
    found = rows(stored, {code: stored[code] for code in (PLAIN, PCT)})
    assert [found[code].unit for code in (PLAIN, ABCD, INDEX, f"{PCT}.1", f"{PCT}.2", LINKED)] == [
        "Tidak", "C", "3.60", "0", None, None,
    ]  # fmt: skip
    assert [found[code].tpi for code in (PLAIN, ABCD, f"{PCT}.1")] == ["Tidak", None, "0"]


def test_counts_that_were_never_filled_in_are_none():
    assert rows({PCT: plain(counts=[])})[f"{PCT}.1"].unit is None
    found = rows({PCT: plain(counts=[5])})
    assert (found[f"{PCT}.1"].unit, found[f"{PCT}.2"].unit) == ("5", None)


def test_counts_carry_what_belongs_to_their_criterion():
    unit, tpi = {PCT: plain(counts=[1, 2], note="Unit.")}, {PCT: plain(counts=[1, 1], note="TPI.")}
    found = rows(unit, tpi, evidence=lambda code: f"bukti {code}" if code == PCT else None)
    for code in (f"{PCT}.1", f"{PCT}.2"):
        assert (found[code].unit_note, found[code].tpi_note, found[code].evidence) == ("Unit.", "TPI.", f"bukti {PCT}")
    assert [row.evidence for row in found.values()].count(None) == 125


@pytest.mark.parametrize(
    ("ratio", "shown"), [("0.500000", "50%"), ("1.000000", "100%"), ("0.333333", "33,3333%"), ("0.000000", "0%")]
)
def test_a_ratio_that_tpi_set_by_hand_is_told_in_its_note(ratio, shown):
    found = rows(tpi={PCT: plain(counts=[0, 0], ratio=ratio, reason="Tidak ada agen.", note="Lihat LHE.")})
    assert found[f"{PCT}.2"].tpi_note == f"Rasio ditetapkan TPI {shown}: Tidak ada agen.\nLihat LHE."


def test_each_answer_stands_in_its_row_and_columns():
    unit = {PLAIN: plain(choice="Y", note="Catatan."), INDEX: plain(index="3.60"), PCT: plain(counts=[10, 8])}
    tpi = {PLAIN: plain(choice="T", note="Kurang."), INDEX: plain(index="3.55"), PCT: plain(counts=[10, 7])}
    found = rows(unit, tpi, evidence=lambda code: "https://zi.example.go.id/b" if code == PLAIN else None)
    sheet = sheet_of(upload_workbook(list(found.values())))

    def cells(code):
        return [sheet[f"{column}{found[code].excel_row}"].value for column in "KLMNQ"]

    assert found[PLAIN].excel_row == 6
    assert cells(PLAIN) == ["Ya", "Catatan.", "https://zi.example.go.id/b", "Tidak", "Kurang."]
    assert cells(INDEX) == [3.6, None, None, 3.55, None]
    assert cells(f"{PCT}.1") == [10, None, None, 10, None]
    assert cells(f"{PCT}.2") == [8, None, None, 7, None]
    assert [type(v) for v in cells(f"{PCT}.1") if v is not None] == [int, int]
    formats = [sheet[f"K{found[code].excel_row}"].number_format for code in (f"{PCT}.1", INDEX)]
    assert formats == ["General", "0.00"]
    filled_rows = {cell.row for cell in sheet["K"] if cell.value is not None} - {5}
    assert filled_rows == {found[code].excel_row for code in (PLAIN, INDEX, f"{PCT}.1", f"{PCT}.2")}
    assert [cell.value for cell in sheet["B"] if cell.value] == ["Kode", *found]
    assert {cell.value for column in "ADEFGHIJOP" for cell in sheet[column]} == {None}


def test_the_workbook_has_that_sheet_alone_and_is_whole():
    content = upload_workbook(list(rows().values()))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == len(set(archive.namelist()))
    book = load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Jawaban"]
    assert all(sheet.data_validations.count == 0 for sheet in book)


@pytest.mark.parametrize("text", ["=1+1", "+62", "-", "@SUM(A1)", "#N/A", '=HYPERLINK("http://x")', "a\x00\x0bb"])
def test_texts_of_people_stay_texts(text):
    found = rows({PLAIN: plain(choice="Y", note=text)}, evidence=lambda code: text)
    sheet = sheet_of(upload_workbook(list(found.values())))
    for column in "LM":
        cell = sheet[f"{column}6"]
        assert (cell.data_type, cell.value) == ("s", text.replace("\x00", "").replace("\x0b", ""))


def test_an_answer_without_a_row_has_no_place():
    row = replace(rows({PLAIN: plain(choice="Y")})[PLAIN], excel_row=None)
    sheet = sheet_of(upload_workbook([row]))
    assert [cell.value for cell in sheet["K"] if cell.value] == ["Jawaban unit"]


def exported(tmp_path, row, kind, **options):
    path = tmp_path / f"x.{kind}"
    call_command("lke_export", row.unit.code, year=2026, format=f"portalrb-{kind}", output=path, stdout=io.StringIO())
    return path.read_bytes()


def as_json(tmp_path, row):
    return json.loads(exported(tmp_path, row, "json"))


@pytest.mark.django_db
@pytest.mark.usefixtures("media", "instrument")
class TestCommand:
    def test_before_the_decision_it_has_the_units_side_alone(self, tmp_path):
        row = opened()
        filled(row)
        attachment(row, PLAIN)
        attachment(row, PLAIN, document(row.unit, title="Foto rapat", url="https://drive.example.go.id/foto"))
        row = in_review(row)
        judge(row, "tpi", *best_entries(row))
        data = as_json(tmp_path, row)
        assert (data["unit_id"], data["tahun"], len(data["answers"])) == (row.unit.code, 2026, 127)
        assert all(entry["jawaban_unit"] for entry in data["answers"])
        assert {entry["jawaban_tpi"] for entry in data["answers"]} == {None}
        assert {entry["catatan_tpi"] for entry in data["answers"]} == {None}
        assert data["answers"][0]["bukti_dukung_unit"] == "SK Tim Kerja; Foto rapat https://drive.example.go.id/foto"

    def test_a_draft_is_exported_as_far_as_it_is(self, tmp_path):
        row = opened()
        answer(row, PLAIN, choice="Y", note="Ada.")
        data = as_json(tmp_path, row)
        assert data["answers"][0] == {
            "soal_id": 1, "jawaban_unit": "Ya", "jawaban_tpi": None, "catatan_unit": "Ada.",
            "bukti_dukung_unit": None, "catatan_tpi": None,
        }  # fmt: skip
        assert {entry["jawaban_unit"] for entry in data["answers"][1:]} == {None}

    def test_a_proposed_unit_is_exported_as_it_is_sent(self, tmp_path, settings):
        settings.PORTAL_URL = "https://zi.example.go.id"
        there = sent()
        from .test_portalrb_api import answers

        assert as_json(tmp_path, there.row) == answers(there).json()
        sheet = sheet_of(exported(tmp_path, there.row, "xlsx"))
        assert sheet["K6"].value == "Ya"
        assert sheet["N6"].value == "Ya"
        assert sheet["L6"].value == NOTES[PLAIN]
        assert sheet["M6"].value.startswith("https://zi.example.go.id/bukti-dukung/")

    @pytest.mark.parametrize("state", ["fulfils", "not_yet", "result"])
    def test_a_decided_unit_that_is_not_proposed_has_titles_instead_of_links(self, tmp_path, settings, state):
        settings.PORTAL_URL = "https://zi.example.go.id"
        row = at_state(sent().row, state)
        first = as_json(tmp_path, row)["answers"][0]
        assert (first["jawaban_tpi"], first["bukti_dukung_unit"]) == ("Ya", "SK Tim Kerja")

    def test_without_an_address_of_the_portal_there_are_titles(self, tmp_path):
        assert as_json(tmp_path, sent().row)["answers"][0]["bukti_dukung_unit"] == "SK Tim Kerja"

    def test_a_damaged_copy_is_not_exported(self, tmp_path):
        there = sent()
        damage(Snapshot.objects.get(assessment=there.row, kind="decision"))
        with pytest.raises(CommandError, match="fixed copies"):
            as_json(tmp_path, there.row)
        assert list(tmp_path.glob("*.json")) == []

    def test_a_unit_called_decided_without_a_decision_is_not_exported(self, tmp_path):
        with pytest.raises(CommandError, match="fixed copies"):
            as_json(tmp_path, at_state(opened(UnitFactory()), "proposed"))


def test_exact_figures_come_out_exact():
    found = rows({INDEX: plain(index="3.60")})
    assert Decimal(found[INDEX].unit) == Decimal("3.60")
