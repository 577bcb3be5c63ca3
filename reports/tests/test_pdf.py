"""The LKE as PDF, read back: text, figures, structure, and that nothing is fetched."""

import io
import re
import socket
from dataclasses import replace

import pikepdf
import pypdf
import pytest

from assessment.scoring import SEPARATE, Given
from assessment.trace import comma
from reports import pdf
from reports.lke import Lke
from reports.rows import summary_rows, table_rows, threshold_lines, verdicts
from reports.tests.workbook_samples import lke_with, random_lke

HOSTILE = (
    '<img src="http://contoh.invalid/x.png"><link rel="stylesheet" href="file:///etc/passwd">'
    "<style>@import url(http://contoh.invalid/y.css)</style>"
)


def squeezed(text: str) -> str:
    """Remove all white space: a PDF breaks lines where it likes."""
    return re.sub(r"\s+", "", text)


@pytest.fixture(scope="module")
def lke() -> Lke:
    drawn = random_lke(11, complete=0.8)
    notes = {
        **drawn.notes,
        "A.I.1.i.a": HOSTILE,
        "A.I.1.i.b": "kata" * 300,
        "A.II.1.i.a": "Catatan jumlah.",
        "B.I.a": "x " * 2500,
    }
    # As long as the database lets them be, and one word of the unit's name wider than the page.
    return replace(drawn, notes=notes, unit_name=("Unit Pelayanan " * 8 + "W" * 80)[:200], parent_name="Instansi " * 22)


@pytest.fixture(scope="module")
def content(lke: Lke) -> bytes:
    """One rendering for all tests here, with the network taken away."""
    with pytest.MonkeyPatch.context() as patch:

        def refused(*args: object, **kwargs: object) -> None:
            raise AssertionError("the document asked for the network")

        patch.setattr(socket, "socket", refused)
        patch.setattr(socket, "create_connection", refused)
        return pdf.render(lke)


@pytest.fixture(scope="module")
def reader(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(content))


@pytest.fixture(scope="module")
def text(reader: pypdf.PdfReader) -> str:
    return squeezed("".join(page.extract_text() for page in reader.pages))


def test_it_names_the_unit_the_period_and_both_totals(lke, text):
    for wanted in (
        lke.unit_name, lke.parent_name, lke.unit_code, lke.period_name, lke.target_label, lke.stage_label,
        comma(lke.result.total), comma(lke.result.provisional_total),
    ):  # fmt: skip
        assert squeezed(wanted) in text


def test_every_criterion_and_every_count_is_printed(lke, text):
    for criterion in lke.result.worksheet.criteria.values():
        assert squeezed(criterion.title) in text, criterion.code
        for quantity in criterion.quantities:
            assert squeezed(quantity.title) in text, quantity.code


def test_every_line_has_the_engines_figures(lke):
    nodes = list(lke.result.worksheet.nodes.values())
    headings = [row for row in table_rows(lke) if row.is_heading]
    assert [(r.title, r.score, r.weight) for r in headings] == [
        (n.title, comma(lke.result.nodes[n.code].score), comma(n.weight)) for n in nodes
    ]
    criteria = [row for row in table_rows(lke) if row.level == "criterion"]
    assert len(criteria) == 113
    assert sum(bool(row.score) for row in criteria) == lke.result.answered


def test_every_heading_line_is_printed_with_its_figures(lke, text):
    for node in lke.result.worksheet.nodes.values():
        scored = lke.result.nodes[node.code]
        progress = f"{scored.answered} dari {scored.total} terjawab · sementara {comma(scored.provisional)}"
        line = f"{node.marker}. {node.title}{comma(node.weight)}{progress}{comma(scored.score)}{comma(scored.percent)}%"
        assert squeezed(line) in text, node.code


def test_the_last_line_has_the_total(lke, text):
    result = lke.result
    progress = f"{result.answered} dari {len(result.values)} terjawab · sementara {comma(result.provisional_total)}"
    assert squeezed(f"NILAI TOTAL 100,00 {progress} {comma(result.total)} Pengesahan") in text


def test_every_threshold_is_printed_as_the_engine_decides_it(lke, text):
    lines = threshold_lines(lke)
    assert len(lines) == 7 + 6 * 3
    assert [v.passed for v in verdicts(lke)] == [lke.result.passed("WBK"), lke.result.passed("WBBM")]
    for check in lke.result.checks:
        (line,) = [each for each in lines if each.name == check.name]
        held = line.held[["WBK", "WBBM"].index(check.predicate)]
        assert (held.passed, line.decides) == (check.passed, check.decides)
        printed = (
            line.label
            + line.value
            + "".join(f"{h.minimum}{'✓' if h.passed else '✗'}{h.outcome}" for h in line.held if h.outcome)
        )
        assert squeezed(printed) in text


def test_the_parts_of_an_area_are_printed_below_it_by_their_section():
    labels = [(line.label, line.is_part) for line in threshold_lines(lke_with({}))]
    assert labels[2:5] == [("Area 1 Manajemen Perubahan", False), ("Pemenuhan saja", True), ("Reform saja", True)]
    assert [label for label, is_part in labels if is_part] == ["Pemenuhan saja", "Reform saja"] * 6


def test_the_summary_adds_up_to_the_total(lke, text):
    rows = summary_rows(lke)
    assert [r.title for r in rows if r.is_sum] == ["Pengungkit", "Hasil", "Nilai total"]
    assert rows[-1].score == comma(lke.result.total)
    for row in rows:
        line = row.title + row.weight + row.fulfilment + row.reform + row.score + row.percent
        assert squeezed(line) in text, row.title


def test_what_people_write_is_printed_as_text_and_fetches_nothing(text):
    assert squeezed(HOSTILE) in text


