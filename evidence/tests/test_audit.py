"""The audit finds everything that is missing, damaged or left over, and mends only what nobody can miss."""

import os
import tracemalloc
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts.tests.factories import UnitFactory, UserFactory
from assessment.tests.factories import opened
from evidence import previews, storage
from evidence.models import Blob, Document, DocumentVersion, ImportBatch, ImportItem
from evidence.services.attachments import detach, pin_versions
from evidence.services.audit import Audit, Problem, findings, uses_of
from evidence.services.documents import Content, delete_document, replace_content
from evidence.services.importing import zip_path
from evidence.storage.incoming import incoming_dir

from .factories import attachment, document, small_pdf, stored, written

pytestmark = pytest.mark.django_db
NOW = timedelta(0)


def audit(*, repair=False, older_than=NOW):
    return list(Audit(repair=repair, older_than=older_than).run())


def found(**options):
    return [(f.problem, f.subject, f.is_mended) for f in audit(**options)]


def run(*args):
    out, errors = StringIO(), StringIO()
    call_command("evidence_audit", *args, stdout=out, stderr=errors)
    return out.getvalue() + errors.getvalue()


def path_of(sha256):
    return Path(storage.content.content_storage().path(storage.name_of(sha256)))


def damage(sha256):
    path = path_of(sha256)
    path.chmod(0o600)
    path.write_bytes(b"rusak")


def aged(path, hours=48):
    moment = (timezone.now() - timedelta(hours=hours)).timestamp()
    os.utime(path, (moment, moment))


def lying(content=b"tanpa baris"):
    """Keep content nobody has a row for."""
    with written(content) as incoming:
        storage.keep(incoming)
        return incoming.sha256


def batch_of(assessment, *, days, state=ImportBatch.State.READY):
    made = ImportBatch.objects.create(assessment=assessment, source="Data ZI.zip", state=state, by=UserFactory())
    ImportBatch.objects.filter(pk=made.pk).update(created_at=timezone.now() - timedelta(days=days))
    blob = stored().blob
    ImportItem.objects.create(batch=made, order=1, path="a/SK.pdf", file_name="SK.pdf", blob=blob, kind="pdf")
    return made, blob.sha256


def test_a_whole_store_has_nothing_to_say(assessment):
    held = attachment(assessment)
    replace_content(document=held.document, content=Content(stored()), seen=1, by=held.attached_by)
    document(assessment.unit, url="https://contoh.go.id")
    assert audit() == audit(repair=True) == []
    assert "2 files (0.0 MiB) read: all is well." in run()
    assert DocumentVersion.objects.count() == 3


@pytest.mark.parametrize("break_it", [lambda sha256: path_of(sha256).unlink(), damage])
def test_what_is_lost_is_told_with_all_it_concerns(assessment, break_it):
    held = attachment(assessment, "A.I.1.i.b", document(assessment.unit, title="SK Tim"))
    attachment(assessment, "A.I.2.i.a", held.document)
    attachment(opened(assessment.unit, year=2027), "A.I.1.i.a", held.document)
    whole = document(assessment.unit)
    sha256 = held.document.current.blob_id
    break_it(sha256)
    (only,) = audit(repair=True)
    assert (only.subject, only.is_loss, only.is_mended) == (sha256, True, False)
    assert only.problem == (Problem.DAMAGED if path_of(sha256).exists() else Problem.MISSING)
    assert only.details == (
        f'{assessment.unit.code} "SK Tim" version 1 (SK Tim Kerja.pdf), '
        "proves 2026 A.I.1.i.b, 2026 A.I.2.i.a, 2027 A.I.1.i.a",
    )
    with pytest.raises(CommandError, match="1 findings need a person"):
        run()
    assert storage.verify(whole.current.blob_id) == storage.Health.OK
    assert Blob.objects.count() == Document.objects.count() == 2


