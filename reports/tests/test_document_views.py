"""Who downloads which official document, and that it is drawn from the fixed copy alone."""

import io
from dataclasses import replace
from uuid import uuid4

import pytest
from django.urls import reverse
from PIL import Image

from accounts.letterheads.models import Letterhead
from accounts.letterheads.pictures import make_logo
from accounts.models import Role
from assessment.models import Snapshot
from review.services.proposals import make_proposal
from review.services.steps import take_step
from review.tests.deciding import LETTER, agency, fulfilling, proposed
from review.tests.factories import (
    UnitFactory,
    approved,
    in_review,
    member,
    opened,
    returned,
    reviewer,
    second_of,
    submitted,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("instrument", "media")]

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
STARTS = {"application/pdf": b"%PDF-", DOCX: b"PK"}


def get(client, name, snapshot):
    row = snapshot.assessment
    return client.get(reverse(f"reports:{name}", args=[row.period.year, row.unit.code, snapshot.pk]))


def drawn_with(monkeypatch, name):
    """Return the list that fills with what a document is drawn from."""
    seen = []

    def draw(data):
        seen.append(data)
        return b"isi"

    monkeypatch.setattr(f"reports.documents.{name}", draw)
    return seen


@pytest.mark.parametrize(
    ("name", "content_type", "file"),
    [("lhe-pdf", "application/pdf", "LHE-2026-{}.pdf"), ("lhe-docx", DOCX, "LHE-2026-{}.docx")],
)
def test_the_lhe_is_downloaded_by_those_who_may_see_tpis_result(client, name, content_type, file):
    row = approved()
    client.force_login(member(row.unit))
    response = get(client, name, row.snapshots.get(kind="decision"))
    assert response.status_code == 200
    assert response["Content-Type"] == content_type
    assert file.format(row.unit.code) in response["Content-Disposition"]
    assert response["Cache-Control"] == "private, no-store"
    assert response.content.startswith(STARTS[content_type])


def test_the_sptjm_is_downloaded_by_everybody_who_sees_the_unit(client):
    row = submitted()
    copy = row.snapshots.get()
    second = reviewer(row)
    second_of(row, second, ["A.I.1.i.a"])
    for user in (member(row.unit), reviewer(row), second):
        client.force_login(user)
        response = get(client, "sptjm-pdf", copy)
        assert response.content.startswith(b"%PDF-")
        assert f"SPTJM-2026-{row.unit.code}.pdf" in response["Content-Disposition"]


@pytest.mark.parametrize(("name", "draws", "part"), [("lhe-pdf", "lhe_pdf", "lhe"), ("lhe-docx", "lhe_docx", "lhe")])
def test_a_document_is_the_fixed_copy_and_its_proof(client, monkeypatch, name, draws, part):
    row = approved()
    copy = row.snapshots.get(kind="decision")
    seen = drawn_with(monkeypatch, draws)
    client.force_login(member(row.unit))
    get(client, name, copy)
    receipt = reverse("review:snapshot", args=[2026, row.unit.code, copy.pk])
    proof = {
        "logo": b"", "head": copy.data["head"], "digest": copy.digest, "id": str(copy.pk), "round": 1,
        "receipt_url": f"http://testserver{receipt}",
    }  # fmt: skip
    assert seen == [copy.data[part] | proof]


def test_a_copy_without_the_document_has_none(client):
    row = in_review()
    lead = reviewer(row, Role.TPI_LEAD)
    row = returned(row, ["A.I.1.i.a"], lead=lead)
    take_step(assessment=row, name="take_back", by=lead, reason="Batas waktu lewat.")
    first, second = row.snapshots.filter(kind="submission").order_by("round")
    client.force_login(member(row.unit))
    assert get(client, "sptjm-pdf", first).status_code == 200
    assert get(client, "sptjm-pdf", second).status_code == 404
    assert get(client, "lhe-pdf", first).status_code == 404


def test_a_stage_that_is_not_seen_has_no_documents(client):
    row = approved()
    copy = row.snapshots.get(kind="decision")
    row.__class__.objects.filter(pk=row.pk).update(state="approval")  # as if it were decided anew
    client.force_login(member(row.unit))
    assert get(client, "lhe-pdf", copy).status_code == 404
    blind = reviewer(row)
    second_of(row, blind, ["A.I.1.i.a"])
    client.force_login(blind)
    assert get(client, "lhe-docx", copy).status_code == 404


def test_a_copy_of_another_unit_is_not_found_under_ones_own(client):
    theirs, ours = submitted(), submitted()
    client.force_login(member(ours.unit))
    wrong = reverse("reports:sptjm-pdf", args=[2026, ours.unit.code, theirs.snapshots.get().pk])
    assert client.get(wrong).status_code == 404
    assert get(client, "sptjm-pdf", theirs.snapshots.get()).status_code == 404
    assert client.get(reverse("reports:sptjm-pdf", args=[2026, ours.unit.code, uuid4()])).status_code == 404
    assert Snapshot.objects.count() == 2


