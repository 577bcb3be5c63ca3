"""The official documents: both formats say the same, and nothing in the data breaks them."""

import io
import re

import docx
import pikepdf
import pypdfium2
import pytest
import segno
from PIL import Image

from reports import documents
from reports.documents import lhe
from reports.documents.pictures import qr_png, qr_svg

HOSTILE = "<script>alert(1)</script> & \x00\x0b‮abc " + "a" * 300 + " 😀"
HEAD = {
    "agency": "Pemerintah Daerah Contoh", "unit": "Dinas Pelayanan", "unit_code": "U-1", "parent": "Sekretariat",
    "year": 2026, "period": "Penilaian ZI 2026", "target": "WBK", "target_label": "Menuju WBK", "instrument": "LKE ZI",
    "legal_basis": "PermenPANRB 90/2021", "instrument_hash": "0" * 64,
}  # fmt: skip
COPY = {"head": HEAD, "digest": "ab" * 32, "id": "11111111-2222-3333-4444-555555555555", "round": 2,
        "receipt_url": "https://zi.contoh.go.id/salinan/"}  # fmt: skip
SPTJM = COPY | {
    "statement": ["Semua data benar.", "Bersedia menerima akibatnya."], "signed_by": "Kepala Unit 01",
    "signed_role": "Kepala unit kerja", "signed_at": "2026-05-04T02:00:00+00:00", "place": "", "total": "75.125",
    "answered": 113, "criteria": 113, "documents": 42,
}  # fmt: skip
LETTER = {
    "agency": "Pemerintah Daerah Contoh", "number": "700/12", "dated": "2026-05-30", "addressee": ["Menteri PANRB"],
    "subject": "Pengajuan", "year": 2026, "kind": "local", "legal_basis": ["PermenPANRB 90/2021"],
    "digest": "cd" * 32, "receipt_url": "https://zi.contoh.go.id/usulan/",
    "signatory_role": "Kepala Daerah", "place": "Kota Contoh", "copies": ["Inspektorat"], "id": COPY["id"],
    "units": [{"unit": "Dinas A", "unit_code": "A", "predicate": "WBK", "total": "80.005", "affirmative": ""}],
}  # fmt: skip


def report(**more):
    data = COPY | {
        "number": "", "dated": "2026-05-20", "team": [{"name": "Ketua Tim TPI", "role": "Ketua tim"}],
        "basis": ["PermenPANRB 90/2021"], "scope": "Lingkup.", "method": "Cara.",
        "scores": [
            {"code": "A", "title": "PENGUNGKIT", "level": "component", "weight": "60", "unit": "55.005",
             "prelim": "", "tpi": "50.004"},
        ],
        "areas": [
            {"key": "1", "title": "Manajemen Perubahan", "weight": "8", "unit": "7", "tpi": "6", "percent": "75.00",
             "minimum": "60", "passed": True},
        ],
        "differences": [
            {"code": "A.I.1.i.a", "title": "Tim kerja", "unit": "Ya", "tpi": "Tidak", "note": "Tidak ada SK."},
        ],
        "ratios": [{"code": "A.II.4.i.a", "title": "Sasaran", "ratio": "0.666667", "reason": "Tidak ada sasaran."}],
        "thresholds": [
            {"name": "Nilai total", "value": "75.00", "minimum": "75", "passed": True, "percent": False},
            {"name": "Area 1", "value": "59.99", "minimum": "60", "passed": False, "percent": True},
            {"name": "Sudah WBK", "value": "0", "minimum": "1", "passed": False, "percent": False, "award": True},
        ],
        "strengths": [{"area": "Hasil", "texts": ["Pimpinan terlibat."]}],
        "recommendations": [
            {"area": "Hasil", "items": [{"code": "B.I.a", "text": "Perluas survei.", "due": "2026-07-01",
                                         "state": "Terbuka"}]},
        ],
        "conditions": [{"text": "Opini WTP", "met": "ya", "note": ""}], "affirmative": "", "passed": False,
        "outcome": "belum memenuhi", "conclusion": "Perlu perbaikan.", "approved_by": "Pengendali Teknis TPI",
        "approved_at": "2026-05-20T03:00:00+00:00", "lead": "Ketua Tim TPI", "controller": "Pengendali Teknis TPI",
        "unit_total": "80.005", "prelim_total": "", "tpi_total": "75.005",
    }  # fmt: skip
    return data | more


