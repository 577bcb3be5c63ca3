"""File names: what a client sends made safe to show, store and download; and what they say."""

import re
import unicodedata

from .refusals import Refused

MAX_CHARACTERS = 150
MAX_BYTES = 240  # most file systems take 255; the rest is for the prefixes of an export

EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,10}\Z")
# Characters Windows has no place for in a name; a double quote also ends a header's value.
FORBIDDEN = re.compile(r'[<>:"|?*]')
RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\.|\Z)", re.IGNORECASE)
# Controls, formatting (bidirectional overrides, zero width), private use, surrogates, unassigned.
UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})
# What draws nothing although its category says otherwise: fillers, combining joiner, variation selectors.
BLANK = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]")
SEPARATORS = re.compile(r"[\s_\-\u2010-\u2015]+")
YEAR = re.compile(r"(?<!\d)(20[0-9]{2})(?:(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]))?(?!\d)")


def clean_name(name: str) -> str:
    """Return a file name fit to show, store and download, from whatever a client sent.

    At most 150 characters and 240 bytes in UTF-8, with the extension kept; cleaning it again changes nothing.
    Raises Refused if no name or no extension is left.
    """
    stem, extension = _split(_visible(name).replace("\\", "/").rpartition("/")[2])
    stem = _shortened(FORBIDDEN.sub("_", stem).strip(" ."), extension)
    if RESERVED.match(stem):
        stem = _shortened(f"_{stem}", extension)
    return stem + extension


def extension_of(name: str) -> str:
    """Return the extension in lower case with its point, empty if there is none."""
    found = EXTENSION.search(name)
    return found.group().lower() if found else ""


def title_of(name: str) -> str:
    """Return the words of a file name: without its extension, separators as single spaces."""
    stem = EXTENSION.sub("", name)
    return SEPARATORS.sub(" ", stem).strip() or stem.strip()


def year_of(name: str) -> int | None:
    """Return the year a name speaks of, if it speaks of exactly one (2000 to 2099).

    A date in one piece counts, as cameras and messengers write it: IMG-20260115-WA0001.
    """
    years = set(YEAR.findall(name))
    return int(years.pop()) if len(years) == 1 else None


def _visible(name: str) -> str:
    composed = unicodedata.normalize("NFC", re.sub(r"[\r\n\t\u2028\u2029]", " ", name))
    seen = "".join(c for c in composed if unicodedata.category(c) not in UNSEEN)
    return " ".join(unicodedata.normalize("NFC", BLANK.sub("", seen)).split())


def _split(name: str) -> tuple[str, str]:
    name = name.strip(" .")
    if not name:
        raise Refused("no-name")
    found = EXTENSION.search(name)
    if not found or not name[: found.start()].strip(" ."):
        raise Refused("no-extension")
    return name[: found.start()], found.group()


def _shortened(stem: str, extension: str) -> str:
    stem = stem[: MAX_CHARACTERS - len(extension)]
    room = MAX_BYTES - len(extension)
    return stem.encode()[:room].decode(errors="ignore").rstrip(" .")
