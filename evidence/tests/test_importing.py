"""Imports: a ZIP or folder is received safely, placed by its folders, and attached only when a person agrees."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from assessment.models import Assessment, Period
from assessment.selectors import worksheet_of
from assessment.tests.factories import UnitFactory, member, opened, person
from evidence.layout import folder_of
from evidence.models import Attachment, Blob, Document, ImportBatch, ImportItem
from evidence.services import importing
from evidence.services.exports import stream_of
from evidence.storage.incoming import incoming_dir
from evidence.tests.factories import attachment, document, written

from .samples import hostile

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(assessment):
    return member(assessment.unit)


def text(name):
    return f"Isi berkas {name}.\n".encode()


def zipped(files):
    """Return a ZIP of {path: content}."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for path, content in files.items():
            target.writestr(path, content)
    return out.getvalue()


def url(route, assessment, batch=None):
    return reverse(f"evidence:{route}", args=[2026, assessment.unit.code, *([batch.pk] if batch else [])])


def upload(client, assessment, content, name="bukti.zip"):
    return client.post(url("import-zip", assessment), {"berkas": SimpleUploadedFile(name, content)})


def received(assessment, user, files, seconds=600):
    with written(zipped(files)) as incoming:
        batch = importing.begin_archive(assessment=assessment, source="bukti.zip", incoming=incoming, by=user)
    importing.go_on(batch=batch, seconds=seconds)
    return batch


def apply(batch, user, **choices):
    proposed = {i.pk: i.code for i in batch.items.all() if i.code}
    return importing.apply_import(batch=batch, choices=proposed | choices, by=user)


def in_tree(assessment, codes, name="bukti.txt"):
    worksheet = worksheet_of(assessment.period.instrument)
    return {"/".join((*folder_of(worksheet, code), name)): text(code) for code in codes}


def leftovers():
    return [path.name for path in incoming_dir().iterdir()]


def test_a_zip_laid_out_like_the_worksheet_is_attached_where_it_says(client, assessment, user):
    codes = ["A.I.1.i.a", "A.II.5.iii.i.a", "B.I.a"]
    client.force_login(user)
    response = upload(client, assessment, zipped(in_tree(assessment, codes)))
    batch = ImportBatch.objects.get()
    assert (response.status_code, response.url) == (302, url("import", assessment, batch))
    assert list(batch.items.values_list("code", "confidence")) == [(code, "sure") for code in codes]
    assert (Attachment.objects.count(), Document.objects.count()) == (0, 0)
    page = client.get(response.url).text
    assert "3 dari 3 yang dapat dipakai" in page
    data = {f"kode-{item.pk}": item.code for item in batch.items.all()}
    done = client.post(url("import-apply", assessment, batch), data, follow=True)
    assert "3 bukti terlampir, 3 dokumen baru" in done.text
    found = Attachment.objects.live().order_by("criterion__order").values_list("criterion__code", "document__title")
    assert list(found) == [(code, "bukti") for code in codes]
    batch.refresh_from_db()
    assert (batch.state, leftovers()) == ("applied", [])


def test_what_a_person_corrects_or_leaves_out_is_what_happens(client, assessment, user):
    batch = received(assessment, user, in_tree(assessment, ["A.I.1.i.a", "A.I.1.i.b"]) | {"lepas.txt": text("lepas")})
    first, second, loose = batch.items.all()
    assert (loose.code, loose.confidence) == ("", "none")
    client.force_login(user)
    data = {
        f"kode-{first.pk}": "a.i.2.i.A – judul apa saja", f"kode-{second.pk}": second.code, f"lewati-{second.pk}": "on",
        f"kode-{loose.pk}": "",
    }  # fmt: skip
    done = client.post(url("import-apply", assessment, batch), data, follow=True)
    assert "1 bukti terlampir, 1 dokumen baru, 2 berkas tidak dilampirkan" in done.text
    assert list(Attachment.objects.values_list("criterion__code", flat=True)) == ["A.I.2.i.a"]


@pytest.mark.parametrize(
    ("typed", "areas", "message"), [("A.I.9", [], "Tidak ada kriteria"), ("B.I.a", ["1"], "bukan bagian Anda")]
)
def test_a_wrong_criterion_is_said_beside_its_file_and_nothing_is_attached(client, assessment, typed, areas, message):
    user = member(assessment.unit, areas=areas)
    batch = received(assessment, user, in_tree(assessment, ["A.I.1.i.a", "A.I.1.i.b"]))
    first, second = batch.items.all()
    client.force_login(user)
    data = {f"kode-{first.pk}": typed, f"kode-{second.pk}": second.code}
    response = client.post(url("import-apply", assessment, batch), data)
    assert response.status_code == 422
    assert message in response.text
    assert f'value="{typed}"' in response.text
    batch.refresh_from_db()
    assert (batch.state, Attachment.objects.count(), Document.objects.count()) == ("ready", 0, 0)


