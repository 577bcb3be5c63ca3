"""Letters that propose units to TPN."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import Membership, Role
from accounts.notifications import services
from assessment.models import Assessment, Event, ProposalCondition, State
from review.models import ConditionAnswer, Proposal, ProposalItem
from review.obstacles import may_be_proposed_early, unmet_conditions
from review.proposing import candidates_of, get_period, unmet_of
from review.services.proposals import make_proposal
from review.services.steps import take_step

from .deciding import LETTER, agency, fulfilling, meet_conditions, proposed
from .factories import UnitFactory, approved, at_state, member, opened, refreshed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("instrument", "media")]


def written():
    return (
        Proposal.objects.count(), ProposalItem.objects.count(), Event.objects.count(),
        sorted(Assessment.objects.values_list("pk", "state")),
    )  # fmt: skip


def form_of(*rows, **changes):
    return {
        "number": "700/12/2026", "dated": "2024-07-01", "place": "Jakarta", "signatory_role": "Sekretaris Daerah",
        "copies": "Inspektorat\r\n\r\n  Biro  Organisasi ", "units": [str(row.pk) for row in rows],
    } | changes  # fmt: skip


def listed(client):
    return client.get(reverse("review:proposals", args=[2026]))


def add(client, *rows, **changes):
    return client.post(reverse("review:proposal-add", args=[2026]), form_of(*rows, **changes))


@pytest.fixture
def two(client):
    """Return two units that may be proposed, with their agency's admin signed in."""
    top, admin = agency()
    client.force_login(admin)
    return [fulfilling(UnitFactory(parent=top, name=name)) for name in ("Dinas Satu", "Dinas Dua")]


def test_one_letter_proposes_all_chosen_units(client, two):
    response = add(client, *two)
    made = Proposal.objects.get()
    assert response.url == reverse("review:proposal", args=[2026, made.pk])
    assert [refreshed(row).state for row in two] == [State.PROPOSED, State.PROPOSED]
    assert made.data == {
        "agency": "Pemerintah Daerah Contoh",
        "letterhead": {},
        "signatory_name": "",
        "signatory_number": "",
        "number": "700/12/2026",
        "dated": "2024-07-01",
        "addressee": [
            "Menteri Pendayagunaan Aparatur Negara dan Reformasi Birokrasi",
            "c.q. Deputi Bidang Reformasi Birokrasi, Akuntabilitas Aparatur, dan Pengawasan",
        ],
        "subject": made.data["subject"],
        "year": 2026,
        "kind": "local",
        "legal_basis": made.data["legal_basis"],
        "units": [
            {
                "unit": row.unit.name, "unit_code": row.unit.code, "predicate": "WBK", "total": "100.00",
                "affirmative": "",
            }
            for row in sorted(two, key=lambda row: row.unit.code)
        ],
        "signatory_role": "Sekretaris Daerah",
        "place": "Jakarta",
        "copies": ["Inspektorat", "Biro Organisasi"],
        "id": str(made.pk),
    }  # fmt: skip
    for row in two:
        assert row.proposal_items.get().proposal == made
        event = row.events.latest("number")
        assert (event.data["step"], event.data["proposal"]) == ("propose", str(made.pk))


def test_everybody_is_held_in_one_order_before_anybody_is_told(two, monkeypatch):
    happened, tell = [], services._tell
    monkeypatch.setattr("review.services.proposals.hold", lambda users: happened.append(("held", set(users))))
    monkeypatch.setattr(services, "_tell", lambda pks, news: happened.append(("told", set(pks))) or tell(pks, news))
    make_proposal(
        period=get_period(2026), assessments=two, letter=LETTER, by=Membership.objects.get(role=Role.ADMIN).user
    )
    assert [what for what, _ in happened] == ["held", "told", "told"]
    (_, held), *told = happened
    assert all(people and people <= held for _, people in told)
    assert told[0] != told[1]


def test_a_second_letter_takes_the_units_that_come_later(client, two):
    add(client, two[0])
    assert refreshed(two[1]).state == State.FULFILS
    add(client, two[1], number="700/13/2026")
    assert [row.number for row in Proposal.objects.all()] == ["700/13/2026", "700/12/2026"]
    page = listed(client).text
    assert "700/12/2026" in page and "700/13/2026" in page
    assert "Tidak ada unit berstatus memenuhi" in page


def test_one_unit_that_may_not_holds_up_the_whole_letter_and_is_named(client, two):
    ConditionAnswer.objects.filter(assessment=two[1]).update(met="tidak")
    before = written()
    response = add(client, *two)
    assert response.status_code == 422
    assert "Dinas Dua: " in response.text
    assert "Dinas Satu: " not in response.text
    assert written() == before
    # What was typed is still there.
    assert 'value="700/12/2026"' in response.text
    assert f'value="{two[0].pk}" checked' in response.text


