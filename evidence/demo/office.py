"""The demo's office files: tables as xlsx, letters as docx. The same input gives the same bytes. Pure."""

import random
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.styles import Font

from .papers import MARK, About

MOMENT = (2026, 1, 2, 8, 0, 0)  # in every ZIP entry, instead of the present
ITEMS = [
    "Rapat koordinasi tim", "Sosialisasi kepada pegawai", "Penyusunan dokumen", "Pemantauan triwulanan",
    "Reviu oleh pimpinan", "Publikasi di laman resmi", "Tindak lanjut rekomendasi", "Survei pengguna layanan",
    "Pembaruan standar pelayanan", "Pelatihan petugas", "Pengelolaan pengaduan", "Pelaporan kepada pimpinan",
]  # fmt: skip
OWNERS = ["Subbagian umum", "Seksi pelayanan", "Seksi pengawasan", "Tim kerja ZI", "Seksi data dan informasi"]
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def sheet(about: About, generator: random.Random) -> bytes:
    """Return a table of activities as xlsx."""
    book = Workbook()
    page = book["Sheet"]
    page.title = "Data"
    for line in (about.title, f"{about.unit}, tahun {about.year}", f"{MARK}: bukan data resmi"):
        page.append([line])
    page.append([])
    page.append(["No.", "Uraian", "Penanggung jawab", "Target", "Realisasi", "Capaian (%)"])
    for number, item in enumerate(generator.sample(ITEMS, generator.randint(7, 12)), 1):
        target = generator.randint(4, 40)
        done = round(target * generator.uniform(0.8, 1))
        page.append([number, item, generator.choice(OWNERS), target, done, round(100 * done / target)])
    for row in (1, 5):
        for cell in page[row]:
            cell.font = Font(bold=True)
    for column, width in zip("ABCDEF", (6, 34, 28, 10, 10, 12), strict=True):
        page.column_dimensions[column].width = width
    book.properties.creator = about.unit
    book.properties.created = datetime(*MOMENT)
    made = BytesIO()
    book.save(made)
    return _timeless(made)


def letter(paragraphs: Sequence[str]) -> bytes:
    """Return paragraphs as docx, the second one as heading."""
    body = "".join(_paragraph(text, bold=place == 1) for place, text in enumerate(paragraphs))
    types = (
        f'{XML}<Types xmlns="{PACKAGE}content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{MAIN_TYPE}"/></Types>'
    )
    relations = (
        f'{XML}<Relationships xmlns="{PACKAGE}relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}" Target="word/document.xml"/></Relationships>'
    )
    text = f'{XML}<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
    parts = {"[Content_Types].xml": types, "_rels/.rels": relations, "word/document.xml": text}
    return _zipped({name: part.encode() for name, part in parts.items()})


def _paragraph(text: str, *, bold: bool) -> str:
    style = "<w:rPr><w:b/></w:rPr>" if bold else ""
    return f'<w:p><w:r>{style}<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def _timeless(made: BytesIO) -> bytes:
    """Return a workbook without the moment it was made, which openpyxl writes whatever it is told."""
    with zipfile.ZipFile(made) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["docProps/core.xml"] = MODIFIED.sub(rb"\g<1>2026-01-02T08:00:00Z", parts["docProps/core.xml"])
    return _zipped(parts)


def _zipped(parts: dict[str, bytes]) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name, MOMENT), part, zipfile.ZIP_DEFLATED)
    return made.getvalue()
