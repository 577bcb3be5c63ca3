"""What the cells of a file mean as answers, notes and links, and why some are refused. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from assessment.forms import GROUPED, INDEX_TEXT, WHOLE
from assessment.models.answer import NOTE_LIMIT
from assessment.worksheet import INDEX, Criterion
from evidence.links import BadLink, clean_url

from .cells import Cell, plain
from .reading import URL

FORMULA = "Rumus, bukan jawaban: ketik jawabannya sendiri."
ERROR = "Nilai kesalahan Excel ({text}), bukan jawaban."
DATE = "Tanggal, bukan jawaban. Ubah format selnya menjadi Umum, lalu ketik ulang."
TRUTH = "Nilai benar/salah Excel, bukan jawaban. Tulis salah satu pilihan."
NO_CHOICE = "“{text}” bukan pilihan di sini: {choices}."
NO_WHOLE = "“{text}” bukan bilangan bulat, misalnya 12."
NEGATIVE = "Jumlah tidak boleh negatif."
NO_INDEX = "“{text}” bukan indeks 0 sampai 4 dengan paling banyak dua desimal."
NO_LINK = "“{text}” bukan tautan. Yang diterima alamat https:// atau http://."
NOTE_FORMULA = "Rumus, bukan catatan: ketik catatannya sendiri."
NOTE_DATE = "Tanggal, bukan catatan. Ubah format selnya menjadi Teks, lalu ketik ulang."
NOTE_LONG = "Catatan paling panjang {limit} karakter; di berkas {found}."
_SPELLED = {"ya": "Y", "y": "Y", "iya": "Y", "tidak": "T", "t": "T", "tdk": "T"}
_END = ".,;:)]}>'\""
SHOWN = 60


class BadValue(Exception):
    """A cell that is refused; its text says why."""


@dataclass(frozen=True, slots=True)
class Address:
    """A link as the file gives it: cleaned address and title."""

    url: str
    title: str


def choice_of(criterion: Criterion, cell: Cell) -> str:
    """Return the key of the choice that a cell names, "" for a blank one. Raises BadValue."""
    text = _answer(cell)
    if not text:
        return ""
    key = re.sub(r"[\s.()]+", "", text).casefold()
    is_yes_no = criterion.choice("Y") is not None
    key = _SPELLED.get(key, "") if is_yes_no else key.upper()
    if not key or criterion.choice(key) is None:
        names = ", ".join(choice.label for choice in criterion.choices)
        raise BadValue(NO_CHOICE.format(text=_short(text), choices=names))
    return key


def count_of(cell: Cell) -> int | None:
    """Return the whole number in a cell, None for a blank one. Raises BadValue."""
    text = _answer(cell).replace(" ", "")
    if not text:
        return None
    typed = text.replace(".", "") if cell.kind == "text" and GROUPED.fullmatch(text) else text
    if re.fullmatch(r"[-−]\d+([.,]\d+)?", typed):
        raise BadValue(NEGATIVE)
    if not WHOLE.fullmatch(typed):
        raise BadValue(NO_WHOLE.format(text=_short(text)))
    return int(typed)


def index_of(cell: Cell) -> Decimal | None:
    """Return the survey index in a cell, None for a blank one. Raises BadValue."""
    text = _answer(cell)
    if not text:
        return None
    if not INDEX_TEXT.fullmatch(text) or Decimal(text.replace(",", ".")) > 4:
        raise BadValue(NO_INDEX.format(text=_short(text)))
    return Decimal(text.replace(",", ".")).quantize(Decimal("0.01"))


def note_of(cells: Iterable[Cell]) -> str:
    """Return the note that some cells make up, each text once. Raises BadValue."""
    texts: dict[str, None] = {}
    for cell in cells:
        if cell.kind == "formula":
            raise BadValue(NOTE_FORMULA)
        if cell.kind == "date":
            raise BadValue(NOTE_DATE)
        if cell.kind == "error":
            raise BadValue(ERROR.format(text=_short(cell.text)))
        if cell.text.strip():
            texts[cell.text.strip()] = None
    note = "\n".join(texts)
    if len(note) > NOTE_LIMIT:
        raise BadValue(NOTE_LONG.format(limit=NOTE_LIMIT, found=len(note)))
    return note


def addresses_of(cell: Cell, names: Cell, untitled: str) -> tuple[list[Address], list[str]]:
    """Return the links in a cell and what is refused in it; `names` has the titles, one a line if there are several."""
    typed = [url.rstrip(_END) for url in URL.findall(cell.text)]
    typed = typed or ([cell.link] if cell.link else [])
    if not typed:
        text = plain(cell.text)
        return [], [NO_LINK.format(text=_short(text))] if text else []
    found: dict[str, Address] = {}
    problems = []
    titles = _titles(cell, names, len(typed), untitled)
    for url, title in zip(typed, titles, strict=True):
        try:
            clean = clean_url(url)
        except BadLink as error:
            problems.append(f"“{_short(url)}”: {error}")
        else:
            found.setdefault(clean, Address(clean, title))
    return list(found.values()), problems


def _titles(cell: Cell, names: Cell, size: int, untitled: str) -> list[str]:
    lines = [tidy for line in names.text.split("\n") if (tidy := plain(line))] if names.kind == "text" else []
    if len(lines) == size:
        return [line[:200] for line in lines]
    shown = plain(cell.text) if cell.link and not URL.search(cell.text) else ""
    title = " ".join(lines)[:200] or shown[:200] or untitled[:200]
    return [title] * size


def is_index(criterion: Criterion) -> bool:
    return criterion.answer_type == INDEX


def _answer(cell: Cell) -> str:
    """Return the text of an answer's cell. Raises BadValue for what no answer is."""
    refused = {"formula": FORMULA, "error": ERROR.format(text=_short(cell.text)), "date": DATE, "bool": TRUTH}
    if cell.kind in refused:
        raise BadValue(refused[cell.kind])
    return plain(cell.text)


def _short(text: str) -> str:
    tidy = plain("".join(c if c.isprintable() else " " for c in text))
    return tidy if len(tidy) <= SHOWN else tidy[: SHOWN - 1] + "…"
