"""What the LHE says: every figure computed once more, exact, and fixed from the approval on."""

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import timezone

from accounts.models import AREAS, Role
from assessment import rules, selectors
from assessment.models import Assessment, Conflict, Period
from assessment.scoring import exact, shown
from assessment.services import Entry
from assessment.tests.factories import answer, entry, judge
from assessment.trace import answer_text
from review.models import ConditionAnswer, Finding
from review.selectors import conditions_of
from review.services.snapshots import is_intact
from review.services.steps import take_step

from .deciding import fulfilling
from .factories import agreed, approved, in_review, member, opened, refreshed, reviewer, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("instrument", "media")]

KEYS = {
    "letterhead",
    "number", "dated", "team", "basis", "scope", "method", "scores", "areas", "differences", "ratios", "thresholds",
    "strengths", "recommendations", "conditions", "affirmative", "passed", "outcome", "conclusion", "approved_by",
    "approved_at", "lead", "controller", "unit_total", "prelim_total", "tpi_total",
}  # fmt: skip
NOTE = "Bukti belum mendukung <b>jawaban</b> ini."


def decided(row, lead=None, *, conclusion="Simpulan pengendali."):
    """Take a unit whose evaluation is complete through to the decision; return its LHE."""
    lead = lead or reviewer(row, Role.TPI_LEAD)
    controller = reviewer(row, Role.TPI_CONTROLLER)
    for name, by in (("finish", lead), ("pass_on", lead)):
        take_step(assessment=row, name=name, by=by)
    take_step(assessment=row, name="approve", by=controller, reason=conclusion)
    return lhe_of(row)


def lhe_of(row):
    return row.snapshots.get(kind="decision").data["lhe"]


def reviewed(*others, **period):
    """Return an assessment on which TPI agrees but for `others`, codes of yes-or-no criteria, and its lead."""
    row = in_review(**period)
    lead = reviewer(row, Role.TPI_LEAD)
    units = selectors.answers_of(row, "unit")
    worksheet = selectors.worksheet_of(row.period.instrument)
    for code in others:
        key = selectors.given_of(worksheet, units[code]).choice
        other = next(c.key for c in worksheet.criteria[code].choices if c.key != key)
        judge(row, "tpi", entry(code, NOTE, choice=other), by=lead)
    rest = [c for c in worksheet.criteria if c not in others]
    judge(row, "tpi", *(Entry(c, selectors.given_of(worksheet, units[c]), "", 0) for c in rest), by=lead)
    return row, lead


def test_the_lhe_has_exactly_the_parts_that_the_document_draws():
    row, lead = reviewed("A.I.1.i.a")
    lhe = decided(row, lead)
    assert lhe.keys() == KEYS
    copy = row.snapshots.get(kind="decision")
    assert is_intact(copy)
    assert json.loads(json.dumps(lhe)) == lhe
    head = copy.data["head"]
    assert (head["unit"], head["unit_code"], head["year"], head["target"]) == (
        row.unit.name,
        row.unit.code,
        2026,
        "WBK",
    )


def test_every_score_is_what_the_answers_come_to_unrounded():
    row, lead = reviewed("A.I.1.i.a", "A.I.2.i.a")
    lhe = decided(row, lead)
    results = {stage: selectors.stage_result(row, stage) for stage in ("unit", "tpi")}
    nodes = results["tpi"].worksheet.nodes
    assert [s["code"] for s in lhe["scores"]] == list(nodes)
    for line in lhe["scores"]:
        node = nodes[line["code"]]
        assert (line["level"], line["title"], Decimal(line["weight"])) == (node.level, node.title, node.weight)
        for stage, result in results.items():
            assert line[stage] == f"{exact(result.nodes[node.code].score):f}"
        assert line["prelim"] == ""
    assert lhe["unit_total"] == f"{exact(results['unit'].total):f}"
    assert lhe["tpi_total"] == f"{exact(results['tpi'].total):f}"
    assert lhe["prelim_total"] == ""
    assert lhe["unit_total"] != lhe["tpi_total"]
    top = [s for s in lhe["scores"] if s["level"] == "component"]
    assert shown(sum(Decimal(s["tpi"]) for s in top)) == shown(Decimal(lhe["tpi_total"]))


def test_the_areas_take_both_parts_together():
    row, lead = reviewed("A.I.1.i.a")
    lhe = decided(row, lead)
    result = selectors.stage_result(row, "tpi")
    assert [(a["key"], a["title"]) for a in lhe["areas"]] == list(AREAS.items())
    checks = {c.subject: c for c in result.checks_of("WBK") if c.measure == "area" and c.decides}
    for area in lhe["areas"]:
        parts = result.worksheet.areas[area["key"]]
        weight = sum(Fraction(p.weight) for p in parts)
        score = sum(result.nodes[p.code].score for p in parts)
        assert Fraction(area["weight"]) == weight
        assert shown(Decimal(area["tpi"])) == shown(score)
        assert shown(Decimal(area["percent"])) == shown(score * 100 / weight) == checks[area["key"]].value
        assert Decimal(area["minimum"]) == checks[area["key"]].minimum
        assert area["passed"] is checks[area["key"]].passed