def test_long_words_and_long_notes_stay_on_the_page(reader, text):
    assert "kata" * 300 in text
    assert text.count("x") >= 2500
    assert len(reader.pages) > 10


def test_a_note_stands_below_its_criterion_and_counts(lke, text):
    rows = table_rows(lke)
    place = [row.title for row in rows].index("Catatan jumlah.")
    assert [row.level for row in rows[place - 3 : place + 1]] == ["criterion", "count", "count", "note"]
    assert squeezed(f"{rows[place - 1].title}{rows[place - 1].answer}Catatan: Catatan jumlah.") in text


@pytest.mark.parametrize(
    ("note", "printed"),
    [
        (" satu\r\n\n\n dua \n", ["satu\ndua"]),
        ("\n" * 5000, []),
        ("a\x01b\u202ec\td\u00a0e", ["abc d e"]),
        ("x\n" * 30, ["\n".join("x" * 30)]),
        ("x\n" * 31, [" · ".join("x" * 31)]),
    ],
)
def test_a_note_keeps_its_lines_but_cannot_fill_pages_with_them(note, printed):
    rows = table_rows(lke_with({}, notes={"A.I.1.i.a": note}))
    assert [row.title for row in rows if row.level == "note"] == printed


def test_the_cover_and_the_summary_take_one_page_each_whatever_the_names(reader):
    pages = [squeezed(page.extract_text()) for page in reader.pages[:3]]
    # The last words of the cover's chart, of the summary's small print, and the first of the sheet.
    assert ["50100%" in page for page in pages] == [True, False, False]
    assert ["tidakmenentukan." in page for page in pages] == [False, True, False]
    assert ["A.PENGUNGKIT" in page for page in pages] == [False, False, True]


def test_no_heading_stands_alone_at_the_foot_of_a_page(reader):
    sheets = [page for page in reader.pages if page.mediabox.width > page.mediabox.height]
    assert len(sheets) == len(reader.pages) - 2
    ends = [body_of(page)[-40:] for page in sheets]
    assert [end for end in ends if re.search(r"terjawab·sementara[\d,]+%$", end)] == []


def body_of(page: pypdf.PageObject) -> str:
    """Return a page's text without white space and without its margins, which are drawn last, the header first."""
    body, header, _ = squeezed(page.extract_text()).rpartition("LKEZonaIntegritas–")
    assert header
    return body


def test_the_signatures_stand_together_on_the_last_page(reader):
    last = squeezed(reader.pages[-1].extract_text())
    assert "PengesahanIsianlembarkerja" in last
    assert last.count("NIP") == 2
    assert sum(squeezed(page.extract_text()).count("NIP") for page in reader.pages[:-1]) == 0


def test_pages_are_numbered_to_the_end(reader):
    count = len(reader.pages)
    for number in (1, 2, count):
        assert f"Halaman {number} dari {count}" in reader.pages[number - 1].extract_text()


def test_bookmarks_lead_to_components_sections_areas_and_subareas(lke, reader):
    def titles(items):
        for item in items:
            if isinstance(item, list):
                yield from titles(item)
            else:
                yield squeezed(item.title)

    found = list(titles(reader.outline))
    for node in lke.result.worksheet.nodes.values():
        assert squeezed(f"{node.marker}. {node.title}") in found, node.code
    assert {"Rekapitulasinilai", "Ambangbataspredikat", "Lembarkerjaevaluasi", "Pengesahan"} <= set(found)


def test_it_is_tagged_with_language_and_title(content, lke):
    with pikepdf.open(io.BytesIO(content)) as document:
        assert bool(document.Root.MarkInfo.Marked) is True
        assert "/StructTreeRoot" in document.Root
        assert str(document.Root.Lang) == "id"
        assert str(document.docinfo["/Author"]) == lke.unit_name
        assert str(document.docinfo["/Title"]) == f"LKE Zona Integritas {lke.unit_name} {lke.year}"


@pytest.mark.parametrize(
    "address",
    ["http://contoh.invalid/a.png", "https://contoh.invalid/", "file:///etc/passwd", "data:text/css,x", "a.ttf",
     "bundled:../../css/portal.css", "bundled:/etc/passwd", "bundled:tidak-ada.ttf", "ftp://contoh.invalid/"],
)  # fmt: skip
def test_only_bundled_fonts_are_handed_out(address):
    with pytest.raises(pdf.RefusedResource):
        pdf.BundledOnly().fetch(address)


def test_a_template_that_would_fetch_stops_the_document(lke, monkeypatch):
    monkeypatch.setattr(
        pdf, "render_to_string", lambda *_: '<html lang="id"><img src="http://contoh.invalid/x"></html>'
    )
    with pytest.raises(pdf.RefusedResource):
        pdf.render(lke)


def test_a_ratio_set_by_tpi_is_printed_with_its_reason():
    from decimal import Decimal

    given = {"A.II.5.ii.a": Given(counts=(0, 0, 0), ratio=Decimal("0.8"), reason="nihil pengaduan")}
    (row,) = [r for r in table_rows(lke_with(given)) if r.title.startswith("Persentase penanganan pengaduan")]
    assert row.remarks == ["Penyebut nol: perlu penetapan TPI. Ditetapkan 80,00%: nihil pengaduan"]
    (open_row,) = [r for r in table_rows(lke_with({"A.II.5.ii.a": Given(counts=(0, 0, 0))})) if r.title == row.title]
    assert open_row.remarks == ["Penyebut nol: perlu penetapan TPI."]


def test_the_reading_that_decides_is_the_periods():
    lines = threshold_lines(lke_with({}, area_reading=SEPARATE))
    assert {line.name for line in lines if not line.decides} == {
        line.name for line in lines if line.name.startswith("Area") and "(" not in line.name
    }
