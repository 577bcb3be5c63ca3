import json
from decimal import Decimal as D
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Membership, Role, Unit, User
from assessment import selectors
from assessment.models import Answer, Assessment, Event, Period

from .factories import answer, filled, opened

pytestmark = pytest.mark.django_db


def run(*args, **options):
    out = StringIO()
    call_command(*args, stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


@pytest.fixture
def data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def demo(instrument, data_dir):
    return run("seed_demo", units=4, year=2026)


def test_the_demo_has_a_complete_a_half_filled_and_an_empty_unit(demo):
    answered = {
        row.unit.code: selectors.stage_result(row).answered
        for row in Assessment.objects.for_page().order_by("unit__code")
    }
    assert (answered["UNIT-01"], answered["UNIT-02"], answered["UNIT-03"]) == (113, 56, 0)
    assert 0 < answered["UNIT-04"] <= 113


def test_the_demo_has_an_account_for_every_role_whose_printed_password_works(demo, data_dir):
    assert {m.role for m in Membership.objects.all()} == set(Role)
    known = json.loads((data_dir / "demo-accounts.json").read_text())
    assert (data_dir / "demo-accounts.json").stat().st_mode & 0o077 == 0
    assert {u.username for u in User.objects.all()} == set(known)
    for user in User.objects.all():
        assert user.check_password(known[user.username])
        assert f"{user.username:<16} {known[user.username]}" in demo
    assert len(set(known.values())) == len(known)


def test_the_demo_takes_one_password_from_the_environment(instrument, data_dir, monkeypatch):
    monkeypatch.setenv("DEMO_PASSWORD", "rahasia-bersama")
    run("seed_demo", units=3)
    assert all(u.check_password("rahasia-bersama") for u in User.objects.all())


def test_a_short_password_is_refused_outside_debug(instrument, data_dir, monkeypatch):
    monkeypatch.setenv("DEMO_PASSWORD", "demo")
    with pytest.raises(CommandError):
        run("seed_demo", units=3)
    assert not User.objects.exists()


def test_seeding_again_changes_nothing_that_exists(demo):
    assessment = Assessment.objects.for_page().get(unit__code="UNIT-01")
    answer(assessment, "A.I.1.i.a", choice="T", note="diubah pengguna")
    User.objects.get(username="operator01").set_password("lain")
    before = (Event.objects.count(), Answer.objects.count(), User.objects.count(), Unit.objects.count())
    passwords = dict(User.objects.values_list("username", "password"))
    run("seed_demo", units=4, year=2026)
    assert (Event.objects.count(), Answer.objects.count(), User.objects.count(), Unit.objects.count()) == before
    assert dict(User.objects.values_list("username", "password")) == passwords
    assert Answer.objects.get(assessment=assessment, criterion__code="A.I.1.i.a").note == "diubah pengguna"


def test_more_units_and_another_year_are_added(demo):
    run("seed_demo", units=5, year=2027)
    assert Assessment.objects.filter(period__year=2027).count() == 5
    assert Assessment.objects.filter(period__year=2026).count() == 4
    assert Period.objects.count() == 2


@pytest.mark.parametrize("options", [{"units": 2}, {"year": 1999}, {"year": 3000}])
def test_nonsense_is_refused(instrument, data_dir, options):
    with pytest.raises(CommandError):
        run("seed_demo", **options)
    assert not Unit.objects.exists()


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


def test_bench_measures_and_leaves_no_trace(demo):
    before = (Event.objects.count(), Answer.objects.count())
    out = run("bench", rounds=1)
    assert [line.split("  ")[0] for line in out.splitlines()] == [
        "score the worksheet", "explain every node", "save one answer", "page: overview",
        "page: area with 19 criteria", "workbook", "PDF",
    ]  # fmt: skip
    assert all(line.endswith("x") for line in out.splitlines())
    assert (Event.objects.count(), Answer.objects.count()) == before
