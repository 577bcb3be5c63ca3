"""What the name of a folder or file says: a code, numbers in front, words. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# Titles of levels before a number: "Area 3", "Pokja III", "Kriteria a".
_LEVELS = (
    "komponen|rincian|bagian|area|pokja|pilar|sub|subarea|kriteria|indikator|pertanyaan|poin|point|bab|nomor|no|folder"
)
_LEVEL = re.compile(rf"(?:(?:{_LEVELS})[\s._\-]+)+(?=(?:\d{{1,2}}|[ivx]{{1,5}}|[a-h])(?![^\W_]))")
_ATOM = re.compile(r"[\s(\[]*(\d{1,2}|[ivx]{1,5}|[a-h])(?![^\W_])[\s._)\]\-–—:,/]*", re.IGNORECASE)
_PREFIXED = re.compile(r"e-[a-z]", re.IGNORECASE)  # e-Kinerja is no letter with a title
_DATE = re.compile(r"[\s(\[]*\d{1,2}[\s._\-]+\d{1,2}[\s._\-]+\d{4}|[\s(\[]*\d{1,2}\s+[a-z]{3,9}\s+\d{4}", re.IGNORECASE)
_CODE = re.compile(r"(?<![\w.])([a-z])((?:[._\-]([ivx]{1,5}|[a-h]|\d{1,2})){2,6})(?![^\W_])", re.IGNORECASE)
_EXTENSION = re.compile(r"\.(?=\w*[a-z])(?![ivx]+$)\w{2,5}$", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_ROMAN = re.compile(r"x{0,2}(?:ix|iv|v?i{0,3})")
_ROMAN_VALUE = {"i": 1, "v": 5, "x": 10}
# How offices shorten the words of the worksheet.
_SPELLED = {
    "monev": ("monitoring", "evaluasi"), "zi": ("zona", "integritas"), "ti": ("teknologi", "informasi"),
    "kip": ("keterbukaan", "informasi", "publik"), "wbs": ("whistle", "blowing", "system"),
    "tl": ("tindak", "lanjut"), "dumas": ("pengaduan", "masyarakat"), "benkep": ("benturan", "kepentingan"),
    "mnj": ("manajemen",), "manaj": ("manajemen",), "tatalaksana": ("tatalaksana",), "dg": ("dengan",),
    "dgn": ("dengan",), "utk": ("untuk",), "yg": ("yang",), "thd": ("terhadap",), "yanlik": ("pelayanan", "publik"),
    "survei": ("survey",), "assement": ("assessment",), "asesmen": ("assessment",), "renker": ("rencana", "kerja"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """One number of a heading: its value, and how it is written ("I", "i", "1", "A", "a")."""

    value: int
    style: str


@dataclass(frozen=True, slots=True)
class Heading:
    text: str  # as it was written, without a file's extension
    marks: tuple[Mark, ...]
    words: tuple[str, ...]
    codes: tuple[tuple[int, ...], ...]  # the values of what looks like a whole code, anywhere in the name
    is_file: bool = False


@lru_cache(maxsize=8192)
def heading_of(name: str, is_file: bool = False) -> Heading:
    """Take a name apart: "1) Mnj_Perubahan" has the mark 1 and the words "manajemen perubahan"."""
    text = " ".join(unicodedata.normalize("NFKC", name).split())
    text = _EXTENSION.sub("", text) if is_file else text
    marks, rest = _marks(_unlevelled(text))
    return Heading(text, marks, words_of(rest), tuple(_code(found) for found in _CODE.finditer(text)), is_file)


def _unlevelled(text: str) -> str:
    found = _LEVEL.match(text.lower())
    return text[found.end() :] if found else text


def _marks(text: str) -> tuple[tuple[Mark, ...], str]:
    marks: list[Mark] = []
    while not (_PREFIXED.match(text) or _DATE.match(text)):
        found = _ATOM.match(text)
        mark = mark_of(found[1]) if found else None
        if found is None or mark is None:
            break
        marks.append(mark)
        text = text[found.end() :]
    return tuple(marks), text


def mark_of(atom: str) -> Mark | None:
    """Read "3", "iii", "III", "c" or "C"; None for anything else."""
    low = atom.lower()
    if atom.isdecimal():
        return Mark(int(atom), "1") if int(atom) else None
    if _ROMAN.fullmatch(low) and low:
        return Mark(_roman(low), "i" if atom == low else "I")
    if len(low) == 1 and "a" <= low <= "z":
        return Mark(ord(low) - ord("a") + 1, "a" if atom == low else "A")
    return None


def _roman(text: str) -> int:
    values = [_ROMAN_VALUE[c] for c in text]
    following = [*values[1:], 0]
    return sum(-v if v < after else v for v, after in zip(values, following, strict=True))


def _code(found: re.Match[str]) -> tuple[int, ...]:
    marks = [mark_of(atom) for atom in re.split(r"[._\-]", found[0])]
    return tuple(mark.value if mark else 0 for mark in marks)


@lru_cache(maxsize=8192)
def words_of(text: str) -> tuple[str, ...]:
    """Return the words in lower case, shortened ones spelled out, years and doubled words left out."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    found: list[str] = []
    for word in _WORD.findall(folded):
        if word.isdecimal() and len(word) == 4:
            continue
        spelled = _SPELLED.get(word, (word,))
        found.extend(w for w in spelled if not found or w != found[-1])
    return tuple(found)
