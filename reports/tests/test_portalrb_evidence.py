"""What a signed link opens without an account, and all that it does not open."""

import hashlib
import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core.signing import Signer
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from assessment.models import Period, Snapshot, State
from evidence.models import Attachment, Blob, Document, DocumentVersion
from evidence.services.documents import Content, replace_content
from evidence.tests.factories import attachment, stored
from reports.portalrb.links import Place, signed
from reports.portalrb.models import AccessEntry, EvidenceGrant
from reports.portalrb.services import renew_links, revoke_links
from review.services.steps import take_step
from review.tests.factories import UnitFactory, at_state, member, opened

from .portalrb import LINKED, PCT, PLAIN, Sent, damage, resealed, sent
from .test_portalrb_api import ANSWERS, get

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("instrument", "media")]


def link_of(there: Sent, code: str = PLAIN) -> str:
    """Return the path of the link that the API sends for a criterion."""
    rows = get(f"{ANSWERS}/{there.row.unit.code}", there).json()["answers"]
    number = there.row.period.instrument.criteria.get(code=code)
    ids = {number.soal_id, *number.quantities.values_list("soal_id", flat=True)}
    return urlsplit(next(row["bukti_dukung_unit"] for row in rows if row["soal_id"] in ids)).path


def is_shut(path: str) -> bool:
    """Tell whether a link, and the file behind it, open nothing and tell nothing."""
    page, file = Client().get(path), Client().get(f"{path}1/")
    return (
        (page.status_code, file.status_code) == (404, 404)
        and "Tautan ini tidak berlaku" in page.text
        and "SK Tim Kerja" not in page.text + file.text
    )


def test_a_link_lists_the_documents_of_one_criterion():
    there = sent(name="Dinas Contoh")
    path = link_of(there, PCT)
    response = Client().get(path)
    assert response.status_code == 200
    for text in ("Dinas Contoh", PCT, "SK Agen Perubahan", "Nomor 12/2026", "Unduh"):
        assert text in response.text
    assert "Notulen rapat" not in response.text
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Referrer-Policy"] == "no-referrer"
    assert response.cookies == {}
    assert 'name="robots" content="noindex' in response.text


def test_the_same_link_is_sent_each_time():
    there = sent()
    assert link_of(there) == link_of(there)
    assert len({link_of(there, code) for code in (PLAIN, LINKED, PCT)}) == 3


def test_a_file_comes_as_it_was_decided_on():
    there = sent()
    path = link_of(there)
    response = Client().get(f"{path}1/")
    content = response.getvalue()
    version = DocumentVersion.objects.get(document__attachments__criterion__code=PLAIN)
    assert response.status_code == 200
    assert hashlib.sha256(content).hexdigest() == version.blob_id
    assert content.startswith(b"%PDF")
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["X-Robots-Tag"] == "noindex, nofollow"


def test_what_changes_after_the_decision_does_not_change_what_is_opened():
    there = sent()
    path = link_of(there)
    before = Client().get(f"{path}1/").getvalue()
    document = Document.objects.get(attachments__criterion__code=PLAIN)
    replace_content(document=document, content=Content(stored()), seen=1, by=there.admin, may_publish=False)
    Document.objects.filter(pk=document.pk).update(title="Judul lain")
    Attachment.objects.filter(document=document).update(detached_at=timezone.now(), detached_by=there.admin)
    assert Client().get(f"{path}1/").getvalue() == before
    assert "SK Tim Kerja" in Client().get(path).text
    assert "Judul lain" not in Client().get(path).text


def test_a_link_document_leads_away_without_telling_from_where():
    there = sent()
    page = Client().get(link_of(there, LINKED))
    assert 'href="https://drive.example.go.id/notulen" rel="noopener noreferrer nofollow"' in page.text
    assert Client().get(f"{link_of(there, LINKED)}1/").status_code == 404


