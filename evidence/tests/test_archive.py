import io
import stat
import struct
import tracemalloc
import zipfile

import pytest

from evidence.archive import Archive, Limits, Unusable, names, open_archive, reader, structure
from evidence.tests.zips import Entry, forged, packed, unicode_path

LIMITS = Limits(files=50, total_bytes=4 * 1024 * 1024, file_bytes=2 * 1024 * 1024, ratio=100, name_length=100, depth=6)


def opened(file: io.BytesIO, limits: Limits = LIMITS) -> Archive:
    return open_archive(file, limits=limits)


def reasons(file: io.BytesIO) -> dict[str, str]:
    """Return the reasons by path of what is left out beside the one good file that every such ZIP holds."""
    with opened(file) as archive:
        assert [m.path for m in archive.members] == ["baik.pdf"]
        return {skipped.path: skipped.reason for skipped in archive.skipped}


def refusal(file: io.BytesIO, limits: Limits = LIMITS) -> str:
    with pytest.raises(Unusable) as error:
        opened(file, limits)
    assert not file.closed
    return str(error.value)


GOOD = Entry(b"baik.pdf")


def test_files_are_read_in_their_order():
    with opened(packed({"A/b.pdf": b"satu" * 1000, "A/": b"", "c.txt": b""})) as archive:
        assert [(m.path, m.size) for m in archive.members] == [("A/b.pdf", 4000), ("c.txt", 0)]
        assert archive.skipped == []
        with archive.open(archive.members[0]) as file:
            assert (file.read(4), file.read()) == (b"satu", b"satu" * 999)
        with archive.open(archive.members[1]) as file:
            assert file.read() == b""


def test_the_file_stays_open_for_its_owner():
    file = packed({"a.pdf": b"isi"})
    opened(file).__exit__(None, None, None)
    assert not file.closed


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (b"/etc/passwd.pdf", names.ABSOLUTE),
        (b"\\server\\bagi\\a.pdf", names.ABSOLUTE),
        (b"C:/Windows/a.pdf", names.ABSOLUTE),
        (b"c:a.pdf", names.ABSOLUTE),
        (b"../a.pdf", names.PARENT),
        (b"A/../../a.pdf", names.PARENT),
        (b"A\\..\\a.pdf", names.PARENT),
        (b"A/.. /a.pdf", names.PARENT),
        (b"n" * 101 + b".pdf", names.LONG),
        (b"/".join([b"n" * 99] * 6), names.LONG),
        (b"1/2/3/4/5/6/a.pdf", names.DEEP),
        (b"a\x1b[31m.pdf", names.UNSEEN),
        (b"a\nb.pdf", names.UNSEEN),
        ("a\u202efdp.exe".encode(), names.UNSEEN),
        ("a\u200b.pdf".encode(), names.UNSEEN),
        (b"a.pdf\x00.exe", names.UNSEEN),
        (b"arsip.ZIP", names.PACKED),
        (b"A/arsip.tar.gz", names.PACKED),
        (b"arsip.rar", names.PACKED),
        (b"BAIK.PDF", names.DOUBLE),
        (b"./baik.pdf", names.DOUBLE),
    ],
)
def test_unsafe_names_are_left_out_with_the_reason(name, reason):
    assert list(reasons(forged(GOOD, Entry(name))).values()) == [reason]


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (Entry(b"a.pdf", attributes=(stat.S_IFLNK | 0o777) << 16), names.SPECIAL),
        (Entry(b"a.pdf", attributes=(stat.S_IFCHR | 0o666) << 16), names.SPECIAL),
        (Entry(b"a.pdf", attributes=(stat.S_IFIFO | 0o666) << 16), names.SPECIAL),
        (Entry(b"a.pdf", flags=0x1), names.ENCRYPTED),
        (Entry(b"a.pdf", flags=0x41), names.ENCRYPTED),
        (Entry(b"a.pdf", method=9), names.METHOD),
        (Entry(b"a.pdf", method=99), names.METHOD),
        (Entry(b"a.pdf", method=zipfile.ZIP_BZIP2), names.METHOD),
        (Entry(b"a.pdf", content=b"x" * (LIMITS.file_bytes + 1)), reader.TOO_LARGE.format(size=2)),
    ],
)
def test_what_is_no_plain_file_is_left_out_with_the_reason(entry, reason):
    assert reasons(forged(GOOD, entry)) == {"a.pdf": reason}


def test_one_byte_below_the_limit_is_taken():
    with opened(forged(Entry(b"a.pdf", content=b"x" * LIMITS.file_bytes))) as archive:
        assert [m.size for m in archive.members] == [LIMITS.file_bytes]