def test_a_unit_cannot_be_named_by_two_letters(client, two):
    add(client, two[0])
    before = written()
    response = add(client, *two)
    assert response.status_code == 422
    assert "tidak lagi dapat diusulkan" in response.text
    with pytest.raises(ValidationError, match="status penilaian sudah berubah"):
        make_proposal(period=get_period(2026), assessments=two, letter=LETTER, by=Proposal.objects.get().created_by)
    assert written() == before


def test_units_without_the_conditions_of_tabel_5_are_shown_but_not_selectable(client):
    top, admin = agency()
    row = fulfilling(UnitFactory(parent=top), met=False)
    client.force_login(admin)
    page = listed(client).text
    assert f'value="{row.pk}" disabled' in page
    for text in unmet_conditions(row):
        assert text in page
    assert "Surat pengajuan</h2>" not in page
    meet_conditions(row)
    page = listed(client).text
    assert f'value="{row.pk}">' in page
    assert "Surat pengajuan</h2>" in page


def test_an_affirmative_unit_of_a_local_government_is_proposed_early(client):
    top, admin = agency()
    row = fulfilling(UnitFactory(parent=top, affirmative="hospital"), met=False)
    assert may_be_proposed_early(row)
    client.force_login(admin)
    page = listed(client).text
    assert "Unit afirmasi (Rumah sakit umum daerah)" in page
    assert f'value="{row.pk}" aria' in page
    add(client, row)
    (unit,) = Proposal.objects.get().data["units"]
    assert unit["affirmative"] == "Rumah sakit umum daerah"


def test_an_affirmative_unit_that_meets_everything_is_proposed_like_any_other(client):
    top, admin = agency()
    row = fulfilling(UnitFactory(parent=top, affirmative="samsat"))
    client.force_login(admin)
    assert "Unit afirmasi" not in listed(client).text
    add(client, row)
    assert Proposal.objects.get().data["units"][0]["affirmative"] == ""


def test_an_affirmative_unit_of_a_ministry_is_not(client):
    top, admin = agency()
    row = fulfilling(UnitFactory(parent=top, affirmative="samsat"), met=False, agency_kind="central")
    client.force_login(admin)
    assert f'value="{row.pk}" disabled' in listed(client).text
    before = written()
    assert add(client, row).status_code == 422
    assert written() == before


@pytest.mark.parametrize("kind", ["local", "central"])
@pytest.mark.parametrize("target", ["WBK", "WBBM"])
def test_the_conditions_read_for_many_units_are_those_of_each_one(instrument, kind, target):
    row = opened(agency_kind=kind)
    Assessment.objects.filter(pk=row.pk).update(target=target)
    row = refreshed(row)
    first = ProposalCondition.objects.filter(instrument=instrument, predicate=target, applies_to="all").first()
    ConditionAnswer.objects.create(
        assessment=row, condition=first, met="ya", changed_by=member(row.unit), changed_at=row.period.unit_opens
    )
    wanted = unmet_conditions(row)
    assert unmet_of([row]) == {row.pk: wanted}
    assert wanted
    assert first.text not in wanted


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("number", " ", "Isi nomor surat."),
        ("number", "x" * 101, "Paling panjang 100 karakter."),
        ("number", "a\0b", "Ada karakter terlarang."),
        ("dated", "", "Isi tanggal surat."),
        ("dated", "besok", "Isi dengan tanggal"),
        ("dated", "1899-01-01", "Isi dengan tanggal"),
        ("dated", "2099-01-01", "tidak boleh sesudah hari ini"),
        ("place", "", "Isi tempat surat dibuat."),
        ("signatory_role", "", "Isi jabatan penanda tangan."),
        ("copies", "satu\n" * 21, "Paling banyak 20 baris"),
        ("copies", "x" * 201, "Paling banyak 20 baris"),
        ("units", [], "Pilih paling sedikit satu unit."),
        ("units", ["9999999"], "tidak lagi dapat diusulkan"),
        ("units", ["9" * 30], "Salah satu unit tidak dikenal"),
        ("units", ["-1"], "Salah satu unit tidak dikenal"),
        ("units", ["x"], "tidak dikenal"),
    ],
)
def test_bad_input_is_named_and_writes_nothing(client, two, field, typed, message):
    before = written()
    response = add(client, two[0], **{field: typed})
    assert response.status_code == 422
    assert message in response.text
    assert written() == before


