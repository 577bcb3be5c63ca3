"""All evidence as one ZIP: what is in it, in which version, and what is only named."""

import hashlib
import io
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from assessment.models import Assessment, ProposalCondition
from assessment.selectors import worksheet_of
from assessment.tests.factories import UnitFactory, member, reviewer
from evidence import storage
from evidence.layout import match
from evidence.models import Attachment, Blob
from evidence.services.attachments import detach, pin_versions
from evidence.services.documents import Content, replace_content
from evidence.services.exports import stream_of

from .factories import attachment, document, stored

pytestmark = pytest.mark.django_db


def url(assessment):
    return reverse("evidence:export", args=[2026, assessment.unit.code])


def packed(assessment):
    """Return the files of the export by path, the indexes left out."""
    row = Assessment.objects.for_page().get(pk=assessment.pk)
    with zipfile.ZipFile(io.BytesIO(b"".join(stream_of(row)))) as found:
        assert found.testzip() is None
        return {name: found.read(name) for name in found.namelist() if "/" in name}


def index(assessment):
    row = Assessment.objects.for_page().get(pk=assessment.pk)
    with zipfile.ZipFile(io.BytesIO(b"".join(stream_of(row)))) as found:
        return found.read("00_INDEKS.html").decode()


def sha256_of(files):
    return {hashlib.sha256(content).hexdigest() for content in files.values()}


def test_whoever_sees_the_assessment_takes_its_evidence_along(client, assessment):
    held = attachment(assessment, doc=document(assessment.unit, title="SK Tim"))
    client.force_login(reviewer(assessment, Role.TPI_MEMBER))
    response = client.get(url(assessment))
    content = b"".join(response.streaming_content)
    assert response["Content-Type"] == "application/zip"
    assert response["Content-Disposition"] == f'attachment; filename="Bukti-{assessment.unit.code}-2026.zip"'
    assert response["Cache-Control"] == "private, no-store"
    with zipfile.ZipFile(io.BytesIO(content)) as found:
        assert held.document.current.blob_id in found.read("MANIFEST-SHA256.txt").decode()
    client.force_login(member(UnitFactory()))
    assert client.get(url(assessment)).status_code == 404


def test_head_reads_nothing(client, assessment, monkeypatch):
    attachment(assessment)
    monkeypatch.setattr(storage, "open_content", lambda sha256: pytest.fail("a file was opened"))
    client.force_login(member(assessment.unit))
    response = client.head(url(assessment))
    assert (response.status_code, response.content) == (200, b"")


def test_links_and_detached_documents_are_not_packed(assessment):
    team = member(assessment.unit)
    attachment(assessment, doc=document(assessment.unit, url="https://contoh.go.id/maklumat", title="Maklumat"))
    detach(assessment=assessment, attachment=attachment(assessment, "A.I.1.i.b"), by=team)
    assert packed(assessment) == {}
    assert "https://contoh.go.id/maklumat" in index(assessment)


@pytest.mark.parametrize(("state", "version"), [("draft", 2), ("review", 1), ("fulfils", 1)])
def test_what_was_submitted_is_what_reviewers_get(assessment, state, version):
    team = member(assessment.unit)
    held = attachment(assessment)
    pin_versions(assessment=assessment, at=timezone.now())
    row = replace_content(document=held.document, content=Content(stored()), seen=1, by=team)
    Assessment.objects.filter(pk=assessment.pk).update(state=state)
    assert sha256_of(packed(assessment)) == {row.versions.get(number=version).blob_id}


def test_content_that_is_held_back_or_gone_is_named_and_the_rest_comes(assessment):
    good, infected, gone = (
        attachment(assessment, code, document(assessment.unit, title=f"Dokumen {code}"))
        for code in ("A.I.1.i.a", "A.I.1.i.b", "A.I.2.i.a")
    )
    Blob.objects.filter(pk=infected.document.current.blob_id).update(scan=Blob.Scan.INFECTED)
    with storage.local_path(gone.document.current.blob_id) as path:
        path.unlink()
    assert sha256_of(packed(assessment)) == {good.document.current.blob_id}
    listed = index(assessment)
    assert all(f"Dokumen {code}" in listed for code in ("A.I.1.i.a", "A.I.1.i.b", "A.I.2.i.a"))


def test_the_same_document_lies_in_the_folder_of_every_criterion(assessment):
    held = attachment(assessment)
    attachment(assessment, "B.I.a", held.document)
    files = packed(assessment)
    assert (len(files), len(sha256_of(files))) == (2, 1)


def test_the_export_takes_the_same_queries_for_any_number_of_files(assessment):
    row = Assessment.objects.for_page().get(pk=assessment.pk)

    def queries():
        with CaptureQueriesContext(connection) as seen:
            for _ in stream_of(row):
                pass
        return len(seen)

    attachment(assessment)
    queries()
    few = queries()
    for code in ("A.I.1.i.b", "A.I.1.ii.a", "A.I.2.i.a", "B.I.a"):
        attachment(assessment, code)
    assert (queries(), few) == (2, 2)


def test_what_proves_a_condition_for_being_proposed_goes_along_behind_the_worksheet(assessment):
    worksheet = worksheet_of(assessment.period.instrument)
    first, second = ProposalCondition.objects.filter(instrument=assessment.period.instrument, predicate="WBK")[:2]
    user = member(assessment.unit)
    for condition, title in ((second, "Surat Keterangan"), (first, "Opini BPK")):
        Attachment.objects.create(
            assessment=assessment, condition=condition, document=document(assessment.unit, title=title),
            attached_by=user, attached_at=timezone.now(),
        )  # fmt: skip
    attachment(assessment)
    paths = list(packed(assessment))
    assert [path.split("/")[0] for path in paths] == ["A. PENGUNGKIT", "SYARAT PENGUSULAN", "SYARAT PENGUSULAN"]
    assert [path.split("/")[-1] for path in paths[1:]] == ["Opini BPK.pdf", "Surat Keterangan.pdf"]
    assert [match(worksheet, path).code for path in paths[1:]] == ["", ""]
    assert f"untuk: {first.text}" in index(assessment)