def pdf_text(content):
    pdf = pypdfium2.PdfDocument(content)
    text = " ".join(page.get_textpage().get_text_bounded() for page in pdf)
    return flat(text)


def docx_text(content):
    found = docx.Document(io.BytesIO(content))
    parts = [p.text for p in found.paragraphs]
    parts += [cell.text for table in found.tables for row in table.rows for cell in row.cells]
    return flat(" ".join(parts))


def flat(text):
    """Return text without what line ends and hyphens of the layout change."""
    return re.sub(r"[\s￾­-]+", "", text)


FIGURES = [
    "55,01", "50,00", "80,01", "75,01", "75,00%", "59,99%", "60,00%", "66,67%", "A.I.1.i.aTimkerja", "TidakadaSK.",
    "Pimpinanterlibat.", "Perluassurvei.", "1Juli2026", "OpiniWTP", "belummemenuhi", "Perluperbaikan.", "ab" * 32,
    "KetuaTimTPI", "PengendaliTeknisTPI", "Sekretariat", "20Mei2026",
]  # fmt: skip


def test_the_report_says_the_same_in_both_formats():
    in_pdf, in_docx = pdf_text(documents.lhe_pdf(report())), docx_text(documents.lhe_docx(report()))
    for figure in FIGURES:
        assert figure in in_pdf, figure
        assert figure in in_docx, figure


def test_every_text_of_the_report_is_in_both():
    """Whatever block is added, neither renderer may leave it out."""
    found = lhe.document(report())
    in_pdf, in_docx = pdf_text(documents.lhe_pdf(report())), docx_text(documents.lhe_docx(report()))
    for block in found.blocks:
        for name in ("text", "texts", "head", "rows"):
            value = getattr(block, name, ())
            texts = (
                [value] if isinstance(value, str) else [t for v in value for t in ([v] if isinstance(v, str) else v)]
            )
            for text in texts:
                assert flat(text) in in_pdf, text
                assert flat(text) in in_docx, text


def test_the_statement_names_what_was_confirmed_and_by_whom():
    text = pdf_text(documents.sptjm_pdf(SPTJM))
    for part in ("75,13", "113dari113", "42", "Semuadatabenar.", "KepalaUnit01", "4Mei202609.00WIB", "ab" * 32):
        assert part in text, part


def test_the_letter_lists_its_units_in_both_formats():
    data = LETTER | {"units": [LETTER["units"][0] | {"unit": f"Dinas {n:03d}"} for n in range(1, 201)]}
    for text in (pdf_text(documents.letter_pdf(data)), docx_text(documents.letter_docx(data))):
        for part in ("700/12", "30Mei2026", "Dinas001", "Dinas200", "80,01", "KepalaDaerah", "Inspektorat"):
            assert part in text, part


def test_hostile_texts_are_only_texts():
    data = report(conclusion=HOSTILE, scope=HOSTILE, differences=[
        {"code": "A", "title": HOSTILE, "unit": "Ya", "tpi": "Tidak", "note": HOSTILE * 10},
    ] * 3)  # fmt: skip
    written = documents.lhe_docx(data)
    for text in (pdf_text(documents.lhe_pdf(data)), docx_text(written)):
        assert "<script>alert(1)</script>" in text
    assert docx.Document(io.BytesIO(written)).core_properties.title == "LHE Dinas Pelayanan 2026"


def test_empty_parts_say_so():
    data = report(differences=[], ratios=[], strengths=[], recommendations=[], conditions=[], number="", lead="")
    text = pdf_text(documents.lhe_pdf(data))
    for part in ("Tidakadaperbedaan", "Tidakadacatatanpenilai", "Tidakadasyaratpengusulan"):
        assert part in text