def test_only_the_agencys_admin_proposes(client):
    top, _ = agency()
    row = fulfilling(UnitFactory(parent=top))
    before = written()
    for user in (
        member(row.unit, Role.ADMIN), member(row.unit, Role.HEAD), member(top, Role.OBSERVER), member(top, Role.PRELIM)
    ):  # fmt: skip
        client.force_login(user)
        assert listed(client).status_code == 403
        assert add(client, row).status_code == 403
    assert written() == before


def test_another_agency_sees_neither_units_nor_letters(client):
    row, admin, made = proposed()
    waiting = fulfilling(UnitFactory(parent=row.unit.parent))
    _, stranger = agency()
    client.force_login(stranger)
    page = listed(client).text
    assert waiting.unit.name not in page
    assert made.number not in page
    assert client.get(reverse("review:proposal", args=[2026, made.pk])).status_code == 404
    before = written()
    response = add(client, waiting)
    assert response.status_code == 422
    assert waiting.unit.name not in response.text
    assert written() == before
    client.force_login(admin)
    assert client.get(reverse("review:proposal", args=[2026, made.pk])).status_code == 200


def test_one_letter_is_of_one_agency():
    _, admin = agency()
    rows = [fulfilling(), fulfilling()]
    before = written()
    with pytest.raises(ValidationError, match="satu instansi"):
        make_proposal(period=get_period(2026), assessments=rows, letter=LETTER, by=admin)
    assert written() == before


def test_a_year_without_a_period_is_not_there(client, two):
    assert client.get(reverse("review:proposals", args=[2031])).status_code == 404
    made = make_proposal(period=get_period(2026), assessments=two, letter=LETTER, by=agency_admin(two[0]))
    opened(year=2027)
    assert client.get(reverse("review:proposal", args=[2027, made.pk])).status_code == 404


def agency_admin(row):
    return row.unit.parent.memberships.get(role=Role.ADMIN).user


def test_a_unit_taken_off_the_letter_stays_named_there_and_may_be_proposed_again(client, two):
    add(client, *two)
    admin = agency_admin(two[0])
    made = Proposal.objects.get()
    take_step(assessment=two[0], name="unpropose", by=admin, reason="Diusulkan tahun depan.")
    assert refreshed(two[0]).state == State.FULFILS
    assert ProposalItem.objects.get(assessment=two[0]).withdrawn_at
    assert ProposalItem.objects.get(assessment=two[1]).withdrawn_at is None
    page = client.get(reverse("review:proposal", args=[2026, made.pk])).text
    assert page.count("Ditarik ") == 1
    assert reverse("review:step-page", args=[2026, two[1].unit.code, "unpropose"]) in page
    assert reverse("review:step-page", args=[2026, two[0].unit.code, "unpropose"]) not in page
    assert "2 (1 ditarik)" in listed(client).text
    assert [unit["unit"] for unit in Proposal.objects.get().data["units"]] == ["Dinas Satu", "Dinas Dua"]
    add(client, two[0], number="700/14/2026")
    assert refreshed(two[0]).state == State.PROPOSED


def test_a_letter_keeps_its_words_when_a_unit_changes_its_name_and_code(client, two):
    add(client, *two)
    unit = two[0].unit
    unit.name, unit.code = "Nama Baru", "BARU-1"
    unit.save()
    page = client.get(reverse("review:proposal", args=[2026, Proposal.objects.get().pk])).text
    assert "Dinas Satu" in page
    assert "Nama Baru" not in page
    assert reverse("assessment:detail", args=[2026, "BARU-1"]) in page


@pytest.mark.parametrize("count", [1, 3])
def test_pages_take_the_same_queries_for_any_number_of_units(client, django_assert_num_queries, count):
    top, admin = agency()
    rows = [at_decided(UnitFactory(parent=top)) for _ in range(count)]
    client.force_login(admin)
    # Session, user, right, period, top, letterhead, units, totals, answered conditions, conditions, letters.
    with django_assert_num_queries(11):
        assert listed(client).text.count("nilai TPI") == count
    for row in rows:
        meet_conditions(row)
    made = make_proposal(period=get_period(2026), assessments=rows, letter=LETTER, by=admin)
    # Session, user, right, period, letter, items.
    with django_assert_num_queries(6):
        page = client.get(reverse("review:proposal", args=[2026, made.pk])).text
    assert page.count("nilai TPI") == count


def at_decided(unit):
    return fulfilling(unit, met=False)


def test_units_that_do_not_fulfil_are_not_listed(client):
    top, admin = agency()
    row = approved(opened(UnitFactory(parent=top)))
    assert row.state == State.NOT_YET
    assert candidates_of(admin, row.period) == []
    at_state(row, State.FULFILS)
    assert [c.assessment for c in candidates_of(admin, row.period)] == [row]
