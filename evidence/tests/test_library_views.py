"""The list of a unit's documents: what each person sees of it, finding, adding, and doing something with several."""

import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role
from accounts.tests.factories import MembershipFactory
from assessment.models import Assessment, Event
from assessment.tests.factories import UnitFactory, UserFactory, member, opened, reviewer
from evidence.models import Attachment, Blob, Document, DocumentEvent, Library
from evidence.services.attachments import Link, attach, detach
from evidence.storage.incoming import incoming_dir

from .factories import attachment, document, small_pdf
from .samples import good

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
WRITES = ["add", "bulk"]


def url(name, unit, **query):
    return reverse(f"evidence:{name}", args=[unit.code], query=query or None)


def titles(client, unit, **query):
    """Return the titles in the list, in its order."""
    response = client.get(url("library", unit), query)
    assert response.status_code == 200
    return re.findall(r'<span class="lib-title"><a href="[^"]+">([^<]+)</a>', response.text)


def pdf_file(text="Isi", name="SK Tim 2025.pdf"):
    return SimpleUploadedFile(name, small_pdf(text), content_type="application/x-whatever")


def told(response):
    return [str(message) for message in response.context["messages"]]


def happened():
    return list(DocumentEvent.objects.order_by("pk").values_list("kind", flat=True))


@pytest.fixture
def unit(assessment):
    return assessment.unit


@pytest.fixture
def team(client, unit):
    user = member(unit)
    client.force_login(user)
    return user


@pytest.fixture
def head(client, unit):
    user = member(unit, Role.HEAD)
    client.force_login(user)
    return user


def bulk(client, unit, action, documents, follow=True, **data):
    chosen = {"action": action, "documents": [getattr(d, "pk", d) for d in documents]}
    return client.post(url("bulk", unit), chosen | data, follow=follow)


# Who sees what


def test_the_team_sees_all_documents_and_what_it_can_do_with_them(client, team, assessment, unit):
    document(unit, title="Belum dipakai")
    attachment(assessment, doc=document(unit, title="Terlampir"))
    document(UnitFactory(), title="Milik unit lain")
    assert titles(client, unit) == ["Terlampir", "Belum dipakai"]
    text = client.get(url("library", unit)).text
    for part in ("Tambah dokumen", "Lampirkan ke kriteria", 'name="documents"', "Terpakai"):
        assert part in text
    assert "Jadikan publik" not in text


def test_a_member_of_two_units_sees_each_for_itself(client, head, unit):
    other = UnitFactory()
    MembershipFactory(user=head, unit=other, role=Role.HEAD)
    ours, theirs = document(unit, title="Milik unit ini"), document(other, title="Milik unit lain")
    assert (titles(client, unit), titles(client, other)) == (["Milik unit ini"], ["Milik unit lain"])
    assert bulk(client, unit, "publish", [ours, theirs], follow=False).status_code == 422
    assert not Document.objects.filter(is_public=True).exists()


def test_the_head_may_publish_too(client, head, unit):
    document(unit)
    assert 'value="publish"' in client.get(url("library", unit)).text


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.PRELIM])
def test_a_reader_sees_what_is_attached_and_nothing_to_do(client, assessment, unit, role):
    document(unit, title="Belum dipakai")
    shown = attachment(assessment, doc=document(unit, title="Terlampir"))
    client.force_login(member(unit, role))
    assert titles(client, unit) == ["Terlampir"]
    text = client.get(url("library", unit)).text
    for part in ("Tambah dokumen", 'name="documents"', 'name="action"', "Terpakai", "Belum dipakai"):
        assert part not in text
    detach(assessment=assessment, attachment=shown, by=UserFactory())
    assert titles(client, unit) == []


@pytest.mark.parametrize("role", [Role.MEMBER, Role.HEAD, Role.TPI_LEAD])
def test_a_stranger_finds_nothing(client, unit, role):
    client.force_login(member(UnitFactory(), role))
    for name in ("library", "bulk-attach"):
        assert client.get(url(name, unit)).status_code == 404
    for name in WRITES:
        assert client.post(url(name, unit)).status_code == 404


@pytest.mark.parametrize("role", [Role.PRELIM, Role.OBSERVER, Role.ADMIN])
def test_a_reader_may_not_write(client, unit, role):
    found = document(unit)
    client.force_login(member(unit, role))
    assert client.post(url("add", unit), {"berkas": pdf_file()}).status_code == 403
    assert client.post(url("add", unit), {"url": "https://contoh.go.id"}).status_code == 403
    for action in ("choose", "attach", "publish", "withdraw"):
        assert bulk(client, unit, action, [found], follow=False).status_code == 403
    assert client.get(url("bulk-attach", unit)).status_code == 403
    assert (Document.objects.count(), happened()) == (1, ["added"])
    assert not incoming_dir().exists() or list(incoming_dir().iterdir()) == []


