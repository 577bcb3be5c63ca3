"""Monitoring letters: made by the agency's admins from the last decision, kept as they were, read beside the record."""

import io
import re
from datetime import date, timedelta
from decimal import Decimal

import docx
import pypdf
import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.letterheads.models import Letterhead
from accounts.models import Role
from assessment import history
from assessment.models import Award, Event
from assessment.models.history import HistoryIsFixed
from assessment.tests.factories import UnitFactory, member
from reports import documents
from reports.documents import monev
from reports.models import MonitoringLetter
from reports.monev.selectors import next_due
from reports.monev.services import make_letter
from review.models import Finding
from review.tests.deciding import agency, fulfilling

from .routes_monev import letter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("instrument")]


def awarded(**changes):
    """Return a unit's predicate with the agency's admin."""
    top, admin = agency()
    unit = UnitFactory(parent=top, name="Dinas Contoh")
    values = {"predicate": "WBK", "decree_number": "SK 1", "decree_date": date(2024, 3, 1)} | changes
    return Award.objects.create(unit=unit, **values), admin


def typed(**changes):
    today = timezone.localdate()
    return {
        "number": "700/9", "dated": today.isoformat(), "place": "Kota Contoh", "signatory_role": "Sekretaris Daerah",
        "fulfils": "ya", "due_on": next_due(today).isoformat(),
        "notes": "Survei internal 3,70.\n\nTidak ada pengaduan.",
    } | changes  # fmt: skip


def test_a_letter_has_the_last_decision_and_what_is_still_open():
    award, admin = awarded()
    row = fulfilling(award.unit)
    Finding.objects.create(
        assessment=row, criterion=row.period.instrument.criteria.get(code="A.I.1.i.a"), stage="tpi", text="Lengkapi SK",
        kind="recommendation", due_on=date(2026, 7, 1), created_by=admin, created_at=timezone.now(),
    )  # fmt: skip
    made = make_letter(award=award, letter=letter(), by=admin)
    decision = row.snapshots.get(kind="decision")
    assert made.data["scores"]["digest"] == decision.digest
    assert made.data["scores"]["total"] == decision.data["scores"]["total"]
    assert [p["title"] for p in made.data["scores"]["parts"]] == ["PENGUNGKIT", "HASIL"]
    assert sum(Decimal(p["score"]) for p in made.data["scores"]["parts"]) == Decimal(decision.data["scores"]["total"])
    assert made.data["findings"] == [
        {"year": "2026", "code": "A.I.1.i.a", "text": "Lengkapi SK", "due": "2026-07-01", "state": "Terbuka"}
    ]
    assert (made.data["unit"], made.data["decree_number"], made.data["fulfils"]) == ("Dinas Contoh", "SK 1", True)


def test_the_assessment_that_gave_the_predicate_keeps_an_event():
    award, admin = awarded()
    row = fulfilling(award.unit)
    Award.objects.filter(pk=award.pk).update(assessment=row)
    made = make_letter(award=award, letter=letter(fulfils=False), by=admin)
    event = row.events.get(kind=Event.Kind.AWARD)
    assert event.data["monitoring"] == str(made.pk)
    assert event.data["reason"] == "Surat monev nomor 700/9/2026: tidak lagi memenuhi kriteria"


def test_a_letter_is_never_changed():
    award, admin = awarded()
    made = make_letter(award=award, letter=letter(), by=admin)
    made.number = "2"
    with pytest.raises(HistoryIsFixed):
        made.save()
    with pytest.raises(HistoryIsFixed):
        made.delete()


def test_what_cannot_be_is_refused_and_writes_nothing():
    award, admin = awarded()
    tomorrow = timezone.localdate() + timedelta(days=1)
    for changes, field in (
        ({"dated": tomorrow, "due_on": date(2100, 1, 1)}, "dated"),
        ({"dated": date(2024, 2, 29)}, "dated"),
        ({"due_on": timezone.localdate()}, "due_on"),
    ):
        with pytest.raises(ValidationError) as refused:
            make_letter(award=award, letter=letter(**changes), by=admin)
        assert list(refused.value.message_dict) == [field]
    Award.objects.filter(pk=award.pk).update(withdrawn_on=date(2025, 1, 1), withdrawn_reason="Maladministrasi")
    with pytest.raises(ValidationError, match="sudah dicabut"):
        make_letter(award=award, letter=letter(), by=admin)
    assert not MonitoringLetter.objects.exists()


