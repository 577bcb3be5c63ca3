"""Every kind is taken under each of its names; everything else is refused for its own reason."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import ImageFile

from evidence import pdf
from evidence.content import KINDS, Refused, identify
from evidence.content.refusals import REASONS

from . import samples
from .samples.good import MAKERS
from .samples.hostile_office import ole
from .samples.ooxml import relationships
from .samples.packing import changed, packed, unpacked

HOSTILE = samples.hostile()
FEWEST_HOSTILE = 140


def refused(content: bytes, name: str) -> str:
    with pytest.raises(Refused) as caught:
        identify(io.BytesIO(content), name)
    return caught.value.code


def names() -> Iterator[tuple[str, str]]:
    for kind in KINDS.values():
        for extension in kind.extensions:
            yield kind.key, f"bukti{extension}"
            yield kind.key, f"BUKTI 2026.v2{extension.upper()}"


@pytest.mark.parametrize(("key", "name"), list(names()))
def test_good_file_is_what_it_is(key: str, name: str) -> None:
    assert identify(io.BytesIO(samples.GOOD[key]), name) == KINDS[key]


def test_every_kind_has_a_sample() -> None:
    assert list(MAKERS) == list(KINDS)
    assert all(samples.good(key, "satu") != samples.good(key, "dua") for key in KINDS)


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_file_is_refused(case: str) -> None:
    name, content, code = HOSTILE[case]
    assert refused(content, name) == code


def test_hostile_files_are_many_and_use_every_reason() -> None:
    assert len(HOSTILE) >= FEWEST_HOSTILE
    # By other means: a name (test_content_names), an allow-list and a size (below).
    others = {"no-name", "not-allowed", "image-too-big"}
    assert {code for _, _, code in HOSTILE.values()} | others == REASONS.keys()


@pytest.mark.parametrize("code", REASONS)
def test_reason_says_what_to_do(code: str) -> None:
    refusal = Refused(code, label="PDF", extension=".x", expected=".pdf", pixels=90, limit=80)
    assert refusal.code == code
    assert re.fullmatch(r"[A-Z][^{}]*\.", str(refusal))


def test_mismatch_names_both_sides() -> None:
    with pytest.raises(Refused) as caught:
        identify(io.BytesIO(samples.GOOD["pdf"]), "Surat.DOCX")
    assert str(caught.value) == (
        "Isi berkas ini PDF, tetapi namanya berakhiran .docx. "
        "Unggah berkas yang benar atau ganti akhirannya menjadi .pdf."
    )


def test_kind_has_to_be_allowed() -> None:
    video = io.BytesIO(samples.GOOD["mp4"])
    assert identify(video, "video.mp4", ["mp4"]).key == "mp4"
    with pytest.raises(Refused) as caught:
        identify(video, "video.mp4", ["pdf", "png"])
    assert caught.value.code == "not-allowed"


def test_pdf_may_be_encrypted_without_a_password(tmp_path: Path) -> None:
    import pikepdf

    with pikepdf.open(io.BytesIO(samples.GOOD["pdf"])) as document:
        document.save(tmp_path / "a.pdf", encryption=pikepdf.Encryption(owner="a", user=""))
    with (tmp_path / "a.pdf").open("rb") as file:
        assert identify(file, "a.pdf").key == "pdf"


def test_pdf_that_cannot_be_looked_at_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreadable(_: object) -> pdf.Facts:
        raise pdf.Unreadable("took too long")

    monkeypatch.setattr(pdf, "inspect_file", unreadable)
    assert refused(samples.GOOD["pdf"], "a.pdf") == "damaged"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_in_the_encodings_of_offices(encoding: str) -> None:
    content = "Nilai ≥ 80 — “baik”\r\n\tRp1.000\x0c".replace("≥", "±").encode(encoding)
    assert identify(io.BytesIO(content), "a.txt").key == "txt"


def test_text_may_speak_of_programs() -> None:
    content = b"MZ adalah awal berkas program; <html> awal halaman web; lihat %PDF dan #! di bawah."
    assert identify(io.BytesIO(content), "a.txt").key == "txt"


def test_pictures_after_a_picture_are_whole_ones() -> None:
    phone = samples.jpeg("satu") + samples.jpeg("dua")
    assert identify(io.BytesIO(phone), "a.jpg").key == "jpeg"
    assert refused(phone[:-2], "a.jpg") == "damaged"


def samsung(*fields: bytes, gap: int = 0) -> bytes:
    ends = [sum(map(len, fields[number:])) + gap for number in range(len(fields))]
    rows = b"".join(struct.pack("<HHII", 0, 0xA01, end, len(field)) for end, field in zip(ends, fields, strict=True))
    directory = b"SEFH" + struct.pack("<II", 106, len(fields)) + rows
    return b"".join(fields) + bytes(gap) + directory + struct.pack("<I", len(directory)) + b"SEFT"


def test_photo_of_a_samsung_phone_may_carry_its_data() -> None:
    when = struct.pack("<HHI", 0, 0xA01, 14) + b"Image_UTC_Data1767578400000"
    photo = samples.jpeg() + samsung(when, b"MotionPhoto")
    assert identify(io.BytesIO(photo), "a.jpg").key == "jpeg"
    for trailer in (
        samsung(when, gap=3),
        b"<html>" + samsung(when),
        samsung(when).replace(b"SEFH", b"SEFX"),
        samsung(when)[:-8] + bytes(4) + b"SEFT",
        samsung(when)[:-8] + b"\xff" * 4 + b"SEFT",
        samsung(when).replace(struct.pack("<II", 106, 1), struct.pack("<II", 106, 2)),
        b"<html>SEFT",
    ):
        assert refused(samples.jpeg() + trailer, "a.jpg") == "appended"
    archive = packed({"a.txt": "a"})
    assert refused(samples.jpeg() + samsung(archive), "a.jpg") == "polyglot"


def office_parts() -> dict[str, dict[str, str | bytes]]:
    types = unpacked(samples.GOOD["docx"])["[Content_Types].xml"].decode()
    override = types[types.index("<Override") : types.index("</Types>")]
    main = override.partition('ContentType="')[2].partition('"')[0]
    rels = "word/_rels/document.xml.rels"
    return {
        "type by extension": {
            "[Content_Types].xml": types.replace(override, "").replace("application/xml", main),
        },
        "main part from the root": {"_rels/.rels": relationships(("officeDocument", "/word/document.xml", False))},
        "workbook of a chart": {"word/embeddings/Microsoft_Excel_Sheet1.xlsx": samples.xlsx()},
        "old object": {"word/embeddings/oleObject1.bin": ole("Equation Native")},
        "compressed picture": {"word/media/image1.emz": zlib.compress(b"emf", wbits=31)},
        "links": {rels: relationships(("hyperlink", "https://contoh.go.id/a", True), ("image", "http://a.id/b", True))},
        "template on the author's drive": {
            rels: relationships(("attachedTemplate", r"file:///C:\Users\a\A.dotx", True))
        },
        "template by name": {rels: relationships(("attachedTemplate", "Normal.dotm", True))},
        "linked workbook": {rels: relationships(("oleObject", r"D:\rekap.xlsx!Sheet1", True))},
    }


@pytest.mark.parametrize("case", office_parts())
def test_document_as_offices_write_it(case: str) -> None:
    content = changed(samples.GOOD["docx"], office_parts()[case])
    assert identify(io.BytesIO(content), "a.docx").key == "docx"


def test_package_written_as_a_stream() -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in unpacked(samples.GOOD["docx"]).items():
            archive.writestr(name, content)
    assert identify(io.BytesIO(pipe.getvalue()), "a.docx").key == "docx"


def test_picture_of_many_bytes_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "a.png").open("w+b") as file:
        file.write(samples.GOOD["png"])
        file.truncate(65 * 1024 * 1024)
        with pytest.raises(Refused) as caught:
            identify(file, "a.png")
    assert caught.value.code == "image-too-big"


@pytest.mark.parametrize("case", [name for name in samples.hostile() if name.startswith(("png", "jpeg", "webp"))])
def test_pictures_are_judged_alike_after_a_library_has_made_pillow_lenient(monkeypatch, case):
    """WeasyPrint lets the whole process open cut and damaged pictures as soon as it is loaded."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    name, content, code = samples.hostile()[case]
    with pytest.raises(Refused) as refused:
        identify(io.BytesIO(content), name)
    assert refused.value.code == code