def test_the_concerned_are_old_versions_submissions_and_imports_too(assessment):
    held = attachment(assessment)
    sha256 = held.document.current.blob_id
    pin_versions(assessment=assessment, at=timezone.now())
    detach(assessment=assessment, attachment=held, by=held.attached_by)
    replace_content(document=held.document, content=Content(stored()), seen=1, by=held.attached_by)
    assert uses_of(sha256)[0].endswith("version 1 (SK Tim Kerja.pdf), proves 2026 A.I.1.i.a")
    loose = document(assessment.unit, title="Lepas")
    assert uses_of(loose.current.blob_id)[0].endswith("attached nowhere")
    _, waiting = batch_of(assessment, days=1)
    assert uses_of(waiting) == (f"{assessment.unit.code} in an import not yet applied: a/SK.pdf",)


@pytest.mark.parametrize("place", ["incoming", "stray", "orphan"])
def test_content_that_turns_up_elsewhere_is_put_back(assessment, media, place):
    content = small_pdf("asli")
    sha256 = document(assessment.unit, content=content).current.blob_id
    path_of(sha256).unlink()
    elsewhere = {
        "incoming": incoming_dir() / "in-tinggal.part",
        "stray": media / "pulih.pdf",
        "orphan": path_of("ab" * 32),
    }[place]
    elsewhere.parent.mkdir(parents=True, exist_ok=True)
    elsewhere.write_bytes(content)
    assert [f[:2] for f in found(older_than=timedelta(hours=1))][:2] == [
        (Problem.MISPLACED, sha256), (Problem.MISSING, sha256),
    ]  # fmt: skip
    assert storage.verify(sha256) == storage.Health.MISSING
    assert (Problem.MISPLACED, sha256, True) in found(repair=True, older_than=timedelta(hours=1))
    assert storage.verify(sha256) == storage.Health.OK
    assert elsewhere.read_bytes() == content  # it may still be somebody's
    assert Problem.MISSING not in {f[0] for f in found()}


def test_a_file_that_changes_while_it_is_put_back_is_not_taken(assessment, media, monkeypatch):
    sha256 = document(assessment.unit).current.blob_id
    path_of(sha256).unlink()
    (media / "berubah.pdf").write_bytes(b"lain")
    monkeypatch.setattr("evidence.services.audit.contents._digest", lambda opener: sha256)
    assert found(repair=True)[:2] == [(Problem.MISPLACED, sha256, False), (Problem.MISSING, sha256, False)]
    assert storage.verify(sha256) == storage.Health.MISSING
    assert list(incoming_dir().iterdir()) == []


def test_content_that_is_deleted_while_it_is_looked_for_is_not_missed(assessment, monkeypatch):
    blob = stored().blob

    def deleted(sha256):
        Blob.objects.filter(pk=blob.pk).delete()
        return storage.Health.MISSING

    monkeypatch.setattr(storage, "verify", deleted)
    assert found(older_than=timedelta(hours=24)) == []


def test_damaged_content_is_healed_by_a_copy(assessment, media):
    content = small_pdf("asli")
    sha256 = document(assessment.unit, content=content).current.blob_id
    damage(sha256)
    (media / "salinan.pdf").write_bytes(content)
    assert (Problem.MISPLACED, sha256, True) in found(repair=True)
    assert storage.verify(sha256) == storage.Health.OK


def test_a_copy_of_what_is_whole_is_no_finding_but_its_name_is(assessment, media):
    content = small_pdf("asli")
    document(assessment.unit, content=content)
    (media / "salinan.pdf").write_bytes(content)
    assert found(repair=True) == [(Problem.STRANGE, "salinan.pdf", False)]
    assert (media / "salinan.pdf").exists()


def test_orphans_are_removed_once_they_are_old_and_nothing_else_is(assessment):
    kept = document(assessment.unit).current.blob_id
    old, young = lying(b"lama"), lying(b"baru")
    aged(path_of(old))
    day = timedelta(hours=24)
    assert found(older_than=day) == [(Problem.ORPHAN, old, False)]
    assert path_of(old).exists()
    assert found(repair=True, older_than=day) == [(Problem.ORPHAN, old, True)]
    assert [path_of(s).exists() for s in (old, young, kept)] == [False, True, True]


