"""The sheets of a workbook as rows of cells, read as a stream and never more of it than a worksheet may have."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.cell import column_index_from_string

from .cells import BLANK, LIMIT, Cell, Cells, number_text, unescaped
from .package import DAMAGED, Book, Unusable, refusals

MAX_ROWS = 20_000
MAX_CELLS = 400_000
MAX_STRINGS = 200_000
MAX_TEXT = 12_000_000  # characters of all shared texts together
LAST_ROW = 1_048_576
COLUMNS = 80  # what lies further right is no LKE's
MAX_LINKS = 5_000

TOO_MANY = (
    "Lembar {sheet} berisi terlalu banyak baris atau sel. Hapus baris di bawah tabel LKE (juga yang tampak kosong), "
    "simpan, lalu coba lagi."
)
TOO_MUCH_TEXT = "Berkas berisi terlalu banyak teks untuk sebuah LKE. Hapus lembar yang tidak perlu, lalu coba lagi."
NO_SHEET = "Berkas ini tidak berisi satu lembar kerja pun."


@dataclass(frozen=True, slots=True)
class SheetInfo:
    """One sheet of the workbook: its title, its part, whether people see it."""

    title: str
    part: str
    is_hidden: bool


@dataclass
class Reader:
    """Reads the sheets of one workbook; shared texts and date styles are read once, when first needed."""

    book: Book
    sheets: list[SheetInfo] = field(init=False)
    _strings: list[str] | None = None
    _dates: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        main = next((t for k, t, _ in self.book.relations("").values() if k == "officeDocument"), "")
        relations = self.book.relations(main)
        self._parts = {kind: target for kind, target, is_external in relations.values() if not is_external}
        self.sheets = []

        def look(name: str, attributes: Mapping[str, str]) -> None:
            kind, target, is_external = relations.get(attributes.get("id", ""), ("", "", True))
            if name == "sheet" and kind == "worksheet" and not is_external:
                hidden = attributes.get("state", "visible") != "visible"
                self.sheets.append(SheetInfo(attributes.get("name", ""), target, hidden))

        self.book.each(main, look)
        if not self.sheets:
            raise Unusable(NO_SHEET)

    def rows(self, sheet: SheetInfo) -> Iterator[tuple[int, Cells]]:
        """Yield number and cells of each row that holds something; stop asking and no more is read."""
        yield from self._parse(sheet, _Sheet(sheet.title, self.strings, self._dates))

    def whole(self, sheet: SheetInfo) -> dict[int, dict[int, Cell]]:
        """Return all rows, with the addresses that lie behind cells."""
        parsed = _Sheet(sheet.title, self.strings, self._dates)
        found = {number: dict(cells) for number, cells in self._parse(sheet, parsed)}
        relations = self.book.relations(sheet.part) if parsed.links else {}
        for row, column, relation in parsed.links:
            kind, target, is_external = relations.get(relation, ("", "", False))
            if kind == "hyperlink" and is_external and column <= COLUMNS:
                old = found.setdefault(row, {}).get(column, BLANK)
                found[row][column] = Cell(old.text, old.kind, target[:LIMIT])
        return found

    @property
    def strings(self) -> list[str]:
        if self._strings is None:
            self._strings = self._read_strings()
            self._dates = self._read_dates()
        return self._strings

    def _parse(self, sheet: SheetInfo, parsed: "_Sheet") -> Iterator[tuple[int, Cells]]:
        with refusals():
            for block in self.book.stream(sheet.part):
                parsed.feed(block, is_final=False)
                yield from parsed.taken()
            parsed.feed(b"", is_final=True)
        yield from parsed.taken()

    def _read_strings(self) -> list[str]:
        part = self._parts.get("sharedStrings", "")
        if not self.book.has(part):
            return []
        parsed = _Strings()
        with refusals():
            for block in self.book.stream(part):
                parsed.feed(block, is_final=False)
            parsed.feed(b"", is_final=True)
        return parsed.found

    def _read_dates(self) -> frozenset[int]:
        """Return the numbers of the cell styles that show a number as a date."""
        own: dict[int, str] = {}
        styles: list[int] = []
        inside = ""

        def look(name: str, attributes: Mapping[str, str]) -> None:
            nonlocal inside
            if name in {"cellXfs", "cellStyleXfs", "dxfs"}:
                inside = name
            elif name == "numFmt":
                own[_whole(attributes.get("numFmtId", ""))] = attributes.get("formatCode", "")
            elif name == "xf" and inside == "cellXfs":
                styles.append(_whole(attributes.get("numFmtId", "")))

        part = self._parts.get("styles", "")
        if self.book.has(part):
            self.book.each(part, look)
        formats = [own.get(number) or BUILTIN_FORMATS.get(number, "") for number in styles]
        return frozenset(n for n, code in enumerate(formats) if code and is_date_format(code))


class _Texts:
    """An expat parser that gathers character data; `start`, `end` are told of elements by local name."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.StartElementHandler = lambda name, a: self.start(name.rpartition(" ")[2], a)
        self._parser.EndElementHandler = lambda name: self.end(name.rpartition(" ")[2])
        self._parser.CharacterDataHandler = self._text
        self._pieces: list[str] | None = None
        self._size = 0

    def feed(self, block: bytes, *, is_final: bool) -> None:
        self._parser.Parse(block, is_final)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError

    def end(self, name: str) -> None:
        raise NotImplementedError

    def gather(self) -> None:
        self._pieces, self._size = [], 0

    def gathered(self) -> str:
        text = "".join(self._pieces or ())
        self._pieces = None
        return text

    def _text(self, text: str) -> None:
        if self._pieces is None:
            return
        self._size += len(text)
        if self._size > 2 * LIMIT:
            raise Unusable(DAMAGED)
        self._pieces.append(text)

    def _refuse(self, *_: Any) -> None:
        raise Unusable(DAMAGED)


