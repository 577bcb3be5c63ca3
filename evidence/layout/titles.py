"""How well the words of a name fit the titles of the worksheet. Pure."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from difflib import SequenceMatcher
from functools import lru_cache

from .headings import words_of

ALIKE = 0.8  # two words below this are different words
_FEW = 3  # a title that is cut off counts as such from this many words on
# Words that say nothing about the place: every folder of such evidence may have them.
_EMPTY = frozenset(
    {"bukti", "dukung", "data", "dokumen", "evidence", "eviden", "lke", "zona", "integritas", "tahun", "file", "berkas"}
    | {"folder", "lampiran", "upload", "wbk", "wbbm", "menuju", "pembangunan", "unit", "kerja", "dinas", "final"}
    | {"revisi", "lengkap", "scan", "kriteria", "area", "komponen", "rincian"}
)
_LIGHT = frozenset(
    {"dan", "yang", "di", "ke", "dari", "atas", "pada", "untuk", "oleh", "dengan", "atau", "dalam", "telah", "sudah"}
    | {"terdapat", "dilakukan", "terhadap", "adanya"}
)


class Titles:
    """The titles of a worksheet by code; `fits` scores a name against all of them."""

    def __init__(self, titles: Mapping[str, str]) -> None:
        self.words = {code: words_of(title) for code, title in titles.items()}
        counts = Counter(word for words in self.words.values() for word in set(words))
        self._weights = {word: _weight(word, len(titles), count) for word, count in counts.items()}
        self._unknown = math.log(1 + len(titles))
        self._totals = {code: sum(map(self.weight, words)) for code, words in self.words.items()}
        self._initials: dict[str, list[str]] = defaultdict(list)
        for code, words in self.words.items():
            self._initials["".join(w[0] for w in words if w not in _LIGHT)].append(code)
        self._holding: dict[str, list[str]] = defaultdict(list)
        for code, words in self.words.items():
            for word in set(words):
                self._holding[word].append(code)
        self._by_letter: dict[str, list[str]] = defaultdict(list)
        for word in counts:
            self._by_letter[word[0]].append(word)
        self.fits = lru_cache(maxsize=8192)(self._fits)
        self._alike = lru_cache(maxsize=8192)(self._alike_words)

    def weight(self, word: str) -> float:
        """Return how much a word says: little if it stands in many titles."""
        return self._weights.get(word) or _weight(word, 1, 0) or self._unknown

    def says_something(self, words: tuple[str, ...]) -> bool:
        return any(word not in _EMPTY and word not in _LIGHT for word in words)

    def _fits(self, words: tuple[str, ...]) -> dict[str, float]:
        """Return the codes whose title fits the words at least a little, 0 to 1: 1 is the whole title."""
        if not self.says_something(words):
            return {}
        alike = [self._alike(word) for word in words]
        if len(words) == 1 and words[0] in self._initials and len(words[0]) > 1:
            return dict.fromkeys(self._initials[words[0]], ALIKE)
        if len(words) > _FEW and len(words[-1]) <= 3 and not alike[-1]:
            words, alike = words[:-1], alike[:-1]  # what is left of a word where a system cut the name
        shared = {code for found in alike for known in found for code in self._holding[known]}
        scores = {code: self._fit(code, words, alike) for code in self.words if code in shared}
        return {code: score for code, score in scores.items() if score > 0.3}

    def _fit(self, code: str, words: tuple[str, ...], alike: list[dict[str, float]]) -> float:
        title = self.words[code]
        best = [max(((found.get(t, 0.0), t) for t in title), default=(0.0, "")) for found in alike]
        said = sum(self.weight(t) if s else self.weight(w) for w, (s, t) in zip(words, best, strict=True))
        hit = sum(s * self.weight(t) for s, t in best if s)
        covered = sum(self.weight(t) for t in {t for s, t in best if s})
        if not hit:
            return 0.0
        precision, recall = hit / max(said, 0.01), min(1.0, covered / max(self._totals[code], 0.01))
        score = precision * (0.55 + 0.35 * recall)
        return max(score, self._beginning(title, words, alike))

    def _beginning(self, title: tuple[str, ...], words: tuple[str, ...], alike: list[dict[str, float]]) -> float:
        """Score words that are the first ones of a title, as a name that was cut off has them."""
        if len(alike) > len(title):
            return 0.0
        pairs = [found.get(t, 0.0) for found, t in zip(alike, title, strict=False)]
        if len(words) > _FEW and title[len(words) - 1].startswith(words[-1]):
            pairs[-1] = 1.0
        if not all(pairs):
            return 0.0
        share = len(alike) / len(title)
        return min(pairs) * ((0.9 if len(alike) >= _FEW else 0.75) + 0.1 * share)

    def _alike_words(self, word: str) -> dict[str, float]:
        """Return the words of the titles that the word may stand for: itself, misspelled or cut off."""
        if word in self._weights:
            return {word: 1.0} | {w: s for w, s in self._near(word) if w != word and s >= 0.92}
        return dict(self._near(word))

    def _near(self, word: str) -> list[tuple[str, float]]:
        if len(word) < 3 or word.isdecimal():
            return []
        found = []
        for known in self._by_letter[word[0]]:
            if known.startswith(word) and len(known) > len(word):
                found.append((known, 0.88))
            elif abs(len(known) - len(word)) <= 3 and len(word) >= 4:
                score = SequenceMatcher(None, word, known, autojunk=False).ratio()
                found.extend([(known, score)] if score >= ALIKE else [])
            elif len(known) > len(word) + 2 and not set("aiueo") & set(word) and _within(word, known):
                found.append((known, 0.85))
        return found


def _weight(word: str, total: int, count: int) -> float:
    if word in _LIGHT:
        return 0.25
    if word in _EMPTY:
        return 0.4
    return math.log(1 + total / count) if count else 0.0


def _within(short: str, long: str) -> bool:
    """Tell whether the letters come in this order: "pngwsn" in "pengawasan"."""
    letters = iter(long)
    return all(letter in letters for letter in short)
