"""TPN's result, the predicates that follow, their withdrawal, the record of a unit, the public list."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.groups import ADMIN_GROUP
from accounts.models import Role
from assessment import history, selectors
from assessment import services as assessment_services
from assessment.models import Assessment, Award, Event, Scorecard, Snapshot, State
from assessment.scoring import shown
from assessment.tests.factories import best_entries, entry, filled, judge
from review.models import Finding, TpnResult
from review.services.results import Outcome, record_result, withdraw_award
from review.services.snapshots import is_intact

from .deciding import agency, proposed
from .factories import UnitFactory, UserFactory, at_state, in_review, member, opened, refreshed, reviewer, second_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("instrument", "media")]

DECREE = {
    "granted": "ya", "predicate": "WBK", "total": "81,25", "decree_number": "1503/2026", "decree_date": "2024-10-12",
    "valid_until": "", "note": "Berita acara terlampir.", "seen": "proposed",
}  # fmt: skip


def outcome(**changes):
    facts = {"granted": True, "predicate": "WBK", "decree_number": "1503/2026", "decree_date": date(2024, 10, 12)}
    return Outcome(**facts | changes)


def save(client, row, **changes):
    return client.post(reverse("review:result", args=[2026, row.unit.code]), DECREE | changes)


def written():
    return (
        TpnResult.objects.count(), Snapshot.objects.count(), Event.objects.count(),
        sorted(Award.objects.values_list("pk", "withdrawn_on", "withdrawn_reason")),
        sorted(Assessment.objects.values_list("pk", "state")),
    )  # fmt: skip


def award_of(unit, **facts):
    given = {"predicate": "WBK", "decree_number": "K-1", "decree_date": date(2023, 12, 1)} | facts
    return Award.objects.create(unit=unit, **given)


# TPN's result


def test_a_granted_predicate_becomes_the_units(client):
    row, admin, made = proposed()
    client.force_login(admin)
    page = client.get(reverse("review:result-page", args=[2026, row.unit.code])).text
    assert made.number in page
    assert reverse("review:judge", args=[2026, row.unit.code]) in page
    response = save(client, row)
    assert response.url == reverse("review:record", args=[row.unit.code])
    row = refreshed(row)
    assert row.state == State.RESULT
    result = row.tpn_result
    assert (result.granted, result.predicate, result.total, result.by) == (True, "WBK", Decimal("81.25"), admin)
    award = row.award
    assert (award.unit, award.predicate, award.decree_number, award.decree_date, award.valid_until) == (
        row.unit, "WBK", "1503/2026", date(2024, 10, 12), None
    )  # fmt: skip
    awarded, moved = row.events.order_by("-number")[:2]
    assert (moved.kind, moved.data["step"], moved.data["result"]["total"]) == ("moved", "record_result", "81.25")
    assert (awarded.kind, awarded.data["decree_number"]) == ("award", "1503/2026")
    copy = row.snapshots.get(kind="result")
    assert copy.data["result"] == moved.data["result"]
    assert is_intact(copy)
    page = client.get(reverse("review:result-page", args=[2026, row.unit.code])).text
    for text in ("Predikat diberikan", "81,25", "1503/2026", "12 Oktober 2024", "Berita acara terlampir."):
        assert text in page
    assert "Catat hasil TPN</button>" not in page


def test_a_refused_predicate_is_recorded_and_gives_none(client):
    row, admin, _ = proposed()
    client.force_login(admin)
    assert save(client, row, granted="tidak", decree_number="", decree_date="", total="").status_code == 302
    assert refreshed(row).state == State.RESULT
    result = TpnResult.objects.get()
    assert (result.granted, result.total, result.decree_number, result.decree_date) == (False, None, "", None)
    assert not Award.objects.exists()
    assert "Predikat tidak diberikan" in client.get(reverse("review:record", args=[row.unit.code])).text


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"granted": ""}, "Pilih keputusan TPN."),
        ({"granted": "mungkin"}, "Pilih keputusan TPN."),
        ({"predicate": "XYZ"}, "Pilih predikat."),
        ({"total": "100,01"}, "Isi dengan angka 0 sampai 100"),
        ({"total": "76,505"}, "Isi dengan angka 0 sampai 100"),
        ({"total": "-1"}, "Isi dengan angka 0 sampai 100"),
        ({"total": "NaN"}, "Isi dengan angka 0 sampai 100"),
        ({"total": "1e1"}, "Isi dengan angka 0 sampai 100"),
        ({"decree_number": "  "}, "Isi nomor keputusan."),
        ({"decree_date": ""}, "Isi tanggal keputusan."),
        ({"decree_date": "2026-02-30"}, "Isi dengan tanggal"),
        ({"decree_date": "2099-01-01"}, "tidak boleh sesudah hari ini"),
        ({"valid_until": "2024-10-12"}, "Masa berlaku harus sesudah tanggal keputusan."),
        ({"granted": "tidak", "valid_until": "2030-01-01"}, "Dikosongkan bila predikat tidak diberikan."),
        ({"note": "x" * 2001}, "Paling panjang 2000 karakter."),
        ({"decree_number": "a\0"}, "Ada karakter terlarang."),
    ],
)
def test_bad_input_is_named_and_writes_nothing(client, changes, message):
    row, admin, _ = proposed()
    client.force_login(admin)
    before = written()
    response = save(client, row, **changes)
    assert response.status_code == 422
    assert message in response.text
    assert "Berita acara" in response.text or "note" in changes
    assert written() == before


@pytest.mark.parametrize(
    ("typed", "stored"), [("76,5", "76.50"), ("76.55", "76.55"), ("0", "0.00"), ("100,00", "100.00"), ("", None)]
)
def test_totals_are_typed_with_comma_or_point(client, typed, stored):
    row, admin, _ = proposed()
    client.force_login(admin)
    save(client, row, total=typed)
    assert TpnResult.objects.get().total == (Decimal(stored) if stored else None)


def test_the_service_refuses_what_a_form_would_not_send():
    row, admin, _ = proposed()
    before = written()
    for bad in (
        outcome(total=Decimal("76.505")), outcome(total=Decimal("NaN")), outcome(total=Decimal(-1)),
        outcome(predicate=""), outcome(decree_number=""), outcome(decree_date=None), outcome(note="x" * 2001),
    ):  # fmt: skip
        with pytest.raises(ValidationError):
            record_result(assessment=row, outcome=bad, by=admin)
    assert written() == before


def test_a_result_is_recorded_once(client):
    row, admin, _ = proposed()
    client.force_login(admin)
    save(client, row)
    before = written()
    response = save(client, row)
    assert response.url == row.get_absolute_url()
    assert "status penilaian sudah berubah" in client.get(response.url).text
    assert save(client, row, seen="").status_code == 403
    with pytest.raises(ValidationError, match="status penilaian sudah berubah"):
        record_result(assessment=row, outcome=outcome(), by=admin)
    assert written() == before


def test_nobody_but_an_admin_records_it(client):
    row, _, _ = proposed()
    before = written()
    for user in (
        member(row.unit, Role.HEAD), member(row.unit, Role.OBSERVER), reviewer(row, Role.TPI_LEAD),
        member(row.unit, Role.PRELIM),
    ):  # fmt: skip
        client.force_login(user)
        assert save(client, row).status_code == 403
        assert client.get(reverse("review:result-page", args=[2026, row.unit.code])).status_code == 403
    assert written() == before
    with pytest.raises(ValidationError):
        record_result(assessment=row, outcome=outcome(), by=reviewer(row, Role.TPI_CONTROLLER))
    assert written() == before


def test_before_the_proposal_there_is_nothing_to_record(client):
    top, admin = agency()
    row = opened(UnitFactory(parent=top))
    client.force_login(admin)
    page = client.get(reverse("review:result-page", args=[2026, row.unit.code])).text
    assert "belum diusulkan" in page
    assert save(client, row, seen="draft").status_code == 403


def test_a_granted_wbk_counts_in_the_units_other_assessments(client):
    row, admin, _ = proposed()
    later = opened(row.unit, year=2027)
    Assessment.objects.filter(pk=later.pk).update(target="WBBM")
    assessment_services.record_answers(assessment=later, entries=best_entries(later), by=UserFactory())
    assert not Scorecard.objects.get(assessment=later, stage="unit").wbbm
    record_result(assessment=row, outcome=outcome(), by=admin)
    assert Scorecard.objects.get(assessment=later, stage="unit").wbbm
    withdraw_award(award=Award.objects.get(), on=date(2024, 11, 1), reason="Temuan berat.", by=admin)
    assert not Scorecard.objects.get(assessment=later, stage="unit").wbbm
    # Every card still is what its answers come to.
    for card in Scorecard.objects.filter(assessment__unit=row.unit):
        result = selectors.stage_result(refreshed(card.assessment), card.stage)
        assert (card.total, card.wbk, card.wbbm) == (shown(result.total), result.passed("WBK"), result.passed("WBBM"))


def test_tpns_scores_per_criterion_come_into_the_fixed_copy(client):
    row, admin, _ = proposed()
    judge(row, "tpn", entry("A.I.1.i.a", choice="T"), by=admin)
    record_result(assessment=row, outcome=outcome(), by=admin)
    copy = row.snapshots.get(kind="result")
    assert copy.data["answers"]["A.I.1.i.a"]["choice"] == "T"
    assert copy.data["counted"] == {"answered": 1, "criteria": 113}


# Withdrawal


def withdraw(client, award, **changes):
    given = {"on": "2024-11-01", "reason": "Terbukti ada pungutan liar."} | changes
    return client.post(reverse("review:award-withdraw", args=[award.unit.code, award.pk]), given)


@pytest.fixture
def awarded(client):
    """Return a predicate that was granted through the portal, its agency's admin signed in."""
    row, admin, _ = proposed()
    record_result(assessment=row, outcome=outcome(), by=admin)
    client.force_login(admin)
    return Award.objects.select_related("unit").get()