class _Strings(_Texts):
    """The shared texts; readings for East Asian scripts are left out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._item: list[str] = []
        self._is_reading = False
        self._total = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "si":
            self._item = []
        elif name == "rPh":
            self._is_reading = True
        elif name == "t" and not self._is_reading:
            self.gather()

    def end(self, name: str) -> None:
        if name == "t" and not self._is_reading:
            self._item.append(self.gathered())
        elif name == "rPh":
            self._is_reading = False
        elif name == "si":
            text = unescaped("".join(self._item))
            self._total += len(text)
            if self._total > MAX_TEXT or len(self.found) >= MAX_STRINGS:
                raise Unusable(TOO_MUCH_TEXT)
            self.found.append(text)


class _Sheet(_Texts):
    """One sheet: finished rows wait to be `taken`; `links` are (row, column, relation) of addresses behind cells."""

    def __init__(self, title: str, strings: list[str], dates: frozenset[int]) -> None:
        super().__init__()
        self.links: list[tuple[int, int, str]] = []
        self._title, self._strings, self._dates = title, strings, dates
        self._ready: list[tuple[int, Cells]] = []
        self._row, self._column, self._rows, self._cells = 0, 0, 0, 0
        self._found: dict[int, Cell] = {}
        self._type, self._style, self._value, self._is_formula = "", 0, "", False
        self._inline: list[str] = []

    def taken(self) -> list[tuple[int, Cells]]:
        ready, self._ready = self._ready, []
        return ready

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._begin_cell(attributes)
        elif name == "row":
            self._begin_row(attributes)
        elif name in {"v", "t"}:
            self.gather()
        elif name == "f":
            self._is_formula = True
        elif name == "hyperlink":
            self._add_link(attributes)

    def end(self, name: str) -> None:
        if name == "v":
            self._value = self.gathered()
        elif name == "t":
            self._inline.append(self.gathered())
        elif name == "c":
            self._end_cell()
        elif name == "row" and self._found:
            self._ready.append((self._row, self._found))

    def _begin_row(self, attributes: dict[str, str]) -> None:
        number = _whole(attributes["r"]) if "r" in attributes else self._row + 1
        self._rows += 1
        if not self._row < number <= LAST_ROW:
            raise Unusable(DAMAGED)
        if self._rows > MAX_ROWS:
            raise Unusable(TOO_MANY.format(sheet=self._title))
        self._row, self._column, self._found = number, 0, {}

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self._cells += 1
        if self._cells > MAX_CELLS:
            raise Unusable(TOO_MANY.format(sheet=self._title))
        place = attributes.get("r", "").rstrip("0123456789")
        self._column = column_index_from_string(place) if place else self._column + 1
        self._type, self._style = attributes.get("t", "n"), _whole(attributes.get("s", "0"))
        self._value, self._is_formula, self._inline = "", False, []

    def _end_cell(self) -> None:
        if self._column > COLUMNS:
            return
        cell = self._cell()
        if cell.text or cell.kind == "formula":
            self._found[self._column] = cell

    def _cell(self) -> Cell:
        text, kind = self._content()
        return Cell(text, "formula" if self._is_formula else kind)

    def _content(self) -> tuple[str, str]:
        if self._type == "s" and self._value:
            return self._shared(), "text"
        if self._type == "inlineStr":
            return unescaped("".join(self._inline)), "text"
        if self._type == "str":
            return unescaped(self._value), "text"
        if self._type == "b":
            return "TRUE" if self._value.strip() == "1" else "FALSE", "bool"
        if self._type in {"e", "d"}:
            return unescaped(self._value), "error" if self._type == "e" else "date"
        if not self._value:
            return "", ""
        return number_text(self._value) or self._value[:40], "date" if self._style in self._dates else "number"

    def _shared(self) -> str:
        at = _whole(self._value)
        if at >= len(self._strings):
            raise Unusable(DAMAGED)
        return self._strings[at]

    def _add_link(self, attributes: dict[str, str]) -> None:
        place = attributes.get("ref", "").split(":")[0].replace("$", "")
        letters = place.rstrip("0123456789")
        relation = next((value for key, value in attributes.items() if key.rpartition(" ")[2] == "id"), "")
        if relation and letters and len(self.links) < MAX_LINKS:
            self.links.append((_whole(place[len(letters) :]), column_index_from_string(letters), relation))


def _whole(text: str) -> int:
    """Return a whole number from 0 on; raise ValueError, which makes the file a damaged one."""
    if not (text.isascii() and text.strip().isdigit() and len(text) < 12):
        raise ValueError(text)
    return int(text)