def test_the_pdf_is_tagged_with_language_and_title():
    with pikepdf.open(io.BytesIO(documents.lhe_pdf(report()))) as found:
        assert str(found.Root.Lang) == "id"
        assert found.Root.MarkInfo.Marked
        assert str(found.docinfo["/Title"]) == "LHE Dinas Pelayanan 2026"


@pytest.mark.parametrize("draw", [documents.lhe_docx, lambda data: documents.letter_docx(LETTER)])
def test_the_same_data_gives_the_same_text(draw):
    assert docx_text(draw(report())) == docx_text(draw(report()))


def test_word_knows_headings_language_and_repeating_rows():
    found = docx.Document(io.BytesIO(documents.lhe_docx(report())))
    assert next(p.text for p in found.paragraphs if p.style.name == "Heading 1") == "I. Dasar"
    assert found.core_properties.language == "id-ID"
    assert any("w:tblHeader" in t.rows[0]._tr.xml for t in found.tables)


def test_word_tables_keep_their_widths_and_their_rows_whole():
    found = docx.Document(io.BytesIO(documents.lhe_docx(report())))
    facts = found.tables[0]
    shares = [round(column.width / sum(c.width for c in facts.columns), 2) for column in facts.columns]
    assert shares == [0.3, 0.7]
    assert [cell.width for cell in facts.rows[0].cells] == [column.width for column in facts.columns]
    boxed = [table for table in found.tables if "w:tblHeader" in table.rows[0]._tr.xml]
    assert boxed
    assert all("w:cantSplit" in row._tr.xml for table in boxed for row in table.rows)


HEADED = {"letterhead": {"lines": ["Pemerintah Contoh", "Inspektorat"], "address": "Jalan Contoh 1", "contact": "",
                         "place": "Kota Contoh"}}  # fmt: skip


def logo():
    made = io.BytesIO()
    Image.new("RGB", (60, 60), "red").save(made, "PNG")
    return made.getvalue()


@pytest.mark.parametrize("picture", [b"", logo()], ids=["without-logo", "with-logo"])
def test_the_letterhead_is_on_every_document(picture):
    data = HEADED | {"logo": picture}
    drawn = [
        pdf_text(documents.sptjm_pdf(SPTJM | data | {"place": "Kota Contoh"})),
        pdf_text(documents.lhe_pdf(report() | data)), docx_text(documents.lhe_docx(report() | data)),
        pdf_text(documents.letter_pdf(LETTER | data)), docx_text(documents.letter_docx(LETTER | data)),
    ]  # fmt: skip
    for text in drawn:
        assert "inspektorat" in text.lower()
        assert "JalanContoh1" in text
        assert "KotaContoh," in text


def test_the_logo_is_drawn_and_described():
    data = report() | HEADED | {"logo": logo()}

    def images(data):
        with pikepdf.open(io.BytesIO(documents.lhe_pdf(data))) as found:
            return sum(len(page.get_images()) for page in found.pages)

    assert images(data) > images(data | {"logo": b""}) == 0
    written = docx.Document(io.BytesIO(documents.lhe_docx(data)))
    assert len(written.inline_shapes) == 2  # logo and QR code


@pytest.mark.parametrize(
    ("draw", "data"), [("sptjm_pdf", SPTJM), ("letter_pdf", LETTER), ("letter_docx", LETTER), ("lhe_docx", None)]
)
def test_every_document_carries_its_hash_and_where_to_check_it(draw, data):
    data = data or report()
    content = getattr(documents, draw)(data)
    text = docx_text(content) if draw.endswith("docx") else pdf_text(content)
    assert data["digest"] in text
    assert flat(data["receipt_url"]) in text


def test_the_qr_code_is_the_address():
    """Read the modules back: what the library draws is what it was asked for, and nothing of another address."""
    url = COPY["receipt_url"]
    drawn = Image.open(io.BytesIO(qr_png(url))).convert("1")
    modules = [list(row) for row in segno.make(url, error="m", micro=False).matrix_iter(scale=1, border=4)]
    scale = drawn.width // len(modules)
    seen = [
        [0 if drawn.getpixel((x * scale, y * scale)) else 1 for x in range(len(modules))] for y in range(len(modules))
    ]
    assert seen == modules
    assert qr_svg(url) != qr_svg(url + "x")