def test_only_the_head_publishes_several(client, team, unit):
    found = document(unit)
    assert bulk(client, unit, "publish", [found], follow=False).status_code == 403
    assert bulk(client, unit, "withdraw", [found], follow=False).status_code == 403
    assert happened() == ["added"]


def queries_for(client, address):
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_the_list_takes_the_same_queries_for_3_and_30_documents(client, team, assessment, unit):
    def add(count):
        found = [document(unit, by=team, url=f"https://contoh.go.id/{uuid4()}") for _ in range(count)]
        links = [Link(code, each) for each in found for code in ("A.I.1.i.a", "A.I.2.i.a")]
        attach(assessment=assessment, links=links, by=team)

    add(3)
    few = queries_for(client, url("library", unit))
    add(27)
    assert Document.objects.count() == 30
    # session, user, unit, membership, assessments, years, count, documents, attachments, used bytes, quota
    assert (few, queries_for(client, url("library", unit))) == (11, 11)
    assert len(titles(client, unit)) == 25
    assert len(titles(client, unit, hal="2")) == 5


# Finding


def test_search_finds_title_number_year_and_file_name(client, team, unit):
    document(unit, title="Notulen", number="800/7", year=2024, name="rapat-awal.pdf")
    document(unit, title="SK Tim Kerja", name="sk.pdf")
    for query, found in (
        ("notulen", ["Notulen"]), ("800/7", ["Notulen"]), ("2024", ["Notulen"]), ("rapat", ["Notulen"]),
        ("tim sk", ["SK Tim Kerja"]), ("tidak ada", []), ("%", []), ("notu\0len", ["Notulen"]),
        ("\0", ["SK Tim Kerja", "Notulen"]),
    ):  # fmt: skip
        assert titles(client, unit, q=query) == found, query


def test_every_filter_narrows_the_list(client, team, assessment, unit):
    older = opened(unit, year=2025)
    first = attachment(assessment, "A.I.1.i.a", document(unit, title="Area 1"))
    attachment(assessment, "A.II.3.i.a", document(unit, title="Area 3", year=2024))
    attachment(assessment, "B.I.a", document(unit, title="Hasil", content=good("png"), name="a.png"))
    attachment(older, "A.I.1.i.a", document(unit, title="Tahun lalu", year=2025))
    document(unit, title="Tak terpakai", url="https://contoh.go.id/a", public=True)
    Attachment.objects.filter(pk=first.pk).update(verdict=Attachment.Verdict.PARTIAL)
    for query, found in (
        ({"area": "1"}, {"Area 1"}),
        ({"area": "3"}, {"Area 3"}),
        ({"area": "hasil"}, {"Hasil"}),
        ({"area": "1", "periode": "2025"}, {"Tahun lalu"}),
        ({"periode": "2025"}, {"Tahun lalu"}),
        ({"periode": "2026"}, {"Area 1", "Area 3", "Hasil"}),
        ({"tahun": "2024"}, {"Area 3"}),
        ({"pakai": "belum"}, {"Tak terpakai"}),
        ({"pakai": "sudah"}, {"Area 1", "Area 3", "Hasil", "Tahun lalu"}),
        ({"publik": "ya"}, {"Tak terpakai"}),
        ({"publik": "tidak", "jenis": "gambar"}, {"Hasil"}),
        ({"jenis": "tautan"}, {"Tak terpakai"}),
        ({"hasil": "partial"}, {"Area 1"}),
        ({"hasil": "partial", "area": "3"}, set()),
        ({"hasil": "unchecked", "periode": "2025"}, {"Tahun lalu"}),
    ):  # fmt: skip
        assert set(titles(client, unit, **query)) == found, query


def test_an_area_without_any_assessment_finds_nothing(client):
    unit = UnitFactory()
    client.force_login(member(unit))
    document(unit)
    assert (titles(client, unit, area="1"), titles(client, unit, hasil="unfit")) == ([], [])


def test_what_is_detached_counts_as_unused(client, team, assessment, unit):
    held = attachment(assessment, doc=document(unit, title="Lepas"))
    detach(assessment=assessment, attachment=held, by=team)
    assert titles(client, unit, pakai="belum") == ["Lepas"]
    assert "A.I.1.i.a" not in client.get(url("library", unit)).text
    assert titles(client, unit, area="1") == []


