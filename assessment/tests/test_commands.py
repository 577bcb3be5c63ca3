import json
from decimal import Decimal as D
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from assessment import demo, selectors
from assessment.models import Answer, Assessment, Event

from .factories import answer, filled, opened

pytestmark = pytest.mark.django_db


def run(*args, **options):
    out = StringIO()
    call_command(*args, stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def test_lke_score_prints_unrounded_strings_of_every_weighted_node(assessment):
    answer(assessment, "A.I.1.i.a", choice="Y")
    answer(assessment, "A.I.1.iii.a", choice="B")
    answer(assessment, "B.I.a", index=D("3.60"))
    data = json.loads(run("lke_score", assessment.unit.code, "--year", "2026"))
    assert list(data) == ["unit", "year", "stage", "total", "provisional_total", "nodes", "predicates"]
    assert (data["unit"], data["year"], data["stage"]) == (assessment.unit.code, 2026, "unit")
    assert data["nodes"]["A.I.1.i"] == {"score": "0.25", "provisional": "0.50", "weight": "0.50"}
    assert data["nodes"]["A.I.1.iii"]["score"] == "0.2233333333333333333333333333"
    assert data["nodes"]["B.I.a"] == {"score": "15.75", "provisional": "15.75", "weight": "17.50"}
    worksheet = selectors.worksheet_of(assessment.period.instrument)
    assert len(data["nodes"]) == len(worksheet.nodes) + 3
    assert data["total"] == "16.22333333333333333333333333"
    checks = {c["name"]: c for c in data["predicates"]["WBK"]["checks"]}
    assert len(checks) == 12
    assert checks["Survei persepsi anti korupsi (IPAK)"] == {
        "name": "Survei persepsi anti korupsi (IPAK)", "value": "15.75", "minimum": "15.75", "passed": True,
    }  # fmt: skip
    assert checks["Nilai total"] == {"name": "Nilai total", "value": "16.22", "minimum": "75.00", "passed": False}
    assert data["predicates"]["WBBM"]["passed"] is False


def test_lke_score_of_another_stage_has_that_stages_answers_only(assessment):
    filled(assessment, share=0.3)
    data = json.loads(run("lke_score", assessment.unit.code, "--year", "2026", "--stage", "tpi"))
    assert (data["stage"], data["total"]) == ("tpi", "0.00")


@pytest.mark.parametrize("args", [("TIDAK-ADA", "--year", "2026"), ("{unit}", "--year", "2025")])
def test_lke_score_names_what_is_missing(assessment, args):
    with pytest.raises(CommandError, match="no assessment of unit"):
        run("lke_score", *(a.format(unit=assessment.unit.code) for a in args))


def test_verify_history_passes_a_whole_chain_and_fails_a_broken_one(assessment):
    filled(assessment, share=0.1)
    filled(opened(), share=0.1)
    assert run("verify_history") == "The history of 2 assessments is whole.\n"
    Assessment.objects.filter(pk=assessment.pk).update(event_head="0" * 64)
    with pytest.raises(CommandError, match="1 problems in the history of 2 assessments"):
        run("verify_history")


def test_bench_measures_and_leaves_no_trace(instrument):
    demo.seed(units=3, year=2026, password="")
    before = (Event.objects.count(), Answer.objects.count())
    out = run("bench", rounds=1)
    *measured, workbook, pdf = out.splitlines()
    assert [line.split("  ")[0] for line in measured] == [
        "score the worksheet", "way to WBK, and to WBBM", "explain every node", "save one answer", "page: overview",
        "page: area with 19 criteria", "page: evidence of a criterion", "page: documents of a unit",
        "evidence of the unit as ZIP", "workbook", "PDF", "workbook, TPI beside, lists", "PDF, TPI beside",
        "workbook, from disk", "PDF, from disk",
    ]  # fmt: skip
    assert all(line.endswith("x") for line in measured)
    assert (workbook.partition(":")[0], pdf.partition(":")[0]) == ("workbook", "PDF")
    assert (Event.objects.count(), Answer.objects.count()) == before
