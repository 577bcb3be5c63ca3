"""Which criteria of two instruments are the same question. Pure."""

from assessment.worksheet import Criterion, Worksheet

GONE = "tidak ada pada instrumen periode baru"
OTHER_TYPE = "jenis jawabannya berbeda"
OTHER_CHOICES = "pilihan jawabannya berbeda"
OTHER_COUNTS = "jumlah isian angkanya berbeda"


def why_not(old: Criterion, new: Criterion | None) -> str:
    """Say why an answer cannot be carried from one criterion to the other of the same code; "" where it can."""
    if new is None:
        return GONE
    if old.answer_type != new.answer_type:
        return OTHER_TYPE
    if {c.key for c in old.choices} != {c.key for c in new.choices}:
        return OTHER_CHOICES
    return OTHER_COUNTS if len(old.quantities) != len(new.quantities) else ""


def unmatched(old: Worksheet, new: Worksheet) -> dict[str, str]:
    """Return the criteria of the old worksheet whose answers cannot be carried, with the reason."""
    reasons = {code: why_not(c, new.criteria.get(code)) for code, c in old.criteria.items()}
    return {code: why for code, why in reasons.items() if why}
