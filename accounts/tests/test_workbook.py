import time
import zipfile
from io import BytesIO

import pytest

from accounts.workbook import DAMAGED, MIB, Cell, WorkbookRefused, open_workbook, sheet_rows

from .workbooks import patched, workbook

BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
UTF7 = b'<?xml version="1.0" encoding="utf-7"?><a/>'
MAIN = b"spreadsheetml.sheet.main+xml"


def opened(file, max_bytes=2 * MIB, max_unpacked=24 * MIB):
    return open_workbook(file, max_bytes=max_bytes, max_unpacked=max_unpacked)


def refusal(file, **limits):
    with pytest.raises(WorkbookRefused) as refused:
        book = opened(file, **limits)
        for sheet in book.worksheets:
            list(sheet_rows(sheet, columns=5))
    return str(refused.value)


def encrypted_flag(file):
    """Set the encryption bit of every member, in the local headers and in the directory."""
    data = bytearray(file.getvalue())
    for signature, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        place = data.find(signature)
        while place >= 0:
            data[place + offset] |= 1
            place = data.find(signature, place + 4)
    return BytesIO(bytes(data))


def swap(old, new):
    return lambda data: data.replace(old, new)


def prefixed(start):
    return lambda data: start + data.split(b"?>", 1)[-1]


def test_good_file_gives_its_rows_without_the_blank_ones():
    book = opened(workbook([["A", None, 3], [None], ["B"]], None))
    rows = list(sheet_rows(book["Unit"], columns=3))
    assert [number for number, _ in rows] == [1, 2, 4]
    assert rows[1][1] == (Cell("A", "s"), Cell(), Cell(3, "n"))


UNIT_XML, TYPES = "xl/worksheets/sheet2.xml", "[Content_Types].xml"
LOCKED, MACRO, DECLARED = "terkunci kata sandi", "makro", "deklarasi yang tidak diizinkan"
UNUSABLE = {
    "empty": (lambda: BytesIO(b""), DAMAGED),
    "csv": (lambda: BytesIO(b"kode;nama\nA;B\n"), DAMAGED),
    "pdf": (lambda: BytesIO(b"%PDF-1.7 ..."), DAMAGED),
    "cut off": (lambda: BytesIO(workbook().getvalue()[:-300]), DAMAGED),
    "broken directory": (lambda: BytesIO(workbook().getvalue().replace(b"PK\1\2", b"PK\1\3")), DAMAGED),
    "no workbook": (lambda: patched(workbook(), drop=["xl/workbook.xml"]), DAMAGED),
    "no content types": (lambda: patched(workbook(), drop=[TYPES]), DAMAGED),
    "sheet cut off": (lambda: patched(workbook(), {UNIT_XML: lambda data: data[:-40]}), DAMAGED),
    "bad reference": (lambda: patched(workbook(), {UNIT_XML: swap(b'r="A1"', b'r="??"')}), DAMAGED),
    "word document": (lambda: patched(workbook(), {TYPES: swap(MAIN, b"wordprocessingml.document+xml")}), DAMAGED),
    "encrypted or xls": (lambda: BytesIO(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)), LOCKED),
    "encrypted zip": (lambda: encrypted_flag(workbook()), LOCKED),
    "macro project": (lambda: patched(workbook(), add={"xl/vbaProject.bin": b"x"}), MACRO),
    "macro type": (lambda: patched(workbook(), {TYPES: swap(MAIN, b"ms-excel.sheet.macroEnabled+xml")}), MACRO),
    "entities in workbook": (lambda: patched(workbook(), {"xl/workbook.xml": prefixed(BOMB)}), DECLARED),
    "entities in sheet": (lambda: patched(workbook(), {UNIT_XML: prefixed(BOMB)}), DECLARED),
    "entities in disguise": (lambda: patched(workbook(), add={"xl/media/a.png": b"\n" + BOMB}), DECLARED),
    "utf-16": (lambda: patched(workbook(), {UNIT_XML: lambda data: data.decode().encode("utf-16")}), DAMAGED),
    "utf-16 in disguise": (lambda: patched(workbook(), add={"a.bin": BOMB.decode().encode("utf-16-le")}), DAMAGED),
    "other encoding": (lambda: patched(workbook(), add={"x.xml": UTF7}), DAMAGED),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_unusable_file_is_refused_with_the_reason(name):
    file, reason = UNUSABLE[name]
    assert reason in refusal(file())


def test_size_on_disk_is_limited():
    file = workbook()
    size = len(file.getvalue())
    assert opened(file, max_bytes=size).worksheets
    assert "lebih besar" in refusal(file, max_bytes=size - 1)


def test_size_unpacked_is_limited_before_anything_is_unpacked():
    bomb = patched(workbook(), add={"xl/worksheets/sheet9.xml": bytes(200 * MIB)})
    assert len(bomb.getvalue()) < 2 * MIB
    started = time.process_time()
    assert "terlalu besar" in refusal(bomb)
    assert time.process_time() - started < 1


def test_number_of_members_is_limited():
    assert "terlalu besar" in refusal(patched(workbook(), add={f"x{n}": b"" for n in range(500)}))


def test_member_larger_than_it_claims_is_damaged():
    file = patched(workbook(), add={"x.xml": b"<a>" + bytes(9000)})
    with zipfile.ZipFile(file) as archive:
        info = archive.getinfo("x.xml")
    data = file.getvalue().replace(info.file_size.to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert refusal(BytesIO(data)) == DAMAGED


def test_two_members_of_one_name_are_damaged(recwarn):
    file = patched(workbook(), add={"xl/workbook.xml": b"<a/>"})
    recwarn.clear()
    assert refusal(file) == DAMAGED


def test_forged_row_number_costs_no_time():
    file = patched(
        workbook([["A"]]), {"xl/worksheets/sheet2.xml": lambda data: data.replace(b'<row r="2"', b'<row r="999999999"')}
    )
    started = time.process_time()
    assert refusal(file) == DAMAGED
    assert time.process_time() - started < 20


def test_forged_dimension_is_ignored():
    change = lambda data: data.replace(b'<dimension ref="A1:E2"', b'<dimension ref="A1:XFD1048576"')  # noqa: E731
    file = patched(workbook([["A"]]), {"xl/worksheets/sheet2.xml": change})
    assert len(list(sheet_rows(opened(file)["Unit"], columns=5))) == 2
