"""The ways in which units name the folders of their evidence, made from the worksheet."""

import random
from collections.abc import Callable, Iterator

from assessment.worksheet import Criterion, Node, Worksheet
from evidence.layout import folder_of, plain_name, shortened

ROMANS = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII"]
ARABIC = {roman.lower(): str(number) for number, roman in enumerate(ROMANS) if roman}
Rows = list[Node | Criterion]
FILES = ["Laporan kegiatan.pdf", "IMG-20260114-WA0003.jpg", "Dokumentasi.png", "scan 0012.pdf"]


def rows_of(worksheet: Worksheet, code: str) -> Rows:
    return [*reversed(worksheet.ancestors(code)), worksheet.criteria[code]]


def joined(parts: list[str], code: str) -> str:
    return "/".join([*(plain_name(part) for part in parts), FILES[len(code) % len(FILES)]])


def own(worksheet: Worksheet, code: str) -> str:
    return "/".join([*folder_of(worksheet, code), "Laporan kegiatan 2026.pdf"])


def wrapped(worksheet: Worksheet, code: str) -> str:
    return "Data ZI 2026 Dinas X/LKE final (2)/" + own(worksheet, code)


def code_folder(worksheet: Worksheet, code: str) -> str:
    return f"Bukti dukung/{code}/SK.pdf"


def code_folder_titled(worksheet: Worksheet, code: str) -> str:
    return joined([f"{code} {worksheet.criteria[code].title[:40]}"], code)


def code_prefix(worksheet: Worksheet, code: str) -> str:
    return f"{code} - Surat Keputusan.pdf"


def code_hyphens(worksheet: Worksheet, code: str) -> str:
    return f"LKE/{code.replace('.', '-').lower()} Notulen rapat 2026.pdf"


def code_split(worksheet: Worksheet, code: str) -> str:
    head, *rest = code.rsplit(".", 2)
    return "/".join([head, *rest, "Undangan.pdf"])


def markers_only(worksheet: Worksheet, code: str) -> str:
    return "/".join([*code.split("."), "1. Undangan.pdf"])


def arabic_for_roman(worksheet: Worksheet, code: str) -> str:
    rows = rows_of(worksheet, code)
    return joined([f"{ARABIC.get(r.marker.lower(), r.marker)}. {r.title[:60]}" for r in rows], code)


def numbers_for_letters(worksheet: Worksheet, code: str) -> str:
    rows = rows_of(worksheet, code)
    last = f"{ord(rows[-1].marker) - 96}) {rows[-1].title[:60]}"
    return joined([*(f"{r.marker}. {r.title}" for r in rows[:-1]), last], code)


def roman_for_arabic(worksheet: Worksheet, code: str) -> str:
    rows = rows_of(worksheet, code)
    names = [f"{ROMANS[int(r.marker)] if r.marker.isdecimal() else r.marker}. {r.title[:60]}" for r in rows]
    return joined(names, code)


def titles_only(worksheet: Worksheet, code: str) -> str:
    return joined([shortened(r.title, 100) for r in rows_of(worksheet, code)], code)


def first_words(worksheet: Worksheet, code: str) -> str:
    """Numbers and the first four words of each title, as people shorten them."""
    return joined([f"{r.marker}. {' '.join(r.title.split()[:4])}" for r in rows_of(worksheet, code)], code)


def lower_underscores(worksheet: Worksheet, code: str) -> str:
    names = [f"{r.marker}_{r.title[:50].lower()}".replace(" ", "_") for r in rows_of(worksheet, code)]
    return joined(names, code)


def shouting(worksheet: Worksheet, code: str) -> str:
    return joined([f"{r.marker}  {r.title[:60].upper()}".replace(" ", "  ") for r in rows_of(worksheet, code)], code)


def seed_style(worksheet: Worksheet, code: str) -> str:
    """Areas in Roman numbers at the top, REFORM only above its own, as the ministry's overview lists them."""
    rows = rows_of(worksheet, code)
    if code.startswith("B"):
        return joined([f"{r.marker}. {r.title[:60]}" for r in rows], code)
    top = [] if code.startswith("A.I.") else ["REFORM"]
    area = f"{ROMANS[int(rows[2].marker)]}. {rows[2].title}"
    return joined([*top, area, *(f"{r.marker}. {r.title[:60]}" for r in rows[3:])], code)


def in_file_name(worksheet: Worksheet, code: str) -> str:
    """No folder for the criterion: the file's own name begins with its title."""
    *folders, last = folder_of(worksheet, code)
    return "/".join([*folders, f"{last.rsplit(' ', 1)[0]}.pdf"])


def title_as_file(worksheet: Worksheet, code: str) -> str:
    *folders, _ = folder_of(worksheet, code)
    row = worksheet.criteria[code]
    return "/".join([*folders, plain_name(f"{row.marker}. {shortened(row.title, 100)}") + ".pdf"])


def misspelled(worksheet: Worksheet, code: str) -> str:
    chance = random.Random(code)
    return joined([f"{r.marker}. {_typo(r.title[:60], chance)}" for r in rows_of(worksheet, code)], code)


def _typo(title: str, chance: random.Random) -> str:
    """Drop, double or swap one letter inside a word, or double a word, as people do."""
    words = title.split()
    at = max(range(len(words)), key=lambda i: (len(words[i]), -i))
    word = words[at]
    spot = chance.randrange(1, max(2, len(word) - 2))
    kind = chance.randrange(4)
    if kind == 0:
        words[at] = word[:spot] + word[spot + 1 :]
    elif kind == 1:
        words[at] = word[:spot] + word[spot] + word[spot:]
    elif kind == 2:
        words[at] = word[:spot] + word[spot : spot + 2][::-1] + word[spot + 2 :]
    else:
        words.insert(at, word)
    return " ".join(words)


STYLES: dict[str, Callable[[Worksheet, str], str]] = {
    style.__name__: style
    for style in [
        own, wrapped, code_folder, code_folder_titled, code_prefix, code_hyphens, code_split, markers_only,
        arabic_for_roman, numbers_for_letters, roman_for_arabic, titles_only, first_words, lower_underscores, shouting,
        seed_style, in_file_name, title_as_file, misspelled,
    ]
}  # fmt: skip


def paths_in(style: str, worksheet: Worksheet) -> Iterator[tuple[str, str]]:
    """Yield every criterion's code with a path in this style."""
    for code in worksheet.criteria:
        yield code, STYLES[style](worksheet, code)
