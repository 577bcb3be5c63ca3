"""The demo's documents: of every kind, marked as examples, attached where they belong, the same every time."""

import random
from datetime import date, datetime, timezone
from io import BytesIO
from types import SimpleNamespace

import pypdf
import pytest
from openpyxl import load_workbook

from accounts.models import Role, User
from accounts.tests.factories import UnitFactory, member
from assessment import access
from assessment.models import Assessment, Event
from assessment.tests.factories import filled, opened
from evidence import demo as documents
from evidence import storage
from evidence.content import clean_name, identify
from evidence.demo import office, papers, pictures, units
from evidence.demo.pdf_writer import LEFT, RIGHT, Paper, width_of, wrapped
from evidence.demo.plan import Form, Planner, Scale, form_of
from evidence.models import Attachment, Document, DocumentEvent

ABOUT = papers.About("Kantor Contoh (Pusat)", "SK Tim Kerja – ZI", "800/1/2026", date(2026, 2, 3), 2026)


def plan(worksheet, code="UNIT-01", answered=None, scale=None):
    wanted = list(worksheet.criteria) if answered is None else answered
    return Planner(worksheet, "Kantor Contoh", code, 2026, scale or units.SCALES[code]).plan(wanted)


def proven(planned):
    return {proof.code for each in planned for proof in each.proofs}


def kind_of(content, name):
    return identify(BytesIO(content), name).key


def test_unit_01_proves_nearly_everything_and_leaves_some_gaps(worksheet):
    planned = plan(worksheet)
    assert 100 < len(proven(planned)) < 113
    forms = {each.file_name.rpartition(".")[2] for each in planned}
    assert forms == {"pdf", "docx", "xlsx", "jpg", "png", ""}
    assert sum(each.file_name.endswith(".pdf") for each in planned) == 14  # each is checked in a process of its own
    assert [each.about.year for each in planned if each.about.year != 2026] == [2025]
    assert sum(each.again is not None for each in planned) == 1
    assert sum(each.is_public for each in planned) >= 3
    assert max(len(each.proofs) for each in planned) >= 3
    wanted = sum(len(c.documents) for c in worksheet.criteria.values())
    found = {(proof.code, proof.expected) for each in planned for proof in each.proofs if proof.expected}
    assert 0.4 < len(found) / wanted < 0.9


def test_only_answers_are_proven_and_every_place_exists(worksheet):
    answered = list(worksheet.criteria)[:30]
    planned = plan(worksheet, answered=answered)
    assert proven(planned) <= set(answered)
    for each in planned:
        places = [(proof.code, proof.expected) for proof in each.proofs]
        assert len({code for code, _ in places}) == len(places)
        assert all(0 <= place <= len(worksheet.criteria[code].documents) for code, place in places)


def test_a_unit_without_answers_has_no_documents(worksheet):
    assert plan(worksheet, answered=[]) == []
    assert plan(worksheet, "UNIT-03") == []


@pytest.mark.parametrize("year", [2026, 2028])
def test_every_file_is_what_its_name_says_and_the_same_every_time(worksheet, year):
    scale = Scale(criteria=0.1, documents=0.6, reports=1, decrees=1)
    first, again = (Planner(worksheet, "Kantor", "UNIT-09", year, scale).plan(list(worksheet.criteria)) for _ in "12")
    made = [(each.file_name, each.make()) for each in first if each.make]
    assert made == [(each.file_name, each.make()) for each in again if each.make]
    assert len({content for _, content in made}) == len(made)
    for name, content in made:
        assert clean_name(name) == name
        assert name.rpartition(".")[2] in {kind_of(content, name), "jpg"}


def test_a_workbook_is_the_same_whenever_it_is_made(monkeypatch):
    made = office.sheet(ABOUT, random.Random(1))
    moment = datetime(2031, 5, 6, 7, 8, 9)
    later = SimpleNamespace(datetime=SimpleNamespace(now=lambda tz: moment), timezone=timezone)
    monkeypatch.setattr("openpyxl.writer.excel.datetime", later)
    assert office.sheet(ABOUT, random.Random(1)) == made
    assert load_workbook(BytesIO(made)).properties.modified == datetime(2026, 1, 2, 8, 0, 0)


def test_papers_say_that_they_are_examples_on_every_page():
    chapters = [("A.I.1.i.a", "Unit kerja telah membentuk tim"), ("A.I.1.i.b", "Penentuan anggota tim")]
    for content, pages in (
        (papers.decree(ABOUT, random.Random(1)), 2),
        (papers.report(ABOUT, chapters, random.Random(1)), 3),
    ):
        read = pypdf.PdfReader(BytesIO(content))
        texts = [page.extract_text() for page in read.pages]
        assert len(texts) == pages
        assert all("CONTOH: bukan dokumen resmi" in text for text in texts)
        assert "KANTOR CONTOH (PUSAT)" in texts[0]
        assert read.metadata.title == "SK Tim Kerja – ZI"
    assert "Penentuan anggota tim" in texts[2]  # where the page reference "3" points
    assert office.letter(papers.minutes(ABOUT, random.Random(1)))[:2] == b"PK"


