"""Which sheet of a workbook is the LKE, in which row its heading stands and what each column holds. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from .cells import BLANK, Cells, plain

DEEPEST_HEADING = 60  # rows looked through
TITLE, WEIGHT, GUIDE, KIND, ANSWER, NOTE, NAMES, LINKS, CODE = (
    "title", "weight", "guide", "kind", "answer", "note", "names", "links", "code",
)  # fmt: skip
# A column of another stage, or what a reviewer found.
_OTHERS = re.compile(
    r"\b(?:tpi|tpn|pendahuluan|penilai|evaluator|verifikator|verifikasi|tim penilai|menpan|kemenpan|inspektorat|apip|"
    r"kedua|banding|hasil pemeriksaan|eselon|pusat|nasional|evaluasi|validasi|reviu|reviewer|asesor|asesmen)\b"
)
_UNIT = re.compile(r"\b(?:unit|satker|satuan kerja|mandiri|opd|upt)\b")
_ROLES = (
    (CODE, re.compile(r"kode(?: kriteria)?")),
    (KIND, re.compile(r"(?:pilihan|opsi)(?: jawaban)?|jenis jawaban")),
    (WEIGHT, re.compile(r"bobot(?: nilai)?|bobot maksimal")),
    (GUIDE, re.compile(r"penjelasan(?: kriteria)?|kriteria nilai|kriteria penilaian")),
    (ANSWER, re.compile(r"jawaban\b.*|nilai jawaban")),
    (NOTE, re.compile(r"(?:catatan|keterangan)\b.*")),
    (LINKS, re.compile(r".*\b(?:link|links|tautan|url|google drive|gdrive|drive)\b.*")),
    (NAMES, re.compile(r".*\b(?:dokumen|data dukung|bukti|bukti dukung|eviden|evidence|evidens)\b.*")),
    (TITLE, re.compile(r"penilaian|komponen(?: penilaian)?|uraian|pertanyaan|kriteria|indikator|aspek")),
)


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a table: its row, the last row it takes, and the column of each role."""

    row: int
    last: int
    columns: Mapping[str, int]
    titles: tuple[int, ...]  # columns in which the hierarchy stands, from left to right
    foreign: tuple[str, ...] = field(default=())  # headings of other stages' answers

    @property
    def has_answers(self) -> bool:
        return ANSWER in self.columns


@lru_cache(maxsize=4096)
def words(text: str) -> str:
    """Return a heading in lower case without signs: "Jawaban (Unit)" is "jawaban unit"."""
    return " ".join(re.findall(r"[^\W_]+", plain(text).casefold()))


def heading_of(rows: Mapping[int, Cells]) -> Heading | None:
    """Return the heading that names most of the columns an LKE has; None if no row looks like one."""
    best: tuple[int, int] | None = None
    for number in sorted(rows):
        if number > DEEPEST_HEADING:
            break
        found = {role for cell in rows[number].values() if (role := _role(words(cell.text)))}
        strength = len(found)
        if strength >= 3 and found & {ANSWER, KIND} and found & {WEIGHT, GUIDE, TITLE, KIND, CODE}:
            best = max(best or (0, 0), (strength, -number))
    return _heading(rows, -best[1]) if best else None


def _role(text: str) -> str:
    return next((role for role, pattern in _ROLES if pattern.fullmatch(text)), "")


def _heading(rows: Mapping[int, Cells], row: int) -> Heading:
    """Read the heading in a row, with a second row of it below where there is one."""
    last = row + 1 if _goes_on(rows, row) else row
    named = {column: words(cell.text) for column, cell in rows[row].items()}
    below = {column: words(cell.text) for column, cell in rows.get(last, {}).items()} if last > row else {}
    full = _spread(named, below)
    above = _spread_out({c: words(cell.text) for c, cell in rows.get(row - 1, {}).items()}, max(full, default=0))
    columns: dict[str, int] = {}
    foreign: list[str] = []
    plainly = [c for c, text in sorted(full.items()) if _role(text) == ANSWER and not _OTHERS.search(text)]
    for column, text in sorted(full.items()):
        role = _role(text)
        several = role == ANSWER and len(plainly) > 1
        is_other = bool(_OTHERS.search(text)) or (several and bool(_OTHERS.search(above.get(column, ""))))
        if role == ANSWER and is_other:
            foreign.append(plain(rows[row].get(column, BLANK).text) or text)
        if role and not (is_other and role in {ANSWER, NOTE, NAMES, LINKS}):
            columns.setdefault(role, column)
    _prefer_the_units(columns, full)
    return Heading(row, _last(rows, last), columns, _titles(columns), tuple(foreign))


def _prefer_the_units(columns: dict[str, int], full: Mapping[int, str]) -> None:
    """Take the column that names the unit before one that names nobody."""
    for role in (ANSWER, NOTE):
        own = [c for c, t in sorted(full.items()) if _role(t) == role and _UNIT.search(t) and not _OTHERS.search(t)]
        if own:
            columns[role] = own[0]


def _goes_on(rows: Mapping[int, Cells], row: int) -> bool:
    """Tell whether the row below only says whose the columns are: "Unit", "TPI"."""
    texts = [words(cell.text) for cell in rows.get(row + 1, {}).values()]
    said = [text for text in texts if text]
    return bool(said) and all(len(t) < 40 and (_UNIT.search(t) or _OTHERS.search(t)) for t in said)


def _spread(named: Mapping[int, str], below: Mapping[int, str]) -> dict[int, str]:
    """Join a heading with the row below it; a merged one lies over all columns that the lower row names."""
    if not below:
        return dict(named)
    wide = _spread_out(named, max((*named, *below)))
    return {c: f"{wide.get(c, '')} {below[c]}".strip() if c in below else named.get(c, "") for c in {*named, *below}}


def _spread_out(texts: Mapping[int, str], until: int) -> dict[int, str]:
    found: dict[int, str] = {}
    said = ""
    for column in range(1, until + 1):
        said = texts.get(column) or said
        found[column] = said
    return found


def _last(rows: Mapping[int, Cells], row: int) -> int:
    """Leave out a row of column numbers, "(1) (2) (3)", below the heading."""
    texts = [words(cell.text) for cell in rows.get(row + 1, {}).values()]
    said = [text for text in texts if text]
    counted = len(said) >= 3 and all(re.fullmatch(r"\d{1,2}(?: \d{1,2})*|[a-p]", text) for text in said)
    return row + 1 if counted else row


def _titles(columns: Mapping[str, int]) -> tuple[int, ...]:
    """Return the columns of the hierarchy: from its heading to the next known column."""
    code = columns.get(CODE, 0)
    first = columns.get(TITLE, code + 1)
    others = [c for role, c in columns.items() if role not in {TITLE, CODE} and c > first]
    after = min(others, default=first + 1)
    return tuple(range(first, after)) if after > first else (first,)
