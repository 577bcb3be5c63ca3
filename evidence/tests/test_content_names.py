"""File names from anywhere become names fit for everywhere."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.content import Refused, clean_name, title_of, year_of
from evidence.content.names import MAX_BYTES, MAX_CHARACTERS, UNSEEN


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("SK Tim ZI.pdf", "SK Tim ZI.pdf"),
        ("C:\\Users\\ani\\SK.pdf", "SK.pdf"),
        ("../../etc/SK.PDF", "SK.PDF"),
        ("a/b\\c.docx", "c.docx"),
        ('Surat "penting".pdf', "Surat _penting_.pdf"),
        ("Surat 'penting'.pdf", "Surat 'penting'.pdf"),
        ("rapat\r\nSet-Cookie: a=b.pdf", "rapat Set-Cookie_ a=b.pdf"),
        ("rapat\x00.exe\x1b.pdf", "rapat.exe.pdf"),
        ("laporan\u202efdp.exe", "laporanfdp.exe"),
        ("la\u200bpor\u2066an\ufeff.pdf", "laporan.pdf"),
        ("la\ue000por\U000f0000an\ud800.pdf", "laporan.pdf"),
        ("e\u0301valuasi.pdf", "\u00e9valuasi.pdf"),
        ("  .. laporan . .pdf .. ", "laporan.pdf"),
        (".htaccess.txt", "htaccess.txt"),
        ("CON.pdf", "_CON.pdf"),
        ("nul.tar.txt", "_nul.tar.txt"),
        ("Lpt1 .csv", "_Lpt1.csv"),
        ("console.pdf", "console.pdf"),
        ("a<b>|c?*.xlsx", "a_b__c__.xlsx"),
        ("10% selesai; v1.pdf", "10% selesai; v1.pdf"),
        ("تقرير.pdf", "تقرير.pdf"),
        ("a\u3000b\u00a0c.pdf", "a b c.pdf"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
        ("é" * 300 + ".docx", "é" * 117 + ".docx"),
        ("😀" * 100 + ".pdf", "😀" * 59 + ".pdf"),
    ],
)
def test_name_is_cleaned(sent: str, name: str) -> None:
    assert clean_name(sent) == name


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("", "no-name"),
        ("   ", "no-name"),
        ("\u200b\u202e", "no-name"),
        ("bukti/", "no-name"),
        ("...", "no-name"),
        ("laporan", "no-extension"),
        (".pdf", "no-extension"),
        (". .pdf", "no-extension"),
        ("laporan.", "no-extension"),
        ("laporan.pdf kedua", "no-extension"),
        ("laporan." + "p" * 11, "no-extension"),
        ("laporan.рdf", "no-extension"),
    ],
)
def test_name_is_refused(sent: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        clean_name(sent)
    assert caught.value.code == code


@settings(max_examples=150, derandomize=True, database=None, deadline=None)
@given(st.text(max_size=200), st.sampled_from(["pdf", "docx", "TXT", "7z"]))
def test_any_name_becomes_safe_once_and_for_all(stem: str, extension: str) -> None:
    try:
        name = clean_name(f"{stem}.{extension}")
    except Refused as refusal:
        assert refusal.code in {"no-name", "no-extension"}
        return
    assert clean_name(name) == name
    assert name.endswith(f".{extension}")
    assert len(name) <= MAX_CHARACTERS
    assert len(name.encode()) <= MAX_BYTES
    assert unicodedata.is_normalized("NFC", name)
    assert not set(name) & set('/\\<>:"|?*')
    assert not {unicodedata.category(character) for character in name} & {*UNSEEN, "Zl", "Zp"}


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("SK_Tim-Kerja__ZI 2026.pdf", "SK Tim Kerja ZI 2026"),
        ("Notula rapat v1.2.docx", "Notula rapat v1.2"),
        ("laporan – akhir.xlsx", "laporan akhir"),
        ("---.pdf", "---"),
        ("tanpa akhiran", "tanpa akhiran"),
    ],
)
def test_title(name: str, title: str) -> None:
    assert title_of(name) == title


@pytest.mark.parametrize(
    ("name", "year"),
    [
        ("SK Tim 2026.pdf", 2026),
        ("2026_SK_2026.pdf", 2026),
        ("IMG-20260115-WA0001.jpg", 2026),
        ("Laporan 2025-2026.pdf", None),
        ("SK 1999.pdf", None),
        ("SK 2100.pdf", None),
        ("Nomor 12026.pdf", None),
        ("Nomor 20261.pdf", None),
        ("Nomor 20269999.pdf", None),
        ("SK.pdf", None),
    ],
)
def test_year(name: str, year: int | None) -> None:
    assert year_of(name) == year
