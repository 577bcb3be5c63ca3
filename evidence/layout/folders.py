"""Names of folders and files that every system takes."""

import re
import unicodedata

from assessment.worksheet import Criterion, Node, Worksheet

# Windows ends paths at 260 characters. The deepest place has six folders; with these, a file name of 70
# characters and the folder that a person unpacks to, there is room for all.
FOLDER_LENGTH = 32
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)", re.IGNORECASE)
_DANGLING = frozenset({"dan", "yang", "di", "ke", "dari", "atas", "pada", "untuk", "oleh", "dengan", "atau", "dalam"})


def folder_of(worksheet: Worksheet, code: str) -> tuple[str, ...]:
    """Return the folder names from component to criterion: ("A. PENGUNGKIT", …, "a. Unit kerja telah membentuk")."""
    row = worksheet.criteria.get(code) or worksheet.nodes[code]
    return tuple(_folder(above) for above in (*reversed(worksheet.ancestors(code)), row))


def _folder(row: Node | Criterion) -> str:
    return shortened(plain_name(f"{row.marker}. {row.title}"), FOLDER_LENGTH)


def plain_name(text: str) -> str:
    """Return the text as a file or folder name for Windows, macOS and Linux; "" if nothing is left.

    A slash between words becomes a hyphen; what no system shows or takes is dropped.
    """
    seen = "".join(" " if c in "\t\r\n" else c for c in unicodedata.normalize("NFC", text))
    seen = "".join(c for c in seen if unicodedata.category(c) not in _UNSEEN)
    seen = _FORBIDDEN.sub("", re.sub(r"\s*[/\\|]\s*", "-", seen))
    name = " ".join(seen.split()).strip(". ")
    return f"_{name}" if _RESERVED.match(name) else name


def shortened(name: str, length: int) -> str:
    """Cut a name at a word so that it has at most `length` characters; never ends in a joining word."""
    if len(name) <= length:
        return name
    words = name[: length + 1].rsplit(" ", 1)[0].split(" ")
    while len(words) > 2 and words[-1].lower() in _DANGLING:
        words.pop()
    return " ".join(words)[:length].rstrip(" .,;-(")