def test_criteria_of_other_areas_are_not_proposed_to_a_limited_member(client, assessment):
    user = member(assessment.unit, areas=["2"])
    batch = received(assessment, user, in_tree(assessment, ["A.I.1.i.a"]))
    client.force_login(user)
    page = client.get(url("import", assessment, batch)).text
    assert "Kriteria ini bukan bagian Anda" in page
    assert f'name="kode-{batch.items.get().pk}" value=""' in page
    assert '<option value="A.I.1.i.a">' not in page
    assert '<option value="A.I.2.i.a">' in page


def test_hostile_files_in_a_zip_are_named_and_never_stored(client, assessment, user):
    chosen = dict(list(hostile().items())[::9])
    files = {
        f"{number}/{name.replace('/', '_')[-40:]}": content for number, (name, content, _) in enumerate(chosen.values())
    }
    client.force_login(user)
    upload(client, assessment, zipped(files | {"baik.txt": text("baik")}))
    batch = ImportBatch.objects.get()
    while batch.state == "receiving":
        importing.go_on(batch=batch, seconds=60)
    fit = batch.items.filter(blob__isnull=False)
    assert [item.path for item in fit] == ["baik.txt"]
    assert batch.items.filter(blob=None).exclude(problem="").count() == batch.items.count() - 1 >= len(chosen) - 3
    assert Blob.objects.count() == 1


@pytest.mark.parametrize(
    "content", [b"", b"bukan zip", b"PK\x03\x04rusak", zipped({})], ids=["kosong", "teks", "rusak", "hampa"]
)
def test_what_is_no_usable_zip_is_refused_with_a_reason_and_leaves_nothing(client, assessment, user, content):
    client.force_login(user)
    response = upload(client, assessment, content)
    assert response.status_code == 422
    assert 'class="notice notice-error"' in response.text
    assert (ImportBatch.objects.count(), leftovers()) == (0, [])


def test_a_zip_over_the_limit_is_refused(client, assessment, user, settings):
    settings.EVIDENCE_MAX_IMPORT = 100
    client.force_login(user)
    response = upload(client, assessment, zipped({"a.txt": text("a") * 50}))
    assert response.status_code == 422
    assert "lebih besar dari batas" in response.text
    assert (ImportBatch.objects.count(), leftovers()) == (0, [])


def test_nothing_chosen_is_said(client, assessment, user):
    client.force_login(user)
    response = client.post(url("import-zip", assessment))
    assert (response.status_code, "Pilih dulu berkas ZIP" in response.text) == (422, True)


def test_an_interrupted_zip_goes_on_where_it_stopped(client, assessment, user):
    files = in_tree(assessment, ["A.I.1.i.a", "A.I.1.i.b", "A.I.1.ii.a"])
    with written(zipped(files)) as incoming:
        batch = importing.begin_archive(assessment=assessment, source="b.zip", incoming=incoming, by=user)
    assert importing.go_on(batch=batch, seconds=0) == 3
    assert (batch.items.count(), batch.state) == (0, "receiving")
    client.force_login(user)
    page = client.get(url("import", assessment, batch)).text
    assert "data-go-on" in page
    assert "Lampirkan semua" not in page
    client.post(url("import-step", assessment, batch))
    batch.refresh_from_db()
    assert (batch.items.count(), batch.state, leftovers()) == (3, "ready", [])


def test_a_zip_that_vanished_leaves_what_was_received(client, assessment, user):
    with written(zipped(in_tree(assessment, ["A.I.1.i.a"]))) as incoming:
        batch = importing.begin_archive(assessment=assessment, source="b.zip", incoming=incoming, by=user)
    importing.zip_path(batch).unlink()
    client.force_login(user)
    response = client.post(url("import-step", assessment, batch), follow=True)
    assert "sudah tidak ada" in response.text
    batch.refresh_from_db()
    assert batch.state == "ready"


def test_the_quota_holds_for_imports_and_what_waits_in_others(assessment, user, settings):
    settings.EVIDENCE_UNIT_QUOTA = 100
    first = received(assessment, user, {"a.txt": b"x" * 60})
    second = received(assessment, user, {"b.txt": b"y" * 60, "c.txt": b"z" * 30})
    assert [bool(item.problem) for item in (*first.items.all(), *second.items.all())] == [False, True, False]
    settings.EVIDENCE_UNIT_QUOTA = 50
    with pytest.raises(ValidationError, match="Kuota dokumen"):
        importing.apply_import(batch=first, choices={first.items.get().pk: "A.I.1.i.a"}, by=user)
    assert Attachment.objects.count() == 0


def test_applying_twice_attaches_once(assessment, user):
    batch = received(assessment, user, in_tree(assessment, ["A.I.1.i.a"]))
    assert apply(batch, user) == importing.Applied(1, 1, 0)
    with pytest.raises(ValidationError, match="sudah selesai"):
        apply(batch, user)
    again = received(assessment, user, in_tree(assessment, ["A.I.1.i.a"]))
    assert apply(again, user) == importing.Applied(0, 0, 1)
    assert (Attachment.objects.count(), Document.objects.count(), Blob.objects.count()) == (1, 1, 1)


