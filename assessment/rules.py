"""What an answer must fulfil to be saved, and what is pointed out without refusing it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from .scoring import INDEX_MAXIMUM, Given, Rule, value_of
from .trace import ZERO_UNDECIDED_TEXT
from .worksheet import INDEX, PCT, CountLimit, Criterion

COUNT_MAXIMUM = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Problem:
    """A message and the field it stands beside: "choice", "index", "n1" …"""

    field: str
    message: str


def refusals(criterion: Criterion, given: Given) -> list[Problem]:
    """Return why this answer must not be saved; empty when it may."""
    if criterion.answer_type == PCT:
        return list(_count_refusals(criterion, given))
    if criterion.answer_type == INDEX:
        if given.index is not None and not 0 <= given.index <= INDEX_MAXIMUM:
            return [Problem("index", "Indeks harus antara 0 dan 4.")]
        return []
    if given.choice and criterion.choice(given.choice) is None:
        return [Problem("choice", "Pilihan ini tidak ada pada kriteria ini.")]
    return []


def _count_refusals(criterion: Criterion, given: Given) -> Iterator[Problem]:
    for number, count in enumerate(given.counts, start=1):
        if count is not None and count < 0:
            yield Problem(f"n{number}", "Jumlah tidak boleh negatif.")
        elif count is not None and count > COUNT_MAXIMUM:
            yield Problem(f"n{number}", "Jumlah terlalu besar.")
    for limit in _broken(criterion, given):
        if limit.blocks:
            yield Problem(f"n{max(limit.rule.quantities)}", limit.message)


def remarks(criterion: Criterion, given: Given) -> list[str]:
    """Return what should be looked at although the answer is saved."""
    found = [limit.message for limit in _broken(criterion, given) if not limit.blocks]
    if value_of(criterion, given).rule == Rule.ZERO_UNDECIDED:
        found.append(f"{ZERO_UNDECIDED_TEXT}.")
    return found


def judge_refusals(criterion: Criterion, given: Given, note: str, unit: Given) -> list[Problem]:
    """Return why a reviewer's answer must not be saved beside the unit's, on top of `refusals`."""
    found = list(_ratio_refusals(criterion, given))
    plain = replace(given, ratio=None, reason="")
    if is_given(given) and not same_answer(plain, unit) and not note:
        found.append(Problem("note", "Jawaban ini berbeda dari jawaban unit: tulis alasannya di catatan."))
    return found


def _ratio_refusals(criterion: Criterion, given: Given) -> Iterator[Problem]:
    if given.ratio is None:
        if given.reason:
            yield Problem("ratio", "Isi nilainya, atau kosongkan alasannya.")
        return
    if value_of(criterion, replace(given, ratio=None)).rule != Rule.ZERO_UNDECIDED:
        yield Problem("ratio", "Nilai hanya ditetapkan langsung bila penyebutnya nol.")
    elif not 0 <= given.ratio <= 1:
        yield Problem("ratio", "Isi antara 0 dan 100 persen.")
    if not given.reason:
        yield Problem("reason", "Tulis alasan penetapan nilai ini.")


def is_given(given: Given) -> bool:
    """Tell whether anything is answered at all."""
    return bool(given.choice) or given.index is not None or any(n is not None for n in given.counts)


def same_answer(one: Given, other: Given) -> bool:
    """Tell whether two answers say the same; blank counts are no counts."""
    counts = [tuple(g.counts) if any(n is not None for n in g.counts) else () for g in (one, other)]
    return (one.choice, counts[0], one.index) == (other.choice, counts[1], other.index)


def _broken(criterion: Criterion, given: Given) -> Iterator[CountLimit]:
    for limit in criterion.limits:
        used = [given.counts[n - 1] if n <= len(given.counts) else None for n in limit.rule.quantities]
        if None not in used and not limit.rule.holds([n or 0 for n in given.counts]):
            yield limit
