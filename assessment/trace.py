"""Explain any figure of a scored worksheet: from the answer over values, averages and weights to the rule.

Pure. The panel "Mengapa nilai ini?", the exports and the API show these steps; they never compute anew.
"""

from dataclasses import asdict, dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .scoring import NOTHING, ZERO, Given, Result, Rule, Value, exact, shown
from .worksheet import INDEX, PCT, Criterion, Node

ZERO_UNDECIDED_TEXT = "Penyebut nol: perlu penetapan TPI"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a calculation: what is done and what comes out."""

    text: str
    result: str


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a figure is made of; `code` leads on to its own trace."""

    code: str
    title: str
    answer: str
    amount: str


@dataclass(frozen=True, slots=True)
class Trace:
    code: str
    title: str
    level: str
    weight: str
    score: str  # unrounded, decimal point
    provisional: str
    shown: str  # two decimals, decimal comma
    shown_provisional: str
    parts: tuple[Part, ...]
    steps: tuple[Step, ...]
    legal: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def comma(number: Fraction | Decimal) -> str:
    """Write a number as it is shown: two decimals, half up, decimal comma."""
    return str(shown(number)).replace(".", ",")


def plain(number: Fraction | Decimal) -> str:
    """Write a number with as many decimals as it has, at most six ("…" where it goes on)."""
    text = f"{exact(number):f}"
    whole, _, decimals = text.partition(".")
    if len(decimals) > 6:
        return f"{whole},{decimals[:6]}…"
    decimals = decimals.rstrip("0")
    return f"{whole},{decimals}" if decimals else whole


def percent(number: Fraction) -> str:
    """Write a ratio 0 to 1 as a percentage with two decimals."""
    return f"{comma(number * 100)}%"


def answer_text(criterion: Criterion, given: Given) -> str:
    """Write an answer in a few characters: "A", "Ya", "3,60", "5 / 8"; "" while unanswered."""
    if criterion.answer_type == PCT:
        counts = [str(n) if n is not None else "…" for n in given.counts]
        return " / ".join(counts) if any(n is not None for n in given.counts) else ""
    if criterion.answer_type == INDEX:
        return comma(given.index) if given.index is not None else ""
    choice = criterion.choice(given.choice)
    return choice.label if choice else ""


def explain(result: Result, code: str) -> Trace:
    """Return the trace of a node or criterion; raise KeyError for a code that is neither."""
    criterion = result.worksheet.criteria.get(code)
    if criterion is not None:
        return _explain_criterion(result, criterion)
    return _explain_node(result, result.worksheet.nodes[code])


def explain_total(result: Result) -> Trace:
    """Return the trace of the whole worksheet's total."""
    roots = result.worksheet.roots
    parts = tuple(_node_part(result, root) for root in roots)
    steps = (_sum_step([result.nodes[r.code].score for r in roots], result.total),)
    return Trace(
        "", "Nilai total", "total", comma(sum((r.weight for r in roots), Decimal(0))),
        str(exact(result.total)), str(exact(result.provisional_total)),
        comma(result.total), comma(result.provisional_total),
        parts, steps, result.worksheet.legal_basis,
    )  # fmt: skip


def _explain_criterion(result: Result, criterion: Criterion) -> Trace:
    value = result.values[criterion.code]
    given = result.given.get(criterion.code, NOTHING)
    steps = list(value_steps(criterion, given, value))
    points = provisional = value.value or ZERO
    weight = ""
    if criterion.weight is not None:
        points = provisional = result.nodes[criterion.code].score
        weight = comma(criterion.weight)
        steps.append(Step(f"Nilai {plain(value.value or ZERO)} × bobot {weight}", comma(points)))
    else:
        node = result.worksheet.nodes[criterion.parent]
        n = len([c for c in node.criteria if c.weight is None])
        share = Fraction(node.weight) * points / n
        steps.append(
            Step(f"Sumbangan ke {node.title}: {plain(points)} ÷ {n} × bobot {comma(node.weight)}", plain(share))
        )
    parts = tuple(
        Part(q.code, q.title, str(n) if n is not None else "belum diisi", "")
        for q, n in zip(criterion.quantities, (*given.counts, *[None] * len(criterion.quantities)), strict=False)
    )
    return Trace(
        criterion.code, criterion.title, "criterion", weight, str(exact(points)), str(exact(provisional)),
        comma(points), comma(provisional), parts, tuple(steps), _legal(result, criterion.code),
    )  # fmt: skip


def _legal(result: Result, code: str) -> str:
    return f"{result.worksheet.legal_basis}, {code}"


