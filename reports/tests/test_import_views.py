"""The page "Impor LKE": upload, unclear rows, agreeing, conflicts, without JavaScript as everywhere."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from assessment.access import may
from assessment.models import Assessment, Event
from assessment.selectors import stage_result
from assessment.tests.factories import answer, filled, member, opened, person
from assessment.tests.test_access import MATRIX
from evidence.models import Attachment, Document
from evidence.storage.incoming import incoming_dir
from evidence.tests.factories import attachment, document
from reports.importing import services
from reports.importing.models import LkeImport
from reports.importing.previewing import allowed_for
from reports.tests.ministry import best_answers, ministry, worksheet
from reports.tests.routes_importing import IMPORT_READS, IMPORT_WRITES, waiting_import

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

A, B = "A.I.1.i.a", "A.I.1.i.b"
LINK = "https://drive.example.go.id/sk-tim"


@pytest.fixture
def user(assessment):
    return member(assessment.unit)


@pytest.fixture
def signed_in(client, user):
    client.force_login(user)
    return client


def url(name, assessment, pending=None):
    return reverse(f"reports:{name}", args=[2026, assessment.unit.code, *([pending.pk] if pending else [])])


def upload(client, assessment, content, name="LKE.xlsx"):
    return client.post(url("lke-import-upload", assessment), {"berkas": SimpleUploadedFile(name, content)})


def pending_of(client, assessment, lke):
    response = upload(client, assessment, lke.bytes())
    assert response.status_code == 302
    pending = LkeImport.objects.get()
    assert response.url == pending.get_absolute_url()
    return pending


def form_on(page):
    """Return what the page's form would post as it stands."""
    seen = dict(re.findall(r'name="(versi-[^"]+)" value="(\d+)"', page.text))
    wanted = re.findall(r'name="pakai" value="([^"]+)" checked', page.text)
    return {**seen, "pakai": wanted}


def small():
    lke = ministry().fill({A: "ya", B: "b"})
    lke.headings |= {"P": "Nama Dokumen", "Q": "Link"}
    lke[A]["O"], lke[A]["P"], lke[A]["Q"] = "Tim sejak Januari.", "SK Tim", LINK
    return lke


def stored(assessment):
    return {a.criterion.code: a for a in assessment.answers.select_related("criterion", "choice")}


def test_a_workbook_is_looked_at_confirmed_and_written_at_once(signed_in, assessment, user):
    pending = pending_of(signed_in, assessment, small())
    page = signed_in.get(pending.get_absolute_url())
    assert "LKE kementerian, lembar LKE ZI" in page.text
    assert (assessment.answers.count(), Document.objects.count(), Event.objects.count()) == (0, 0, 1)
    done = signed_in.post(url("lke-import-apply", assessment, pending), form_on(page), follow=True)
    assert done.redirect_chain == [(assessment.get_absolute_url(), 302)]
    assert "Impor selesai: 2 kriteria disimpan, 1 tautan dilampirkan." in done.text
    answers = stored(assessment)
    assert [(c, a.choice.key, a.note, a.changed_by) for c, a in answers.items()] == [
        (A, "Y", "Tim sejak Januari.", user), (B, "B", "", user),
    ]  # fmt: skip
    held = Attachment.objects.live().get()
    assert (held.criterion.code, held.document.title, held.document.current.url) == (A, "SK Tim", LINK)
    pending.refresh_from_db()
    assert (pending.state, pending.content, list(incoming_dir().iterdir())) == ("applied", {}, [])


def test_the_scores_before_and_after_come_from_the_engine(signed_in, assessment):
    filled(assessment, share=0.5)
    lke = ministry().fill(best_answers())
    page = signed_in.get(pending_of(signed_in, assessment, lke).get_absolute_url())
    before = {f.label: f for f in page.context["figures"]}
    signed_in.post(url("lke-import-apply", assessment, LkeImport.objects.get()), form_on(page))
    after = stage_result(Assessment.objects.for_page().get())
    assert before["Nilai bila dikirim"].after == f"{float(after.total):.2f}".replace(".", ",")
    assert (before["Kriteria terjawab"].after, after.answered) == ("113", 113)


