"""`lke_import`: the diff as JSON, all of it written at once, nothing at all for what is unusable."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Role, User
from accounts.tests.factories import UserFactory
from assessment import selectors
from assessment.models import Assessment, Event, Stage
from assessment.selectors import stage_result
from assessment.tests.factories import answer, filled, member, opened, reviewer
from evidence.models import Attachment, Document
from reports.tests.ministry import best_answers, ministry
from reports.tests.portalrb import sent
from review.tests.factories import at_state, in_review, returned

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

CODE = "A.I.1.i.a"


@pytest.fixture
def run(tmp_path):
    def run(assessment, content, *extra):
        path = tmp_path / "lke.xlsx"
        path.write_bytes(content)
        out = io.StringIO()
        call_command("lke_import", assessment.unit.code, str(path), "--year", "2026", *extra, stdout=out)
        return json.loads(out.getvalue())

    return run


def exported(assessment, tmp_path, kind="xlsx"):
    path = tmp_path / "out.xlsx"
    call_command(
        "lke_export", assessment.unit.code, "--year", "2026", "--format", kind, "-o", str(path), stdout=io.StringIO()
    )
    return path.read_bytes()


def fresh(assessment):
    return Assessment.objects.for_page().get(pk=assessment.pk)


def linked():
    lke = ministry().fill(best_answers())
    lke.headings |= {"P": "Nama Dokumen", "Q": "Link"}
    lke[CODE]["O"], lke[CODE]["P"], lke[CODE]["Q"] = "Tim sejak Januari.", "SK Tim", "https://Drive.example.go.id/abc"
    return lke


def test_a_filled_workbook_is_taken_over_whole(run, assessment):
    report = run(assessment, linked().bytes())
    assert (report["layout"], report["written"], len(report["changes"])) == ("ministry", True, 113)
    assert (report["refused"], report["unplaced"], report["warnings"]) == ([], [], [])
    first = report["changes"][0]
    assert first["answer"] == {"now": "", "file": "Ya", "effect": "baru"}
    assert first["links"] == [{"url": "https://drive.example.go.id/abc", "title": "SK Tim"}]
    result = stage_result(fresh(assessment))
    assert result.answered == 113
    assert report["score"]["after"]["total"] == selectors.score_data(fresh(assessment), "unit", result)["total"]
    assert assessment.scorecards.get(stage="unit").answered == 113
    assert Event.objects.filter(kind=Event.Kind.ANSWERED).count() == 113
    row = Attachment.objects.live().get()
    assert (row.criterion.code, row.document.title, row.document.year) == (CODE, "SK Tim", 2026)


def test_a_second_run_changes_nothing(run, assessment):
    run(assessment, linked().bytes())
    head = fresh(assessment).event_head
    report = run(assessment, linked().bytes())
    assert (report["changes"], report["same"]) == ([], 115)
    assert (fresh(assessment).event_head, Document.objects.count(), Attachment.objects.count()) == (head, 1, 1)


def test_a_dry_run_writes_nothing_and_says_the_same(run, assessment):
    dry = run(assessment, linked().bytes(), "--dry-run")
    assert not assessment.answers.exists()
    assert Document.objects.count() == 0
    assert not User.objects.filter(username="perintah-server").exists()
    assert {**dry, "written": True} == run(assessment, linked().bytes())


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_an_exported_workbook_changes_nothing(run, assessment, tmp_path, seed):
    filled(assessment, seed=seed, share=0.8)
    answer(assessment, CODE, choice="Y", note="Baris satu\n_x0041_ & <b>\x0b=1")
    report = run(assessment, exported(assessment, tmp_path))
    assert report["layout"] == "own"
    assert (report["changes"], report["refused"], report["unplaced"], report["warnings"]) == ([], [], [], [])


@pytest.mark.usefixtures("instrument")
def test_portalrbs_workbook_of_a_decided_copy_changes_nothing(run, tmp_path, settings):
    settings.PORTAL_URL = "https://portal.example.go.id"
    row = sent().row
    report = run(row, exported(row, tmp_path, "portalrb-xlsx"), "--dry-run")
    assert report["layout"] == "portalrb"
    assert (report["changes"], report["refused"], report["unplaced"]) == ([], [], [])
    assert report["same"] > 113


def test_portalrbs_workbook_of_a_draft_changes_nothing(run, assessment, tmp_path):
    run(assessment, linked().bytes())
    report = run(assessment, exported(assessment, tmp_path, "portalrb-xlsx"))
    assert (report["changes"], report["refused"], report["unplaced"]) == ([], [], [])


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "kosong"), (b"%PDF-1.4 x", "bukan buku kerja Excel"), (b"PK\x03\x04 rusak", "rusak")],
)
def test_an_unusable_file_ends_with_the_reason_and_writes_nothing(run, assessment, content, reason):
    with pytest.raises(CommandError, match=reason):
        run(assessment, content)
    assert not assessment.answers.exists()


def test_a_missing_file_and_another_stage_are_refused(run, assessment, tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("lke_import", assessment.unit.code, str(tmp_path / "tidak-ada.xlsx"), "--year", "2026")
    with pytest.raises(CommandError, match="Only the unit's answers"):
        run(assessment, linked().bytes(), "--stage", Stage.TPI)
    with pytest.raises(CommandError, match="no active user"):
        run(assessment, linked().bytes(), "--by", "siapa")


@pytest.mark.parametrize("state", ["submitted", "review", "fulfils", "result"])
def test_nothing_is_written_while_the_assessment_is_not_open(run, assessment, state):
    row = at_state(assessment, state)
    with pytest.raises(CommandError, match="tidak sedang dibuka"):
        run(row, linked().bytes())
    assert not row.answers.exists()


def test_a_return_opens_only_its_criteria(run, instrument):
    lead = UserFactory()
    reviewed = opened()
    reviewer(reviewed, Role.TPI_LEAD, lead)
    row = returned(in_review(reviewed, lead=lead), [CODE, "A.I.1.i.b"], lead=lead)
    theirs = selectors.answers_of(row, "unit")
    other = {"Y": "Tidak", "T": "Ya"}[selectors.given_of(selectors.worksheet_of(instrument), theirs[CODE]).choice]
    lke = ministry().fill({CODE: other, "A.I.1.ii.a": "Ya", "A.I.4.ii.a": "Ya", "A.I.4.ii.b": "Tidak"})
    report = run(row, lke.bytes())
    assert [change["code"] for change in report["changes"]] == [CODE]
    refused = {found["code"] for found in report["refused"]}
    assert refused and refused <= {"A.I.1.ii.a", "A.I.4.ii.a", "A.I.4.ii.b"}
    assert {found["why"] for found in report["refused"]} == {"Kriteria ini tidak sedang dibuka untuk diubah."}


def test_whoever_is_named_keeps_to_their_areas(run, assessment):
    user = member(assessment.unit, areas=["2"])
    report = run(assessment, linked().bytes(), "--by", user.username)
    assert {change["code"].split(".")[2] for change in report["changes"]} == {"2"}
    assert set(assessment.answers.values_list("changed_by", flat=True)) == {user.pk}


def test_who_may_not_answer_writes_nothing(run, assessment):
    user = reviewer(assessment, Role.TPI_LEAD)
    assert run(assessment, linked().bytes(), "--by", user.username)["changes"] == []
    assert not assessment.answers.exists()


def test_the_server_itself_stands_in_the_history_under_an_account_nobody_can_use(run, assessment, client):
    run(assessment, linked().bytes())
    user = User.objects.get(username="perintah-server")
    assert (user.is_active, user.has_usable_password()) == (False, False)
    assert set(assessment.answers.values_list("changed_by", flat=True)) == {user.pk}


def test_an_export_of_another_unit_is_pointed_out(run, assessment, tmp_path):
    other = opened()
    filled(other)
    report = run(assessment, exported(other, tmp_path), "--dry-run")
    assert len(report["warnings"]) == 1
    assert other.unit.code in report["warnings"][0]