def test_a_predicate_is_withdrawn_with_date_and_reason(client, awarded):
    url = reverse("review:award-withdraw-page", args=[awarded.unit.code, awarded.pk])
    assert "keputusan nomor 1503/2026" in client.get(url).text
    assert withdraw(client, awarded).url == reverse("review:record", args=[awarded.unit.code])
    stored = Award.objects.get()
    assert (stored.withdrawn_on, stored.withdrawn_reason) == (date(2024, 11, 1), "Terbukti ada pungutan liar.")
    event = Event.objects.latest("pk")
    assert (event.kind, event.data["withdrawn_on"], event.data["reason"]) == (
        "award", "2024-11-01", "Terbukti ada pungutan liar."
    )  # fmt: skip
    page = client.get(reverse("review:record", args=[awarded.unit.code])).text
    assert "Dicabut 1 November 2024" in page
    assert "Terbukti ada pungutan liar." in page
    assert reverse("review:award-withdraw-page", args=[awarded.unit.code, awarded.pk]) not in page
    client.logout()
    assert awarded.unit.name not in client.get(reverse("review:predicates"), follow=True).text


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"on": ""}, "Isi tanggal pencabutan."),
        ({"on": "kemarin"}, "Isi dengan tanggal"),
        ({"on": "2024-10-11"}, "tidak boleh sebelum tanggal keputusan"),
        ({"on": "2099-01-01"}, "tidak boleh sesudah hari ini"),
        ({"reason": " \n "}, "Tulis alasan pencabutan."),
        ({"reason": "x" * 2001}, "Paling panjang 2000 karakter."),
    ],
)
def test_a_bad_withdrawal_is_named_and_writes_nothing(client, awarded, changes, message):
    before = written()
    response = withdraw(client, awarded, **changes)
    assert response.status_code == 422
    assert message in response.text
    assert written() == before


