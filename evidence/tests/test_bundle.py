import hashlib
import io
import subprocess
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from html.parser import HTMLParser
from typing import BinaryIO
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from evidence.bundle import BundleFile, BundleHead, BundleLink, Proof, stream, words
from evidence.bundle.naming import Paths
from evidence.layout import Confidence, folder_of, match

FOLDER = ("A. PENGUNGKIT", "I. PEMENUHAN")
TIME = datetime(2026, 5, 4, 9, 7, 30, tzinfo=ZoneInfo("Asia/Jakarta"))
ENDINGS = ["00_INDEKS.html", "00_INDEKS.xlsx", "MANIFEST-SHA256.txt"]


@pytest.fixture
def head(worksheet) -> BundleHead:
    return BundleHead("UNIT-01", "Dinas Kependudukan & Catatan Sipil", 2026, TIME, worksheet)


def file_of(content: bytes, name: str = "SK.pdf", folder: tuple[str, ...] = FOLDER, **facts: object) -> BundleFile:
    proof = Proof(**({"code": "A.I.1.i.a", "title": "SK Tim"} | facts))
    return BundleFile(
        proof, folder, name, lambda: io.BytesIO(content), len(content), hashlib.sha256(content).hexdigest()
    )


def changed(file: BundleFile, opener: Callable[[], BinaryIO]) -> BundleFile:
    return BundleFile(file.proof, file.folder, file.name, opener, file.size, file.sha256)


def bundle(head: BundleHead, *items: BundleFile | BundleLink) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(stream(items, head))))


def sheet_of(archive: zipfile.ZipFile) -> list[dict[str, openpyxl.cell.Cell]]:
    book = openpyxl.load_workbook(io.BytesIO(archive.read("00_INDEKS.xlsx")))
    assert book.sheetnames == ["Indeks bukti"]
    header, *rows = book.worksheets[0].iter_rows()
    return [{top.value: cell for top, cell in zip(header, row, strict=True)} for row in rows]


def failed_checks(archive: zipfile.ZipFile) -> list[str]:
    """Do what `sha256sum -c` does; return the files that fail."""
    lines = [x for x in archive.read("MANIFEST-SHA256.txt").decode().splitlines() if not x.startswith("#")]
    pairs = [line.split("  ", 1) for line in lines]
    covered = {path for _, path in pairs} | {"MANIFEST-SHA256.txt"}
    assert covered == set(archive.namelist())
    return [path for digest, path in pairs if hashlib.sha256(archive.read(path)).hexdigest() != digest]