def test_sorting_and_paging_keep_the_filters(client, team, unit):
    for title in ("b", "C", "a"):
        document(unit, title=title)
    assert titles(client, unit) == ["a", "C", "b"]
    assert titles(client, unit, urut="judul") == ["a", "b", "C"]
    for n in range(26):
        document(unit, title=f"SK {n}")
    text = client.get(url("library", unit), {"q": "sk", "pakai": "belum", "pilih": "semua"}).text
    assert f'href="{url("library", unit)}?q=sk&amp;pakai=belum&amp;hal=2"' in text


@pytest.mark.parametrize("value", ["\0", "9" * 40, "-1", "<script>", "'", "💩", "belum\0"])
def test_odd_parameters_are_harmless(client, team, unit, value):
    document(unit, title="Ada")
    names = ("area", "periode", "tahun", "pakai", "publik", "hasil", "jenis", "urut", "hal", "pilih")
    assert titles(client, unit, **dict.fromkeys(names, value)) == ["Ada"]
    text = client.get(url("library", unit), {"q": value}).text
    assert "<script>" not in text.replace("<script src=", "")


def test_titles_are_shown_as_text(client, team, unit):
    document(unit, title="<script>alert(1)</script>", number='"><b>')
    text = client.get(url("library", unit)).text
    assert "<script>alert" not in text
    assert '"><b>' not in text


def test_room_is_told(client, team, unit):
    document(unit)
    Library.objects.filter(pk=unit.pk).update(quota_mib=2)
    Blob.objects.update(size=1024 * 1024)
    text = client.get(url("library", unit)).text
    assert ("Terpakai <strong>1,0 MB</strong> dari 2,0 MB" in text, 'value="50"' in text) == (True, True)
    assert "tersisa" not in text
    Blob.objects.update(size=2 * 1024 * 1024 - 1024)
    text = client.get(url("library", unit)).text
    assert ("tersisa 1 KB" in text, 'value="99"' in text) == (True, True)


# Adding


def test_files_are_added_without_being_attached(client, team, unit):
    files = [pdf_file("a", "SK Tim 2025.pdf"), SimpleUploadedFile("foto_kegiatan.png", good("png"))]
    response = client.post(url("add", unit), {"berkas": files}, follow=True)
    assert response.redirect_chain == [(url("library", unit), 302)]
    assert told(response) == ["2 dokumen ditambahkan: SK Tim 2025.pdf, foto_kegiatan.png."]
    rows = {d.title: (d.year, d.current.kind, d.created_by) for d in Document.objects.select_related("current")}
    assert rows == {"SK Tim 2025": (2025, "pdf", team), "foto kegiatan": (2026, "png", team)}
    assert (Attachment.objects.count(), happened()) == (0, ["added", "added"])
    assert list(incoming_dir().iterdir()) == []


def test_one_bad_file_does_not_stop_the_others_and_each_is_named(client, team, unit):
    files = [SimpleUploadedFile("jahat.pdf", b"<html>"), pdf_file(name="baik.pdf")]
    response = client.post(url("add", unit), {"berkas": files}, follow=True)
    assert told(response)[0] == "1 dokumen ditambahkan: baik.pdf."
    assert told(response)[1].startswith("jahat.pdf: ")
    assert Document.objects.get().title == "baik"


def test_nothing_but_bad_files_comes_back_with_the_reason(client, team, unit):
    response = client.post(url("add", unit), {"berkas": [SimpleUploadedFile("kosong.pdf", b"")]})
    assert response.status_code == 422
    assert "kosong.pdf: " in response.text
    assert 'aria-invalid="true"' in response.text
    assert client.post(url("add", unit), {}).status_code == 422
    assert (Document.objects.count(), Blob.objects.count()) == (0, 0)


def test_the_same_content_is_not_added_twice(client, team, unit):
    for _ in range(2):
        response = client.post(url("add", unit), {"berkas": [pdf_file(name="sk.pdf")]}, follow=True)
    assert told(response) == ["sk.pdf: isi yang sama sudah ada sebagai “sk”."]
    assert happened() == ["added"]


def test_a_script_gets_the_outcome_and_the_list(client, team, unit):
    response = client.post(url("add", unit), {"berkas": [pdf_file()]}, headers=HTMX)
    assert (response.status_code, response["Vary"]) == (200, "HX-Request, Cookie")
    assert '<p hidden data-outcome="ya">SK Tim 2025.pdf: ditambahkan.</p>' in response.text
    assert '<div id="daftar" data-swap>' in response.text
    assert "<html" not in response.text
    response = client.post(url("add", unit), {"berkas": [SimpleUploadedFile("a.pdf", b"x")]}, headers=HTMX)
    assert response.status_code == 422
    assert '<p hidden data-outcome="tidak">a.pdf: ' in response.text


