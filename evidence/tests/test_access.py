"""Who reaches which documents: the team all of its unit's, others what proves something they may look at."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from accounts.models import TPI_ROLES, Role
from assessment.tests.factories import UnitFactory, UserFactory, member, opened, person, reviewer
from evidence.access import LibraryMay, get_attachment, get_batch, get_criterion, get_document, get_library, library_may
from evidence.models import Blob, Document, ImportBatch
from evidence.services.attachments import detach, pin_versions

from .factories import attachment, document

pytestmark = pytest.mark.django_db

# Written out: a role that is added must be thought about here.
LIBRARY_MATRIX = {
    Role.MEMBER: LibraryMay(edit=True, browse=True),
    Role.HEAD: LibraryMay(edit=True, publish=True, browse=True),
    Role.PRELIM: LibraryMay(browse=True),
    Role.TPI_MEMBER: LibraryMay(),
    Role.TPI_LEAD: LibraryMay(),
    Role.TPI_CONTROLLER: LibraryMay(),
    Role.OBSERVER: LibraryMay(browse=True),
    Role.ADMIN: LibraryMay(browse=True),
}
READERS = sorted(set(LIBRARY_MATRIX) - {Role.MEMBER, Role.HEAD})


def see(user):
    return set(Document.objects.visible_to(user))


def test_the_matrix_names_every_role():
    assert set(LIBRARY_MATRIX) == set(Role)


@pytest.mark.parametrize("role", Role)
def test_library_may(role):
    unit = UnitFactory()
    assert library_may(member(unit, role), unit) == LIBRARY_MATRIX[role]
    assert library_may(member(UnitFactory(), role), unit) == LibraryMay()


def test_who_stands_above_may_browse_and_the_team_above_may_not():
    unit = UnitFactory(parent=UnitFactory())
    assert library_may(member(unit.parent, Role.OBSERVER), unit) == LibraryMay(browse=True)
    assert library_may(member(unit.parent, Role.HEAD), unit) == LibraryMay()
    assert library_may(UserFactory(is_superuser=True), unit) == LibraryMay(browse=True)


def test_somebody_who_left_may_nothing():
    unit = UnitFactory()
    former = member(unit, Role.HEAD)
    document(unit)
    former.is_active = False
    assert (library_may(former, unit), see(former)) == (LibraryMay(), set())


def test_a_team_sees_all_documents_of_its_unit_and_no_others(assessment):
    ours, theirs = document(assessment.unit), document(UnitFactory())
    assert see(member(assessment.unit)) == {ours}
    assert see(member(theirs.unit, Role.HEAD)) == {theirs}
    assert see(UserFactory()) == set()
    assert see(UserFactory(is_superuser=True)) == {ours, theirs}


@pytest.mark.parametrize("role", READERS)
def test_readers_see_what_proves_something(assessment, role):
    attached, loose = attachment(assessment).document, document(assessment.unit, title="Belum dipakai")
    assert see(person(assessment, role)) == {attached}
    assert see(member(UnitFactory(), role)) == set()
    with pytest.raises(Http404):
        get_document(person(assessment, role), assessment.unit.code, loose.pk)


def test_readers_lose_what_was_detached_unless_it_was_submitted(assessment):
    team, reader = member(assessment.unit), reviewer(assessment, Role.TPI_MEMBER)
    passing, submitted = attachment(assessment), attachment(assessment, "A.I.1.i.b")
    detach(assessment=assessment, attachment=passing, by=team)
    pin_versions(assessment=assessment, at=timezone.now())
    detach(assessment=assessment, attachment=submitted, by=team)
    assert see(reader) == {submitted.document}


@pytest.mark.parametrize("role", [Role.PRELIM, Role.OBSERVER, Role.ADMIN])
def test_roles_of_the_tree_reach_documents_below(instrument, role):
    above = UnitFactory()
    found = attachment(opened(UnitFactory(parent=above)))
    attachment(opened(UnitFactory()))
    assert see(member(above, role)) == {found.document}


def test_a_document_is_found_only_through_its_own_unit(assessment):
    mine, other = document(assessment.unit), UnitFactory()
    user = member(assessment.unit)
    member_of_both = member(other)
    assert get_document(user, assessment.unit.code, mine.pk)[0] == mine
    for who, code in ((user, other.code), (member_of_both, other.code), (member_of_both, assessment.unit.code)):
        with pytest.raises(Http404):
            get_document(who, code, mine.pk)


@pytest.mark.parametrize("role", sorted(TPI_ROLES))
def test_inspectors_reach_what_is_attached_and_not_the_library(assessment, role):
    found = attachment(assessment).document
    loose = document(assessment.unit)
    user = reviewer(assessment, role)
    assert get_document(user, assessment.unit.code, found.pk)[1] == LibraryMay()
    with pytest.raises(PermissionDenied):
        get_document(user, assessment.unit.code, found.pk, needs="edit")
    for reach in (
        lambda: get_document(user, assessment.unit.code, loose.pk),
        lambda: get_library(user, assessment.unit.code),
    ):
        with pytest.raises(Http404):
            reach()


@pytest.mark.parametrize("role", sorted(set(Role) - TPI_ROLES))
@pytest.mark.parametrize("needs", ["edit", "publish"])
def test_a_right_that_is_lacking_is_refused_not_hidden(assessment, role, needs):
    found = attachment(assessment).document
    user = person(assessment, role)
    if getattr(LIBRARY_MATRIX[role], needs):
        assert get_document(user, assessment.unit.code, found.pk, needs=needs)[0] == found
        assert get_library(user, assessment.unit.code, needs=needs)[0] == assessment.unit
        return
    with pytest.raises(PermissionDenied):
        get_document(user, assessment.unit.code, found.pk, needs=needs)
    with pytest.raises(PermissionDenied):
        get_library(user, assessment.unit.code, needs=needs)


def test_a_criterion_needs_the_right_and_the_area(assessment):
    code = assessment.unit.code
    limited = member(assessment.unit, areas=["2"])
    assert get_criterion(limited, 2026, code, "A.I.1.i.a")[2].code == "A.I.1.i.a"
    assert get_criterion(limited, 2026, code, "A.I.2.i.a", needs="answer")[2].code == "A.I.2.i.a"
    with pytest.raises(PermissionDenied):
        get_criterion(limited, 2026, code, "A.I.1.i.a", needs="answer")
    with pytest.raises(PermissionDenied):
        get_criterion(member(assessment.unit, Role.OBSERVER), 2026, code, "A.I.1.i.a", needs="answer")
    for place in ("A.I.1.i", "X"):
        with pytest.raises(Http404):
            get_criterion(limited, 2026, code, place)


def test_an_attachment_is_found_only_at_its_own_criterion_and_while_it_is_live(assessment):
    user = member(assessment.unit)
    found = attachment(assessment)
    other = attachment(opened())
    code = assessment.unit.code
    assert get_attachment(user, 2026, code, "A.I.1.i.a", found.pk)[3] == found
    for place, pk in (("A.I.1.i.b", found.pk), ("A.I.1.i.a", other.pk), ("A.I.1.i.a", uuid4())):
        with pytest.raises(Http404):
            get_attachment(user, 2026, code, place, pk)
    detach(assessment=assessment, attachment=found, by=user)
    with pytest.raises(Http404):
        get_attachment(user, 2026, code, "A.I.1.i.a", found.pk)


def test_an_import_belongs_to_its_assessment_and_to_who_may_answer(assessment):
    user = member(assessment.unit)
    batch = ImportBatch.objects.create(assessment=assessment, source="bukti.zip", by=user)
    foreign = ImportBatch.objects.create(assessment=opened(), source="bukti.zip", by=user)
    assert get_batch(user, 2026, assessment.unit.code, batch.pk)[2] == batch
    with pytest.raises(Http404):
        get_batch(user, 2026, assessment.unit.code, foreign.pk)
    with pytest.raises(PermissionDenied):
        get_batch(reviewer(assessment, Role.TPI_LEAD), 2026, assessment.unit.code, batch.pk)


def test_the_public_list_has_readable_public_documents_of_active_units():
    unit, closed = UnitFactory(), UnitFactory(is_active=False)
    shown = document(unit, title="Maklumat", public=True)
    document(unit, title="Rahasia")
    document(closed, title="Unit ditutup", public=True)
    infected = document(unit, title="Terinfeksi", public=True)
    Blob.objects.filter(pk=infected.current.blob_id).update(scan=Blob.Scan.INFECTED)
    waiting = document(unit, title="Menunggu", public=True)
    Blob.objects.filter(pk=waiting.current.blob_id).update(scan=Blob.Scan.PENDING)
    link = document(unit, title="Tautan", url="https://contoh.go.id/maklumat", public=True)
    assert list(Document.objects.published()) == [shown, link]
