"""Texts of PortalRB's question list: made plain, compared, and taken apart into choices. Pure."""

import html
import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from html.parser import HTMLParser

ALIKE = 0.6  # below this, two texts are of two different things
_BREAKING = frozenset({"br", "p", "div", "li", "tr", "ul", "ol", "table", "h1", "h2", "h3", "h4"})
_UNSEEN = frozenset({"script", "style"})
# "1. ", "iv) ", "A. ", "- ": whatever the list puts before a title; twice for "A. I. ".
_NUMBERING = re.compile(r"(?:(?:[a-z]|[ivx]{1,6}|\d{1,2})\s*[.)]\s+|[-–•*·]\s*){1,2}(?=\S)", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-f]+|[a-z]+\d*);", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_MARKED = re.compile(r"[<&]")
_EDGE = r"(?:^|(?<=[\s;.,]))"


class _Plain(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unseen += tag in _UNSEEN
        self.parts.append("\n" if tag in _BREAKING else "")

    def handle_endtag(self, tag: str) -> None:
        self.unseen -= tag in _UNSEEN and self.unseen > 0
        self.parts.append("\n" if tag in _BREAKING else "")

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.parts.append(data)


def plain(text: str) -> str:
    """Return the text without tags, entities and control characters, its lines kept."""
    if not _MARKED.search(text):
        return _tidy(text)
    parser = _Plain()
    try:
        parser.feed(text)
        parser.close()
    except AssertionError:  # the standard parser's answer to "<![x"
        parser.parts = [_TAG.sub(" ", text)]
    joined = "".join(parser.parts)
    if _ENTITY.search(joined):  # the list holds some entities escaped twice
        joined = html.unescape(joined)
    return _tidy(joined)


def _tidy(text: str) -> str:
    lines = (" ".join(line.split()) for line in _printable(text).splitlines())
    return "\n".join(line for line in lines if line)


def _printable(text: str) -> str:
    """Drop what no database or page should get: controls, lone surrogates, invisible marks."""
    if text.isprintable():
        return text
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"})


def one_line(text: str) -> str:
    return " ".join(plain(text).split())


def unnumbered(text: str) -> str:
    """Return a title on one line without the number in front: "MANAJEMEN PERUBAHAN"."""
    line = one_line(text)
    return line[match.end() :] if (match := _NUMBERING.match(line)) else line


@lru_cache(maxsize=4096)
def bare(text: str) -> str:
    """Return what counts when two texts are compared: letters and digits, lower case, single spaces."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in folded).split())


def likeness(one: str, other: str) -> float:
    """Return how alike two texts are, 0 to 1; a heading before a colon may be missing from either."""
    return max(_ratio(a, b) for a in {bare(one), bare(_tail(one))} for b in {bare(other), bare(_tail(other))})


def _tail(text: str) -> str:
    return text.split(":", 1)[1] if ":" in text and text.split(":", 1)[1].strip() else text


@lru_cache(maxsize=8192)
def _ratio(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    bound = matcher.quick_ratio()  # never below the ratio, and much cheaper
    return bound if bound < ALIKE or one == other else matcher.ratio()


def paired(theirs: Sequence[str], ours: Sequence[str]) -> dict[int, int]:
    """Match two lists of texts one to one: the most alike first, of equals the nearest in place.

    What is left over at the same place is one thing with a new name: at the same position in lists of one length, or
    alone between the same neighbours. Returns the position in `ours` for each position in `theirs` that found one.
    """
    scored = [(likeness(a, b), i, j) for i, a in enumerate(theirs) for j, b in enumerate(ours)]
    found: dict[int, int] = {}
    for score, i, j in sorted(scored, key=lambda s: (-s[0], abs(s[1] - s[2]), s[1])):
        if score >= ALIKE and i not in found and j not in found.values():
            found[i] = j
    if len(theirs) == len(ours):
        found |= {i: i for i in range(len(ours)) if i not in found and i not in found.values()}
    return found | _between_neighbours(found, len(theirs), len(ours))


def _between_neighbours(found: dict[int, int], theirs: int, ours: int) -> dict[int, int]:
    known = found | {-1: -1, theirs: ours}
    free = [i for i in range(theirs) if i not in found]
    return {i: known[i - 1] + 1 for i in free if known.get(i - 1, ours) + 2 == known.get(i + 1)}


def rubric_of(text: str, keys: str) -> dict[str, str]:
    """Take "a. … b. … c. …" apart; {} unless exactly the letters of `keys` are there. "YT" reads "Ya, …  Tidak, …"."""
    if keys == "YT":
        return _yes_no(text)
    for edge in (r"^\s*", _EDGE):  # letters at the start of lines are surer than letters within
        if parts := _lettered(text, keys, edge):
            return parts
    return {}


def _lettered(text: str, keys: str, edge: str) -> dict[str, str]:
    starts: list[re.Match[str]] = []
    position = 0
    for key in keys:
        found = re.compile(rf"{edge}{key}\s*[.)]\s*(?=\S)", re.IGNORECASE | re.MULTILINE).search(text, position)
        if found is None:
            return {}
        starts.append(found)
        position = found.end()
    following = chr(ord(keys[-1]) + 1)
    if re.compile(rf"{edge}{following}\s*[.)]\s", re.IGNORECASE | re.MULTILINE).search(text, position):
        return {}
    ends = [found.start() for found in starts[1:]] + [len(text)]
    parts = {key: _phrase(text[s.end() : e]) for key, s, e in zip(keys, starts, ends, strict=True)}
    return parts if all(parts.values()) else {}


def _yes_no(text: str) -> dict[str, str]:
    pattern = re.compile(rf"{_EDGE}(ya|tidak)\s*[,:=]\s*(?=\S)", re.IGNORECASE | re.MULTILINE)
    found = list(pattern.finditer(text))
    ends = [match.start() for match in found] + [len(text)]
    parts = {m[1][0].upper(): _phrase(text[m.end() : e]) for m, e in zip(found, ends[1:], strict=True)}
    return {k: v for k, v in parts.items() if v} if len(parts) == len(found) else {}


def _phrase(text: str) -> str:
    return " ".join(text.split()).strip(" ;,")