def test_the_same_name_in_another_composition_is_a_double():
    found = reasons(forged(GOOD, Entry("é/a.zip".encode()), Entry(b"Baik.pdf")))
    assert found == {"é/a.zip": names.PACKED, "Baik.pdf": names.DOUBLE}
    with opened(forged(Entry("caf\u00e9.pdf".encode()), Entry("cafe\u0301.pdf".encode()))) as archive:
        assert ([m.path for m in archive.members], len(archive.skipped)) == (["caf\u00e9.pdf"], 1)


def test_leavings_of_systems_are_not_even_mentioned():
    junk = [b"A/", b"__MACOSX/A/._a.pdf", b"A/.DS_Store", b"Thumbs.db", b"A/desktop.ini", b"~$surat.docx", b"._x.pdf"]
    assert reasons(forged(GOOD, *(Entry(name) for name in junk))) == {}


def test_names_that_cannot_be_shown_are_made_printable():
    found = reasons(forged(GOOD, Entry("a\u202e\x07b.pdf".encode()), Entry(b"n" * 600)))
    assert list(found) == ["a\ufffd\ufffdb.pdf", "n" * 199 + "…"]


@pytest.mark.parametrize(
    ("entry", "path"),
    [
        (Entry("Évaluasi.pdf".encode(), flags=0x800), "Évaluasi.pdf"),
        (Entry("Évaluasi.pdf".encode()), "Évaluasi.pdf"),
        (Entry("Évaluasi.pdf".encode("cp437")), "Évaluasi.pdf"),
        (Entry(b"A\\B\\c.pdf"), "A/B/c.pdf"),
        (Entry(b"A//./b.pdf"), "A/b.pdf"),
        (Entry(b"?.pdf", extra=unicode_path(b"?.pdf", "日本.pdf")), "日本.pdf"),
        (Entry(b"?.pdf", extra=unicode_path(b"?.pdf", "日本.pdf", checksum=1)), "?.pdf"),
        (Entry(b"?.pdf", extra=unicode_path(b"?.pdf", "../x.pdf")), None),
        (Entry(b"?.pdf", extra=b"\x75\x70\xff"), "?.pdf"),
    ],
)
def test_names_are_read_in_the_encoding_of_their_writer(entry, path):
    with opened(forged(entry)) as archive:
        assert [m.path for m in archive.members] == ([path] if path else [])
        for member in archive.members:
            assert archive.open(member).read() == b"isi"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", structure.NOT_ZIP),
        (b"%PDF-1.7 bukan arsip", structure.NOT_ZIP),
        (packed({"a.pdf": b"x" * 500}).getvalue()[:-30], structure.NOT_ZIP),
        (packed({"a.pdf": b"x" * 500}).getvalue()[40:], structure.DAMAGED),
        (b"PK\x05\x06" + b"\x00" * 18, reader.EMPTY),
        (packed({"A/": b""}).getvalue(), reader.EMPTY),
        (forged(Entry(b"a.pdf", flags=1), Entry(b"b.pdf", flags=1)).getvalue(), reader.LOCKED),
        (forged(GOOD, size=10).getvalue(), structure.DAMAGED),
        (forged(Entry(b"\xff\xfe.pdf", flags=0x800)).getvalue(), structure.DAMAGED),
        (forged(Entry(b"a.pdf", at=5)).getvalue(), structure.DAMAGED),
    ],
    # Names of their own: ZIPs made now differ from process to process.
    ids=[
        "nothing",
        "a PDF",
        "no end",
        "no start",
        "no entries",
        "only a folder",
        "locked",
        "lying size",
        "bad name",
        "wrong place",
    ],
)
def test_what_cannot_be_used_is_refused_as_a_whole(content, message):
    assert refusal(io.BytesIO(content)) == message


def test_files_are_counted():
    files = {f"{n}.pdf": b"x" for n in range(50)} | {f"F{n}/": b"" for n in range(30)}
    with opened(packed(files)) as archive:
        assert len(archive.members) == 50
    assert refusal(packed(files | {"lebih.pdf": b"x"})) == structure.MANY.format(files=50)


def test_a_hundred_thousand_entries_are_refused_before_they_are_read():
    content = b"".join(Entry(b"%d" % n, content=b"").central(0) for n in range(100_000))
    for count in (100_000, 10):  # the number in the end record may lie, the bytes cannot
        end = struct.pack("<4sHHHHLLH", b"PK\x05\x06", 0, 0, count & 0xFFFF, count & 0xFFFF, len(content), 0, 0)
        file = io.BytesIO(content + end)
        tracemalloc.start()
        assert refusal(file) == structure.MANY.format(files=50)
        assert tracemalloc.get_traced_memory()[1] < 1024 * 1024
        tracemalloc.stop()


