"""The demo agency: complete, repeatable, and touching nothing that people have done."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Membership, Role, Unit, User
from assessment import selectors
from assessment.models import Answer, Assessment, Event, Period
from assessment.tests.factories import answer
from evidence.demo import units as seeding
from evidence.demo.plan import Scale
from evidence.models import Document

pytestmark = pytest.mark.django_db


def run(*args, **options):
    out = StringIO()
    call_command(*args, stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


@pytest.fixture(autouse=True)
def few_documents(monkeypatch):
    """Let the demo be small: what its documents are is asked in test_demo."""
    monkeypatch.setattr(seeding, "SCALES", {"UNIT-01": Scale(criteria=0.02, documents=0.5, decrees=0)})
    monkeypatch.setattr(seeding, "OTHERS", Scale(criteria=0, documents=0))
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)


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
    models = (Event, Answer, User, Unit, Document)
    before = [model.objects.count() for model in models]
    passwords = dict(User.objects.values_list("username", "password"))
    assert "; 0 documents added." in run("seed_demo", units=4, year=2026)
    assert [model.objects.count() for model in models] == before
    assert before[-1] > 0
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
