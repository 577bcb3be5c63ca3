"""The sheet `Catatan panjang`: notes higher than a row of Excel can be, in full, so that a print loses nothing."""

from collections.abc import Iterator
from dataclasses import dataclass

from .blocks import Columns
from .lke_sheet import note_width
from .plan import Plan
from .sheet import Sheet
from .styles import NAVY, SIZE
from .text import ROW_LIMIT, clean, line_count, row_height

WIDTH = 95.0
_PIECE = 1500  # characters in one row; about 20 lines


@dataclass(frozen=True, slots=True)
class LongNote:
    """A note that its column cannot show whole; `who` is the stage, "" for the LKE's own."""

    code: str
    who: str
    text: str


def long_notes(columns: Columns) -> list[LongNote]:
    """Return the notes that the columns of notes cannot show whole, in worksheet order."""
    return [
        LongNote(code, "" if block.is_main else block.side.name, note)
        for code in columns.main.side.result.worksheet.criteria
        for block in columns.blocks
        if (note := block.side.notes.get(code, ""))
        and row_height(line_count(note, note_width(block), SIZE), SIZE) >= ROW_LIMIT
    ]


def write_notes_sheet(sheet: Sheet, plan: Plan, notes: list[LongNote]) -> int:
    """Fill the sheet and return its last row."""
    sheet.widths({"A": 16.0, "B": WIDTH})
    sheet.plain(1, 1, "CATATAN PANJANG", size=13, bold=True, color=NAVY)
    sheet.height(1, 1, 16)
    sheet.plain(2, 1, "Salinan saat diunduh. Untuk mengubahnya, ubah kolom Catatan pada lembar LKE ZI.", size=SIZE)
    for column, head in enumerate(("Kriteria", "Catatan"), start=1):
        sheet.text(4, column, head, "head", "middle")
    row = 4
    for note in notes:
        name = f"{note.code} (baris {plan.row_of[note.code]})" + (f", {note.who}" if note.who else "")
        for place, piece in enumerate(pieces(clean(note.text))):
            row += 1
            sheet.text(row, 1, name if place == 0 else "lanjutan", "strong")
            sheet.text(row, 2, piece, "plain")
            sheet.height(row, max(line_count(piece, WIDTH, SIZE), 2), SIZE)
    return row


def pieces(text: str) -> Iterator[str]:
    """Cut a text between words into pieces that fit one row each."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        for line in _short(paragraph):
            if lines and _is_full([*lines, line]):
                yield "\n".join(lines)
                lines = []
            lines.append(line)
    yield "\n".join(lines)


def _is_full(lines: list[str]) -> bool:
    text = "\n".join(lines)
    return len(text) > _PIECE or line_count(text, WIDTH, SIZE) > 30


def _short(paragraph: str) -> Iterator[str]:
    """Cut a paragraph longer than one piece, between words where there are any."""
    while len(paragraph) > _PIECE:
        cut = paragraph.rfind(" ", 1, _PIECE + 1)
        cut = cut if cut > 0 else _PIECE
        yield paragraph[:cut]
        paragraph = paragraph[cut:].removeprefix(" ")
    yield paragraph
