"""Several people work on the same documents at the same moment, over real connections: nothing lost, nothing twice."""

from collections import Counter

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Role
from accounts.tests.factories import UserFactory
from assessment.models import Assessment
from assessment.tests.factories import member, opened
from evidence.models import Attachment, Blob, Document, DocumentVersion, Library
from evidence.services.attachments import Link, attach, detach, pin_versions
from evidence.services.documents import (
    Content,
    Description,
    Stale,
    add_document,
    delete_document,
    describe,
    replace_content,
    set_public,
)
from evidence.services.library import chain_problems, used_bytes
from evidence.storage import Health, verify
from evidence.tests.factories import document, stored

from .parallel import in_parallel
from .test_concurrency import PEOPLE, assert_whole

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("media")]
ABOUT = Description("SK Tim Kerja", "", None, 2026)


def assert_documents_whole(assessment):
    assert [chain_problems(library) for library in Library.objects.all()] == [[]]
    assert {verify(blob.pk) for blob in Blob.objects.all()} == {Health.OK}
    assert_whole(assessment)


def test_the_same_file_from_everybody_at_once_is_stored_and_attached_once(instrument):
    assessment, users = opened(), UserFactory.create_batch(PEOPLE)
    content = b"Notulen rapat tim kerja, berkas yang sama dari semua orang.\n"

    def job(number):
        file = stored(content, "notulen.txt")
        found, _ = add_document(unit=assessment.unit, content=Content(file), description=ABOUT, by=users[number])
        return len(attach(assessment=assessment, links=[Link("A.I.1.i.a", found)], by=users[number]))

    assert sum(in_parallel(job, PEOPLE)) == 1
    assert [m.objects.count() for m in (Blob, Document, DocumentVersion, Attachment)] == [1, 1, 1, 1]
    assert_documents_whole(assessment)


def test_of_several_new_versions_one_follows_the_one_that_was_seen(instrument):
    assessment, users = opened(), UserFactory.create_batch(PEOPLE)
    held = document(assessment.unit)
    attach(assessment=assessment, links=[Link("A.I.1.i.a", held)], by=users[0])
    files = [stored() for _ in users]

    def job(number):
        try:
            replace_content(document=held, content=Content(files[number]), seen=1, by=users[number])
        except Stale:
            return "stale"
        return "replaced"

    assert Counter(in_parallel(job, PEOPLE)) == {"replaced": 1, "stale": PEOPLE - 1}
    assert [v.number for v in held.versions.all()] == [1, 2]
    assert_documents_whole(assessment)


def test_a_quota_holds_against_everybody_at_once(instrument, settings):
    assessment, users = opened(), UserFactory.create_batch(PEOPLE)
    files = [stored() for _ in users]
    settings.EVIDENCE_UNIT_QUOTA = 2 * max(file.blob.size for file in files)

    def job(number):
        try:
            add_document(unit=assessment.unit, content=Content(files[number]), description=ABOUT, by=users[number])
        except ValidationError as error:
            return error.code
        return "added"

    assert Counter(in_parallel(job, PEOPLE)) == {"added": 2, "quota": PEOPLE - 2}
    assert used_bytes(assessment.unit) <= settings.EVIDENCE_UNIT_QUOTA


def test_everything_at_once_on_one_document_neither_blocks_nor_breaks(instrument):
    assessment = opened()
    head = member(assessment.unit, Role.HEAD)
    held, loose = document(assessment.unit), document(assessment.unit, title="Tidak terpakai")
    files = [stored() for _ in range(3)]
    codes = ["A.I.1.i.a", "A.I.1.i.b", "A.I.2.i.a"]

    def attach_and_detach(turn):
        for made in attach(assessment=assessment, links=[Link(c, held) for c in codes], by=head):
            detach(assessment=assessment, attachment=made, by=head)

    def replace(turn):
        seen = Document.objects.select_related("current").get(pk=held.pk).current.number
        replace_content(document=held, content=Content(files[turn]), seen=seen, by=head)

    jobs = [
        attach_and_detach,
        replace,
        lambda turn: describe(
            document=held, description=Description(f"Judul {turn}", "", None, 2026),
            revision=Document.objects.get(pk=held.pk).revision, by=head,
        ),
        lambda turn: set_public(unit=assessment.unit, documents=[held.pk], public=turn % 2 == 0, by=head),
        lambda turn: pin_versions(assessment=assessment, at=assessment.period.unit_opens.replace(microsecond=turn)),
        lambda turn: delete_document(document=loose, by=head) if turn == 0 else None,
    ]  # fmt: skip

    def job(number):
        for turn in range(3):
            jobs[number](turn)

    in_parallel(job, PEOPLE)
    assert set(Document.objects.values_list("pk", flat=True)) == {held.pk}
    assert [v.number for v in held.versions.all()] == [1, 2, 3, 4]
    assert_documents_whole(Assessment.objects.for_page().get(pk=assessment.pk))
