"""One small, real file of every kind; the text makes contents differ."""

import io
import struct
from html import escape

from openpyxl import Workbook
from PIL import Image, ImageDraw

from .ooxml import MAIN, content_types, relationships
from .packing import XML, packed
from .slides import pptx

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
ODF = "urn:oasis:names:tc:opendocument:xmlns:"


def pdf(text: str = "Surat keputusan", pages: int = 1, extra: str = "") -> bytes:
    """Return a PDF whose pages show the text and their number; `extra` goes into its catalogue."""
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(pages))
    bodies = [
        f"<< /Type /Catalog /Pages 2 0 R {extra} >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    shown = (
        text.replace("\\", "\\\\")
        .replace("(", "\\(")
        .replace(")", "\\)")
        .encode("latin-1", "replace")
        .decode("latin-1")
    )
    for i in range(pages):
        stream = f"BT /F1 24 Tf 72 720 Td ({shown}) Tj 0 -40 Td (Halaman {i + 1}) Tj ET"
        bodies += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * i} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>",
            f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        ]
    return pdf_of(bodies)


def pdf_of(bodies: list[str]) -> bytes:
    """Return a PDF of these objects, numbered from 1, the first being the catalogue."""
    out, offsets = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    start = len(out)
    out += f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n".encode()
    out += "".join(f"{offset:010d} 00000 n \n" for offset in offsets).encode()
    out += f"trailer\n<< /Size {len(bodies) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def picture(text: str, size: tuple[int, int] = (320, 200)) -> Image.Image:
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).text((20, 90), text.encode("latin-1", "replace").decode("latin-1"), fill="black")
    return image


def _image(text: str, kind: str) -> bytes:
    file = io.BytesIO()
    picture(text).save(file, kind)
    return file.getvalue()


def png(text: str = "Foto") -> bytes:
    return _image(text, "PNG")


def jpeg(text: str = "Foto") -> bytes:
    return _image(text, "JPEG")


def webp(text: str = "Foto") -> bytes:
    return _image(text, "WEBP")


def xlsx(text: str = "Rekapitulasi") -> bytes:
    """Return a workbook as openpyxl writes it."""
    book, file = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["B1"] = text, 12
    book.save(file)
    return file.getvalue()


def docx(text: str = "Laporan kegiatan") -> bytes:
    main = f"{MAIN}wordprocessingml.document.main+xml"
    return packed(
        {
            "[Content_Types].xml": content_types({"/word/document.xml": main}),
            "_rels/.rels": relationships(("officeDocument", "word/document.xml", False)),
            "word/document.xml": f'{XML}<w:document xmlns:w="{WORD}"><w:body><w:p><w:r>'
            f"<w:t>{escape(text)}</w:t></w:r></w:p></w:body></w:document>",
        }
    )


def _odf(kind: str, body: str) -> bytes:
    mime = f"application/vnd.oasis.opendocument.{kind}"
    spaces = " ".join(f'xmlns:{name}="{ODF}{name}:1.0"' for name in ("office", "text", "table"))
    return packed(
        {
            "mimetype": mime,
            "content.xml": f'{XML}<office:document-content {spaces} office:version="1.3"><office:body>{body}'
            "</office:body></office:document-content>",
            "META-INF/manifest.xml": f'{XML}<manifest:manifest xmlns:manifest="{ODF}manifest:1.0"'
            f' manifest:version="1.3"><manifest:file-entry manifest:full-path="/" manifest:media-type="{mime}"/>'
            '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
            "</manifest:manifest>",
        }
    )


def odt(text: str = "Notula rapat") -> bytes:
    return _odf("text", f"<office:text><text:p>{escape(text)}</text:p></office:text>")


def ods(text: str = "Daftar hadir") -> bytes:
    cell = f'<table:table-cell office:value-type="string"><text:p>{escape(text)}</text:p></table:table-cell>'
    row = f"<table:table-row>{cell}</table:table-row>"
    return _odf(
        "spreadsheet", f'<office:spreadsheet><table:table table:name="A">{row}</table:table></office:spreadsheet>'
    )


def box(kind: bytes, content: bytes = b"") -> bytes:
    """Return an MP4 box."""
    return struct.pack(">I4s", 8 + len(content), kind) + content


def mp4(text: str = "Video") -> bytes:
    """Return the boxes of an MP4 with one empty track; the text is the media."""
    movie = box(b"mvhd", bytes(100)) + box(b"trak", box(b"tkhd", bytes(84)))
    return box(b"ftyp", b"isom\x00\x00\x02\x00isomiso2mp41") + box(b"moov", movie) + box(b"mdat", text.encode())


def txt(text: str = "Catatan rapat") -> bytes:
    return f"{text}\nTanggal 5 Januari 2026\n".encode()


def csv(text: str = "Kegiatan") -> bytes:
    return f"No;Uraian;Jumlah\n1;{text};12\n".encode()


MAKERS = {
    "pdf": pdf,
    "png": png,
    "jpeg": jpeg,
    "webp": webp,
    "docx": docx,
    "xlsx": xlsx,
    "pptx": pptx,
    "odt": odt,
    "ods": ods,
    "mp4": mp4,
    "txt": txt,
    "csv": csv,
}
GOOD: dict[str, bytes] = {kind: make() for kind, make in MAKERS.items()}


def good(kind: str, text: str = "Bukti dukung") -> bytes:
    """Return a file of a kind (a key of `KINDS`) that holds the text."""
    return MAKERS[kind](text)
