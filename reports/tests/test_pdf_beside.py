"""The LKE as PDF with several stages: figures, marks on differences, letterhead, and what proves a fixed copy."""

import io
import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pypdf
import pytest

from assessment.scoring import Given, shown
from assessment.trace import comma
from reports import beside as lines
from reports import pdf
from reports.lke import Checked, Fixed, Lke
from reports.tests.workbook_samples import beside, lke_with, random_lke

HEAD = {
    "lines": ["Pemerintah Kabupaten Contoh", "Inspektorat", "Baris tiga", "Dinas Contoh"],
    "address": "Jalan " + "x" * 190,
    "contact": "Telepon " + "1" * 190, "logo": "", "place": "Kota Contoh",
}  # fmt: skip
LOW_HEAD = HEAD | {"lines": HEAD["lines"][:2], "address": "Jalan Contoh 1", "contact": "Telepon 1"}
DIGEST = "ab12" * 16
FIXED = Fixed(
    "3f1c0f7e-0000-4000-8000-000000000000", DIGEST, "https://zi.contoh.go.id/salinan/3f1c/",
    datetime(2026, 5, 2, 3, 4, tzinfo=UTC), "Pengendali Satu",
    (("Unit", "Pengajuan unit, putaran 2", "cd34" * 16), ("TPI", "Keputusan TPI, putaran 1", DIGEST)),
)  # fmt: skip


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def text_of(lke: Lke) -> tuple[list[str], str]:
    pages = [squeezed(page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(pdf.render(lke))).pages]
    return pages, "".join(pages)


@pytest.fixture(scope="module")
def lke() -> Lke:
    drawn = replace(random_lke(11, complete=0.9), unit_name="Unit Pelayanan " * 13, parent_name="Instansi " * 22)
    checked = (Checked("TPI", ("4", "30", "3", "1"), "38"),)
    return replace(beside(drawn, ["tpi"]), checked=checked, letterhead=HEAD, fixed=FIXED)


@pytest.fixture(scope="module")
def pages(lke: Lke) -> list[str]:
    return text_of(lke)[0]


def test_both_totals_and_every_heading_are_printed_with_the_engines_figures(lke, pages):
    text = "".join(pages)
    assert squeezed(f"Nilai Unit Nilai TPI {comma(lke.result.total)}{comma(lke.others[0].result.total)}") in pages[0]
    for node in lke.result.worksheet.nodes.values():
        figures = [side.result.nodes[node.code] for side in lke.sides]
        line = f"{node.marker}. {node.title}{comma(node.weight)}" + "".join(
            f"{comma(f.percent)}%{comma(f.score)}" for f in figures
        )
        assert squeezed(line) in text, node.code


def test_the_cover_stays_one_page_with_letterhead_and_long_names(pages):
    assert squeezed("PEMERINTAH KABUPATEN CONTOH").lower() in pages[0].lower()
    assert "Rinciantiapambangbatasada" in pages[0]
    assert pages[1].find("Rekapitulasinilai") >= 0


def test_the_cover_has_its_chart_below_a_letterhead_of_four_lines():
    lke = replace(beside(random_lke(3, complete=1), ["tpi"]), letterhead=LOW_HEAD)
    pages, _ = text_of(lke)
    assert "50100%" in pages[0]
    assert pages[1].find("Rekapitulasinilai") >= 0


@pytest.mark.parametrize("head", [LOW_HEAD, {}])
def test_four_stages_leave_the_cover_one_page(head):
    lke = replace(beside(random_lke(3, complete=0.2), ["prelim", "tpi", "tpn"]), letterhead=head)
    pages, _ = text_of(lke)
    assert ("50100%" in pages[0]) is (not head)
    assert pages[1].find("Rekapitulasinilai") >= 0


def test_a_fixed_copy_is_proved_on_the_last_page_and_named_on_every_one(pages):
    for wanted in (DIGEST, "cd34" * 16, FIXED.id, FIXED.url, "Pengajuanunit,putaran2", "PengendaliSatu"):
        assert squeezed(wanted) in pages[-1]
    assert all(f"Salinantetap{DIGEST[:16]}" in page for page in pages)
    assert "bukansalinantetap" not in "".join(pages)
    assert "KotaContoh," in pages[-1]


def test_live_answers_say_that_they_are_no_fixed_copy():
    pages, text = text_of(lke_with({}))
    assert "bukansalinantetap" in pages[0]
    assert "bukansalinantetap" in pages[-1]
    assert "Sidik(SHA-256)" not in text


def test_what_came_of_checking_the_evidence_is_printed(pages):
    assert "TPI4303138" in "".join(pages)


def test_differences_are_marked_where_the_engine_sees_them(lke, pages):
    rows = [row for row in lines.beside_rows(lke) if row.level == "criterion"]
    tpi = lke.others[0].result.given
    expected = [
        bool(tpi.get(code)) and (tpi[code].choice, tpi[code].counts, tpi[code].index)
        != ((own := lke.result.given.get(code, Given())).choice, own.counts, own.index)
        for code in lke.result.values
    ]  # fmt: skip
    assert [row.cells[1].differs for row in rows] == expected
    assert not any(row.cells[0].differs for row in rows)
    assert 0 < sum(expected) < 113
    assert lines.totals_of(lke)[1].differs == f"{sum(expected)} kriteria berbeda dari unit"
    assert "".join(pages).count("≠") > sum(expected)


def test_thresholds_of_every_stage_are_the_engines(lke):
    for limits, name in zip(lines.limits_of(lke), ["WBK", "WBBM"], strict=True):
        assert limits.outcomes == [(side.name, side.result.passed(name)) for side in lke.sides]
        for row, checks in zip(
            limits.rows, zip(*(s.result.checks_of(name) for s in lke.sides), strict=True), strict=True
        ):
            assert [mark for _, mark in row.held] == ["✓" if c.passed else "✗" for c in checks]
            assert row.label == checks[0].name


def test_sums_and_their_difference():
    unit, tpi = {"B.I.a": Given(index=Decimal("4.00"))}, {"B.I.a": Given(index=Decimal("3.00"))}
    lke = replace(
        lke_with(unit), others=(replace(beside(lke_with({}), ["tpi"]).others[0], result=lke_with(tpi).result),)
    )
    total = lines.sum_rows(lke)[-1]
    assert total.points == [("17,50", "17,50%"), ("13,13", "13,13%")]
    assert total.difference == "−4,38"
    assert shown(Decimal("4.375")) == Decimal("4.38")


def test_a_reviewers_note_and_ratio_are_named_after_the_stage():
    lke = lke_with({"A.II.5.ii.a": Given(counts=(0, 0, 0))}, notes={"A.II.5.ii.a": "Nihil."})
    theirs = lke_with(
        {"A.II.5.ii.a": Given(counts=(0, 0, 0), ratio=Decimal("0.8"), reason="nihil pengaduan")},
        notes={"A.II.5.ii.a": "Sesuai."},
    )
    side = replace(beside(lke, ["tpi"]).others[0], result=theirs.result, notes=theirs.notes)
    rows = lines.beside_rows(replace(lke, others=(side,)))
    place = next(n for n, r in enumerate(rows) if r.title.startswith("Persentase penanganan pengaduan"))
    assert rows[place].cells[1].answer == "80,00%"
    assert any(
        s == "TPI: Penyebut nol: perlu penetapan TPI. Ditetapkan 80,00%: nihil pengaduan" for s in rows[place].said
    )
    notes = [(r.marker, r.title) for r in rows[place : place + 6] if r.level == "note"]
    assert notes == [("Catatan Unit:", "Nihil."), ("Catatan TPI:", "Sesuai.")]
