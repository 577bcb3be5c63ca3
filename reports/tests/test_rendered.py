"""Documents that are drawn once: the same content is served again, any other is drawn, and nothing half is served."""

import os
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from types import MappingProxyType

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, Unit
from assessment import services
from assessment.models import Assessment, Award, Period
from assessment.tests.factories import UnitFactory, answer, member, opened
from reports import downloads, pdf, rendered, workbook
from reports.lke import lke_of
from reports.recap.choosing import RecapForm
from reports.recap.collect import recap_of
from reports.recap.shown import shown_of
from reports.rendered import keys, store

pytestmark = pytest.mark.django_db


@pytest.fixture
def draws(monkeypatch):
    """Count what is drawn, and draw it quickly."""
    counted = []

    def draw(name):
        def drawn(content):
            counted.append(name)
            return f"{name} {len(counted)}".encode()

        return drawn

    monkeypatch.setattr(workbook, "build", draw("xlsx"))
    monkeypatch.setattr(pdf, "render", draw("pdf"))
    return counted


def key(row):
    return rendered.key_of("lke", lke_of(Assessment.objects.for_page().get(pk=row.pk)))


@pytest.mark.parametrize("form", ["xlsx", "pdf"])
def test_the_same_lke_is_drawn_once_for_everybody(client, assessment, draws, form):
    url = reverse(f"reports:lke-{form}", args=[2026, assessment.unit.code])
    bodies = []
    for _ in range(2):
        client.force_login(member(assessment.unit))
        response = client.get(url)
        assert response["Content-Disposition"].endswith(f'filename="LKE-2026-{assessment.unit.code}.{form}"')
        bodies.append(response.content)
    assert (draws, bodies[0]) == ([form], bodies[1])
    answer(assessment, "A.I.1.i.a", choice="Y")
    assert client.get(url).content != bodies[0]
    assert draws == [form, form]


def test_a_kept_document_is_no_way_around_the_rights(client, assessment, draws):
    url = reverse("reports:lke-pdf", args=[2026, assessment.unit.code])
    client.force_login(member(assessment.unit))
    assert client.get(url).status_code == 200
    client.force_login(member(opened().unit, Role.HEAD))
    assert client.get(url).status_code == 404
    assert draws == ["pdf"]


CHANGES = {
    "answer": lambda row: answer(row, "A.I.1.i.a", choice="T"),
    "note": lambda row: answer(row, "A.I.1.i.a", choice="Y", note="lain"),
    "unit's name": lambda row: Unit.objects.filter(pk=row.unit_id).update(name="Nama baru"),
    "upper unit's name": lambda row: Unit.objects.filter(pk=row.unit.parent_id).update(name="Nama baru"),
    "target": lambda row: services.set_target(assessment=row, target="WBBM", by=None),
    "state": lambda row: Assessment.objects.filter(pk=row.pk).update(state="submitted"),
    "period's name": lambda row: Period.objects.update(name="Periode lain"),
    "area reading": lambda row: Period.objects.update(area_reading="separate"),
    "award": lambda row: Award.objects.create(
        unit=row.unit, predicate="WBK", decree_number="1", decree_date=timezone.localdate()
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_shows_in_an_lke_is_in_its_key(instrument, change):
    row = opened(UnitFactory(parent=UnitFactory()))
    answer(row, "A.I.1.i.a", choice="Y")
    before = key(row)
    assert key(row) == before
    change(Assessment.objects.for_page().get(pk=row.pk))
    assert key(row) != before


def test_the_time_of_making_and_an_undone_change_leave_the_key(assessment):
    lke = lke_of(assessment)
    later = replace(lke, printed_at=lke.printed_at + timedelta(days=3))
    assert rendered.key_of("lke", later) == rendered.key_of("lke", lke)
    assert rendered.key_of("lke", replace(lke, stage_label="TPI")) != rendered.key_of("lke", lke)
    assert rendered.key_of("pdf", lke) != rendered.key_of("lke", lke)


def test_other_code_or_another_place_is_another_key(settings, monkeypatch, tmp_path):
    before = rendered.key_of("lke", "isi")
    settings.PORTAL_URL = "https://lain.example"
    assert rendered.key_of("lke", "isi") != before
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "pdf.py").write_text("satu")
    settings.BASE_DIR = tmp_path
    first = rendered.key_of("lke", "isi")
    (tmp_path / "reports" / "pdf.py").write_text("dua")
    assert rendered.key_of("lke", "isi") == first  # a process runs the code that it began with
    keys._code_version.cache_clear()
    assert rendered.key_of("lke", "isi") != first
    keys._code_version.cache_clear()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("a", "bc"), ("ab", "c")), (["a", ["b"]], [["a"], "b"]), ({"a": 1}, {"a": "1"}), (b"a", "a"), (True, 1),
        (Decimal("1.0"), Decimal("1.00")), (None, "None"), ({"a": {}}, {"a": []}), ({"a": "b"}, {"b": "a"}),
    ],
)  # fmt: skip
def test_different_content_has_different_bytes(one, other):
    assert b"".join(keys.pieces(one)) != b"".join(keys.pieces(other))
    assert b"".join(keys.pieces(one)) == b"".join(keys.pieces(one))