class Page(HTMLParser):
    """What a browser would see: tags, addresses, text."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.text = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]

    def handle_data(self, data: str) -> None:
        self.text += data


def page_of(archive: zipfile.ZipFile) -> Page:
    return Page(archive.read("00_INDEKS.html").decode())


def test_files_lie_in_their_folders_and_the_index_comes_last(head):
    archive = bundle(head, file_of(b"satu"), file_of(b"dua", "catatan.txt", ("B. HASIL",)))
    assert archive.namelist() == ["A. PENGUNGKIT/I. PEMENUHAN/SK.pdf", "B. HASIL/catatan.txt", *ENDINGS]
    assert archive.read("B. HASIL/catatan.txt") == b"dua"
    assert archive.testzip() is None
    assert failed_checks(archive) == []
    info = archive.infolist()[0]
    assert (info.date_time, info.external_attr >> 16) == ((2026, 5, 4, 9, 7, 30), 0o100644)


def test_only_what_packs_well_is_packed(head):
    names = ["a.pdf", "b.TXT", "c.csv", "d.docx", "e.mp4"]
    archive = bundle(head, *(file_of(b"isi" * 500, name) for name in names))
    deflated = [i.filename.rsplit("/")[-1] for i in archive.infolist()[:-3] if i.compress_type == zipfile.ZIP_DEFLATED]
    assert deflated == ["b.TXT", "c.csv"]


def test_unzip_and_sha256sum_agree(head, tmp_path):
    target = tmp_path / "bukti.zip"
    files = [file_of(b"isi" * 9, "Évaluasi 日本.pdf"), file_of(b"", "kosong.txt"), file_of(b"x" * 300_000, "SK.pdf")]
    target.write_bytes(b"".join(stream(files, head)))
    assert subprocess.run(["unzip", "-tq", target], capture_output=True, check=False).returncode == 0
    with zipfile.ZipFile(target) as archive:
        archive.extractall(tmp_path / "isi")
    checked = subprocess.run(
        ["sha256sum", "--strict", "-c", "MANIFEST-SHA256.txt"], cwd=tmp_path / "isi", capture_output=True, check=False
    )
    assert (checked.returncode, checked.stdout.decode().count(": OK")) == (0, 5)


def test_an_empty_bundle_lists_every_criterion_as_missing(head, worksheet):
    archive = bundle(head)
    assert archive.namelist() == ENDINGS
    page = page_of(archive)
    assert page.text.count("Belum ada bukti dukung") == 113
    assert "0 dari 113 kriteria mempunyai bukti dukung; 113 belum." in page.text
    assert all(c.title in page.text for c in worksheet.criteria.values())
    assert sheet_of(archive) == []


def test_the_index_tells_what_it_is_of(head):
    archive = bundle(head, file_of(b"x" * 2048), BundleLink(Proof("B.I.a", "Laporan"), "https://contoh.go.id/a?b=1&c"))
    text = page_of(archive).text
    for fact in (
        "Indeks bukti dukung Zona Integritas 2026",
        "Dinas Kependudukan & Catatan Sipil",
        "(UNIT-01)",
        "Dibuat 4 Mei 2026 pukul 09.07 WIB",
        "1 berkas (2,0 KiB), 1 tautan",
        "2 dari 113 kriteria mempunyai bukti dukung; 111 belum.",
    ):
        assert fact in text
    assert text.count("Belum ada bukti dukung") == 111


def test_facts_of_a_document_stand_in_both_indexes(head):
    facts = {
        "title": "SK Tim Kerja", "number": "188/12/2026", "dated": date(2026, 1, 15), "year": 2026,
        "page_ref": "3-5", "expected": "SK Tim Kerja Pembangunan ZI", "version": 2,
    }  # fmt: skip
    archive = bundle(head, file_of(b"isi", **facts))
    text = page_of(archive).text
    shown = ["nomor 188/12/2026", "tanggal 15 Januari 2026", "tahun 2026", "halaman 3-5", "versi 2", "SK.pdf", "3 bita"]
    assert [fact for fact in shown if fact not in text] == []
    row = {name: cell.value for name, cell in sheet_of(archive)[0].items()}
    assert row == {
        "Kode": "A.I.1.i.a", "Area": "Manajemen Perubahan",
        "Kriteria": "Unit kerja telah membentuk tim untuk melakukan pembangunan Zona Integritas",
        "Dokumen": "SK Tim Kerja", "Nomor": "188/12/2026", "Tanggal": datetime(2026, 1, 15), "Tahun": 2026,
        "Halaman": "3-5", "Versi": 2, "Berkas/tautan": "A. PENGUNGKIT/I. PEMENUHAN/SK.pdf", "Ukuran (bita)": 3,
        "SHA-256": hashlib.sha256(b"isi").hexdigest(), "Dokumen yang diharapkan": "SK Tim Kerja Pembangunan ZI",
        "Catatan": None,
    }  # fmt: skip


def test_links_lead_to_the_files_beside_the_index(head):
    archive = bundle(head, file_of(b"1", "50% #1 & 'a'?.pdf"), file_of(b"2", "Évaluasi.pdf"))
    paths = archive.namelist()[:2]
    assert [unquote(link) for link in page_of(archive).links] == paths
    assert [unquote(row["Berkas/tautan"].hyperlink.target) for row in sheet_of(archive)] == paths


@pytest.mark.parametrize(
    "title",
    [
        "<script>alert(1)</script>", "=cmd|'/c calc'!A1", "+1+1", "@SUM(A1)", "-2", "\"><img src=x onerror=alert(1)>",
        "' onclick='x", "kiri\u202etxt.exe", "nol\x00\x08\ud800\uffff", "]]> &amp; <!--", "{{ 7*7 }}", "x" * 40_000,
    ],
)  # fmt: skip
def test_hostile_titles_are_only_text(head, title):
    harmless = page_of(bundle(head, file_of(b"isi"), BundleLink(Proof("B.I.a", "x"), "https://contoh.go.id/")))
    facts = {"title": title, "number": title, "page_ref": title, "expected": title}
    link = BundleLink(Proof("B.I.a", title), "https://contoh.go.id/")
    archive = bundle(head, file_of(b"isi", name=f"{title[:60]}.pdf", **facts), link)
    page = page_of(archive)
    assert (page.tags, len(page.links)) == (harmless.tags, 2)
    row = sheet_of(archive)[0]
    assert {row[name].data_type for name in ("Dokumen", "Nomor", "Halaman", "Berkas/tautan")} == {"s"}
    assert failed_checks(archive) == []
    assert bool([n for n in archive.namelist() if set(n) & set('<>:"\\|?*\x00\u202e')]) is False


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "http://",
        "http://[",
        "https://a b",
        "//x",
        "../x",
    ],
)
def test_addresses_that_are_no_web_pages_are_shown_but_not_linked(head, url):
    archive = bundle(head, BundleLink(Proof("B.I.a", "Laporan"), url))
    assert (page_of(archive).links, sheet_of(archive)[0]["Berkas/tautan"].hyperlink) == ([], None)
    assert url in page_of(archive).text


def test_an_address_on_the_web_is_linked(head):
    archive = bundle(head, BundleLink(Proof("B.I.a", "Laporan"), "https://contoh.go.id/a?b=1&c=2"))
    assert page_of(archive).links == ["https://contoh.go.id/a?b=1&c=2"]
    assert sheet_of(archive)[0]["Berkas/tautan"].hyperlink.target == "https://contoh.go.id/a?b=1&c=2"


def missing() -> BinaryIO:
    raise FileNotFoundError


class Breaking(io.BytesIO):
    def read(self, size: int | None = -1) -> bytes:
        if self.tell():
            raise OSError("disk")
        return super().read(4)


def test_a_missing_file_is_listed_and_the_rest_follows(head):
    archive = bundle(head, changed(file_of(b"satu"), missing), file_of(b"dua", "b.pdf"))
    assert archive.namelist() == ["A. PENGUNGKIT/I. PEMENUHAN/b.pdf", *ENDINGS]
    note = "berkas tidak ditemukan di penyimpanan"
    assert f"1 berkas bermasalah: {note}." in page_of(archive).text
    assert [row["Catatan"].value for row in sheet_of(archive)] == [note, None]
    assert f"# A.I.1.i.a SK.pdf: {note}" in archive.read("MANIFEST-SHA256.txt").decode()
    assert failed_checks(archive) == []


@pytest.mark.parametrize(
    "opener", [lambda: io.BytesIO(b"lain"), lambda: Breaking(b"satu dua"), lambda: io.BytesIO(b"")]
)
def test_a_damaged_file_is_delivered_and_named(head, opener):
    archive = bundle(head, changed(file_of(b"satu dua"), opener), file_of(b"dua", "b.pdf"))
    path, note = "A. PENGUNGKIT/I. PEMENUHAN/SK.pdf", "isi tidak sama dengan saat diunggah"
    assert archive.testzip() is None
    assert failed_checks(archive) == [path]
    assert f"# {path}: {note}" in archive.read("MANIFEST-SHA256.txt").decode()
    assert f"1 berkas bermasalah: {note}." in page_of(archive).text
    assert [row["Catatan"].value for row in sheet_of(archive)] == [note, None]


def test_every_opened_file_is_closed(head):
    opened = [io.BytesIO(b"satu"), Breaking(b"dua"), io.BytesIO(b"tiga")]
    list(stream([changed(file_of(b"satu"), lambda file=file: file) for file in opened], head))
    assert [file.closed for file in opened] == [True] * 3


def test_a_reader_that_goes_away_leaves_no_file_open(head):
    file = io.BytesIO(b"x" * 2_000_000)
    pieces = stream([changed(file_of(b"x"), lambda: file)], head)
    next(pieces)
    pieces.close()
    assert file.closed


def test_names_in_a_folder_are_told_apart():
    paths = Paths()
    names = [
        "SK.pdf",
        "sk.PDF",
        "SK.pdf",
        "SK (2).pdf",
        "",
        "a/b.pdf",
        "con.txt",
        "x" * 200 + ".pdf",
        "x" * 200 + ".pdf",
    ]
    assert [paths.path_of((), name) for name in names] == [
        "SK.pdf", "sk (2).PDF", "SK (3).pdf", "SK (2) (2).pdf", "berkas", "a-b.pdf", "_con.txt",
        "x" * 66 + ".pdf", "x" * 62 + " (2).pdf",
    ]  # fmt: skip
    assert paths.path_of(("lain",), "SK.pdf") == "lain/SK.pdf"


def test_every_exported_path_is_found_again(head, worksheet):
    files = [file_of(b"x", "Laporan 2026.pdf", folder_of(worksheet, code), code=code) for code in worksheet.criteria]
    paths = bundle(head, *files).namelist()[:-3]
    assert max(len(path) for path in paths) <= 220
    found = [match(worksheet, path) for path in paths]
    assert [(m.code, m.confidence) for m in found] == [(code, Confidence.SURE) for code in worksheet.criteria]


class Zeros(io.RawIOBase):
    """A large file that takes no room."""

    def __init__(self, size: int) -> None:
        self.left = size

    def read(self, size: int = -1) -> bytes:
        piece = bytes(min(self.left, size))
        self.left -= len(piece)
        return piece


def peak_of(head: BundleHead, size: int) -> tuple[int, int]:
    """Return the bytes of a bundle of ten files, and the most memory that was taken to write them."""
    files = [changed(file_of(b"x", f"{n}.pdf"), lambda: Zeros(size // 10)) for n in range(10)]
    tracemalloc.start()
    written = sum(map(len, stream(files, head)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return written, peak


def test_memory_does_not_grow_with_the_files(head):
    peak_of(head, 1024 * 1024)  # what is loaded once
    small, large = peak_of(head, 5 * 1024 * 1024), peak_of(head, 80 * 1024 * 1024)
    assert abs(large[0] - small[0] - 75 * 1024 * 1024) < 1024  # the indexes differ by a few figures
    assert large[1] < small[1] + 256 * 1024


def test_large_files_get_sizes_in_64_bits(head):
    claimed = file_of(b"isi", "besar.mp4")
    claimed = BundleFile(claimed.proof, claimed.folder, claimed.name, claimed.open, 5 * 2**30, claimed.sha256)
    archive = bundle(head, claimed)
    assert archive.read(archive.namelist()[0]) == b"isi"
    assert archive.infolist()[0].extract_version == 45


def test_files_are_opened_only_when_their_turn_comes(head):
    turns = []

    def items() -> Iterator[BundleFile]:
        for number in range(3):
            turns.append(number)
            yield file_of(b"x" * 300_000, f"{number}.pdf")

    pieces = stream(items(), head)
    next(pieces)
    assert turns == [0]
    pieces.close()


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0 bita"),
        (1023, "1023 bita"),
        (1024, "1,0 KiB"),
        (26_214_400, "25,0 MiB"),
        (3 * 2**30, "3,0 GiB"),
        (2**50, "1024,0 TiB"),
    ],
)
def test_sizes_read_as_people_write_them(value, shown):
    assert words.size(value) == shown
