"""Documents and attachments: every write has its history, nothing is lost, stale hands write nothing."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role
from assessment import history
from assessment.models import Assessment, Event, ExpectedDocument
from assessment.models.history import HistoryIsFixed
from assessment.tests.factories import UnitFactory, member, opened
from evidence import storage
from evidence.models import Attachment, Blob, Document, DocumentEvent, DocumentVersion, Library, Pin
from evidence.services.attachments import Link, attach, change_attachment, detach, pin_versions
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
from evidence.services.library import chain_problems, quota_of, room_left, used_bytes

from .factories import attachment, document, stored

pytestmark = pytest.mark.django_db
ABOUT = Description("SK Tim Kerja", "800/12/2026", date(2026, 1, 5), 2026)


@pytest.fixture
def team(assessment):
    return member(assessment.unit)


def again(found):
    """Receive the content of a document once more."""
    with storage.open_content(found.current.blob_id) as file:
        return stored(file.read(), found.current.file_name)


def kinds(assessment):
    rows = Event.objects.filter(assessment=assessment, kind__startswith="evidence")
    return [(e.kind, e.criterion) for e in rows.order_by("number")]


def happened(unit):
    return list(DocumentEvent.objects.filter(library=unit.pk).order_by("number").values_list("kind", flat=True))


def is_whole(assessment):
    row = Assessment.objects.get(pk=assessment.pk)
    chains = history.problems(row.pk, row.events.order_by("number"), row.event_count, row.event_head)
    return chains + [p for library in Library.objects.all() for p in chain_problems(library)] == []


def test_adding_stores_content_version_and_history(assessment, team):
    file = stored(name="SK Tim Kerja.pdf")
    found, is_new = add_document(unit=assessment.unit, content=Content(file), description=ABOUT, by=team)
    version = found.current
    assert (is_new, found.title, found.dated, version.number) == (True, "SK Tim Kerja", date(2026, 1, 5), 1)
    assert (version.blob_id, version.file_name) == (file.blob.sha256, file.file_name)
    assert storage.verify(file.blob.sha256) == storage.Health.OK
    assert happened(assessment.unit) == ["added"]
    event = DocumentEvent.objects.get()
    assert event.data == {
        "title": "SK Tim Kerja", "number": "800/12/2026", "dated": "2026-01-05", "year": 2026,
        "version": 1, "file": file.file_name, "sha256": file.blob.sha256,
    }  # fmt: skip
    assert is_whole(assessment)


def test_the_same_content_is_the_same_document_in_one_unit_and_another_in_the_next(assessment, team):
    file, other = stored(b""), UnitFactory()
    first, _ = add_document(unit=assessment.unit, content=Content(file), description=ABOUT, by=team)
    again, is_new = add_document(unit=assessment.unit, content=Content(file), description=ABOUT, by=team)
    theirs, theirs_new = add_document(unit=other, content=Content(file), description=ABOUT, by=member(other))
    assert (again, is_new, theirs_new) == (first, False, True)
    assert theirs != first
    assert Blob.objects.count() == 1
    assert (happened(assessment.unit), happened(other)) == (["added"], ["added"])


def test_a_link_is_a_document_too(assessment, team):
    content = Content(url="https://contoh.go.id/a")
    found, _ = add_document(unit=assessment.unit, content=content, description=ABOUT, by=team)
    assert (found.current.kind, found.current.url, found.current.blob) == ("link", "https://contoh.go.id/a", None)
    assert add_document(unit=assessment.unit, content=content, description=ABOUT, by=team) == (found, False)


def test_a_version_is_a_file_or_a_link_never_both_or_neither(assessment, team):
    found = document(assessment.unit)
    base = {"document": found, "uploaded_by": team, "uploaded_at": timezone.now()}
    for wrong in (
        {"kind": "pdf", "file_name": "a.pdf"},
        {"kind": "link"},
        {"kind": "link", "url": "https://a.id", "blob": found.current.blob, "file_name": "a.pdf"},
        {"kind": "pdf", "blob": found.current.blob, "url": "https://a.id", "file_name": "a.pdf"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            DocumentVersion.objects.create(number=9, **base, **wrong)


def test_quota_counts_content_once_and_refuses_what_does_not_fit(assessment, team, settings):
    unit = assessment.unit
    first = document(unit)
    size = first.current.blob.size
    settings.EVIDENCE_UNIT_QUOTA = size + 10
    assert (used_bytes(unit), room_left(unit)) == (size, 10)
    same = again(first)
    replace_content(document=first, content=Content(url="https://contoh.go.id"), seen=1, by=team)
    replace_content(document=first, content=Content(same), seen=2, by=team)
    assert used_bytes(unit) == size
    with pytest.raises(ValidationError, match="Kuota dokumen unit ini tidak cukup"):
        add_document(unit=unit, content=Content(stored()), description=ABOUT, by=team)
    assert Document.objects.count() == 1
    Library.objects.filter(pk=unit.pk).update(quota_mib=1)
    assert quota_of(Library.objects.get(pk=unit.pk)) == 1024 * 1024
    add_document(unit=unit, content=Content(stored()), description=ABOUT, by=team)
    assert Document.objects.count() == 2


def test_replacing_keeps_the_old_version_and_tells_every_assessment(assessment, team):
    held = attachment(assessment)
    attachment(assessment, "A.I.1.i.b", held.document)
    later = opened(assessment.unit, year=2027)
    attachment(later, "A.I.2.i.a", held.document)
    old = held.document.current
    row = replace_content(document=held.document, content=Content(stored()), seen=1, by=team)
    assert [v.number for v in row.versions.all()] == [1, 2]
    assert row.versions.get(number=1).blob_id == old.blob_id
    assert storage.verify(old.blob_id) == storage.Health.OK
    assert kinds(assessment)[2:] == [("evidence_replaced", "A.I.1.i.a"), ("evidence_replaced", "A.I.1.i.b")]
    assert kinds(later)[1:] == [("evidence_replaced", "A.I.2.i.a")]
    data = Event.objects.filter(kind="evidence_replaced").first().data
    assert (data["from"]["version"], data["to"]["version"]) == (1, 2)
    assert data["to"]["sha256"] == row.current.blob_id
    assert is_whole(assessment)


def test_of_two_replacements_of_one_version_the_second_is_told(assessment, team):
    found = document(assessment.unit)
    replace_content(document=found, content=Content(stored()), seen=1, by=team)
    with pytest.raises(Stale):
        replace_content(document=found, content=Content(stored()), seen=1, by=team)
    assert found.versions.count() == 2


def test_replacing_by_the_same_content_is_refused(assessment, team):
    found = document(assessment.unit)
    same = again(found)
    with pytest.raises(ValidationError, match="Isinya sama"):
        replace_content(document=found, content=Content(same), seen=1, by=team)
    assert happened(assessment.unit) == ["added"]


def test_describing_writes_history_and_never_over_somebody_else(assessment, team):
    found = document(assessment.unit, title="Lama")
    row = describe(document=found, description=ABOUT, revision=1, by=team)
    assert (row.title, row.number, row.revision) == ("SK Tim Kerja", "800/12/2026", 2)
    event = DocumentEvent.objects.get(kind="described")
    assert (event.data["from"]["title"], event.data["to"]["title"]) == ("Lama", "SK Tim Kerja")
    with pytest.raises(Stale):
        describe(document=found, description=Description("Lain", "", None, 2025), revision=1, by=team)
    describe(document=found, description=ABOUT, revision=1, by=team)  # what is there already is no conflict
    assert Document.objects.get().title == "SK Tim Kerja"
    assert happened(assessment.unit) == ["added", "described"]


def test_publishing_touches_only_the_units_own_and_only_what_changes(assessment):
    head = member(assessment.unit, Role.HEAD)
    first, second = document(assessment.unit), document(assessment.unit, public=True)
    foreign = document(UnitFactory())
    chosen = [first.pk, second.pk, foreign.pk]
    assert set_public(unit=assessment.unit, documents=chosen, public=True, by=head) == 1
    assert set(Document.objects.published()) == {first, second}
    assert set_public(unit=assessment.unit, documents=chosen, public=False, by=head) == 2
    assert set(Document.objects.published()) == set()
    assert happened(assessment.unit)[-3:] == ["published", "withdrawn", "withdrawn"]
    assert happened(foreign.unit) == ["added"]


@pytest.mark.parametrize("may_publish", [True, False])
def test_a_new_version_is_public_only_if_its_author_may_publish(assessment, team, may_publish):
    found = document(assessment.unit, public=True)
    row = replace_content(document=found, content=Content(stored()), seen=1, by=team, may_publish=may_publish)
    assert (row.is_public, Document.objects.published().exists()) == (may_publish, may_publish)
    assert happened(assessment.unit)[2:] == ["replaced"] + ["withdrawn"] * (not may_publish)
    assert is_whole(assessment)


def test_deleting_is_for_what_proves_nothing(assessment, team):
    held = attachment(assessment)
    with pytest.raises(ValidationError, match="masih terlampir"):
        delete_document(document=held.document, by=team)
    detach(assessment=assessment, attachment=held, by=team)
    sha256 = held.document.current.blob_id
    delete_document(document=held.document, by=team)
    assert (Document.objects.count(), DocumentVersion.objects.count(), Attachment.objects.count()) == (0, 0, 0)
    event = DocumentEvent.objects.get(kind="deleted")
    assert (event.document, event.data["sha256"], event.actor) == (held.document.pk, sha256, team)
    assert kinds(assessment) == [("evidence_attached", "A.I.1.i.a"), ("evidence_detached", "A.I.1.i.a")]
    assert is_whole(assessment)


def test_nothing_that_a_submission_used_is_deleted_by_anyone(assessment, team):
    held = attachment(assessment)
    assert pin_versions(assessment=assessment, at=timezone.now()) == 1
    detach(assessment=assessment, attachment=held, by=team)
    with pytest.raises(ValidationError, match="sudah diajukan"):
        delete_document(document=held.document, by=team)
    pin = Pin.objects.get()
    for delete in (pin.delete, Pin.objects.all().delete):
        with pytest.raises(HistoryIsFixed):
            delete()
    for row in (held.document, held, held.document.current, held.document.current.blob):
        with pytest.raises(ProtectedError):
            row.delete()
    assert Document.objects.get() == held.document


def test_a_submission_remembers_its_version_whatever_comes_later(assessment, team):
    held = attachment(assessment)
    pin_versions(assessment=assessment, at=timezone.now())
    replace_content(document=held.document, content=Content(stored()), seen=1, by=team)
    pin_versions(assessment=assessment, at=timezone.now())
    assert [p.version.number for p in held.pins.order_by("at")] == [1, 2]


def test_attaching_guesses_the_expected_document_and_writes_one_event_each(assessment, team):
    first = document(assessment.unit, title="SK Tim Kerja Pembangunan ZI beserta uraian tugas")
    second = document(assessment.unit, title="Foto kegiatan senam")
    links = [Link("A.I.1.i.a", first), Link("A.I.1.i.a", second), Link("A.I.1.i.b", first, 0, "hlm. 3")]
    made = attach(assessment=assessment, links=links, by=team)
    assert [(a.expected.title if a.expected else "", a.page_ref) for a in made] == [
        ("SK Tim Kerja Pembangunan ZI beserta uraian tugas", ""), ("", ""), ("", "hlm. 3"),
    ]  # fmt: skip
    assert kinds(assessment) == [
        ("evidence_attached", "A.I.1.i.a"), ("evidence_attached", "A.I.1.i.a"), ("evidence_attached", "A.I.1.i.b"),
    ]  # fmt: skip
    assert is_whole(assessment)


def test_attaching_twice_attaches_once_and_again_after_detaching(assessment, team):
    found = document(assessment.unit)
    link = Link("A.I.1.i.a", found)
    first = attach(assessment=assessment, links=[link, link], by=team)
    assert attach(assessment=assessment, links=[link], by=team) == []
    detach(assessment=assessment, attachment=first[0], by=team)
    detach(assessment=assessment, attachment=first[0], by=team)
    again = attach(assessment=assessment, links=[link], by=team)
    assert (len(first), len(again), Attachment.objects.count(), Attachment.objects.live().count()) == (1, 1, 2, 1)
    assert [kind for kind, _ in kinds(assessment)] == ["evidence_attached", "evidence_detached", "evidence_attached"]


def test_documents_of_another_unit_are_never_attached(assessment, team):
    foreign = document(UnitFactory())
    assert attach(assessment=assessment, links=[Link("A.I.1.i.a", foreign)], by=team) == []
    assert kinds(assessment) == []


def test_attaching_many_takes_as_many_queries_as_attaching_one(assessment, team):
    found = [document(assessment.unit) for _ in range(12)]
    codes = ["A.I.1.i.a", "A.I.1.i.b", "A.I.2.i.a"]

    def queries(links):
        with CaptureQueriesContext(connection) as seen:
            attach(assessment=assessment, links=links, by=team)
        return len(seen)

    one = queries([Link("A.I.1.i.a", found[0])])
    many = queries([Link(code, each) for each in found[1:] for code in codes])
    assert (many, Attachment.objects.count()) == (one, 34)


@pytest.mark.parametrize("state", ["submitted", "review", "fulfils"])
def test_a_closed_assessment_keeps_its_evidence(instrument, state):
    row = opened()
    team = member(row.unit)
    held = attachment(row)
    extra = document(row.unit)
    Assessment.objects.filter(pk=row.pk).update(state=state)
    for write in (
        lambda: attach(assessment=row, links=[Link("A.I.1.i.b", extra)], by=team),
        lambda: detach(assessment=row, attachment=held, by=team),
        lambda: change_attachment(assessment=row, attachment=held, expected=1, page_ref="2", revision=1, by=team),
    ):
        with pytest.raises(ValidationError, match="tidak sedang dibuka"):
            write()
    held.refresh_from_db()
    assert (held.detached_at, held.page_ref, Attachment.objects.count()) == (None, "", 1)


def test_saying_what_an_attachment_is(assessment, team):
    held = attachment(assessment, doc=document(assessment.unit, title="Foto"))
    expected = ExpectedDocument.objects.filter(criterion=held.criterion).order_by("order").first()
    change_attachment(assessment=assessment, attachment=held, expected=1, page_ref="12–14", revision=1, by=team)
    held.refresh_from_db()
    assert (held.expected, held.page_ref, held.revision) == (expected, "12–14", 2)
    with pytest.raises(Stale):
        change_attachment(assessment=assessment, attachment=held, expected=0, page_ref="", revision=1, by=team)
    change_attachment(assessment=assessment, attachment=held, expected=1, page_ref="12–14", revision=1, by=team)
    change_attachment(assessment=assessment, attachment=held, expected=99, page_ref="12–14", revision=2, by=team)
    held.refresh_from_db()
    assert (held.expected, held.revision) == (None, 3)
    assert [kind for kind, _ in kinds(assessment)] == ["evidence_attached", "evidence_changed", "evidence_changed"]
    assert is_whole(assessment)


def test_the_history_of_documents_is_fixed_and_tampering_shows(assessment, team):
    document(assessment.unit)
    document(assessment.unit)
    library = Library.objects.get()
    assert chain_problems(library) == []
    event = DocumentEvent.objects.first()
    for change in (event.save, event.delete, DocumentEvent.objects.all().delete):
        with pytest.raises(HistoryIsFixed):
            change()
    with pytest.raises(HistoryIsFixed):
        DocumentEvent.objects.update(kind="deleted")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE evidence_documentevent SET kind = 'deleted' WHERE number = 1")
    assert chain_problems(library) == ["row 1 does not match its digest"]