def test_an_unclear_row_is_given_a_place_and_looked_at_before_it_is_written(signed_in, assessment):
    lke = small()
    lke[B].title = "Data dukung ada di lemari"
    pending = pending_of(signed_in, assessment, lke)
    page = signed_in.get(pending.get_absolute_url())
    row = lke.number(B)
    assert f'<option value="{B}">' in page.text
    data = form_on(page) | {f"baris-{row}": B}
    again = signed_in.post(url("lke-import-apply", assessment, pending), data, follow=True)
    assert "belum ada yang disimpan" in again.text
    assert not assessment.answers.exists()
    shown = form_on(again)
    assert shown["pakai"] == [A, B]
    signed_in.post(url("lke-import-apply", assessment, pending), shown | {f"baris-{row}": B})
    assert set(stored(assessment)) == {A, B}


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("A.I.9", "Tidak ada kriteria"), (A, f"Untuk {A} sudah ada baris"), ("A.II.1.i.a", "dihitung dari jumlahnya"),
        ("\0", ""), ("B.I.a", ""),
    ],
)  # fmt: skip
def test_a_place_that_cannot_be_is_refused_beside_the_row(signed_in, assessment, code, why):
    lke = small()
    lke[B].title = "Data dukung ada di lemari"
    pending = pending_of(signed_in, assessment, lke)
    response = signed_in.post(url("lke-import-choose", assessment, pending), {f"baris-{lke.number(B)}": code})
    assert response.status_code == (422 if why else 302)
    assert why in response.text
    pending.refresh_from_db()
    assert bool(pending.choices) is not bool(why)
    assert not assessment.answers.exists()


def test_two_rows_cannot_have_one_place(signed_in, assessment):
    lke = small()
    lke[A].title, lke[B].title = "Isi lain", "Isi lain lagi"
    pending = pending_of(signed_in, assessment, lke)
    data = {f"baris-{lke.number(A)}": A, f"baris-{lke.number(B)}": A}
    response = signed_in.post(url("lke-import-choose", assessment, pending), data)
    assert response.status_code == 422
    assert f"Dua baris tidak dapat diisikan ke {A}." in response.text


def test_what_changed_since_the_page_was_opened_is_shown_and_not_overwritten(signed_in, assessment):
    pending = pending_of(signed_in, assessment, small())
    seen = form_on(signed_in.get(pending.get_absolute_url()))
    answer(assessment, A, choice="T", note="Belum ada tim.")
    response = signed_in.post(url("lke-import-apply", assessment, pending), seen)
    assert response.status_code == 409
    assert "isi portal berubah sejak Anda membuka halaman ini" in response.text
    assert "Belum ada tim." in response.text
    assert {c: a.choice.key for c, a in stored(assessment).items()} == {A: "T"}
    assert Document.objects.count() == 0
    again = signed_in.post(url("lke-import-apply", assessment, pending), form_on(response))
    assert again.status_code == 302
    assert stored(assessment)[A].choice.key == "Y"


def test_what_is_not_ticked_stays(signed_in, assessment):
    pending = pending_of(signed_in, assessment, small())
    data = form_on(signed_in.get(pending.get_absolute_url())) | {"pakai": [B]}
    signed_in.post(url("lke-import-apply", assessment, pending), data)
    assert set(stored(assessment)) == {B}
    assert Document.objects.count() == 0


@pytest.mark.parametrize("forged", [{}, {"pakai": [A, B]}, {f"versi-{A}": "7", f"versi-{B}": "0", "pakai": [A, B]}])
def test_nothing_is_written_that_the_page_did_not_show(signed_in, assessment, forged):
    pending = pending_of(signed_in, assessment, small())
    response = signed_in.post(url("lke-import-apply", assessment, pending), forged)
    assert response.status_code == 409
    assert not assessment.answers.exists()


