"""Which documents a demo unit has and what they prove: drawn from the expected documents of its criteria. Pure."""

import random
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from assessment.worksheet import Criterion, Worksheet

from . import office, papers
from .papers import About
from .pictures import extension_of, picture

PUBLIC = ("maklumat", "standar pelayanan", "laporan skm", "hasil skm", "sk tim kerja", "daftar informasi publik")


class Form(StrEnum):
    """In which form a document of this title usually comes."""

    LINK = "tautan"
    PICTURE = "gambar"
    SHEET = "tabel"
    LETTER = "surat"
    DECREE = "keputusan"
    REPORT = "laporan"


# The first that fits counts.
WORDS = {
    Form.LINK: ("tautan", "kanal", "video"),
    Form.PICTURE: ("foto", "tangkapan", "poster", "dokumentasi", "dasbor", "bagan", "diagram", "alur", "riwayat"),
    Form.SHEET: (
        "matriks", "rekap", "daftar", "register", "data", "tabel", "kuesioner", "jadwal", "perbandingan", "nilai",
    ),
    Form.LETTER: ("notulen", "undangan", "surat", "nota", "berita", "catatan", "arahan", "sop", "draf", "panduan"),
    Form.DECREE: ("sk", "keputusan", "pedoman", "kebijakan", "standar", "pakta", "maklumat", "perjanjian"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scale:
    """How much a unit has: of how many of its answers, of how many of their documents, and how many PDFs.

    PDFs are checked by a process of their own and cost a quarter of a second each; everything else costs little.
    """

    criteria: float
    documents: float
    reports: int = 0
    decrees: int = 1


@dataclass(frozen=True, slots=True)
class Proof:
    """A place where a document is attached: criterion, which expected document (from 1, 0 for none), page."""

    code: str
    expected: int
    page_ref: str = ""


@dataclass(slots=True)
class Planned:
    """A document to make, with what it proves. `url` or `make`; `again` makes its second version."""

    about: About
    file_name: str = ""
    make: Callable[[], bytes] | None = None
    again: Callable[[], bytes] | None = None
    url: str = ""
    is_public: bool = False
    proofs: list[Proof] = field(default_factory=list)


def form_of(title: str) -> Form:
    """Return the form in which a document of this title comes."""
    first = title.casefold().split()[0]
    return next((form for form, words in WORDS.items() if first in words), Form.REPORT)


class Planner:
    """Draws the documents of one unit; the same for the same unit and year."""

    def __init__(self, worksheet: Worksheet, unit: str, code: str, year: int, scale: Scale) -> None:
        self.worksheet, self.unit, self.code, self.year, self.scale = worksheet, unit, code, year, scale
        self.generator = random.Random(f"bukti {code} {year}")  # noqa: S311  a demo, not a secret
        self.planned: dict[str, Planned] = {}
        self.decrees = 0

    def plan(self, answered: Collection[str]) -> list[Planned]:
        """Return the documents that prove the `answered` criteria, some criteria left without."""
        codes = [code for code in self.worksheet.criteria if code in answered]
        chosen = set(self.generator.sample(codes, round(len(codes) * self.scale.criteria)))
        criteria = [self.worksheet.criteria[code] for code in codes if code in chosen]
        self._reports(criteria)
        for criterion in criteria:
            self._documents(criterion)
        self._specialities()
        return [each for each in self.planned.values() if each.proofs]

    def _reports(self, criteria: list[Criterion]) -> None:
        """Plan one report for each page of the form, with a page of its own for each criterion."""
        pages: dict[str, list[Criterion]] = {}
        for criterion in criteria:
            pages.setdefault(self.worksheet.page_of[criterion.code], []).append(criterion)
        for code, found in list(pages.items())[: self.scale.reports]:
            node = self.worksheet.nodes[code]
            about = self._about(f"Laporan pembangunan ZI: {node.name} ({code})")
            chapters = [(c.code, c.title) for c in found]
            each = Planned(about, f"Laporan ZI {code} {self.year}.pdf", self._paper(papers.report, about, chapters))
            for page, criterion in enumerate(found, 2):
                places = [n for n, title in enumerate(criterion.documents, 1) if form_of(title) == Form.REPORT]
                each.proofs.append(Proof(criterion.code, places[0] if places else 0, str(page)))
            self.planned[about.title] = each

    def _documents(self, criterion: Criterion) -> None:
        for place, title in enumerate(criterion.documents, 1):
            wanted = self.generator.random() < self.scale.documents
            if wanted and (found := self._document(title)):
                found.proofs.append(Proof(criterion.code, place))

    def _document(self, title: str) -> Planned | None:
        """Return the document of this title; the same one wherever it is expected again. None if it is a gap."""
        if title in self.planned:
            return self.planned[title]
        made = self._made(title)
        if made:
            is_for_all = any(word in title.casefold() for word in PUBLIC)
            made.is_public = is_for_all and form_of(title) != Form.LETTER
            self.planned[title] = made
        return made

    def _made(self, title: str) -> Planned | None:
        form, about, seed = form_of(title), self._about(title), self.generator.random()
        name = f"{title.replace('/', '-')[:60].strip()} {self.year}"
        if form == Form.LINK or "tautan" in title.casefold():
            return Planned(about, url=f"https://instansi.example/{self.code.lower()}/{len(self.planned) + 1}")
        if form == Form.PICTURE:
            file_name = name + extension_of(title)
            return Planned(about, file_name, lambda: picture(title, self.unit, random.Random(seed)))  # noqa: S311
        if form == Form.SHEET:
            return Planned(about, f"{name}.xlsx", lambda: office.sheet(about, random.Random(seed)))  # noqa: S311
        if form == Form.LETTER:
            return Planned(about, f"{name}.docx", lambda: office.letter(papers.minutes(about, random.Random(seed))))  # noqa: S311
        if form == Form.DECREE and self.decrees < self.scale.decrees:
            self.decrees += 1
            return Planned(about, f"{name}.pdf", self._paper(papers.decree, about))
        return None

    def _specialities(self) -> None:
        """Let there be what people ask about: two versions, another year, one document for several criteria."""
        decrees = [each for each in self.planned.values() if form_of(each.about.title) == Form.DECREE]
        if decrees and self.scale.reports:
            changed = "Perubahan: susunan tim pada lampiran disesuaikan dengan hasil pemantauan triwulan I."
            decrees[0].again = self._paper(papers.decree, decrees[0].about, revision=changed)
            others = {proof.code for each in self.planned.values() for proof in each.proofs}
            others -= {proof.code for proof in decrees[0].proofs}
            decrees[0].proofs += [Proof(code, 0) for code in sorted(others)[:2]]
        sheets = [each for each in self.planned.values() if each.file_name.endswith(".xlsx")]
        if sheets:
            self._of_last_year(sheets[-1])

    def _of_last_year(self, planned: Planned) -> None:
        old, seed = planned.about, self.generator.random()
        dated = old.dated - timedelta(days=365)
        about = About(old.unit, old.title, f"{old.number.rsplit('/', 1)[0]}/{self.year - 1}", dated, self.year - 1)
        planned.about, planned.file_name = about, planned.file_name.replace(str(self.year), str(self.year - 1))
        planned.make = lambda: office.sheet(about, random.Random(seed))  # noqa: S311

    def _about(self, title: str) -> About:
        dated = date(self.year, 1, 5) + timedelta(days=self.generator.randint(0, 80))
        number = f"{self.generator.randint(100, 900)}/{self.generator.randint(1, 99)}/{self.code}/{self.year}"
        return About(self.unit, title, number, dated, self.year)

    def _paper(
        self, write: Callable[..., bytes], about: About, *args: object, **options: object
    ) -> Callable[[], bytes]:
        seed = self.generator.random()
        return lambda: write(about, *args, generator=random.Random(seed), **options)  # noqa: S311