def value_steps(criterion: Criterion, given: Given, value: Value) -> list[Step]:
    """Explain how an answer became a value."""
    number = plain(value.value or ZERO)
    if value.rule == Rule.UNANSWERED:
        return [Step("Belum dijawab: dihitung 0 bila dikirim, tidak ikut rata-rata pada nilai sementara", "0")]
    if value.rule == Rule.CHOICE:
        choice = criterion.choice(given.choice)
        assert choice is not None  # noqa: S101  the rule says so
        return [Step(f"Jawaban {choice.label}: {choice.text}", number)]
    if value.rule == Rule.INDEX and given.index is not None:
        return [Step(f"Indeks survei {comma(given.index)} ÷ 4", number)]
    return _ratio_steps(criterion, given, value)


def _ratio_steps(criterion: Criterion, given: Given, value: Value) -> list[Step]:
    assert criterion.formula is not None  # noqa: S101
    counts = {n: str(c) for n, c in enumerate(given.counts, start=1)}
    top, bottom = criterion.formula.render(lambda n: counts[n])
    bottom = f"({bottom})" if "+" in bottom or "-" in bottom else bottom
    top = f"({top})" if "+" in top or "-" in top else top
    line = f"{criterion.formula.text}: {top} ÷ {bottom}"
    number = plain(value.value or ZERO)
    if value.rule == Rule.RATIO:
        return [Step(line, f"{number} ({percent(value.value or ZERO)})")]
    if value.raw is not None:
        limit = "Rasio di atas 100% dihitung 100%" if value.rule == Rule.CLIPPED_HIGH else "Rasio di bawah 0 dihitung 0"
        return [Step(line, f"{plain(value.raw)} ({percent(value.raw)})"), Step(limit, number)]
    reasons = {
        Rule.ZERO_FULL: "Tidak ada pelanggaran pada kedua tahun: dihitung 100%",
        Rule.ZERO_NONE: "Tahun sebelumnya nihil tetapi tahun ini ada: dihitung 0",
        Rule.ZERO_UNDECIDED: f"{ZERO_UNDECIDED_TEXT}; sementara itu dihitung 0",
        Rule.RATIO_SET: f"Penyebut nol; rasio ditetapkan TPI dengan alasan: {given.reason}",
    }
    return [Step(line, "tidak terdefinisi"), Step(reasons[value.rule], number)]


def _node_part(result: Result, node: Node) -> Part:
    scored = result.nodes[node.code]
    return Part(node.code, node.name, f"{scored.answered} dari {scored.total} terjawab", comma(scored.score))


def _explain_node(result: Result, node: Node) -> Trace:
    scored = result.nodes[node.code]
    parts = [_node_part(result, child) for child in node.children]
    parts += [_criterion_part(result, c) for c in node.criteria]
    plain_values = [result.values[c.code] for c in node.criteria if c.weight is None]
    if plain_values:
        steps = _average_steps(node, plain_values, scored.score, scored.provisional)
    else:
        codes = [*(c.code for c in node.children), *(c.code for c in node.criteria)]
        steps = [_sum_step([result.nodes[code].score for code in codes], scored.score)]
    return Trace(
        node.code, node.name, node.level, comma(node.weight),
        str(exact(scored.score)), str(exact(scored.provisional)),
        comma(scored.score), comma(scored.provisional),
        tuple(parts), tuple(steps), _legal(result, node.code),
    )  # fmt: skip


def _criterion_part(result: Result, criterion: Criterion) -> Part:
    given = result.given.get(criterion.code, NOTHING)
    value = result.values[criterion.code]
    amount = "0 (belum dijawab)" if value.value is None else plain(value.value)
    if criterion.weight is not None:
        amount = comma(result.nodes[criterion.code].score)
    return Part(criterion.code, criterion.title, answer_text(criterion, given), amount)


def _average_steps(node: Node, values: list[Value], points: Fraction, provisional: Fraction) -> list[Step]:
    answered = [v.value for v in values if v.value is not None]
    n, total = len(values), sum(answered, ZERO)
    terms = " + ".join(plain(v) for v in answered) or "0"
    steps = [
        Step(f"Rata-rata seluruh {n} kriteria: ({terms}) ÷ {n}", plain(total / n)),
        Step(f"Bila dikirim: {plain(total / n)} × bobot {comma(node.weight)}", comma(points)),
    ]
    if answered and len(answered) < n:
        mean = total / len(answered)
        steps.append(
            Step(f"Rata-rata {len(answered)} kriteria yang terjawab: ({terms}) ÷ {len(answered)}", plain(mean))
        )
        steps.append(Step(f"Sementara: {plain(mean)} × bobot {comma(node.weight)}", comma(provisional)))
    return steps


def _sum_step(terms: list[Fraction], total: Fraction) -> Step:
    return Step("Jumlah bagian-bagiannya: " + " + ".join(comma(t) for t in terms), comma(total))