def test_an_admin_writes_it_on_a_page_that_shows_what_it_will_say(client):
    award, admin = awarded()
    fulfilling(award.unit)
    client.force_login(admin)
    args = [award.unit.code, award.pk]
    page = client.get(reverse("reports:monev-start", args=args)).content.decode()
    assert "100,00" in page
    assert "Nilai keputusan TPI terakhir (2026)" in page
    response = client.post(reverse("reports:monev-add", args=args), typed())
    made = MonitoringLetter.objects.get()
    assert response.url == reverse("reports:monev-letter", args=[award.unit.code, made.pk])
    assert made.data["notes"] == ["Survei internal 3,70.", "Tidak ada pengaduan."]
    assert history.digest("", made.data) in client.get(response.url).content.decode()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"number": ""}, "Isi nomor surat."),
        ({"number": "x\0"}, "Ada karakter terlarang."),
        ({"dated": "31/31/2026"}, "Isi dengan tanggal"),
        ({"dated": "2099-01-01", "due_on": "2100-01-01"}, "tidak boleh sesudah hari ini"),
        ({"fulfils": "mungkin"}, "Pilih salah satu simpulan."),
        ({"notes": " \n "}, "Tulis paling sedikit satu catatan."),
        ({"notes": "a\n" * 21}, "Paling banyak 20 baris"),
        ({"notes": "a" * 601}, "masing-masing 600 karakter"),
        ({"due_on": "2024-01-01"}, "harus sesudah tanggal surat"),
    ],
)
def test_bad_input_is_named_beside_its_field(client, changes, said):
    award, admin = awarded()
    client.force_login(admin)
    response = client.post(reverse("reports:monev-add", args=[award.unit.code, award.pk]), typed(**changes))
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not MonitoringLetter.objects.exists()


def test_a_withdrawn_predicate_leads_back_to_the_record(client):
    award, admin = awarded(withdrawn_on=date(2025, 1, 1), withdrawn_reason="Maladministrasi")
    client.force_login(admin)
    args = [award.unit.code, award.pk]
    for response in (
        client.get(reverse("reports:monev-start", args=args)),
        client.post(reverse("reports:monev-add", args=args), typed()),
    ):
        assert response.url == reverse("review:record", args=[award.unit.code])
    assert not MonitoringLetter.objects.exists()


def test_the_record_lists_letters_and_says_what_is_late(client):
    award, admin = awarded()
    client.force_login(member(award.unit, Role.MEMBER))
    url = reverse("review:record", args=[award.unit.code])
    page = client.get(url).content.decode()
    assert "laporan terlambat, seharusnya paling lambat 1 Maret 2026" in page
    assert "Buat surat monev" not in page
    make_letter(award=award, letter=letter(), by=admin)
    page = client.get(url).content.decode()
    assert "700/9/2026" in page
    assert "terlambat" not in page
    client.force_login(admin)
    assert "Buat surat monev" in client.get(url).content.decode()


def test_the_record_costs_the_same_with_many_letters(client, django_assert_num_queries):
    award, admin = awarded()
    client.force_login(admin)
    url = reverse("review:record", args=[award.unit.code])
    make_letter(award=award, letter=letter(), by=admin)
    client.get(url)
    for rows in (1, 3):
        while MonitoringLetter.objects.count() < rows:
            make_letter(award=award, letter=letter(), by=admin)
        with django_assert_num_queries(9):
            client.get(url)


def test_both_files_say_the_same_and_carry_digest_letterhead_and_signatory(client):
    award, admin = awarded()
    Letterhead.objects.create(
        unit=award.unit.parent, lines="Pemerintah Daerah Contoh\nSekretariat Daerah", address="Jalan Contoh 1",
        place="Kota Contoh", signatory_role="Sekretaris Daerah", signatory_name="Penanda Tangan", signatory_number="19",
    )  # fmt: skip
    made = make_letter(award=award, letter=letter(fulfils=False), by=admin)
    client.force_login(member(award.unit, Role.HEAD))
    args = [award.unit.code, made.pk]
    printed = client.get(reverse("reports:monev-pdf", args=args))
    assert printed["Content-Disposition"].startswith('attachment; filename="Surat-Monev-')
    pdf = squeezed("".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(printed.content)).pages))
    word = docx.Document(io.BytesIO(client.get(reverse("reports:monev-docx", args=args)).content))
    cells = [c.text for t in word.tables for r in t.rows for c in r.cells]
    text = squeezed("".join([*(p.text for p in word.paragraphs), *cells]))
    for wanted in (
        history.digest("", made.data), "tidak lagi memenuhi", "SEKRETARIAT DAERAH", "Penanda Tangan", "700/9/2026",
        "Survei internal 3,70.", "Belum ada penilaian Tim Penilai Internal", f"/surat-monev/{made.pk}/",
        "Tidak ada catatan penilai yang masih terbuka.",
    ):  # fmt: skip
        assert squeezed(wanted) in pdf, wanted
        assert squeezed(wanted) in text, wanted


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_scores_and_findings_stand_in_tables():
    award, admin = awarded()
    fulfilling(award.unit)
    made = make_letter(award=award, letter=letter(), by=admin)
    drawn = monev.document(made.data | {"digest": "d", "receipt_url": "https://contoh.invalid/"})
    (table,) = [b for b in drawn.blocks if type(b).__name__ == "Table"]
    assert table.rows[-1] == ("Nilai total", "100,00", "100,00")
    assert documents.monev_docx(made.data | {"digest": "d", "receipt_url": "https://contoh.invalid/"})


def test_the_next_day_is_two_years_later():
    assert next_due(date(2026, 5, 3)) == date(2028, 5, 3)
    assert next_due(date(2028, 2, 29)) == date(2030, 2, 28)