@pytest.mark.parametrize(("name", "content_type"), [("letter-pdf", "application/pdf"), ("letter-docx", DOCX)])
def test_the_letter_is_downloaded_by_the_agencys_admin_alone(client, name, content_type):
    row, admin, made = proposed()
    address = reverse(f"reports:{name}", args=[2026, made.pk])
    client.force_login(admin)
    response = client.get(address)
    assert response.content.startswith(STARTS[content_type])
    assert "Surat-Pengajuan-2026." in response["Content-Disposition"]
    for role in (Role.HEAD, Role.ADMIN, Role.OBSERVER):
        client.force_login(member(row.unit, role))
        assert client.get(address).status_code == 403
    client.force_login(agency()[1])
    assert client.get(address).status_code == 404


def test_the_letter_is_what_was_written_down(client, monkeypatch):
    _, admin, made = proposed()
    seen = drawn_with(monkeypatch, "letter_pdf")
    client.force_login(admin)
    client.get(reverse("reports:letter-pdf", args=[2026, made.pk]))
    (data,) = seen
    assert data.items() >= made.data.items()
    assert (len(data["digest"]), data["logo"]) == (64, b"")
    assert data["receipt_url"] == f"http://testserver{reverse('review:proposal', args=[2026, made.pk])}"
    client.get(reverse("reports:letter-pdf", args=[2026, made.pk]))
    assert len(seen) == 1  # the same data: what was drawn is served again


def picture(colour="red", size=(900, 300)):
    made = io.BytesIO()
    Image.new("RGB", size, colour).save(made, "PNG")
    return io.BytesIO(made.getvalue())


def headed(unit, **more):
    file = picture()
    facts = {"lines": "PEMERINTAH CONTOH\nDINAS", "place": "Kota Contoh", "signatory_role": "Sekretaris Daerah"}
    return Letterhead.objects.create(unit=unit, logo=make_logo(file, len(file.getvalue())), **facts | more)


def test_a_document_keeps_the_letterhead_it_was_made_with(client, monkeypatch):
    top = UnitFactory()
    head = headed(top)
    row = approved(opened(UnitFactory(parent=top)))
    old = head.logo
    Letterhead.objects.update(lines="NAMA BARU", logo=make_logo(picture("blue"), 10))
    client.force_login(member(row.unit))
    for name, draws, kind in (("sptjm-pdf", "sptjm_pdf", "submission"), ("lhe-docx", "lhe_docx", "decision")):
        seen = drawn_with(monkeypatch, draws)
        get(client, name, row.snapshots.get(kind=kind))
        assert seen[0]["letterhead"]["lines"] == ["PEMERINTAH CONTOH", "DINAS"]
        assert seen[0]["logo"] == bytes(old.content)


def test_the_units_own_letterhead_is_on_its_statement_and_the_agencys_on_the_report(client):
    top = UnitFactory()
    unit = UnitFactory(parent=top)
    headed(top, lines="PEMERINTAH CONTOH")
    headed(unit, lines="DINAS CONTOH", place="Kecamatan Contoh")
    row = approved(opened(unit))
    statement = row.snapshots.get(kind="submission").data["sptjm"]
    assert (statement["letterhead"]["lines"], statement["place"]) == (["DINAS CONTOH"], "Kecamatan Contoh")
    assert row.snapshots.get(kind="decision").data["lhe"]["letterhead"]["lines"] == ["PEMERINTAH CONTOH"]


@pytest.mark.parametrize(("role", "name"), [("Sekretaris Daerah", "Nama Lengkap"), ("Kepala Daerah", "")])
def test_the_person_of_the_letterhead_signs_only_in_their_own_role(role, name):
    top, admin = agency()
    headed(top, signatory_name="Nama Lengkap", signatory_number="1970")
    row = fulfilling(UnitFactory(parent=top))
    letter = replace(LETTER, signatory_role=role)
    made = make_proposal(period=row.period, assessments=[row], letter=letter, by=admin)
    assert made.data["signatory_name"] == name
    assert made.data["signatory_number"] == ("1970" if name else "")


def test_the_form_of_a_letter_begins_with_the_letterheads_place_and_role(client):
    top, admin = agency()
    headed(top)
    fulfilling(UnitFactory(parent=top))
    client.force_login(admin)
    text = client.get(reverse("review:proposals", args=[2026])).text
    assert 'value="Kota Contoh"' in text
    assert 'value="Sekretaris Daerah"' in text


def test_documents_are_only_read(client):
    row = submitted()
    client.force_login(member(opened().unit))
    copy = row.snapshots.get()
    address = reverse("reports:sptjm-pdf", args=[2026, row.unit.code, copy.pk])
    assert client.post(address).status_code == 405
