"""One form per criterion: reads what was posted for it, says what is wrong beside each field."""

import re
from collections.abc import Mapping
from decimal import Decimal

from . import rules
from .models.answer import NOTE_LIMIT
from .scoring import Given
from .services import Entry
from .worksheet import INDEX, PCT, Criterion

WHOLE = re.compile(r"[0-9]{1,12}")
# Indonesian offices group thousands with a point: "1.250" is one thousand two hundred and fifty.
GROUPED = re.compile(r"[0-9]{1,3}(\.[0-9]{3}){1,3}")
INDEX_TEXT = re.compile(r"[0-9]{1,2}([.,][0-9]{1,2})?")


class AnswerForm:
    """What was posted for one criterion, field names prefixed with its code.

    Not a django.forms.Form: an area page has up to 19 of them, and widgets would cost six times the page
    (docs/decisions/0002-libraries.md). After `is_valid`, `entry` is what `services.record_answers` takes.
    """

    def __init__(self, criterion: Criterion, data: Mapping[str, str]) -> None:
        self.criterion = criterion
        self._data = data
        self.errors: dict[str, list[str]] = {}
        self.entry: Entry | None = None

    @property
    def is_posted(self) -> bool:
        return self._name("version") in self._data

    def _name(self, field: str) -> str:
        return f"{self.criterion.code}-{field}"

    def text(self, field: str) -> str:
        """Return a field as it was typed."""
        return str(self._data.get(self._name(field), ""))

    def is_valid(self) -> bool:
        self.errors = {}
        given = Given(choice=self._choice(), counts=self._counts(), index=self._index())
        note = self._note()
        version = self._version()
        for problem in rules.refusals(self.criterion, given) if not self.errors else ():
            self._refuse(problem.field, problem.message)
        self.entry = None if self.errors else Entry(self.criterion.code, given, note, version)
        return not self.errors

    def _refuse(self, field: str, message: str) -> None:
        self.errors.setdefault(field, []).append(message)

    def _choice(self) -> str:
        return "" if self.criterion.answer_type in {PCT, INDEX} else self.text("choice").strip()

    def _counts(self) -> tuple[int | None, ...]:
        return tuple(self._count(f"n{q.number}") for q in self.criterion.quantities)

    def _count(self, field: str) -> int | None:
        typed = self.text(field).strip().replace(" ", "")
        if not typed:
            return None
        if GROUPED.fullmatch(typed):
            typed = typed.replace(".", "")
        if WHOLE.fullmatch(typed):
            return int(typed)
        negative = re.fullmatch(r"[-−]\d+([.,]\d+)?", typed)
        self._refuse(field, "Jumlah tidak boleh negatif." if negative else "Isi dengan bilangan bulat, misalnya 12.")
        return None

    def _index(self) -> Decimal | None:
        typed = self.text("index").strip()
        if self.criterion.answer_type != INDEX or not typed:
            return None
        if not INDEX_TEXT.fullmatch(typed):
            outside = re.fullmatch(r"[-−]?\d+([.,]\d{1,2})?", typed)
            self._refuse(
                "index",
                "Indeks harus antara 0 dan 4."
                if outside
                else "Isi dengan angka 0 sampai 4, paling banyak dua desimal.",
            )
            return None
        return Decimal(typed.replace(",", ".")).quantize(Decimal("0.01"))

    def _note(self) -> str:
        note = self.text("note").replace("\r\n", "\n").replace("\r", "\n").strip()
        if "\x00" in note:
            self._refuse("note", "Catatan memuat karakter yang tidak dapat disimpan.")
        if len(note) > NOTE_LIMIT:
            self._refuse("note", f"Catatan paling panjang {NOTE_LIMIT} karakter; sekarang {len(note)}.")
        return note

    def _version(self) -> int:
        typed = self.text("version").strip()
        if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
            self._refuse("version", "Halaman ini sudah usang. Muat ulang halaman, lalu simpan kembali.")
            return 0
        return int(typed)
