"""`manage.py instrument_import`: a list becomes an instrument in the database, or nothing does."""

import json
import random

import pytest
from django.core.management import CommandError, call_command

from assessment import demo, instruments, selectors
from assessment.checks import check_stored_instruments
from assessment.instruments import digest_of, rows_of
from assessment.models import Choice, Criterion, Instrument, Node
from assessment.scoring import score

from .factories import PeriodFactory
from .portalrb import encoded, home_of, node_of, question_list, soal_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(instrument, tmp_path, capsys):
    """Import a list and return the report, or the error with the report of the refusal."""

    def run(questions, name="LKE ZI 2026", year=2026, **options):
        path = tmp_path / "daftar.json"
        path.write_bytes(questions if isinstance(questions, bytes) else encoded(questions))
        try:
            call_command("instrument_import", str(path), name=name, year=year, skip_checks=True, **options)
        finally:
            run.report = json.loads(capsys.readouterr().out or "null")
        return run.report

    return run


def everything():
    return {i.pk: digest_of(rows_of(i)) for i in Instrument.objects.all()}


def test_import_makes_a_complete_instrument(run, instrument):
    report = run(question_list())
    assert report["outcome"] == "created"
    assert report["instrument"] == {"code": "lke-zi-2026", "version": 1, "name": "LKE ZI 2026", "year": 2026}
    assert report["counts"] == {
        "nodes": 62, "criteria": 113, "choices": 359, "quantities": 22,
        "expected_documents": 476, "thresholds": 25, "conditions": 22,
    }  # fmt: skip
    found = Instrument.objects.get(code="lke-zi-2026")
    assert (found.name, found.year, found.frozen, found.legal_basis) == (
        "LKE ZI 2026", 2026, False, instrument.legal_basis,
    )  # fmt: skip
    assert found.criteria.get(code="A.I.1.i.b").choices.get(key="B").text == "Resmi A.I.1.i.b B"
    assert check_stored_instruments(databases=["default"]) == []


def test_imported_instrument_scores_as_ours(run, instrument):
    run(question_list())
    ours = selectors.worksheet_of(instrument)
    theirs = selectors.worksheet_of(Instrument.objects.get(code="lke-zi-2026"))
    for seed in range(10):
        entries = demo.entries_for(ours, random.Random(seed), 0.9, quality=0.5)
        given = {entry.code: entry.given for entry in entries}
        one, other = score(ours, given), score(theirs, given)
        assert (other.nodes, other.checks, other.total) == (one.nodes, one.checks, one.total)


def test_importing_again_changes_nothing(run):
    run(question_list())
    before = everything()
    assert run(question_list())["outcome"] == "unchanged"
    assert everything() == before


def test_another_list_becomes_the_next_version(run):
    run(question_list())
    questions = question_list()
    soal_of(questions, 1)["teks_pertanyaan"] = "Unit kerja sudah membentuk tim untuk pembangunan Zona Integritas"
    report = run(questions)
    assert (report["outcome"], report["instrument"]["version"]) == ("created", 2)
    titles = Criterion.objects.filter(instrument__code="lke-zi-2026", code="A.I.1.i.a").values_list("title", flat=True)
    assert len(set(titles)) == 2


def test_edited_import_is_not_overwritten(run):
    run(question_list())
    found = Instrument.objects.get(code="lke-zi-2026")
    instruments.mark_edited(instrument=found)
    assert run(question_list())["instrument"]["version"] == 2
    assert everything()[found.pk] == digest_of(rows_of(found))


def test_import_under_the_code_of_ours_makes_its_next_version(run, instrument):
    PeriodFactory(instrument=instrument)
    before = digest_of(rows_of(instrument))
    report = run(question_list(), code="lke-zi")
    assert report["instrument"]["version"] == 2
    assert digest_of(rows_of(instrument)) == before
    assert [result.outcome for result in instruments.load_fixtures()] == ["unchanged"]


def test_dry_run_writes_nothing(run):
    before = everything()
    report = run(question_list(), dry_run=True)
    assert (report["outcome"], report["counts"]["criteria"]) == ("would create", 113)
    assert everything() == before
    assert (Node.objects.count(), Choice.objects.count()) == (62, 359)


