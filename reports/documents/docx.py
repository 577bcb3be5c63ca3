"""Drawing a document for word processors."""

import io
from collections.abc import Callable, Mapping
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from .blocks import DOTS, Document, Facts, Heading, Items, Letterhead, Paragraph, Seal, Signatures, Table
from .pictures import qr_png

WIDTH = 16.5  # centimetres between the margins
HEADINGS = {1: 13, 2: 11}  # points
GREY = "E7EDEE"
ALIGN = {"right": WD_ALIGN_PARAGRAPH.RIGHT, "center": WD_ALIGN_PARAGRAPH.CENTER}


def render(document: Document) -> bytes:
    """Return the document as .docx: A4, Indonesian, real headings, heading rows that repeat."""
    made = docx.Document()
    _set_up(made, document)
    for block in document.blocks:
        DRAWN[type(block)](made, block)
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def _set_up(made: Any, document: Document) -> None:
    section = made.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm((21 - WIDTH) / 2)
    section.top_margin = section.bottom_margin = Cm(2)
    style = made.styles["Normal"]
    style.font.name, style.font.size = "Calibri", Pt(11)
    style.paragraph_format.space_after = Pt(6)
    for level, size in HEADINGS.items():
        heading = made.styles[f"Heading {level}"]
        _in_calibri(heading)
        heading.font.size, heading.font.color.rgb = Pt(size), RGBColor(0, 0, 0)
        heading.paragraph_format.space_before, heading.paragraph_format.space_after = Pt(12), Pt(4)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "id-ID")
    style.element.get_or_add_rPr().append(language)
    properties = made.core_properties
    properties.title, properties.language, properties.author = document.title, "id-ID", "Portal Zona Integritas"
    if document.made_at:
        at = document.made_at.replace(tzinfo=None)
        properties.created = properties.modified = at
    footer = section.footer.paragraphs[0]
    footer.add_run(f"{document.footer} · Halaman " if document.footer else "Halaman ")
    _page_number(footer)


def _in_calibri(style: Any) -> None:
    """Name the font for every kind of letter; the template's headings follow a theme that wins over a plain name."""
    style.font.name = "Calibri"
    fonts = style.element.rPr.rFonts
    for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{kind}"), None)


def _page_number(paragraph: Any) -> None:
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)


def _heading(made: Any, block: Heading) -> None:
    made.add_heading(block.text, block.level)


def _paragraph(made: Any, block: Paragraph) -> None:
    paragraph = made.add_paragraph()
    run = paragraph.add_run(block.text)
    paragraph.alignment = ALIGN.get(block.kind)
    run.bold = block.kind in {"center", "strong"}
    if block.kind in {"small", "code"}:
        run.font.size = Pt(9)
    if block.kind == "code":
        run.font.name = "Courier New"


def _items(made: Any, block: Items) -> None:
    for number, text in enumerate(block.texts, 1):
        paragraph = made.add_paragraph(f"{number}. {text}" if block.is_numbered else f"– {text}")
        paragraph.paragraph_format.left_indent = Cm(0.8)
        paragraph.paragraph_format.first_line_indent = Cm(-0.6)


def _table(made: Any, block: Table) -> None:
    table = made.add_table(rows=1, cols=len(block.head))
    table.style = "Table Grid"
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)
    _fill(table.rows[0].cells, block.head, block, is_strong=True)
    for cell in table.rows[0].cells:
        shade = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", GREY)):
            shade.set(qn(f"w:{name}"), value)
        cell._tc.get_or_add_tcPr().append(shade)
    for place, row in enumerate(block.rows):
        _fill(table.add_row().cells, row, block, is_strong=place in block.strong)
    for line in table.rows:
        line._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    _set_widths(table, block.widths)
    _gap(made)