def test_what_is_over_a_limit_is_refused(client, team, unit, settings):
    settings.EVIDENCE_MAX_FILE = 1000
    response = client.post(url("add", unit), {"berkas": [SimpleUploadedFile("besar.txt", b"x" * 1001)]})
    assert (response.status_code, "lebih besar dari" in response.text) == (422, True)
    settings.EVIDENCE_MAX_FILE, settings.EVIDENCE_UNIT_QUOTA = 10_000, 100
    response = client.post(url("add", unit), {"berkas": [SimpleUploadedFile("kuota.txt", b"teks " * 30)]})
    assert (response.status_code, "Kuota dokumen" in response.text) == (422, True)
    assert Document.objects.count() == 0


def test_too_many_files_are_refused_politely(client, team, unit):
    files = [SimpleUploadedFile(f"{n}.txt", b"teks") for n in range(101)]
    response = client.post(url("add", unit), {"berkas": files})
    assert (response.status_code, "Terlalu banyak berkas" in response.text) == (422, True)
    assert (Document.objects.count(), list(incoming_dir().iterdir())) == (0, [])


def test_a_link_is_added(client, team, unit):
    data = {"url": "https://contoh.go.id/zi", "title": "Laman ZI", "number": "", "dated": "2026-02-01", "year": "2026"}
    response = client.post(url("add", unit), data, follow=True)
    assert told(response) == ["1 dokumen ditambahkan: Laman ZI."]
    found = Document.objects.get()
    assert (found.current.url, found.title, str(found.dated)) == ("https://contoh.go.id/zi", "Laman ZI", "2026-02-01")
    response = client.post(url("add", unit), data | {"url": "javascript:alert(1)", "title": "Ketikan saya"})
    assert response.status_code == 422
    assert 'value="Ketikan saya"' in response.text
    assert Document.objects.count() == 1


def test_a_post_without_the_token_writes_nothing(unit):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(member(unit, Role.HEAD))
    found = document(unit)
    assert strict.post(url("add", unit), {"berkas": [pdf_file()]}).status_code == 403
    assert strict.post(url("add", unit), {"url": "https://contoh.go.id", "year": "2026"}).status_code == 403
    assert bulk(strict, unit, "publish", [found], follow=False).status_code == 403
    assert (happened(), list(incoming_dir().iterdir())) == (["added"], [])


# Several at once


def test_a_page_is_ticked_at_once_without_a_script(client, team, unit):
    document(unit)
    document(unit)
    assert client.get(url("library", unit)).text.count(" checked") == 0
    assert client.get(url("library", unit), {"pilih": "semua"}).text.count(" checked") == 2


def test_publishing_several_tells_how_many_changed(client, head, unit):
    first, second, third = document(unit), document(unit, public=True), document(unit)
    response = bulk(client, unit, "publish", [first, second])
    assert told(response) == ["1 dokumen dijadikan publik; 1 sudah publik sebelumnya."]
    assert set(Document.objects.filter(is_public=True)) == {first, second}
    assert told(bulk(client, unit, "withdraw", [first, second])) == ["2 dokumen ditarik dari publik."]
    assert not Document.objects.filter(is_public=True).exists()
    third.refresh_from_db()
    assert third.revision == 1


@pytest.mark.parametrize("action", ["choose", "attach", "publish", "withdraw"])
def test_ticking_nothing_or_something_foreign_does_nothing(client, head, unit, action):
    ours, theirs = document(unit), document(UnitFactory())
    before = happened()
    for chosen in ([], [ours, theirs], [uuid4()], ["x"], ["\0"]):
        response = bulk(client, unit, action, chosen, follow=False)
        assert response.status_code == 422, chosen
        assert 'role="alert"' in response.text
    assert (happened(), Attachment.objects.count()) == (before, 0)


def test_an_unknown_action_does_nothing(client, head, unit):
    found = document(unit)
    response = bulk(client, unit, "hapus", [found], follow=False)
    assert (response.status_code, "Halaman ini sudah usang" in response.text) == (422, True)
    assert f'value="{found.pk}" aria-label="Pilih {found.title}" checked' in response.text
    assert happened() == ["added"]


