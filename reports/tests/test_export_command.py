import io
import json
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from assessment import selectors
from assessment.models import Answer
from assessment.tests.factories import answer, filled

pytestmark = pytest.mark.django_db


def export(unit: str, path: Path, **options: object) -> str:
    out = io.StringIO()
    call_command("lke_export", unit, output=path, stdout=out, **{"year": 2026, "format": "xlsx", **options})
    return out.getvalue()


def total_in(path: Path) -> float:
    sheet = load_workbook(path, data_only=True)["LKE ZI"]
    return sheet.cell(sheet.max_row, 12).value


def test_xlsx_holds_the_portals_score(assessment, tmp_path):
    recorded = filled(assessment, share=0.7)
    path = tmp_path / "lke.xlsx"
    assert str(path) in export(assessment.unit.code, path)
    assert total_in(path) == float(recorded.result.total) > 0
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == ["lke.xlsx"]


def test_json_holds_scores_answers_and_notes(assessment, tmp_path):
    answer(assessment, "A.I.1.i.a", choice="Y", note="Lihat SK.")
    answer(assessment, "A.II.1.i.a", counts=(4, 3))
    answer(assessment, "B.I.a", index=Decimal("3.60"))
    path = tmp_path / "lke.json"
    export(assessment.unit.code, path, format="json")
    data = json.loads(path.read_text())
    scores = selectors.score_data(assessment, "unit", selectors.stage_result(assessment))
    assert {key: data[key] for key in scores} == scores
    assert len(data["answers"]) == 113
    assert data["answers"]["A.I.1.i.a"] == {
        "choice": "Y", "counts": [], "index": None, "ratio": None, "ratio_reason": "", "value": "1.00",
        "rule": "choice", "note": "Lihat SK.",
    }  # fmt: skip
    assert data["answers"]["A.II.1.i.a"]["counts"] == [4, 3]
    assert data["answers"]["A.II.1.i.a"]["value"] == "0.75"
    assert data["answers"]["B.I.a"]["index"] == "3.60"
    assert data["answers"]["A.I.1.i.b"]["value"] is None


def test_stage_chooses_the_answers(assessment, tmp_path):
    recorded = filled(assessment)
    Answer.objects.filter(assessment=assessment, criterion__code__startswith="B").update(stage="tpi")
    path = tmp_path / "lke.xlsx"
    export(assessment.unit.code, path, stage="tpi")
    assert total_in(path) == float(recorded.result.nodes["B"].score) > 0


@pytest.mark.parametrize(("unit", "year"), [("TIDAK-ADA", 2026), (None, 2031)])
def test_unknown_unit_or_year_writes_nothing(assessment, tmp_path, unit, year):
    with pytest.raises(CommandError, match=str(year)):
        export(unit or assessment.unit.code, tmp_path / "lke.xlsx", year=year)
    assert not (tmp_path / "lke.xlsx").exists()


def test_a_place_that_cannot_be_written_is_named(assessment, tmp_path):
    with pytest.raises(CommandError, match="cannot be written"):
        export(assessment.unit.code, tmp_path / "tidak" / "ada" / "lke.xlsx")


def test_a_failed_write_leaves_the_old_file(assessment, tmp_path, monkeypatch):
    path = tmp_path / "lke.xlsx"
    path.write_bytes(b"old")
    monkeypatch.setattr(Path, "replace", lambda *args: (_ for _ in ()).throw(OSError(28, "No space left")))
    with pytest.raises(CommandError, match="No space left"):
        export(assessment.unit.code, path)
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == ["lke.xlsx"]


def test_formats_of_later_parts_are_not_offered(assessment, tmp_path):
    with pytest.raises(CommandError, match="invalid choice"):
        call_command("lke_export", assessment.unit.code, "--year=2026", "--format=csv", "-o", str(tmp_path / "x"))