def test_what_is_not_known_is_refused_and_a_mapping_is_one():
    with pytest.raises(TypeError):
        list(keys.pieces({"a": object()}))
    assert list(keys.pieces(MappingProxyType({"a": 1}))) == list(keys.pieces({"a": 1}))


def test_a_recap_is_drawn_once_and_again_when_a_figure_changes(assessment, monkeypatch):
    from reports.recap import pdf as recap_pdf

    monkeypatch.setattr(recap_pdf, "render", lambda shown: shown.made.encode())

    def drawn(**asked):
        recap = recap_of(assessment.period, None)
        form = RecapForm(recap, asked)
        assert form.is_valid()
        return rendered.recap_pdf(replace(shown_of(recap, form), at=timezone.now() + timedelta(minutes=len(found))))

    found = []
    for _ in range(2):
        found.append(drawn())
    assert [d.is_kept for d in found] == [False, True]
    assert found[0].content == found[1].content
    assert not drawn(tahap="tpi").is_kept
    answer(assessment, "A.I.1.i.a", choice="Y")
    assert not drawn().is_kept


def test_official_documents_are_drawn_once_for_the_same_data(monkeypatch):
    from reports import documents

    seen = []
    for name in ("sptjm_pdf", "lhe_pdf", "lhe_docx", "letter_pdf", "letter_docx"):
        monkeypatch.setattr(documents, name, lambda data, name=name: seen.append(name) or name.encode())
    data = {"head": {"unit": "Unit"}, "logo": b"gambar"}
    for call in (
        lambda d: rendered.sptjm(d), lambda d: rendered.lhe(d, "pdf"), lambda d: rendered.lhe(d, "docx"),
        lambda d: rendered.letter(d, "pdf"), lambda d: rendered.letter(d, "docx"),
    ):  # fmt: skip
        assert [call(data).is_kept, call(dict(data)).is_kept, call(data | {"logo": b""}).is_kept] == [
            False,
            True,
            False,
        ]
    assert len(seen) == len(set(seen)) * 2
    assert rendered.lhe(data, "docx").content_type == downloads.DOCX


def test_a_damaged_or_half_written_file_is_no_hit(data_dir):
    store.keep("a" * 64, b"isi dokumen")
    path = data_dir / "rendered" / ("a" * 64)
    assert store.found("a" * 64) == b"isi dokumen"
    whole = path.read_bytes()
    for damaged in (whole[:-1], b"", whole[:20], whole[:-1] + b"X"):
        path.write_bytes(damaged)
        assert store.found("a" * 64) is None
    assert store.found("b" * 64) is None


def test_a_write_that_breaks_off_leaves_nothing_and_hands_the_document_out(data_dir, monkeypatch, assessment, draws):
    def broken(self, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", broken)
    drawn = rendered.lke(lke_of(assessment), "pdf")
    assert (drawn.content, drawn.is_kept) == (b"pdf 1", False)
    assert list((data_dir / "rendered").iterdir()) == []


def test_what_was_longest_not_read_is_cleared_when_there_is_too_much(settings, data_dir):
    settings.RENDERED_MAX = 10_000
    for number in range(4):
        store.keep(f"{number}" * 64, b"x" * 2300)
        os.utime(data_dir / "rendered" / (f"{number}" * 64), (1000 + number, 1000 + number))
    assert store.found("0" * 64) is not None  # read just now
    store.keep("9" * 64, b"x" * 2300)
    left = {path.name[0] for path in (data_dir / "rendered").iterdir()}
    assert left == {"0", "3", "9"}
    assert store.clear(0) == 0
    assert list((data_dir / "rendered").iterdir()) == []