def test_ticked_documents_are_attached_to_chosen_criteria(client, team, assessment, unit):
    first, second = document(unit, title="Satu"), document(unit, title="Dua")
    attachment(assessment, "A.I.1.i.a", first)
    response = bulk(client, unit, "choose", [first, second])
    assert response.status_code == 200
    for part in ("Lampirkan 2 dokumen", "Satu", "Dua", 'value="A.I.1.i.a"', 'value="B.II.a"'):
        assert part in response.text
    criteria = ["A.I.1.i.a", "A.I.1.i.b"]
    response = bulk(client, unit, "attach", [first, second], year="2026", criteria=criteria)
    assert told(response) == ["2 dokumen pada 2 kriteria: 3 lampiran dibuat, 1 sudah terlampir sebelumnya."]
    assert Attachment.objects.live().count() == 4
    assert Event.objects.filter(kind="evidence_attached", assessment=assessment).count() == 4


def test_choosing_keeps_to_the_areas_of_the_member(client, assessment, unit):
    client.force_login(member(unit, areas=["2"]))
    found = document(unit)
    text = bulk(client, unit, "choose", [found]).text
    assert 'value="A.I.2.i.a"' in text
    assert 'value="A.I.1.i.a"' not in text
    response = bulk(client, unit, "attach", [found], year="2026", criteria=["A.I.1.i.a"])
    assert response.status_code == 422
    assert "tidak dapat Anda isi" in response.text
    assert Attachment.objects.count() == 0
    bulk(client, unit, "attach", [found], year="2026", criteria=["A.I.2.i.a"])
    assert Attachment.objects.get().criterion.code == "A.I.2.i.a"


def test_the_year_can_be_chosen_among_open_assessments(client, team, assessment, unit):
    opened(unit, year=2025)
    Assessment.objects.filter(pk=opened(unit, year=2024).pk).update(state="submitted")
    found = document(unit)
    text = client.get(url("bulk-attach", unit, documents=[found.pk])).text
    assert 'name="year" value="2026"' in text
    assert "year=2025" in text
    assert "year=2024" not in text
    text = client.get(url("bulk-attach", unit, documents=[found.pk], year="2025")).text
    assert 'name="year" value="2025"' in text
    for odd in ("2024", "x", "\0"):
        assert 'value="2026"' in client.get(url("bulk-attach", unit, documents=[found.pk], year=odd)).text


def test_choosing_no_criterion_comes_back_with_the_rest_kept(client, team, unit, assessment):
    found = document(unit)
    for criteria in ([], ["A.I.1.i.a", "X"]):
        response = bulk(client, unit, "attach", [found], year="2026", criteria=criteria)
        assert response.status_code == 422
        assert f'name="documents" value="{found.pk}"' in response.text
        assert ('value="A.I.1.i.a" checked' in response.text) is bool(criteria)
    assert Attachment.objects.count() == 0


@pytest.mark.parametrize("state", ["submitted", "review", "fulfils"])
def test_nothing_is_attached_while_no_assessment_is_open(client, team, unit, assessment, state):
    found = document(unit)
    Assessment.objects.filter(pk=assessment.pk).update(state=state)
    for data in ({"action": "choose"}, {"action": "attach", "year": "2026", "criteria": ["A.I.1.i.a"]}):
        response = client.post(url("bulk", unit), data | {"documents": [found.pk]}, follow=True)
        assert told(response) == [
            "Tidak ada penilaian yang dapat Anda isi sekarang, jadi dokumen belum dapat dilampirkan."
        ]
    assert Attachment.objects.count() == 0


def test_the_overview_and_the_list_lead_to_each_other(client, team, assessment, unit):
    attachment(assessment, doc=document(unit, title="SK"))
    overview = client.get(reverse("assessment:detail", args=[2026, unit.code])).text
    assert f'href="{url("library", unit)}"' in overview
    assert (
        f'href="{reverse("evidence:criterion", args=[2026, unit.code, "A.I.1.i.a"])}"'
        in client.get(url("library", unit)).text
    )


def test_nobody_is_led_to_a_list_that_they_may_not_open(client, unit, assessment):
    shown = attachment(assessment).document
    pages = [
        assessment.get_absolute_url(), reverse("evidence:criterion", args=[2026, unit.code, "A.I.1.i.a"]),
        shown.get_absolute_url(),
    ]  # fmt: skip
    for user, is_led in ((reviewer(assessment), False), (member(unit), True), (member(unit, Role.OBSERVER), True)):
        client.force_login(user)
        for page in pages:
            assert (f'href="{url("library", unit)}"' in client.get(page).text) is is_led, page
        assert client.get(url("library", unit)).status_code == (200 if is_led else 404)
