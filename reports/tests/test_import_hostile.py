"""Hostile and damaged workbooks: refused with a clear reason, before much of them is read."""

import io
import tracemalloc
import zipfile

import pytest

from evidence.tests.samples.good import GOOD
from evidence.tests.samples.hostile import hostile
from evidence.tests.samples.hostile_office import ole
from reports.importing.package import Book, Unusable
from reports.importing.reading import read_workbook
from reports.importing.sheets import MAX_ROWS
from reports.tests.ministry import ministry, worksheet

A = "A.I.1.i.a"
SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture(scope="module")
def good():
    return ministry().fill({A: "Ya"}).bytes()


def repacked(content, **parts):
    """Return a workbook with parts replaced or added; `parts` are functions of the old content, or bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for item in source.infolist():
            new = parts.pop(item.filename, None)
            old = source.read(item)
            target.writestr(item.filename, old if new is None else new(old) if callable(new) else new)
        for name, made in parts.items():
            target.writestr(name, made)
    return out.getvalue()


def read(content):
    return read_workbook(io.BytesIO(content), worksheet())


def reason(content):
    with pytest.raises(Unusable) as caught:
        read(content)
    return str(caught.value)


def sheet_of(rows):
    start = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    return start + b"<sheetData>%s</sheetData></worksheet>" % rows


def relation(kind, target):
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        f'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}" '
        'TargetMode="External"/></Relationships>'
    )


def test_the_sample_is_good(good):
    assert next(row.answer.text for row in read(good).rows if row.brings) == "Ya"


def test_macros(good):
    assert "makro" in reason(repacked(good, **{"xl/vbaProject.bin": b"x"}))


def test_entities(good):
    def declared(old):
        return old.replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet', 1)

    assert "deklarasi XML" in reason(repacked(good, **{SHEET: declared}))


def test_a_bomb(good):
    assert "mengembang terlalu besar" in reason(repacked(good, **{"xl/media/a.xml": b"<a>" + bytes(90 * 1024 * 1024)}))


@pytest.mark.parametrize("target", ["http://jahat.example/x.xlsx", "\\\\server\\x.xlsx", "https://a.example/b"])
def test_links_to_workbooks_in_the_network(good, target):
    made = relation("externalLinkPath", target)
    assert "dari alamat lain di jaringan" in reason(repacked(good, **{"xl/externalLinks/_rels/e1.xml.rels": made}))


def test_a_link_left_over_to_the_authors_own_drive_is_ignored(good):
    made = relation("externalLinkPath", "file:///C:/Users/a/LKE%20lama.xlsx")
    assert read(repacked(good, **{"xl/externalLinks/_rels/e1.xml.rels": made})).layout == "ministry"


def test_a_million_rows(good):
    rows = b"".join(b'<row r="%d"><c><v>1</v></c></row>' % n for n in range(1_000, 1_001_000))
    content = repacked(good, **{SHEET: lambda old: old.replace(b"</sheetData>", rows + b"</sheetData>")})
    assert "terlalu banyak baris" in reason(content)


def test_rows_that_go_backwards(good):
    assert "rusak" in reason(repacked(good, **{SHEET: lambda old: old.replace(b'<row r="9"', b'<row r="1"', 1)}))


def test_a_cell_without_end(good):
    huge = b'<row r="900"><c r="A900" t="inlineStr"><is><t>' + b"x" * 3_000_000 + b"</t></is></c></row>"
    tracemalloc.start()
    text = reason(repacked(good, **{SHEET: lambda old: old.replace(b"</sheetData>", huge + b"</sheetData>")}))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "rusak" in text
    assert peak < 24 * 1024 * 1024


@pytest.mark.parametrize(
    "cell", [b'<c r="A1" t="s"><v>999999</v></c>', b'<c r="A1" t="s"><v>-1</v></c>', b'<c r="AAAAA1"><v>1</v></c>']
)
def test_references_to_nowhere(good, cell):
    broken = sheet_of(b'<row r="1">%s</row>' % cell)
    assert "rusak" in reason(repacked(good, **{SHEET: broken}))


def test_xml_that_is_none(good):
    assert "rusak" in reason(repacked(good, **{SHEET: b"<worksheet><sheetData><row"}))
    assert "rusak" in reason(repacked(good, **{"xl/workbook.xml": b"<workbook/"}))


def test_a_workbook_without_sheets(good):
    assert "tidak berisi satu lembar" in reason(repacked(good, **{"xl/workbook.xml": b"<workbook/>"}))


@pytest.mark.parametrize("cut", [10, 500, -200, -1])
def test_a_file_cut_short(good, cut):
    assert "rusak" in reason(good[:cut])


def test_bytes_before_and_behind(good):
    assert "rusak" in reason(good + b"x")
    assert "bukan buku kerja" in reason(b"x" + good)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"%PDF-1.7\n", "bukan buku kerja"), (GOOD["docx"], "bukan buku kerja"), (GOOD["ods"], "bukan buku kerja"),
        (ole("Workbook"), "Excel lama"), (ole("EncryptedPackage"), "kata sandi"), (b"", "kosong"),
    ],
)  # fmt: skip
def test_other_kinds_of_file(content, why):
    assert why in reason(content)


def test_whatever_evidence_refuses_is_unusable_here_too():
    samples = hostile()
    assert len(samples) > 50
    for name, (_, content, _) in samples.items():
        with pytest.raises(Unusable):
            pytest.fail(f"{name}: {read(content)}")


def test_only_so_many_rows_are_ever_read(good):
    rows = b"".join(b'<row r="%d"/>' % n for n in range(400, 400 + MAX_ROWS))
    with pytest.raises(Unusable, match="terlalu banyak baris"):
        read(repacked(good, **{SHEET: lambda old: old.replace(b"</sheetData>", rows + b"</sheetData>")}))


def test_a_part_is_not_parsed_before_the_package_was_checked(good, monkeypatch):
    monkeypatch.setattr(Book, "each", lambda *_: pytest.fail("parsed"))
    with pytest.raises(Unusable):
        Book(io.BytesIO(repacked(good, **{"xl/vbaProject.bin": b"x"})))