def test_a_link_that_is_attached_already_is_not_added_again(signed_in, assessment):
    attachment(assessment, A, document(assessment.unit, title="SK lama", url=LINK))
    other = document(assessment.unit, title="Notulen", url="https://drive.example.go.id/notulen")
    lke = small()
    lke[B]["Q"] = other.current.url
    pending = pending_of(signed_in, assessment, lke)
    signed_in.post(
        url("lke-import-apply", assessment, pending), form_on(signed_in.get(pending.get_absolute_url()))
    )  # fmt: skip
    held = Attachment.objects.live().values_list("criterion__code", "document__title")
    assert (sorted(held), Document.objects.count()) == ([(A, "SK lama"), (B, "Notulen")], 2)


def test_an_address_of_the_portal_itself_is_no_link(signed_in, assessment):
    lke = ministry().fill({A: "Ya"})
    lke.headings["Q"] = "Link"
    lke[A]["Q"] = f"http://testserver{url('lke-import-start', assessment)}"
    page = signed_in.get(pending_of(signed_in, assessment, lke).get_absolute_url())
    assert page.context["writing"][0].rows[-1].what == "Jawaban"


def test_all_or_nothing(signed_in, assessment, monkeypatch):
    pending = pending_of(signed_in, assessment, small())
    data = form_on(signed_in.get(pending.get_absolute_url()))
    monkeypatch.setattr(services, "attach", lambda **_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        signed_in.post(url("lke-import-apply", assessment, pending), data)
    pending.refresh_from_db()
    assert (assessment.answers.count(), Document.objects.count(), pending.state) == (0, 0, "ready")


def test_an_import_that_is_over_says_so(signed_in, assessment):
    pending = pending_of(signed_in, assessment, small())
    data = form_on(signed_in.get(pending.get_absolute_url()))
    signed_in.post(url("lke-import-discard", assessment, pending))
    assert "sudah selesai: dibatalkan" in signed_in.get(pending.get_absolute_url()).text
    for name in ("lke-import-apply", "lke-import-choose", "lke-import-discard"):
        assert signed_in.post(url(name, assessment, pending), data).status_code == 302
    assert not assessment.answers.exists()


def test_an_import_is_written_once(signed_in, assessment, user):
    """The second of two confirmations at the same moment finds it done."""
    pending = pending_of(signed_in, assessment, small())
    about = {"seen": {A: 0, B: 0}, "skipped": (), "allowed": allowed_for(assessment, may(user, assessment)), "by": user}
    assert services.apply_import(pending=pending, **about) == services.Applied(2, 1)
    head = Assessment.objects.get().event_head
    with pytest.raises(ValidationError, match="sudah selesai"):
        services.apply_import(pending=pending, **about)
    with pytest.raises(ValidationError, match="sudah selesai"):
        services.choose(pending=pending, choices={}, skipped=())
    assert Assessment.objects.get().event_head == head


def test_an_import_expires_and_is_emptied(signed_in, assessment):
    old = waiting_import(assessment, expires_at=timezone.now() - timedelta(seconds=1))
    assert "sudah selesai: kedaluwarsa" in signed_in.get(old.get_absolute_url()).text
    signed_in.post(url("lke-import-apply", assessment, old), {f"versi-{A}": "0", "pakai": [A]})
    assert not assessment.answers.exists()
    upload(signed_in, assessment, small().bytes())
    old.refresh_from_db()
    assert (old.state, old.content) == ("discarded", {})


@pytest.mark.parametrize(
    ("content", "why"), [(b"", "kosong"), (b"halo", "bukan buku kerja"), (bytes(11 * 1024 * 1024), "lebih besar dari")]
)
def test_an_unusable_file_is_refused_with_its_reason(signed_in, assessment, content, why):
    response = upload(signed_in, assessment, content)
    assert response.status_code == 422
    assert why in response.text
    assert (LkeImport.objects.count(), list(incoming_dir().iterdir())) == (0, [])


def test_no_file_at_all(signed_in, assessment):
    response = signed_in.post(url("lke-import-upload", assessment), {"lain": "x"})
    assert response.status_code == 422
    assert "Pilih dulu berkas LKE" in response.text


def test_a_member_takes_over_only_their_areas(client, assessment):
    client.force_login(member(assessment.unit, areas=["2"]))
    pending = pending_of(client, assessment, ministry().fill({A: "Ya", "A.I.2.i.a": "A"}))
    page = client.get(pending.get_absolute_url())
    assert "Kriteria ini bukan bagian Anda." in page.text
    forged = form_on(page) | {f"versi-{A}": "0", "pakai": [A, "A.I.2.i.a"]}
    assert client.post(url("lke-import-apply", assessment, pending), forged).status_code == 409
    client.post(url("lke-import-apply", assessment, pending), form_on(page))
    assert set(stored(assessment)) == {"A.I.2.i.a"}


def test_an_assessment_that_closed_meanwhile_is_not_written(signed_in, assessment):
    pending = pending_of(signed_in, assessment, small())
    data = form_on(signed_in.get(pending.get_absolute_url()))
    Assessment.objects.update(state="submitted")
    assert signed_in.post(url("lke-import-apply", assessment, pending), data).status_code == 403
    assert not assessment.answers.exists()


@pytest.mark.parametrize(("role", "state"), MATRIX)
def test_an_import_is_the_matter_of_who_may_answer(client, instrument, role, state):
    assessment = opened(state=state)
    pending = waiting_import(assessment)
    client.force_login(person(assessment, role))
    allowed = MATRIX[role, state].answer
    data = {f"versi-{A}": "0", "pakai": [A]}
    for name in sorted(IMPORT_READS):
        address = url(name.removeprefix("reports:"), assessment, pending if name.endswith("import") else None)
        assert (client.get(address).status_code == 200) is allowed, name
    for name in sorted(IMPORT_WRITES - {"reports:lke-import-discard"}):
        address = url(name.removeprefix("reports:"), assessment, None if "upload" in name else pending)
        assert (client.post(address, data).status_code != 403) is allowed, name
    assert assessment.answers.exists() is allowed


def test_an_import_of_another_unit_is_not_there(signed_in, assessment):
    theirs = waiting_import(opened())
    assert signed_in.get(url("lke-import", assessment, theirs)).status_code == 404
    assert signed_in.post(url("lke-import-apply", assessment, theirs)).status_code == 404


@pytest.mark.parametrize("codes", [[A], list(worksheet().criteria)[:60]])
def test_the_page_asks_the_same_however_much_changes(signed_in, assessment, django_assert_num_queries, codes):
    best = best_answers()
    pending = pending_of(signed_in, assessment, ministry().fill({c: best[c] for c in codes}))
    answer(assessment, A, choice="T")
    attachment(assessment, A, document(assessment.unit, url=LINK))
    signed_in.get(pending.get_absolute_url())
    with django_assert_num_queries(7):
        signed_in.get(pending.get_absolute_url())


def test_the_start_asks_the_same_however_many_wait(signed_in, assessment, django_assert_num_queries):
    for many in (1, 3):
        for _ in range(many):
            waiting_import(assessment)
        with django_assert_num_queries(5):
            assert "LKE.xlsx" in signed_in.get(url("lke-import-start", assessment)).text


def test_the_overview_leads_to_it_for_who_may_answer(client, signed_in, assessment):
    address = url("lke-import-start", assessment)
    assert address in signed_in.get(assessment.get_absolute_url()).text
    client.force_login(person(assessment, Role.OBSERVER))
    assert address not in client.get(assessment.get_absolute_url()).text