def test_zip64_is_read_and_its_counts_are_believed_only_so_far():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target, target.open("besar.pdf", "w", force_zip64=True) as file:
        file.write(b"isi")
    with opened(with_zip64_end(out.getvalue(), 1)) as archive:
        assert archive.open(archive.members[0]).read() == b"isi"
    assert refusal(with_zip64_end(out.getvalue(), 10**12)) == structure.MANY.format(files=50)
    broken = out.getvalue()[:-22] + struct.pack("<4sLQL", b"PK\x06\x07", 0, 10**15, 1) + out.getvalue()[-22:]
    assert refusal(io.BytesIO(broken)) == structure.NOT_ZIP


def with_zip64_end(content: bytes, count: int) -> io.BytesIO:
    """Put a zip64 end record before the end record, which then says nothing itself."""
    _, _, _, _, _, size, start, _ = struct.unpack("<4s4H2LH", content[-22:])
    end64 = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, start)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, len(content) - 22, 1)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return io.BytesIO(content[:-22] + end64 + locator + end)


def test_bombs_are_refused_by_what_they_declare():
    assert refusal(packed({"a.pdf": bytes(3 * 1024 * 1024)})) == structure.BOMB
    many = {f"{n}.pdf": b"x" * 1_000_000 for n in range(5)}
    assert refusal(packed(many, zipfile.ZIP_STORED)) == structure.LARGE.format(size=4)
    assert refusal(packed({f"{n}.txt": bytes(1_000_000) for n in range(4)})) == structure.BOMB
    hidden = Entry(b"bom.txt", content=bytes(1_500_000), method=8)
    assert refusal(forged(hidden, Entry(b"a.pdf", content=b"x" * 1_000_000))) == structure.BOMB
    with opened(packed({"kosong.txt": bytes(900_000)})) as archive:
        assert len(archive.members) == 1


def test_overlapping_entries_are_refused():
    kernel = Entry(b"a.pdf", content=b"x" * 500)
    twice = Entry(b"b.pdf", content=b"x" * 500, at=0)
    assert refusal(forged(kernel, twice, without_bodies=1)) == structure.OVERLAP
    inner = Entry(b"a.pdf", content=b"x" * 100 + Entry(b"b.pdf").local())
    nested = Entry(b"b.pdf", at=35 + 100)
    assert refusal(forged(inner, nested, without_bodies=1)) == structure.OVERLAP


def test_an_entry_may_not_reach_into_the_directory():
    assert refusal(forged(Entry(b"a.pdf", claimed=20, size=20))) == structure.DAMAGED


def test_an_archive_that_holds_itself_is_not_followed():
    inner = packed({"a.pdf": b"isi"}).getvalue()
    assert reasons(forged(GOOD, Entry(b"r/r.zip", content=inner))) == {"r/r.zip": names.PACKED}


@pytest.mark.parametrize(
    "entry",
    [
        Entry(b"a.pdf", content=b"x" * 500_000, method=8, size=100),  # more than declared
        Entry(b"a.pdf", content=b"x" * 1000, method=8, size=5000),  # less than declared
        Entry(b"a.pdf", content=b"x" * 1000, crc=1),
        Entry(b"a.pdf", content=b"x" * 1000, local_name=b"b.pdf"),
    ],
)
def test_content_that_is_not_what_was_declared_is_refused_while_reading(entry):
    with opened(forged(entry)) as archive, pytest.raises(Unusable, match="tidak sesuai"):
        archive.open(archive.members[0]).read()


def test_a_damaged_stream_is_refused_while_reading():
    content = packed({"a.pdf": bytes(range(256)) * 200}).getvalue()
    broken = bytearray(content)
    broken[60:70] = b"\xff" * 10
    with opened(io.BytesIO(bytes(broken))) as archive, pytest.raises(Unusable, match="tidak sesuai"):
        archive.open(archive.members[0]).read()


def test_reading_counts_against_the_whole():
    limits = Limits(files=5, total_bytes=2500, file_bytes=2000, ratio=100)
    with opened(packed({"a.pdf": b"x" * 1000, "b.pdf": b"y" * 1000}), limits) as archive:
        for member in archive.members:
            archive.open(member).read()
        with pytest.raises(Unusable, match="terlalu besar"):
            archive.open(archive.members[0]).read()


def test_reading_keeps_little_in_memory():
    file = packed({"a.txt": b"0123456789abcdef" * 128 * 1024}, zipfile.ZIP_STORED)
    with opened(file) as archive:
        tracemalloc.start()
        with archive.open(archive.members[0]) as source:
            while source.read(64 * 1024):
                pass
        assert tracemalloc.get_traced_memory()[1] < 512 * 1024
        tracemalloc.stop()


def test_any_damage_is_refused_or_survived():
    content = packed({"A/a.pdf": b"satu" * 50, "b.txt": b"dua" * 50}).getvalue()
    for place in range(len(content)):
        broken = bytearray(content)
        broken[place] ^= 0xFF
        try:
            with opened(io.BytesIO(bytes(broken))) as archive:
                for member in archive.members:
                    archive.open(member).read()
        except Unusable as error:
            assert str(error) != ""
