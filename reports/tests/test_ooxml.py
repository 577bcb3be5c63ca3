"""Every workbook of the portal has a structure that Excel opens without repair, and the check of it sees faults."""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace

import pytest

from accounts.importing.template import template_file
from assessment.tests.factories import filled
from evidence.services.exports import stream_of
from evidence.tests.factories import attachment, document
from reports.portalrb.answers import rows_of
from reports.portalrb.upload import upload_workbook
from reports.recap import workbook as recap
from reports.workbook import build
from review.tests.factories import refreshed

from .ooxml import problems_in
from .recap_samples import agency, judged, unit
from .test_recap_files import asked
from .workbook_samples import beside, listed, lke_with, random_lke, worksheet

LONG = "x" * 40_000
FAR = "https://x.invalid/" + "a" * 3000
HOSTILE = "=1+1\x00\x0b <&> _x0041_ \ud800\uffff"


def packed(content: bytes, change: Callable[[str, bytes], bytes | None], more: dict[str, bytes] | None = None) -> bytes:
    """Return the workbook with parts changed, left out (None) or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for item in source.infolist():
            text = change(item.filename, source.read(item))
            if text is not None:
                target.writestr(item.filename, text)
        for name, text in (more or {}).items():
            target.writestr(name, text)
    return out.getvalue()


VARIANTS = {
    "empty": lke_with({}),
    "one stage": random_lke(1, complete=0.7),
    "one stage with lists": listed(random_lke(2, complete=1)),
    "TPI beside": beside(random_lke(3, complete=1), ["tpi"]),
    "all stages with lists": listed(beside(random_lke(4, complete=0.9), ["prelim", "tpi", "tpn"])),
    "empty lists": replace(lke_with({}), evidence=(), findings=()),
    "hostile": listed(
        beside(lke_with({}, notes={"A.I.1.i.a": LONG, "A.I.1.i.b": HOSTILE}, unit_name="&" * 200), ["tpi"])
    ),
}


@pytest.mark.parametrize("name", VARIANTS)
def test_the_lke(name):
    assert problems_in(build(VARIANTS[name])) == []


def test_hostile_texts_in_every_list():
    lke = listed(lke_with({}))
    lke = replace(
        lke,
        evidence=tuple(replace(e, title=HOSTILE, number=LONG, url=FAR) for e in lke.evidence),
        findings=tuple(replace(f, text=LONG, thread=HOSTILE) for f in lke.findings),
        history=replace(lke.history, events=tuple(replace(e, said=LONG, by=HOSTILE) for e in lke.history.events)),
    )
    assert problems_in(build(lke)) == []


@pytest.mark.django_db
def test_the_recap(instrument):
    top, upper, admin = agency()
    unit(top, "U1", name="=1+1 " + "x" * 190, seed=3)
    judged(unit(upper, "U2", seed=5))
    assert problems_in(recap.build(asked(admin))) == []
    assert problems_in(recap.build(asked(admin, q="tidak ada"))) == []


@pytest.mark.django_db
def test_the_index_of_the_evidence(assessment):
    filled(assessment, share=0.1)
    attachment(assessment, doc=document(assessment.unit, title="=SK <&>"))
    bundle = zipfile.ZipFile(io.BytesIO(b"".join(stream_of(refreshed(assessment)))))
    (name,) = [n for n in bundle.namelist() if n.endswith(".xlsx")]
    assert problems_in(bundle.read(name)) == []


def test_what_portalrb_takes():
    given = {
        code: {
            "choice": "",
            "counts": [],
            "index": "",
            "ratio": "",
            "reason": "",
            "note": HOSTILE.replace("\ud800", ""),
        }
        for code in worksheet().criteria
    }
    rows = rows_of(worksheet(), given, given, lambda code: f"https://zi.contoh.go.id/{code}")
    assert problems_in(upload_workbook(list(rows))) == []


def test_the_template_of_the_import():
    assert problems_in(template_file().read()) == []


SHEET1 = "xl/worksheets/sheet1.xml"
KODE = r't="inlineStr"><is><t>Kode</t></is>'
# What is broken, where, how, and what the check must say of it.
FAULTS = {
    "a part that is missing": ("xl/styles.xml", None, "leads to nothing"),
    "a style that is not there": (SHEET1, (r' s="1"', ' s="99999"'), "style 99999 is not there"),
    "a string that is not there": (SHEET1, (KODE, 't="s"><v>7</v>'), "string 7 is not there"),
    "a formula without value": (SHEET1, (r"</f><v>[^<]*</v>", "</f><v />"), "a formula without its value"),
    "text as a number": (SHEET1, (r"</f><v>[^<]*</v>", "</f><v>#N/A</v>"), "is no number"),
    "overlapping ranges": (SHEET1, (r'<mergeCell ref="B2:I2"', '<mergeCell ref="B1:C2"'), "overlaps"),
    "a merge of one cell": (SHEET1, (r'<mergeCell ref="B2:I2"', '<mergeCell ref="B2:B2"'), "merges nothing"),
    "a long list": (SHEET1, (r"<formula1>&quot;|<formula1>\"", '<formula1>"' + "a," * 200), "longer than 255"),
    "a rule of no cells": (SHEET1, (r'(<dataValidation [^>]*)sqref="[^"]*"', r'\1sqref=""'), "of no cells"),
    "a range that is none": (SHEET1, (r'sqref="K[0-9]+', 'sqref="K0'), "is no range"),
    "rules counted wrong": (SHEET1, (r'<dataValidations count="[0-9]+"', '<dataValidations count="1"'), "counted"),
    "a look that is not there": (SHEET1, (r'dxfId="[0-9]+"', 'dxfId="999"'), "whose look is not there"),
    "a link without relation": (SHEET1, (r'(<hyperlink [^>]*)r:id="rId1"', r'\1r:id="rId99"'), "has no relation"),
    "an order that is wrong": (SHEET1, (r"(<pageMargins [^>]*/>)(<pageSetup [^>]*/>)", r"\2\1"), "wrong order"),
    "rows out of order": (SHEET1, (r'<row r="6"', '<row r="3"'), "out of order"),
    "a row too high": (SHEET1, (r' ht="[0-9.]+"', ' ht="500"'), "higher than 409.5"),
    "a long footer": (SHEET1, (r"<oddFooter>", "<oddFooter>" + "x" * 256), "longer than 255"),
    "an address that cannot be": (
        "xl/worksheets/_rels/sheet1.xml.rels", (r'Target="https:', 'Target="javascript:'), "an address that cannot be"
    ),
    "a sheet's long name": ("xl/workbook.xml", (r'name="Ringkasan"', f'name="{"R" * 32}"'), "name that cannot be"),
    "a sheet's bad name": ("xl/workbook.xml", (r'name="Ringkasan"', 'name="a/b"'), "name that cannot be"),
    "two sheets of one name": ("xl/workbook.xml", (r'name="Ringkasan"', 'name="LKE ZI"'), "two sheets"),
    "a name that cannot be": ("xl/workbook.xml", (r'<definedName name="[^"]*"', '<definedName name="1 a"'), "cannot"),
    "a name of no sheet": ("xl/workbook.xml", (r"'LKE ZI'!", "'Lain'!"), "names the unknown sheet"),
    "broken XML": ("xl/workbook.xml", (r"</sheets>", ""), "no well-formed XML"),
    "a font that is not there": ("xl/styles.xml", (r'fontId="1"', 'fontId="999"'), "fontId 999 is not there"),
    "a format that is not there": ("xl/styles.xml", (r'(<xf [^>]*)numFmtId="16[4-9]"', r'\1numFmtId="399"'), "399"),
    "a style twice": ("xl/styles.xml", (r'name="LKE head middle"', 'name="Normal"'), "named style twice"),
    "a long string": (SHEET1, (r"<t>Kode</t>", f"<t>{LONG}</t>"), "longer than a cell holds"),
    "a type without its string": (SHEET1, (KODE, 't="inlineStr">'), "an inline string without"),
    "a type for nothing": (
        "[Content_Types].xml", (r"/xl/styles.xml", "/xl/other.xml"), "a content type for a part that is missing"
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def sound() -> bytes:
    content = build(listed(beside(random_lke(4, complete=0.9), ["tpi"])))
    assert problems_in(content) == []
    return content


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_seen(sound, name):
    part, change, said = FAULTS[name]
    assert part in zipfile.ZipFile(io.BytesIO(sound)).namelist()

    def broken(file: str, text: bytes) -> bytes | None:
        if file != part:
            return text
        if change is None:
            return None
        done, count = re.subn(change[0], change[1], text.decode(), count=1)
        assert count == 1, "the fault was not planted"
        return done.encode()

    found = problems_in(packed(sound, broken))
    assert any(said in problem for problem in found), found[:5]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_part_that_is_there_twice_or_without_a_type_is_seen(sound):
    twice = packed(sound, lambda _, text: text, {SHEET1: b"<worksheet/>"})
    assert any("there more than once" in problem for problem in problems_in(twice))
    untyped = packed(sound, lambda _, text: text, {"xl/media/picture.bmp": b"x"})
    assert problems_in(untyped) == ["xl/media/picture.bmp: no content type"]


def test_a_workbook_may_promise_no_values(sound):
    empty = packed(sound, lambda name, text: re.sub(rb"</f><v>[^<]*</v>", b"</f><v />", text))
    assert problems_in(empty, promises_values=False) == []
    assert problems_in(empty) != []


def test_shared_strings_are_checked_where_a_library_writes_them(sound):
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    strings = f'<sst xmlns="{main}"><si><t>a</t></si><x/><si><t>{LONG}</t></si></sst>'.encode()
    found = problems_in(packed(sound, lambda _, text: text, {"xl/sharedStrings.xml": strings}))
    assert found == [
        "xl/sharedStrings.xml: string 1 is none", "xl/sharedStrings.xml: string 2 is longer than a cell holds",
    ]  # fmt: skip