def test_a_predicate_may_be_withdrawn_on_the_very_day_of_its_decree(client, awarded):
    assert withdraw(client, awarded, on="2024-10-12").status_code == 302


def test_a_predicate_is_withdrawn_once(client, awarded):
    withdraw(client, awarded)
    before = written()
    response = withdraw(client, awarded, reason="Lain.")
    assert "sudah dicabut" in client.get(response.url).text
    page = client.get(reverse("review:award-withdraw-page", args=[awarded.unit.code, awarded.pk]))
    assert page.url == reverse("review:record", args=[awarded.unit.code])
    with pytest.raises(ValidationError, match="sudah dicabut"):
        withdraw_award(award=awarded, on=date(2024, 11, 2), reason="Lain.", by=UserFactory())
    assert written() == before


def test_only_the_agencys_admin_withdraws(client, awarded):
    before = written()
    url = reverse("review:award-withdraw-page", args=[awarded.unit.code, awarded.pk])
    for role in (Role.HEAD, Role.ADMIN, Role.OBSERVER):
        client.force_login(member(awarded.unit, role))
        assert (client.get(url).status_code, withdraw(client, awarded).status_code) == (403, 403)
    client.force_login(agency()[1])
    assert (client.get(url).status_code, withdraw(client, awarded).status_code) == (404, 404)
    assert written() == before


def test_a_predicate_of_another_unit_is_not_found_under_ones_own(client, awarded):
    other = UnitFactory(parent=awarded.unit.parent)
    assert client.get(reverse("review:award-withdraw-page", args=[other.code, awarded.pk])).status_code == 404


def test_an_older_predicate_without_an_assessment_is_withdrawn_too(client):
    top, admin = agency()
    award = award_of(UnitFactory(parent=top))
    client.force_login(admin)
    assert withdraw(client, award).status_code == 302
    assert Award.objects.get().withdrawn_on == date(2024, 11, 1)
    assert not Event.objects.exists()