def test_there_is_nothing_beyond_the_documents_of_the_criterion():
    path = link_of(sent())
    assert [Client().get(f"{path}{number}/").status_code for number in (2, 3, 999)] == [404, 404, 404]


@pytest.mark.parametrize(
    "window",
    [
        {"is_proposing": False},
        {"proposal_closes": timezone.now() - timedelta(seconds=1)},
        {"proposal_opens": timezone.now() + timedelta(days=1)},
    ],
    ids=["not marked", "over", "not yet"],
)
def test_a_link_ends_with_the_window(window):
    path = link_of(sent())
    Period.objects.update(**window)
    assert is_shut(path)


def test_a_link_of_a_unit_in_any_other_state_is_shut():
    there = sent()
    path = link_of(there)
    for state in sorted(set(State) - {State.PROPOSED}):
        at_state(there.row, state)
        assert is_shut(path), state
    at_state(there.row, State.PROPOSED)
    assert Client().get(path).status_code == 200


def test_a_link_of_a_unit_taken_off_the_letter_is_shut():
    there = sent()
    path = link_of(there)
    take_step(assessment=there.row, name="unpropose", by=there.admin, reason="Tahun depan.")
    assert is_shut(path)


def test_revoking_shuts_the_links_of_one_unit_for_good_and_new_ones_open():
    there = sent()
    path = link_of(there)
    revoke_links(there.row, by=there.admin)
    first = EvidenceGrant.objects.values().get()
    revoke_links(there.row, by=there.admin)
    assert EvidenceGrant.objects.values().get() == first
    assert is_shut(path)
    rows = get(f"{ANSWERS}/{there.row.unit.code}", there).json()["answers"]
    assert {row["bukti_dukung_unit"] for row in rows} == {None}
    renew_links(there.row, by=there.admin)
    renewed = EvidenceGrant.objects.values().get()
    renew_links(there.row, by=there.admin)
    assert EvidenceGrant.objects.values().get() == renewed
    assert is_shut(path)
    assert link_of(there) != path
    assert Client().get(link_of(there)).status_code == 200


def test_links_that_are_not_revoked_stay_when_new_ones_are_asked_for():
    there = sent()
    path = link_of(there)
    renew_links(there.row, by=there.admin)
    assert link_of(there) == path
    assert Client().get(path).status_code == 200


def changed(text: str, at: int) -> str:
    return text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]


def test_a_changed_link_opens_nothing():
    path = link_of(sent())
    start, text = path.rsplit("/", 2)[:2]
    value, _, signature = text.partition(".")
    forged = [changed(text, 0), changed(text, len(value) - 1), changed(text, len(value) + 1), f"{value}.{'A' * 43}"]
    for link in forged:
        assert is_shut(f"{start}/{link}/")
    assert Client().get(f"{start}/{value}/").status_code == 404
    assert len(signature) == 43


def test_a_link_signed_with_another_key_or_for_another_purpose_opens_nothing():
    there = sent()
    value = [there.row.pk, 1, PLAIN]
    right = signed(Place(*value))
    for signer in (Signer(key="lain", sep=".", salt="reports.portalrb.evidence"), Signer(sep=".", salt="lain")):
        assert is_shut(reverse("reports:portalrb-evidence", args=[signer.sign_object(value)]))
    assert Client().get(reverse("reports:portalrb-evidence", args=[right])).status_code == 200


def test_a_link_to_a_criterion_without_evidence_or_to_no_unit_opens_nothing():
    there = sent()
    draft = opened(UnitFactory(parent=there.agency))
    attachment(draft)
    for place in (Place(there.row.pk, 1, "A.I.6.i.a"), Place(draft.pk, 1, PLAIN), Place(10**9, 1, PLAIN)):
        assert is_shut(reverse("reports:portalrb-evidence", args=[signed(place)]))