def test_an_orphan_that_gets_its_row_meanwhile_stays(monkeypatch):
    sha256 = lying()
    aged(path_of(sha256))
    reclaim = storage.reclaim

    def slow(*args, **kwargs):
        Blob.objects.create(sha256=sha256, size=11, received_at=timezone.now())
        return reclaim(*args, **kwargs)

    monkeypatch.setattr(storage, "reclaim", slow)
    assert found(repair=True) == []
    assert storage.verify(sha256) == storage.Health.OK


def test_content_of_deleted_documents_goes_with_its_row_after_a_day(assessment):
    gone, stays = document(assessment.unit), document(assessment.unit)
    sha256 = gone.current.blob_id
    delete_document(document=gone, by=UserFactory())
    day = timedelta(hours=24)
    assert found(older_than=day) == found(repair=True, older_than=day) == []
    Blob.objects.update(received_at=timezone.now() - timedelta(hours=48))
    aged(path_of(sha256))
    assert found(older_than=day) == [(Problem.UNUSED, sha256, False)]
    assert found(repair=True, older_than=day) == [(Problem.UNUSED, sha256, True), (Problem.ORPHAN, sha256, True)]
    assert not path_of(sha256).exists()
    assert list(Blob.objects.values_list("pk", flat=True)) == [stays.current.blob_id]


def test_a_row_that_is_wanted_again_meanwhile_stays(assessment, monkeypatch):
    blob = stored().blob
    Blob.objects.update(received_at=timezone.now() - timedelta(hours=48))
    whole = findings.rows

    def wanted_again(queryset):
        for row in whole(queryset):
            Blob.objects.update(received_at=timezone.now())  # the same content was uploaded just now
            yield row

    monkeypatch.setattr("evidence.services.audit.contents.rows", wanted_again)
    assert found(repair=True, older_than=timedelta(hours=24)) == []
    assert Blob.objects.get() == blob


@pytest.mark.parametrize("state", [ImportBatch.State.RECEIVING, ImportBatch.State.READY])
def test_an_import_nobody_finished_for_a_week_lets_go_of_its_files(assessment, state):
    (old, content), (young, waiting) = batch_of(assessment, days=8, state=state), batch_of(assessment, days=6)
    day = timedelta(hours=24)
    subject = f"{assessment.unit.code} 2026: Data ZI.zip"
    assert found(older_than=day) == [(Problem.IMPORT, subject, False)]
    assert found(repair=True, older_than=day) == [(Problem.IMPORT, subject, True)]
    old.refresh_from_db()
    young.refresh_from_db()
    assert (old.state, young.state, old.finished_at is None) == ("discarded", "ready", False)
    assert [item.blob_id for item in (old.items.get(), young.items.get())] == [None, waiting]
    assert (Problem.UNUSED, content, True) in found(repair=True)
    assert storage.verify(waiting) == storage.Health.OK


def test_imports_that_are_done_are_history(assessment):
    batch_of(assessment, days=30, state=ImportBatch.State.APPLIED)
    batch_of(assessment, days=30, state=ImportBatch.State.DISCARDED)
    day = timedelta(hours=24)
    assert found(older_than=day) == found(repair=True, older_than=day) == []
    assert ImportItem.objects.exclude(blob=None).count() == 2


def test_an_import_that_is_applied_meanwhile_stays(assessment, monkeypatch):
    made, content = batch_of(assessment, days=8)
    whole = findings.rows

    def applied(queryset):
        for row in whole(queryset):
            ImportBatch.objects.update(state=ImportBatch.State.APPLIED)
            yield row

    monkeypatch.setattr("evidence.services.audit.leftovers.rows", applied)
    assert found(repair=True, older_than=timedelta(hours=24)) == []
    made.refresh_from_db()
    assert (made.state, made.items.get().blob_id) == ("applied", content)


def test_uploads_that_broke_off_are_swept_when_old(assessment):
    old, young = incoming_dir() / "in-lama.part", incoming_dir() / "in-baru.part"
    old.write_bytes(b"setengah")
    young.write_bytes(b"baru saja")
    aged(old)
    day = timedelta(hours=24)
    assert found(older_than=day) == [(Problem.UPLOAD, "in-lama.part", False)]
    assert found(repair=True, older_than=day) == [(Problem.UPLOAD, "1 files, 8 bytes", True)]
    assert (old.exists(), young.exists()) == (False, True)