def test_with_each_part_read_alone_an_area_passes_only_if_both_do():
    row, lead = reviewed(area_reading="separate")
    lhe = decided(row, lead)
    result = selectors.stage_result(row, "tpi")
    for area in lhe["areas"]:
        own = [c for c in result.checks_of("WBK") if c.measure == "area" and c.subject == area["key"] and c.decides]
        assert len(own) == 2
        assert area["passed"] is all(c.passed for c in own)


def test_differing_criteria_come_with_both_answers_and_the_note():
    others = ("A.I.1.i.a", "A.I.4.i.a")
    row, lead = reviewed(*others)
    lhe = decided(row, lead)
    worksheet = selectors.worksheet_of(row.period.instrument)
    given = {stage: selectors.stage_result(row, stage).given for stage in ("unit", "tpi")}
    assert [d["code"] for d in lhe["differences"]] == list(others)
    for line in lhe["differences"]:
        criterion = worksheet.criteria[line["code"]]
        assert line["title"] == criterion.title
        assert line["note"] == NOTE
        assert line["unit"] == answer_text(criterion, given["unit"][line["code"]])
        assert line["tpi"] == answer_text(criterion, given["tpi"][line["code"]])
        assert line["unit"] != line["tpi"]
    same = set(worksheet.criteria) - set(others)
    assert all(rules.same_answer(given["unit"][c], given["tpi"][c]) for c in same)


def test_full_agreement_leaves_no_difference():
    row, lead = reviewed()
    assert decided(row, lead)["differences"] == []


def test_a_ratio_set_by_hand_is_printed_with_its_reason():
    row = opened()
    answer(row, "A.II.1.i.a", counts=(0, 0))
    row = in_review(row)
    lead = reviewer(row, Role.TPI_LEAD)
    agreed(row, lead)
    given = {"counts": (0, 0), "ratio": Decimal("0.666700"), "reason": "Belum ada agen yang ditargetkan."}
    judge(row, "tpi", entry("A.II.1.i.a", version=1, **given), by=lead)
    lhe = decided(row, lead)
    (line,) = lhe["ratios"]
    assert (line["code"], line["ratio"], line["reason"]) == ("A.II.1.i.a", "0.666700", given["reason"])
    # The counts are the unit's, so this is no difference in the answer.
    assert lhe["differences"] == []


@pytest.mark.parametrize("target", ["WBK", "WBBM"])
def test_thresholds_are_those_of_the_target_that_decide(target):
    row = opened()
    Assessment.objects.filter(pk=row.pk).update(target=target)
    row = approved(refreshed(row))
    lhe = lhe_of(row)
    checks = [c for c in selectors.stage_result(refreshed(row), "tpi").checks_of(target) if c.decides]
    assert len(checks) >= 8
    assert [(t["name"], t["value"], t["minimum"], t["passed"], t["percent"]) for t in lhe["thresholds"]] == [
        (c.name, str(c.value), str(c.minimum), c.passed, c.measure == "area") for c in checks
    ]
    assert lhe["passed"] is all(t["passed"] for t in lhe["thresholds"])


def test_the_outcome_follows_the_thresholds():
    row = fulfilling()
    lhe = lhe_of(row)
    assert (row.state, lhe["passed"], lhe["outcome"]) == ("fulfils", True, "memenuhi")
    assert all(t["passed"] for t in lhe["thresholds"])
    other = approved()
    lhe = lhe_of(other)
    assert (other.state, lhe["passed"], lhe["outcome"]) == ("not_yet", False, "belum memenuhi")
    assert not all(t["passed"] for t in lhe["thresholds"])