def _fill(cells: Any, texts: tuple[str, ...], block: Table, *, is_strong: bool) -> None:
    for place, (cell, text) in enumerate(zip(cells, texts, strict=True)):
        paragraph = cell.paragraphs[0]
        _tighten(paragraph, 2)
        run = paragraph.add_run(text)
        run.bold, run.font.size = is_strong, Pt(9)
        if place in block.numeric:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _facts(made: Any, block: Facts) -> None:
    table = made.add_table(rows=0, cols=2)
    for name, value in block.rows:
        cells = table.add_row().cells
        for cell, text in zip(cells, (name, value), strict=True):
            _tighten(cell.paragraphs[0], 1)
            cell.paragraphs[0].add_run(text)
    _set_widths(table, (30, 70))
    _gap(made)


def _set_widths(table: Any, percent: tuple[int, ...]) -> None:
    """Set the columns' widths: the grid's for LibreOffice, every cell's for Word."""
    if not percent:
        return
    table.autofit = False
    for column, share in zip(table.columns, percent, strict=True):
        column.width = Cm(WIDTH * share / 100)
        for cell in column.cells:
            cell.width = column.width


def _tighten(paragraph: Any, points: int) -> None:
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(points)
    paragraph.paragraph_format.line_spacing = 1.0


def _gap(made: Any) -> None:
    """Keep what follows off a table; Word puts no space below one."""
    _tighten(made.add_paragraph(), 0)


def _signatures(made: Any, block: Signatures) -> None:
    if block.place:
        made.add_paragraph(block.place).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    columns = max(2, len(block.people))
    cells = made.add_table(rows=1, cols=columns).rows[0].cells
    for place, (role, name, number) in enumerate(block.people):
        cell = cells[columns - len(block.people) + place]
        cell.paragraphs[0].add_run(f"{role},")
        cell.add_paragraph("\n")
        cell.add_paragraph(name or DOTS)
        cell.add_paragraph(f"NIP {number or DOTS}")
    made.add_paragraph()


def _letterhead(made: Any, block: Letterhead) -> None:
    table = made.add_table(rows=1, cols=2 if block.logo else 1)
    if block.logo:
        table.rows[0].cells[0].paragraphs[0].add_run().add_picture(io.BytesIO(block.logo), height=Cm(2))
    cell = table.rows[0].cells[-1]
    lines = [(line.upper(), place == len(block.lines), False) for place, line in enumerate(block.lines, 1)]
    lines += [(line, False, True) for line in block.small]
    for place, (text, is_own, is_small) in enumerate(lines):
        paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _tighten(paragraph, 0)
        run = paragraph.add_run(text)
        run.bold, run.font.size = is_own, Pt(9 if is_small else 14 if is_own else 12)
    _set_widths(table, (16, 84) if block.logo else (100,))
    _rule_below(table)
    _gap(made)


def _rule_below(table: Any) -> None:
    borders = OxmlElement("w:tblBorders")
    rule = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "0"), ("color", "000000")):
        rule.set(qn(f"w:{name}"), value)
    borders.append(rule)
    table._tbl.tblPr.append(borders)


def _seal(made: Any, block: Seal) -> None:
    table = made.add_table(rows=1, cols=2)
    code, words = table.rows[0].cells
    code.paragraphs[0].add_run().add_picture(io.BytesIO(qr_png(block.url)), width=Cm(2.2))
    texts = (f"{block.text} Sidik (SHA-256):", block.digest, f"Periksa di {block.url}")
    for place, text in enumerate(texts):
        paragraph = words.paragraphs[0] if place == 0 else words.add_paragraph()
        _tighten(paragraph, 1)
        run = paragraph.add_run(text)
        run.font.size = Pt(9)
        if text == block.digest:
            run.font.name = "Courier New"
    _set_widths(table, (16, 84))


DRAWN: Mapping[type, Callable[[Any, Any], None]] = {
    Heading: _heading, Paragraph: _paragraph, Items: _items, Table: _table, Facts: _facts, Signatures: _signatures,
    Letterhead: _letterhead, Seal: _seal,
}  # fmt: skip
