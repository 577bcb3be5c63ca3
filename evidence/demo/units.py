"""Giving the demo units their evidence."""

from collections.abc import Callable

from django.db import transaction

from accounts.models import Role, Unit, User
from assessment import access, selectors
from assessment.models import Assessment

from ..models import Document, Library
from ..services.attachments import Link, attach
from ..services.documents import Content, Description, add_document, replace_content, set_public
from ..services.receive import Received, receive
from ..storage import Incoming
from .plan import Planned, Planner, Scale

SCALES = {
    "UNIT-01": Scale(criteria=0.95, documents=0.75, reports=9, decrees=5),
    "UNIT-02": Scale(criteria=0.5, documents=0.5, reports=3, decrees=2),
    "UNIT-03": Scale(criteria=0, documents=0),
}
OTHERS = Scale(criteria=0.15, documents=0.4)


def seed(*, year: int) -> int:
    """Give evidence to each demo unit whose documents nobody has touched yet; return the number of documents.

    A unit gets all or nothing: what an interrupted run has stored without documents is reclaimed by the audit.
    """
    made = 0
    rows = Assessment.objects.for_page().filter(period__year=year, unit__code__startswith="UNIT-")
    for row in rows.order_by("unit__code"):
        if access.is_open_for_unit(row) and not Library.objects.filter(unit=row.unit, event_count__gt=0).exists():
            made += _furnish(row)
    return made


def _furnish(assessment: Assessment) -> int:
    unit = assessment.unit
    worksheet = selectors.worksheet_of(assessment.period.instrument)
    scale = SCALES.get(unit.code, OTHERS)
    planner = Planner(worksheet, unit.name, unit.code, assessment.period.year, scale)
    planned = planner.plan(selectors.answers_of(assessment, "unit"))
    files = [(_received(each, each.make), _received(each, each.again)) for each in planned]
    author, head = _person(unit, Role.MEMBER), _person(unit, Role.HEAD)
    links: list[Link] = []
    public = []
    with transaction.atomic():
        for each, (file, newer) in zip(planned, files, strict=True):
            document = _add(unit, each, file, newer, author)
            links += [Link(proof.code, document, proof.expected, proof.page_ref) for proof in each.proofs]
            public += [document.pk] if each.is_public else []
        attach(assessment=assessment, links=links, by=author)
        set_public(unit=unit, documents=public, public=True, by=head)
    return len(planned)


def _received(planned: Planned, make: Callable[[], bytes] | None) -> Received | None:
    if make is None:
        return None
    with Incoming.begin() as incoming:
        incoming.write(make())
        incoming.finish()
        return receive(incoming, planned.file_name)


def _add(unit: Unit, planned: Planned, file: Received | None, newer: Received | None, by: User) -> Document:
    about = planned.about
    description = Description(about.title, about.number, about.dated, about.year)
    content = Content(file=file, url=planned.url)
    document, _ = add_document(unit=unit, content=content, description=description, by=by)
    if newer:
        replace_content(document=document, content=Content(file=newer), seen=1, by=by)
    return document


def _person(unit: Unit, role: Role) -> User:
    """Return somebody of the unit with this role; failing that, whoever fills in the demo's other units."""
    found = User.objects.filter(memberships__unit=unit, memberships__role=role).order_by("pk").first()
    return found or User.objects.filter(memberships__role=Role.MEMBER).order_by("pk")[0]