def test_strengths_and_recommendations_stand_under_their_area_in_the_worksheets_order():
    row, lead = reviewed()
    criteria = {c.code: c for c in row.period.instrument.criteria.all()}

    def finding(code, kind, text, **more):
        Finding.objects.create(
            assessment=row, criterion=criteria[code], kind=kind, text=text, created_by=lead,
            created_at=timezone.now(), **{"stage": "tpi"} | more,
        )  # fmt: skip

    finding("B.I.a", "recommendation", "Perbaiki survei.")
    finding("A.II.1.i.a", "remark", "Kedua.", state="answered")
    finding("A.I.1.i.a", "recommendation", "Pertama.", due_on=date(2026, 12, 31))
    finding("A.I.6.i.a", "strength", "Layanan cepat.", state="closed")
    finding("A.I.2.i.a", "recommendation", "Dari pendahuluan.", stage="prelim")
    lhe = decided(row, lead)
    assert lhe["strengths"] == [{"area": AREAS["6"], "texts": ["Layanan cepat."]}]
    assert lhe["recommendations"] == [
        {
            "area": AREAS["1"],
            "items": [
                {"code": "A.I.1.i.a", "text": "Pertama.", "due": "2026-12-31", "state": "Terbuka"},
                {"code": "A.II.1.i.a", "text": "Kedua.", "due": "", "state": "Sudah ditindaklanjuti unit"},
            ],
        },
        {"area": "Hasil", "items": [{"code": "B.I.a", "text": "Perbaiki survei.", "due": "", "state": "Terbuka"}]},
    ]


def test_findings_of_another_unit_stay_out():
    row, lead = reviewed()
    theirs = opened()
    Finding.objects.create(
        assessment=theirs, criterion=row.period.instrument.criteria.first(), kind="remark", stage="tpi", text="Lain.",
        created_by=lead, created_at=timezone.now(),
    )  # fmt: skip
    assert decided(row, lead)["recommendations"] == []


def test_conditions_of_tabel_5_are_listed_as_the_unit_said():
    row, lead = reviewed()
    first, second = conditions_of(row)[:2]
    for condition, met, note in ((first, "ya", "Sudah."), (second, "proses", "Menunggu.")):
        ConditionAnswer.objects.create(
            assessment=row, condition=condition, met=met, note=note, changed_by=lead, changed_at=timezone.now()
        )
    lhe = decided(row, lead)
    assert [c["text"] for c in lhe["conditions"]] == [c.text for c in conditions_of(row)]
    assert [(c["met"], c["note"]) for c in lhe["conditions"]][:3] == [
        ("ya", "Sudah."),
        ("proses", "Menunggu."),
        ("", ""),
    ]
    assert lhe["affirmative"] == ""


def test_an_affirmative_unit_of_a_local_government_is_named_as_such():
    row, lead = reviewed()
    row.unit.affirmative = "hospital"
    row.unit.save()
    assert decided(row, lead)["affirmative"] == "Rumah sakit umum daerah"


def test_the_team_is_named_without_those_a_conflict_keeps_away():
    row, lead = reviewed()
    anggota, away = reviewer(row), reviewer(row)
    Conflict.objects.create(
        assessment=row, user=away, reason="Saudara kandung.", declared_at=timezone.now(), state="upheld",
        decided_by=lead, decided_at=timezone.now(),
    )  # fmt: skip
    lhe = decided(row, lead)
    names = [(m["name"], m["role"]) for m in lhe["team"]]
    assert names[0][1] == "Pengendali teknis"
    assert (str(lead), "Ketua tim") in names
    assert (str(anggota), "Anggota") in names
    assert str(away) not in [name for name, _ in names]
    assert lhe["lead"] in [name for name, role in names if role == "Ketua tim"]
    assert (lhe["controller"], lhe["approved_by"]) == (names[0][0], names[0][0])
    assert lhe["dated"] == timezone.localdate().isoformat()
    assert lhe["conclusion"] == "Simpulan pengendali."


def test_the_preliminary_result_stands_between():
    row = submitted(needs_prelim=True)
    prelim = member(row.unit, Role.PRELIM)
    take_step(assessment=row, name="start_prelim", by=prelim)
    agreed(row, prelim, stage="prelim")
    take_step(assessment=row, name="declare_fit", by=prelim, reason="Layak.")
    lead = reviewer(row, Role.TPI_LEAD)
    agreed(row, lead)
    lhe = decided(row, lead)
    result = selectors.stage_result(row, "prelim")
    assert lhe["prelim_total"] == f"{exact(result.total):f}"
    assert all(line["prelim"] == f"{exact(result.nodes[line['code']].score):f}" for line in lhe["scores"])


def test_nothing_changes_in_it_afterwards():
    row, lead = reviewed("A.I.1.i.a")
    lhe = decided(row, lead)
    row.unit.name = "Nama Baru"
    row.unit.save()
    Finding.objects.create(
        assessment=row, criterion=row.period.instrument.criteria.first(), stage="tpi", text="Belakangan.",
        created_by=lead, created_at=timezone.now(),
    )  # fmt: skip
    Period.objects.update(agency_kind="central", area_reading="separate")
    assert lhe_of(refreshed(row)) == lhe
    copy = row.snapshots.get(kind="decision")
    assert is_intact(copy)
    assert copy.data["head"]["unit"] != "Nama Baru"