def test_text_stays_between_the_margins_and_flows_to_the_next_page():
    paper = Paper("Panjang", "CONTOH")
    for _ in range(60):
        paper.text("Penyelenggaraan pelayanan publik yang prima " * 4)
    assert len(paper.pages) == 3
    assert len(pypdf.PdfReader(BytesIO(paper.to_bytes())).pages) == len(paper.pages)
    assert all(width_of(line, 11) <= RIGHT - LEFT for line in wrapped("kata demi kata " * 50, 11, RIGHT - LEFT))


@pytest.mark.parametrize(
    ("title", "form", "extension"),
    [
        ("Foto spanduk ZI", Form.PICTURE, ".jpg"), ("Tangkapan layar laman", Form.PICTURE, ".png"),
        ("Diagram integrasi data", Form.PICTURE, ".png"), ("SK Tim Kerja", Form.DECREE, ""),
        ("Skema tanpa padanan", Form.REPORT, ""), ("Rekap hasil", Form.SHEET, ""), ("Notulen rapat", Form.LETTER, ""),
    ],
)  # fmt: skip
def test_a_title_tells_its_form(title, form, extension):
    assert form_of(title) == form
    if extension:
        assert pictures.extension_of(title) == extension
        assert kind_of(pictures.picture(title, "Kantor", random.Random(1)), f"a{extension}") in {"jpeg", "png"}


@pytest.fixture
def furnished(instrument, monkeypatch):
    """Return a unit's assessment with a small demo through the real services, beside one of no demo unit."""
    row = opened(UnitFactory(code="UNIT-01"))
    monkeypatch.setitem(units.SCALES, "UNIT-01", Scale(criteria=0.06, documents=0.8, reports=1, decrees=1))
    member(row.unit)
    member(row.unit, Role.HEAD)
    filled(row)
    filled(opened())
    assert documents.seed(year=2026) == Document.objects.count()
    return Assessment.objects.for_page().get(pk=row.pk)


@pytest.mark.django_db
def test_documents_are_stored_attached_published_and_written_into_the_history(furnished):
    rows = list(Document.objects.for_list())
    assert {row.unit for row in rows} == {furnished.unit}
    assert all(storage.verify(row.current.blob_id) == storage.Health.OK for row in rows if row.current.blob_id)
    live = Attachment.objects.live()
    assert {a.document_id for a in live} == {row.pk for row in rows}
    assert Event.objects.filter(kind=Event.Kind.EVIDENCE_ATTACHED).count() == live.count()
    assert live.filter(page_ref="2").count() == 1
    assert {a.attached_by for a in live} == {User.objects.get(memberships__role=Role.MEMBER)}
    assert sorted(row.current.number for row in rows)[-1] == 2
    published = DocumentEvent.objects.filter(kind=DocumentEvent.Kind.PUBLISHED)
    assert {event.actor for event in published} <= {User.objects.get(memberships__role=Role.HEAD)}


@pytest.mark.django_db
def test_what_people_do_with_the_demo_stays(furnished):
    before = (Document.objects.count(), Attachment.objects.live().count())
    Document.objects.first().attachments.update(detached_at=furnished.period.unit_opens)
    left = Attachment.objects.live().count()
    assert documents.seed(year=2026) == 0
    assert (Document.objects.count(), Attachment.objects.live().count()) == (before[0], left)
    assert left < before[1]


@pytest.mark.django_db
def test_a_closed_assessment_gets_nothing(instrument):
    row = opened(UnitFactory(code="UNIT-01"), state="submitted")
    assert not access.is_open_for_unit(row)
    assert documents.seed(year=2026) == Document.objects.count() == 0


@pytest.mark.django_db
def test_a_run_that_stops_half_way_leaves_no_documents_and_the_next_completes(instrument, monkeypatch):
    row = opened(UnitFactory(code="UNIT-01"))
    member(row.unit)
    filled(row)
    monkeypatch.setitem(units.SCALES, "UNIT-01", Scale(criteria=0.04, documents=0.8, decrees=0))
    with monkeypatch.context() as patch:
        patch.setattr(units, "attach", lambda **_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            documents.seed(year=2026)
    assert (Document.objects.count(), DocumentEvent.objects.count()) == (0, 0)
    assert documents.seed(year=2026) == Document.objects.count() > 0
