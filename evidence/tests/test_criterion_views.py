"""The evidence of a criterion through its views: both ways of each, refusals, conflicts, rights, query counts."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from assessment import selectors
from assessment.access import Opening
from assessment.models import Event
from assessment.tests.factories import answer, filled, member, opened, person
from evidence import storage
from evidence.forms.criterion import ChangeForm
from evidence.models import Attachment, Blob, Document
from evidence.services.attachments import detach, pin_versions
from evidence.services.documents import Content, Description, Stale, describe, replace_content
from evidence.storage.incoming import incoming_dir

from .factories import attachment, document, stored
from .samples import GOOD, good, hostile

pytestmark = pytest.mark.django_db

CODE = "A.I.1.i.a"
HTMX = {"HX-Request": "true"}
BOTH = pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])


def url(name, assessment, *args, code=CODE):
    return reverse(f"evidence:{name}", args=[2026, assessment.unit.code, code, *args])


@pytest.fixture
def user(client, assessment):
    found = member(assessment.unit)
    client.force_login(found)
    return found


def text(name="notulen.txt", content=b"Notulen rapat pembentukan tim."):
    return SimpleUploadedFile(name, content)


def post_files(client, assessment, *files, headers=None, **fields):
    return client.post(url("upload", assessment), {**fields, "berkas": files}, headers=headers or {})


def told(response):
    """Return the messages of the page that a redirect leads to."""
    return [str(message) for message in response.wsgi_request._messages]


def titles(assessment):
    return sorted(a.document.title for a in assessment.attachments.live().select_related("document"))


def changed(row, **fields):
    """Return what the form of an attachment posts, with some fields typed over."""
    document = row.document
    values = {"title": document.title, "number": document.number, "dated": "", "year": str(document.year)}
    return values | {"expected": "0", "page_ref": "", "seen": f"{row.revision}-{document.revision}"} | fields


# Uploading


def test_files_become_documents_of_the_unit_and_are_attached(client, assessment, user):
    response = post_files(
        client, assessment, text("SK_Tim_Kerja-2025.txt"), text("daftar hadir.txt", b"Hadir: 12 orang")
    )
    made = assessment.attachments.live().order_by("document__title")
    assert response.url == f"{url('criterion', assessment)}?{response.url.partition('?')[2]}"
    assert told(response) == ["2 bukti terlampir: SK_Tim_Kerja-2025.txt, daftar hadir.txt."]
    assert [(a.document.title, a.document.year, a.attached_by) for a in made] == [
        ("SK Tim Kerja 2025", 2025, user), ("daftar hadir", 2026, user),
    ]  # fmt: skip
    page = client.get(response.url).text
    assert page.count("ev-tag-new") == 2
    assert list(incoming_dir().iterdir()) == []


def test_an_upload_from_a_card_answers_with_the_cards_evidence(client, assessment, user):
    response = post_files(client, assessment, text(), headers=HTMX, kartu="1")
    assert response.status_code == 200
    assert '<p data-outcome="ya">notulen.txt: terlampir.</p>' in response.text
    assert 'id="evs-A-I-1-i-a"' in response.text
    assert "<html" not in response.text
    assert "notulen</a>" in response.text


def test_an_upload_from_the_page_answers_with_its_main_part(client, assessment, user):
    response = post_files(client, assessment, text(), headers=HTMX)
    assert response.status_code == 200
    assert 'data-outcome="ya"' in response.text
    assert 'id="ev-body"' in response.text
    assert "<html" not in response.text


def test_a_refused_file_does_not_stop_the_others(client, assessment, user):
    response = post_files(client, assessment, text(), text("alat.exe", b"MZ" + b"\0" * 200))
    assert titles(assessment) == ["notulen"]
    first, second = told(response)
    assert first == "1 bukti terlampir: notulen.txt."
    assert second.startswith("alat.exe: ")
    assert Blob.objects.count() == 1


@BOTH
def test_where_nothing_was_attached_the_reason_stands_beside_the_field(client, assessment, user, headers):
    response = post_files(client, assessment, text("surat.pdf", b"bukan PDF"), headers=headers)
    assert response.status_code == 422
    assert "surat.pdf: " in response.text
    assert not Document.objects.exists()
    assert not Blob.objects.exists()
    assert list(incoming_dir().iterdir()) == []


@BOTH
def test_an_upload_without_a_file_asks_for_one(client, assessment, user, headers):
    response = client.post(url("upload", assessment), {}, headers=headers)
    assert response.status_code == 422
    assert "Pilih dulu berkas yang akan diunggah." in response.text


def test_a_file_over_the_limit_is_refused_and_the_next_one_is_taken(client, assessment, user, settings):
    settings.EVIDENCE_MAX_FILE = 1024 * 1024
    response = post_files(client, assessment, text("besar.txt", b"x" * (1024 * 1024 + 1)), text())
    assert titles(assessment) == ["notulen"]
    assert told(response)[1] == (
        "besar.txt: Berkas ini lebih besar dari 1 MiB. Perkecil, misalnya dengan memampatkan gambar di dalamnya."
    )


def test_a_full_library_refuses(client, assessment, user, settings):
    settings.EVIDENCE_UNIT_QUOTA = 10
    response = post_files(client, assessment, text())
    assert response.status_code == 422
    assert "Kuota dokumen unit ini tidak cukup" in response.text
    assert list(incoming_dir().iterdir()) == []


def test_the_same_content_is_attached_from_where_it_is_and_says_so(client, assessment, user):
    known = document(assessment.unit, user, title="Notulen lama", content=b"Isi sama.", name="lama.txt")
    attachment(assessment, "A.I.1.i.b", known)
    response = post_files(client, assessment, text("baru.txt", b"Isi sama."))
    assert told(response) == ["baru.txt: isi yang sama sudah ada sebagai “Notulen lama”; dilampirkan dari sana."]
    assert Document.objects.get() == known
    again = post_files(client, assessment, text("lagi.txt", b"Isi sama."))
    assert told(again)[-1] == "lagi.txt: isi yang sama sudah terlampir di kriteria ini sebagai “Notulen lama”."
    assert assessment.attachments.live().count() == 2


HOSTILE = hostile()


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_hostile_file_is_refused_with_a_reason_and_leaves_nothing(client, assessment, user, name):
    file_name, content, _ = HOSTILE[name]
    response = post_files(client, assessment, text(file_name, content))
    assert response.status_code == 422
    refusal = response.text.partition('id="unggah-masalah"')[2].partition("</form>")[0]
    assert re.search(r"</svg>\s*[^<]+: [A-Z][^<]{10,}", refusal)
    assert not Blob.objects.exists()
    assert not Document.objects.exists()
    assert list(incoming_dir().iterdir()) == []


@pytest.mark.parametrize("kind", sorted(GOOD))
def test_a_good_file_of_each_kind_is_taken_and_shown(client, assessment, user, kind):
    response = post_files(client, assessment, text(f"contoh.{kind}", good(kind)))
    row = assessment.attachments.live().select_related("document__current").get()
    assert row.document.current.kind == kind
    assert client.get(f"{response.url}&lihat={row.pk}").status_code == 200


def test_more_files_than_a_request_may_carry_are_refused_in_words(client, assessment, user, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 2
    response = post_files(client, assessment, *(text(f"{n}.txt", b"isi %d" % n) for n in range(3)))
    assert response.status_code == 422
    assert "Terlalu banyak berkas sekaligus." in response.text
    assert list(incoming_dir().iterdir()) == []


def test_a_body_that_breaks_off_attaches_only_what_is_whole(client, assessment, user):
    files = [text("utuh.txt"), text("putus.txt", b"terpotong " * 50)]
    body = encode_multipart(BOUNDARY, {"berkas": files})[:-200]
    client.generic("POST", url("upload", assessment), body, content_type=MULTIPART_CONTENT)
    assert titles(assessment) == ["utuh"]
    assert Blob.objects.count() == 1
    assert list(incoming_dir().iterdir()) == []


def test_an_upload_without_the_token_is_refused_before_anything_is_kept(assessment):
    client = Client(enforce_csrf_checks=True)
    client.force_login(member(assessment.unit))
    assert post_files(client, assessment, text()).status_code == 403
    assert not Blob.objects.exists()
    assert list(incoming_dir().iterdir()) == []
    token = client.get(url("criterion", assessment)).cookies["csrftoken"].value
    assert post_files(client, assessment, text(), headers=HTMX | {"X-CSRFToken": token}).status_code == 200
    assert post_files(client, assessment, text("lain.txt", b"lain"), csrfmiddlewaretoken=token).status_code == 302
    assert titles(assessment) == ["lain", "notulen"]


@pytest.mark.parametrize(
    "name",
    ['a"b.txt', "\u202etxt.exe.txt", "x" * 296 + ".txt", "../../etc/passwd.txt", "ñ\u200bé.txt"],
)
def test_odd_names_are_cleaned_and_shown(client, assessment, user, name):
    response = post_files(client, assessment, text(name))
    version = Document.objects.get().current
    assert response.status_code == 302
    assert len(version.file_name) <= 150
    assert not re.search(r'[/\\"\r\n\u202e\u200b]', version.file_name)
    assert client.get(response.url).status_code == 200


def test_a_name_with_a_line_break_is_one_line(client, assessment, user):
    body = encode_multipart(BOUNDARY, {"berkas": text("a.txt")})
    body = body.replace(b'filename="a.txt"', b"filename*=UTF-8''baris%0D%0Abaru.txt")
    client.generic("POST", url("upload", assessment), body, content_type=MULTIPART_CONTENT)
    assert Document.objects.get().current.file_name == "barisbaru.txt"


# Links


LINK = {
    "url": "https://drive.contoh.go.id/berkas?id=1",
    "title": "",
    "number": "800/12",
    "dated": "2026-02-03",
    "year": "2026",
}


@BOTH
def test_a_link_is_attached(client, assessment, user, headers):
    response = client.post(url("link", assessment), LINK, headers=headers)
    row = assessment.attachments.live().get()
    assert response.status_code == (200 if headers else 302)
    assert (row.document.title, row.document.number, str(row.document.dated)) == (
        "drive.contoh.go.id/berkas?id=1", "800/12", "2026-02-03",
    )  # fmt: skip
    assert row.document.current.url == LINK["url"]
    page = response.text if headers else client.get(response.url).text
    assert 'rel="noopener noreferrer"' in page
    assert "1 bukti terlampir" in page


@BOTH
@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("url", "javascript:alert(1)", ""),
        ("url", "", "Isi alamat tautan."),
        ("year", "26", "Isi dengan tahun empat angka"),
        ("dated", "kemarin", "Isi dengan tanggal"),
        ("dated", "0001-01-01", "Isi dengan tanggal"),
        ("number", "9" * 101, "Paling panjang 100 karakter."),
        ("title", "a\0b", "Ada karakter terlarang."),
    ],
)
def test_a_wrong_link_comes_back_as_typed(client, assessment, user, headers, field, value, said):
    response = client.post(url("link", assessment), LINK | {field: value}, headers=headers)
    assert response.status_code == 422
    assert said in response.text
    assert response.text.count('class="field-error"') == 1
    assert 'value="800/12"' in response.text or field == "number"
    assert not Document.objects.exists()


# Picking


@BOTH
def test_documents_of_the_unit_are_picked(client, assessment, user, headers):
    first, second = document(assessment.unit, title="Satu"), document(assessment.unit, title="Dua")
    data = {"documents": [str(first.pk), str(second.pk)]}
    response = client.post(url("pick", assessment), data, headers=headers)
    assert response.status_code == (200 if headers else 302)
    assert titles(assessment) == ["Dua", "Satu"]
    page = response.text if headers else client.get(response.url).text
    assert "2 dokumen terlampir." in page


@BOTH
@pytest.mark.parametrize("what", ["nothing", "theirs", "attached", "nonsense"])
def test_what_cannot_be_picked_is_refused(client, assessment, user, headers, what):
    chosen = {
        "nothing": list,
        "theirs": lambda: [document(opened().unit).pk],
        "attached": lambda: [attachment(assessment).document.pk],
        "nonsense": lambda: ["x"],
    }[what]()
    document(assessment.unit, title="Yang dapat dipilih")
    before = assessment.attachments.count()
    response = client.post(url("pick", assessment), {"documents": chosen}, headers=headers)
    assert response.status_code == 422
    assert 'class="field-error"' in response.text
    assert assessment.attachments.count() == before


def test_documents_are_found_by_title_number_and_year(client, assessment, user):
    document(assessment.unit, title="SK Tim", number="188/7")
    document(assessment.unit, title="Notulen", year=2024, name="notulen.pdf")
    document(opened().unit, title="SK Tim lain")
    for query, found in (("", 2), ("sk", 1), ("188/7", 1), ("2024", 1), ("%", 0), ("\0zz", 0)):
        page = client.get(url("criterion", assessment), {"cari": query}).text
        assert page.count('name="documents"') == found, query


def test_picking_is_paged(client, assessment, user):
    for number in range(12):
        document(assessment.unit, title=f"Dokumen {number}", url=f"https://contoh.go.id/{number}")
    first = client.get(url("criterion", assessment)).text
    second = client.get(url("criterion", assessment), {"hal": "2"}).text
    assert (first.count('name="documents"'), second.count('name="documents"')) == (10, 2)


# Describing


def seen_in(response):
    """Return the revisions that the forms of the page would post."""
    return re.findall(r'<input type="hidden" name="seen" value="([^"]*)">', response.text)


@BOTH
def test_document_and_attachment_are_described_together(client, assessment, user, headers):
    row = attachment(assessment)
    data = changed(
        row, title="SK  Tim\tKerja", number="188/9", dated="31/12/2025", year="2025", expected="2", page_ref="3–5"
    )
    response = client.post(url("change", assessment, row.pk), data, headers=headers)
    assert response.status_code == (200 if headers else 302)
    stored_row = Attachment.objects.with_place().select_related("document").get(pk=row.pk)
    about = stored_row.document
    assert (about.title, about.number, str(about.dated), about.year) == ("SK Tim Kerja", "188/9", "2025-12-31", 2025)
    assert (stored_row.expected_place, stored_row.page_ref) == (2, "3–5")
    page = response.text if headers else client.get(response.url).text
    assert "tahun berbeda (2025)" in page
    kinds = Event.objects.values_list("kind", flat=True)
    assert list(kinds).count("evidence_changed") == 1


@BOTH
@pytest.mark.parametrize(
    ("field", "value"),
    [("title", " "), ("year", "1999"), ("expected", "9"), ("expected", "x"), ("seen", ""), ("page_ref", "9" * 61)],
)
def test_a_wrong_description_changes_nothing(client, assessment, user, headers, field, value):
    row = attachment(assessment)
    data = changed(row, title="Judul lain") | {field: value}
    Document.objects.update(revision=5)  # somebody else's change, which the refused form has not seen
    response = client.post(url("change", assessment, row.pk), data, headers=headers)
    assert response.status_code == 422
    assert seen_in(response) == [data["seen"]]
    assert response.text.count('class="field-error"') == 1
    assert titles(assessment) == ["SK Tim Kerja"]


@BOTH
@pytest.mark.parametrize("what", ["document", "attachment"])
def test_a_stale_description_shows_both_and_saving_again_does_not_win(client, assessment, user, headers, what):
    row = attachment(assessment)
    data = changed(row, title="Judul saya", page_ref="7")
    if what == "document":
        describe(document=row.document, description=Description("Judul rekan", "", None, 2026), revision=1, by=user)
    else:
        client.post(url("change", assessment, row.pk), changed(row, page_ref="2"))
    for _ in range(2):
        response = client.post(url("change", assessment, row.pk), data, headers=headers)
        assert response.status_code == 409
        assert "baru saja diubah orang lain" in response.text
        assert 'value="Judul saya"' in response.text
        assert ("Judul rekan" if what == "document" else "halaman 2") in response.text
        assert "Judul saya" not in titles(assessment)
        assert seen_in(response) == [data["seen"]]
    seen = re.search(r'name="seen" value="([0-9-]+)">Pakai isian saya', response.text)
    assert seen
    done = client.post(
        url("change", assessment, row.pk), data | {"seen": [data["seen"], seen.group(1)]}, headers=headers
    )
    assert done.status_code == (200 if headers else 302)
    assert titles(assessment) == ["Judul saya"]


def test_a_stale_half_writes_neither(client, assessment, user):
    row = attachment(assessment)
    client.post(url("change", assessment, row.pk), changed(row, page_ref="2"))
    assert client.post(url("change", assessment, row.pk), changed(row, title="Lain", page_ref="3")).status_code == 409
    assert titles(assessment) == ["SK Tim Kerja"]


@BOTH
def test_describing_what_somebody_detaches_at_that_moment_says_so(client, assessment, user, headers, monkeypatch):
    row = attachment(assessment)

    def overtaken(**kwargs):
        detach(assessment=assessment, attachment=row, by=user)
        raise Stale

    monkeypatch.setattr("evidence.services.together.change_evidence", overtaken)
    response = client.post(url("change", assessment, row.pk), changed(row, title="Lain"), headers=headers)
    assert response.status_code == 409
    assert "baru saja dilepas orang lain" in response.text


# Detaching


@BOTH
def test_detaching_keeps_the_document(client, assessment, user, headers):
    row = attachment(assessment)
    response = client.post(url("detach", assessment, row.pk), headers=headers)
    assert response.status_code == (200 if headers else 302)
    assert titles(assessment) == []
    assert Document.objects.get() == row.document
    page = response.text if headers else client.get(response.url).text
    assert "dilepas dari kriteria ini" in page
    assert client.post(url("detach", assessment, row.pk), headers=headers).status_code == 404


def test_an_attachment_is_reached_only_through_its_own_criterion(client, assessment, user):
    row = attachment(assessment)
    other = opened()
    for address in (url("detach", assessment, row.pk, code="A.I.1.i.b"), url("detach", other, row.pk)):
        assert client.post(address).status_code == 404
    assert titles(assessment) == ["SK Tim Kerja"]


# Rights


def writes(assessment, row):
    return {
        "upload": (url("upload", assessment), {"berkas": text()}),
        "link": (url("link", assessment), LINK),
        "pick": (url("pick", assessment), {"documents": [str(document(assessment.unit).pk)]}),
        "change": (url("change", assessment, row.pk), changed(row, title="Lain")),
        "detach": (url("detach", assessment, row.pk), {}),
    }


@pytest.mark.parametrize("name", ["upload", "link", "pick", "change", "detach"])
@pytest.mark.parametrize("why", ["reader", "area", "closed", "state"])
def test_who_may_not_answer_changes_nothing(client, assessment, name, why):
    row = attachment(assessment)
    team = member(assessment.unit, Role.MEMBER, areas=["2"] if why == "area" else [])
    client.force_login(person(assessment, Role.TPI_MEMBER) if why == "reader" else team)
    if why == "closed":
        assessment.period.unit_closes = timezone.now() - timedelta(days=1)
        assessment.period.save()
    if why == "state":
        type(assessment).objects.update(state="submitted")
    address, data = writes(assessment, row)[name]
    assert client.post(address, data).status_code == 403
    assert titles(assessment) == ["SK Tim Kerja"]
    assert list(incoming_dir().iterdir()) == []


@pytest.mark.parametrize("name", ["upload", "link", "pick", "change", "detach"])
@BOTH
def test_an_assessment_that_closes_meanwhile_refuses_in_words(client, assessment, user, headers, name, monkeypatch):
    row = attachment(assessment)
    address, data = writes(assessment, row)[name]
    monkeypatch.setattr("evidence.services.attachments.access.opening_for_unit", _open_once())
    response = client.post(address, data, headers=headers)
    page = response.text if response.status_code == 422 else client.get(response.url).text
    assert "tidak sedang dibuka untuk pengisian" in page
    assert titles(assessment) == ["SK Tim Kerja"]


def _open_once():
    """Return a check that holds when the view asks, and no longer when the service does."""
    answers = iter([Opening()])
    return lambda assessment: next(answers, None)


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.TPI_MEMBER])
def test_readers_see_all_and_no_forms(client, assessment, role):
    row = attachment(assessment, page_ref="3")
    client.force_login(person(assessment, role))
    page = client.get(url("criterion", assessment), {"lihat": str(row.pk)}).text
    assert "SK Tim Kerja" in page
    assert "halaman 3" in page
    assert 'method="post"' not in page.partition('id="isi"')[2]
    assert "Anda hanya dapat melihat bukti ini." in page


def test_a_member_of_another_area_is_told_why(client, assessment):
    client.force_login(member(assessment.unit, areas=["2"]))
    page = client.get(url("criterion", assessment)).text
    assert "Area ini bukan bagian Anda" in page
    assert "Tambah bukti" not in page


# The page


def test_the_page_shows_answer_checklist_and_facts(client, assessment, user):
    answer(assessment, "A.I.1.i.b", choice="B", note="Sudah\nlengkap <b>")
    row = attachment(assessment, "A.I.1.i.b", document(assessment.unit, user, number="188/1", public=True), expected=1)
    page = client.get(url("criterion", assessment, code="A.I.1.i.b")).text
    assert "<strong>B</strong>" in page
    assert "Sudah<br>lengkap &lt;b&gt;" in page
    assert "1 dari" in page
    assert page.count('class="is-found"') == 1
    assert "No. 188/1" in page
    assert '<span class="tag">publik</span>' in page
    assert '<span class="tag">belum dipindai</span>' in page
    assert f'id="b-{row.pk}"' in page


def test_pins_show_what_was_submitted_and_that_there_is_a_newer_version(client, assessment, user):
    row = attachment(assessment)
    pin_versions(assessment=assessment, at=timezone.now())
    replace_content(document=row.document, content=Content(stored()), seen=1, by=user)
    page = client.get(url("criterion", assessment)).text
    assert "Saat diajukan" in page
    assert "Versi 1</a>" in page
    assert "sudah ada versi lebih baru" in page


def test_a_get_answers_both_ways_and_says_so(client, assessment, user):
    whole = client.get(url("criterion", assessment))
    part = client.get(url("criterion", assessment), headers=HTMX)
    assert "HX-Request" in whole["Vary"]
    assert "HX-Request" in part["Vary"]
    assert ("<html" in whole.text, "<html" in part.text) == (True, False)


@pytest.mark.parametrize(
    "query", ["lihat=x", "lihat=%00", "halaman=-1", "halaman=9999999", "hal=x", "baru=%00,x", "cari=%00"]
)
def test_odd_addresses_show_the_plain_page(client, assessment, user, query):
    attachment(assessment)
    response = client.get(f"{url('criterion', assessment)}?{query}")
    assert response.status_code == 200
    assert "data-preview" not in response.text


def test_an_unknown_criterion_is_not_found(client, assessment, user):
    assert client.get(url("criterion", assessment, code="A.I.1")).status_code == 404
    assert client.get(url("criterion", assessment, code="Z.9")).status_code == 404


# Preview


def preview(client, assessment, row, **query):
    page = client.get(url("criterion", assessment), {"lihat": str(row.pk), **query}).text
    return page.partition("data-preview")[2].partition("</section>")[0]


def pdf_of(assessment, user, pages, **fields):
    row = attachment(assessment, CODE, document(assessment.unit, user), **fields)
    Blob.objects.update(pages=pages)
    return row


@pytest.mark.parametrize(
    ("reference", "asked", "shown"),
    [("", "", 1), ("hlm. 3–5", "", 3), ("3", "4", 4), ("99", "", 1), ("lampiran", "7", 1)],
)
def test_a_pdf_shows_the_page_asked_for_or_the_one_referred_to(client, assessment, user, reference, asked, shown):
    row = pdf_of(assessment, user, 5, page_ref=reference)
    drawn = preview(client, assessment, row, halaman=asked)
    version = row.document.current
    address = reverse("evidence:page-image", args=[assessment.unit.code, row.document.pk, version.number, shown])
    assert f'src="{address}"' in drawn
    assert f'alt="Halaman {shown} dari 5' in drawn
    assert (f"halaman={shown - 1}#" in drawn) is (shown > 1)
    assert (f"halaman={shown + 1}#" in drawn) is (shown < 5)


def test_a_text_is_shown_escaped_and_cut(client, assessment, user):
    content = "kolom;<b>isi</b>;é\n".encode() * 20_000
    row = attachment(assessment, CODE, document(assessment.unit, user, content=content, name="data.csv"))
    drawn = preview(client, assessment, row)
    assert "&lt;b&gt;isi&lt;/b&gt;;é" in drawn
    assert "<b>isi" not in drawn
    assert "Hanya bagian awal" in drawn
    assert len(drawn) < 500_000


def test_a_text_whose_file_is_gone_says_so(client, assessment, user):
    row = attachment(assessment, CODE, document(assessment.unit, user, content=b"Isi.", name="isi.txt"))
    blob = row.document.current.blob
    path = storage.name_of(blob.sha256)
    from django.core.files.storage import storages

    storages["evidence"].delete(path)
    assert "tidak ditemukan di penyimpanan" in preview(client, assessment, row)


def test_a_link_shows_its_host_and_opens_apart(client, assessment, user):
    row = attachment(assessment, CODE, document(assessment.unit, user, url="https://drive.contoh.go.id/a"))
    drawn = preview(client, assessment, row)
    assert "<strong>drive.contoh.go.id</strong>" in drawn
    assert 'target="_blank" rel="noopener noreferrer"' in drawn


@pytest.mark.parametrize(
    ("name", "mark"), [("a.png", "<img"), ("a.mp4", "<video"), ("a.xlsx", "tidak dapat ditampilkan di sini")]
)
def test_each_kind_has_its_preview(client, assessment, user, name, mark):
    row = attachment(assessment, CODE, document(assessment.unit, user, name=name))
    assert mark in preview(client, assessment, row)


def test_what_is_held_back_is_not_shown(client, assessment, user, settings):
    row = attachment(assessment)
    Blob.objects.update(scan="pending")
    page = client.get(url("criterion", assessment), {"lihat": str(row.pk)}).text
    assert "belum dapat dibuka: menunggu pemindaian virus" in page
    assert "/berkas/" not in page
    assert "/halaman/" not in page


def test_the_documents_before_and_after_are_linked(client, assessment, user):
    rows = [attachment(assessment) for _ in range(3)]
    drawn = preview(client, assessment, rows[1])
    assert "Dokumen 2 dari 3" in drawn
    links = re.findall(r'<a[^>]+href="[^"]*lihat=([0-9a-f-]+)#[^>]+data-key="(.)"', drawn)
    assert links == [(str(rows[0].pk), "["), (str(rows[2].pk), "]")]


# The worksheet and the overview


def test_the_card_shows_what_is_there_and_what_is_missing(client, assessment, user):
    attachment(assessment, CODE, document(assessment.unit, user, title="SK 2024", year=2024), expected=1, page_ref="2")
    attachment(assessment, CODE, document(assessment.unit, user, title="Foto rapat"), expected=0)
    page = client.get(reverse("assessment:page", args=[2026, assessment.unit.code, "A.I.1"])).text
    card = page.partition('id="evs-A-I-1-i-a"')[2].partition("</article>")[0]
    assert "1 dari 3 dokumen yang diharapkan" in card
    assert card.count('class="is-missing"') == 2
    assert "tahun berbeda (2024)" in card
    assert "hlm. 2" in card
    assert "Bukti lain" in card
    assert "Foto rapat" in card
    assert "data-upload" in card


def test_saving_an_answer_does_not_draw_the_evidence(client, assessment, user):
    data = {f"{CODE}-version": "0", f"{CODE}-choice": "Y"}
    response = client.post(
        reverse("assessment:answer-save", args=[2026, assessment.unit.code, CODE]), data, headers=HTMX
    )
    assert response.status_code == 200
    assert "evs-" not in response.text


def test_the_overview_counts_coverage_and_names_answers_without_evidence(client, assessment, user, worksheet):
    answer(assessment, CODE, choice="Y")
    answer(assessment, "A.I.1.i.b", choice="A")
    worst = worksheet.criteria["A.I.1.ii.a"].choices[-1]
    answer(assessment, "A.I.1.ii.a", choice=worst.key)
    attachment(assessment, "A.I.1.i.b", expected=1)
    page = client.get(reverse("assessment:detail", args=[2026, assessment.unit.code])).text
    box = page.partition('id="evidence-title"')[2]
    assert "1 dari 113 kriteria sudah punya bukti. 1 dari 476 dokumen yang diharapkan sudah terlampir." in box
    assert "Sebelum diajukan, lengkapi 1 jawaban ini" in box
    unproved = box.partition('id="unproved-title"')[2]
    assert re.findall(r"/bukti/([A-Z][^/\"]+)/", unproved) == [CODE]


# Queries


def many(assessment, user, count, codes=(CODE,)):
    for _ in range(count):
        for code in codes:
            attachment(assessment, code, document(assessment.unit, user), user)
    for number in range(count):
        document(assessment.unit, user, url=f"https://contoh.go.id/{number}")
    pin_versions(assessment=assessment, at=timezone.now())


@pytest.mark.parametrize("count", [1, 4])
def test_the_page_takes_the_same_queries_for_any_number_of_documents(
    client, assessment, user, django_assert_num_queries, count
):
    many(assessment, user, count)
    row = assessment.attachments.first()
    # session, user, assessment, memberships, attachments, pins, answer, count and rows of the documents to pick
    with django_assert_num_queries(9):
        client.get(url("criterion", assessment), {"lihat": str(row.pk)})


@pytest.mark.parametrize("count", [1, 4])
def test_the_worksheet_takes_two_queries_for_evidence(client, assessment, user, django_assert_num_queries, count):
    many(assessment, user, count, codes=(CODE, "A.I.1.i.b", "A.I.1.ii.a"))
    address = reverse("assessment:page", args=[2026, assessment.unit.code, "A.I.1"])
    # session, user, assessment, memberships, answers, attachments, pins, planning (three)
    with django_assert_num_queries(10):
        assert client.get(address).text.count("ev-one") == 3 * count


@pytest.mark.parametrize("count", [1, 4])
def test_the_overview_takes_two_queries_for_evidence(client, assessment, user, django_assert_num_queries, count):
    many(assessment, user, count, codes=(CODE, "A.I.1.i.b"))
    filled(assessment, share=0.25 * count)
    address = reverse("assessment:detail", args=[2026, assessment.unit.code])
    # session, user, assessment, memberships, scorecard, answers, attachments, planning (three)
    with django_assert_num_queries(10):
        client.get(address)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("hlm. 3–5", "3–5"),
        ("Halaman 7", "7"),
        ("hal: 2", "2"),
        ("12", "12"),
        ("Lampiran II", "Lampiran II"),
        ("hal", "hal"),
    ],
)
def test_the_word_for_page_is_not_kept_twice(assessment, user, typed, kept):
    row = attachment(assessment, CODE, document(assessment.unit, user))
    criterion = selectors.worksheet_of(assessment.period.instrument).criteria[CODE]
    form = ChangeForm(criterion, {"title": "SK", "year": "2026", "expected": "0", "seen": "1-1", "page_ref": typed})
    assert form.is_valid(), form.errors
    assert (form.change.page_ref, row.page_ref) == (kept, "")


def test_the_history_tells_of_evidence_and_only_what_there_is_to_tell(client, assessment, user):
    attachment(assessment, CODE, document(assessment.unit, user, title="SK Tim"), expected=0)
    page = client.get(reverse("assessment:history", args=[2026, assessment.unit.code])).text
    event = page.partition("Bukti dukung dilampirkan")[2].partition("</li>")[0]
    assert "SK Tim" in event
    assert "Halaman" not in event