def test_a_closed_assessment_takes_nothing_and_the_import_stays(client, assessment, user):
    batch = received(assessment, user, in_tree(assessment, ["A.I.1.i.a"]))
    Period.objects.update(unit_closes=timezone.now() - timedelta(hours=1))
    with pytest.raises(ValidationError, match="tidak sedang dibuka"):
        apply(batch, user)
    batch.refresh_from_db()
    assert (batch.state, Document.objects.count()) == ("ready", 0)
    client.force_login(user)
    for route, args in (("import-start", ()), ("import", (batch,))):
        assert client.get(url(route, assessment, *args)).status_code == 403


def test_discarding_lets_the_files_go(client, assessment, user):
    batch = received(assessment, user, in_tree(assessment, ["A.I.1.i.a"]))
    client.force_login(user)
    client.post(url("import-discard", assessment, batch))
    batch.refresh_from_db()
    held = ImportItem.objects.filter(blob__isnull=False).count()
    assert (batch.state, held, leftovers()) == ("discarded", 0, [])
    response = client.post(url("import-apply", assessment, batch), {}, follow=True)
    assert "sudah selesai" in response.text


def test_a_folder_arrives_file_by_file(client, assessment, user):
    client.force_login(user)
    begun = client.post(url("import-begin", assessment), {"nama": "LKE 2026"}).json()
    paths = list(in_tree(assessment, ["A.I.1.i.a", "A.I.1.i.b"]))
    for path in (*paths, paths[0]):
        body = {"jalur": f"LKE 2026/{path}", "berkas": SimpleUploadedFile("bukti.txt", text(path))}
        assert client.post(begun["berkas"], body).json() == {"masalah": ""}
    body = {"jalur": "LKE 2026/jahat.txt", "berkas": SimpleUploadedFile("jahat.txt", b"<script>alert(1)</script>")}
    refused = client.post(begun["berkas"], body)
    assert (refused.status_code, bool(refused.json()["masalah"])) == (422, True)
    batch = ImportBatch.objects.get()
    assert list(batch.items.values_list("code", flat=True)) == ["A.I.1.i.a", "A.I.1.i.b", ""]
    assert client.get(begun["halaman"]).status_code == 200


def test_a_folder_has_its_limit_of_files(client, assessment, user, settings):
    settings.EVIDENCE_MAX_IMPORT_FILES = 1
    client.force_login(user)
    begun = client.post(url("import-begin", assessment)).json()
    answers = [
        client.post(begun["berkas"], {"jalur": name, "berkas": SimpleUploadedFile(name, text(name))}).status_code
        for name in ("a.txt", "b.txt")
    ]
    assert (answers, ImportItem.objects.count()) == ([200, 422], 1)
    assert client.post(begun["berkas"], {"jalur": "c.txt"}).status_code == 422


@pytest.mark.parametrize("role", [Role.TPI_MEMBER, Role.OBSERVER, Role.ADMIN])
def test_an_import_is_nobody_elses_matter(client, assessment, user, role):
    batch = received(assessment, user, in_tree(assessment, ["A.I.1.i.a"]))
    client.force_login(person(assessment, role))
    assert client.get(url("import", assessment, batch)).status_code == 403
    client.force_login(member(UnitFactory()))
    assert client.get(url("import", assessment, batch)).status_code == 404


def test_the_preview_takes_the_same_queries_for_any_number_of_files(client, assessment, user):
    worksheet = worksheet_of(assessment.period.instrument)
    document(assessment.unit)
    client.force_login(user)

    def queries(codes):
        batch = received(assessment, user, in_tree(assessment, codes, f"{len(codes)}.txt"))
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url("import", assessment, batch)).status_code == 200
        return len(seen)

    codes = list(worksheet.criteria)
    assert queries(codes[:2]) == queries(codes[:25]) == 8


def test_everything_comes_back_from_an_export(assessment, user):
    team = member(assessment.unit)
    held = {code: attachment(assessment, code, document(assessment.unit, team)) for code in ("A.I.1.i.a", "B.II.a")}
    attachment(assessment, "A.II.5.iii.ii.a", held["A.I.1.i.a"].document)
    content = b"".join(stream_of(assessment))
    later = opened(assessment.unit, year=2027)
    with written(content) as incoming:
        batch = importing.begin_archive(assessment=later, source="bukti.zip", incoming=incoming, by=team)
    importing.go_on(batch=batch, seconds=600)
    applied = apply(batch, team)
    assert (applied.attached, applied.documents) == (3, 0)
    both = [
        set(Attachment.objects.filter(assessment=each).values_list("criterion__code", "document__current__blob"))
        for each in (assessment, later)
    ]
    assert both[0] == both[1]
    assert Assessment.objects.count() == 2
