"""The comparison, and the steps that are taken on pages of their own."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from assessment import selectors
from assessment.models import Assessment, Event, Period, Return, Snapshot, State
from assessment.tests.factories import answer, entry, judge
from evidence.tests.factories import attachment
from review.models import Finding
from review.pages.todos import PAGED
from review.services import returns
from review.services.verdicts import give_verdict
from review.workflow import STEPS

from .deciding import fulfilling, proposed
from .factories import (
    UnitFactory,
    UserFactory,
    agreed,
    approved,
    at_state,
    in_review,
    member,
    opened,
    person,
    refreshed,
    returned,
    reviewer,
    second_of,
    submitted,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("instrument", "media")]

NOTE = "Bukti belum mendukung jawaban ini."


def url(name, row, *args):
    return reverse(f"review:{name}", args=[row.period.year, row.unit.code, *args])


def compared(client, row):
    return client.get(url("compare", row))


def take(client, row, name, **data):
    return client.post(url("step", row, name), data)


def written():
    return (
        Event.objects.count(), Snapshot.objects.count(), sorted(Assessment.objects.values_list("pk", "state")),
        Return.objects.filter(answered_at=None).count(),
    )  # fmt: skip


def differing(row, by, code="A.I.1.i.a"):
    """Answer one criterion otherwise than the unit did."""
    units = selectors.answers_of(row, "unit")
    other = "T" if units[code].choice.key == "Y" else "Y"
    return judge(row, "tpi", entry(code, NOTE, choice=other), by=by)


# Comparison


def test_the_lead_sees_the_stages_side_by_side(client):
    row = in_review()
    lead = reviewer(row, Role.TPI_LEAD)
    differing(row, lead)
    client.force_login(lead)
    page = compared(client, row).text
    unit, tpi = (selectors.stage_result(row, stage) for stage in ("unit", "tpi"))
    for figure in (unit.total, tpi.total, unit.nodes["A"].score, tpi.nodes["A"].score):
        assert selectors.scoring.shown(figure).to_eng_string().replace(".", ",") in page
    assert NOTE in page
    assert url("judge-page", row, "A.I.1") + "#k-A-I-1-i-a" in page
    assert "112 kriteria belum dinilai." in page
    assert page.count('id="grafik-unit-judul"') == page.count('id="grafik-tpi-judul"') == 1


def test_only_what_differs_is_listed(client):
    row = in_review()
    lead = reviewer(row, Role.TPI_LEAD)
    agreed(row, lead)
    client.force_login(lead)
    assert "menjawab sama dengan unit" in compared(client, row).text
    units = selectors.answers_of(row, "unit")
    other = "T" if units["A.I.1.i.a"].choice.key == "Y" else "Y"
    judge(row, "tpi", entry("A.I.1.i.a", NOTE, version=1, choice=other), by=lead)
    page = compared(client, row).text
    assert page.count('class="dc-note"') == 1


def test_hand_set_ratios_verdicts_and_findings_are_counted(client):
    row = opened()
    answer(row, "A.II.1.i.a", counts=(0, 0))
    held = attachment(row)
    row = in_review(row)
    lead = reviewer(row, Role.TPI_LEAD)
    given = {"counts": (0, 0), "ratio": selectors.scoring.Decimal("0.5"), "reason": "Tidak ada agen."}
    judge(row, "tpi", entry("A.II.1.i.a", **given), by=lead)
    give_verdict(
        assessment=row, attachment=held, stage="tpi", verdict="partial", reason="Halaman hilang.", revision=0, by=lead
    )  # fmt: skip
    for state in ("open", "answered", "closed"):
        Finding.objects.create(
            assessment=row, criterion=held.criterion, stage="tpi", text="Lengkapi.", state=state, created_by=lead,
            created_at=timezone.now(),
        )  # fmt: skip
    client.force_login(lead)
    page = compared(client, row).text
    assert "<strong>50%</strong> (TPI)" in page
    assert "Tidak ada agen." in page
    assert "3 (2 belum selesai, 1 selesai)" in page
    ((stage, counts),) = client.get(url("compare", row)).context["verdicts"]
    assert stage == "TPI"
    assert [count for _, count in counts] == ["0", "1", "0", "0"]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("state", State)
def test_who_may_compare_follows_what_they_may_see(client, role, state):
    row = opened()
    user = person(row, role)
    row = at_state(row, state)
    client.force_login(user)
    decided = state in {State.FULFILS, State.NOT_YET, State.PROPOSED, State.RESULT}
    after_prelim = decided or state in {State.UNFIT, State.REVIEW, State.LEAD_CHECK, State.APPROVAL}
    always = role not in {Role.MEMBER, Role.HEAD}
    assert (compared(client, row).status_code == 200) is (always or after_prelim)


def test_the_unit_sees_nothing_of_tpi_before_the_decision(client):
    row = in_review()
    lead = reviewer(row, Role.TPI_LEAD)
    differing(row, lead)
    client.force_login(member(row.unit, Role.HEAD))
    page = compared(client, row).text
    assert NOTE not in page
    assert "TPI</th>" not in page
    assert "Belum ada jawaban penilai." in page


def test_a_blind_second_reviewer_may_not_compare(client):
    row = in_review()
    second = reviewer(row)
    second_of(row, second, ["A.I.1.i.a"])
    client.force_login(second)
    assert compared(client, row).status_code == 403
    assert client.get(url("step-page", row, "finish")).status_code == 403


def test_strangers_find_nothing(client):
    row = in_review()
    client.force_login(member(opened().unit, Role.ADMIN))
    for address in (url("compare", row), url("step-page", row, "finish")):
        assert client.get(address).status_code == 404
    assert take(client, row, "finish").status_code == 404


def test_after_the_decision_the_lhe_is_there(client):
    row = approved()
    copy = row.snapshots.get(kind="decision")
    client.force_login(member(row.unit))
    page = compared(client, row).text
    for name in ("lhe-pdf", "lhe-docx"):
        assert reverse(f"reports:{name}", args=[2026, row.unit.code, copy.pk]) in page
    assert url("snapshot", row, copy.pk) in page
    assert "Unit ini layak diusulkan." in page


def test_tpis_thresholds_stay_as_they_were_decided_on(client):
    """A predicate that is won or lost afterwards changes nothing of what was decided."""
    from assessment.models import Award

    unit = UnitFactory()
    award = Award.objects.create(unit=unit, predicate="WBK", decree_number="K-1", decree_date="2023-12-01")
    row = opened(unit)
    Assessment.objects.filter(pk=row.pk).update(target="WBBM")
    row = fulfilling_again(refreshed(row))
    assert row.state == State.FULFILS
    client.force_login(member(unit))
    before = client.get(url("compare", row)).context["checks"]
    assert all(cell.passed for check in before for cell in check.cells)
    Award.objects.filter(pk=award.pk).update(withdrawn_on="2024-01-01", withdrawn_reason="Temuan.")
    assert not selectors.stage_result(refreshed(row), "tpi").passed("WBBM")
    assert client.get(url("compare", row)).context["checks"] == before


def fulfilling_again(row):
    from assessment import services
    from assessment.tests.factories import best_entries

    services.record_answers(assessment=row, entries=best_entries(row), by=UserFactory())
    return refreshed(approved(row))


@pytest.mark.parametrize("count", [1, 4])
def test_the_comparison_takes_the_same_queries_however_much_differs(client, django_assert_num_queries, count):
    row, codes = opened(), ("A.I.1.i.a", "A.I.1.ii.a", "A.I.2.i.a", "A.I.3.i.a")[:count]
    for code in codes:
        attachment(row, code)
    row = in_review(row)
    lead = reviewer(row, Role.TPI_LEAD)
    for code in codes:
        judge(row, "tpi", other_than_the_unit(row, code), by=lead)
    client.force_login(lead)
    # Session, user; assessment and rights (3); answers, decision, documents, verdicts, findings;
    # what is unfinished of the one step: answers, returns, answers, second scoring; stages to download.
    with django_assert_num_queries(15):
        page = compared(client, row).text
    assert page.count('class="dc-note"') == count


def other_than_the_unit(row, code):
    worksheet = selectors.worksheet_of(row.period.instrument)
    key = selectors.given_of(worksheet, selectors.answers_of(row, "unit")[code]).choice
    return entry(code, NOTE, choice=next(c.key for c in worksheet.criteria[code].choices if c.key != key))


# Steps


def test_every_step_has_a_page_here_or_elsewhere():
    elsewhere = {"submit", "resubmit", "return_prelim", "return_tpi", "propose", "record_result"}
    assert STEPS.keys() == PAGED | elsewhere
    assert not PAGED & elsewhere


@pytest.mark.parametrize("name", [*sorted(set(STEPS) - PAGED), "tidak-ada"])
def test_steps_with_pages_of_their_own_are_not_found_here(client, name):
    row = opened()
    before = written()
    client.force_login(member(row.unit, Role.HEAD))
    assert client.get(url("step-page", row, name)).status_code == 404
    assert take(client, row, name).status_code == 404
    assert written() == before


@pytest.mark.parametrize(("hours", "is_said"), [(1, False), (-1, True)])
def test_opening_again_says_where_the_unit_could_not_write_all_the_same(client, hours, is_said):
    row = at_state(opened(unit_closes=timezone.now() + timedelta(hours=hours)), State.UNFIT)
    client.force_login(member(row.unit, Role.ADMIN))
    page = client.get(url("step-page", row, "reopen")).text
    assert "Penilaian kembali menjadi draf." in page
    assert ("perpanjang dahulu" in page) is is_said


def around(name):
    """Return the states a step starts from and their neighbours; `test_rights` holds all against the table."""
    every = list(State)
    places = [every.index(state) + n for state in STEPS[name].source for n in (-1, 0, 1)]
    return [state for place, state in enumerate(every) if place in places]


@pytest.mark.parametrize("name", sorted(PAGED))
@pytest.mark.parametrize("role", Role)
def test_a_step_needs_its_role_and_state(client, name, role):
    row = opened(needs_prelim=name in {"start_prelim", "declare_fit", "declare_unfit"})
    user = person(row, role)
    client.force_login(user)
    for state in around(name):
        at_state(row, state)
        before = written()
        allowed = state in STEPS[name].source and role in STEPS[name].hats
        if name == "take_back":  # by who asked; here nobody did, which counts as TPI
            allowed = allowed and role == Role.TPI_LEAD
        assert (client.get(url("step-page", row, name)).status_code == 200) is allowed, state
        if not allowed:
            assert take(client, row, name, reason="Alasan.").status_code == 403, state
            assert written() == before


def test_the_whole_way_by_the_pages(client):
    row = submitted()
    lead, controller = reviewer(row, Role.TPI_LEAD), reviewer(row, Role.TPI_CONTROLLER)
    client.force_login(lead)
    response = take(client, row, "start_review")
    assert response.url == row.get_absolute_url()
    assert "Penilaian TPI dimulai." in client.get(response.url).text
    agreed(row, lead)
    assert refreshed(row).state == State.REVIEW
    take(client, row, "finish")
    take(client, row, "send_back", reason="Lengkapi catatan.")
    take(client, row, "finish")
    take(client, row, "pass_on")
    client.force_login(controller)
    take(client, row, "hand_back", reason="Periksa lagi.")
    client.force_login(lead)
    take(client, row, "pass_on")
    client.force_login(controller)
    response = take(client, row, "approve", reason="Unit ini belum memenuhi.")
    assert response.url == url("compare", row)
    assert refreshed(row).state == State.NOT_YET
    steps = [e.data["step"] for e in row.events.filter(kind="moved").order_by("number")]
    assert steps == [
        "submit", "start_review", "finish", "send_back", "finish", "pass_on", "hand_back", "pass_on", "approve"
    ]  # fmt: skip


def test_the_preliminary_way_by_the_pages(client):
    row = submitted(needs_prelim=True)
    prelim, admin = member(row.unit, Role.PRELIM), member(row.unit, Role.ADMIN)
    client.force_login(prelim)
    take(client, row, "start_prelim")
    agreed(row, prelim, stage="prelim")
    page = client.get(url("step-page", row, "declare_fit")).text
    assert "Pendahuluan" in page
    assert "0 kriteria dijawab berbeda" in page
    response = take(client, row, "declare_unfit", reason="")
    assert response.status_code == 422
    assert "Simpulan wajib diisi." in response.text
    take(client, row, "declare_unfit", reason="Bukti belum lengkap.")
    assert refreshed(row).state == State.UNFIT
    client.force_login(admin)
    take(client, row, "reopen", reason="Diberi kesempatan lagi.")
    assert refreshed(row).state == State.DRAFT


def test_what_is_unfinished_blocks_with_links_and_writes_nothing(client):
    row = in_review()
    lead = reviewer(row, Role.TPI_LEAD)
    client.force_login(lead)
    page = client.get(url("step-page", row, "finish")).text
    assert "113 kriteria belum dinilai." in page
    assert "disabled" in page
    assert url("judge-page", row, "B.I") + "#k-B-I-a" in page
    before = written()
    response = take(client, row, "finish")
    assert response.status_code == 422
    assert "Selesaikan dahulu" in response.text
    assert written() == before
    agreed(row, lead)
    returns.set_item(assessment=row, stage="tpi", code="A.I.1.i.a", reason="Perbaiki.", by=lead)
    row = at_state(row, State.LEAD_CHECK)
    response = take(client, row, "pass_on")
    assert "Daftar perbaikan belum dikirim." in response.text
    assert url("returns", row) in response.text
    assert refreshed(row).state == State.LEAD_CHECK


def test_outside_the_window_nothing_moves(client):
    row = in_review()
    lead = reviewer(row, Role.TPI_LEAD)
    agreed(row, lead)
    Period.objects.update(tpi_closes=timezone.now() - timedelta(days=1))
    client.force_login(lead)
    assert "Waktu penilaian TPI sudah lewat" in client.get(url("step-page", row, "finish")).text
    before = written()
    response = take(client, row, "finish")
    assert response.status_code == 422
    assert "Waktu penilaian TPI sudah lewat" in response.text
    assert written() == before


@pytest.mark.parametrize(
    ("typed", "message"),
    [("", "Simpulan wajib diisi."), (" \r\n ", "Simpulan wajib diisi."), ("x" * 5001, "Paling panjang 5000"),
     ("a\0b", "Ada karakter terlarang.")],
)  # fmt: skip
def test_an_approval_without_its_conclusion_is_refused_beside_the_field(client, typed, message):
    row = in_review()
    controller = reviewer(row, Role.TPI_CONTROLLER)
    agreed(row, reviewer(row, Role.TPI_LEAD))
    row = at_state(row, State.APPROVAL)
    client.force_login(controller)
    before = written()
    response = take(client, row, "approve", reason=typed)
    assert response.status_code == 422
    assert message in response.text
    assert 'aria-invalid="true"' in response.text
    assert 'id="id_reason_error"' in response.text
    assert written() == before


def test_a_long_conclusion_counts_line_ends_once(client):
    row = in_review()
    controller = reviewer(row, Role.TPI_CONTROLLER)
    agreed(row, reviewer(row, Role.TPI_LEAD))
    at_state(row, State.APPROVAL)
    client.force_login(controller)
    assert take(client, row, "approve", reason="baris\r\n" * 833 + "x").status_code == 302
    assert row.snapshots.get(kind="decision").data["lhe"]["conclusion"] == "baris\n" * 833 + "x"


def test_the_controller_sees_what_will_be_decided(client):
    row = in_review()
    lead, controller = reviewer(row, Role.TPI_LEAD), reviewer(row, Role.TPI_CONTROLLER)
    agreed(row, lead)
    at_state(row, State.APPROVAL)
    client.force_login(controller)
    page = client.get(url("step-page", row, "approve"))
    checks = selectors.stage_result(row, "tpi").checks_of("WBK")
    failing = [c.name for c in checks if c.decides and not c.passed]
    assert failing
    assert [text.split(":")[0] for text in page.context["failing"]] == [name.split(":")[0] for name in failing]
    assert "Belum memenuhi</span>" in page.text


def test_the_controller_sees_that_a_unit_fulfils(client):
    row = fulfilling()
    controller = reviewer(row, Role.TPI_CONTROLLER)
    at_state(row, State.APPROVAL)
    client.force_login(controller)
    page = client.get(url("step-page", row, "approve"))
    assert page.context["failing"] == []
    assert "Memenuhi</span>" in page.text


def test_a_step_that_somebody_else_took_meanwhile_is_told(client):
    row = in_review()
    lead = reviewer(row, Role.TPI_LEAD)
    agreed(row, lead)
    client.force_login(lead)
    page = client.get(url("step-page", row, "finish")).text
    assert 'name="seen" value="review"' in page
    take(client, row, "finish", seen="review")
    before = written()
    response = take(client, row, "finish", seen="review")
    assert response.url == row.get_absolute_url()
    assert "status penilaian sudah berubah" in client.get(response.url).text
    assert written() == before


def test_what_was_seen_opens_nothing_to_those_without_the_role(client):
    row = in_review()
    for user in (member(row.unit, Role.HEAD), reviewer(row, Role.TPI_CONTROLLER), member(row.unit, Role.ADMIN)):
        client.force_login(user)
        for seen in [*State.values, "x", ""]:
            assert take(client, row, "pass_on", seen=seen).status_code == 403


def test_who_asked_for_the_correction_goes_on_without_it(client):
    row = in_review()
    lead = reviewer(row, Role.TPI_LEAD)
    row = returned(row, ["A.I.1.i.a"], lead=lead)
    client.force_login(lead)
    assert take(client, row, "take_back", reason=" ").status_code == 422
    assert take(client, row, "take_back", reason="Batas waktu lewat.").status_code == 302
    assert refreshed(row).state == State.REVIEW


def test_an_admin_takes_a_proposal_back(client):
    row, admin, made = proposed()
    client.force_login(admin)
    assert "ditarik dari surat" in client.get(url("step-page", row, "unpropose")).text
    assert take(client, row, "unpropose", reason="").status_code == 422
    assert take(client, row, "unpropose", reason="Diusulkan tahun depan.").status_code == 302
    assert refreshed(row).state == State.FULFILS
    assert made.items.get().withdrawn_at


def test_a_page_takes_no_post_and_a_step_no_get(client):
    row = in_review()
    client.force_login(reviewer(row, Role.TPI_LEAD))
    assert client.post(url("step-page", row, "finish")).status_code == 405
    assert client.get(url("step", row, "finish")).status_code == 405
    assert client.post(url("compare", row)).status_code == 405
