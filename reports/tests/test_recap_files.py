"""The recap's files hold exactly what the page shows, as Excel, PDF and JSON, and by command."""

import io
import json
from decimal import Decimal

import pikepdf
import pypdf
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from openpyxl import load_workbook

from accounts.letterheads.models import Letterhead
from accounts.models import Role
from assessment import history, services
from assessment.models import Assessment, State
from assessment.tests.factories import PeriodFactory, UserFactory, best_entries, member
from reports.recap import pdf, workbook
from reports.recap.choosing import RecapForm
from reports.recap.collect import get_recap, recap_of
from reports.recap.shown import data_of, shown_of

from .recap_samples import agency, judged, text_of, unit

pytestmark = pytest.mark.django_db
HOSTILE = '=HYPERLINK("http://x","klik") <b>&\x07'


@pytest.fixture
def admin(instrument):
    top, upper, admin = agency()
    best = unit(upper, "U1", name="Dinas Kesehatan")
    services.record_answers(assessment=best, entries=best_entries(best), by=UserFactory())
    judged(unit(upper, "U2", name="Dinas Pendidikan", seed=5), state=State.LEAD_CHECK)
    unit(top, "U3", name=HOSTILE[:-1], seed=7)
    return admin


def asked(user, **query):
    form = RecapForm(get_recap(user, 2026)[0], query)
    assert form.is_valid()
    return shown_of(form.recap, form)


def rows_of(content):
    """Return the rows of the workbook's first sheet as dictionaries by head."""
    book = load_workbook(io.BytesIO(content))
    head, *rows = book["Rekap"].iter_rows()
    return [dict(zip([c.value for c in head], row, strict=True)) for row in rows]


def test_numbers_are_numbers_and_those_of_the_cards(admin):
    shown = asked(admin, urut="total", arah="turun")
    rows = rows_of(workbook.build(shown))
    assert [r["Kode unit"].value for r in rows] == [line.subject.code for line in shown.lines]
    for line, row in zip(shown.lines, rows, strict=True):
        for measure in shown.recap.measures:
            cell = row[measure.label]
            assert cell.data_type == "n"
            assert Decimal(str(cell.value)).quantize(Decimal("0.01")) == line.card.points[measure.key]
            if measure.is_area:
                percent = row[f"{measure.label} (%)"]
                assert Decimal(str(percent.value)).quantize(Decimal("0.01")) == line.card.percents[measure.key]
        for key, name in shown.recap.thresholds.items():
            reached = line.card.reached(key)
            assert row[f"Ambang: {name}"].value == {True: "Tercapai", False: "Kurang", None: None}[reached]
        assert row["Ambang tercapai"].value + row["Ambang yang kurang"].value == len(line.card.checks)
        assert row["Ambang yang kurang"].value == len([c for c in line.card.checks if not c.passed])
        assert row["Memenuhi ambang WBK"].value == ("Ya" if line.card.passes["WBK"] else "Belum")
        assert row["Kriteria terjawab"].value == line.card.answered
        assert row["Catatan terbuka"].value == line.subject.findings
    assert {r["Kode unit"].value: r["Nilai tahap"].value for r in rows} == {"U1": "Unit", "U2": "TPI", "U3": "Unit"}


def test_a_unit_without_the_stage_has_empty_cells(admin):
    rows = rows_of(workbook.build(asked(admin, tahap="tpi", q="U1")))
    assert [r["Kode unit"].value for r in rows] == ["U1"]
    assert {
        rows[0][head].value for head in ("Nilai total", "Nilai tahap", "Ambang tercapai", "Memenuhi ambang WBK")
    } == {None}


def test_the_sheet_is_filtered_frozen_and_safe(admin):
    shown = asked(admin, q="klik")
    book = load_workbook(io.BytesIO(workbook.build(shown)))
    sheet = book["Rekap"]
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref == f"A1:{sheet.cell(1, sheet.max_column).column_letter}2"
    assert sheet["B2"].value == '=HYPERLINK("http://x","klik") <b>&'
    assert sheet["B2"].data_type == "s"
    assert sheet["B2"].quotePrefix
    about = {row[0].value: row[1].value for row in book["Keterangan"].iter_rows()}
    assert about["Instansi"] == "Pemerintah Daerah Contoh"
    assert about["Cari unit"] == "klik"
    assert about["Jumlah unit"] == "1"
    assert about["Nilai tahap"] == "Terkini"


def test_the_pdf_is_tagged_landscape_and_says_the_same(client, admin):
    client.force_login(admin)
    response = client.get(reverse("reports:recap-pdf", args=[2026]), {"di": "SEKDA", "urut": "nama", "arah": "turun"})
    assert response["Content-Type"] == "application/pdf"
    assert 'filename="Rekap-2026.pdf"' in response["Content-Disposition"]
    with pikepdf.open(io.BytesIO(response.content)) as made:
        assert made.Root.MarkInfo.Marked
        assert str(made.Root.Lang) == "id"
        box = made.pages[0].mediabox
        assert box[2] > box[3]
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(response.content)).pages)
    assert "PEMERINTAH DAERAH CONTOH" in text.upper()
    assert "Sekretariat Daerah" in text
    assert text.index("Dinas Pendidikan") < text.index("Dinas Kesehatan")
    assert "klik" not in text
    for line in asked(admin, di="SEKDA").lines:
        assert text_of(line.card.points["total"]) in text
    assert "Halaman 1 dari" in text


