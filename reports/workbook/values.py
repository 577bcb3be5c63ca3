"""What the columns I, J and K say about a criterion, as texts and as the values that formulas have now. Pure."""

from assessment.scoring import Given, Rule, Value
from assessment.trace import ZERO_UNDECIDED_TEXT
from assessment.worksheet import INDEX, PCT, Criterion

from .sheet import Cached

_ZERO_TEXTS = {
    "full": "Penyebut nol: dihitung 100% bila pembilangnya tidak negatif, selain itu 0%.",
    "undecided": "Penyebut nol: dihitung 0% sampai TPI menetapkan rasionya.",
}


def kind_text(criterion: Criterion) -> str:
    """Return column J: which answers there are."""
    if criterion.answer_type == PCT:
        return "%"
    if criterion.answer_type == INDEX:
        return "0-4"
    return "/".join(choice.label for choice in criterion.choices)


def guide_text(criterion: Criterion) -> str:
    """Return column I: the rubric, one line for each letter, or how a number becomes a value."""
    if criterion.answer_type == PCT:
        return _ratio_guide(criterion)
    if criterion.answer_type == INDEX:
        return "Indeks survei 0 sampai 4, dua desimal. Nilai = indeks ÷ 4 × bobot."
    return "\n".join(f"{choice.label}: {choice.text}" for choice in criterion.choices)


def _ratio_guide(criterion: Criterion) -> str:
    assert criterion.formula is not None  # noqa: S101  a percentage has one
    titles = {q.number: f"[{q.title}]" for q in criterion.quantities}
    top, bottom = criterion.formula.render(lambda number: titles[number])
    parts = [text.replace("]+[", "] + [").replace("]-[", "] − [") for text in (top, bottom)]
    top, bottom = (f"({text})" if "] + [" in text or "] − [" in text else text for text in parts)
    zero = _ZERO_TEXTS.get(criterion.zero_rule, "")
    return f"Rumus: {top} ÷ {bottom}, paling rendah 0% dan paling tinggi 100%.\n{zero}".strip()


def cached_ratio(given: Given, value: Value) -> Cached:
    """Return what the formula in column K of a percentage shows now."""
    if value.value is None:
        return ""
    if value.rule == Rule.ZERO_UNDECIDED:
        return ZERO_UNDECIDED_TEXT
    if value.rule == Rule.RATIO_SET and given.ratio is not None:
        return float(given.ratio)
    return float(value.raw if value.raw is not None else value.value)