def test_zips_of_imports_that_are_over_are_swept_and_those_being_received_stay(assessment):
    over, _ = batch_of(assessment, days=1, state=ImportBatch.State.APPLIED)
    going, _ = batch_of(assessment, days=1, state=ImportBatch.State.RECEIVING)
    paths = [zip_path(over), zip_path(going), incoming_dir() / "impor-tanpa-baris.zip"]
    for path in paths:
        path.write_bytes(b"PK")
        aged(path)
    young = incoming_dir() / "impor-baru.zip"
    young.write_bytes(b"PK")
    day = timedelta(hours=24)
    wanted = {(Problem.UPLOAD, path.name) for path in (paths[0], paths[2])}
    assert {f[:2] for f in found(older_than=day)} == wanted
    assert set(found(repair=True, older_than=day)) == {(*each, True) for each in wanted}
    assert [path.exists() for path in (*paths, young)] == [False, True, False, True]


def test_previews_of_gone_content_are_thrown_away(assessment, settings):
    here, gone = document(assessment.unit).current.blob_id, "cd" * 32
    for sha256 in (here, gone):
        previews._keep(previews._folder(sha256) / "1-900.webp", b"gambar")
    assert found() == [(Problem.PREVIEW, gone, False)]
    assert found(repair=True) == [(Problem.PREVIEW, gone, True)]
    left = [p.name for p in Path(settings.EVIDENCE_PREVIEW_DIR).glob("*/*")]
    assert left == [here]


def test_half_a_document_and_a_broken_history_need_a_person(assessment):
    found_one = document(assessment.unit, title="Separuh")
    document(UnitFactory())
    Document.objects.filter(pk=found_one.pk).update(current=None)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE evidence_documentevent SET kind = 'deleted' WHERE document = %s", [_uuid(found_one.pk)])
    half, broken = audit(repair=True)
    assert (half.problem, half.subject, half.details) == (
        Problem.HALF, str(found_one.pk), (f'{assessment.unit.code} "Separuh"',),
    )  # fmt: skip
    assert (broken.problem, broken.details) == (Problem.BROKEN, ("row 1 does not match its digest",))
    assert assessment.unit.code in broken.subject
    with pytest.raises(CommandError, match="2 findings need a person"):
        run()


def _uuid(pk):
    return pk.hex if connection.vendor == "sqlite" else str(pk)


def test_a_history_that_grows_meanwhile_is_not_called_broken(assessment, monkeypatch):
    document(assessment.unit)
    from evidence.services.audit import leftovers

    whole = leftovers.chain_problems
    answers = iter([["1 rows expected, 2 found"]])
    monkeypatch.setattr(leftovers, "chain_problems", lambda library: next(answers, None) or whole(library))
    assert audit() == []
    assert next(answers, "asked") == "asked"


def test_only_losses_end_with_an_error(assessment):
    document(assessment.unit)
    aged(path_of(lying()))
    assert "orphaned: " in run()
    assert "orphaned (mended): " in run("--repair")
    assert "all is well" in run()


@pytest.mark.parametrize("value", ["-1", "sehari", "1.5", "99999999999999"])
def test_a_number_of_hours_is_asked_for(value):
    with pytest.raises(CommandError):
        run("--older-than", value)


def test_memory_does_not_grow_with_the_store(assessment, monkeypatch):
    def peak():
        tracemalloc.start()
        for _ in Audit(repair=False, older_than=timedelta(hours=24)).run():
            pass
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return top

    monkeypatch.setattr(storage, "verify", lambda sha256: storage.Health.OK)
    monkeypatch.setattr(findings, "BATCH", 50)
    monkeypatch.setattr(findings.rows, "__defaults__", (50,))
    now = timezone.now()
    Blob.objects.bulk_create(Blob(sha256=f"{n:064x}", size=1, received_at=now) for n in range(200))
    peak()
    few = peak()
    Blob.objects.bulk_create(Blob(sha256=f"{n:064x}", size=1, received_at=now) for n in range(200, 4000))
    assert peak() - few < 200_000  # 3,800 rows held at once are over a megabyte