def test_report_names_what_has_no_place_and_what_differs(run):
    questions = question_list()
    home_of(questions, 1).append({"id": 900, "teks_pertanyaan": "Soal tak dikenal", "jenis_jawaban": "ABC"})
    node_of(questions, "A.I.1.i")["nama"] = "i. Penyusunan Tim Kerja ZI"
    report = run(questions, year=2027)
    assert [left["soal_id"] for left in report["unplaced"]] == [900]
    assert report["differences"] == [
        {"code": "A.I.1.i", "what": "title", "bundled": "Penyusunan Tim Kerja", "list": "Penyusunan Tim Kerja ZI"}
    ]
    assert report["remarks"] == [
        "the list says it has 127 questions, but it has 128",
        "the list is for 2026, the instrument for 2027",
    ]
    assert report["placed"]["127"] == "B.II.a"


def no_soals(questions):
    node_of(questions, "A.I.3.v")["soals"] = []


def too_heavy(questions):
    node_of(questions, "A.I.3.v")["bobot_maksimal"] = 1


def too_fine(questions):
    node_of(questions, "A.I.3.v")["bobot_maksimal"] = 0.74999
    node_of(questions, "A.I.3.vi")["bobot_maksimal"] = 0.25001


def rising(questions):
    soal_of(questions, 2)["skema_penilaian"][0]["multiplier"] = 0.2


def above_one(questions):
    soal_of(questions, 2)["skema_penilaian"][0]["multiplier"] = 100


def unworded(questions):
    soal_of(questions, 2).update(jenis_jawaban="ABCD", skema_penilaian=[])


def same_row(questions):
    soal_of(questions, 2)["excel_baris"] = 6


def no_hasil(questions):
    questions["data"].pop()


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (no_soals, "A.I.3.v: tidak berisi kriteria"),
        (too_heavy, "A.I.3: bobotnya 5, tetapi bobot isinya 5,25"),
        (too_fine, "weight"),
        (rising, "A.I.1.i.b: nilai pilihan 0,2; 0,5; 0 tidak menurun"),
        (above_one, "A.I.1.i.b: nilai pilihan 100; 0,5; 0 tidak semuanya dari 0 sampai 1"),
        (unworded, "A.I.1.i.b: rubrik pilihan A kosong"),
        (same_row, "baris PortalRB 6 dipakai 2 kali"),
        (no_hasil, "jumlah bobot komponen 60, seharusnya 100"),
    ],
)
def test_unusable_lists_write_nothing(run, spoil, reason):
    questions = question_list()
    spoil(questions)
    before = everything()
    with pytest.raises(CommandError, match="nothing was written"):
        run(questions)
    assert [text for text in run.report["problems"] if reason in text] != []
    assert run.report["outcome"] == "unusable"
    assert everything() == before


@pytest.mark.parametrize(
    "options",
    [{"name": "???"}, {"name": "x" * 201}, {"year": 99999}, {"year": -1}, {"code": "A B"}, {"code": "x" * 41}],
)
def test_options_that_no_column_holds_are_refused(run, options):
    before = everything()
    with pytest.raises(CommandError, match="nothing was written"):
        run(question_list(), **options)
    assert everything() == before


def test_a_name_without_letters_needs_a_code(run):
    with pytest.raises(CommandError, match="say one with --code"):
        run(question_list(), name="???")
    assert run(question_list(), name="???", code="daftar")["instrument"]["code"] == "daftar"


def test_files_that_cannot_be_read_are_named(instrument, tmp_path):
    for path in (tmp_path / "tidak-ada.json", tmp_path):
        with pytest.raises(CommandError, match="cannot be read"):
            call_command("instrument_import", str(path), name="x", year=2026, skip_checks=True)


def test_a_file_larger_than_the_limit_is_refused(run):
    with pytest.raises(CommandError, match="larger than 5 MiB"):
        run(encoded(question_list()) + b" " * 5 * 1024 * 1024)