def test_an_empty_pdf_says_so(client, admin):
    client.force_login(admin)
    response = client.get(reverse("reports:recap-pdf", args=[2026]), {"q": "tidak-ada"})
    text = pypdf.PdfReader(io.BytesIO(response.content)).pages[0].extract_text()
    assert "Tidak ada unit yang cocok" in text


@pytest.mark.parametrize("name", ["recap-xlsx", "recap-pdf"])
def test_files_hold_what_their_reader_may_see_and_refuse_odd_filters(client, admin, name):
    url = reverse(f"reports:{name}", args=[2026])
    client.force_login(admin)
    response = client.get(url, {"tahap": "second"})
    assert response.status_code == 422
    assert 'id="id_tahap_error"' in response.text
    client.force_login(UserFactory())
    assert client.get(url).status_code == 404


def test_a_units_own_file_has_no_row_or_figure_of_others(client, admin):
    client.force_login(member(Assessment.objects.get(unit__code="U2").unit, Role.HEAD))
    response = client.get(reverse("reports:recap-xlsx", args=[2026]))
    assert response["Content-Type"] == workbook_type()
    assert 'filename="Rekap-2026.xlsx"' in response["Content-Disposition"]
    assert response["Cache-Control"] == "private, no-store"
    rows = rows_of(response.content)
    assert [(r["Kode unit"].value, r["Nilai tahap"].value) for r in rows] == [("U2", "Unit")]


def workbook_type():
    return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_the_files_hold_every_page(client, instrument):
    _, upper, admin = agency()
    for number in range(30):
        unit(upper, f"U{number:02}")
    client.force_login(admin)
    assert len(rows_of(client.get(reverse("reports:recap-xlsx", args=[2026])).content)) == 30


@pytest.mark.parametrize("stage", ["terkini", "unit", "tpi"])
def test_the_command_writes_json_with_every_stage(admin, tmp_path, capsys, stage):
    target = tmp_path / "rekap.json"
    call_command("recap_export", "--year", "2026", "--stage", stage, "--format", "json", "-o", str(target))
    assert "3 units" in capsys.readouterr().out
    data = json.loads(target.read_text())
    whole = recap_of(Assessment.objects.first().period, None)
    assert (data["year"], data["stage"], data["agency"]) == (2026, stage, "Pemerintah Daerah Contoh")
    for subject, row in zip(whole.subjects, data["units"], strict=True):
        card = subject.card(stage)
        assert row["unit"] == subject.code
        assert row["stage"] == (card.stage if card else None)
        assert row["points"] == {m.key: str(card.points[m.key]) if card else None for m in whole.measures}
        assert [c["passed"] for c in row["thresholds"]] == ([c.passed for c in card.checks] if card else [])


@pytest.mark.parametrize(("kind", "start"), [("xlsx", b"PK"), ("pdf", b"%PDF")])
def test_the_command_writes_files(admin, tmp_path, kind, start):
    target = tmp_path / f"rekap.{kind}"
    call_command("recap_export", "--year", "2026", "--below", "SEKDA", "--format", kind, "-o", str(target))
    assert target.read_bytes().startswith(start)
    if kind == "xlsx":
        assert [r["Kode unit"].value for r in rows_of(target.read_bytes())] == ["U1", "U2"]


def test_the_command_says_what_it_cannot_do(admin, tmp_path):
    target = str(tmp_path / "rekap.json")
    PeriodFactory(year=2030)
    for arguments, said in (
        (["--year", "2020"], "There is no period 2020"),
        (["--year", "2026", "--below", "U1"], "No unit 'U1' stands above"),
        (["--year", "2030", "--below", "SEKDA"], "No unit 'SEKDA' stands above"),
        (["--year", "2026", "-o", str(tmp_path / "tidak" / "ada.json")], "cannot be written"),
    ):
        with pytest.raises(CommandError, match=said):
            call_command("recap_export", "--format", "json", "-o", target, *arguments)
    assert list(tmp_path.iterdir()) == []


def test_the_pdf_carries_the_agencys_letterhead_and_its_own_digest(admin):
    unit = admin.memberships.get().unit
    Letterhead.objects.create(unit=unit, lines="Kabupaten Contoh\nInspektorat", address="Jalan Contoh 1")
    shown = asked(admin)
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf.render(shown))).pages)
    squeezed = "".join(text.split())
    for wanted in ("INSPEKTORAT", "JalanContoh1", history.digest("", data_of(shown)), "bukansalinantetap"):
        assert wanted in squeezed, wanted