def test_administration_leaves_a_predicate_alone_that_the_portal_granted(client, awarded):
    keeper = UserFactory(is_staff=True)
    keeper.groups.add(Group.objects.get(name=ADMIN_GROUP))
    client.force_login(keeper)
    before = written()
    address = reverse("admin:assessment_award_change", args=[awarded.pk])
    assert client.get(address).status_code == 200
    given = {"unit": awarded.unit_id, "predicate": "WBBM", "decree_number": "X", "decree_date": "2024-01-01"}
    assert client.post(address, given).status_code == 403
    assert client.post(reverse("admin:assessment_award_delete", args=[awarded.pk]), {"post": "yes"}).status_code == 403
    many = {"action": "delete_selected", "_selected_action": [awarded.pk], "post": "yes"}
    client.post(reverse("admin:assessment_award_changelist"), many)
    assert Award.objects.get().decree_number == "1503/2026"
    assert written() == before


# Record


def record(client, unit):
    return client.get(reverse("review:record", args=[unit.code]))


def test_the_record_shows_the_years_and_the_predicates(client, awarded):
    filled(opened(awarded.unit, year=2027))
    page = record(client, awarded.unit).text
    for text in ("Penilaian ZI 2026", "Penilaian ZI 2027", "1503/2026", "Berlaku", "Hasil TPN"):
        assert text in page
    assert page.index("Penilaian ZI 2027") < page.index("Penilaian ZI 2026")
    assert 'data-label="TPI">100,00' in page


def test_who_may_see_the_record(client, awarded):
    unit, row = awarded.unit, awarded.assessment
    for user in (member(unit), member(unit, Role.HEAD), reviewer(row), member(unit.parent, Role.OBSERVER)):
        client.force_login(user)
        assert record(client, unit).status_code == 200
        assert "Cabut predikat" not in record(client, unit).text
    for user in (UserFactory(), member(opened().unit, Role.ADMIN)):
        client.force_login(user)
        assert record(client, unit).status_code == 404


def test_a_reviewer_sees_the_years_that_were_assigned(client, awarded):
    opened(awarded.unit, year=2027)
    client.force_login(reviewer(awarded.assessment))
    page = record(client, awarded.unit).text
    assert "Penilaian ZI 2026" in page
    assert "Penilaian ZI 2027" not in page


def test_a_unit_without_any_assessment_has_a_record(client):
    unit = UnitFactory()
    client.force_login(member(unit))
    page = record(client, unit).text
    assert "Belum ada predikat." in page
    assert "Belum ada penilaian." in page


def test_tpis_figure_is_not_in_the_record_before_the_decision(client):
    row = in_review()
    judge(row, "tpi", entry("A.I.1.i.a", "Sudah sesuai bukti.", choice="Y"))
    client.force_login(member(row.unit))
    assert Scorecard.objects.filter(assessment=row, stage="tpi").exists()
    for state in State:
        at_state(row, state)
        decided = state in {State.FULFILS, State.NOT_YET, State.PROPOSED, State.RESULT}
        assert ('data-label="TPI">–' not in record(client, row.unit).text) is decided, state


def test_a_blind_second_reviewer_is_not_told_of_findings(client):
    row = in_review()
    first = reviewer(row)
    Finding.objects.create(
        assessment=row, criterion=row.period.instrument.criteria.first(), stage="tpi", text="Lengkapi.",
        created_by=first, created_at=timezone.now(),
    )  # fmt: skip
    client.force_login(first)
    assert 'data-label="Catatan terbuka">1' in record(client, row.unit).text
    second = reviewer(row)
    second_of(row, second, ["A.I.1.i.a"])
    client.force_login(second)
    assert 'data-label="Catatan terbuka">–' in record(client, row.unit).text


@pytest.mark.parametrize("count", [1, 3])
def test_the_record_takes_the_same_queries_for_any_number_of_years(client, django_assert_num_queries, count):
    unit = UnitFactory()
    for number in range(count):
        filled(opened(unit, year=2026 + number), share=0.1)
        award_of(unit, decree_number=f"K-{number}")
    client.force_login(member(unit))
    # Session, user, years, scores, results, findings, predicates, right, monitoring letters (three).
    with django_assert_num_queries(11):
        page = record(client, unit).text
    assert page.count("Keputusan nomor K-") == count


# The public's address


def test_the_old_public_list_leads_to_the_new_one(client):
    response = client.get(reverse("review:predicates"), {"q": "x"})
    assert response.status_code == 301
    assert response.url == "/unit-kerja/?predikat=ya"
    assert client.post(reverse("review:predicates")).status_code == 405


def test_the_chain_of_the_history_holds(awarded, client):
    withdraw(client, awarded)
    previous = ""
    for event in awarded.assessment.events.order_by("number"):
        assert event.previous == previous
        assert event.digest == history.digest(previous, history.fields_of(awarded.assessment_id, event))
        previous = event.digest
    assert refreshed(awarded.assessment).event_head == previous
