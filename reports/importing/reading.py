"""From a file to the rows of a filled LKE, whichever of the three layouts it has."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from itertools import takewhile
from typing import Any, BinaryIO

from assessment.worksheet import Worksheet

from .cells import BLANK, Cell, Cells, cell_from, plain
from .headings import ANSWER, CODE, DEEPEST_HEADING, KIND, LINKS, NAMES, NOTE, TITLE, Heading, heading_of, words
from .package import Book, Unusable
from .sheets import Reader, SheetInfo

OWN, MINISTRY, PORTALRB = "own", "ministry", "portalrb"
LABELS = {OWN: "unduhan portal ini", MINISTRY: "LKE kementerian", PORTALRB: "lembar Jawaban PortalRB"}
PORTALRB_COLUMNS = {CODE: 2, TITLE: 3, ANSWER: 11, NOTE: 12, LINKS: 13}
ENOUGH_CODES = 20
URL = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
_MARK = re.compile(r"(?:[A-Za-z]|\d{1,2}|[ivxIVX]{1,5})[.)]?|[-–•]")
_MARKED = re.compile(r"\s*((?:[A-Za-z]|\d{1,2}|[ivxIVX]{1,5})[.)]|[-–•])\s+(?=\S)")

NO_LKE = (
    "Tidak ada lembar LKE di berkas ini: dicari baris judul dengan kolom seperti Penilaian, Bobot, Penjelasan, "
    "Pilihan Jawaban, dan Jawaban."
)
HIDDEN_ONLY = "Lembar LKE di berkas ini tersembunyi. Tampilkan lembarnya (Unhide), simpan, lalu coba lagi."
OTHER_STAGE = "Berkas ini berisi jawaban tahap lain ({found}), bukan jawaban unit. Impor hanya untuk jawaban unit."
TOO_MANY = "Lembar {sheet} berisi {found} baris dengan isian; LKE paling banyak {limit}. Periksa berkasnya."
TOO_MUCH = "Lembar {sheet} berisi terlalu banyak teks untuk sebuah LKE. Ringkas catatannya, lalu coba lagi."
TOO_LONG = "Lembar {sheet} berisi {found} baris; sebuah LKE sekitar 200. Hapus baris lain di bawahnya, lalu coba lagi."
MOST_ROWS = 500  # that bring something; an LKE has fewer than 150
MOST_LINES = 1_000  # with any title at all
MOST_TEXT = 1_500_000
KEPT_TEXT = 6_000  # of one cell: more is refused as a note anyway
NO_ROWS = "Lembar {sheet} tidak berisi satu baris pun di bawah judul kolomnya."


@dataclass(frozen=True, slots=True)
class FileRow:
    """One row of the table: what it says of its place, and what it brings."""

    number: int
    code: str = ""
    marker: str = ""
    title: str = ""
    kind: str = ""  # the column of possible answers
    answer: Cell = BLANK
    note: Cell = BLANK
    names: Cell = BLANK
    links: tuple[Cell, ...] = ()

    @property
    def brings(self) -> bool:
        """Tell whether the row brings anything that could be taken over."""
        return any(not cell.is_blank for cell in (self.answer, self.note, *self.links))


@dataclass(frozen=True)
class Read:
    """A file as it was read. `others` are sheets that look like an LKE too; `about` the lines above the table."""

    layout: str
    sheet: str
    others: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    rows: tuple[FileRow, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "rows": [_row_json(row) for row in self.rows]}


def read_from(stored: Mapping[str, Any]) -> Read:
    """Return what was read from its JSON."""
    rows = tuple(_row_from(row) for row in stored["rows"])
    return Read(stored["layout"], stored["sheet"], tuple(stored["others"]), tuple(stored["about"]), rows)


def read_workbook(file: BinaryIO, worksheet: Worksheet) -> Read:
    """Return the rows of a filled LKE. Raises Unusable with the reason for a person."""
    reader = Reader(Book(file))
    upload = next((s for s in reader.sheets if words(s.title) == "jawaban" and not s.is_hidden), None)
    if upload is not None:
        return _upload_rows(reader.whole(upload), upload.title, worksheet)
    sheet, heading, others = _choose(reader)
    if not heading.has_answers:
        raise Unusable(OTHER_STAGE.format(found=", ".join(heading.foreign)))
    rows = reader.whole(sheet)
    read = rows_in(rows, heading, sheet.title, worksheet, others)
    if not any(row.title or row.code for row in read.rows):
        raise Unusable(NO_ROWS.format(sheet=sheet.title))
    return _bounded(read)


def _bounded(read: Read) -> Read:
    """Return what was read unless it is more than any LKE has."""
    found = sum(row.brings for row in read.rows)
    if found > MOST_ROWS:
        raise Unusable(TOO_MANY.format(sheet=read.sheet, found=found, limit=MOST_ROWS))
    if len(read.rows) > MOST_LINES:
        raise Unusable(TOO_LONG.format(sheet=read.sheet, found=len(read.rows)))
    cells = (cell for row in read.rows for cell in (row.answer, row.note, row.names, *row.links))
    if sum(len(cell.text) + len(cell.link) for cell in cells) > MOST_TEXT:
        raise Unusable(TOO_MUCH.format(sheet=read.sheet))
    return read


def _choose(reader: Reader) -> tuple[SheetInfo, Heading, tuple[str, ...]]:
    """Return the sheet to read: visible, named like an LKE, else the first with such a heading."""
    found = []
    for sheet in reader.sheets:
        top = dict(takewhile(lambda row: row[0] <= DEEPEST_HEADING + 2, reader.rows(sheet)))
        heading = heading_of(top)
        if heading is not None and (heading.has_answers or heading.foreign):
            found.append((sheet, heading))
    if not found:
        raise Unusable(NO_LKE)
    seen = [(s, h) for s, h in found if not s.is_hidden]
    if not seen:
        raise Unusable(HIDDEN_ONLY)
    seen.sort(key=lambda pair: (not pair[1].has_answers, words(pair[0].title) != "lke zi"))
    (sheet, heading), *others = seen
    return sheet, heading, tuple(s.title for s, _ in others)


def rows_in(
    rows: Mapping[int, Cells], heading: Heading, sheet: str, worksheet: Worksheet, others: tuple[str, ...] = ()
) -> Read:
    """Return the rows below a heading."""
    codes = _known_codes(worksheet)
    column = heading.columns.get(CODE, 1)
    below = {number: cells for number, cells in rows.items() if number > heading.last}
    own = sum(cells.get(column, BLANK).text in codes for cells in below.values()) >= ENOUGH_CODES
    names, links = (0, 0) if own else _evidence_columns(below, heading)
    places = _Places(heading, column if own else 0, names, links)
    about = tuple(plain(c.text)[:400] for n, cells in rows.items() if n < heading.row for c in cells.values() if c.text)
    made = tuple(_row(number, cells, places) for number, cells in sorted(below.items()))
    kept = tuple(row for row in made if row.brings or row.title or row.code)
    return Read(OWN if own else MINISTRY, sheet, others, about[:20], kept)


@dataclass(frozen=True, slots=True)
class _Places:
    heading: Heading
    code: int
    names: int
    links: int

    def cell(self, cells: Cells, role: str) -> Cell:
        return cells.get(self.heading.columns.get(role, 0), BLANK)


def _row(number: int, cells: Cells, places: _Places) -> FileRow:
    marker, title = _marked([cells[c].text for c in places.heading.titles if c in cells and cells[c].text.strip()])
    return FileRow(
        number=number,
        code=plain(cells.get(places.code, BLANK).text)[:30],
        marker=marker,
        title=title[:1000],
        kind=plain(places.cell(cells, KIND).text)[:60],
        answer=_cut(places.cell(cells, ANSWER), 1000),
        note=_cut(places.cell(cells, NOTE)),
        names=_cut(cells.get(places.names, BLANK)),
        links=(_cut(cells[places.links]),) if places.links in cells else (),
    )


def _cut(cell: Cell, length: int = KEPT_TEXT) -> Cell:
    return Cell(cell.text[:length], cell.kind, cell.link[:2000]) if len(cell.text) > length or cell.link else cell


def _marked(texts: list[str]) -> tuple[str, str]:
    """Return marker and title: each in a cell of its own, or both in one as "a. Unit kerja …"."""
    tidy = [plain(text) for text in texts]
    marker = ""
    if len(tidy) > 1 and _MARK.fullmatch(tidy[0]):
        marker = tidy.pop(0)
    title = " ".join(tidy)
    if not marker and (found := _MARKED.match(title)):
        marker, title = found[1], title[found.end() :]
    return marker.rstrip(".)").replace("–", "-").replace("•", "-"), title


def _evidence_columns(rows: Mapping[int, Cells], heading: Heading) -> tuple[int, int]:
    """Return the columns of document names and of links, 0 for none: by heading, else by what stands in them.

    Only columns right of the answers are looked at; the explanation may hold addresses of its own.
    """
    after = max(heading.columns.get(ANSWER, 0), heading.columns.get(NOTE, 0))
    taken = set(heading.columns.values()) - {heading.columns.get(NAMES, 0), heading.columns.get(LINKS, 0)}
    used: dict[int, int] = {}
    for cells in rows.values():
        for column, cell in cells.items():
            if column > heading.columns[ANSWER] and column not in taken and (cell.link or URL.search(cell.text)):
                used[column] = used.get(column, 0) + 1
    names, links = heading.columns.get(NAMES, 0), heading.columns.get(LINKS, 0)
    if used and links not in used:
        links = max(used, key=lambda column: (used[column], -column))
    if not links:
        return names, 0
    if not names or names == links:
        between = [c for c in range(after + 1, links) if c not in taken]
        names = between[-1] if between else 0
    return names, links


def _upload_rows(rows: Mapping[int, Cells], sheet: str, worksheet: Worksheet) -> Read:
    """Return the rows of PortalRB's sheet: each question has a row of its own, told by code where there is one."""
    by_row = _excel_rows(worksheet)
    codes = _known_codes(worksheet)
    first = min(by_row, default=1)
    heads = {words(cell.text) for number, cells in rows.items() if number < first for cell in cells.values()}
    is_ours = {"kode", "pertanyaan"} <= heads  # the ministry's own file may hold anything beside its five columns
    found = []
    for number, cells in sorted(rows.items()):
        texts = {name: cells.get(column, BLANK) for name, column in PORTALRB_COLUMNS.items()}
        named = plain(texts[CODE].text) if is_ours else ""
        row = FileRow(
            number,
            code=named if named in codes else by_row.get(number, ""),
            title=plain(texts[TITLE].text)[:1000] if is_ours else "",
            answer=_cut(texts[ANSWER], 1000),
            note=_cut(texts[NOTE]),
            links=() if texts[LINKS].is_blank else (_cut(texts[LINKS]),),
        )
        if number >= first and row.brings:
            found.append(row)
    if not found:
        raise Unusable(NO_ROWS.format(sheet=sheet))
    return _bounded(Read(PORTALRB, sheet, rows=tuple(found)))


def _known_codes(worksheet: Worksheet) -> set[str]:
    counts = {q.code for c in worksheet.criteria.values() for q in c.quantities}
    return {*worksheet.nodes, *worksheet.criteria, *counts}


def _excel_rows(worksheet: Worksheet) -> dict[int, str]:
    found: dict[int, str] = {}
    for criterion in worksheet.criteria.values():
        pairs = [(criterion.excel_row, criterion.code), *((q.excel_row, q.code) for q in criterion.quantities)]
        found.update({row: code for row, code in pairs if row is not None})
    return found


def _row_json(row: FileRow) -> dict[str, Any]:
    cells = {name: getattr(row, name).as_json() for name in ("answer", "note", "names")}
    plainly = {name: getattr(row, name) for name in ("number", "code", "marker", "title", "kind")}
    return plainly | cells | {"links": [cell.as_json() for cell in row.links]}


def _row_from(stored: Mapping[str, Any]) -> FileRow:
    cells = {name: cell_from(stored[name]) for name in ("answer", "note", "names")}
    links = tuple(cell_from(cell) for cell in stored["links"])
    return FileRow(
        stored["number"], stored["code"], stored["marker"], stored["title"], stored["kind"], **cells, links=links
    )
