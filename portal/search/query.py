"""What a person typed into the search box: its words, how rows are asked for them and how matches are shown."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

MAX_LENGTH = 100
MAX_WORDS = 10
MIN_LETTERS = 2
EXCERPT = 180  # characters of a long text around its first match

TOO_LONG = f"Pencarian paling panjang {MAX_LENGTH} huruf. Pakai beberapa kata kunci saja."
TOO_MANY = f"Hanya {MAX_WORDS} kata pertama yang dicari."


@dataclass(frozen=True)
class Query:
    """The words to look for, all of which must occur; `problem` refuses, `remarks` only tell."""

    text: str = ""
    words: tuple[str, ...] = ()
    problem: str = ""
    remarks: tuple[str, ...] = ()

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Return what finds any of the words, the longest first."""
        longest_first = sorted(self.words, key=len, reverse=True)
        return re.compile("|".join(map(re.escape, longest_first)) or r"(?!)", re.IGNORECASE)

    def occurs_in(self, text: str) -> bool:
        """Tell whether every word occurs in a text that is no row of the database."""
        folded = text.casefold()
        return all(word.casefold() in folded for word in self.words)


def parse(raw: str) -> Query:
    """Read what was typed; NUL, which PostgreSQL takes nowhere, separates words like any space."""
    text = " ".join(raw.replace("\0", " ").split())
    if len(text) > MAX_LENGTH:
        return Query(text[:MAX_LENGTH], problem=TOO_LONG)
    typed = list({word.casefold(): word for word in text.split()}.values())
    short = [word for word in typed if len(word) < MIN_LETTERS]
    words = [word for word in typed if len(word) >= MIN_LETTERS]
    remarks = [f"Kata yang hanya satu huruf tidak dicari: {', '.join(short)}."] if short else []
    if len(words) > MAX_WORDS:
        remarks.append(TOO_MANY)
    return Query(text, tuple(words[:MAX_WORDS]), remarks=tuple(remarks))


def contains(query: Query, *fields: str, year: str = "") -> Q:
    """Ask for rows in one of whose fields each word occurs; `year` names a number that a word may be instead.

    Both databases read `%` and `_` as themselves here. SQLite folds the case of ASCII alone, and PostgreSQL too under
    the locale "C", so other words are asked for as typed, in small and in capital letters and with one capital.
    """
    found = Q()
    for word in query.words:
        one = Q()
        for form in _forms(word):
            for field in fields:
                one |= Q((f"{field}__icontains", form))
        if year and len(word) == 4 and word.isascii() and word.isdigit():
            one |= Q((year, int(word)))
        found &= one
    return found


def _forms(word: str) -> Iterable[str]:
    return (word,) if word.isascii() else dict.fromkeys((word, word.lower(), word.upper(), word.capitalize()))


def marked(query: Query, text: str) -> SafeString:
    """Escape a text and mark the matches in it."""
    pieces, end = [], 0
    for match in query.pattern.finditer(text):
        pieces += [(text[end : match.start()], match.group())]
        end = match.end()
    return format_html("{}{}", format_html_join("", "{}<mark>{}</mark>", pieces), text[end:])


def excerpt(query: Query, text: str) -> SafeString:
    """Return the part of a text around its first match, escaped and marked; its beginning where nothing matches."""
    flat = " ".join(text.split())
    if len(flat) <= EXCERPT:
        return marked(query, flat)
    match = query.pattern.search(flat)
    start = max(0, (match.start() if match else 0) - EXCERPT // 3)
    start = flat.rfind(" ", 0, start) + 1 if start else 0
    stop = start + EXCERPT
    return format_html(
        "{}{}{}", "… " if start else "", marked(query, flat[start:stop].rstrip()), " …" if stop < len(flat) else ""
    )


def best_first(query: Query, named: Sequence[tuple[str, str]]) -> list[int]:
    """Return the places of the (name, text) pairs that match, those whose name has every word first."""
    found = [(not query.occurs_in(name), place) for place, (name, text) in enumerate(named)
             if query.occurs_in(f"{name}\n{text}")]  # fmt: skip
    return [place for _, place in sorted(found)]
