"""What if: values that somebody tries on a worksheet, read from the query string. Pure; nothing is kept anywhere."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from assessment.advice import Improvement
from assessment.scoring import INDEX_MAXIMUM
from assessment.trace import plain
from assessment.worksheet import INDEX, PCT, Criterion, Worksheet

PREFIX = "u."  # before a criterion's code in the query string
_NUMBER = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{1,2})?")
LONGEST = 20  # characters of what was typed that are shown again
WRONG_CHOICE = "Pilih salah satu jawaban dari daftar."
WRONG_PERCENT = "Isi persentase dari 0 sampai 100, paling banyak dua angka di belakang koma."
WRONG_INDEX = "Isi indeks dari 0 sampai 4, paling banyak dua angka di belakang koma."


@dataclass(frozen=True, slots=True)
class Tried:
    """What was typed by criterion, the values (0 to 1) of what makes sense, and what is wrong with the rest."""

    typed: dict[str, str] = field(default_factory=dict)
    values: dict[str, Fraction] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def read(worksheet: Worksheet, params: Mapping[str, str]) -> Tried:
    """Read what is tried; what is left empty stays as it is, and a code that is no criterion is passed over."""
    tried = Tried()
    for code, criterion in worksheet.criteria.items():
        text = params.get(PREFIX + code, "").strip()
        if not text:
            continue
        tried.typed[code] = text[:LONGEST]
        value, error = _value(criterion, text)
        if value is None:
            tried.errors[code] = error
        else:
            tried.values[code] = value
    return tried


def suggested(improvements: Iterable[Improvement], worksheet: Worksheet) -> Tried:
    """Return what trying the improvements looks like."""
    tried = Tried()
    for each in improvements:
        tried.values[each.code] = each.level.value
        tried.typed[each.code] = each.level.choice or number_of(worksheet.criteria[each.code], each.level.value)
    return tried


def number_of(criterion: Criterion, value: Fraction) -> str:
    """Write a value as it is typed: a percentage without its sign, or an index."""
    return plain(value * (100 if criterion.answer_type == PCT else Fraction(INDEX_MAXIMUM)))


def query_of(tried: Tried) -> dict[str, str]:
    """Return the parameters that try the same again."""
    return {PREFIX + code: text for code, text in tried.typed.items()}


def _value(criterion: Criterion, text: str) -> tuple[Fraction | None, str]:
    if criterion.answer_type == PCT:
        return _number(text, Decimal(100)), WRONG_PERCENT
    if criterion.answer_type == INDEX:
        return _number(text, INDEX_MAXIMUM), WRONG_INDEX
    choice = criterion.choice(text)
    return (Fraction(choice.value) if choice else None), WRONG_CHOICE


def _number(text: str, most: Decimal) -> Fraction | None:
    """Return a number as a share of the most it can be; None for anything else."""
    if not _NUMBER.fullmatch(text):
        return None
    number = Decimal(text.replace(",", "."))
    return Fraction(number) / Fraction(most) if number <= most else None