def test_documents_of_conditions_are_not_behind_any_link():
    there = sent()
    assert is_shut(reverse("reports:portalrb-evidence", args=[signed(Place(there.row.pk, 1, ""))]))


def test_a_copy_that_is_not_what_was_decided_opens_nothing():
    there = sent()
    path = link_of(there)
    damage(Snapshot.objects.get(assessment=there.row, kind="decision"))
    assert is_shut(path)


def test_a_version_that_is_another_than_the_decided_one_is_not_handed_out():
    there = sent()
    path = link_of(there)
    other = stored().blob
    DocumentVersion.objects.filter(document__attachments__criterion__code=PLAIN).update(blob=other)
    assert "Berkas tidak tersedia." in Client().get(path).text
    assert Client().get(f"{path}1/").status_code == 404


@pytest.mark.parametrize("scan", [Blob.Scan.INFECTED, Blob.Scan.PENDING])
def test_what_the_scanner_holds_back_stays_back(scan):
    there = sent()
    path = link_of(there)
    Blob.objects.update(scan=scan)
    assert "ditahan oleh pemindaian virus" in Client().get(path).text
    assert f"{path}1/" not in Client().get(path).text
    response = Client().get(f"{path}1/")
    assert response.status_code == 403
    assert response["Cache-Control"] == "private, no-store"
    assert "Kembali ke daftar penilaian" not in response.text


def test_every_opening_is_logged_without_the_link():
    there = sent()
    path = link_of(there)
    AccessEntry.objects.all().delete()
    Client().get(path, headers={"User-Agent": "Peramban"})
    Client().get(f"{path}1/").getvalue()
    Client().get(f"{path}9/")
    revoke_links(there.row, by=there.admin)
    Client().get(path)
    Client().get(changed(path, len(path) - 3))
    found = AccessEntry.objects.order_by("pk").values_list("what", "status", "assessment", "criterion", "item")
    assert list(found) == [
        ("evidence", 200, there.row.pk, PLAIN, None), ("file", 200, there.row.pk, PLAIN, 1),
        ("file", 404, there.row.pk, PLAIN, 9), ("evidence", 404, there.row.pk, PLAIN, None),
        ("evidence", 404, None, "", None),
    ]  # fmt: skip
    assert AccessEntry.objects.order_by("pk").first().agent == "Peramban"
    assert re.search(r"/bukti-dukung/|\.[A-Za-z0-9_-]{43}", str(list(AccessEntry.objects.values()))) is None


def test_an_address_that_asks_too_often_waits(settings):
    there = sent()
    path = link_of(there)
    settings.PORTALRB_ADDRESS_PER_MINUTE = 1
    response = Client(REMOTE_ADDR="192.0.2.1").get(path)
    assert response.status_code == 200
    response = Client(REMOTE_ADDR="192.0.2.1").get(path)
    assert (response.status_code, "Terlalu banyak permintaan" in response.text) == (429, True)
    assert int(response["Retry-After"]) <= 60
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("count", [1, 5])
def test_a_link_takes_the_same_queries_for_any_number_of_documents(django_assert_num_queries, count):
    there = sent()
    decision = Snapshot.objects.get(assessment=there.row, kind="decision")
    item = next(i for i in decision.data["evidence"] if i["criterion"] == PLAIN)
    decision.data["evidence"] += [item] * (count - 1)
    path = reverse("reports:portalrb-evidence", args=[signed(Place(there.row.pk, 1, PLAIN))])
    resealed(decision)
    Client().get(path)
    # Address counted, the row, the period, the proposed unit, both copies (two), versions, the log.
    with django_assert_num_queries(8):
        assert Client().get(path).text.count("SK Tim Kerja</a></p>") == count


def test_a_member_of_the_unit_needs_no_account_for_it_either(client):
    """A session neither opens nor shuts a link."""
    there = sent()
    client.force_login(member(UnitFactory(), Role.HEAD))
    assert client.get(link_of(there)).status_code == 200
